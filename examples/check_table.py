#!/usr/bin/env python3
"""Check a column of references in a table: a CSV file here, a pandas or polars data frame in a notebook.

    python examples/check_table.py references.csv --column reference --records records.jsonl > checked.csv

The table keeps its rows and columns and gets five more. `check_column` needs nothing but an iterable of strings:

    frame = frame.assign(**check_column(frame["reference"], sources))            # pandas
    frame = frame.with_columns(**{k: pl.Series(v) for k, v in check_column(frame["reference"], sources).items()})
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from refcheck.pipeline import check_references, read_reference
from refcheck.renderers.data.tables import inert
from refcheck.rules import judge_match
from refcheck.sources import Crossref, LocalRecords, Source


def check_column(references: Iterable[str], sources: Sequence[Source]) -> dict[str, list[str]]:
    """New columns for a table whose rows are references: verdict, DOI, confidence, codes and differences."""
    columns: dict[str, list[str]] = {"verdict": [], "doi": [], "confidence": [], "codes": [], "differences": []}
    for match in check_references((read_reference(str(text)) for text in references), sources):
        findings = judge_match(match)
        values = (
            str(match.verdict),
            match.work.doi if match.work else "",
            f"{match.confidence:.3f}",
            " ".join(f.code for f in findings),
            "; ".join(f"{f.field}: {f.printed} printed, {f.recorded} recorded" for f in findings if f.recorded),
        )
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return columns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--column", default="reference")
    parser.add_argument("--records", type=Path, help="a JSONL file of Crossref records")
    parser.add_argument("--mailto", help="your address, for Crossref's faster polite pool")
    options = parser.parse_args()

    source = LocalRecords(options.records) if options.records else Crossref(mailto=options.mailto)
    with options.table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or options.column not in rows[0]:
        sys.exit(f"{options.table} has no column {options.column!r}")
    columns = check_column((row[options.column] for row in rows), [source])
    writer = csv.DictWriter(sys.stdout, [*rows[0], *columns])
    writer.writeheader()
    for number, row in enumerate(rows):
        # What stands in a record must not become a formula in somebody's spreadsheet.
        writer.writerow(row | {name: inert(values[number]) for name, values in columns.items()})


if __name__ == "__main__":
    main()
