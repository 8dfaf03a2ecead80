"""REF4 on records as Crossref gives them: fixtures/rules/REF4*.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from refcheck.model import Candidate, Finding, Match, Reference, Severity, Verdict
from refcheck.rules import RULES
from refcheck.sources import record_work

FOLDER = Path(__file__).parents[2] / "fixtures" / "rules"
CASES = {
    code: tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    for code in ("REF401", "REF402", "REF403", "REF404", "REF405")
}


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(code, case, id=f"{code}: {case['why']}") for code, table in CASES.items() for case in table[kind]
    ]


def found(code: str, case: dict[str, Any], verdict: Verdict = Verdict.MATCHED) -> list[Finding]:
    candidate = Candidate(work=record_work(case["record"]), confidence=0.99)
    match = Match(reference=Reference(raw=case["reference"]), verdict=verdict, candidates=(candidate,))
    return list(RULES[code].function(RULES[code], match))


@pytest.mark.parametrize(("code", "case"), cases("flag"))
def test_it_is_said_once_with_date_notice_and_who_says_so(code: str, case: dict[str, Any]) -> None:
    [finding] = found(code, case)
    assert case["message"] in finding.message
    assert finding.severity == Severity(case["severity"])
    assert finding.evidence == case["evidence"]


@pytest.mark.parametrize(("code", "case"), cases("leave"))
def test_nothing_is_said(code: str, case: dict[str, Any]) -> None:
    assert not found(code, case)


@pytest.mark.parametrize("code", CASES)
def test_both_kinds_of_examples_are_there(code: str) -> None:
    assert CASES[code]["flag"]
    assert CASES[code]["leave"]


@pytest.mark.parametrize(("code", "case"), cases("flag"))
def test_nothing_is_said_of_a_record_that_is_not_certain(code: str, case: dict[str, Any]) -> None:
    assert not found(code, case, Verdict.AMBIGUOUS)


@pytest.mark.parametrize(("code", "case"), cases("flag"))
def test_no_other_rule_of_the_family_says_it_again(code: str, case: dict[str, Any]) -> None:
    assert [other for other in CASES if found(other, case)] == [code]
