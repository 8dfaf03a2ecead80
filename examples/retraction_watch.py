#!/usr/bin/env python3
"""Watch a library for retractions: ask for the standing of every entry, and tell only what is new since last time.

    python examples/retraction_watch.py library.bib --state library.seen.json --mailto you@example.org

Meant for a weekly job: exits with 1 when something new was found, with 2 when a source did not answer.
"""

import argparse
import json
import sys
from pathlib import Path

import refcheck
from refcheck.sources import Crossref, LocalRecords

# Retracted, expression of concern, corrected.
WATCHED = {"REF401", "REF402", "REF403"}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("library", type=Path, help="BibTeX, RIS, or any other list that refcheck reads")
parser.add_argument("--state", type=Path, help="what was told before (default: beside the library)")
parser.add_argument("--records", type=Path, help="a JSONL file of Crossref records")
parser.add_argument("--mailto", help="your address, for Crossref's faster polite pool")
options = parser.parse_args()

state = options.state or options.library.with_suffix(".seen.json")
seen = set(json.loads(state.read_text(encoding="utf-8"))) if state.exists() else set()
source = LocalRecords(options.records) if options.records else Crossref(mailto=options.mailto)
try:
    report = refcheck.check(options.library, sources=[source])
except refcheck.RefcheckError as problem:
    sys.exit(str(problem))

places = [(match.reference.span, match.reference) for match in report.matches]
news = []
for finding in report.findings:
    if finding.code not in WATCHED or finding.span is None:
        continue
    entry = next((r for span, r in places if span.start <= finding.span.start and finding.span.end <= span.end), None)
    name = (entry.key or entry.doi or f"entry {entry.number}") if entry else "an entry"
    if (told := f"{name} {finding.code} {finding.evidence}") not in seen:
        seen.add(told)
        news.append(f"{name}: {finding.message} {finding.evidence}")

for line in news:
    print(line)
state.write_text(json.dumps(sorted(seen), indent=1), encoding="utf-8")
unanswered = sum(bool(match.unavailable) for match in report.matches)
if unanswered:
    print(f"{unanswered} entries could not be looked up", file=sys.stderr)
sys.exit(1 if news else 2 if unanswered else 0)
