"""The OpenSearch source over three real nodes: `make cluster`. It needs Java, and is not in the default run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

import refcheck
from refcheck.cli import main
from refcheck.errors import SourceUnavailable
from refcheck.model import Query, Reference, Verdict
from refcheck.pipeline import check_references, read_reference
from refcheck.renderers.data import wire
from refcheck.sources import Index, OpenSearch, Source, build_index
from tests.cluster.nodes import Nodes, Unavailable, wait
from tests.sources.contract import SourceContract
from tests.sources.invented import printed, record, write_lines

ROOT = Path(__file__).parents[2]
SEED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md"
SNAPSHOT = ROOT / "fixtures" / "records" / "exosome-therapy.jsonl"
RECORDS = [record(n) for n in range(3000)]


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    try:
        cluster = Nodes(tmp_path_factory.mktemp("cluster"))
        cluster.__enter__()
    except Unavailable as why:
        pytest.skip(f"no cluster: {why}")
    try:
        yield cluster
    finally:
        cluster.__exit__()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [write_lines(tmp_path_factory.mktemp("records") / "invented.jsonl", RECORDS), SNAPSHOT]


@pytest.fixture(scope="session")
def loaded(nodes: Nodes, files: list[Path]) -> str:
    """The name of an index that holds the records, in three parts with a copy each."""
    built = OpenSearch(nodes.urls, "loaded").load(files, shards=3, replicas=1)
    assert built.documents == built.records
    nodes.settle()
    return "loaded"


@pytest.fixture
def source(nodes: Nodes, loaded: str) -> OpenSearch:
    return OpenSearch(nodes.urls, loaded)


class TestContract(SourceContract):
    known = Reference(doi="10.5555/INV.7")
    key = "10.5555/inv.7"
    asked = Query(kind="entry", text=printed(RECORDS[7]), reference=read_reference(printed(RECORDS[7])))

    @pytest.fixture
    def client(self, source: OpenSearch) -> Source:
        return source

    def test_it_identifies(self, client: Source) -> None:
        found = client.identify([self.known, self.known])
        assert [w.doi for w in found.works.values()] == [self.key]


def test_the_parts_are_spread_and_copied(nodes: Nodes, loaded: str) -> None:
    shards = nodes.ask(f"/_cat/shards/{loaded}?format=json")
    assert len(shards) == 6
    assert {s["state"] for s in shards} == {"STARTED"}
    assert len({s["node"] for s in shards}) == 3


def test_it_says_what_the_index_on_disk_says(source: OpenSearch, files: list[Path], tmp_path: Path) -> None:
    build_index(files, tmp_path / "index")
    on_disk = Index(tmp_path / "index")
    texts = [printed(r) for r in RECORDS[:150]]
    texts += [t.replace("healing", "feeling", 1) for t in texts[:50] if "healing" in t]
    texts += ["Nobody N. A paper that was never written about anything. J Void. 2019;1:1-2."]
    references = [read_reference(t) for t in texts]
    here, there = ([_told(m) for m in check_references(references, [s])] for s in (on_disk, source))
    assert there == here
    assert {m["verdict"] for m in here} >= {"matched", "absent"}


def _told(match: Any) -> dict[str, Any]:
    """What is said of a reference, but for the source's name."""
    from refcheck.rules import judge_match

    line = wire.line("1", match.reference, match, judge_match(match))
    return {
        "verdict": line["match"]["verdict"],
        "doi": line["match"]["doi"],
        "findings": [(f["code"], f["field"], f["printed"], f["recorded"]) for f in line["findings"]],
    }


def test_a_manuscript_is_checked_against_it(source: OpenSearch) -> None:
    report = refcheck.check(SEED, sources=[source])
    assert {m.verdict for m in report.matches} == {Verdict.MATCHED}
    assert {m.work.source for m in report.matches if m.work} == {"opensearch"}


def test_several_processes_of_a_batch_ask_it(nodes: Nodes, files: list[Path], tmp_path: Path) -> None:
    url = f"{nodes.urls[0]}/by-command"
    assert main(["index", "load", *map(str, files), "--into", url, "--shards", "3"]) == 0
    refs = tmp_path / "refs.txt"
    refs.write_text("".join(printed(r) + "\n" for r in RECORDS[:250]))
    out = tmp_path / "out.jsonl"
    assert main(["batch", str(refs), "-o", str(out), "--jobs", "2", "--opensearch", url]) == 0
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["match"]["verdict"] for line in lines] == ["matched"] * 250


