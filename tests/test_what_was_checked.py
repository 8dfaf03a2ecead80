"""Checked or not is the first thing said, at every door, and in the same figures."""

import json
import re
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest

from refcheck.cli import main
from refcheck.errors import SourceUnavailable
from refcheck.model import DoiStatus, Enquiry, Identified, Match, Query, Reference, Report, Verdict, Work
from refcheck.pipeline import check, render
from refcheck.renderers import RENDERERS
from refcheck.renderers.overview import overview
from refcheck.sources import AnswerCache, LocalRecords
from tests.standin import CrossrefStandin
from tests.word import as_word

ROOT = Path(__file__).parents[1]
SEEDED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy-seeded.md"
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy-seeded.jsonl"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address at which nobody listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{s.getsockname()[1]}"
    monkeypatch.setenv("REFCHECK_CROSSREF_URL", f"http://{host}")
    return host


def head(host: str) -> str:
    return f"0 of 9 references could be checked: no connection to {host}."


@pytest.mark.parametrize("format", ["text", "html", "markdown", "queries", "corrected", "diff"])
def test_without_a_network_every_output_begins_with_it(
    format: str, nowhere: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(SEEDED), "--format", format, "--no-cache"]) == 2
    out, err = capsys.readouterr()
    assert head(nowhere) in err
    shown = re.sub(r"<style>.*?</style>", "", out, flags=re.DOTALL)
    shown = re.sub(r"<[^>]+>", " ", shown).replace("<!-- -->", "") if format == "html" else shown
    shown = re.sub(r"\s+", " ", shown)
    assert head(nowhere) in shown[:400]
    assert shown.count("no connection") <= 2, "one outage is told once, not at every reference"
    assert "agree" not in shown.replace("no record agrees", "")


@pytest.mark.parametrize("format", sorted(RENDERERS.keys() - {"xlsx"}))
def test_without_a_network_standard_error_says_it(
    format: str, nowhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report"
    assert main(["check", str(SEEDED), "--format", format, "--no-cache", "-o", str(out)]) == 2
    assert f"{SEEDED.name}: {head(nowhere)}" in capsys.readouterr().err


def test_an_annotated_word_file_begins_with_it(nowhere: str, tmp_path: Path) -> None:
    (tmp_path / "paper.docx").write_bytes(as_word(SEEDED.read_text(encoding="utf-8")))
    assert main(["check", str(tmp_path / "paper.docx"), "-o", str(tmp_path / "out.docx"), "--no-cache"]) == 2
    comments = [c.text for c in docx.Document(str(tmp_path / "out.docx")).comments]
    assert any(head(nowhere) in c for c in comments)


def test_the_references_of_an_outage_stand_in_one_line(nowhere: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(SEEDED), "--no-cache"])
    out = capsys.readouterr().out
    assert out.splitlines()[1] == "Not checked: 1–9"
    assert "REF901" not in out


class Spoken:
    """A source made of functions."""

    concurrency = 1

    def __init__(
        self,
        name: str,
        identify: Callable[[Sequence[Reference]], Identified] = lambda references: Identified(),
        search: Callable[[Query], Sequence[Work]] = lambda query: (),
        *,
        asks_agencies: bool = False,
    ) -> None:
        self.name, self.identify, self.search, self.asks_agencies = name, identify, search, asks_agencies

    def enquiry(self) -> Enquiry:
        return Enquiry(source=self.name, requests=1)


def _broken(_: object) -> object:
    raise SourceUnavailable("pubmed", "it answered with something else")


def unknown(references: Sequence[Reference]) -> Identified:
    return Identified(unknown=frozenset(r.doi for r in references if r.doi))


def nonsense() -> Spoken:
    return Spoken("pubmed", _broken, _broken)  # type: ignore[arg-type]


ENTRY = "1. Nobody A. An invented study of nothing at all. J Nothing. 2020;1:1-2. doi:10.5555/nothing.1"


