"""Which of several works that look alike is meant: none is better than the wrong one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import refcheck
from refcheck.model import Verdict
from refcheck.sources import LocalRecords

PATH = Path(__file__).parents[2] / "fixtures" / "match" / "lookalikes.toml"
CASES = tomllib.loads(PATH.read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_the_work_meant_or_none(case: dict[str, Any]) -> None:
    (match,) = refcheck.check([case["reference"]], sources=[LocalRecords(case["records"])]).matches
    if case["meant"]:
        assert match.verdict is Verdict.MATCHED, match.reason
        assert match.work is not None
        assert match.work.doi == case["meant"]
    else:
        assert match.verdict in (Verdict.ABSENT, Verdict.AMBIGUOUS)
        assert match.candidates == () or match.candidates[0].against or match.reason


@pytest.mark.parametrize("case", [c for c in CASES if c["meant"]], ids=lambda c: c["why"])
def test_the_order_of_the_records_does_not_matter(case: dict[str, Any]) -> None:
    backwards = LocalRecords(list(reversed(case["records"])))
    (match,) = refcheck.check([case["reference"]], sources=[backwards]).matches
    assert match.work is not None
    assert match.work.doi == case["meant"]
