"""The file of answers: what is kept and how long, who may read it, and what happens when it is damaged."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from refcheck.sources.http import cache as cache_module
from refcheck.sources.http.cache import FRESH, USABLE, AnswerCache, cache_folder, cache_key

DAY = 86_400


def test_an_answer_is_kept(tmp_path: Path) -> None:
    value = {"title": ["Ünïcode"], "n": [1, 2.5, None, True]}
    AnswerCache(tmp_path).put("k", "record", value)
    kept = AnswerCache(tmp_path).get("k", "record")
    assert kept is not None
    assert kept.value == value
    assert AnswerCache(tmp_path).get("k", "query") is None
    assert AnswerCache(tmp_path).get("other", "record") is None


@pytest.mark.parametrize("kind", sorted(FRESH))
def test_each_kind_has_its_time(tmp_path: Path, kind: str) -> None:
    now = [1e9]
    cache = AnswerCache(tmp_path, now=lambda: now[0])
    cache.put("k", kind, "v")
    for age, fresh, usable in (
        (0, True, True),
        (FRESH[kind] - 1, True, True),
        (FRESH[kind] + 1, False, USABLE[kind] > FRESH[kind]),
        (USABLE[kind] + 1, False, False),
    ):
        now[0] = 1e9 + age
        assert (cache.get("k", kind) is not None) == fresh
        assert (cache.get("k", kind, stale=True) is not None) == usable


def test_times_are_as_promised() -> None:
    assert USABLE["record"] == 30 * DAY
    assert FRESH["record"] <= 7 * DAY  # it says whether the work is retracted
    assert FRESH["query"] == 7 * DAY
    assert DAY <= FRESH["absent"] <= 7 * DAY


def test_an_answer_from_the_future_is_not_believed(tmp_path: Path) -> None:
    AnswerCache(tmp_path, now=lambda: 2e9).put("k", "record", "v")
    assert AnswerCache(tmp_path, now=lambda: 1e9).get("k", "record") is None


def test_old_answers_are_swept_out(tmp_path: Path) -> None:
    old = AnswerCache(tmp_path, now=lambda: 1e9)
    old.put("k", "query", "v")
    old.close()
    assert AnswerCache(tmp_path, now=lambda: 1e9 + 31 * DAY).info().entries == {}


def test_a_file_that_grows_too_large_loses_its_older_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1e9]
    cache = AnswerCache(tmp_path, now=lambda: now[0])
    for n in range(40):
        now[0] += 1
        cache.put(str(n), "record", os.urandom(2000).hex())
    cache.close()
    before = cache.path.stat().st_size
    monkeypatch.setattr(cache_module, "_MOST_FILE_BYTES", 20_000)
    again = AnswerCache(tmp_path, now=lambda: now[0])
    assert again.info().entries == {"record": 20}
    assert again.get("39", "record") is not None
    assert again.get("0", "record") is None
    again.close()
    assert cache.path.stat().st_size < before


def test_refresh_reads_nothing_and_writes(tmp_path: Path) -> None:
    AnswerCache(tmp_path).put("k", "record", "old")
    fresh = AnswerCache(tmp_path, refresh=True)
    assert fresh.get("k", "record") is None
    fresh.put("k", "record", "new")
    kept = AnswerCache(tmp_path).get("k", "record")
    assert kept is not None
    assert kept.value == "new"


def test_info_and_clear(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, now=lambda: 1e9)
    assert cache.info().entries == {}
    assert cache.clear() == 0
    for n in range(3):
        cache.put(str(n), "record", n)
    cache.put("q", "query", [])
    assert cache.info().entries == {"record": 3, "query": 1}
    assert cache.info().oldest == 1e9
    assert cache.info().bytes > 0
    assert cache.clear() == 4
    assert cache.info().entries == {}


def test_keys_hold_nothing_readable() -> None:
    key = cache_key("crossref", "https://api.crossref.org", "query", "Nordahl A. Tidal mixing. 2019")
    assert len(key) == 64
    assert int(key, 16)
    others = [
        cache_key("crossref", "https://mirror.example.org", "query", "Nordahl A. Tidal mixing. 2019"),
        cache_key("crossref", "https://api.crossref.org", "record", "Nordahl A. Tidal mixing. 2019"),
        cache_key("datacite", "https://api.crossref.org", "query", "Nordahl A. Tidal mixing. 2019"),
        cache_key("crossref", "https://api.crossref.org", "query", "\ud800"),
    ]
    assert len({key, *others}) == 5


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "deep" / "folder")
    cache.put("k", "record", "v")
    assert (tmp_path / "deep" / "folder").stat().st_mode & 0o777 == 0o700
    assert cache.path.stat().st_mode & 0o777 == 0o600


def test_where_it_is(tmp_path: Path) -> None:
    assert cache_folder({"REFCHECK_CACHE_DIR": str(tmp_path)}) == tmp_path
    assert cache_folder({}).name == "refcheck"


# -- trouble ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to look at " * 50, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_damaged_file_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes) -> None:
    path = AnswerCache(tmp_path).path
    path.write_bytes(content)
    cache = AnswerCache(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert cache.get("k", "record") is None
        cache.put("k", "record", "v")
    assert AnswerCache(tmp_path).get("k", "record") is not None
    assert [p.read_bytes() for p in tmp_path.glob("*.damaged-*")] == [content]
    assert "set aside" in caplog.text


def test_a_file_that_is_damaged_while_in_use(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    for n in range(200):
        cache.put(str(n), "record", "x" * 2000)
    cache.close()
    data = bytearray(cache.path.read_bytes())
    data[100:] = os.urandom(len(data) - 100)
    cache.path.write_bytes(bytes(data))
    again = AnswerCache(tmp_path)
    assert again.get("7", "record") is None
    again.put("7", "record", "v")
    kept = AnswerCache(tmp_path).get("7", "record")
    assert kept is not None
    assert kept.value == "v"


def test_one_damaged_answer_is_no_answer(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("k", "record", "v")
    with sqlite3.connect(cache.path) as connection:
        connection.execute("UPDATE answers SET value = x'00'")
    assert cache.get("k", "record") is None


def test_a_file_of_another_layout_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = AnswerCache(tmp_path).path
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE answers (something_else)")
    cache = AnswerCache(tmp_path)
    cache.put("k", "record", "v")
    assert cache.get("k", "record") is None
    assert "asked anew" in caplog.text
    assert list(tmp_path.glob("*.damaged-*")) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = AnswerCache(tmp_path / "file" / "folder")
    cache.put("k", "record", "v")
    assert cache.get("k", "record") is None
    assert cache.info().entries == {}
    assert caplog.text.count("asked anew") == 1


def test_threads_share_it(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)

    def work(n: int) -> bool:
        cache.put(str(n % 20), "record", n % 20)
        kept = cache.get(str(n % 20), "record")
        return kept is not None and kept.value == n % 20

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))


def test_nothing_is_lost_where_several_begin_the_file_at_once(tmp_path: Path) -> None:
    together = Barrier(4)

    def begin(cache: AnswerCache) -> None:
        together.wait(10)
        cache.put(str(id(cache)), "record", 1)

    caches = [[AnswerCache(tmp_path / str(file)) for _ in range(4)] for file in range(60)]
    with ThreadPoolExecutor(4) as pool:
        for file in caches:
            list(pool.map(begin, file))
            assert file[0].info().entries == {"record": 4}
            for cache in file:
                cache.close()


def test_processes_share_it(tmp_path: Path) -> None:
    code = (
        "import sys; from refcheck.sources.http.cache import AnswerCache; c = AnswerCache(sys.argv[1])\n"
        "for n in range(60): c.put(f'{sys.argv[2]}-{n}', 'record', n)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(p)]) for p in range(2)]
    assert [p.wait(60) for p in running] == [0, 0]
    assert AnswerCache(tmp_path).info().entries == {"record": 120}


def test_a_child_process_opens_its_own(tmp_path: Path) -> None:
    code = (
        "import os, sys; from refcheck.sources.http.cache import AnswerCache; c = AnswerCache(sys.argv[1])\n"
        "c.put('parent', 'record', 1)\n"
        "pid = os.fork()\n"
        "if not pid: c.put('child', 'record', 2); os._exit(0 if c.get('parent', 'record') else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) or (0 if c.get('child', 'record') else 2))"
    )
    if hasattr(os, "fork"):
        assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], timeout=60).returncode == 0


def test_nothing_of_a_manuscript_is_in_the_file(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    secret = "Confidential Author. Unpublished title. 2026"
    cache.put(cache_key("crossref", "https://api.crossref.org", "query", secret), "query", [])
    cache.close()
    everything = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert b"Confidential" not in everything
    assert json.dumps(secret).encode() not in everything
