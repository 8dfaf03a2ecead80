#!/usr/bin/env python3
"""Every volume that differs from its record, and all findings as a table for pandas. Typed throughout.

    python examples/typed_script.py MANUSCRIPT [--records RECORDS.jsonl]

`pandas.DataFrame(rows(report))` makes a table of it. In a program that runs on asyncio, a check goes to a thread:
`report = await asyncio.to_thread(refcheck.check, path, sources=sources)`; sources may be shared between threads.
"""

import argparse
from pathlib import Path

import refcheck
from refcheck.sources import LocalRecords, Source, default_sources


def rows(report: refcheck.Report) -> list[dict[str, str | int | None]]:
    """One row a finding."""
    return [
        {"number": f.number, "code": f.code, "field": f.field, "printed": f.printed, "recorded": f.recorded}
        for f in report.findings
    ]


def volumes(report: refcheck.Report) -> list[str]:
    """What to ask the author."""
    return [
        f"{m.reference.label} volume: {d.printed} printed, {d.recorded} recorded"
        for m in report.matches
        for d in m.differences
        if d.field == "volume"
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manuscript", type=Path)
    parser.add_argument("--records", type=Path)
    given = parser.parse_args()
    sources: list[Source] = [LocalRecords(given.records)] if given.records else list(default_sources())
    report = refcheck.check(given.manuscript, sources=sources)
    print(*volumes(report), sep="\n")
    print(len(rows(report)), "findings;", len(refcheck.to_dict(report)["references"]), "references")


if __name__ == "__main__":
    main()
