"""arXiv, DBLP, Open Library and OpenAlex: answers in the shapes they document, composed by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from tests.sources.contract import NetworkContract
from tests.sources.times import FakeTime

import refcheck
from refcheck.errors import UsageError
from refcheck.model import Name, Query, Reference, Verdict
from refcheck.sources import Arxiv, Dblp, OpenAlex, OpenLibrary, Source, default_sources, ladder

MAILTO = "editor@example.org"
FAULTS: dict[str, dict[str, Any]] = {
    "down": {"status": 503, "body": "<html>"},
    "overrun": {"status": 429, "body": ""},
    "refused": {"status": 403, "body": "no"},
    "page": {"status": 200, "body": "<!DOCTYPE html><html><body>Maintenance</body></html>"},
    "empty": {"status": 200, "body": ""},
    "cut": {"status": 200, "body": '{"docs": [{"ti'},
    "shape": {"status": 200, "json": {"docs": 7, "result": [], "results": None}},
    "unreachable": {"body": requests.ConnectionError(f"Max retries: /x?mailto={MAILTO} http://host")},
}


class Canned(NetworkContract):
    make: ClassVar[Callable[..., Any]]
    answer: dict[str, Any]
    faults = tuple(FAULTS)

    def over(self, service: responses.RequestsMock, **answer: Any) -> Source:
        service.get(re.compile(".*"), **answer)
        time = FakeTime()
        return type(self).make(mailto=MAILTO, clock=time.now, sleep=time.sleep)  # type: ignore[no-any-return]

    @pytest.fixture
    def client(self) -> Iterator[Source]:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
            yield self.over(service, **self.answer)

    @contextmanager
    def broken(self, fault: str) -> Iterator[Source]:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
            yield self.over(service, **FAULTS[fault])

    def sent(self, query: Query, **answer: Any) -> dict[str, list[str]]:
        """The parameters of the one request that a search makes."""
        with responses.RequestsMock() as service:
            self.over(service, **(answer or self.answer)).search(query)
            (call,) = service.calls
            return parse_qs(urlsplit(str(call.request.url)).query)


FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/abs/math/0309136v2</id><published>2003-09-08T14:00:00Z</published>
<updated>2004-01-01T00:00:00Z</updated><title>On invented
  knots</title><author><name>Ada Nordahl</name></author><author><name>Ludwig van der Berg</name></author>
<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.5555/KNOTS</arxiv:doi>
<arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">J. Invent. Knots 7 (2004) 11-19</arxiv:journal_ref>
</entry></feed>"""


class TestArxiv(Canned):
    make = Arxiv
    answer: ClassVar[dict[str, Any]] = {"body": FEED}
    known = Reference(arxiv="math.GT/0309136v1")
    key = "math.GT/0309136v1"
    asked = Query(kind="title", text="", reference=Reference(title="On invented knots", type="article"))

    def test_many_numbers_are_one_request(self) -> None:
        with responses.RequestsMock() as service:
            found = self.over(service, **self.answer).identify([self.known, Reference(arxiv="2401.00001v2")])
            assert parse_qs(urlsplit(str(service.calls[0].request.url)).query)["id_list"] == ["math/0309136,2401.00001"]
        assert list(found.works) == [self.key]
        assert [a.family for a in found.works[self.key].authors] == ["Nordahl", "van der Berg"]
        assert [(n.kind, n.doi) for n in found.works[self.key].notices] == [("published", "10.5555/knots")]

    def test_its_own_error_is_no_empty_answer(self) -> None:
        error = FEED.replace("arxiv.org/abs/math/0309136v2", "arxiv.org/api/errors#incorrect_id")
        with responses.RequestsMock() as service:
            assert self.over(service, body=error).identify([self.known]).unanswered

    def test_a_book_is_not_asked_for(self, client: Source) -> None:
        assert client.search(Query(kind="title", text="", reference=Reference(title="On knots", type="book"))) == ()
        assert client.enquiry().requests == 0


