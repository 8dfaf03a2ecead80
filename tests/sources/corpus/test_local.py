"""A file of records as a source: read, kept in the cache, damaged, shared between processes."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.sources.invented import printed, record, write_lines

from refcheck.errors import UnreadableInput
from refcheck.model import Query, Reference
from refcheck.sources import Index, LocalRecords, Source, build_index

ROOT = Path(__file__).parents[3]
RECORDS = [record(n) for n in range(300)]


@pytest.fixture
def always_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are kept in the cache as large ones are."""
    monkeypatch.setattr("refcheck.sources.corpus.local._WORTH_KEEPING", 0)


def found(source: Source, r: dict[str, Any]) -> str:
    query = Query(kind="entry", text=printed(r), reference=Reference(raw=printed(r)))
    return source.search(query)[0].doi


def test_it_is_a_source_over_a_file_or_over_records(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", RECORDS)
    zipped = tmp_path / "r.jsonl.gz"
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    for records in (LocalRecords(path), LocalRecords(str(zipped)), LocalRecords(iter(RECORDS))):
        assert isinstance(records, Source)
        assert (records.name, len(records), records.problems) == ("records", 300, ())
        assert found(records, RECORDS[17]) == RECORDS[17]["DOI"]


def test_the_bundled_records_answer_for_the_bundled_manuscript() -> None:
    records = LocalRecords(ROOT / "fixtures" / "records" / "exosome-therapy.jsonl")
    text = (ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md").read_text(encoding="utf-8")
    entries = [line for line in text.splitlines() if line.startswith("- ")]
    firsts = [records.search(Query(kind="entry", text=e, reference=Reference(raw=e)))[0].doi for e in entries]
    assert firsts == [
        "10.1007/s11684-023-1031-9",
        "10.1186/s40824-021-00224-8",
        "10.1002/der2.242",
        "10.1016/j.jcyt.2017.11.002",
        "10.1186/s41038-019-0178-8",
        "10.2147/ijn.s327059",
        "10.3390/ijms241310434",
    ]


def test_the_same_answers_as_an_index_on_disk(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", RECORDS)
    build_index([path], tmp_path / "ix")
    records, index = LocalRecords(path), Index(tmp_path / "ix", name="records")
    for r in RECORDS[:50]:
        query = Query(kind="entry", text=printed(r), reference=Reference(raw=printed(r)))
        assert records.search(query)[0] == index.search(query)[0]


def test_lines_that_are_no_records_are_counted_and_named(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    lines = [json.dumps(RECORDS[0]), "not json", "", '{"title": ["no DOI"]}', "[1, 2", json.dumps(RECORDS[1]), "null"]
    path.write_text("\n".join(lines))
    records = LocalRecords(path)
    assert len(records) == 2
    assert records.problems == (
        "mixed.jsonl: 4 of 6 lines are not Crossref records and were passed over (the first is line 2: not JSON).",
    )


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = gzip.compress("".join(json.dumps(r) + "\n" for r in RECORDS).encode())
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    records = LocalRecords(path)
    assert 1 < len(records) < 300
    assert "cannot be read to its end" in records.problems[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: it holds no Crossref record"),
        (b"\n\n", "is empty: it holds no Crossref record"),
        (b"%PDF-1.7\n%\xe2\xe3", "2 of 2 lines are not Crossref records"),
        (b"\x1f\x8b\x08broken", "cannot be read to its end"),
        (b"id,reference\n1,Lee\n", "2 of 2 lines are not Crossref records"),
    ],
)
def test_nothing_usable_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match=sentence):
        LocalRecords(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="does not exist or is not a file"):
        LocalRecords(tmp_path / "none.jsonl")
    with pytest.raises(UnreadableInput, match="does not exist or is not a file"):
        LocalRecords(tmp_path)


@pytest.mark.usefixtures("always_kept")
class TestKept:
    def test_the_second_run_reads_nothing_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = write_lines(tmp_path / "r.jsonl", [*RECORDS, {"title": "no record"}])
        first = LocalRecords(path, tmp_path / "cache")
        monkeypatch.setattr("refcheck.sources.corpus.local.build_index", None)
        second = LocalRecords(path, tmp_path / "cache")
        assert len(second) == len(first) == 300
        assert second.problems == first.problems != ()
        assert found(second, RECORDS[3]) == RECORDS[3]["DOI"]

    def test_a_changed_file_is_another_file(self, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", RECORDS)
        stat = path.stat()
        assert len(LocalRecords(path, tmp_path / "cache")) == 300
        write_lines(path, RECORDS[:-1])
        assert len(LocalRecords(path, tmp_path / "cache")) == 299
        changed = [{**RECORDS[0], "volume": "Z" * len(RECORDS[0]["volume"])}, *RECORDS[1:]]
        write_lines(path, changed)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        work = LocalRecords(path, tmp_path / "cache").work(RECORDS[0]["DOI"])
        assert work is not None
        assert work.volume == changed[0]["volume"]

    def test_a_ruin_in_the_cache_is_replaced(self, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", RECORDS)
        LocalRecords(path, tmp_path / "cache")
        [kept] = (tmp_path / "cache" / "records").iterdir()
        shutil.rmtree(kept)
        kept.mkdir()
        (kept / "rubbish").write_text("x")
        assert len(LocalRecords(path, tmp_path / "cache")) == 300
        assert [p.name for p in (tmp_path / "cache" / "records").iterdir()] == [kept.name]

    def test_what_was_not_opened_for_a_month_is_forgotten(self, tmp_path: Path) -> None:
        kept = tmp_path / "cache" / "records"
        paths = [write_lines(tmp_path / f"{i}.jsonl", [record(i)]) for i in range(3)]
        LocalRecords(paths[0], tmp_path / "cache")
        LocalRecords(paths[1], tmp_path / "cache")
        (kept / ".building-killed").mkdir()
        for folder in kept.iterdir():
            os.utime(folder, (0, 0))
        LocalRecords(paths[1], tmp_path / "cache")
        LocalRecords(paths[2], tmp_path / "cache")
        assert len(list(kept.iterdir())) == 2

    def test_two_processes_at_once(self, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", [record(n) for n in range(2000)])
        context = multiprocessing.get_context("spawn")
        counts = context.SimpleQueue()
        both = [context.Process(target=_count, args=(path, tmp_path / "cache", counts)) for _ in range(2)]
        for process in both:
            process.start()
        for process in both:
            process.join()
        assert [counts.get(), counts.get()] == [2000, 2000]
        assert len(list((tmp_path / "cache" / "records").iterdir())) == 1

    def test_nothing_unfinished_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.jsonl"
        path.write_text("no record\n")
        with pytest.raises(UnreadableInput):
            LocalRecords(path, tmp_path / "cache")
        assert list((tmp_path / "cache" / "records").iterdir()) == []


def _count(path: Path, cache: Path, counts: Any) -> None:
    import refcheck.sources.corpus.local

    refcheck.sources.corpus.local._WORTH_KEEPING = 0
    try:
        counts.put(len(LocalRecords(path, cache)))
    except Exception as error:
        counts.put(repr(error))