def test_loading_twice_changes_nothing_and_an_older_copy_does_not_count(nodes: Nodes, tmp_path: Path) -> None:
    source = OpenSearch(nodes.urls, "versions")
    newer = record(1, title=["The newer title of a work"], indexed={"timestamp": 1_700_000_000_000})
    source.load([write_lines(tmp_path / "a.jsonl", [newer, record(2)])])
    again = source.load([write_lines(tmp_path / "b.jsonl", [record(1), record(2)])])
    assert again.documents == 2
    assert source.identify([Reference(doi="10.5555/inv.1")]).works["10.5555/inv.1"].title.startswith("The newer")


def test_no_index_is_an_outage_and_not_an_absence(nodes: Nodes) -> None:
    nowhere = OpenSearch(nodes.urls, "never-made")
    with pytest.raises(SourceUnavailable, match="404"):
        nowhere.search(TestContract.asked)
    (match,) = check_references([read_reference(printed(RECORDS[1]))], [nowhere])
    assert match.verdict is Verdict.UNCHECKED
    assert match.unavailable


# -- faults: last, as they take nodes away ---------------------------------------------------------------------------


def test_a_node_killed_in_the_middle_of_a_batch_costs_nothing(nodes: Nodes, source: OpenSearch) -> None:
    references = [read_reference(printed(r)) for r in RECORDS[:200]]
    matches = []
    for number, match in enumerate(check_references(references, [source], chunk=40)):
        matches.append(match)
        if number == 60:
            nodes.kill(2)
    verdicts = {m.verdict for m in matches}
    assert Verdict.ABSENT not in verdicts
    # What was asked while the cluster made up its mind may be unchecked; asked again, it is there.
    again = [m.reference for m in matches if m.verdict is Verdict.UNCHECKED]
    assert all(m.unavailable for m in matches if m.verdict is Verdict.UNCHECKED)
    nodes.settle("yellow")
    assert {m.verdict for m in check_references(again, [source])} <= {Verdict.MATCHED}
    nodes.start(2)
    nodes.settle(nodes=3)


def test_a_node_killed_in_the_middle_of_a_build_loses_no_record(nodes: Nodes, tmp_path: Path) -> None:
    files = [write_lines(tmp_path / "r.jsonl", (record(n) for n in range(8000)))]
    source = OpenSearch(nodes.urls, "interrupted")
    killed = False

    def kill_once(records: int, done: int, size: int) -> None:
        nonlocal killed
        if records >= 2000 and not killed:
            killed = True
            nodes.kill(2)

    with suppress(SourceUnavailable):  # it may be told; the same call goes on
        source.load(files, shards=3, replicas=1, progress=kill_once)
    assert killed
    nodes.settle("yellow")
    assert source.load(files).documents == 8000
    nodes.start(2)
    nodes.settle(nodes=3)
    assert len(source.identify([Reference(doi=f"10.5555/inv.{n}") for n in range(8000)]).works) == 8000


def test_a_red_index_makes_nothing_absent(nodes: Nodes, tmp_path: Path) -> None:
    source = OpenSearch(nodes.urls[:2], "uncopied")
    some = RECORDS[:300]
    source.load([write_lines(tmp_path / "r.jsonl", some)], shards=3, replicas=0)
    nodes.kill(2)
    wait(lambda: nodes.ask("/_cluster/health/uncopied")["status"] == "red")
    references = [read_reference(printed(r)) for r in some[:40]]
    matches = list(check_references(references, [source]))
    assert {m.verdict for m in matches} == {Verdict.UNCHECKED}
    assert all(m.unavailable for m in matches)
    found = source.identify([Reference(doi=f"10.5555/inv.{n}") for n in range(40)])
    assert not found.unknown
    assert found.unanswered
    nodes.start(2)
    nodes.settle(nodes=3)
    assert {m.verdict for m in check_references(references, [source])} == {Verdict.MATCHED}


def test_a_build_waits_for_a_full_disk(nodes: Nodes, tmp_path: Path) -> None:
    source = OpenSearch(nodes.urls, "full")
    files = [write_lines(tmp_path / "r.jsonl", RECORDS[:200])]
    source.load([write_lines(tmp_path / "one.jsonl", RECORDS[:1])])
    # What the cluster does to an index when the flood stage of the disk is reached.
    nodes.ask("/full/_settings", {"index.blocks.read_only_allow_delete": True}, method="PUT")
    assert source.identify([Reference(doi="10.5555/inv.0")]).works  # searches go on
    free = {"index.blocks.read_only_allow_delete": None}
    timer = Timer(3, nodes.ask, ("/full/_settings", free, "PUT"))  # within the minute that a build goes on trying
    timer.start()
    built = source.load(files)
    timer.join()
    assert built.documents == 200