def checked(*sources: Spoken) -> Match:
    return check([ENTRY], sources=sources).matches[0]


def test_an_unknown_doi_is_told_where_its_agency_has_answered() -> None:
    report = check([ENTRY], sources=[Spoken("crossref", unknown, asks_agencies=True), nonsense()])
    match = report.matches[0]
    assert (match.verdict, match.doi_status) == (Verdict.UNCHECKED, DoiStatus.UNKNOWN)
    assert "REF202" in {f.code for f in report.findings}


def test_a_source_without_that_answer_does_not_settle_a_doi_that_another_may_know() -> None:
    assert checked(Spoken("index", unknown), nonsense()).doi_status is DoiStatus.UNCHECKED


def test_a_doi_that_another_source_knows_is_not_unknown() -> None:
    works = Spoken("datacite", lambda r: Identified(works={"10.5555/nothing.1": Work(title="x", doi=r[0].doi)}))
    assert checked(Spoken("crossref", unknown, asks_agencies=True), works).doi_status is not DoiStatus.UNKNOWN


def test_it_says_who_has_no_record_and_who_could_not_be_asked() -> None:
    report = check([ENTRY], sources=[Spoken("crossref"), Spoken("datacite"), nonsense()])
    assert report.matches[0].answered == ("crossref", "datacite")
    assert overview(report).head == (
        "0 of 1 reference could be checked: Crossref and DataCite have no record, and PubMed could not be asked "
        "(it answered with something else)."
    )
    said = next(f.message for f in report.findings if f.code == "REF901")
    assert "no record at crossref, datacite" in said
    assert json.loads(str(render(report, "json")))["references"][0]["match"]["answered"] == ["crossref", "datacite"]


# -- one count --


@pytest.fixture(scope="module")
def seeded() -> Report:
    return check(SEEDED, sources=[LocalRecords(RECORDS)])


def test_every_door_counts_alike(seeded: Report) -> None:
    seen = overview(seeded)
    assert seen.tally == "8 errors, 1 warning, 8 notes"
    for format in ("text", "html", "markdown"):
        shown = re.sub(r"(?s)<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", str(render(seeded, format)))
        shown = re.sub(r"\s+", " ", shown)
        assert seen.head in shown
        assert seen.tally in shown
        assert not re.search(r"\b(?:major|minor)\b", shown)


def test_a_line_is_named_only_where_the_file_has_lines(seeded: Report) -> None:
    text = SEEDED.read_text(encoding="utf-8")
    from refcheck.pipeline import read

    of_word = check(read(as_word(text), "paper.docx"), sources=[LocalRecords(RECORDS)])
    assert re.search(r"\bline \d", str(render(seeded, "text")))
    assert not re.search(r"\bline \d", str(render(of_word, "text")))


@pytest.mark.parametrize("format", ["text", "html", "markdown", "queries", "sarif", "junit", "csv", "json"])
def test_words_that_say_nothing_are_gone(format: str, seeded: Report) -> None:
    written = str(render(seeded, format))
    for phrase in ("recorded at Records", "Printed: nothing", "nothing printed", "one slip would explain"):
        assert phrase not in written
    assert not re.search(r"\b(\d+)\*{0,2} — \1\.", written)


def test_a_kept_answer_tells_its_age(
    standin: Callable[..., CrossrefStandin], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import time

    from tests.standin import read_records

    monkeypatch.setenv("REFCHECK_CROSSREF_URL", standin(list(read_records([RECORDS]))).url)
    assert main(["check", str(SEEDED)]) == 1
    assert " old)" not in capsys.readouterr().out
    later = time.time() + 3 * 86_400
    now = {"refresh": False, "now": lambda: later}
    monkeypatch.setattr(AnswerCache.__init__, "__kwdefaults__", now)
    main(["check", str(SEEDED)])
    assert "answered from the cache (up to 3 days old)" in capsys.readouterr().out
    main(["check", str(SEEDED), "--format", "html"])
    assert "3 days" in capsys.readouterr().out
