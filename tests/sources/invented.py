"""Invented records for the tests of the index."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_WORDS = (
    "wound healing exosome marine plankton alloy fatigue enzyme kinetics glacier retreat optical lattice maize drought "
    "infant sleep copper oxide urban noise spinal cord polymer graphene migration beetle forest fire soil carbon stem "
    "cell honey bee virus vaccine tumour immune bacterial biofilm coral reef asthma diet insulin kidney stone retina"
).split()
_FAMILIES = "Adler Brown Costa Dubois Eriksen Fischer Garcia Haddad Ivanov Jensen Kowalski Lopez Moreau Novak".split()
_JOURNALS = ("Journal of Invented Results", "Annals of Fiction", "Acta Ficta", "Letters in Improbable Physics")


def record(number: int, **changes: Any) -> dict[str, Any]:
    """An invented article; the same one for the same number."""
    rng = random.Random(number)
    year = rng.randint(1980, 2024)
    page = rng.randint(1, 3000)
    return {
        "DOI": f"10.5555/inv.{number}",
        "type": "journal-article",
        "title": [" ".join(rng.sample(_WORDS, 8)).capitalize()],
        "author": [
            {"family": f, "given": "A. B.", "sequence": "additional" if i else "first", "affiliation": []}
            for i, f in enumerate(rng.sample(_FAMILIES, 3))
        ],
        "container-title": [rng.choice(_JOURNALS)],
        "issued": {"date-parts": [[year]]},
        "volume": str(rng.randint(1, 90)),
        "issue": str(rng.randint(1, 12)),
        "page": f"{page}-{page + rng.randint(1, 20)}",
        "indexed": {"timestamp": 1_600_000_000_000 + number},
        "reference": [{"key": "1", "unstructured": "not kept"}],
        **changes,
    }


def printed(r: dict[str, Any]) -> str:
    """The record as a reference in Vancouver style."""
    names = ", ".join(f"{a['family']} AB" for a in r["author"])
    year = r["issued"]["date-parts"][0][0]
    return f"{names}. {r['title'][0]}. {r['container-title'][0]}. {year};{r['volume']}({r['issue']}):{r['page']}."


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    """A JSONL file of the records."""
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path
