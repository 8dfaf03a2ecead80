"""What an editor must not be bothered with, what is worth a note, and what is a difference: a table of cases."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from refcheck.identifiers import normalise_doi
from refcheck.matching import Entry
from refcheck.matching.comparison import compare, doi_agreement
from refcheck.matching.people import same_name
from refcheck.model import Agreement, Level, Name, Reference, Work
from refcheck.sources.record import record_work

from .printing import printed

CASES = json.loads((Path(__file__).parents[2] / "fixtures" / "tolerances" / "cases.json").read_text("utf-8"))
FIELDS = {"journal": "container", "author": "authors"}
RECORD: dict[str, Any] = {
    "DOI": "10.5555/12345678",
    "type": "journal-article",
    "title": ["Insights into optimizing exosome therapies for acute skin wound healing"],
    "container-title": ["Biomaterials Research"],
    "author": [
        {"family": "Sun", "given": "Ting"},
        {"family": "Li", "given": "Mei"},
        {"family": "Liu", "given": "Qi"},
        *({"family": f, "given": "A"} for f in ("Yu", "Cheng", "Ma", "Murphy", "McNutt", "Zhang")),
    ],
    "issued": {"date-parts": [[2011]]},
    "volume": "7",
    "issue": "2",
    "page": "258-284",
}


def names(text: str) -> tuple[Name, ...]:
    """Names as the cases write them: "Sun T", "Mussgnug, Anna Maria", "Prà ID"."""
    out = []
    for part in re.split(r"(?<=[A-Z]),\s(?=[A-Z][a-z])", text) if re.search(r"[A-Z],\s[A-Z][a-z]", text) else [text]:
        if "," in part:
            family, given = part.split(",", 1)
        elif " " in part and part.split()[-1].isupper() and len(part.split()[-1]) <= 3:
            family, given = part.rsplit(" ", 1)
        elif " " in part and not part.isupper():
            given, family = part.rsplit(" ", 1)
        else:
            family, given = part, ""
        out.append(Name(family=family.strip(), given=given.strip()))
    return tuple(out)


def people(text: str) -> list[dict[str, str]]:
    """Recorded authors of a case: "Ting Sun", "Sun T, Li M", "World Health Organization"."""
    if text == "World Health Organization":
        return [{"name": text}]
    particles = r"(?:Dal|de|van|von)"
    out = []
    for part in re.split(r",\s(?=[A-Z][a-z]+ [A-Z]\b)", text):
        if (m := re.fullmatch(r"(\w+) ([A-Z])", part)) or (m := re.fullmatch(r"(\w+), (.+)", part)):
            out.append({"family": m[1], "given": m[2]})
        elif m := re.fullmatch(rf"(.+?) ({particles} .+)", part):
            out.append({"family": m[2], "given": m[1]})
        else:
            given, family = part.rsplit(" ", 1)
            out.append({"family": family, "given": given})
    return out


def record(field: str, text: str) -> Work:
    """The record that a case describes in words."""
    message = dict(RECORD)
    if field == "pages":
        if text.startswith("article-number"):
            message.pop("page")
            message["article-number"] = text.split()[-1]
        else:
            message["page"] = text
    elif field == "volume":
        m = re.fullmatch(r"(\d+|\(none\))(?: \(?issue (\w+)\)?)?", text)
        assert m
        message["volume"] = "" if m[1] == "(none)" else m[1]
        message["issue"] = m[2] or ""
    elif field == "issue":
        message["issue"] = text
    elif field == "year":
        for kind, date in re.findall(r"(online|print) ([\d-]+)", text):
            message[f"published-{kind}"] = {"date-parts": [[int(x) for x in date.split("-")]]}
        years = re.findall(r"\d{4}", text)
        message["issued"] = {"date-parts": [[int(years[0])]]}
    elif field == "title":
        if text.startswith("title="):
            title, subtitle = re.fullmatch(r"title=(.*); subtitle=(.*)", text).groups()  # type: ignore[union-attr]
            message |= {"title": [title], "subtitle": [subtitle]}
        else:
            message["title"] = [text]
    elif field == "journal":
        message["container-title"] = text.split(" | ")
    elif field == "author" and text != "9 authors":
        message["author"] = people(text)
    elif field == "doi":
        message["DOI"] = text
    return record_work(message)


def entry(field: str, text: str, work: Work) -> Reference:
    if field == "doi":
        doi = normalise_doi(text)
        return printed(doi=doi)
    if field == "volume" and (m := re.fullmatch(r"(\d+)\((.+)\)", text)):
        return printed(volume=m[1], issue=m[2])
    if field == "volume":
        return printed(volume=text, issue="", year="2011" if text != "2019" else "2019")
    if field == "year":
        return printed(year=text[:4])
    if field == "author":
        text = re.sub(r"(?:, | )et\.? al\.?$", "", text)
        return printed(authors=names(text), et_al=True)
    return printed(**{FIELDS.get(field, field): text})


def found(case: dict[str, str]) -> Agreement | None:
    field = FIELDS.get(case["field"], case["field"])
    work = record(case["field"], case["record"])
    if case["id"] == "vol_year_as_volume":
        work = record_work({**RECORD, "volume": "", "issued": {"date-parts": [[2019]]}})
    reference = Entry(entry(case["field"], case["cited"], work))
    if field == "doi":
        return doi_agreement(reference, work)
    agreements = [a for a in compare(reference, work).agreements if a.field == field]
    return max(agreements, key=lambda a: list(Level).index(a.level), default=None)


#: Cases that another rule answers for: nothing is printed that could agree or differ.
ELSEWHERE = {
    "pages_missing": "REF109 incomplete-reference",
    "doi_absent": "REF204 missing-doi",
    "doi_10_5555": "REF202 unknown-doi",
    "doi_missing_10": "REF207 malformed-doi",
}


@pytest.mark.parametrize("case", [c for c in CASES if c["id"] not in ELSEWHERE], ids=lambda c: c["id"])
def test_tolerance(case: dict[str, str]) -> None:
    agreement = found(case)
    level = agreement.level if agreement else Level.SAME
    if case["verdict"] == "differ":
        assert level is Level.DIFFERS
    elif case["verdict"] == "note":
        assert level in (Level.NOTE, Level.FORMATTING)
    else:
        assert level in (Level.SAME, Level.FORMATTING), agreement


def test_nothing_is_said_of_a_field_that_is_not_printed() -> None:
    work = record_work(RECORD)
    for field in ("pages", "issue", "volume", "doi"):
        reference = Entry(printed(**{field: ""}))
        assert [a for a in compare(reference, work).agreements if a.field == field] == []


def test_names_agree_in_either_order() -> None:
    assert same_name(Name(family="Xing", given="Chen"), Name(family="Chen", given="Xing"))
