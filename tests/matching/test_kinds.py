"""Kinds of references from real lists and public reports, each checked as a user would check it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import refcheck
from refcheck.model import Report, Severity
from refcheck.sources import LocalRecords
from refcheck.text import dashes

TABLE = tomllib.loads((Path(__file__).parents[2] / "fixtures" / "match" / "kinds.toml").read_text(encoding="utf-8"))


def report_on(case: dict[str, Any]) -> Report:
    record = {**TABLE["record"], **case.get("record", {})}
    return refcheck.check([case["entry"]], sources=[LocalRecords([record])])


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['kind']}: {case['entry'][-60:]}")
def test_kinds(case: dict[str, Any]) -> None:
    report = report_on(case)
    loud = {f.code: f.message for f in report.findings if f.severity is not Severity.NOTE}
    (match,) = report.matches
    (reference,) = report.manuscript.references
    if "verdict_not" in case:
        assert match.verdict != case["verdict_not"]
        return
    assert match.verdict == case.get("verdict", "matched")
    if case.get("quiet"):
        assert loud == {}
    assert set(case.get("loud", ())) <= set(loud)
    assert not set(case.get("silent", ())) & set(loud)
    read = {name: dashes(getattr(reference, name)) for name in case.get("fields", {})}
    assert read == case.get("fields", {})
