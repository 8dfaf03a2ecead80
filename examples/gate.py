#!/usr/bin/env python3
"""A gate in a pipeline: let a manuscript pass, or stop it and say why, by the journal's own rules.

    python examples/gate.py manuscript.md --sarif refcheck.sarif --summary "$GITHUB_STEP_SUMMARY"

The rules are those of the nearest refcheck.toml (severities, waivers). Exits with 0 (pass), 1 (stop) or 2 (not all
could be checked: try again later, nothing is known against the manuscript).
"""

import argparse
import sys
from pathlib import Path

import refcheck
from refcheck.office import check_settled
from refcheck.sources import Crossref, LocalRecords
from refcheck.waivers import load_settings

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("manuscript", type=Path)
parser.add_argument("--sarif", type=Path, help="write the findings there, for the lines of a pull request")
parser.add_argument("--summary", type=Path, help="append a summary in Markdown to this file")
parser.add_argument("--records", type=Path, help="a JSONL file of Crossref records")
parser.add_argument("--mailto", help="your address, for Crossref's faster polite pool")
options = parser.parse_args()

source = LocalRecords(options.records) if options.records else Crossref(mailto=options.mailto)
try:
    settings = load_settings(options.manuscript)
    report = check_settled(refcheck.read(options.manuscript), settings, sources=[source])
except refcheck.RefcheckError as problem:
    print(problem, file=sys.stderr)
    sys.exit(2)

if options.sarif:
    options.sarif.write_text(str(refcheck.render(report, "sarif")), encoding="utf-8")
if options.summary:
    with options.summary.open("a", encoding="utf-8") as stream:
        stream.write(str(refcheck.render(report, "markdown")))

stopped = [f for f in report.findings if f.severity is refcheck.Severity.ERROR]
for finding in stopped:
    print(f"{finding.code} {finding.message}")
for waiver, why in report.idle_waivers:
    print(f"a waiver is {why}: {waiver.code or waiver.reference or waiver.doi}", file=sys.stderr)
if any(match.unavailable for match in report.matches):
    sys.exit(2)
sys.exit(1 if stopped else 0)
