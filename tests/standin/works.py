"""Invented records, with everything in them that real ones do to a reader. The prefix 10.5555 is Crossref's for tests.

Among them: a clone that outranks the true record, a correction, a component, a second part, a retracted work and its
notice, a preprint and its published version, a book and its chapter, markup and entities, authors without a name or
out of order, and DOIs of the old kind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.standin.server import read_records

TIDAL = "Tidal mixing in sheltered fjords"
WORKS = tuple(read_records([Path(__file__).parents[2] / "fixtures" / "records" / "invented.jsonl"]))


def _study(number: int) -> dict[str, Any]:
    noun = ("fern", "moth", "reef", "comet", "glacier", "lathe")[number % 6]
    return {
        "DOI": f"10.5555/series.{number}",
        "type": "journal-article",
        "title": [f"Study number {number} of the behaviour of invented {noun}s"],
        "author": [{"given": "Rae", "family": "Sims", "sequence": "first", "affiliation": []}],
        "container-title": ["Serial Studies"],
        "issued": {"date-parts": [[1990 + number % 30]]},
        "volume": str(number),
        "page": f"{number}-{number + 5}",
        "publisher": "Society of Invented Studies",
    }


#: More records of the same sort, for batches: 10.5555/series.1 to .120.
SERIES = tuple(map(_study, range(1, 121)))
ALIASES = {"10.5555/old.tidal": "10.5555/tidal.2019"}
AGENCIES = {"10.48550/arxiv.2401.00001": "DataCite", "10.5281/zenodo.1": "DataCite", "10.5555/soon": "Crossref"}
