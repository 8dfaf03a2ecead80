"""An index on disk: built, opened, searched, updated, interrupted, damaged, and shared."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import random
import runpy
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.contract import SourceContract
from tests.sources.invented import printed, record, write_lines

from refcheck.errors import IndexUnusable, SourceUnavailable, UnreadableInput
from refcheck.model import Query, Reference
from refcheck.sources import Index, LocalRecords, Retractions, Source, build_index
from refcheck.sources.corpus.index import FORMAT, MANIFEST
from refcheck.sources.corpus.mapping import terms

RECORDS = [record(n) for n in range(400)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("index")
    build_index([write_lines(place / "records.jsonl", RECORDS)], place / "ix")
    return place / "ix"


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    return Index(folder)


def ask(text: str, kind: str = "entry", **fields: Any) -> Query:
    return Query(kind=kind, text=text, reference=Reference(raw=text, **fields))


def dois(source: Source, query: Query) -> list[str]:
    return [work.doi for work in source.search(query)]


class Local(SourceContract):
    known = Reference(doi=RECORDS[1]["DOI"])
    key = RECORDS[1]["DOI"]
    asked = ask(printed(RECORDS[2]))


class TestIndex(Local):
    @pytest.fixture
    def client(self, index: Index) -> Source:
        return index


class TestRecordsInMemory(Local):
    @pytest.fixture
    def client(self) -> Source:
        return LocalRecords(RECORDS[:50])


class TestRecordsBesideRetractions(Local):
    @pytest.fixture
    def client(self, index: Index, tmp_path: Path) -> Source:
        (tmp_path / "rw.csv").write_text("OriginalPaperDOI,RetractionNature,RetractionDate,RetractionDOI\n")
        return Retractions(tmp_path / "rw.csv").beside(index)


def test_nothing_is_asked_of_anybody(index: Index) -> None:
    index.search(ask("anything"))
    assert len(index) == 400
    assert index.enquiry().requests == 0


def test_every_printed_record_is_found_first(index: Index) -> None:
    assert [dois(index, ask(printed(r)))[0] for r in RECORDS] == [r["DOI"] for r in RECORDS]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("healing", "heal-\ning"),
        (" ", "\n   "),
        ("Fischer", "FISCHER"),
        ("ou", "öu"),
        (".", ". https://doi.org/10.9999/elsewhere "),
        ("Journal of Invented Results", "J Inv Res"),
    ],
)
def test_print_does_not_hide_a_record(index: Index, old: str, new: str) -> None:
    concerned = [r for r in RECORDS if old in printed(r)][:60]
    assert concerned
    assert all(dois(index, ask(printed(r).replace(old, new)))[0] == r["DOI"] for r in concerned)


def test_letters_that_typists_replace_are_one(tmp_path: Path) -> None:
    greek = record(1, title=["Der große Einfluß von β-Carotin auf Crohn’s Øresund"], author=[{"family": "Müller"}])
    records = LocalRecords([greek, *RECORDS[2:]])
    assert dois(records, ask("Muller. Der grosse Einfluss von beta-carotin auf Crohns Oresund"))[0] == greek["DOI"]
    assert dois(records, ask("MÜLLER. DER GROSSE EINFLUSS VON Β-CAROTIN"))[0] == greek["DOI"]


def test_a_clear_winner_comes_with_few_others_and_its_look_alikes_stay(index: Index) -> None:
    alone = [len(dois(index, ask(printed(r)))) for r in RECORDS[:50]]
    assert sum(alone) / len(alone) < 4
    work = RECORDS[20]
    twin = {**work, "DOI": "10.5555/twin", "volume": "99", "page": "1-2", "issued": {"date-parts": [[1999]]}}
    assert set(dois(LocalRecords([*RECORDS, twin]), ask(printed(work)))[:2]) == {work["DOI"], "10.5555/twin"}


def test_halves_of_surrogate_pairs_are_passed_over() -> None:
    records = LocalRecords([record(1, title=["Broken \ud800 extraction"]), record(2, DOI="10.5555/\udfff")])
    assert dois(records, ask("Broken \ud800 extraction"))[0] == "10.5555/inv.1"
    assert records.work("10.5555/\udfff") == records.work("10.5555/?") is not None


def test_a_title_alone_finds_its_record(index: Index) -> None:
    assert all(dois(index, ask(f"{r['title'][0]} {r['author'][0]['family']}", "title"))[0] == r["DOI"] for r in RECORDS)


def test_a_place_finds_its_record_without_a_title(index: Index) -> None:
    for r in RECORDS:
        year = str(r["issued"]["date-parts"][0][0])
        query = ask(
            f"{r['container-title'][0]} {year};{r['volume']}:{r['page']}",
            "locator",
            year=year,
            volume=r["volume"],
            pages=r["page"],
        )
        assert r["DOI"] in dois(index, query)[:2]


def test_a_place_without_a_page_is_year_and_volume(index: Index) -> None:
    r = RECORDS[7]
    year = str(r["issued"]["date-parts"][0][0])
    found = index.search(ask(r["container-title"][0], "locator", year=year, volume=f"Volume 0{r['volume']}"))
    assert r["DOI"] in [w.doi for w in found]
    assert {(w.year, w.volume) for w in found} == {(year, r["volume"])}


def test_a_place_that_is_not_printed_finds_nothing(index: Index) -> None:
    assert index.search(ask("Annals of Fiction", "locator")) == ()


def test_volumes_and_pages_are_compared_by_number() -> None:
    records = LocalRecords([record(3, volume="Volume 16", page=None, **{"article-number": "e0033693"})])
    asked = ask("Nothing else 16:33693", "locator", volume="16", pages="33693")
    assert dois(records, asked) == ["10.5555/inv.3"]


def test_what_comes_back_is_the_work_of_the_record(index: Index) -> None:
    work = index.work(RECORDS[5]["DOI"].upper())
    assert work is not None
    assert (work.source, work.title, work.pages) == ("index", RECORDS[5]["title"][0], RECORDS[5]["page"])


def test_dois_are_looked_up_in_any_case_and_absent_ones_are_told(index: Index) -> None:
    known = Reference(doi="10.5555/INV.3")
    found = index.identify([known, known, Reference(doi="10.5555/absent"), Reference(title="no doi")])
    assert set(found.works) == {"10.5555/inv.3"}
    assert found.unknown == {"10.5555/absent"}
    assert not found.unanswered


@settings(max_examples=150)
@given(st.text(max_size=200), st.sampled_from(["entry", "title", "locator", "another"]), st.text(max_size=8))
def test_no_text_raises(text: str, kind: str, number: str) -> None:
    query = ask(text, kind, volume=number, pages=number, year=number, doi=text)
    assert len(_SMALL.search(query)) <= 10
    assert _SMALL.identify([query.reference]).works == {}


@pytest.mark.parametrize(
    "text", ['a:"b', "(((", "+-&& OR NOT", "doi:10.1/x*", "\x00", "🙂" * 50, "٣٤", "~^[1 TO", "-" * 5000, "1 " * 4000]
)
def test_text_is_never_a_query_language(index: Index, text: str) -> None:
    assert len(index.search(ask(text))) <= 10


def test_a_long_entry_is_asked_for_by_its_first_words() -> None:
    assert len(terms(ask("word " * 100_000)).words) <= 4000


def test_two_copies_of_a_record_are_one_and_the_newer_counts() -> None:
    old = record(1, title=["Old title of the work"])
    new = record(1, title=["New title of the work"], indexed={"timestamp": 1_700_000_000_000})
    for order in ([old, new], [new, old]):
        records = LocalRecords(order)
        assert [w.title for w in records.search(ask("title of the work"))] == ["New title of the work"]
        work = records.work("10.5555/inv.1")
        assert work is not None
        assert work.title == "New title of the work"


class TestBuilding:
    def test_folders_of_the_public_data_file(self, tmp_path: Path) -> None:
        for i in range(3):
            part = {"items": RECORDS[i * 100 : i * 100 + 100]}
            (tmp_path / f"{i}.json.gz").write_bytes(gzip.compress(json.dumps(part).encode()))
        (tmp_path / "README.txt").write_text("not a record file")
        built = build_index([tmp_path], tmp_path / "ix")
        assert (built.records, built.documents, built.problems) == (300, 300, ())

    def test_answers_of_the_api_and_indented_files(self, tmp_path: Path) -> None:
        (tmp_path / "single.json").write_text(json.dumps({"status": "ok", "message": RECORDS[0]}, indent=2))
        (tmp_path / "list.json").write_text(json.dumps({"message": {"items": RECORDS[1:4]}}))
        (tmp_path / "array.json").write_text(json.dumps(RECORDS[4:6], indent=1))
        (tmp_path / "bom.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps(RECORDS[6]).encode())
        assert build_index([tmp_path], tmp_path / "ix").documents == 7

    def test_progress_ends_at_the_whole(self, tmp_path: Path) -> None:
        told: list[tuple[int, int, int]] = []
        path = write_lines(tmp_path / "r.jsonl", [record(n) for n in range(5000)])
        build_index([path], tmp_path / "ix", progress=lambda *p: told.append(p))
        assert [n for n, _, _ in told] == [2000, 4000, 5000]
        assert told[-1][1] == told[-1][2] == path.stat().st_size
        assert 0 < told[0][1] < path.stat().st_size

    def test_a_second_run_reads_nothing_again(self, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", RECORDS)
        build_index([path], tmp_path / "ix")
        again = build_index([path], tmp_path / "ix")
        assert (again.records, again.documents, again.skipped_files) == (0, 400, 1)

    def test_an_update_replaces_older_copies_only(self, tmp_path: Path) -> None:
        build_index([write_lines(tmp_path / "r.jsonl", RECORDS)], tmp_path / "ix")
        update = [
            record(1, title=["A newer copy"], indexed={"timestamp": 1_700_000_000_000}),
            record(2, title=["An older copy"], indexed={"timestamp": 1}),
            record(1000),
        ]
        built = build_index([write_lines(tmp_path / "update.jsonl", update)], tmp_path / "ix")
        index = Index(tmp_path / "ix")
        assert (built.records, built.documents, len(index)) == (3, 401, 401)
        assert [w.title for n in (1, 2) if (w := index.work(f"10.5555/inv.{n}"))] == [
            "A newer copy",
            RECORDS[2]["title"][0],
        ]

    def test_an_open_index_is_not_disturbed_by_an_update(self, tmp_path: Path) -> None:
        build_index([write_lines(tmp_path / "r.jsonl", RECORDS)], tmp_path / "ix")
        index = Index(tmp_path / "ix")
        build_index([write_lines(tmp_path / "u.jsonl", [record(n) for n in range(400, 900)])], tmp_path / "ix")
        assert dois(index, ask(printed(RECORDS[9])))[0] == RECORDS[9]["DOI"]
        assert len(Index(tmp_path / "ix")) == 900

    def test_an_interrupted_build_is_told_and_goes_on(self, tmp_path: Path) -> None:
        done = write_lines(tmp_path / "a.jsonl", RECORDS)
        build_index([done], tmp_path / "whole")
        more = write_lines(tmp_path / "b.jsonl", [record(n) for n in range(1000, 6000)])

        def stop(records: int, done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build_index([more], tmp_path / "ix", progress=stop)
        with pytest.raises(IndexUnusable, match="not finished: run the same"):
            Index(tmp_path / "ix")
        assert build_index([more], tmp_path / "ix").documents == 5000
        assert len(Index(tmp_path / "ix")) == 5000
        with pytest.raises(KeyboardInterrupt):
            build_index([more], tmp_path / "whole", progress=stop)
        assert len(Index(tmp_path / "whole")) == 400

    def test_a_build_that_committed_before_it_was_cut_off_doubles_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("refcheck.sources.corpus.building._COMMIT_EVERY", 1000)
        path = write_lines(tmp_path / "b.jsonl", [record(n) for n in range(5000)])

        def stop(records: int, done: int, total: int) -> None:
            if records >= 4000:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build_index([path], tmp_path / "ix", progress=stop)
        assert build_index([path], tmp_path / "ix").documents == 5000

    def test_two_builds_at_once(self, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "b.jsonl", [record(n) for n in range(2500)])
        inside, leave = threading.Event(), threading.Event()

        def wait(records: int, done: int, total: int) -> None:
            inside.set()
            leave.wait(10)

        first = threading.Thread(target=build_index, args=([path], tmp_path / "ix"), kwargs={"progress": wait})
        first.start()
        try:
            assert inside.wait(10)
            with pytest.raises(IndexUnusable, match="Another build is writing"):
                build_index([path], tmp_path / "ix")
        finally:
            leave.set()
            first.join()
        assert len(Index(tmp_path / "ix")) == 2500

    def test_a_full_disk(self, tmp_path: Path) -> None:
        # A limit on the size of files stands in for a full disk: writing fails in the same place.
        path = write_lines(tmp_path / "b.jsonl", [record(n) for n in range(3000)])
        queue = multiprocessing.get_context("spawn").SimpleQueue()
        child = multiprocessing.get_context("spawn").Process(target=_build_in_little_room, args=(path, queue))
        child.start()
        child.join()
        assert "free some space and run the same command again" in queue.get()
        assert build_index([path], tmp_path / "ix").documents == 3000

    def test_a_truncated_file_is_named_and_the_rest_is_kept(self, tmp_path: Path) -> None:
        whole = gzip.compress("".join(json.dumps(r) + "\n" for r in RECORDS).encode())
        (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
        good = write_lines(tmp_path / "good.jsonl", [record(1000)])
        built = build_index([tmp_path / "cut.jsonl.gz", good], tmp_path / "ix")
        [problem] = built.problems
        assert "cut.jsonl.gz cannot be read to its end" in problem
        assert 1 < built.documents < 401
        assert Index(tmp_path / "ix").problems == (problem,)
        (tmp_path / "cut.jsonl.gz").write_bytes(whole)
        assert build_index([tmp_path / "cut.jsonl.gz", good], tmp_path / "ix").documents == 401

    def test_no_record_at_all(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_text('{"title": "no"}\nnot json\n')
        with pytest.raises(UnreadableInput, match="2 of 2 lines are not Crossref records"):
            build_index([tmp_path / "a.jsonl"], tmp_path / "ix")
        with pytest.raises(UnreadableInput, match="does not exist"):
            build_index([tmp_path / "missing.jsonl"], tmp_path / "ix2")
        (tmp_path / "empty").mkdir()
        with pytest.raises(UnreadableInput, match="holds no record file"):
            build_index([tmp_path / "empty"], tmp_path / "ix3")


class TestOpening:
    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(IndexUnusable, match="does not exist"):
            Index(tmp_path / "nowhere")

    def test_a_foreign_folder(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Dear editor")
        with pytest.raises(IndexUnusable, match="holds no index"):
            Index(tmp_path)
        with pytest.raises(IndexUnusable, match="choose another folder"):
            build_index([write_lines(tmp_path / "r.jsonl", RECORDS[:1])], tmp_path)
        assert (tmp_path / "letter.txt").read_text() == "Dear editor"
        (tmp_path / MANIFEST).write_text('{"format": "of something else"}')
        with pytest.raises(IndexUnusable, match="something else's"):
            Index(tmp_path)

    def test_another_version(self, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "r.jsonl", RECORDS[:1])
        build_index([path], tmp_path / "ix")
        manifest = json.loads((tmp_path / "ix" / MANIFEST).read_text())
        (tmp_path / "ix" / MANIFEST).write_text(json.dumps({**manifest, "version": FORMAT + 1}))
        with pytest.raises(IndexUnusable, match=f"format {FORMAT + 1}, this refcheck reads format {FORMAT}"):
            Index(tmp_path / "ix")
        with pytest.raises(IndexUnusable, match="build it anew"):
            build_index([path], tmp_path / "ix")

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]"])
    def test_a_damaged_manifest(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / MANIFEST).write_bytes(content)
        with pytest.raises(IndexUnusable):
            Index(tmp_path)

    @pytest.mark.parametrize("suffix", [".store", ".term", ".idx", "meta.json"])
    def test_truncated_files(self, tmp_path: Path, suffix: str) -> None:
        build_index([write_lines(tmp_path / "r.jsonl", RECORDS)], tmp_path / "ix")
        for path in (tmp_path / "ix").iterdir():
            if path.name.endswith(suffix):
                path.write_bytes(path.read_bytes()[:-60])
        with pytest.raises(IndexUnusable, match="damaged"):
            Index(tmp_path / "ix")


@pytest.mark.parametrize("suffix", [".store", ".idx", ".term", ".fast", ".fieldnorm", "meta.json"])
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_index_answers_or_says_that_it_cannot(folder: Path, tmp_path: Path, suffix: str, seed: int) -> None:
    rng = random.Random(seed)
    shutil.copytree(folder, tmp_path / "ix")
    [path] = [p for p in (tmp_path / "ix").iterdir() if p.name.endswith(suffix)]
    content = bytearray(path.read_bytes())
    at = rng.randrange(len(content) * 3 // 4)
    content[at : at + 40] = rng.randbytes(len(content[at : at + 40]))
    path.write_bytes(content)
    answered, told = 0, ""
    try:
        damaged = Index(tmp_path / "ix")
        for r in RECORDS[::20]:
            answered += isinstance(damaged.search(ask(printed(r))), tuple)
            answered += len(damaged.identify([Reference(doi=r["DOI"])]).unanswered) == 0
    except (IndexUnusable, SourceUnavailable) as error:
        told = str(error)
    assert "damaged" in told or answered == 40


def _build_in_little_room(path: Path, queue: Any) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        build_index([path], path.parent / "ix", memory=16_000_000)
    except IndexUnusable as error:
        queue.put(str(error))
    else:
        queue.put("it was built")


_SMALL = LocalRecords([record(1), record(2)])


def test_the_benchmark_prints_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with gzip.open(tmp_path / "invented_records.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r) + "\n" for r in RECORDS[:100])
    with gzip.open(tmp_path / "refs_pdf_dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"reference": printed(r), "doi": r["DOI"]}) + "\n" for r in RECORDS[:20])
    monkeypatch.setattr("sys.argv", ["index.py", str(tmp_path), "--growth", "100,200"])
    runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "index.py"), run_name="__main__")
    told = capsys.readouterr().out
    figures = json.loads(told.splitlines()[-1])
    assert figures["records"] == 100
    assert figures["refs_pdf_dev.jsonl.gz"]["top1"] == 100.0
    assert "170,000,000 records would take" in told
