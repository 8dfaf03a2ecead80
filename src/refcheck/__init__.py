"""Check the references of a manuscript against Crossref.

import refcheck
from refcheck.sources import Crossref
report = refcheck.check("manuscript.docx", sources=[Crossref(mailto="editor@example.org")])
for f in report.findings:
    print(f.number, f.code, f.message)
"""

from refcheck.errors import RefcheckError
from refcheck.model import Finding, Manuscript, Match, Reference, Report, Severity, Work
from refcheck.pipeline import check, parse, read, render, to_dict

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "Manuscript",
    "Match",
    "RefcheckError",
    "Reference",
    "Report",
    "Severity",
    "Work",
    "check",
    "parse",
    "read",
    "render",
    "to_dict",
]