HIT = {
    "authors": {"author": [{"@pid": "1", "text": "Bo Lindqvist 0002"}, {"@pid": "2", "text": "Ada Nordahl"}]},
    "title": "Sorting invented graphs.", "venue": "ICIG", "pages": "1-9", "year": "2019",
    "type": "Conference and Workshop Papers", "key": "conf/icig/x", "doi": "10.5555/SORTING",
    "url": "https://dblp.org/rec/conf/icig/x",
}  # fmt: skip


class TestDblp(Canned):
    make = Dblp
    answer: ClassVar[dict[str, Any]] = {"json": {"result": {"hits": {"@total": "1", "hit": [{"info": HIT}]}}}}
    asked = Query(kind="title", text="", reference=Reference(title='Sorting "invented" graphs | -x$'))

    # It names nothing by number: what is left of the contract's tests of identifiers.
    def test_it_identifies(self, client: Source) -> None:
        assert client.identify([Reference(doi="10.5555/sorting")]).works == {}

    def test_an_outage_is_told(self) -> None:
        for fault in self.faults:
            with self.broken(fault) as client, pytest.raises(refcheck.RefcheckError):
                client.search(self.asked)

    @property
    def known(self) -> Reference:  # type: ignore[override]
        return Reference()

    def test_words_are_words(self) -> None:
        assert self.sent(self.asked)["q"] == ["sorting invented graphs x"]

    def test_nothing_found_has_no_list(self) -> None:
        with responses.RequestsMock() as service:
            assert self.over(service, json={"result": {"hits": {"@total": "0"}}}).search(self.asked) == ()


BOOK = {
    "title": "Tides of the invented sea", "subtitle": "a primer", "authors": [{"name": "Ada Nordahl"}],
    "publishers": [{"name": "Fjord Press"}], "publish_places": [{"name": "Bergen"}], "publish_date": "May 2003",
    "url": "https://openlibrary.org/books/OL1M/x",
}  # fmt: skip
DOC = {
    "key": "/works/OL1W", "title": "Tides of the invented sea", "author_name": ["Ada Nordahl"],
    "first_publish_year": 1998, "publish_year": [2003, 1998], "publisher": ["Fjord Press"], "isbn": ["9780000000002"],
}  # fmt: skip


class TestOpenLibrary(Canned):
    make = OpenLibrary
    answer: ClassVar[dict[str, Any]] = {"json": {}}
    known = Reference(isbn="978-0-00-000000-2")
    key = "978-0-00-000000-2"
    asked = Query(
        kind="title",
        text="",
        reference=Reference(title="Tides of the invented sea", type="book", authors=(Name(family="Nordahl"),)),
    )

    def over(self, service: responses.RequestsMock, **answer: Any) -> Source:
        if answer != self.answer:
            return super().over(service, **answer)
        service.assert_all_requests_are_fired = False
        service.get("https://openlibrary.org/api/books", json={"ISBN:9780000000002": BOOK})
        service.get("https://openlibrary.org/search.json", json={"numFound": 1, "docs": [DOC]})
        time = FakeTime()
        return OpenLibrary(mailto=MAILTO, clock=time.now, sleep=time.sleep)

    def test_an_edition_is_read(self, client: Source) -> None:
        work = client.identify([self.known]).works[self.key]
        assert (work.title, work.year, work.publisher, work.place, work.isbn, work.type) == (
            "Tides of the invented sea: a primer", "2003", "Fjord Press", "Bergen", "9780000000002", "book",
        )  # fmt: skip

    def test_title_and_author_are_asked_for(self) -> None:
        sent = self.sent(self.asked)
        assert (sent["title"], sent["author"]) == (["tides of the invented sea"], ["nordahl"])

    def test_an_article_is_not_asked_for(self, client: Source) -> None:
        article = Reference(title="Tides of the invented sea", type="article-journal")
        assert client.search(Query(kind="title", text="", reference=article)) == ()
        assert client.enquiry().requests == 0

    @pytest.mark.parametrize(
        ("entry", "verdict", "differing"),
        [
            ("Nordahl A. Tides of the Invented Sea. Bergen: Fjord Press; 2003.", Verdict.MATCHED, []),
            ("Nordahl A. Tides of the Invented Sea. 2nd ed. Bergen: Fjord Press; 1998.", Verdict.MATCHED, []),
            ("Kraus B. Deserts of the invented moon. Bergen: Fjord Press; 2003.", Verdict.ABSENT, []),
        ],
    )
    def test_a_book_is_checked(self, client: Source, entry: str, verdict: Verdict, differing: list[str]) -> None:
        report = refcheck.check([entry], sources=[client])
        assert [m.verdict for m in report.matches] == [verdict]
        assert [f.field for f in report.findings if f.code.startswith("REF3")] == differing


