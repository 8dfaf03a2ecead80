"""Record files of any content: records, sentences, or UnreadableInput, and nothing else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.sources.invented import record

from refcheck.errors import UnreadableInput
from refcheck.sources.corpus.reading import Flaws, Message, read_files, read_records, record_files

LINES = "".join(json.dumps(record(n)) + "\n" for n in range(40)).encode()
ZIPPED = gzip.compress(LINES)


def read(path: Path) -> tuple[list[Message], list[Flaws]]:
    flaws: list[Flaws] = []
    return list(read_records(path, flaws.append)), flaws


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(b"[]")
@given(st.binary(max_size=80) | st.text(alphabet='{}[]":,\n DOI10./x', max_size=60).map(str.encode))
def test_any_content_is_records_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.jsonl"
    path.write_bytes(content)
    problems: list[str] = []
    found = list(read_files([path], problems))
    assert all(isinstance(m["DOI"], str) for m in found)
    empty = b"".join(content.split()) in (b"", b"[]")  # nothing, or a list of nothing, is no problem
    assert bool(problems) or bool(found) or empty


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(12, len(ZIPPED) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_told_and_what_stands_before_it_is_read(tmp_path: Path, at: int, flip: int) -> None:
    path = tmp_path / "flipped.jsonl.gz"
    path.write_bytes(ZIPPED[:at] + bytes([ZIPPED[at] ^ flip]) + ZIPPED[at + 1 :])
    problems: list[str] = []
    assert len(list(read_files([path], problems))) <= 40
    assert problems


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n", "\n \n"])
def test_lines_end_as_they_like(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(newline.join(json.dumps(record(n)) for n in range(3)).encode())
    found, flaws = read(path)
    assert [m["DOI"] for m in found] == ["10.5555/inv.0", "10.5555/inv.1", "10.5555/inv.2"]
    assert flaws == []


def test_a_gzipped_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(ZIPPED)
    assert len(read(path)[0]) == 40


def test_one_odd_record_spoils_neither_line_nor_list(tmp_path: Path) -> None:
    odd = {**record(1), "author": "Not a list", "issued": "2020"}
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"items": [record(0), odd, record(2), {"title": "no DOI"}, None]}))
    found, flaws = read(path)
    assert [m["DOI"] for m in found] == ["10.5555/inv.0", "10.5555/inv.1", "10.5555/inv.2"]
    assert found[1]["author"] == "Not a list"
    assert [f.reason for f in flaws] == ["JSON without a DOI"]
    assert all("reference" not in m for m in found)


def test_only_record_files_of_a_folder_are_taken(tmp_path: Path) -> None:
    for name in ("b.jsonl.gz", "a.json", "sub/c.ndjson", "notes.txt", "image.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    names = [p.relative_to(tmp_path).as_posix() for p in record_files([tmp_path])]
    assert names == ["a.json", "b.jsonl.gz", "sub/c.ndjson"]
    assert record_files([tmp_path / "notes.txt"]) == [tmp_path / "notes.txt"]


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="cannot be read to its end"):
        read(tmp_path)
