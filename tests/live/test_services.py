"""The real services: do they still answer in the shapes that the code and the stand-in rely on?

Not in the default run, which has no network: `make live`. A dozen requests, at the public pace.
"""

from __future__ import annotations

import os

import pytest

from refcheck.model import Name, Query, Reference
from refcheck.sources import Crossref, DataCite, EuropePMC, PubMed, citation
from refcheck.sources.http.addresses import safe_mailto
from refcheck.sources.services.agencies import CrossrefAgency, DoiOrg

MAILTO = safe_mailto(os.environ.get("REFCHECK_MAILTO", ""))
PLOS = "10.1371/journal.pone.0033693"
ARXIV = "10.48550/arxiv.1706.03762"
PLACE = Reference(
    authors=(Name(family="Wu", given="P"),), container="Cytotherapy", year="2018", volume="20", pages="291-301"
)


@pytest.fixture(scope="module")
def crossref() -> Crossref:
    return Crossref(mailto=MAILTO)


def test_single_dois_and_agencies(crossref: Crossref) -> None:
    found = crossref.identify([Reference(doi=d) for d in (PLOS, ARXIV)])
    assert found.works[PLOS].volume == "7"
    assert found.elsewhere == {ARXIV: "DataCite"}


def test_a_batch(crossref: Crossref) -> None:
    dois = [PLOS, "10.1016/j.jcyt.2017.11.002", "10.1186/s40824-021-00224-8", "10.5555/there-is-no-such-doi"]
    found = crossref.identify([Reference(doi=d) for d in dois])
    assert set(found.works) == set(dois[:3])
    assert found.unknown == {dois[3]}


def test_a_query(crossref: Crossref) -> None:
    text = (
        "Wu P, Zhang B, Shi H, Qian H, Xu W. MSC-exosome: a novel cell-free therapy. Cytotherapy. 2018;20(3):291-301."
    )
    works = crossref.search(Query(kind="entry", text=text, reference=Reference(raw=text)))
    assert "10.1016/j.jcyt.2017.11.002" in [w.doi for w in works]


def test_crossrefs_own_agency_route(crossref: Crossref) -> None:
    assert CrossrefAgency(crossref._transport)([PLOS]) == {PLOS: "Crossref"}


def test_doi_org() -> None:
    assert DoiOrg()([PLOS, "10.5555/there-is-no-such-doi"]) == {PLOS: "Crossref", "10.5555/there-is-no-such-doi": ""}


def test_datacite() -> None:
    client = DataCite(mailto=MAILTO)
    assert client.identify([Reference(arxiv="1706.03762")]).works["1706.03762"].year == "2017"
    assert client.search(Query(kind="title", text="", reference=Reference(title="Attention Is All You Need")))


def test_pubmed() -> None:
    client = PubMed(mailto=MAILTO)
    [work] = client.search(Query(kind="locator", text="x", reference=PLACE))
    assert work.doi == "10.1016/j.jcyt.2017.11.002"
    assert client.identify([Reference(pmid=work.pmid)]).works[work.pmid] == work


def test_europe_pmc() -> None:
    client = EuropePMC(mailto=MAILTO)
    works = client.search(Query(kind="locator", text="x", reference=PLACE))
    assert "10.1016/j.jcyt.2017.11.002" in [w.doi for w in works]


def test_citations() -> None:
    assert citation(PLOS).startswith("@article{")
    assert "PLoS" in citation(PLOS, "text", "vancouver")
