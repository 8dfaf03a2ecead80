"""The command `refcheck`: argv in, exit status out. The only place that prints.

Everything else is imported when a command needs it, so that the command line starts at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from refcheck import __version__
from refcheck.arguments import open_sources, read_arguments
from refcheck.errors import NoReferences, RefcheckError, UsageError
from refcheck.progress import bar
from refcheck.renderers import RENDERERS

if TYPE_CHECKING:
    from argparse import Namespace

    from refcheck.batch import Result, Tally
    from refcheck.model import Manuscript, Report
    from refcheck.readers.lines import Line
    from refcheck.sources import Source
    from refcheck.sources.transport import Outgoing

CLEAN, FOUND, UNFINISHED = 0, 1, 2
#: Formats in which several reports can stand one after the other.
_SEVERAL = frozenset(["text", "json", "markdown", "queries", "corrected", "diff", "bibtex", "ris"])


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
            f"met something it does not know ({type(e).__name__}: {e}); please report it, "
            "with what REFCHECK_DEBUG=1 makes it print"
        )
    return UNFINISHED


def _say(sentence: str) -> None:
    from refcheck.text import printable

    print(f"refcheck: {printable(sentence)}", file=sys.stderr)


# -- check, parse -------------------------------------------------------------------------------------------------


def _check(a: Namespace) -> int:
    from refcheck.office import check_settled, correct
    from refcheck.pipeline import render
    from refcheck.waivers import load_settings

    if any(Path(file).is_dir() for file in a.files):
        return _check_folder(a)
    if a.annotate and len(a.files) > 1:
        raise UsageError("--annotate takes one Word file at a time")
    if a.format not in _SEVERAL and len(a.files) > 1:
        raise UsageError(f"the format {a.format} holds one manuscript; give one FILE at a time, or a folder with --out")
    status = CLEAN
    first = True
    with _sources(a) as sources:
        for file in a.files:
            try:
                manuscript = _read(file)
                with bar(sys.stderr, f"checking {manuscript.name}") as move:
                    settings = load_settings(Path(file))
                    report = check_settled(manuscript, settings, sources=sources, progress=move)
            except RefcheckError as e:
                _say(str(e))
                status = UNFINISHED
                continue
            if a.dry_run:
                continue
            if a.annotate:
                _annotate(Path(file), a.annotate, report, settings.language)
            if a.format == "corrected" and manuscript.format == "bibtex" and file != "-":
                written: str | bytes = correct(Path(file).read_bytes(), report)
            else:
                written = render(report, a.format, **_options(a, len(a.files), settings.language))
            _write(written, a.output, after=not first)
            first = False
            status = max(status, _status(report))
    return status


def _annotate(file: Path, out: Path, report: Report, language: str) -> None:
    from refcheck.office import mark_up

    if out.exists() and out.samefile(file):
        raise UsageError("--annotate would overwrite the manuscript; give another file")
    out.write_bytes(mark_up(file.read_bytes(), file.name, report, language=language))


def _check_folder(a: Namespace) -> int:
    from refcheck.office import check_folder

    if len(a.files) > 1 or not a.out or a.output or a.annotate:
        raise UsageError("a folder is checked by itself: refcheck check FOLDER --out REPORTS [--format FORMAT]")
    formats = ["queries"] if a.format == "text" else [a.format]
    with _sources(a) as sources, bar(sys.stderr, "checking") as move:
        outcomes = check_folder(
            Path(a.files[0]), a.out, sources=sources, formats=formats, tell=lambda path, done, of: move(done, of)
        )
    for outcome in outcomes:
        if outcome.problem:
            _say(f"{outcome.path}: {outcome.problem}")
    print(f"{len(outcomes)} manuscripts; the reports are listed in {a.out / 'index.html'}")
    return max(_status(o.report) if o.report else UNFINISHED for o in outcomes)


def _status(report: Report) -> int:
    if any(m.unavailable for m in report.matches):
        return UNFINISHED
    return FOUND if report.counts["error"] else CLEAN


def _options(a: Namespace, files: int, language: str) -> dict[str, Any]:
    """What the renderers for people and for scripts are told about where their output goes."""
    if a.format in ("html", "queries"):
        return {"language": language}
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

    listed = is_jsonl(a.file)
    format = a.format or ("jsonl" if listed else "text")
    if format != "text" and (listed or (format == "jsonl" and _is_plain(a.file))):
        return _parse_lines(a)
    from refcheck.renderers.reading import READINGS

    _write(READINGS[format](_read(a.file)), a.output)
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
        if a.dry_run:
            return _pass_over(batch.check_lines(lines, sources))
        size = _size(a.refs)
        start = 0
        if a.output and not a.restart and a.output.exists():
            kept = batch.go_on(a.output, lines, sources)
            tally, start, lines = kept.tally, kept.end, kept.rest
            if tally.kept:
                _say(f"{tally.kept} lines of {a.output} are finished already; going on")
        try:
            with (
                _output(a.output, "wb" if a.restart else "ab") as out,
                bar(sys.stderr, "checking", size, start) as move,
            ):
                results = _results(a, lines, sources, lambda end: move(end, size))
                batch.write(results, out, tally, lambda end: move(end, size))
        except KeyboardInterrupt:
            again = "; the same command goes on from there" if a.output else ""
            raise KeyboardInterrupt(f"{tally.lines} lines are finished{again}") from None
    return _batch_status(tally)


def _pass_over(results: Iterable[object]) -> int:
    for _ in results:
        pass
    return CLEAN


def _results(
    a: Namespace, lines: Iterator[Line], sources: Sequence[Source], moved: Callable[[int], None]
) -> Iterator[Result]:
    from functools import partial

    from refcheck import batch

    if a.jobs == 1:
        return batch.check_lines(lines, sources, moved)
    return batch.check_in_processes(lines, partial(open_sources, a), a.jobs)


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
    from refcheck.lookup import ANSWERS, look_up
    from refcheck.model import Verdict

    if a.style and (a.offline or a.dry_run):
        raise UsageError("--style asks doi.org; leave out --offline and --dry-run")
    with _sources(a) as sources:
        match = look_up(" ".join(a.text), sources)
    if a.dry_run:
        return CLEAN
    if a.style and match.work and match.work.doi:
        from refcheck.sources import citation

        resolver = os.environ.get("REFCHECK_DOI_URL") or None
        _write(citation(match.work.doi, "text", a.style, resolver) + "\n", a.output)
    else:
        _write(ANSWERS[a.format](match), a.output)
    if match.unavailable:
        return UNFINISHED
    return CLEAN if match.verdict is Verdict.MATCHED else FOUND


def _rules(a: Namespace) -> int:
    from refcheck.rules.manual import manual

    _write(manual(a.code or "", a.format), None)
    return CLEAN


def _waive(a: Namespace) -> int:
    from refcheck.model import Waiver
    from refcheck.rules.manual import chosen
    from refcheck.waivers import FILE, fingerprint, with_waiver

    code = chosen(a.code)[0].code
    reference = ""
    if a.reference:
        named = [r for r in _read(str(a.file)).references if a.reference in (str(r.number), r.label, r.key)]
        if not named:
            raise UsageError(f"there is no reference {a.reference} in {a.file}")
        reference = fingerprint(named[0])
    file = a.file.parent / FILE
    waiver = Waiver(code=code, reference=reference, reason=a.reason, by=a.by, until=a.until)
    file.write_text(with_waiver(file.read_text(encoding="utf-8") if file.exists() else "", waiver), encoding="utf-8")
    print(f"{file}: {code} is left{f' at reference {a.reference}' if a.reference else ''}")
    return CLEAN


def _web(a: Namespace) -> int:
    from refcheck.waivers import load_settings

    try:
        from refcheck.web import serve
    except ImportError as e:
        raise UsageError(f"the page needs {e.name}: pip install 'manuscript-refcheck[web]'") from None

    def ready(address: str) -> None:
        print(f"{address}  (Ctrl-C ends it)", flush=True)
        if not a.no_browser:
            import webbrowser

            webbrowser.open(address)

    serve(lambda: open_sources(a), ready, port=a.port, settings=load_settings(Path.cwd()))
    return CLEAN


def _index(a: Namespace) -> int:
    from refcheck.sources import Index, build_index

    if a.action == "info":
        index = Index(a.dir)
        print(f"{a.dir}: {len(index):,} records")
        return CLEAN
    with bar(sys.stderr, "indexing") as move:
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


@contextmanager
def _sources(a: Namespace) -> Iterator[Sequence[Source]]:
    """The sources that the options name; after a dry run, what would have been sent is printed."""
    outbox: list[Outgoing] = []
    sources = open_sources(a, outbox)
    for problem in (p for source in sources for p in getattr(source, "problems", ())):
        _say(problem)
    yield sources
    if a.dry_run:
        for request in outbox:
            print(f"{request.source}  {request.method} {request.url}")
        if not outbox:
            print("nothing would be sent")


# -- streams ------------------------------------------------------------------------------------------------------


def _standard_input() -> Any:
    return sys.stdin.buffer


def _write(written: str | bytes, path: Path | None, *, after: bool = False) -> None:
    """Write to a file, or to standard output; `after` the report on another file."""
    with _output(path, "ab" if after else "wb") as output:
        if after and isinstance(written, str) and not written.startswith("{"):
            output.write(b"\n")
        output.write(written.encode("utf-8", "replace") if isinstance(written, str) else written)


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


_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "check": _check,
    "parse": _parse,
    "batch": _batch,
    "lookup": _lookup,
    "rules": _rules,
    "waive": _waive,
    "web": _web,
    "index": _index,
    "cache": _cache,
}
