#!/usr/bin/env python3
"""Check a manuscript from a script: what differs, what was not found, and whether it may pass.

    python examples/check_manuscript.py manuscript.docx --mailto editor@example.org
    python examples/check_manuscript.py manuscript.md --records records.jsonl      (no network)

Prints a line for each finding that needs action, and a summary as JSON; exits with 1 if there are errors.
"""

import argparse
import json
import sys
from pathlib import Path

import refcheck
from refcheck.sources import Crossref, LocalRecords

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("manuscript", type=Path)
parser.add_argument("--records", type=Path, help="a JSONL file of Crossref records")
parser.add_argument("--mailto", help="your address, for Crossref's faster polite pool")
options = parser.parse_args()

source = LocalRecords(options.records) if options.records else Crossref(mailto=options.mailto)
try:
    report = refcheck.check(options.manuscript, sources=[source])
except refcheck.RefcheckError as problem:
    sys.exit(str(problem))

for finding in report.findings:
    if finding.severity is refcheck.Severity.NOTE:
        continue
    where = f"reference {finding.number}" if finding.number else "text"
    values = f": {finding.printed} printed, {finding.recorded} recorded" if finding.recorded else f": {finding.message}"
    print(f"{where}: {finding.name}{values}")

summary = {
    "references": len(report.matches),
    "linked": sum(match.work is not None for match in report.matches),
    "errors": report.counts["error"],
    "warnings": report.counts["warning"],
}
print(json.dumps(summary))
sys.exit(1 if report.counts["error"] else 0)
