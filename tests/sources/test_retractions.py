"""The Retraction Watch CSV beside a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from refcheck.errors import UnreadableInput
from refcheck.model import Notice, Query, Reference, Work
from refcheck.sources import LocalRecords, Retractions, Source

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes"
)


def row(doi: str, nature: str, notice: str, date: str, pmid: str = "0", reason: str = "+Error in Data;") -> str:
    work = f"1/1/1998 0:00,{doi},{pmid}"
    return f'1,"A title, with a comma",B,I,J,P,C,A,,Research,{date},{notice},0,{work},{nature},{reason},No,'


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    lines = [
        HEADER,
        row("10.5555/HALE", "Retraction", "10.5555/ret", "2/6/2010 0:00", reason="+Error in Data;+Fraud;"),
        row("10.5555/hale", "Correction", "10.5555/corr", "3/6/2004 0:00"),
        row("10.5555/concern", "Expression of concern", "unavailable", "12/13/2013 0:00"),
        row("unavailable", "Retraction", "", "2015-05-01", pmid="1234567"),
        row("10.5555/odd", "Something new", "10.5555/n", ""),
        row("10.5555/back", "Reinstatement", "10.5555/b", "nonsense", reason=""),
    ]
    path = tmp_path / "retraction_watch.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode() + b"\r\n\xff broken line")
    return path


def test_what_is_known_of_a_work(csv: Path) -> None:
    known = Retractions(csv)
    assert len(known) == 4
    assert known.notices(Work(doi="10.5555/hale")) == (
        Notice(
            kind="retraction",
            date="2010-02-06",
            doi="10.5555/ret",
            asserted_by="retraction-watch",
            label="Retraction: Error in Data; Fraud",
        ),
        Notice(
            kind="correction",
            date="2004-03-06",
            doi="10.5555/corr",
            asserted_by="retraction-watch",
            label="Correction: Error in Data",
        ),
    )
    assert [n.doi for n in known.notices(Work(doi="10.5555/concern"))] == [""]
    assert [n.date for n in known.notices(Work(pmid="1234567"))] == ["2015-05-01"]
    assert [n.kind for n in known.notices(Work(doi="10.5555/new", also={"doi": ("10.5555/back",)}))] == [
        "reinstatement"
    ]
    assert known.notices(Work()) == known.notices(Work(doi="10.5555/odd")) == ()


@pytest.mark.parametrize(
    "before",
    [
        (),
        (Notice(kind="retraction", doi="10.5555/ret", date="2010-02-02", asserted_by="publisher"),),
        (Notice(kind="retraction", asserted_by="publisher", label="RETRACTED:"),),
    ],
)
def test_a_notice_that_the_record_has_is_not_repeated(csv: Path, before: tuple[Notice, ...]) -> None:
    work = Retractions(csv).told(Work(doi="10.5555/hale", notices=before))
    assert [(n.kind, n.date, n.asserted_by) for n in work.notices] == [
        ("retraction", "2010-02-06", "retraction-watch"),
        ("correction", "2004-03-06", "retraction-watch"),
    ]


def test_a_notice_without_a_doi_does_not_hide_the_records_own(csv: Path) -> None:
    own = Notice(kind="expression_of_concern", doi="10.5555/eoc", asserted_by="publisher")
    assert Retractions(csv).told(Work(doi="10.5555/concern", notices=(own,))).notices == (own,)


def test_beside_a_source_every_answer_carries_it(csv: Path) -> None:
    records = LocalRecords(
        [{"DOI": "10.5555/hale", "title": ["Ileal changes"]}, {"DOI": "10.5555/x", "title": ["Ileal other"]}]
    )
    source = Retractions(csv).beside(records)
    assert isinstance(source, Source)
    assert (source.name, source.concurrency) == (records.name, records.concurrency)
    found = source.identify([Reference(doi="10.5555/hale"), Reference(doi="10.5555/none")])
    assert found.works["10.5555/hale"].notices[0].kind == "retraction"
    assert found.unknown == {"10.5555/none"}
    works = source.search(Query(kind="entry", text="Ileal", reference=Reference()))
    assert {w.doi: bool(w.notices) for w in works} == {"10.5555/hale": True, "10.5555/x": False}
    assert source.enquiry() == records.enquiry()


def test_what_is_wrong_with_the_records_is_still_told(csv: Path, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"DOI": "10.5555/x", "title": ["A"]}\nno record\n')
    records = LocalRecords(tmp_path / "r.jsonl")
    source = Retractions(csv).beside(records)
    assert getattr(source, "problems", ()) == records.problems != ()


@pytest.mark.parametrize("content", [b"", b"doi,kind\n10.5555/x,Retraction\n", b"%PDF-1.7 \xe2"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.csv").write_bytes(content)
    with pytest.raises(UnreadableInput, match="not the Retraction Watch CSV"):
        Retractions(tmp_path / "other.csv")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="cannot be read"):
        Retractions(tmp_path / "none.csv")
