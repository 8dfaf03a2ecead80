"""The stand-in behaves as the API was seen to: the other tests are worth what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from tests.standin import CrossrefStandin, scripted
from tests.standin.works import TIDAL

Start = Callable[..., CrossrefStandin]
PLAIN = "Resource not found."


@pytest.fixture
def get(standin: Start) -> Callable[..., requests.Response]:
    server = standin()

    def ask(path: str, method: str = "GET", **headers: str) -> requests.Response:
        return requests.request(method, server.url + path, headers=headers, allow_redirects=False, timeout=10)

    return ask


def test_a_single_record_has_empty_lists_and_score_one(get: Callable[..., requests.Response]) -> None:
    for path in ("/works/10.5555%2Ftidal.2019", "/works/10.5555/TIDAL.2019", "/v1/works/10.5555%2Ftidal.2019"):
        answer = get(path)
        message = answer.json()["message"]
        assert (message["DOI"], message["score"], message["subtitle"], message["relation"]) == (
            "10.5555/tidal.2019", 1, [], {},
        )  # fmt: skip
        assert "10.5555\\/tidal.2019" in answer.text


def test_lists_leave_out_what_is_empty(get: Callable[..., requests.Response]) -> None:
    message = get(f"/works?query.bibliographic={TIDAL}&rows=4").json()["message"]
    assert len(message["items"]) == 4
    assert all(value not in ([], {}, "") for item in message["items"] for value in item.values())
    assert message["query"]["search-terms"] is None
    assert get(f"/works?query={TIDAL}").json()["message"]["query"]["search-terms"] == TIDAL
    [first, *_] = get(f"/works?query.bibliographic={TIDAL}&select=DOI,score").json()["message"]["items"]
    assert set(first) == {"DOI", "score"}


def test_scores_grow_with_the_query_and_look_alikes_come_first(get: Callable[..., requests.Response]) -> None:
    def best(text: str) -> dict[str, Any]:
        item: dict[str, Any] = get(f"/works?query.bibliographic={text}").json()["message"]["items"][0]
        return item

    assert best(f"{TIDAL} {TIDAL}")["score"] == pytest.approx(2 * best(TIDAL)["score"], rel=1e-3)
    assert best(f"Ada Nordahl Bo Lindqvist {TIDAL}")["DOI"] == "10.5555/clone.2025"
    assert best(f"Nordahl {TIDAL} Journal of Invented Oceanography 2019 12 101-118")["DOI"] == "10.5555/tidal.2019"


def test_batches_pass_over_what_they_do_not_have(get: Callable[..., requests.Response]) -> None:
    answer = get(
        "/works?filter=doi:10.5555/series.1,doi:10.5555/SERIES.2,doi:10.5555/old.tidal,doi:10.5555/none&rows=9"
    )
    assert {item["DOI"] for item in answer.json()["message"]["items"]} == {"10.5555/series.1", "10.5555/series.2"}


def test_aliases_are_redirects(get: Callable[..., requests.Response]) -> None:
    answer = get("/works/10.5555%2Fold.tidal")
    assert (answer.status_code, answer.headers["location"]) == (301, "/works/10.5555%2Ftidal.2019")


@pytest.mark.parametrize(
    ("path", "status", "kind", "says"),
    [
        ("/works/10.5555%2Fnone", 404, "text/plain", PLAIN),
        ("/works/10.5555%2Fnone/agency", 404, "application/json;charset=utf-8", PLAIN),
        ("/works/10.5555%2Ftidal.2019?rows=2", 400, "application/json;charset=utf-8", "parameter-not-allowed"),
        ("/works?rows=1001", 400, "application/json;charset=utf-8", "integer-not-valid"),
        ("/works?select=DOI,subtype", 400, "application/json;charset=utf-8", "Valid selects for this route are"),
        ("/works?filter=doi:nonsense", 400, "application/json;charset=utf-8", "doi-not-valid"),
        ("/works?fields=x", 400, "application/json;charset=utf-8", "no such parameter"),
        ("/nowhere", 404, "application/json", "route-not-found"),
        ("/works?query=" + "x" * 4100, 414, "text/html", "414"),
        ("/works/10.5281%2Fzenodo.1/agency", 200, "application/json;charset=utf-8", "DataCite"),
    ],
)
def test_errors_have_their_bodies(
    get: Callable[..., requests.Response], path: str, status: int, kind: str, says: str
) -> None:
    answer = get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert says in answer.text


def test_other_methods(get: Callable[..., requests.Response]) -> None:
    assert get("/works", "POST").status_code == 405
    assert get("/works/10.5555%2Ftidal.2019", "HEAD").status_code == 200
    assert get("/works/10.5555%2Fnone", "HEAD").content == b""


@pytest.mark.parametrize(
    ("path", "agent", "old", "told"),
    [
        ("/works?rows=1", "x", "public 5 1", "public-array 1 1"),
        ("/works/10.5555%2Fnone", "x", "public 5 1", "public-single 5 1"),
        ("/works?rows=1&mailto=a@b.org", "x", "polite 10 3", "polite-array 3 3"),
        ("/works/10.5555%2Fnone", "x (mailto:a@b.org)", "polite 10 3", "polite-single 10 3"),
    ],
)
def test_pools(standin: Start, path: str, agent: str, old: str, told: str) -> None:
    for names, expected in (("old", old), ("new", told)):
        server = standin(pool_names=names)
        headers = requests.get(server.url + path, headers={"User-Agent": agent}, timeout=10).headers
        said = [headers[k] for k in ("x-api-pool", "x-rate-limit-limit", "x-concurrency-limit")]
        assert " ".join(said) == expected


def test_what_is_too_fast_is_refused_in_three_ways(standin: Start) -> None:
    server = standin(enforce=True)
    answers = [requests.get(f"{server.url}/works?rows=1", timeout=10) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 429, 429, 429]
    assert {a.text[:6] for a in answers[1:]} == {"", "<html>"}
    assert ["retry-after" in a.headers for a in answers[1:]].count(True) == 1
    assert not any("x-rate-limit-limit" in a.headers for a in answers[1:])
    assert server.peak("array") == 4


def test_broken_answers(standin: Start) -> None:
    server = standin(plan=scripted(["drop", "drop-midway", "truncated", "html-200", "doubled-headers"]))
    url = f"{server.url}/works/10.5555%2Ftidal.2019"
    for _ in range(2):
        with pytest.raises(requests.RequestException):
            requests.get(url, timeout=10)
    with pytest.raises(requests.JSONDecodeError):
        requests.get(url, timeout=10).json()
    assert requests.get(url, timeout=10).headers["content-type"] == "text/html"
    assert requests.get(url, timeout=10).headers["x-rate-limit-limit"] == "5, 5"
