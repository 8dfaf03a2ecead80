"""The OpenSearch source over real HTTP, against answers in OpenSearch's shapes: fixtures/opensearch/*.json."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.sources.contract import NetworkContract
from tests.sources.invented import record, write_lines

from refcheck.errors import SourceUnavailable, UnreadableInput
from refcheck.model import Query, Reference
from refcheck.sources import OpenSearch, Source
from refcheck.sources.corpus.opensearch import index_body, query_body

FOLDER = Path(__file__).parents[3] / "fixtures" / "opensearch"
EXCHANGES = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in FOLDER.glob("*.json")}
ENTRY = Query(kind="entry", text="Novak A. Wound healing in mice. 2019;7:11-19.", reference=Reference())
PLACE = Query(
    kind="locator",
    text="Annals of Fiction Novak",
    reference=Reference(year="2019", volume="7", pages="11-19"),
)


class Cluster:
    """Answers with what it was given, in turn, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, Any]] = lambda asked: self.answers.pop(0)
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                content = self.rfile.read(length).decode()
                url = urlsplit(self.path)
                lines = [json.loads(line) for line in content.splitlines() if line]
                cluster.asked.append(
                    {
                        "method": self.command,
                        "path": url.path,
                        "query": url.query,
                        "body": lines if url.path == "/_bulk" else (lines or [None])[0],
                    }
                )
                status, body = cluster.answer(cluster.asked[-1])
                data = json.dumps(body).encode() if body is not None else b""
                self.send_response(status)
                self.send_header("content-type", "application/json; charset=UTF-8")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_HEAD = reply  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def running() -> Iterator[Cluster]:
    cluster = Cluster()
    thread = threading.Thread(target=cluster.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield cluster
    finally:
        cluster.server.shutdown()
        cluster.server.server_close()
        thread.join()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running() as cluster:
        yield cluster


@pytest.fixture
def answered(cluster: Cluster) -> Callable[..., OpenSearch]:
    """A source whose cluster gives these answers, in turn."""

    def start(*names: str) -> OpenSearch:
        cluster.answers = [(e["status"], e["body"]) for n in names for e in [EXCHANGES[n]["response"]]]
        return OpenSearch(cluster.url)

    return start


@pytest.mark.parametrize(("name", "query"), [("search", ENTRY), ("search-locator", PLACE)])
def test_a_search(cluster: Cluster, answered: Callable[..., OpenSearch], name: str, query: Query) -> None:
    source = answered(name)
    assert isinstance(source, Source)
    works = source.search(query)
    near = ["10.5555/inv.1", "10.5555/inv.2"] if name == "search" else ["10.5555/inv.1"]
    assert [w.doi for w in works] == near
    assert works[0].title == "Wound healing in mice"
    assert works[0].source == "opensearch"
    assert cluster.asked == [{"query": "", **EXCHANGES[name]["request"]}]
    assert (source.enquiry().requests, source.enquiry().failed) == (1, 0)


def test_dois_are_asked_for_together(cluster: Cluster, answered: Callable[..., OpenSearch]) -> None:
    source = answered("mget")
    printed = [Reference(doi="10.5555/INV.1"), Reference(doi="10.5555/absent"), Reference(doi="10.5555/inv.1")]
    found = source.identify([*printed, Reference()])
    assert found.works["10.5555/inv.1"].volume == "7"
    assert found.unknown == {"10.5555/absent"}
    assert cluster.asked == [EXCHANGES["mget"]["request"]]


def test_nothing_is_asked_about_nothing(cluster: Cluster, answered: Callable[..., OpenSearch]) -> None:
    source = answered()
    assert source.identify([Reference()]).works == {}
    assert source.search(Query(kind="entry", text=" .,; ", reference=Reference())) == ()
    assert source.search(Query(kind="locator", text="Annals of Fiction", reference=Reference())) == ()
    assert cluster.asked == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("search-partial", "not every shard answered"),
        ("search-red", "not every shard answered"),
        ("search-timed-out", "not every shard answered"),
        ("no-such-index", "404"),
        ("overloaded", "429"),
        ("forbidden", "403"),
        ("foreign-document", "not refcheck's"),
        ("mget", "no list of hits"),
    ],
)
def test_an_outage_is_never_an_empty_answer(answered: Callable[..., OpenSearch], name: str, reason: str) -> None:
    source = answered(name, name, name)
    with pytest.raises(SourceUnavailable, match=reason):
        source.search(ENTRY)
    assert source.enquiry().failed == 1


