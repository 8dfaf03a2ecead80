"""What an office does with manuscripts: check by its own settings, mark the Word file up, work through a folder.

The command line and the web page both stand on this; a script can use it too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from refcheck.errors import RefcheckError, UnreadableInput, UsageError
from refcheck.model import Enquiry, Manuscript, Report
from refcheck.pipeline import Progress, check, read, render
from refcheck.waivers import Settings, apply, load_settings

if TYPE_CHECKING:
    from refcheck.sources import Source

# Suffix of each written file. The report as HTML is always written: the index page leads to it.
SUFFIXES = {
    "html": ".html", "queries": ".queries.txt", "json": ".json", "text": ".txt", "markdown": ".md", "csv": ".csv",
    "xlsx": ".xlsx", "sarif": ".sarif", "junit": ".junit.xml", "corrected": ".corrected.txt", "diff": ".diff",
    "bibtex": ".bib", "csl-json": ".csl.json", "ris": ".ris",
}  # fmt: skip
_LABELS = {"html": "report", "corrected": "corrected list", "docx": "annotated file"}


def check_settled(
    manuscript: Manuscript,
    settings: Settings,
    *,
    sources: Sequence[Source] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a manuscript by settings: callouts in the prescribed scheme, then severities and waivers.

    The enquiries of the report are those of this check alone, also where sources are used for many manuscripts.
    """
    if settings.scheme is not None:
        from refcheck.readers.known_scheme import with_scheme

        manuscript = with_scheme(manuscript, settings.scheme, f"set in {_where(settings)}")
    before = {s.name: s.enquiry() for s in sources or ()}
    report = check(manuscript, sources=sources, progress=progress)
    enquiries = tuple(_since(e, before.get(e.source)) for e in report.enquiries)
    return apply(settings, replace(report, enquiries=enquiries))


def _where(settings: Settings) -> str:
    return settings.files[0].name if settings.files else "the settings"


def _since(after: Enquiry, before: Enquiry | None) -> Enquiry:
    if before is None:
        return after
    return replace(
        after,
        requests=after.requests - before.requests,
        cached=after.cached - before.cached,
        failed=after.failed - before.failed,
    )


def mark_up(data: bytes, name: str, report: Report, *, language: str = "en", notes: bool = False) -> bytes:
    """The Word file `data` with the queries of `report` as comments, and nothing else changed.

    Raises UnreadableInput where it is not a Word file.
    """
    from refcheck.readers.word.document import locate
    from refcheck.renderers.editing.annotate import annotate

    if not data.startswith(b"PK"):
        raise UnreadableInput(f"{name} is not a Word file (.docx): comments can be written into Word files only")
    return annotate(data, report, locate(data, name).find, language=language, notes=notes)


def correct(data: bytes, report: Report) -> bytes:
    """The corrected list: a BibTeX file patched in its own bytes, for others the list as text (UTF-8).

    `data` is the file that the report is about. Raises UsageError where it is another.
    """
    if report.manuscript.format == "bibtex":
        from refcheck.renderers.editing.corrected_list import patch_file

        return patch_file(data, report)
    text = render(report, "corrected")
    return text.encode("utf-8", "replace") if isinstance(text, str) else text


