"""A stand-in of the Crossref REST API on loopback: real HTTP, its headers, limits and errors, and faults on demand.

    with CrossrefStandin(records) as crossref:
        Crossref(base_url=crossref.url, mailto="editor@example.org")

Run it by hand with `python -m tests.standin RECORDS.jsonl[.gz] --port 8000`.
"""

from tests.standin.faults import ALL_FAULTS, LASTING_FAULTS, each, scripted, share
from tests.standin.relevance import Relevance
from tests.standin.server import Asked, CrossrefStandin, read_records

__all__ = [
    "ALL_FAULTS",
    "LASTING_FAULTS",
    "Asked",
    "CrossrefStandin",
    "Relevance",
    "each",
    "read_records",
    "scripted",
    "share",
]
