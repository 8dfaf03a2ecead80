"""The OpenSearch source over three real nodes: `make cluster`. It needs Java, and is not in the default run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import refcheck
from refcheck.errors import SourceUnavailable
from refcheck.model import Query, Reference, Verdict
from refcheck.pipeline import check_references, read_reference
from refcheck.renderers.data import wire
from refcheck.sources import Index, OpenSearch, Source, build_index
from tests.cluster.nodes import Nodes, Unavailable
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
