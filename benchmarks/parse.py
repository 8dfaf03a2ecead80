"""How well, and how fast, entries are read into fields.

    python benchmarks/parse.py DATA_FOLDER [--errors FIELD]

DATA_FOLDER/parsing holds sets of references with known fields (`dev_*.jsonl.gz`, one JSON object a line: `id`,
`reference`, `fields`, and `annotated`, the fields whose truth is known). What counts as right: see `field_scores.py`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path
from typing import Any

from field_scores import FIELDS, scored

from refcheck.parsing.fields.entry import parse_entry


def score(path: Path, wanted: str | None) -> dict[str, Any]:
    """The figures of one set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    began = time.process_time()
    read = [parse_entry(row["reference"]) for row in rows]
    seconds = time.process_time() - began
    scores = scored(zip(rows, read, strict=True))
    for entry, name, known, found in scores.misread:
        if name == wanted:
            print(f"{entry}\n  known: {known}\n  read:  {found}")
    return {
        "references": len(rows),
        **scores.figures(),
        "references_per_cpu_second": round(len(rows) / seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--errors", metavar="FIELD", choices=FIELDS, help="print what was misread of this field")
    args = parser.parse_args()
    parse_entry("Lee J. Wound care. Lancet. 2020;5(4):11-19.")  # the model is loaded before the clock starts
    figures = {}
    print(f"{'set':14} {'refs':>6} {'instance':>9} {'CHECK6':>7} {'refs/CPU-s':>11}  F1 by field")
    for path in sorted((args.data / "parsing").glob("dev_*.jsonl.gz")):
        name = path.name.split(".")[0]
        figures[name] = made = score(path, args.errors)
        by_field = " ".join(f"{field} {value}" for field, value in made["fields"].items())
        print(
            f"{name:14} {made['references']:6} {made['instance']:9} {made['check6']:7}"
            f" {made['references_per_cpu_second']:11}  {by_field}"
        )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
