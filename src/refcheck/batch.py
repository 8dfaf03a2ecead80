"""Many references, one a line: read, checked and written as a stream that may be interrupted and taken up again.

One line in, one line out, in input order (docs/wire.md). Memory does not grow with the file: lines are taken only
as the pipeline asks for them. An input line that is no reference becomes an output line that says so.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from refcheck.errors import UsageError
from refcheck.model import Reference, Severity
from refcheck.pipeline import check_references, read_reference
from refcheck.readers.lists.lines import Line
from refcheck.renderers.data import wire
from refcheck.text import as_json

if TYPE_CHECKING:
    from concurrent.futures import Future

    from refcheck.sources import Source

#: Lines handed to a worker process at a time: long enough to outweigh the hand-over, short enough to show progress.
_HANDFUL = 100
#: References looked up together: two full DOI requests, and at Crossref's pace for searches (3 a second) a line that
#: is finished reaches the output within half a minute.
_TOGETHER = 80


class Result(NamedTuple):
    """One finished line of output."""

    text: str
    end: int
    alarm: bool  # a finding of error severity
    unchecked: bool  # a source could not answer
    unreadable: bool  # the input line was no reference


@dataclass(slots=True)
class Tally:
    """What a batch came to."""

    lines: int = 0
    alarms: int = 0
    unchecked: int = 0
    unreadable: int = 0
    kept: int = 0  # lines that an earlier run had finished

    def add(self, result: Result) -> None:
        """Count one line."""
        self.lines += 1
        self.alarms += result.alarm
        self.unchecked += result.unchecked
        self.unreadable += result.unreadable


def read_fields(lines: Iterable[Line]) -> Iterator[Result]:
    """Each line read into fields, without any look-up."""
    for line in lines:
        if line.error:
            yield _failed(line)
        else:
            found = wire.read_line(line.id, read_reference(line.reference))
            yield Result(_dump(found), line.end, False, False, False)


def check_lines(
    lines: Iterable[Line], sources: Sequence[Source], moved: Callable[[int], None] | None = None
) -> Iterator[Result]:
    """Each line checked against the sources, in input order, looked up in batches.

    `moved` is told the bytes of input that are looked up, also while a batch is under way.
    """
    from refcheck.rules import judge_match

    waiting: deque[Line] = deque()
    ends: deque[int] = deque()
    counted = 0

    def references() -> Iterator[Reference]:
        for line in lines:
            waiting.append(line)
            if not (line.error or line.done):
                ends.append(line.end)
                yield read_reference(line.reference)

    def tell(looked_up: int) -> None:
        nonlocal counted
        end = 0
        while counted < looked_up and ends:
            end = ends.popleft()
            counted += 1
        if moved and end:
            moved(end)

    def ready() -> Iterator[Result]:
        while waiting and (waiting[0].error or waiting[0].done):
            line = waiting.popleft()
            yield _failed(line) if line.error else _kept(line)

    for match in check_references(references(), sources, chunk=_TOGETHER, moved=tell):
        yield from ready()
        line = waiting.popleft()
        findings = judge_match(match)
        yield Result(
            _dump(wire.line(line.id, match.reference, match, findings)),
            line.end,
            alarm=any(f.severity is Severity.ERROR for f in findings),
            unchecked=bool(match.unavailable),
            unreadable=False,
        )
    yield from ready()


def check_in_processes(
    lines: Iterable[Line], open_sources: Callable[[], Sequence[Source]], jobs: int
) -> Iterator[Result]:
    """Like `check_lines`, in `jobs` processes, each of which opens its own sources. For local sources: a remote one
    would see as many clients as there are processes.
    """
    from concurrent.futures import ProcessPoolExecutor

    stream = iter(lines)
    pool = ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(open_sources,))
    running: deque[Future[list[Result]]] = deque()
    try:
        while True:
            while len(running) < 2 * jobs and (handful := list(islice(stream, _HANDFUL))):
                running.append(pool.submit(_check_handful, handful))
            if not running:
                return
            yield from running.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_worker_sources: Sequence[Source] = ()


def _start_worker(open_sources: Callable[[], Sequence[Source]]) -> None:
    import signal

    global _worker_sources
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    _worker_sources = open_sources()


def _check_handful(lines: list[Line]) -> list[Result]:
    return list(check_lines(lines, _worker_sources))


def _dump(found: Any) -> str:
    return as_json(found)


def _failed(line: Line) -> Result:
    return Result(_dump(wire.error_line(line.id, line.error)), line.end, False, False, True)


def _kept(line: Line) -> Result:
    return _told(json.loads(line.done), line.done, line.end)


def _told(found: wire.Json, text: str, end: int) -> Result:
    """The result that an output line tells; ValueError, TypeError, KeyError or AttributeError if it is none."""
    return Result(
        text,
        end,
        alarm=any(f["severity"] == Severity.ERROR for f in found.get("findings", ())),
        unchecked=bool(found.get("match", {}).get("unavailable")),
        unreadable=found["error"] != "" if "match" not in found else False,
    )


def write(results: Iterable[Result], output: IO[bytes], tally: Tally, progress: Callable[[int], None]) -> None:
    """Write results as they come, each at once, so that an interruption loses none and a reader waits for none;
    `progress` is told the bytes of input that are done.
    """
    for result in results:
        output.write(result.text.encode("utf-8", errors="replace") + b"\n")
        output.flush()
        tally.add(result)
        progress(result.end)


class Kept(NamedTuple):
    """What an earlier run has left in an output file."""

    length: int  # bytes to keep: what follows is a line that was cut
    end: int  # bytes of input that are done
    rest: Iterator[Line]  # the lines that are still to be done
    tally: Tally


def take_up(output: IO[bytes], lines: Iterator[Line], name: str) -> Kept:
    """Compare an output file with the input it should belong to.

    A last line that was cut is not kept. Raises UsageError where the file holds anything but results of the first
    lines of this input.
    """
    tally = Tally()
    length = end = 0
    for number, raw in enumerate(output, start=1):
        line = next(lines, None)
        if not (line and _is_about(raw, line)):
            raise UsageError(
                f"{name} is there already, and its line {number} is no result of line {number} of this input; "
                "give another file, or --restart to overwrite this one"
            )
        if not raw.endswith(b"\n"):
            lines = chain([line], lines)
            break
        tally.add(_told(json.loads(raw), "", 0))
        length += len(raw)
        end = line.end
    tally.kept = tally.lines
    return Kept(length, end, lines, tally)


def _is_about(raw: bytes, line: Line) -> bool:
    """Whether an output line, which may be cut, is a result of an input line."""
    if not raw.endswith(b"\n"):
        begins = f'{{"id": {_dump(line.id)}, "'.encode()
        return raw[: len(begins)] == begins[: len(raw)]
    try:
        found = json.loads(raw)
        _told(found, "", 0)
        return bool(found["id"] == line.id and found.get("reference", "") == line.reference)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def unanswered(output: Path) -> Iterator[Line]:
    """The lines of an output file, where those that a source left unanswered are to be checked again."""
    with output.open("rb") as stream:
        for raw in stream:
            text = raw.decode("utf-8").rstrip("\n")
            found = json.loads(text)
            if found.get("match", {}).get("unavailable"):
                yield Line(found["id"], found["reference"], "", 0)
            else:
                yield Line(found["id"], "", "", 0, text)


def replace_file(path: Path, results: Iterable[Result]) -> Tally:
    """Write a file anew beside the old one, and put it in its place once it is complete."""
    tally = Tally()
    new = path.with_name(path.name + ".new")
    try:
        with new.open("wb") as output:
            write(results, output, tally, lambda end: None)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return tally


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold an output file for this process: a second one would mix its lines with ours.

    The lock stands on a file beside it and is let go by the system whatever ends the process. Raises UsageError where
    another process holds it.
    """
    if path.exists() and not path.is_file():  # a device or a pipe
        yield
        return
    lock = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:  # the folder takes no new file: whether the output can be written will show
        yield
        return
    try:
        # Whoever was done between our opening and our locking has taken the file away.
        if not _locked(descriptor) or not lock.exists():
            raise UsageError(f"another refcheck is writing to {path}: wait until it is done, or give another file")
        yield
        with suppress(OSError):  # Windows keeps what is open
            lock.unlink()
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # a file system that knows no locks
    return True


def go_on(path: Path, lines: Iterator[Line], sources: Sequence[Source]) -> Kept:
    """Take an output file up again: what is finished is kept, what a source left unanswered is asked again.

    Raises UsageError where the file belongs to another input.
    """
    with path.open("rb+") as stream:
        kept = take_up(stream, lines, str(path))
        stream.truncate(kept.length)
    if not kept.tally.unchecked:
        return kept
    tally = replace_file(path, check_lines(unanswered(path), sources))
    tally.kept = kept.tally.kept
    return kept._replace(tally=tally)
