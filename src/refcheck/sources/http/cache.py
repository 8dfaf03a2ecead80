"""Answers kept on disk: one SQLite file, so that the second check of a manuscript asks nothing.

Kept are only records and lists that were validated, under a hash of the canonical question: no manuscript text, no
addresses, no keys. Trouble with the file (damaged, read-only, full) costs the cache, never the check.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

_log = logging.getLogger("refcheck.sources.http.cache")

_DAY = 86_400.0
#: Seconds for which an answer is taken as today's. A record also says whether the work is retracted, which must not be
#: older than a week; lists of candidates likewise. An absent DOI may have been registered since yesterday.
FRESH: Mapping[str, float] = MappingProxyType(
    {"record": 7 * _DAY, "query": 7 * _DAY, "absent": 1 * _DAY, "agency": 7 * _DAY}
)
#: Seconds for which it is still better than nothing, when the source cannot be reached.
USABLE: Mapping[str, float] = MappingProxyType(
    {"record": 30 * _DAY, "query": 30 * _DAY, "absent": 1 * _DAY, "agency": 30 * _DAY}
)

_LAYOUT = 1  # of the file: raised when the table changes, and then a new file is begun
_MOST_BYTES = 8 * 1024 * 1024  # of one answer, packed: more is not worth keeping
#: Of the whole file: some 150,000 answers. Above it, the older half of the answers is forgotten.
_MOST_FILE_BYTES = 512 * 1024 * 1024


class CacheInfo(NamedTuple):
    """What is in the cache."""

    path: Path
    entries: Mapping[str, int]
    bytes: int
    oldest: float | None  # seconds since 1970


class Kept(NamedTuple):
    """An answer from the cache, and how many seconds old it is."""

    value: Any
    age: float


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where the cache lives: `REFCHECK_CACHE_DIR`, or the user's cache folder of this system."""
    environ = os.environ if environ is None else environ
    if chosen := environ.get("REFCHECK_CACHE_DIR", "").strip():
        return Path(chosen).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("refcheck", appauthor=False)


def cache_key(source: str, base_url: str, kind: str, question: str) -> str:
    """The hash under which an answer is kept: of what was asked, of whom.

    The e-mail address is no part of it. The base address is: what a mirror says is not what Crossref says.
    """
    return hashlib.sha256("\0".join((source, base_url, kind, question)).encode("utf-8", "surrogatepass")).hexdigest()


class AnswerCache:
    """Validated answers by key; for any number of threads and processes.

    `folder` is created readable by its owner alone. With `refresh` nothing is read and everything is written anew.
    """

    def __init__(
        self, folder: Path | str | None = None, *, refresh: bool = False, now: Callable[[], float] = time.time
    ) -> None:
        self.path = (Path(folder) if folder is not None else cache_folder()) / f"answers-{_LAYOUT}.sqlite"
        self.refresh = refresh
        self._now = now
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._off = False

    def get(self, key: str, kind: str, *, stale: bool = False) -> Kept | None:
        """The answer kept under a key, if it is fresh (with `stale`: if it is usable at all)."""
        if self.refresh and not stale:
            return None
        row = self._do(
            lambda c: c.execute("SELECT at, value FROM answers WHERE key = ? AND kind = ?", (key, kind)).fetchone()
        )
        if row is None:
            return None
        at, packed = row
        if not isinstance(at, float) or not isinstance(packed, bytes):  # a damaged file can hold anything
            return None
        age = self._now() - at
        if not -_DAY <= age <= (USABLE if stale else FRESH)[kind]:
            return None
        try:
            return Kept(json.loads(zlib.decompress(packed)), max(0.0, age))
        except (zlib.error, ValueError, RecursionError):
            return None

    def put(self, key: str, kind: str, value: Any) -> None:
        """Keep a validated answer (anything JSON can hold)."""
        packed = zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)
        if len(packed) > _MOST_BYTES:
            return
        row = (key, kind, self._now(), packed)
        self._do(lambda c: c.execute("INSERT OR REPLACE INTO answers (key, kind, at, value) VALUES (?, ?, ?, ?)", row))

    def info(self) -> CacheInfo:
        """What is in it: entries by kind, bytes on disk, the oldest."""
        rows = (
            self._do(lambda c: c.execute("SELECT kind, COUNT(*), MIN(at) FROM answers GROUP BY kind").fetchall())
            if self.path.exists()
            else []
        ) or []
        size = sum(p.stat().st_size for p in self._files() if p.exists())
        times = [at for *_, at in rows if isinstance(at, float)]
        return CacheInfo(self.path, {str(k): n for k, n, _ in rows}, size, min(times, default=None))

    def clear(self) -> int:
        """Forget everything; returns how many answers were forgotten."""
        if not self.path.exists():
            return 0

        def empty(connection: sqlite3.Connection) -> int:
            count = connection.execute("DELETE FROM answers").rowcount
            connection.execute("VACUUM")
            return int(count)

        return self._do(empty) or 0

    def close(self) -> None:
        """Close the file; it is opened again when needed."""
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _files(self) -> tuple[Path, ...]:
        return tuple(self.path.with_name(self.path.name + end) for end in ("", "-wal", "-shm"))

    def _do(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        with self._lock:
            if self._off:
                return None
            for attempt in (1, 2):
                try:
                    return work(self._open())
                except (sqlite3.DatabaseError, UnicodeDecodeError) as exc:  # damage can stand in a message of SQLite
                    if "locked" in str(exc):  # another process is writing for long: this answer is not kept
                        return None
                    # The subclasses (read-only, full, another layout) do not say that the file is damaged.
                    if type(exc) not in (sqlite3.DatabaseError, UnicodeDecodeError):
                        self._give_up(str(exc))
                        return None
                    if attempt == 2 or not self._set_aside():
                        self._give_up("it is damaged and could not be set aside")
                        return None
                except OSError as exc:
                    self._give_up(exc.strerror or "it cannot be opened")
                    return None
        return None

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._process == os.getpid():
            return self._connection
        # After a fork the parent's connection must not be touched, not even to close it.
        folder = self.path.parent
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(self.path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answers"
                " (key TEXT NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL, value BLOB NOT NULL,"
                " PRIMARY KEY (key, kind)) WITHOUT ROWID"
            )
            for kind, seconds in USABLE.items():
                connection.execute("DELETE FROM answers WHERE kind = ? AND at < ?", (kind, self._now() - seconds))
            if self.path.stat().st_size > _MOST_FILE_BYTES:
                middle = "SELECT at FROM answers ORDER BY at LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM answers)"
                connection.execute(f"DELETE FROM answers WHERE at < ({middle})")
                connection.execute("VACUUM")
        except BaseException:
            connection.close()
            raise
        self._connection, self._process = connection, os.getpid()
        return connection

    def _set_aside(self) -> bool:
        if self._connection:
            self._connection.close()
            self._connection = None
        aside = self.path.with_name(f"{self.path.name}.damaged-{int(self._now())}")
        try:
            os.replace(self.path, aside)
            for extra in self._files()[1:]:
                extra.unlink(missing_ok=True)
        except OSError:
            return False
        _log.warning("The cache file was damaged. It was set aside as %s, and a new one begun.", aside)
        return True

    def _give_up(self, reason: str) -> None:
        self._off = True
        _log.warning("Answers are not kept in %s: %s. Everything is asked anew.", self.path, reason)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer not wait for each other: https://www.sqlite.org/wal.html."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as exc:
        if "locked" not in str(exc):
            raise
        # Another process is making the same change, the one thing for which SQLite does not wait.
