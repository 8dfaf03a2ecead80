"""Batches: one line in, one line out, in order, interrupted and taken up again, whatever the input looks like."""

import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refcheck import batch
from refcheck.cli import main
from refcheck.errors import SourceUnavailable, UnreadableInput, UsageError
from refcheck.model import Enquiry, Identified, Query, Reference, Work
from refcheck.readers.lists.lines import Line, read_lines
from tests.work import no_hang

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy.jsonl"
ENTRIES = [
    line.removeprefix("- ").split(" ", 1)[1]
    for line in (ROOT / "fixtures/manuscripts/exosome-therapy.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("- ")
]


class Moody:
    """A source that does not answer about references with a certain word in them."""

    name = "moody"
    concurrency = 1

    def __init__(self, silent_on: str = "") -> None:
        self.silent_on = silent_on
        self.asked: list[str] = []

    def identify(self, references: Sequence[Reference]) -> Identified:
        return Identified()

    def search(self, query: Query) -> Sequence[Work]:
        self.asked.append(query.reference.raw)
        if self.silent_on and self.silent_on in query.reference.raw:
            raise SourceUnavailable(self.name, "it is asleep")
        return ()

    def enquiry(self) -> Enquiry:
        return Enquiry(source=self.name, requests=len(self.asked))


def lines_of(data: bytes, name: str = "-") -> list[Line]:
    return list(read_lines(io.BufferedReader(io.BytesIO(data)), name))  # type: ignore[arg-type]


def jsonl(*references: str) -> bytes:
    return b"".join(json.dumps({"id": i, "reference": r}).encode() + b"\n" for i, r in enumerate(references, start=1))


def run(*arguments: object) -> int:
    return main(["batch", *map(str, arguments), "--records", str(RECORDS), "--no-cache"])


def written(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# -- reading lines --


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"id": "a", "reference": "Lee 2023"}\n', [("a", "Lee 2023")]),
        (b'{"id": 7, "reference": "Lee 2023", "more": [1]}', [(7, "Lee 2023")]),
        (b'{"reference": "Lee 2023"}\r\n\r\n{"reference": "Wu 2018"}', [("1", "Lee 2023"), ("3", "Wu 2018")]),
        (b"Lee 2023\n\nWu 2018\n", [("1", "Lee 2023"), ("3", "Wu 2018")]),
        (b"[1] Lee 2023\n[2] Wu 2018\n", [("1", "[1] Lee 2023"), ("2", "[2] Wu 2018")]),
        ("\ufeffPrà 2019".encode(), [("1", "Prà 2019")]),
        ("Prà 2019\nWu\n".encode("utf-16"), [("1", "Prà 2019"), ("2", "Wu")]),
        (b"Pr\xe0 2019 \x96 20", [("1", "Prà 2019 – 20")]),
        (b'{"id": "a", "reference": "x \\ud800"}', [("a", "x ?")]),
    ],
)  # fmt: skip
def test_each_line_is_read(data: bytes, expected: list[tuple[object, str]]) -> None:
    assert [(line.id, line.reference) for line in lines_of(data)] == expected


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"id": 1, "reference": ', "is not JSON"),
        ("[1, 2]", "is not a JSON object"),
        ('{"id": 1}', "no text under"),
        ('{"id": 1, "reference": 5}', "no text under"),
        ('{"id": 1, "reference": " "}', "nothing under"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_line_that_is_no_reference_says_why(text: str, error: str) -> None:
    first, second = lines_of(b'{"id": 0, "reference": "Lee"}\n' + text.encode(), "refs.jsonl")
    assert not first.error
    assert second.error.startswith("line 2 ")
    assert error in second.error


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"\x00\x01\x02", "binary file"),
        (b"%PDF-1.7\n...", "binary file"),
        (b'[{"id": 1, "reference": "Lee"}]', "one JSON array"),
        (b"[\n{", "one JSON array"),
        (b"\xff\xfe\x00", "UTF-16"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(data: bytes, error: str) -> None:
    with pytest.raises(UnreadableInput, match=error) as caught:
        lines_of(data, "refs.txt")
    assert "refs.txt" in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(min_size=1).filter(lambda t: t.strip() and t.encode("utf-8", "ignore")), min_size=1, max_size=5)
)
def test_no_reference_is_lost_or_moved(references: list[str]) -> None:
    given_lines = lines_of(jsonl(*references), "refs.jsonl")
    assert [line.id for line in given_lines] == list(range(1, len(references) + 1))
    assert [line.reference for line in given_lines] == [r.encode("utf-8", "replace").decode() for r in references]


# -- checking --


def test_one_line_in_one_line_out_in_order(tmp_path: Path) -> None:
    refs, out = tmp_path / "refs.jsonl", tmp_path / "out.jsonl"
    refs.write_bytes(jsonl(*ENTRIES))
    assert run(refs, "-o", out) == 0
    results = written(out)
    assert [r["id"] for r in results] == list(range(1, 8))
    assert [r["reference"] for r in results] == ENTRIES
    for r in results:
        assert all(0 <= f["span"][0] <= f["span"][1] <= len(r["reference"]) for f in r["findings"])


def test_processes_give_the_same_lines(tmp_path: Path) -> None:
    refs = tmp_path / "refs.txt.gz"
    refs.write_bytes(gzip.compress("\n".join(ENTRIES * 30).encode()))
    run(refs, "-o", tmp_path / "one.jsonl")
    run(refs, "-o", tmp_path / "two.jsonl", "--jobs", 2)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_lines_that_are_no_references_do_not_stop_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refs, out = tmp_path / "refs.jsonl", tmp_path / "out.jsonl"
    refs.write_bytes(b"{broken\n" + jsonl(ENTRIES[0]) + b'{"id": "x"}\n' + jsonl(ENTRIES[3]) + b"nonsense\n")
    assert run(refs, "-o", out) == 2
    results = written(out)
    assert [("error" in r, r["id"]) for r in results] == [(True, "1"), (False, 1), (True, "x"), (False, 1), (True, "5")]
    assert capsys.readouterr().err == ("refcheck: 3 of 5 lines were no references; their output lines say why\n")


