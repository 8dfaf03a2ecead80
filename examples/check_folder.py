#!/usr/bin/env python3
"""Check every manuscript of a folder: a report, the author queries and a marked-up Word file for each, and an index.

    python examples/check_folder.py submissions/ reports/ --mailto editor@example.org
    python examples/check_folder.py submissions/ reports/ --records records.jsonl      (no network)

A file that cannot be read is named in the index and does not stop the others. A `refcheck.toml` in the folder, or
above it, holds the journal's profile and what was decided to leave.
"""

import argparse
import sys
from pathlib import Path

from refcheck import RefcheckError
from refcheck.office import check_folder
from refcheck.sources import Crossref, LocalRecords

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder", type=Path)
parser.add_argument("out", type=Path)
parser.add_argument("--records", type=Path, help="a JSONL file of Crossref records")
parser.add_argument("--mailto", help="your address, for Crossref's faster polite pool")
options = parser.parse_args()

source = LocalRecords(options.records) if options.records else Crossref(mailto=options.mailto)
try:
    outcomes = check_folder(
        options.folder,
        options.out,
        sources=[source],
        formats=("queries", "csv"),
        tell=lambda path, number, total: print(f"{number + 1} of {total}: {path.name}", file=sys.stderr),
    )
except RefcheckError as problem:
    sys.exit(str(problem))

for outcome in outcomes:
    if outcome.report is None:
        print(f"{outcome.path.name}: {outcome.problem}")
    else:
        counts = outcome.report.counts
        print(f"{outcome.path.name}: {counts['error']} errors, {counts['warning']} warnings")
print(options.out / "index.html")
