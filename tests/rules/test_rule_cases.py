"""Every rule has examples it must flag and examples it must leave alone: fixtures/rules/CODE.toml.

A case is judged by the keys it has: `text` is a small manuscript, judged by a manuscript rule. Cases on records
(`record`) are judged by the tests of their families.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from refcheck.model import Finding
from refcheck.parsing import read_text
from refcheck.rules import RULES

FOLDER = Path(__file__).parents[2] / "fixtures" / "rules"
TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("REF*.toml"))}
FLAGGED, CLEAN = ("flagged", "flag"), ("clean", "leave")


def cases(kinds: Sequence[str]) -> list[Any]:
    return [
        pytest.param(code, case, id=f"{code}: {case['why']}")
        for code, table in TABLES.items()
        for kind in kinds
        for case in table.get(kind, [])
        if "text" in case
    ]


def findings(code: str, case: dict[str, Any]) -> list[Finding]:
    rule = RULES[code]
    return list(rule.function(rule, read_text(case["text"], name=code), ()))


@pytest.mark.parametrize(("code", "case"), cases(FLAGGED))
def test_flagged(code: str, case: dict[str, Any]) -> None:
    found = findings(code, case)
    assert [f.number or 0 for f in found] == case["numbers"]
    assert all(f.message and f.span for f in found)
    if "severity" in case:
        assert {f.severity.value for f in found} == {case["severity"]}
    if "message" in case:
        assert case["message"] in found[0].message


@pytest.mark.parametrize(("code", "case"), cases(CLEAN))
def test_left_alone(code: str, case: dict[str, Any]) -> None:
    assert findings(code, case) == []


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_without_both_kinds_of_examples_is_refused(code: str) -> None:
    table = TABLES.get(code, {})
    for kinds in (FLAGGED, CLEAN):
        found = [case for kind in kinds for case in table.get(kind, [])]
        assert found, f"fixtures/rules/{code}.toml has no {kinds[0]} example"
        assert all(case.get("why") for case in found)


def test_no_example_of_one_list_rule_is_an_alarm_of_another() -> None:
    """What is left alone by the rule it was written for is left alone by all errors of the family."""
    for code, case in ((p.values[0], p.values[1]) for p in cases(CLEAN)):
        manuscript = read_text(case["text"], name=code)
        for rule in RULES.values():
            if rule.code.startswith("REF1"):
                alarms = [f for f in rule.function(rule, manuscript, ()) if f.severity.value == "error"]
                assert alarms == [], f"{code}: {case['why']}"
