"""Golden renderings of one report; `make accept` takes the current ones, and the diff is read before committing."""

import os
from pathlib import Path

import pytest

from refcheck.model import Report
from refcheck.renderers import RENDERERS

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden"
SUFFIXES = {
    "html": "html", "markdown": "md", "queries": "queries.txt", "corrected": "corrected.txt", "diff": "diff",
    "csv": "csv", "sarif": "sarif", "junit": "junit.xml", "bibtex": "bib", "csl-json": "csl.json", "ris": "ris",
}  # fmt: skip


@pytest.mark.parametrize("name", SUFFIXES)
def test_golden(name: str, report: Report) -> None:
    written = RENDERERS[name](report)
    assert isinstance(written, str)
    path = GOLDEN / f"skin.{SUFFIXES[name]}"
    if os.environ.get("REFCHECK_ACCEPT"):
        path.write_bytes(written.encode())
    assert written.encode() == path.read_bytes()
