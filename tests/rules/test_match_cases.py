"""The rules on identity, fields and limits: every case of their tables, checked as a user would check it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import refcheck
from refcheck.errors import SourceUnavailable
from refcheck.model import Enquiry, Finding, Identified, Query, Reference, Work
from refcheck.sources import LocalRecords

FOLDER = Path(__file__).parents[2] / "fixtures" / "rules"
TABLES = {p.stem: tomllib.loads(p.read_text("utf-8")) for p in sorted(FOLDER.glob("REF[239]*.toml"))}


class Outage:
    """A source that cannot answer."""

    name = "crossref"
    concurrency = 1

    def identify(self, references: Sequence[Reference]) -> Identified:
        raise SourceUnavailable(self.name, "no answer within 30 seconds")

    def search(self, query: Query) -> Sequence[Work]:
        raise SourceUnavailable(self.name, "no answer within 30 seconds")

    def enquiry(self) -> Enquiry:
        return Enquiry(source=self.name, requests=1, failed=1)


@cache
def records() -> LocalRecords:
    return LocalRecords(tomllib.loads((FOLDER / "records.toml").read_text("utf-8"))["records"])


def findings(code: str, case: dict[str, Any]) -> list[Finding]:
    source = Outage() if case.get("outage") else records()
    report = refcheck.check([case["reference"]], sources=[source])
    return [f for f in report.findings if f.code == code]


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(code, case, id=f"{code}: {case['why']}")
        for code, table in TABLES.items()
        for case in table.get(kind, [])
        if "reference" in case
    ]


@pytest.mark.parametrize(("code", "case"), cases("flagged"))
def test_flagged_once(code: str, case: dict[str, Any]) -> None:
    found = findings(code, case)
    assert len(found) == 1
    assert found[0].number == 1
    assert found[0].severity.value == case["severity"]
    assert found[0].message
    for name in ("printed", "recorded"):
        if name in case:
            assert getattr(found[0], name) == case[name]
    if found[0].printed and found[0].span and found[0].field != "doi":
        assert case["reference"][slice(*found[0].span)].split()[0] in found[0].printed


@pytest.mark.parametrize(("code", "case"), cases("clean"))
def test_left_alone(code: str, case: dict[str, Any]) -> None:
    assert findings(code, case) == []


@pytest.mark.parametrize(("code", "case"), [p for p in cases("flagged") if p.values[0].startswith("REF3")])
def test_a_planted_difference_is_the_only_alarm(code: str, case: dict[str, Any]) -> None:
    report = refcheck.check([case["reference"]], sources=[records()])
    assert {f.code for f in report.findings if f.severity.value != "note"} <= {code}
