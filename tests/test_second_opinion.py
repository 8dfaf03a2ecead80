"""Where two sources disagree about a record, the report says so, and nothing is said against the author."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import refcheck
from refcheck.errors import SourceUnavailable
from refcheck.model import Enquiry, Identified, Query, Reference, Report, Severity, Work
from refcheck.sources import LocalRecords
from refcheck.sources.record import record_work

ENTRY = "Haddad L, Nowak J. Seasonal burns in mountain villages and their treatment. Burns Trauma. 2016;52(6):1199-205."
RECORD: dict[str, Any] = {
    "DOI": "10.5555/burns.1",
    "type": "journal-article",
    "title": ["Seasonal burns in mountain villages and their treatment"],
    "container-title": ["Burns & Trauma"],
    "author": [{"family": "Haddad", "given": "Leila"}, {"family": "Nowak", "given": "Jan"}],
    "issued": {"date-parts": [[2016]]},
    "volume": "52",
    "issue": "6",
    "page": "1199-1205",
}


class Authority:
    """A second source with one record, which counts what it is asked."""

    name = "pubmed"
    concurrency = 1
    authority = True

    def __init__(self, record: dict[str, Any] | None) -> None:
        self.record = record
        self.asked: list[Query] = []

    def identify(self, references: Sequence[Reference]) -> Identified:
        return Identified()

    def search(self, query: Query) -> Sequence[Work]:
        self.asked.append(query)
        if self.record is None:
            raise SourceUnavailable(self.name, "no answer")
        return [record_work(self.record, "pubmed")]

    def enquiry(self) -> Enquiry:
        return Enquiry(source=self.name, requests=len(self.asked))


def report(first: dict[str, Any], second: Authority) -> Report:
    return refcheck.check([ENTRY], sources=[LocalRecords([first], name="crossref"), second])


def test_a_field_that_the_authority_has_as_printed_is_a_note() -> None:
    found = report({**RECORD, "volume": "25"}, Authority(RECORD))
    (volume,) = [f for f in found.findings if f.field == "volume"]
    assert volume.severity is Severity.NOTE
    assert "pubmed has it as printed" in volume.message
    assert found.matches[0].disagreement == "volume: crossref “25”, pubmed as printed, “52”"


def test_an_author_whom_the_authority_has_is_a_note() -> None:
    found = report({**RECORD, "author": [*RECORD["author"], {"family": "Bauer", "given": "Tom"}]}, Authority(RECORD))
    (authors,) = [f for f in found.findings if f.field == "authors"]
    assert authors.severity is Severity.NOTE
    assert "pubmed has it as printed" in authors.message


def test_a_field_that_both_record_otherwise_stays_an_error() -> None:
    record = {**RECORD, "volume": "25"}
    found = report(record, Authority(record))
    assert [f.severity for f in found.findings if f.field == "volume"] == [Severity.ERROR]
    assert found.matches[0].disagreement == ""


def test_another_work_is_no_second_opinion() -> None:
    found = report({**RECORD, "volume": "25"}, Authority({**RECORD, "DOI": "10.5555/other"}))
    assert [f.severity for f in found.findings if f.field == "volume"] == [Severity.ERROR]


def test_an_authority_that_cannot_answer_changes_nothing() -> None:
    found = report({**RECORD, "volume": "25"}, Authority(None))
    assert [f.severity for f in found.findings if f.field == "volume"] == [Severity.ERROR]
    assert found.matches[0].unavailable == ()


def test_nobody_is_asked_about_a_reference_that_agrees() -> None:
    authority = Authority(RECORD)
    report(RECORD, authority)
    assert authority.asked == []
