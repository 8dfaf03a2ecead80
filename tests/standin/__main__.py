"""Serve the records of JSONL files as Crossref would, until interrupted."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from tests.standin import CrossrefStandin, read_records, share


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("records", nargs="+", type=Path, help="JSONL files of Crossref records, gzipped or not")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--enforce", action="store_true", help="refuse what is over the limits")
    parser.add_argument("--faults", type=float, default=0.0, metavar="SHARE", help="share of answers that fail, 0 to 1")
    parser.add_argument("--delay", type=float, default=0.0, metavar="SECONDS", help="how long an answer takes")
    options = parser.parse_args()
    standin = CrossrefStandin(
        list(read_records(options.records)),
        enforce=options.enforce,
        delay=options.delay,
        plan=share(options.faults),
        port=options.port,
    )
    with standin:
        print(f"{len(standin.records)} records at {standin.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