class TestContract(NetworkContract):
    known = Reference(doi="10.5555/inv.1")
    key = "10.5555/inv.1"
    asked = ENTRY
    faults = (
        "search-partial",
        "search-red",
        "search-timed-out",
        "mget-error",
        "no-such-index",
        "overloaded",
        "forbidden",
        "foreign-document",
        "refused",
    )

    @pytest.fixture
    def client(self, cluster: Cluster) -> Source:
        search, mget = EXCHANGES["search"]["response"]["body"], EXCHANGES["mget"]["response"]["body"]

        def answer(asked: dict[str, Any]) -> tuple[int, Any]:
            if asked["path"].endswith("_search"):
                return 200, search
            here = {d["_id"]: d for d in mget["docs"] if d["found"]}
            return 200, {"docs": [here.get(i, {"_id": i, "found": False}) for i in asked["body"]["ids"]]}

        cluster.answer = answer
        return OpenSearch(cluster.url)

    @contextmanager
    def broken(self, fault: str) -> Iterator[Source]:
        if fault == "refused":
            yield OpenSearch("http://127.0.0.1:9", timeout=0.2)
            return
        with running() as cluster:
            cluster.answers = [(e["status"], e["body"]) for e in [EXCHANGES[fault]["response"]]] * 8
            yield OpenSearch(cluster.url)


class TestLoading:
    TAKEN = (200, EXCHANGES["bulk"]["response"]["body"])
    REFRESHED = (200, {"_shards": {"total": 2, "successful": 1, "failed": 0}})
    COUNTED = (200, {"count": 2, "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0}})
    CREATED = (200, {"acknowledged": True, "shards_acknowledged": True, "index": "refcheck-works"})

    def test_the_index_is_made_and_filled(self, cluster: Cluster, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", [record(1), record(2)])
        cluster.answers = [(404, None), self.CREATED, self.TAKEN, self.REFRESHED, self.COUNTED]
        told: list[tuple[int, int, int]] = []
        built = OpenSearch(cluster.url).load([path], shards=6, replicas=2, progress=lambda *p: told.append(p))
        assert (built.records, built.documents, built.problems) == (2, 2, ())
        assert told == [(2, path.stat().st_size, path.stat().st_size)]
        head, make, bulk, refresh, _ = cluster.asked
        assert (head["method"], head["path"]) == ("HEAD", "/refcheck-works")
        assert (make["method"], make["path"], make["body"]) == ("PUT", "/refcheck-works", index_body(6, 2))
        assert refresh["path"] == "/refcheck-works/_refresh"
        action, document = bulk["body"][:2]
        assert action == {
            "index": {
                "_index": "refcheck-works",
                "_id": "10.5555/inv.1",
                "version": 1600000000001,
                "version_type": "external",
            }
        }
        assert set(document) == set(index_body()["mappings"]["properties"])
        assert document["locator"][0].startswith("v")
        assert "reference" not in document["record"]
        assert document["words"] == document["words"].lower()

    def test_a_document_that_is_refused_stops_it(self, cluster: Cluster, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", [record(1), record(2)])
        cluster.answers = [(200, None), (200, EXCHANGES["bulk-refused"]["response"]["body"])]
        with pytest.raises(SourceUnavailable, match="strict_dynamic_mapping_exception"):
            OpenSearch(cluster.url).load([path])

    def test_an_index_that_came_to_be_meanwhile_is_filled(self, cluster: Cluster, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", [record(1), record(2)])
        there = {"error": {"type": "resource_already_exists_exception", "reason": "it exists"}, "status": 400}
        cluster.answers = [(404, None), (400, there), self.TAKEN, self.REFRESHED, self.COUNTED]
        assert OpenSearch(cluster.url).load([path]).documents == 2

    def test_a_count_of_some_shards_is_no_count(self, cluster: Cluster, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", [record(1), record(2)])
        some = {"count": 1, "_shards": {"total": 2, "successful": 1, "skipped": 0, "failed": 0}}
        cluster.answers = [(200, None), self.TAKEN, self.REFRESHED, (200, some)]
        with pytest.raises(SourceUnavailable, match="not every shard"):
            OpenSearch(cluster.url).load([path])

    def test_no_record(self, cluster: Cluster, tmp_path: Path) -> None:
        (tmp_path / "r.jsonl").write_text("no record\n")
        cluster.answers = [
            (200, None),
            self.REFRESHED,
            (200, {"count": 0, "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0}}),
        ]
        with pytest.raises(UnreadableInput, match="one of 1 lines is not"):
            OpenSearch(cluster.url).load([tmp_path / "r.jsonl"])


def test_words_of_query_and_document_are_cut_alike() -> None:
    title = record(1)["title"][0]
    body = query_body(Query(kind="title", text=title.upper(), reference=Reference()))
    assert body is not None
    assert body["query"]["bool"]["should"][0]["match"]["words"]["query"] == title.lower()
