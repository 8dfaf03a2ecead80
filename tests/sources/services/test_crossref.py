"""Crossref as a source, against the stand-in: what is asked, what is believed, what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.contract import NetworkContract
from tests.sources.times import FakeTime
from tests.standin import ALL_FAULTS, CrossrefStandin, each, scripted, share
from tests.standin.works import SERIES, TIDAL

from refcheck.errors import SourceUnavailable, UsageError
from refcheck.model import Identified, Query, Reference
from refcheck.sources import AnswerCache, Crossref, Source
from refcheck.sources.services.crossref import FILTER, SELECT
from refcheck.sources.services.crossref_protocol import asked_doi, query_text

Start = Callable[..., CrossrefStandin]


def crossref(standin: CrossrefStandin, **options: object) -> Crossref:
    """A client whose waits take no time."""
    return Crossref(standin.url, "editor@example.org", **{"rate_limit": False, **timeless(), **options})  # type: ignore[arg-type]


def timeless() -> dict[str, Callable[..., float | None]]:
    """A clock that only sleeping moves."""
    time = FakeTime()
    return {"clock": time.now, "sleep": time.sleep}


def printed(*dois: str) -> list[Reference]:
    return [Reference(doi=doi) for doi in dois]


def query(text: str) -> Query:
    return Query(kind="entry", text=text, reference=Reference(raw=text))


def test_it_is_a_source(standin: Start) -> None:
    client = crossref(standin())
    assert isinstance(client, Source)
    assert client.name == "crossref"


# -- by identifier ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doi",
    [
        "10.5555/tidal.2019",
        "10.5555/TIDAL.2019",
        "10.5555/0000-0000(1996)077<0935:wotwsm>2.0.co;2",
        "10.5555/a#b?c/../d",
        "10.5555/comma,1",
    ],
)
def test_a_doi_names_its_work_whatever_is_in_it(standin: Start, doi: str) -> None:
    found = crossref(standin()).identify(printed(doi))
    assert found.works[doi].doi == doi.lower()
    assert found.works[doi].source == "crossref"


def test_an_alias_is_followed_and_told(standin: Start) -> None:
    for absolute in (False, True):
        server = standin(absolute_redirects=absolute)
        found = crossref(server).identify(printed("10.5555/old.tidal"))
        assert found.works["10.5555/old.tidal"].doi == "10.5555/tidal.2019"
        assert found.works["10.5555/old.tidal"].also["doi"] == ("10.5555/old.tidal",)
        assert server.statuses == [301, 200]


def test_a_doi_with_latex_escapes_is_asked_for_without_them(standin: Start) -> None:
    escaped = asked_doi(r"10.5555/series{\_}1").replace("_", ".")
    assert escaped in crossref(standin()).identify(printed(escaped)).works
    assert asked_doi(r"10.1162/tacl\_a{\_}00276\%") == "10.1162/tacl_a_00276%"


def test_many_dois_take_few_requests(standin: Start) -> None:
    server = standin()
    dois = [r["DOI"] for r in SERIES[:100]]
    found = crossref(server).identify(printed(*dois, *dois))
    assert set(found.works) == set(dois)
    assert server.requests == 3
    assert all(asked.bytes < 4000 for asked in server.asked)
    assert all(int(asked.get("rows")) >= len(asked.get("filter").split(",")) for asked in server.asked)


def test_long_dois_do_not_make_long_addresses(standin: Start) -> None:
    server = standin()
    client = crossref(server, agencies=None)
    client.identify(printed(*(f"10.5555/{'(long)' * 30}{n}" for n in range(50))))
    assert max(asked.bytes for asked in server.asked if asked.bucket == "array") < 4000


def test_what_a_batch_passes_over_is_asked_for_singly(standin: Start) -> None:
    server = standin()
    found = crossref(server).identify(
        printed(
            "10.5555/series.1", "10.5555/series.2", "10.5555/old.tidal", "10.5555/nothing", "10.5281/zenodo.1",
            "10.5555/comma,1", "10.5555/soon",
        )
    )  # fmt: skip
    assert set(found.works) == {"10.5555/series.1", "10.5555/series.2", "10.5555/old.tidal", "10.5555/comma,1"}
    assert found.unknown == {"10.5555/nothing"}
    assert found.elsewhere == {"10.5281/zenodo.1": "DataCite"}
    assert set(found.unanswered) == {"10.5555/soon"}


def test_a_doi_is_unknown_only_when_an_agency_says_so(standin: Start) -> None:
    def silent(dois: object) -> dict[str, str]:
        raise SourceUnavailable("doi.org", "no connection")

    answers = {
        "off": crossref(standin(), agencies=None),
        "silent": crossref(standin(), agencies=silent),
        "says nothing": crossref(standin(), agencies=lambda dois: {}),
        "broken": crossref(standin(plan=lambda a: "503" if a.path.endswith("agency") else "")),
    }
    for what, client in answers.items():
        found = client.identify(printed("10.5281/zenodo.1"))
        assert (found.unknown, dict(found.elsewhere)) == (frozenset(), {}), what
        assert set(found.unanswered) == {"10.5281/zenodo.1"}, what


def test_one_bad_doi_does_not_spoil_the_batch(standin: Start) -> None:
    server = standin(plan=lambda asked: "400" if asked.bucket == "array" else "")
    found = crossref(server).identify(printed("10.5555/series.1", "10.5555/series.2", "10.5555/series.3"))
    assert len(found.works) == 3


def test_what_is_no_doi_is_not_asked_for(standin: Start) -> None:
    server = standin()
    assert crossref(server).identify(printed("", "1016/j.x.2013", "10.12/x")) == Identified()
    assert server.requests == 0


# -- by description --------------------------------------------------------------------------------------------------


def test_a_query_finds_the_work(standin: Start) -> None:
    server = standin()
    works = crossref(server).search(query(f"Nordahl A, Lindqvist B. {TIDAL}. J Invented Oceanogr 2019;12(3):101-18."))
    assert "10.5555/tidal.2019" in [w.doi for w in works]
    assert len(works) == 5
    [asked] = server.asked
    assert asked.path == "/works"
    assert asked.get("select") == ",".join(SELECT)


def test_a_query_that_finds_nothing_is_an_empty_answer(standin: Start) -> None:
    client = crossref(standin())
    assert client.search(query("zzzz qqqq")) == ()
    assert client.search(query("  \n ")) == ()


def test_the_same_question_is_asked_once(standin: Start) -> None:
    server = standin(delay=0.1)
    client = crossref(server)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(client.search, [query(TIDAL), query(f"{TIDAL} \n")] * 4))
    assert server.requests == 1
    assert all(answer == answers[0] for answer in answers)


@given(st.text(max_size=3000))
def test_query_texts_stay_short(text: str) -> None:
    from urllib.parse import quote

    cut = query_text(text)
    assert len(quote(cut, safe="")) <= 1500
    assert " ".join(text.encode("utf-8", "ignore").decode().split()).startswith(cut)


def test_our_words_are_in_habaneros_vocabulary() -> None:
    from habanero.crossref.filters import works_filter_details
    from habanero.select import VALID_SELECTS

    assert set(SELECT) <= set(VALID_SELECTS)
    assert len(set(SELECT)) == len(SELECT)
    assert FILTER in works_filter_details


# -- when things go wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [f for f in ALL_FAULTS if f != "slow"])
def test_one_fault_of_any_kind_is_survived(standin: Start, fault: str) -> None:
    server = standin(plan=scripted([fault, fault, "", fault]))
    client = crossref(server)
    assert client.search(query(TIDAL))
    found = client.identify(printed("10.5555/series.1", "10.5555/nothing"))
    assert set(found.works) == {"10.5555/series.1"}
    assert found.unknown == {"10.5555/nothing"}


@pytest.mark.parametrize(
    "fault", ["503", "drop", "truncated", "html-200", "html-404", "wrong-shape", "429-bare", "403"]
)
def test_an_outage_is_never_an_empty_answer(standin: Start, fault: str) -> None:
    server = standin(plan=each(fault))
    client = crossref(server)
    with pytest.raises(SourceUnavailable) as told:
        client.search(query(TIDAL))
    assert told.value.source == "crossref"
    dois = ["10.5555/series.1", "10.5555/series.2", "10.5555/series.3", "10.5555/nothing"]
    found = client.identify(printed(*dois))
    assert set(found.unanswered) == set(dois)
    assert found == Identified(unanswered=found.unanswered)
    assert client.enquiry().failed > 0


def test_after_a_403_nothing_more_is_sent(standin: Start) -> None:
    server = standin(plan=each("403"))
    client = crossref(server)
    for _ in range(5):
        with pytest.raises(SourceUnavailable, match="403"):
            client.search(query(TIDAL))
    assert server.requests == 1


def test_a_server_that_is_not_there(standin: Start) -> None:
    with CrossrefStandin() as gone:
        pass
    client = crossref(gone)
    with pytest.raises(SourceUnavailable, match="no connection"):
        client.search(query(TIDAL))


def test_another_server_is_noticed(standin: Start) -> None:
    server = standin()
    client = Crossref(f"{server.url}/elsewhere", rate_limit=False, **timeless())
    with pytest.raises(SourceUnavailable):
        client.search(query(TIDAL))
    assert set(client.identify(printed("10.5555/series.1")).unanswered) == {"10.5555/series.1"}


def test_with_many_faults_all_is_answered(standin: Start) -> None:
    kinds = [k for k in ALL_FAULTS if k != "slow" and "seconds" not in k and "date" not in k]
    server = standin(plan=share(0.2, kinds, seed=4))
    client = crossref(server)
    texts = [str(r["title"][0]) for r in SERIES[:60]]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(client.search, map(query, texts)))
    assert all(r["DOI"] in [w.doi for w in works] for r, works in zip(SERIES, answers, strict=False))
    found = client.identify(printed(*(r["DOI"] for r in SERIES), *(f"10.5555/not.{n}" for n in range(10))))
    assert len(found.works) == len(SERIES)
    assert len(found.unknown) == 10


# -- pace ------------------------------------------------------------------------------------------------------------


#: Seconds in which the limit of a second is looked for: a busy machine notes arrivals late.
NEARLY_A_SECOND = 0.85


def test_the_limits_are_kept(standin: Start) -> None:
    server = standin(delay=0.2)
    client = Crossref(server.url, "editor@example.org")
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(client.search, [query(f"{TIDAL} {n}") for n in range(7)]))
    assert server.peak("array", NEARLY_A_SECOND) <= 3
    assert server.max_in_flight <= 3


def test_without_an_address_one_at_a_time(standin: Start) -> None:
    server = standin()
    client = Crossref(server.url)
    assert client.concurrency == 1
    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(client.search, [query(f"{TIDAL} {n}") for n in range(3)]))
    assert (server.peak("array", NEARLY_A_SECOND), server.max_in_flight) == (1, 1)


def test_a_pool_that_turns_out_stricter_is_kept_to(standin: Start) -> None:
    # The address is not taken, say: the first answer comes from the public pool.
    server = standin(pool="public")
    client = Crossref(server.url, "editor@example.org")
    client.search(query("the first answer tells"))
    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(client.search, [query(f"{TIDAL} {n}") for n in range(2)]))
    assert (server.peak("array", NEARLY_A_SECOND), server.max_in_flight) == (1, 1)


# -- what leaves the machine -----------------------------------------------------------------------------------------


def test_it_says_who_it_is(standin: Start) -> None:
    server = standin()
    crossref(server).search(query(TIDAL))
    [asked] = server.asked
    assert asked.pool == "polite"
    assert asked.get("mailto") == "editor@example.org"
    assert asked.headers["user-agent"].startswith("manuscript-refcheck/")
    assert "cookie" not in asked.headers


def test_a_dry_run_sends_nothing(standin: Start) -> None:
    server = standin()
    outbox: list[object] = []
    client = crossref(server, outbox=outbox)
    with pytest.raises(SourceUnavailable, match="nothing was sent"):
        client.search(query(TIDAL))
    assert set(client.identify(printed("10.5555/series.1")).unanswered) == {"10.5555/series.1"}
    assert server.requests == 0
    assert [o.method for o in outbox] == ["GET", "GET"]  # type: ignore[attr-defined]
    assert TIDAL in unquote(outbox[0].url)  # type: ignore[attr-defined]
    assert "example.org" not in unquote(str(outbox))


def test_the_token_goes_to_crossref_only(standin: Start, caplog: pytest.LogCaptureFixture) -> None:
    server = standin(plan=scripted(["", "503", "html-200", "403"]))
    environ = {"REFCHECK_PLUS_TOKEN": "s3cret"}
    client = Crossref(server.url, "editor@example.org", environ=environ, **timeless())
    with caplog.at_level("DEBUG"):
        client.search(query(TIDAL))
        with pytest.raises(SourceUnavailable) as told:
            client.search(query("other"))
    assert server.asked[0].headers["crossref-plus-api-token"] == "Bearer s3cret"
    for text in (str(told.value), repr(told.value), caplog.text):
        assert "s3cret" not in text
        assert "example.org" not in text
    assert "urllib3" in caplog.text  # it did log


def test_a_mirror_does_not_get_the_token() -> None:
    client = Crossref("https://mirror.example.org", environ={"REFCHECK_PLUS_TOKEN": "s3cret"})
    assert client.concurrency == 1


@pytest.mark.parametrize(
    ("url", "mailto"),
    [
        ("http://api.crossref.org", ""),
        ("ftp://api.crossref.org", ""),
        ("https://user:word@api.crossref.org", ""),
        ("https://api.crossref.org/?key=1", ""),
        ("https://[::1", ""),
        ("api.crossref.org", ""),
        ("https://api.crossref.org", "no address"),
        ("https://api.crossref.org", "a@b.org\r\nX-Injected: 1"),
    ],
)
def test_addresses_that_are_not_taken(url: str, mailto: str) -> None:
    with pytest.raises(UsageError):
        Crossref(url, mailto)


def test_the_limits_of_crossref_itself_stand() -> None:
    with pytest.raises(UsageError, match="limits"):
        Crossref(mailto="editor@example.org", rate_limit=False)


def test_settings_come_from_the_environment(standin: Start) -> None:
    server = standin()
    client = Crossref(environ={"REFCHECK_CROSSREF_URL": server.url, "REFCHECK_MAILTO": "b@example.org"})
    assert client.search(query(TIDAL))
    assert server.asked[0].get("mailto") == "b@example.org"


# -- the cache -------------------------------------------------------------------------------------------------------


def test_the_second_run_asks_nothing(standin: Start, tmp_path: object) -> None:
    server = standin()
    dois = ["10.5555/series.1", "10.5555/old.tidal", "10.5555/nothing", "10.5281/zenodo.1"]

    def run() -> tuple[object, object]:
        client = crossref(server, cache=AnswerCache(str(tmp_path)))
        return client.identify(printed(*dois)), client.search(query(TIDAL))

    first = run()
    asked = server.requests
    assert run() == first
    assert server.requests == asked


def test_what_was_kept_serves_in_an_outage(standin: Start, tmp_path: object) -> None:
    server = standin()
    now = [1e9]
    cache = AnswerCache(str(tmp_path), now=lambda: now[0])
    client = crossref(server, cache=cache)
    works = client.search(query(TIDAL))
    record = client.identify(printed("10.5555/series.1"))
    now[0] += 10 * 86400
    server.plan = each("503")
    later = crossref(server, cache=cache, attempts=2)
    assert later.search(query(TIDAL)) == works
    assert later.identify(printed("10.5555/series.1")) == record
    now[0] += 30 * 86400
    with pytest.raises(SourceUnavailable):
        crossref(server, cache=cache, attempts=2).search(query(TIDAL))


def test_failures_are_not_kept(standin: Start, tmp_path: object) -> None:
    cache = AnswerCache(str(tmp_path))
    broken = crossref(standin(plan=each("html-200")), cache=cache, attempts=2)
    broken.identify(printed("10.5555/series.1"))
    with pytest.raises(SourceUnavailable):
        broken.search(query(TIDAL))
    assert cache.info().entries == {}


class TestContract(NetworkContract):
    """Crossref keeps to what every source keeps to."""

    known = Reference(doi="10.5555/tidal.2019")
    key = "10.5555/tidal.2019"
    asked = Query(kind="entry", text=TIDAL, reference=Reference())
    faults = tuple(f for f in ALL_FAULTS if f != "slow" and not f.endswith("-headers"))

    @pytest.fixture
    def client(self, standin: Start) -> Crossref:
        return crossref(standin())

    @contextmanager
    def broken(self, fault: str) -> Iterator[Source]:
        with CrossrefStandin(plan=each(fault)) as server:
            yield crossref(server)
