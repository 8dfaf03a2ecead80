#!/usr/bin/env python3
"""Time what a user waits for: start-up, reading, checking, and building an index, in one table.

    python benchmarks/speed.py REFS.jsonl RECORDS.jsonl.gz [--runs 3]

Each command runs as a process of its own, as a user starts it; the table has the best and the worst of the runs.
Compare two versions in one sitting and as ratios: the seconds are those of one machine. What the files hold:
benchmarks/README.md. Prints a table, and one JSON line last.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md"
SNAPSHOT = ROOT / "fixtures" / "records" / "exosome-therapy.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("references", type=Path)
    parser.add_argument("records", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    references = sum(1 for line in arguments.references.open(encoding="utf-8") if line.strip())
    table = {}
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        jobs = {
            "start-up": ["--help"],
            "check the seed": ["check", SEED, "--records", SNAPSHOT],
            "parse": ["parse", arguments.references, "--format", "jsonl"],
            "batch": ["batch", arguments.references, "--records", arguments.records],
            "index": [],
        }
        for name, job in jobs.items():
            seconds = []
            for run in range(arguments.runs):
                if name == "index":
                    job = ["index", "build", "--out", f"{index}-{run}", arguments.records]
                began = time.perf_counter()
                done = subprocess.run(
                    [sys.executable, "-m", "refcheck", *map(str, job)], capture_output=True, text=True, check=False
                )
                seconds.append(time.perf_counter() - began)
                if done.returncode not in {0, 1} and name != "batch":  # batch says 2 where a line could not be checked
                    sys.exit(f"{name} failed: {done.stderr.strip()}")
            table[name] = (min(seconds), max(seconds))
    print(f"{'':16}{'best s':>9}{'worst s':>9}{'references/s':>14}")
    for name, (best, worst) in table.items():
        rate = f"{references / best:14.0f}" if name in {"parse", "batch"} else ""
        print(f"{name:16}{best:9.2f}{worst:9.2f}{rate}")
    print(json.dumps({"references": references, **{name: [round(s, 3) for s in pair] for name, pair in table.items()}}))


if __name__ == "__main__":
    main()
