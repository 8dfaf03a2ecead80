"""The checks of a running page: queued, worked off one after the other, the last few kept in memory."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from refcheck.errors import RefcheckError
from refcheck.model import Report
from refcheck.office import check_settled, mark_up, rendered
from refcheck.pipeline import read
from refcheck.renderers.overview import overview
from refcheck.waivers import Settings

if TYPE_CHECKING:
    from refcheck.sources import Source

#: How many checks are remembered; the oldest finished one is forgotten first.
KEPT = 300
#: How many may wait or run at the same time: a folder of a day.
WAITING = 200
#: Bytes of manuscripts that are kept in memory, waiting ones and those whose outputs can be asked for.
MOST_BYTES = 500_000_000

# What can be fetched of a finished check: file name -> (format, media type).
FILES = {
    "report.html": ("html", "text/html; charset=utf-8"),
    "queries.txt": ("queries", "text/plain; charset=utf-8"),
    "corrected.txt": ("corrected", "text/plain; charset=utf-8"),
    "references.csv": ("csv", "text/csv; charset=utf-8"),
    "references.xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "report.json": ("json", "application/json"),
}
WORD = "annotated.docx"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


_BUSY = ("waiting", "running")


class _Cancelled(Exception):
    """Somebody has cancelled the check that is running."""


class TooManyChecks(RefcheckError):
    """So many checks are waiting that no more are taken."""


@dataclass(slots=True, kw_only=True)
class Check:
    """One check; the worker thread fills it in, the page reads it."""

    identifier: str
    name: str
    data: bytes
    state: str = "waiting"  # waiting, running, done, failed, cancelled
    done: int = 0
    total: int = 0
    problem: str = ""
    report: Report | None = None

    def told(self) -> dict[str, object]:
        """What the page is told about it."""
        out: dict[str, object] = {
            "id": self.identifier, "name": self.name, "state": self.state, "done": self.done, "total": self.total,
            "problem": self.problem,
        }  # fmt: skip
        if self.report is not None:
            word = [WORD] if self.report.manuscript.format == "docx" else []
            seen = overview(self.report)
            out["counts"] = dict(self.report.counts)
            out["head"], out["tally"], out["complete"] = seen.head, seen.tally, seen.complete
            able = [f for f in FILES if f != "references.xlsx" or find_spec("xlsxwriter")]
            out["files"] = [*able, *word]
        return out


class Checks:
    """Takes manuscripts in and works them off in a thread of its own."""

    def __init__(self, open_sources: Callable[[], Sequence[Source]], settings: Settings) -> None:
        self._open_sources = open_sources
        self._sources: Sequence[Source] | None = None
        self._settings = settings
        self._checks: OrderedDict[str, Check] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="refcheck")

    def take(self, data: bytes, name: str) -> Check:
        """Queue a manuscript. Raises TooManyChecks."""
        check = Check(identifier=secrets.token_urlsafe(12), name=name, data=data)
        with self._lock:
            busy = [c for c in self._checks.values() if c.state in _BUSY]
            if len(busy) >= WAITING or sum(len(c.data) for c in busy) + len(data) > MOST_BYTES:
                raise TooManyChecks("too many other checks are still waiting: try again when they are finished")
            self._checks[check.identifier] = check
            held = sum(len(c.data) for c in self._checks.values())
            for old in list(self._checks.values()):
                if (len(self._checks) > KEPT or held > MOST_BYTES) and old.state not in _BUSY:
                    held -= len(old.data)
                    del self._checks[old.identifier]
        self._pool.submit(self._run, check)
        return check

    def find(self, identifier: str) -> Check | None:
        """A check that is still remembered."""
        with self._lock:
            return self._checks.get(identifier)

    def all(self) -> list[Check]:
        """Every check that is remembered, the oldest first."""
        with self._lock:
            return list(self._checks.values())

    def cancel(self, check: Check) -> None:
        """Do not begin it, or end it after the reference that is being looked up; forget it, if it is finished."""
        with self._lock:
            if check.state in _BUSY:
                check.state = "cancelled"
            else:
                self._checks.pop(check.identifier, None)

    def close(self) -> None:
        """Take nothing more, and do not wait for what is queued."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, check: Check) -> None:
        with self._lock:
            if check.state == "cancelled":
                return
            check.state = "running"

        def progress(done: int, total: int) -> None:
            if check.state == "cancelled":
                raise _Cancelled
            check.done, check.total = done, total

        try:
            if self._sources is None:
                self._sources = self._open_sources()
            manuscript = read(check.data, check.name)
            check.total = len(manuscript.references)
            check.report = check_settled(manuscript, self._settings, sources=self._sources, progress=progress)
            with self._lock:
                check.state = "done" if check.state == "running" else check.state
        except _Cancelled:
            pass
        except RefcheckError as e:
            check.problem, check.state = str(e), "failed"
        except Exception as e:
            # The thread must go on with the next manuscript, and the person must be told.
            check.problem = f"refcheck met something it does not know ({type(e).__name__}: {e})"
            check.state = "failed"

    def written(self, check: Check, file: str) -> tuple[bytes, str] | None:
        """One file of a finished check with its media type; None where there is no such file."""
        if check.report is None:
            return None
        language = self._settings.language
        if file == WORD and check.report.manuscript.format == "docx":
            return mark_up(check.data, check.name, check.report, language=language), WORD_TYPE
        if file not in FILES:
            return None
        format, media = FILES[file]
        return rendered(check.data, check.report, format, language=language), media