def rendered(data: bytes, report: Report, format: str, *, language: str = "en") -> bytes:
    """The report in a format, as the bytes of a file (text as UTF-8); `data` is the file that the report is about.

    Raises UsageError where there is no such format.
    """
    if format == "corrected":
        return correct(data, report)
    options = {"language": language} if format in ("html", "queries") else {}
    body = render(report, format, **options)
    return body.encode("utf-8", "replace") if isinstance(body, str) else body


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file of a folder."""

    path: Path
    report: Report | None = None
    problem: str = ""
    written: tuple[Path, ...] = ()


def check_folder(
    folder: Path,
    out: Path,
    *,
    sources: Sequence[Source],
    formats: Sequence[str] = ("queries",),
    settings: Callable[[Path], Settings] = load_settings,
    tell: Callable[[Path, int, int], None] = lambda path, done, total: None,
) -> tuple[Outcome, ...]:
    """Check every manuscript under a folder and write the reports under `out`, with an index page over all.

    For each one an HTML report, the other `formats`, and for Word files the annotated copy. A file that cannot be
    read or checked is told in the index and does not stop the rest. `tell` is called with each path before it is
    checked, its place from 0, and how many there are. Raises UsageError where the folder holds no manuscript.
    """
    from refcheck.renderers.reports.overview import Line, render_overview

    if unknown := [f for f in formats if f not in SUFFIXES]:
        raise UsageError(f"there is no format {unknown[0]!r}; choose one of {', '.join(SUFFIXES)}")
    paths = list(manuscripts(folder, out))
    if not paths:
        raise UsageError(f"there is no manuscript in {folder}")
    out.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for number, path in enumerate(paths):
        tell(path, number, len(paths))
        outcomes.append(_one(path, folder, out, sources, formats, settings))
    lines = [
        Line(
            name=o.path.relative_to(folder).as_posix(),
            report=o.report,
            problem=o.problem,
            files=tuple((_label(w, o.path), w.relative_to(out).as_posix()) for w in o.written),
        )
        for o in outcomes
    ]
    write_whole(out / "index.html", render_overview(lines).encode("utf-8", "replace"))
    return tuple(outcomes)


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place at once: an interruption or a full disk leaves the old one, never half of the new one.

    Where the path is a link, the link is replaced; what it leads to is not touched. Raises OSError.
    """
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with new.open("xb") as stream:
            stream.write(data)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def manuscripts(folder: Path, out: Path | None = None) -> Iterator[Path]:
    """The files under a folder that have the suffix of a manuscript, sorted.

    Hidden ones, Word's lock files, what lies under `out`, and what an earlier check has written are left out. Links
    are not followed out of the folder.
    """
    from refcheck.readers import READERS

    suffixes = {s for s in READERS if s}
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if any(part.startswith((".", "~$")) for part in inside) or path.suffix.lower() not in suffixes:
            continue
        if _is_written(path.name, suffixes):
            continue
        real = path.resolve()
        if real.is_relative_to(root) and path.is_file() and not (out and real.is_relative_to(out.resolve())):
            yield path


def _is_written(name: str, suffixes: set[str]) -> bool:
    """Whether a file has a name that `check_folder` gives ("m.docx.html", "m.annotated.docx", "index.html")."""
    if name == "index.html" or name.endswith(".annotated.docx"):
        return True
    return any(name.endswith(s) and Path(name.removesuffix(s)).suffix.lower() in suffixes for s in SUFFIXES.values())


def _one(
    path: Path,
    folder: Path,
    out: Path,
    sources: Sequence[Source],
    formats: Sequence[str],
    settings: Callable[[Path], Settings],
) -> Outcome:
    try:
        chosen = settings(path)
        manuscript = read(path)
        report = check_settled(manuscript, chosen, sources=sources)
        stem = out / path.relative_to(folder)
        stem.parent.mkdir(parents=True, exist_ok=True)
        if not stem.parent.resolve().is_relative_to(out.resolve()):
            raise UsageError(f"{stem.parent} is a link that leads out of {out}: nothing was written there")
        data = path.read_bytes()
        written = []
        for name in dict.fromkeys(("html", *formats)):
            target = stem.with_name(stem.name + SUFFIXES[name])
            write_whole(target, rendered(data, report, name, language=chosen.language))
            written.append(target)
        if manuscript.format == "docx":
            target = stem.with_name(f"{stem.stem}.annotated.docx")
            write_whole(target, mark_up(data, path.name, report, language=chosen.language))
            written.append(target)
    except RefcheckError as e:
        return Outcome(path=path, problem=str(e))
    except OSError as e:
        return Outcome(path=path, problem=f"the system said: {e.strerror or e}")
    except Exception as e:
        return Outcome(path=path, problem=f"refcheck met something it does not know ({type(e).__name__}: {e})")
    return Outcome(path=path, report=report, written=tuple(written))


def _label(written: Path, source: Path) -> str:
    if written.name.endswith(".annotated.docx"):
        return _LABELS["docx"]
    suffix = written.name.removeprefix(source.name)
    name = next(n for n, s in SUFFIXES.items() if s == suffix)
    return _LABELS.get(name, name)