RESULT = {
    "id": "https://openalex.org/W1", "doi": "https://doi.org/10.5555/TIDAL.2019",
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/29434006"}, "display_name": "Tidal mixing in sheltered fjords",
    "publication_year": 2019, "type": "article", "is_retracted": True,
    "authorships": [{"raw_author_name": "Ada Nordahl"}, {"author": {"display_name": "Ilaria Dal Prà"}}],
    "biblio": {"volume": "12", "issue": "3", "first_page": "101", "last_page": "118"},
    "primary_location": {"source": {"display_name": "Journal of Invented Oceanography"}},
}  # fmt: skip


class TestOpenAlex(Canned):
    make = OpenAlex
    answer: ClassVar[dict[str, Any]] = {"json": {"meta": {"count": 1}, "results": [RESULT]}}
    known = Reference(doi="10.5555/tidal.2019")
    key = "10.5555/tidal.2019"
    asked = Query(kind="title", text="", reference=Reference(title="Tidal mixing, in | sheltered:fjords"))

    def test_a_result_is_read(self, client: Source) -> None:
        [work] = client.search(self.asked)
        assert (work.container, work.volume, work.issue, work.pages, work.pmid) == (
            "Journal of Invented Oceanography", "12", "3", "101-118", "29434006",
        )  # fmt: skip
        assert [a.family for a in work.authors] == ["Nordahl", "Dal Prà"]
        assert [(n.kind, n.asserted_by) for n in work.notices] == [("retraction", "openalex")]

    def test_words_are_words(self) -> None:
        assert self.sent(self.asked)["filter"] == ["title.search:tidal mixing in sheltered fjords"]

    def test_the_key_goes_to_openalex_alone(self) -> None:
        outbox: list[Any] = []
        environ = {"REFCHECK_OPENALEX_KEY": "s3cret"}
        for address in ("https://api.openalex.org", "https://mirror.example.org"):
            OpenAlex(address, environ=environ, outbox=outbox).identify([self.known])
        assert "s3cret" not in str(outbox)
        assert ["api_key=***" in each.url for each in outbox] == [True, False]


# -- which are asked -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        (None, "crossref datacite pubmed europepmc"),
        ("openlibrary, arxiv,datacite", "crossref arxiv datacite openlibrary"),
        ("none", "crossref"),
        ("crossref,openalex,dblp", "crossref dblp openalex"),
    ],
)
def test_the_steps_that_are_named(steps: str | None, names: str) -> None:
    sources = default_sources({}, cache=None, steps=steps)
    assert " ".join(s.name for s in sources) == names


def test_other_packages_offer_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    class Library:
        name, concurrency = "our-library", 1

        def __init__(self, **options: Any) -> None:
            given.update(options)

    offered = SimpleNamespace(name="our-library", load=lambda: Library)
    monkeypatch.setattr(ladder, "entry_points", lambda group: [offered] if group == "refcheck.sources" else [])
    sources = default_sources({"REFCHECK_LADDER": "datacite,our-library"}, mailto=MAILTO, cache=None)
    assert [s.name for s in sources] == ["crossref", "datacite", "our-library"]
    assert given == {"mailto": MAILTO, "cache": None, "outbox": None}
    with pytest.raises(UsageError, match=r"there is no source nowhere behind Crossref; there are .*our-library"):
        default_sources({}, cache=None, steps="nowhere")
