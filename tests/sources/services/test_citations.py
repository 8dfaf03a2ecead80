"""Citations by content negotiation, and habanero's ways of failing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.sources.times import FakeTime
from tests.standin import ALL_FAULTS, CrossrefStandin, each, scripted

from refcheck.errors import SourceUnavailable, UsageError
from refcheck.sources import citation
from refcheck.sources.http.pacing import Pacer
from refcheck.sources.http.transport import Transport
from refcheck.sources.services.habanero_calls import agency

Start = Callable[..., CrossrefStandin]
DOI = "10.5555/tidal.2019"


def made(server: CrossrefStandin) -> Transport:
    fake = FakeTime()
    pacer = Pacer({"single": 5.0}, 1, clock=fake.now, sleep=fake.sleep)
    return Transport("doi.org", server.url, pacer, clock=fake.now, sleep=fake.sleep, timeout=(5, 5), attempts=3)


def test_a_citation_in_bibtex(standin: Start) -> None:
    found = citation(DOI, base_url=standin().url)
    assert found.startswith("@article{")
    assert "10.5555/tidal.2019" in found


def test_a_citation_in_a_style(standin: Start) -> None:
    server = standin()
    found = citation(DOI, "text", "vancouver", base_url=server.url)
    assert "Nordahl" in found
    assert "style = vancouver" in server.asked[0].headers["accept"]


def test_odd_dois_are_encoded(standin: Start) -> None:
    assert "cannot hold" in citation("10.5555/a#b?c/../d", base_url=standin().url)


@pytest.mark.parametrize(
    "arguments",
    [
        (DOI, "docx"),
        (DOI, "text", "no such style"),
        (DOI, "text", "apa\r\nX-Injected: 1"),
        ("no doi",),
        ("10.5555/nothing",),
    ],
)
def test_questions_that_are_not_taken(standin: Start, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        citation(*arguments, base_url=standin().url)


@pytest.mark.parametrize("fault", [f for f in ALL_FAULTS if not f.endswith(("-headers", "-404")) and f != "slow"])
def test_no_failure_of_habanero_leaks(standin: Start, fault: str) -> None:
    server = standin(plan=each(fault))
    if fault not in {"empty-200", "wrong-shape", "list-200", "truncated"}:  # a citation is free text
        with pytest.raises(SourceUnavailable):
            citation(DOI, transport=made(server))
    with pytest.raises(SourceUnavailable) as told:
        agency(DOI, made(server))
    assert server.url not in str(told.value)


def test_a_server_that_is_not_there() -> None:
    with CrossrefStandin() as gone:
        pass
    with pytest.raises(SourceUnavailable):
        citation(DOI, transport=made(gone))
    with pytest.raises(SourceUnavailable):
        agency(DOI, made(gone))


def test_agencies_by_habanero(standin: Start) -> None:
    server = standin(plan=scripted(["", "429-seconds", "html-200", "", "drop"]))
    transport = made(server)
    told = {doi: agency(doi, transport) for doi in (DOI, "10.5281/zenodo.1", "10.5555/a#b?c/../d", "10.5555/nothing")}
    assert told == {
        DOI: "Crossref",
        "10.5281/zenodo.1": "DataCite",
        "10.5555/a#b?c/../d": "Crossref",
        "10.5555/nothing": "",
    }
    assert transport.enquiry().requests == server.requests == 7
