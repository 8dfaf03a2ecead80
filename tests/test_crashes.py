"""What is left when the end comes from outside: kill −9, an interruption, a full disk, a second process.


Everything here runs the command as a process of its own; nothing depends on when exactly the end comes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from refcheck.batch import only_writer
from refcheck.cli import main
from refcheck.errors import UsageError
from refcheck.sources import AnswerCache, Index
from tests.sources.invented import record, write_lines
from tests.standin import CrossrefStandin
from tests.standin.works import WORKS

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy.jsonl"
SEED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md"
ENTRY = "Wu P, Zhang B, Shi H, et al. MSC-exosome: a novel cell-free therapy. Cytotherapy. 2018;20(3):291-{}."
LINES = 200  # more than are looked up together

needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root"
)


def started(*arguments: str | Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "refcheck", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ))


def references(folder: Path) -> Path:
    path = folder / "refs.txt"
    path.write_text("".join(ENTRY.format(n) + "\n" for n in range(LINES)), encoding="utf-8")
    return path


def has_begun(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until there is something in the output (or the process has ended, which fails what comes next)."""
    while not (path.exists() and path.stat().st_size) and process.poll() is None:
        pass


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT] if hasattr(signal, "SIGKILL") else [])
def test_a_batch_that_is_ended_goes_on_to_the_same_output(end: int, tmp_path: Path) -> None:
    refs, whole, out = references(tmp_path), tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    batch = ["batch", str(refs), "--records", str(RECORDS), "-o"]
    main([*batch, str(whole)])
    process = started(*batch, out)
    has_begun(out, process)
    process.send_signal(end)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (-9 if end == signal.SIGKILL else 2), said
    assert b"Traceback" not in said
    assert out.stat().st_size < whole.stat().st_size
    main([*batch, str(out)])
    assert out.read_bytes() == whole.read_bytes()
    assert not (tmp_path / "out.jsonl.lock").exists()


@pytest.mark.slow
def test_an_index_build_that_is_killed_goes_on(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", [record(n) for n in range(4_000)])
    folder = tmp_path / "ix"
    process = started("index", "build", path, "--out", folder)
    has_begun(folder / "manifest.json", process)
    process.kill()
    process.communicate(timeout=60)
    assert main(["index", "build", str(path), "--out", str(folder)]) == 0
    assert len(Index(folder)) == 4_000


@pytest.mark.slow
def test_a_cache_whose_process_was_killed_keeps_its_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(tmp_path))
    write = (
        "import itertools; from refcheck.sources import AnswerCache; c = AnswerCache()\n"
        "for n in itertools.count(): c.put(f'k{n}', 'record', {'n': n}); n == 20 and print('begun', flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", write], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)
    cache = AnswerCache(tmp_path)
    kept = [cache.get(f"k{n}", "record") for n in range(21)]
    assert [k.value["n"] for k in kept if k] == list(range(21))
    assert not list(tmp_path.glob("*damaged*"))


def test_two_processes_do_not_write_to_one_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refs, out = references(tmp_path), tmp_path / "out.jsonl"
    with only_writer(out):
        assert main(["batch", str(refs), "--records", str(RECORDS), "-o", str(out)]) == 2
    assert "another refcheck is writing" in capsys.readouterr().err
    assert not out.exists()
    with only_writer(out):  # whoever was before has let go
        pass
    with pytest.raises(UsageError), only_writer(out), only_writer(out):
        pass


@pytest.mark.slow
def test_two_processes_share_one_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(tmp_path / "cache"))
    refs = tmp_path / "refs.txt"
    refs.write_text("".join(f"{w['title'][0]}. doi:{w['DOI']}\n" for w in WORKS if w.get("title")), encoding="utf-8")
    with CrossrefStandin(WORKS) as server:
        both = [
            started("batch", refs, "--crossref-url", server.url, "--no-rate-limit", "-o", tmp_path / f"{n}.jsonl")
            for n in (1, 2)
        ]
        said = [p.communicate(timeout=120)[1] for p in both]
    assert not any(b"Traceback" in s or b"damaged" in s for s in said), said
    first, second = ((tmp_path / f"{n}.jsonl").read_text().splitlines() for n in (1, 2))
    assert [json.loads(x)["match"]["verdict"] for x in first] == [json.loads(x)["match"]["verdict"] for x in second]


@needs_dev_full
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", str(SEED), "--records", str(RECORDS), "-o", "/dev/full"],
        ["check", str(SEED), "--records", str(RECORDS), "--format", "json", "-o", "/dev/full"],
        ["parse", str(SEED), "-o", "/dev/full"],
        ["lookup", ENTRY.format(301), "--records", str(RECORDS), "-o", "/dev/full"],
        ["batch", "REFS", "--restart", "--records", str(RECORDS), "-o", "/dev/full"],
    ],
    ids=lambda a: f"{a[0]}-{len(a)}",
)
def test_a_full_disk_is_one_sentence(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [str(references(tmp_path)) if a == "REFS" else a for a in arguments]
    assert main(given) == 2
    err = capsys.readouterr().err
    assert "No space left on device" in err
    assert "Traceback" not in err


def test_a_report_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from refcheck import office

    path = tmp_path / "report.html"
    path.write_text("old")

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(office.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        office.write_whole(path, b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_cache_that_cannot_be_written_costs_the_cache_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(blocked / "cache"))
    with CrossrefStandin(WORKS) as server:
        assert main(["lookup", "10.5555/tidal.2019", "--crossref-url", server.url]) == 0
    assert "Tidal mixing" in capsys.readouterr().out


@needs_permissions
def test_a_read_only_cache_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(tmp_path / "cache"))
    with CrossrefStandin(WORKS) as server:
        lookup = ["lookup", "10.5555/tidal.2019", "--crossref-url", server.url]
        assert main(lookup) == 0
        for path in (*(tmp_path / "cache").iterdir(), tmp_path / "cache"):
            path.chmod(0o500 if path.is_dir() else 0o400)
        assert main(lookup) == 0