def test_a_text_in_place_of_a_reference_is_not_looked_up() -> None:
    source = Moody()
    with no_hang():
        (result,) = batch.check_lines(lines_of(jsonl("exosome [(1, " * 400_000)), [source])
    assert json.loads(result.text)["match"]["verdict"] == "unchecked"
    assert "too long" in result.text[-1000:]
    assert source.asked == []


def test_lines_are_taken_only_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[Line]:
        nonlocal taken
        while True:
            taken += 1
            yield Line(taken, "Lee 2023", "", taken)

    results = batch.check_lines(endless(), [Moody()])
    for _ in range(300):
        next(results)
    assert taken < 500


def test_progress_is_told_while_a_batch_is_looked_up() -> None:
    lines = lines_of(jsonl("Lee 2023", "Wu 2018", "Sun 2024"))
    told: list[int] = []
    results = batch.check_lines(lines, [Moody()], told.append)
    next(results)
    assert told == [line.end for line in lines]


# -- going on --


def test_a_second_run_goes_on_where_the_first_one_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refs, out, whole = tmp_path / "refs.jsonl", tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    refs.write_bytes(jsonl(*ENTRIES))
    run(refs, "-o", whole)
    complete = whole.read_bytes()
    for cut in (len(complete) // 2, complete.index(b"\n") + 1, complete.index(b"\n"), 5, 0, len(complete)):
        out.write_bytes(complete[:cut])
        assert run(refs, "-o", out) == 0
        assert out.read_bytes() == complete
    assert "7 lines of" in capsys.readouterr().err


def test_a_finished_output_is_not_checked_again(tmp_path: Path) -> None:
    refs, out = tmp_path / "refs.txt", tmp_path / "out.jsonl"
    refs.write_text("\n".join(ENTRIES), encoding="utf-8")
    run(refs, "-o", out)
    before = out.read_bytes().replace(b'"confidence"', b' "confidence"')
    out.write_bytes(before)
    run(refs, "-o", out)
    assert out.read_bytes() == before
    run(refs, "-o", out, "--restart")
    assert out.read_bytes() != before


@pytest.mark.parametrize(
    "there",
    [
        b'{"id": 1, "reference": "another", "fields": {}, "match": {}, "findings": []}\n',
        b'{"id": 99, "error": "line 1 is not JSON"}\n',
        b"My thesis\n",
        b"My thesis",
        b'{"id": 2, "refer',
        b"[1]\n",
        b'{"id": 1}\n',
    ],
)
def test_a_foreign_output_file_is_left_alone(there: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refs, out = tmp_path / "refs.jsonl", tmp_path / "out.jsonl"
    refs.write_bytes(jsonl(*ENTRIES))
    out.write_bytes(there)
    assert run(refs, "-o", out) == 2
    assert out.read_bytes() == there
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "--restart" in told


def test_an_output_longer_than_the_input_is_foreign(tmp_path: Path) -> None:
    refs, out = tmp_path / "refs.jsonl", tmp_path / "out.jsonl"
    refs.write_bytes(jsonl(*ENTRIES))
    run(refs, "-o", out)
    refs.write_bytes(jsonl(*ENTRIES[:2]))
    assert run(refs, "-o", out) == 2
    assert len(written(out)) == 7


def test_what_a_source_left_unanswered_is_asked_again(tmp_path: Path) -> None:
    """The rest of the file stays as it is, and nothing that was answered is asked twice."""
    out = tmp_path / "out.jsonl"
    lines = lines_of(jsonl("Lee 2023", "Wu 2018", "Sun 2024"))
    tally = batch.Tally()
    with out.open("wb") as output:
        batch.write(batch.check_lines(lines, [Moody(silent_on="Wu")]), output, tally, lambda end: None)
    assert (tally.lines, tally.unchecked) == (3, 1)
    first, second, third = out.read_bytes().splitlines()
    assert json.loads(second)["match"]["verdict"] == "unchecked"

    awake = Moody()
    tally = batch.replace_file(out, batch.check_lines(batch.unanswered(out), [awake]))
    assert set(awake.asked) == {"Wu 2018"}
    assert (tally.lines, tally.unchecked) == (3, 0)
    again = out.read_bytes().splitlines()
    assert (again[0], again[2]) == (first, third)
    assert json.loads(again[1])["match"]["verdict"] == "absent"
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_an_interrupted_second_asking_leaves_the_first_output(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("as it was\n", encoding="utf-8")

    def interrupted() -> Iterator[batch.Result]:
        yield batch.Result("{}", 0, False, False, False)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.replace_file(out, interrupted())
    assert out.read_text(encoding="utf-8") == "as it was\n"
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 3))
def test_taking_up_never_keeps_what_it_does_not_know(junk: bytes, good: int) -> None:
    """Whatever follows the good lines, they are kept and the rest is dropped or refused."""
    lines = lines_of(jsonl("Lee 2023", "Wu 2018", "Sun 2024"))
    results = [r.text.encode() + b"\n" for r in batch.check_lines(lines, [Moody()])][:good]
    stream = io.BytesIO(b"".join(results) + junk)
    try:
        kept = batch.take_up(stream, iter(lines), "out.jsonl")
    except UsageError:
        assert junk
    else:
        assert kept.length == sum(map(len, results))
        assert list(kept.rest) == lines[good:]
