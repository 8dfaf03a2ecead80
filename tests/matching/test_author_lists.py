"""All authors compared: a table of lists, and what is told and corrected of each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import refcheck
from refcheck.matching.given_names import given_agree
from refcheck.model import Agreement, Name, Report, Severity
from refcheck.renderers.editing.corrections import corrections
from refcheck.sources import LocalRecords

FIXTURES = Path(__file__).parents[2] / "fixtures"
TABLE = tomllib.loads((FIXTURES / "match" / "authors.toml").read_text(encoding="utf-8"))
REST = "Moss on grey stones in northern rivers. J Moss Sci. 2014;3(2):115-129."


def person(name: str) -> dict[str, str]:
    family, _, given = name.partition(", ")
    return {"family": family, "given": given} if given else {"family": family}


def report_on(case: dict[str, Any]) -> Report:
    """The report on one entry, checked as a user would check it."""
    record = {
        "DOI": "10.5555/moss.1",
        "type": "journal-article",
        "title": ["Moss on grey stones in northern rivers"],
        "container-title": ["Journal of Moss Science"],
        "short-container-title": ["J Moss Sci"],
        "author": [person(n) for n in case.get("recorded", TABLE["recorded"])],
        "issued": {"date-parts": [[2014]]},
        "volume": "3",
        "issue": "2",
        "page": "115-129",
    }
    return refcheck.check([f"{case['printed']} {REST}"], sources=[LocalRecords([record])])


def authors_of(report: Report) -> Agreement:
    (match,) = report.matches
    assert match.work is not None
    return next(a for a in match.agreements if a.field == "authors")


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["why"])
def test_each_place_is_told_once(case: dict[str, Any]) -> None:
    report = report_on(case)
    assert [f"{d.place} {d.kind}" for d in authors_of(report).details] == case["told"]
    found = [f.severity for f in report.findings if f.code == "REF302"]
    assert found == ([Severity.NOTE if case.get("note") else Severity.WARNING] if case["told"] else [])


@pytest.mark.parametrize("case", [c for c in TABLE["cases"] if "corrected" in c], ids=lambda case: case["why"])
def test_the_list_is_corrected(case: dict[str, Any]) -> None:
    report = report_on(case)
    made, _ = corrections(report)
    text = report.manuscript.text
    for c in reversed(made):
        text = text[: c.span.start] + c.corrected + text[c.span.end :]
    assert text == f"{case['corrected']} {REST}"


def test_a_message_names_every_difference_with_its_place() -> None:
    report = report_on({"printed": "Lind AM, Novax P, Dal Prà I, Elliot JR."})
    (finding,) = [f for f in report.findings if f.code == "REF302"]
    assert "place 2: “Novax P” for “Novak Petr”" in finding.message
    assert "place 5: “Xu Xiao-Ming” is not printed" in finding.message


@given(
    st.lists(st.sampled_from(["Anna", "Maria", "Jean-Pierre", "Xiao-Ming", "Yuri", "K."]), min_size=1, max_size=3),
    st.integers(1, 3),
)
def test_initials_of_a_name_agree_with_it(names: list[str], kept: int) -> None:
    recorded = Name(family="Lind", given=" ".join(names))
    letters = [part[0] for name in names for part in name.split("-")]
    assert given_agree(Name(family="Lind", given="".join(letters[:kept])), recorded)
    assert given_agree(Name(family="Lind", given=" ".join(f"{x}." for x in letters[:kept])), recorded)
    assert not given_agree(Name(family="Lind", given="Q"), recorded)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_given_names_are_compared(a: str, b: str) -> None:
    assert given_agree(Name(family="x", given=a), Name(family="x", given=a))
    given_agree(Name(family="x", given=a), Name(family="x", given=b))
