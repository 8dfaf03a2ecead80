"""Nothing is lost: what may be written to, what it leaves when it fails, and the same at every door."""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refcheck import saving
from refcheck.cli import main
from refcheck.errors import UsageError
from refcheck.saving import Outputs, save, saved, written_before
from tests.word import as_word

ROOT = Path(__file__).parents[1]
SEEDED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy-seeded.md"
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy-seeded.jsonl"
MINE = "Dear author, this took me an hour.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk: a manuscript as text and as a Word file, a list, records, a letter of somebody's own."""
    shutil.copy(SEEDED, tmp_path / "paper.md")
    shutil.copy(RECORDS, tmp_path / "records.jsonl")
    (tmp_path / "paper.docx").write_bytes(as_word(SEEDED.read_text(encoding="utf-8")))
    (tmp_path / "refs.jsonl").write_text('{"id": "1", "reference": "Wu P. MSC-exosome. Cytotherapy. 2018;20:291."}\n')
    (tmp_path / "mine.txt").write_text(MINE)
    (tmp_path / "refcheck.toml").write_text("[profile]\nroot = true\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


#: A command for each door that writes a file; OUT is put where its output is named.
DOORS = {
    "check": ["check", "paper.md", "--records", "records.jsonl", "-o", "OUT"],
    "check-html": ["check", "paper.md", "--records", "records.jsonl", "--format", "html", "-o", "OUT"],
    "annotate": ["check", "paper.docx", "--records", "records.jsonl", "--annotate", "OUT"],
    "word": ["check", "paper.docx", "--records", "records.jsonl", "-o", "OUT"],
    "several": ["check", "paper.md", "paper.docx", "--records", "records.jsonl", "-o", "OUT"],
    "parse": ["parse", "paper.md", "-o", "OUT"],
    "parse-lines": ["parse", "refs.jsonl", "-o", "OUT"],
    "lookup": ["lookup", "10.1016/j.jcyt.2017.11.002", "--records", "records.jsonl", "-o", "OUT"],
    "batch": ["batch", "refs.jsonl", "--records", "records.jsonl", "-o", "OUT"],
    "batch-anew": ["batch", "refs.jsonl", "--records", "records.jsonl", "--restart", "-o", "OUT"],
}
SUFFIX = {"check-html": ".html", "annotate": ".docx", "word": ".docx", "parse-lines": ".jsonl", "batch": ".jsonl",
          "batch-anew": ".jsonl"}  # fmt: skip
INPUT = {"annotate": "paper.docx", "word": "paper.docx", "parse-lines": "refs.jsonl", "batch": "refs.jsonl",
         "batch-anew": "refs.jsonl", "lookup": "records.jsonl"}  # fmt: skip


def run(door: str, out: object, *more: str) -> int:
    return main([*(str(out) if word == "OUT" else word for word in DOORS[door]), *more])


def _same(path: Path) -> Path:
    return path


def _symlink(path: Path) -> Path:
    link = path.with_name("link" + path.suffix)
    link.symlink_to(path)
    return link


def _hard_link(path: Path) -> Path:
    link = path.with_name("hard" + path.suffix)
    os.link(path, link)
    return link


def _roundabout(path: Path) -> Path:
    (path.parent / "sub").mkdir()
    return path.parent / "sub" / ".." / "." / path.name


def _through_a_linked_folder(path: Path) -> Path:
    link = path.parent / "here"
    link.symlink_to(path.parent, target_is_directory=True)
    return link / path.name


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "force"])
@pytest.mark.parametrize("spelled", [_same, _symlink, _hard_link, _roundabout, _through_a_linked_folder])
@pytest.mark.parametrize("door", DOORS)
def test_no_output_replaces_an_input(
    door: str, spelled: Callable[[Path], Path], force: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = spelled(folder / INPUT.get(door, "paper.md"))
    before = contents(folder)
    assert run(door, out, *force) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "is read" in told.err or "contradict" in told.err or "writes no" in told.err
    assert told.err.count("\n") == 1
    assert contents(folder) == before


@pytest.mark.parametrize("door", DOORS)
def test_the_records_are_an_input_too(door: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(folder)
    if "--records" in DOORS[door]:
        assert run(door, "records.jsonl", "--force") == 2
        assert "Traceback" not in capsys.readouterr().err
    assert contents(folder) == before


@pytest.mark.parametrize("door", DOORS)
def test_a_file_of_somebodys_own_is_replaced_by_force_alone(
    door: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = folder / ("mine" + SUFFIX.get(door, ".txt"))
    mine.write_text(MINE)
    assert run(door, mine) == 2
    assert "is there already" in capsys.readouterr().err
    assert mine.read_text() == MINE
    assert run(door, mine, "--force") in (0, 1)
    assert mine.read_bytes() != MINE.encode()


@pytest.mark.parametrize("door", DOORS)
def test_a_report_made_before_is_replaced_unless_somebody_has_edited_it(door: str, folder: Path) -> None:
    out = folder / ("report" + SUFFIX.get(door, ".txt"))
    assert run(door, out) in (0, 1)
    first = out.read_bytes()
    assert run(door, out) in (0, 1)
    assert out.read_bytes() == first or door in ("annotate", "word")
    edited = first.replace(b"e", b"E") + b"my own remark"
    out.write_bytes(edited)
    assert run(door, out) == 2
    assert out.read_bytes() == edited


@pytest.mark.parametrize("door", [d for d in DOORS if not d.startswith("batch")])  # which writes line by line
def test_a_full_disk_leaves_what_was_there(
    door: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / ("report" + SUFFIX.get(door, ".txt"))
    assert run(door, out) in (0, 1)
    before = contents(folder)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(saving.os, "fsync", full)
    capsys.readouterr()
    assert run(door, out) == 2
    assert f"{out}: No space left on device" in capsys.readouterr().err
    assert contents(folder) == before, "and no part of the new file is left lying about"


def test_a_limit_of_the_system_is_met_as_a_full_disk_is(folder: Path) -> None:
    """The same with the system's own refusal, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "refcheck", *DOORS["check-html"][:-1], "report.html"],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)),
        env={**os.environ, "REFCHECK_CACHE_DIR": str(folder / "no-cache")},
    )
    assert done.returncode == 2
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [p for p in folder.iterdir() if "report" in p.name]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("trouble", ["no folder", "a folder", "a loop", "read-only"])
def test_a_place_that_takes_no_file_is_told_before_anything_is_asked(
    door: str, trouble: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "place" / ("report" + SUFFIX.get(door, ".txt"))
    if trouble == "a folder":
        out.mkdir(parents=True)
    elif trouble == "a loop":
        out = folder / ("loop" + out.suffix)
        out.symlink_to(out)
    elif trouble == "read-only":
        out.parent.mkdir()
        monkeypatch.setattr(saving.os, "access", lambda path, mode: False)  # root may write anywhere
    monkeypatch.setattr("refcheck.pipeline.check_references", lambda *a, **k: pytest.fail("something was asked"))
    assert run(door, out) == 2
    err = capsys.readouterr().err
    assert err.startswith("refcheck: ")
    assert (out.name in err, err.count("\n")) == (True, 1)


# -- the suffix and the format --


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.html", b"<!DOCTYPE html>"), ("r.HTM", b"<!DOCTYPE html>"), ("r.json", b"{"), ("r.md", b"## References"),
        ("r.csv", b"\xef\xbb\xbf"), ("r.xlsx", b"PK"), ("r.sarif", b"{"), ("r.xml", b"<?xml"), ("r.bib", b"@"),
        ("r.csl.json", b"["), ("r.ris", b"TY  - "), ("r.diff", b"# "), ("r.txt", b"paper.md"), ("r", b"paper.md"),
        ("r.2027", b"paper.md"),
    ],
)  # fmt: skip
def test_the_format_follows_the_suffix(name: str, begins: bytes, folder: Path) -> None:
    assert run("check", name) == 1
    assert (folder / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("name", "format", "said"),
    [
        ("r.html", "json", "(.html is html)"), ("r.json", "html", "(.json is json)"), ("r.docx", "html", "contradict"),
        ("r.xlsx", "csv", "(.xlsx is xlsx)"), ("r.pdf", "html", "contradict"), ("r.pdf", "", "writes no .pdf"),
        ("r.htlm", "", "writes no .htlm"), ("r.json.gz", "json", "contradict"), ("r.bib", "corrected", "no BibTeX"),
    ],
)  # fmt: skip
def test_a_contradiction_is_an_error(
    name: str, format: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    assert run("check", name, *(["--format", format] if format else [])) == 2
    assert said in capsys.readouterr().err
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("r.sarif.json", "sarif"), ("r.csl.json", "csl-json"), ("r.txt", "queries"), ("r.md", "queries"),
        ("r.report", "html"), ("r.json", "csl-json"),
    ],
)  # fmt: skip
def test_what_does_not_contradict_is_written(name: str, format: str, folder: Path) -> None:
    assert run("check", name, "--format", format) == 1
    assert (folder / name).stat().st_size


def test_lookup_and_parse_follow_the_suffix_too(folder: Path) -> None:
    assert run("lookup", "r.bib") == 0
    assert (folder / "r.bib").read_text().startswith("@article{")
    assert run("parse", "r.json") == 0
    assert json.loads((folder / "r.json").read_text())["summary"]["references"] == 9
    assert run("lookup", "r.html") == run("parse", "r.html") == run("batch", "r.csv") == 2


def test_two_outputs_do_not_go_to_one_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("annotate", "out.txt", "-o", "out.txt") == 2
    assert "two outputs" in capsys.readouterr().err
    assert not (folder / "out.txt").exists()


def test_a_table_for_a_spreadsheet_does_not_go_to_a_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("refcheck.cli.streams.columns", lambda: 80)
    assert main([*DOORS["check"][:-2], "--format", "xlsx"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "not for a terminal" in err


def test_a_dash_is_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "-") == 1
    assert capsys.readouterr().out.startswith("paper.md")
    assert not (folder / "-").exists()


# -- folders, settings, interruptions --


def test_reports_on_a_folder_replace_nobodys_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check = ["check", ".", "--out", ".", "--records", "../records.jsonl"]
    for other in ("refs.jsonl", "mine.txt"):
        (folder / other).unlink()
    shutil.move("records.jsonl", folder.parent / "records.jsonl")
    (folder / "paper.md.html").write_text(MINE)
    assert main(check) == 2
    assert "paper.md.html is there already" in capsys.readouterr().err
    assert (folder / "paper.md.html").read_text() == MINE
    assert (folder / "paper.docx.html").read_bytes().startswith(b"<!DOCTYPE")
    (folder / "paper.md.html").unlink()
    assert main(check) == 1
    assert main(check) == 1, "its own reports are replaced"
    (folder / "index.html").write_text(MINE)
    assert main(check) == 2
    assert (folder / "index.html").read_text() == MINE
    assert main([*check, "--force"]) == 1


def test_two_manuscripts_of_one_name_do_not_share_an_annotated_file(folder: Path) -> None:
    shutil.copy("paper.docx", "paper.DOCX")
    if len(list(folder.glob("paper.[dD]*"))) < 2:
        pytest.skip("this file system does not tell the letter case apart")
    assert main(["check", ".", "--out", "reports", "--records", "records.jsonl"]) == 2
    assert (
        "paper.annotated.docx: docx of paper.DOCX and docx of paper.docx"
        in (folder / "reports" / "index.html").read_text()
    )


def test_settings_are_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(folder)
    assert run("check", "refcheck.toml", "--format", "text", "--force") == 2
    assert "settings" in capsys.readouterr().err
    assert contents(folder) == before


def test_an_interruption_keeps_the_reports_that_are_finished(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from refcheck import office

    check, done = office.check_settled, []

    def interrupted(*arguments: object, **options: object) -> object:
        if done:
            raise KeyboardInterrupt
        done.append(1)
        return check(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(office, "check_settled", interrupted)
    assert run("several", "all.txt") == 2
    assert "the reports on 1 of 2 manuscripts are in" in capsys.readouterr().err
    assert (folder / "all.txt").read_text().startswith("paper.md")
    assert run("check", "mine.txt", "--force") == 2
    assert "interrupted; nothing was written" in capsys.readouterr().err
    assert (folder / "mine.txt").read_text() == MINE


# -- the module by itself --


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "report.txt"
    save(place, b"first")

    def broken() -> None:
        with saved(place) as stream:
            stream.write(b"half of the sec")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert place.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["report.txt"]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    save(real, b"first")
    real.chmod(0o640)
    link.symlink_to(real)
    save(Outputs().claim(link), b"second")
    assert link.is_symlink()
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (b"second", 0o640)


def test_devices_and_pipes_take_what_they_get(tmp_path: Path) -> None:
    assert Outputs().claim(Path("/dev/null")) == Path("/dev/null")
    save(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()


def test_what_was_written_is_known_by_its_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a.txt"
    save(place, b"a report")
    moved = place.rename(tmp_path / "b.txt")
    assert written_before(moved)
    moved.write_bytes(b"a report of my own")
    assert not written_before(moved)
    with pytest.raises(UsageError, match="--force"):
        Outputs().claim(moved)
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(tmp_path / "b.txt"))  # no folder: nothing can be remembered
    save(place, b"another")
    assert place.read_bytes() == b"another"
    assert not written_before(place)


def test_the_list_of_what_was_written_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "_REMEMBERED", 5)
    for n in range(30):
        save(tmp_path / "r.txt", str(n).encode())
    assert written_before(tmp_path / "r.txt")
    assert len(saving._ledger().read_text().split()) <= 10


def test_a_signal_in_the_middle_leaves_the_old_report(folder: Path) -> None:
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom refcheck.saving import saved\n"
        "with saved(Path('mine.txt')) as s:\n s.write(b'x' * 100000)\n os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (folder / "mine.txt").read_text() == MINE
