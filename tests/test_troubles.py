"""Every door and every trouble: one sentence that says what is the matter, and nothing that was there is lost.

A door is a command that writes; a trouble is a way in which its surroundings fail. Each pair is one case.
"""

import errno
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from refcheck import saving
from refcheck.cli import main
from tests.word import as_word

ROOT = Path(__file__).parents[1]
SEEDED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy-seeded.md"
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy-seeded.jsonl"
ENTRY = "Wu P. MSC-exosome: A novel cell-free therapy for cutaneous regeneration. Cytotherapy. 2018;20(3):291-301."
MINE = b"Somebody's own work.\n"

#: The command of each door: IN is what it reads, OUT what it writes, WHERE stands for the source of records.
DOORS = {
    "report": ("paper.md", "out.txt", ["check", "IN", "WHERE", "-o", "OUT"]),
    "page": ("paper.md", "out.html", ["check", "IN", "WHERE", "-o", "OUT"]),
    "letter": ("paper.md", "out.txt", ["check", "IN", "WHERE", "--format", "queries", "-o", "OUT"]),
    "corrected": ("paper.md", "out.txt", ["check", "IN", "WHERE", "--format", "corrected", "-o", "OUT"]),
    "table": ("paper.md", "out.xlsx", ["check", "IN", "WHERE", "-o", "OUT"]),
    "word": ("paper.docx", "out.docx", ["check", "IN", "WHERE", "-o", "OUT"]),
    "parse": ("paper.md", "out.json", ["parse", "IN", "-o", "OUT"]),
    "lines": ("refs.txt", "out.jsonl", ["parse", "IN", "-o", "OUT"]),
    "batch": ("refs.txt", "out.jsonl", ["batch", "IN", "WHERE", "-o", "OUT"]),
    "folder": ("papers", "papers-out", ["check", "IN", "WHERE", "--out", "OUT"]),
}
OFFLINE = {"parse", "lines"}
LOCAL = ["--records", "records.jsonl"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "desk"
    (folder / "papers").mkdir(parents=True)
    shutil.copy(SEEDED, folder / "paper.md")
    shutil.copy(SEEDED, folder / "papers" / "paper.md")
    shutil.copy(RECORDS, folder / "records.jsonl")
    (folder / "paper.docx").write_bytes(as_word(SEEDED.read_text(encoding="utf-8")))
    (folder / "refs.txt").write_text(f"{ENTRY}\n" * 3, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def run(door: str, *, given: str = "", out: str = "", where: list[str] = LOCAL) -> int:
    read, written, words = DOORS[door]
    filled: list[str] = []
    for word in words:
        if word == "WHERE":
            filled += where
        else:
            filled.append({"IN": given or read, "OUT": out or written}.get(word, word))
    return main(filled)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def no_network() -> list[str]:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return ["--crossref-url", f"http://127.0.0.1:{s.getsockname()[1]}", "--no-cache"]


Trouble = Callable[[str, Path, pytest.MonkeyPatch], tuple[int, str]]


def out_of_reach(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    return run(door, where=no_network()), "could not be checked" if door == "batch" else "no connection to"


def half_a_network(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Records for some of the references, and nobody to be asked about the rest."""
    kept = RECORDS.read_bytes().splitlines(keepends=True)
    (desk / "records.jsonl").write_bytes(b"".join(kept[:1]))
    said = "could not be checked" if door == "batch" else "references could be checked"
    return run(door, where=[*LOCAL, *no_network()]), said


def empty(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    read = DOORS[door][0]
    if door == "folder":
        shutil.rmtree(desk / read)
        (desk / read).mkdir()
        return run(door), "no manuscript"
    (desk / read).write_bytes(b"")
    return run(door), "empty"


def huge(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setattr("refcheck.readers.MAX_BYTES", 100)
    return run(door), "MB"


def wrong_suffix(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    return run(door, out="out.pdf"), "pdf"


def existing_output(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    if door == "folder":
        (desk / "papers-out").mkdir()
        (desk / "papers-out" / "paper.md.html").write_bytes(MINE)
    else:
        (desk / DOORS[door][1]).write_bytes(MINE)
    return run(door), "is there already"


def input_as_output(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    if door == "folder":  # its own manuscript has the name of a report
        (desk / "papers" / "index.html").write_bytes(MINE)
        return run(door, out="papers"), "is there already"
    link = desk / DOORS[door][1]
    link.symlink_to(desk / DOORS[door][0])
    return run(door), "is read"


def read_only_folder(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setattr(saving.os, "access", lambda path, mode: False)  # root may write anywhere
    return run(door), "read-only"


def full_disk(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(saving.os, "fsync", full)
    return run(door), "No space left on device"


def interrupted(door: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    def stop(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    target = {"batch": "refcheck.batch.check_lines", "folder": "refcheck.office.check_settled"}
    reading = {"parse": "refcheck.pipeline.read", "lines": "refcheck.batch.read_fields"}
    monkeypatch.setattr({**target, **reading}.get(door, "refcheck.office.check_settled"), stop)
    return run(door), "interrupted"


#: Troubles that leave an output all the same: what could be found out, or the file that says what could not.
LEAVES = {out_of_reach, half_a_network}
#: Pairs that do not meet: who asks nobody has no network to lose, a stream has no size, a folder has no suffix; a batch
#: writes each line as it comes, so that the disk fills under it line by line.
APART = {
    *((door, trouble) for door in OFFLINE for trouble in LEAVES),
    *((door, trouble) for door in ("lines", "batch") for trouble in (empty, huge)),
    ("folder", wrong_suffix), ("batch", full_disk),
}  # fmt: skip
TROUBLES = (out_of_reach, half_a_network, empty, huge, wrong_suffix, existing_output, input_as_output,
            read_only_folder, full_disk, interrupted)  # fmt: skip
CASES = [(door, trouble) for door in DOORS for trouble in TROUBLES if (door, trouble) not in APART]


@pytest.mark.parametrize(("door", "trouble"), CASES, ids=lambda x: x if isinstance(x, str) else x.__name__)
def test_what_is_said_and_kept(
    door: str, trouble: Trouble, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(desk)
    status, said = trouble(door, desk, monkeypatch)
    err = capsys.readouterr().err
    assert status == 2
    assert said in err
    assert "Traceback" not in err
    assert "does not know" not in err
    after = contents(desk)
    changed = {"records.jsonl"} if trouble is half_a_network else {DOORS[door][0]} if trouble is empty else set()
    gone = {"papers/paper.md"} if (door, trouble) == ("folder", empty) else set()
    kept = set(before) - changed - gone
    assert {n: after.get(n) for n in kept} == {n: before[n] for n in kept}
    assert not [n for n in after if n.endswith(".part")], "nothing half written lies about"
    for name in ("out.txt", "out.html", "out.xlsx", "out.docx", "out.json", "out.jsonl"):
        if name in after and trouble is existing_output:
            assert after[name] == MINE
        elif name in after and trouble not in LEAVES and trouble is not input_as_output:
            assert after[name] == b"", "a batch opens its file before the first line is finished"
