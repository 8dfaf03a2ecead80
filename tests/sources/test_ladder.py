"""The services behind Crossref: requests and answers in the shapes they document, and which are asked when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
import requests
import responses
from tests.sources.contract import NetworkContract
from tests.sources.times import FakeTime
from tests.standin import CrossrefStandin

from refcheck.errors import SourceUnavailable, UsageError
from refcheck.model import Name, Query, Reference
from refcheck.sources import Crossref, DataCite, EuropePMC, PubMed, Source, default_sources
from refcheck.sources.http.transport import Outgoing
from refcheck.sources.services.agencies import DoiOrg

MAILTO = "editor@example.org"
FAULTS: dict[str, dict[str, Any]] = {
    "down": {"status": 503, "body": "<html>"},
    "overrun": {"status": 429, "body": ""},
    "refused": {"status": 403, "body": "no"},
    "page": {"status": 200, "body": "<!DOCTYPE html><html><body>Maintenance</body></html>"},
    "page-404": {"status": 404, "body": "<html><body>Not here</body></html>"},
    "empty": {"status": 200, "body": ""},
    "cut": {"status": 200, "body": '{"data": [{"attr'},
    "shape": {"status": 200, "json": {"data": 7, "result": [], "resultList": None}},
    "unreachable": {"body": requests.ConnectionError(f"Max retries: /x?mailto={MAILTO} http://host")},
    "slow": {"body": requests.ReadTimeout(f"http://host/?email={MAILTO}")},
}


def timing() -> dict[str, Callable[..., Any]]:
    time = FakeTime()
    return {"clock": time.now, "sleep": time.sleep}


class LadderContract(NetworkContract):
    """The contract over canned answers."""

    address: str
    good: tuple[tuple[str, dict[str, Any]], ...]
    faults = tuple(FAULTS)

    def make(self, **options: Any) -> Source:
        raise NotImplementedError

    @pytest.fixture
    def client(self) -> Iterator[Source]:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
            for path, answer in self.good:
                service.get(f"{self.address}{path}", **answer)
            service.get(f"{self.address}/dois/10.5555%2Fnothing-of-the-kind", status=404, json={"errors": []})
            yield self.make()

    @contextmanager
    def broken(self, fault: str) -> Iterator[Source]:
        import re

        with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
            service.get(re.compile(".*"), **FAULTS[fault])
            yield self.make()


DATACITE_RECORD = {
    "id": "10.48550/arxiv.2401.00001",
    "type": "dois",
    "attributes": {
        "doi": "10.48550/arxiv.2401.00001",
        "titles": [{"title": "On <i>invented</i> tides &amp; moons"}, {"title": "Second title"}],
        "creators": [
            {"name": "Nordahl, Ada", "nameType": "Personal", "givenName": "Ada", "familyName": "Nordahl"},
            {"name": "Lindqvist, Bo"},
            {"name": "The Tides, Moons and Stars Group", "nameType": "Organizational"},
            {},
        ],
        "publicationYear": 2024,
        "publisher": {"name": "arXiv"},
        "types": {"resourceTypeGeneral": "Preprint"},
        "container": {},
        "state": "findable",
    },
}


class TestDataCite(LadderContract):
    address = "https://api.datacite.org"
    known = Reference(doi="10.48550/arxiv.2401.00001")
    key = "10.48550/arxiv.2401.00001"
    asked = Query(kind="title", text="", reference=Reference(title="On invented tides: AND moons"))
    good = (
        ("/dois/10.48550%2Farxiv.2401.00001", {"json": {"data": DATACITE_RECORD}}),
        ("/dois", {"json": {"data": [DATACITE_RECORD, {"odd": 1}]}}),
    )

    def make(self, **options: Any) -> Source:
        return DataCite(mailto=MAILTO, **{**timing(), **options})

    def test_a_record_is_read(self, client: Source) -> None:
        work = client.identify([self.known]).works[self.key]
        assert (work.title, work.year, work.publisher, work.type) == (
            "On invented tides & moons", "2024", "arXiv", "article",
        )  # fmt: skip
        assert work.authors == (
            Name(family="Nordahl", given="Ada"),
            Name(family="Lindqvist", given="Bo"),
            Name(family="The Tides, Moons and Stars Group"),
        )
        assert work.arxiv == "2401.00001"

    def test_an_arxiv_number_is_found_under_its_doi(self, client: Source) -> None:
        assert list(client.identify([Reference(arxiv="2401.00001v2")]).works) == ["2401.00001v2"]

    def test_other_agencies_dois_are_not_asked_for(self) -> None:
        with responses.RequestsMock() as service:
            service.get("https://api.datacite.org/dois/10.5281%2Fzenodo.1", json={"data": DATACITE_RECORD})
            client = self.make(registered={"10.5281/zenodo.1": "DataCite", "10.5555/x": "mEDRA"}.get)
            found = client.identify([Reference(doi=d) for d in ("10.5281/zenodo.1", "10.5555/x", "10.5555/y")])
            assert list(found.works) == ["10.5281/zenodo.1"]
            assert len(service.calls) == 1

    def test_words_are_words(self) -> None:
        with responses.RequestsMock() as service:
            service.get("https://api.datacite.org/dois", json={"data": []})
            assert self.make().search(self.asked) == ()
            sent = unquote(service.calls[0].request.url)
        assert 'titles.title:("on" AND "invented" AND "tides" AND "and" AND "moons")' in sent


SUMMARY = {
    "uid": "29434006",
    "pubdate": "2019 Mar",
    "epubdate": "2018 Dec 24",
    "source": "J Invent Oceanogr",
    "fulljournalname": "Journal of Invented Oceanography",
    "authors": [
        {"name": "Nordahl A", "authtype": "Author"},
        {"name": "Dal Prà I Jr", "authtype": "Author"},
        {"name": "Fjord Study Group", "authtype": "CollectiveName"},
    ],
    "title": "Tidal mixing in sheltered fjords.",
    "volume": "12",
    "issue": "3",
    "pages": "101-18",
    "issn": "0000-0019",
    "articleids": [{"idtype": "doi", "value": "10.5555/TIDAL.2019"}, {"idtype": "pmc", "value": "PMC7"}],
    "pubtype": ["Journal Article", "Retracted Publication"],
}
TIDAL = Reference(
    authors=(Name(family="Nordahl", given="A"),),
    container="J Invent Oceanogr",
    year="2019",
    volume="12",
    pages="101-118",
)


def eutils(*, said: str = "29434006", summary: Any = SUMMARY) -> tuple[tuple[str, dict[str, Any]], ...]:
    return (
        ("/ecitmatch.cgi", {"body": f"J Invent Oceanogr|2019|12|101|nordahl a|ref|{said}\n"}),
        ("/esummary.fcgi", {"json": {"header": {}, "result": {"uids": [summary["uid"]], summary["uid"]: summary}}}),
    )


class TestPubMed(LadderContract):
    address = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    known = Reference(pmid="29434006")
    key = "29434006"
    asked = Query(kind="locator", text="x", reference=TIDAL)
    good = eutils()

    def make(self, **options: Any) -> Source:
        return PubMed(mailto=MAILTO, environ={}, **{**timing(), **options})

    def test_a_summary_is_read(self, client: Source) -> None:
        work = client.identify([self.known]).works[self.key]
        assert (work.title, work.container) == ("Tidal mixing in sheltered fjords", "Journal of Invented Oceanography")
        assert (work.year, work.doi, work.pmcid) == ("2019", "10.5555/tidal.2019", "PMC7")
        assert work.also["year:online"] == ("2018",)
        assert work.authors[1:] == (
            Name(family="Dal Prà", given="I", suffix="Jr"),
            Name(family="Fjord Study Group"),
        )
        assert [n.kind for n in work.notices] == ["retraction"]

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ("29434006", 1),
            ("NOT_FOUND", 0),
            ("NOT_FOUND;INVALID_JOURNAL", 0),
            ("AMBIGUOUS 29434006,29434007", 1),
            ("AMBIGUOUS (783 citations)", 0),
        ],
    )
    def test_what_ecitmatch_says(self, said: str, found: int) -> None:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
            for path, answer in eutils(said=said):
                service.get(self.address + path, **answer)
            assert len(self.make().search(self.asked)) == found
            assert "|12|101|nordahl a|ref|" in unquote(service.calls[0].request.url)

    def test_a_wrong_guess_is_dropped(self) -> None:
        with responses.RequestsMock() as service:
            for path, answer in eutils(summary={**SUMMARY, "pubdate": "1999", "pages": "7"}):
                service.get(self.address + path, **answer)
            assert self.make().search(self.asked) == ()

    def test_where_nothing_is_at_the_place_the_doi_is_asked_for(self) -> None:
        asked = Query(kind="locator", text="x", reference=replace(TIDAL, volume="99", doi="10.5555/tidal.2019"))
        for doi, found in (("10.5555/TIDAL.2019", 1), ("10.5555/another", 0)):
            with responses.RequestsMock() as service:
                summary = {**SUMMARY, "articleids": [{"idtype": "doi", "value": doi}]}
                for path, answer in eutils(said="NOT_FOUND", summary=summary):
                    service.get(self.address + path, **answer)
                service.get(f"{self.address}/esearch.fcgi", json={"esearchresult": {"idlist": ["29434006"]}})
                assert len(self.make().search(asked)) == found
                assert 'term="10.5555/tidal.2019"[doi]' in unquote(service.calls[1].request.url)

    def test_the_key_stays_in_the_request(self) -> None:
        outbox: list[Outgoing] = []
        client = PubMed(mailto=MAILTO, environ={"REFCHECK_NCBI_KEY": "s3cret"}, outbox=outbox, **timing())
        assert client.identify([self.known]).unanswered
        assert "s3cret" not in str(outbox)
        assert "api_key=***" in outbox[0].url


RESULT = {
    "id": "29434006", "source": "MED", "pmid": "29434006", "pmcid": "PMC7", "doi": "10.5555/tidal.2019",
    "title": "Tidal mixing in sheltered fjords.", "authorString": "Nordahl A, Dal Prà I, Fjord Study Group.",
    "journalTitle": "J Invent Oceanogr", "journalVolume": "12", "issue": "3", "pageInfo": "101-118", "pubYear": "2019",
    "pubType": "journal article; retracted publication",
}  # fmt: skip


class TestEuropePMC(LadderContract):
    address = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    known = Reference(pmid="29434006")
    key = "29434006"
    asked = Query(kind="title", text="", reference=Reference(title='Tidal "mixing" in sheltered fjords'))
    good = (("/search", {"json": {"version": "6.9", "hitCount": 1, "resultList": {"result": [RESULT]}}}),)

    def make(self, **options: Any) -> Source:
        return EuropePMC(mailto=MAILTO, **{**timing(), **options})

    def test_a_result_is_read(self, client: Source) -> None:
        [work] = client.search(self.asked)
        assert (work.title, work.container, work.volume, work.pages, work.year) == (
            "Tidal mixing in sheltered fjords", "J Invent Oceanogr", "12", "101-118", "2019",
        )  # fmt: skip
        assert [a.family for a in work.authors] == ["Nordahl", "Dal Prà", "Fjord Study Group"]
        assert [n.kind for n in work.notices] == ["retraction"]

    def test_a_place_is_asked_for_by_its_parts(self) -> None:
        with responses.RequestsMock() as service:
            service.get(f"{self.address}/search", json={"resultList": {"result": []}})
            self.make().search(Query(kind="locator", text="x", reference=TIDAL))
            sent = unquote(service.calls[0].request.url)
        assert 'JOURNAL:"J Invent Oceanogr" AND VOLUME:"12" AND PAGE_INFO:"101" AND PUB_YEAR:2019' in sent


# -- who registered a DOI --------------------------------------------------------------------------------------------


def test_doi_org_tells_agencies_in_batches() -> None:
    dois = [
        "10.5281/zenodo.1",
        "10.5555/a,b/../c",
        "10.5555/nothing",
        "10.5555/odd",
        *(f"10.5555/{n}" for n in range(40)),
    ]
    with responses.RequestsMock() as service:
        service.get(
            "https://doi.org/doiRA/" + ",".join(d.replace("a,b/../c", "a%2Cb%2F..%2Fc") for d in dois[:40]),
            json=[
                {"DOI": "10.5281/ZENODO.1", "RA": "DataCite"},
                {"DOI": "10.5555/nothing", "status": "DOI does not exist"},
                {"DOI": "10.5555/odd", "status": "Unknown"},
                {"DOI": "10.5555/a,b/../c", "RA": "Crossref"},
                {"DOI": "10.5555/never-asked", "RA": "JaLC"},
            ],
        )
        service.get("https://doi.org/doiRA/" + ",".join(dois[40:]), status=500)
        found = DoiOrg(**timing())(dois)
    assert found == {"10.5281/zenodo.1": "DataCite", "10.5555/nothing": "", "10.5555/a,b/../c": "Crossref"}


@pytest.mark.parametrize("fault", [f for f in FAULTS if f != "shape"])
def test_when_doi_org_is_out_nothing_is_settled(fault: str) -> None:
    with responses.RequestsMock() as service:
        service.get("https://doi.org/doiRA/10.5555/x", **FAULTS[fault])
        with pytest.raises(SourceUnavailable):
            DoiOrg(**timing())(["10.5555/x"])


def test_crossref_asks_doi_org(standin: Callable[..., CrossrefStandin]) -> None:
    server = standin(())
    with responses.RequestsMock() as service:
        service.add_passthru(server.url)
        service.get("https://doi.example.org/doiRA/10.5555/x", json=[{"DOI": "10.5555/x", "RA": "mEDRA"}])
        client = Crossref(server.url, environ={"REFCHECK_DOI_URL": "https://doi.example.org"})
        assert client.identify([Reference(doi="10.5555/x")]).elsewhere == {"10.5555/x": "mEDRA"}
    assert client.enquiry().source == "crossref, doi.org"
    assert client.enquiry().requests == 2


# -- which sources an ordinary check uses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, "crossref datacite pubmed europepmc"),
        ({"REFCHECK_LADDER": "none"}, "crossref"),
        ({"REFCHECK_LADDER": "PubMed, datacite"}, "crossref datacite pubmed"),
        ({"REFCHECK_CROSSREF_URL": "https://crossref.example.org"}, "crossref"),
        (
            {"REFCHECK_CROSSREF_URL": "http://127.0.0.1:9", "REFCHECK_PUBMED_URL": "http://127.0.0.1:9/eutils"},
            "crossref pubmed",
        ),
    ],
)
def test_the_sources_of_an_ordinary_check(environ: dict[str, str], names: str) -> None:
    sources = default_sources(environ, cache=None)
    assert [s.name for s in sources] == names.split()
    assert all(isinstance(s, Source) for s in sources)


def test_unknown_steps_are_told() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        default_sources({"REFCHECK_LADDER": "nowhere"}, cache=None)


def test_an_ordinary_check_keeps_answers(standin: Callable[..., CrossrefStandin], tmp_path: Any) -> None:
    question = Query(kind="entry", text="Tidal mixing in sheltered fjords", reference=Reference())
    environ = {"REFCHECK_CACHE_DIR": str(tmp_path)}
    servers = [standin(), standin()]
    for server in servers * 2:
        [source] = default_sources(environ, base_url=server.url)
        assert source.search(question)
    assert [server.requests for server in servers] == [1, 1]  # each server's answers are its own


def test_importing_the_sources_loads_no_library() -> None:
    import subprocess
    import sys

    heavy = ("requests", "habanero", "tantivy", "sqlite3")
    code = f"import sys, refcheck.sources; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert out.stdout.strip() == "[]"
