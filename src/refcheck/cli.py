"""The command `refcheck`: argv in, exit status out. The only place that prints.

Everything else is imported when a command needs it, so that the command line starts at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from refcheck import __version__
from refcheck.arguments import read_arguments
from refcheck.errors import NoReferences, RefcheckError, UsageError
from refcheck.renderers import RENDERERS

if TYPE_CHECKING:
    from argparse import Namespace

    from refcheck.batch import Result, Tally
    from refcheck.model import Manuscript, Report
    from refcheck.readers.lines import Line
    from refcheck.sources import Source

CLEAN, FOUND, UNFINISHED = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 clean, 1 errors found, 2 could not finish."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    arguments = read_arguments(argv, __version__, sorted(RENDERERS))
    try:
        status = _COMMANDS[arguments.command](arguments)
        sys.stdout.flush()
        return status
    except RefcheckError as e:
        _say(str(e))
    except KeyboardInterrupt as e:
        _say(f"interrupted{f'; {e}' if str(e) else ''}")
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as e:
        _say(f"{e.filename}: {e.strerror}" if e.filename else f"the system said: {e}")
    except Exception as e:
        if os.environ.get("REFCHECK_DEBUG"):
            raise
        _say(
            f"refcheck met something it does not know ({type(e).__name__}: {e}); please report it, "
            "with what REFCHECK_DEBUG=1 makes it print"
        )
    return UNFINISHED


def _say(sentence: str) -> None:
    from refcheck.text import printable

    print(f"refcheck: {printable(sentence)}", file=sys.stderr)


# -- check, parse -------------------------------------------------------------------------------------------------


def _check(a: Namespace) -> int:
    from refcheck.pipeline import check, render

    status = CLEAN
    written: list[str | bytes] = []
    with _sources(a) as sources:
        for file in a.files:
            try:
                manuscript = _read(file)
                with _bar(f"checking {manuscript.name}") as move:
                    report = check(manuscript, sources=sources, progress=move)
            except RefcheckError as e:
                _say(str(e))
                status = UNFINISHED
                continue
            if not a.dry_run:
                written.append(render(report, a.format, **_options(a, len(a.files))))
                status = max(status, _status(report))
    if written:
        _write(written, a.output)
    return status


def _status(report: Report) -> int:
    if any(m.unavailable for m in report.matches):
        return UNFINISHED
    return FOUND if report.counts["error"] else CLEAN


def _options(a: Namespace, files: int) -> dict[str, Any]:
    """What the renderers for people and for scripts are told about where their output goes."""
    if a.format == "json" and files > 1:
        return {"indent": None}
    if a.format != "text":
        return {}
    if a.output or not sys.stdout.isatty():
        return {"color": False}
    import shutil

    return {"color": not os.environ.get("NO_COLOR"), "width": shutil.get_terminal_size().columns}


def _read(file: str) -> Manuscript:
    from refcheck.pipeline import read

    manuscript = read(sys.stdin.buffer.read(), "standard input") if file == "-" else read(Path(file))
    if not manuscript.references:
        raise NoReferences(f"no reference list was found in {manuscript.name}")
    return manuscript


def _parse(a: Namespace) -> int:
    from refcheck.readers.lines import is_jsonl

    format = a.format or ("jsonl" if is_jsonl(a.file) else "text")
    if is_jsonl(a.file) or (format == "jsonl" and _is_plain(a.file)):
        return _parse_lines(a)
    manuscript = _read(a.file)
    if format == "jsonl":
        import json

        from refcheck.renderers import wire

        lines = (wire.read_line(r.number or r.key or str(i), r) for i, r in enumerate(manuscript.references, start=1))
        _write([json.dumps(line, ensure_ascii=False) + "\n" for line in lines], a.output)
    elif format == "json":
        import json

        from refcheck.renderers import wire

        _write([json.dumps(wire.manuscript(manuscript), ensure_ascii=False, indent=2) + "\n"], a.output)
    else:
        from refcheck.renderers.reading import render_reading

        _write([render_reading(manuscript)], a.output)
    return CLEAN


def _is_plain(file: str) -> bool:
    return file == "-" or Path(file.removesuffix(".gz")).suffix.lower() in ("", ".txt")


def _parse_lines(a: Namespace) -> int:
    from refcheck.batch import Tally, read_fields, write
    from refcheck.readers.lines import open_lines, read_lines

    tally = Tally()
    with open_lines(a.file, _standard_input()) as stream, _output(a.output, "wb") as output:
        write(read_fields(read_lines(stream, a.file)), output, tally, lambda end: None)
    return _batch_status(tally)


# -- batch --------------------------------------------------------------------------------------------------------


def _batch(a: Namespace) -> int:
    from refcheck import batch
    from refcheck.readers.lines import open_lines, read_lines

    if a.jobs > 1 and not (a.records or a.index):
        raise UsageError("--jobs needs --records or --index: a remote source must see one client, not several")
    tally = batch.Tally()
    with open_lines(a.refs, _standard_input()) as stream, _sources(a) as sources:
        lines = read_lines(stream, a.refs)
        size = _size(a.refs)
        start = 0
        if a.output and not a.restart and a.output.exists() and not a.dry_run:
            kept = _take_up(a.output, lines, sources)
            tally, start, lines = kept.tally, kept.end, kept.rest
        try:
            with _output(a.output, "wb" if a.restart else "ab") as output, _bar("checking", size, start) as move:
                batch.write(_results(a, lines, sources), output, tally, lambda end: move(end, size))
        except KeyboardInterrupt:
            again = "; the same command goes on from there" if a.output else ""
            raise KeyboardInterrupt(f"{tally.lines} lines are finished{again}") from None
    return _batch_status(tally)


def _take_up(output: Path, lines: Iterator[Line], sources: Sequence[Source]) -> Any:
    from refcheck import batch

    with output.open("rb+") as stream:
        kept = batch.take_up(stream, lines, str(output))
        stream.truncate(kept.length)
    if kept.tally.unchecked:
        again = batch.replace_file(output, batch.check_lines(batch.unanswered(output), sources))
        again.kept = kept.tally.kept
        kept = kept._replace(tally=again)
    if kept.tally.kept:
        _say(f"{kept.tally.kept} lines of {output} are finished already; going on")
    return kept


def _results(a: Namespace, lines: Iterator[Line], sources: Sequence[Source]) -> Iterator[Result]:
    from functools import partial

    from refcheck import batch

    if a.jobs == 1:
        return batch.check_lines(lines, sources)
    return batch.check_in_processes(lines, partial(_open_sources, a, []), a.jobs)


def _batch_status(tally: Tally) -> int:
    if tally.unreadable:
        _say(f"{tally.unreadable} of {tally.lines} lines were no references; their output lines say why")
    if tally.unchecked:
        _say(
            f"{tally.unchecked} of {tally.lines} references could not be checked, because a source did not answer; "
            "run the same command again for these"
        )
    if tally.unreadable or tally.unchecked:
        return UNFINISHED
    return FOUND if tally.alarms else CLEAN


def _size(path: str) -> int:
    return 0 if path == "-" or path.endswith(".gz") else os.path.getsize(path)


# -- lookup, rules, index, cache ----------------------------------------------------------------------------------


def _lookup(a: Namespace) -> int:
    from refcheck.lookup import look_up
    from refcheck.model import Verdict

    with _sources(a) as sources:
        match = look_up(" ".join(a.text), sources)
    if a.dry_run:
        return CLEAN
    if a.format == "json":
        import json

        from refcheck.renderers import wire

        _write([json.dumps(wire.match(match), ensure_ascii=False, indent=2) + "\n"], a.output)
    else:
        from refcheck.renderers.reading import render_match

        _write([render_match(match)], a.output)
    if match.unavailable:
        return UNFINISHED
    return CLEAN if match.verdict is Verdict.MATCHED else FOUND


def _rules(a: Namespace) -> int:
    from refcheck.rules.manual import manual

    _write([manual(a.code or "", a.format)], None)
    return CLEAN


def _index(a: Namespace) -> int:
    from refcheck.sources import Index, build_index

    if a.action == "info":
        index = Index(a.dir)
        print(f"{a.dir}: {len(index):,} records")
        return CLEAN
    with _bar("indexing") as move:
        built = build_index(a.files, a.out, progress=lambda records, done, size: move(done, size))
    for problem in built.problems:
        _say(problem)
    skipped = f"; {built.skipped_files} files were there already" if built.skipped_files else ""
    print(f"{a.out}: {built.records:,} records read, {built.documents:,} in the index{skipped}")
    return CLEAN


def _cache(a: Namespace) -> int:
    from refcheck.sources.cache import AnswerCache

    cache = AnswerCache()
    if a.action == "clear":
        print(f"{cache.clear():,} answers forgotten")
        return CLEAN
    info = cache.info()
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in sorted(info.entries.items())) or "empty"
    print(f"{info.path}: {kinds} ({info.bytes / 1e6:.1f} MB)")
    return CLEAN


# -- sources ------------------------------------------------------------------------------------------------------


@contextmanager
def _sources(a: Namespace) -> Iterator[Sequence[Source]]:
    """The sources that the options name; after a dry run, what would have been sent is printed."""
    outbox: list[Any] = []
    yield _open_sources(a, outbox)
    if a.dry_run:
        for request in outbox:
            print(f"{request.source}  {request.method} {request.url}")
        if not outbox:
            print("nothing would be sent")


def _open_sources(a: Namespace, outbox: list[Any] | None = None) -> Sequence[Source]:
    from refcheck import sources
    from refcheck.sources.cache import AnswerCache, cache_folder

    out: list[Source] = []
    if a.records:
        out.append(sources.LocalRecords(a.records, cache_dir=None if a.no_cache else cache_folder()))
    if a.index:
        out.append(sources.Index(a.index))
    if a.crossref_url or not out:
        if outbox is None or not (a.dry_run or a.offline):
            outbox = None
        out.extend(
            sources.default_sources(
                base_url=a.crossref_url,
                mailto=a.mailto,
                rate_limit=not a.no_rate_limit,
                cache=None if a.no_cache else AnswerCache(refresh=a.refresh),
                outbox=outbox,
            )
        )
    return out


# -- streams ------------------------------------------------------------------------------------------------------


def _standard_input() -> Any:
    return sys.stdin.buffer


def _write(parts: Sequence[str | bytes], path: Path | None) -> None:
    if any(isinstance(part, bytes) for part in parts) and len(parts) > 1:
        raise UsageError("this format holds one manuscript; give one FILE at a time")
    with _output(path, "wb") as output:
        for number, part in enumerate(parts):
            if number and isinstance(part, str) and not part.startswith("{"):
                output.write(b"\n")
            output.write(part.encode("utf-8", "replace") if isinstance(part, str) else part)


@contextmanager
def _output(path: Path | None, mode: str) -> Iterator[IO[bytes]]:
    """A file to write to, or standard output, as bytes: JSON is UTF-8 whatever the terminal's encoding is."""
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with path.open(mode) as stream:
        yield stream


@contextmanager
def _bar(what: str, total: int = 0, start: int = 0) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with the time that is left, on a terminal only; gives the function that moves it."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from refcheck.text import printable

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(printable(what).replace("[", "\\["), total=total or None, completed=start)
        yield lambda done, of: progress.update(task, completed=done, total=of or None)


_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "check": _check,
    "parse": _parse,
    "batch": _batch,
    "lookup": _lookup,
    "rules": _rules,
    "index": _index,
    "cache": _cache,
}
