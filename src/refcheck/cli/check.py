"""`refcheck check`: manuscripts, or a folder of them, to reports."""

from __future__ import annotations

import os
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refcheck.cli import streams
from refcheck.cli.options import EXIT, Subparsers, add_scheme, command, in_scheme
from refcheck.cli.outcomes import CLEAN, UNFINISHED, report_status
from refcheck.cli.outputs import WORD, add_output, chosen_format, destination, outputs, write
from refcheck.cli.sources import add_sources, opened_sources
from refcheck.errors import NoReferences, RefcheckError, UsageError
from refcheck.renderers import RENDERERS
from refcheck.saving import save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from refcheck.model import Report
    from refcheck.saving import Outputs
    from refcheck.sources import Source
    from refcheck.waivers import Settings

#: Formats in which several reports can stand one after the other.
_SEVERAL = frozenset(
    ["text", "json", "markdown", "queries", "corrected", "diff", "bibtex", "ris", "csv", "xlsx", "sarif"]
)
#: Of these, those that hold all manuscripts in one table.
_TOGETHER = frozenset({"csv", "xlsx", "sarif"})

_HELP = """\
The report is sorted by what needs action. "Printed" is what the manuscript says, "recorded" what the source says;
either may be the one that is right. Only reference strings leave this machine, and none with --records, --index
or --offline.

examples:
  refcheck check manuscript.docx
  refcheck check manuscript.docx --mailto editor@example.org -o report.html
  refcheck check *.md --format json --records records.jsonl.gz
  refcheck check manuscript.docx -o marked.docx             the author's file with comments
  refcheck check incoming/ --out reports/                   every manuscript of a folder, and an index page

No manuscript is ever written to, and no other file replaced without --force but a report of an earlier run.

A refcheck.toml beside the manuscript, or further up, holds the journal's settings and waivers.

"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck check` and its arguments."""
    others = ", ".join(sorted(RENDERERS.keys() - {"text"}))
    p = command(commands, run, "check", "check the references of manuscripts", _HELP + EXIT)
    p.add_argument("files", nargs="+", metavar="FILE", help="a manuscript, a folder of them, or - for standard input")
    p.add_argument(
        "--format",
        choices=sorted(RENDERERS),
        metavar="FORMAT",
        help=f"text (the default, unless the suffix of -o says otherwise), {others}",
    )
    add_scheme(p)
    add_output(p)
    p.add_argument("--annotate", metavar="OUT", type=Path, help="write the Word file with a comment at each finding")
    p.add_argument("--out", metavar="DIR", type=Path, help="where the reports on a folder are written")
    p.add_argument(
        "--skip-without-list", action="store_true", help="pass over files that have no list of references (for hooks)"
    )
    add_sources(p)


def run(a: Namespace) -> int:
    """Check, and write a report for each."""
    if any(Path(file).is_dir() for file in a.files):
        return _check_folder(a)
    if a.output and a.output.suffix.lower() == WORD and not (a.annotate or a.format):
        a.annotate, a.output = a.output, None
        silent = True
    else:
        silent = False
    format = chosen_format(a, tuple(RENDERERS))
    if a.annotate and len(a.files) > 1:
        raise UsageError("--annotate takes one Word file at a time")
    if format not in _SEVERAL and len(a.files) > 1:
        raise UsageError(f"the format {format} holds one manuscript; give one FILE at a time, or a folder with --out")
    files = outputs(a, a.files)
    place = destination(a.output, files, format)
    marked = files.claim(a.annotate, "the Word file with comments") if a.annotate else None
    status = CLEAN
    done: list[str | bytes] = []
    tabled: list[Report] = []  # all in one table
    with opened_sources(a) as sources:
        try:
            for file in a.files:
                try:
                    report, settings = _checked(a, file, sources, files)
                except NoReferences as e:
                    streams.say(str(e))
                    status = max(status, CLEAN if a.skip_without_list else UNFINISHED)
                    continue
                except RefcheckError as e:
                    streams.say(str(e))
                    status = UNFINISHED
                    continue
                if a.dry_run:
                    continue
                if marked:
                    save(marked, _marked_up(file, report, settings.language))
                if not silent and format in _TOGETHER:
                    tabled.append(_named_by_path(report, file))
                elif not silent:
                    written = _rendered(a, file, report, format, settings.language)
                    done.append(written)
                    if place is None:
                        write([written] if len(done) == 1 else ["", written], None)
                status = max(status, report_status(report))
                _say(report, place or marked)
        except KeyboardInterrupt:
            done += _table(tabled, format)
            raise KeyboardInterrupt(_kept(done, len(tabled) or len(done), len(a.files), place)) from None
    if tabled or (place and done):
        write([*done, *_table(tabled, format)], place)
    return status


def _table(reports: Sequence[Report], format: str) -> list[str | bytes]:
    from refcheck.renderers.data.sarif import sarif
    from refcheck.renderers.data.tables import tables

    if not reports:
        return []
    return [sarif(reports) if format == "sarif" else tables(reports, format)]


def _named_by_path(report: Report, file: str) -> Report:
    """Where several manuscripts stand in one file, and on a code host, each is called by its path."""
    if file == "-" or Path(file).is_absolute():
        return report
    return replace(report, manuscript=replace(report.manuscript, name=Path(file).as_posix()))


def _checked(a: Namespace, file: str, sources: Sequence[Source], files: Outputs) -> tuple[Report, Settings]:
    from refcheck.office import check_settled
    from refcheck.waivers import load_settings

    manuscript = in_scheme(streams.read_manuscript(file), a.scheme)
    if a.annotate and manuscript.format != "docx":
        raise UsageError(f"{manuscript.name} is not a Word file (.docx): comments can be written into Word files only")
    if a.format == "corrected" and a.output and a.output.suffix.lower() == ".bib" and manuscript.format != "bibtex":
        raise UsageError(f"{manuscript.name} is no BibTeX file, so its corrected list is none: give a .txt file to -o")
    settings = load_settings(Path(file))
    for own in settings.files:
        if a.output and a.output.exists() and a.output.samefile(own):
            raise UsageError(f"{a.output} holds the settings that are read, so it is not written to")
    settings = replace(settings, scheme=None) if a.scheme else settings
    total = sum(len(r.parts) or 1 for r in manuscript.references)
    with streams.progress(f"checking {manuscript.name}", total, counted=True) as move:
        return check_settled(manuscript, settings, sources=sources, progress=move), settings


def _say(report: Report, place: Path | None) -> None:
    """What was not checked is told beside every output, also those that have no room for it; what came of the check,
    where the report went to a file.
    """
    from refcheck.renderers.overview import overview

    seen = overview(report)
    if place:
        streams.say(f"{report.manuscript.name}: {seen.head} {seen.tally}. See {place.name}")
    elif seen.warning:
        streams.say(f"{report.manuscript.name}: {seen.warning}")


def _rendered(a: Namespace, file: str, report: Report, format: str, language: str) -> str | bytes:
    from refcheck.office import correct
    from refcheck.pipeline import render

    if format == "corrected" and report.manuscript.format == "bibtex" and file != "-":
        return correct(Path(file).read_bytes(), report)
    return render(report, format, **_options(a, format, len(a.files), language))


def _kept(done: Sequence[str | bytes], finished: int, of: int, place: Path | None) -> str:
    """What an interruption leaves, once it is written."""
    if place and done:
        write(done, place)
        return f"the reports on {finished} of {of} manuscripts are in {place}"
    return "nothing was written" if place else ""


def _marked_up(file: str, report: Report, language: str) -> bytes:
    from refcheck.office import mark_up

    return mark_up(Path(file).read_bytes(), Path(file).name, report, language=language)


def _check_folder(a: Namespace) -> int:
    from refcheck.office import check_folder

    if len(a.files) > 1 or not a.out or a.output or a.annotate:
        raise UsageError("a folder is checked by itself: refcheck check FOLDER --out REPORTS [--format FORMAT]")
    if a.scheme:
        raise UsageError("--scheme is for one manuscript; for a folder, put scheme into its refcheck.toml")
    formats = [a.format] if a.format and a.format != "text" else ["queries"]
    with opened_sources(a) as sources, streams.progress("checking manuscripts,", counted=True) as move:
        outcomes = check_folder(
            Path(a.files[0]),
            a.out,
            sources=sources,
            formats=formats,
            tell=lambda path, done, of: move(done, of),
            force=a.force,
        )
    for outcome in outcomes:
        if outcome.problem:
            streams.say(f"{outcome.path}: {outcome.problem}")
        elif outcome.report:
            _say(outcome.report, None)
    streams.show(f"{len(outcomes)} manuscripts; the reports are listed in {a.out / 'index.html'}")
    if any(o.report for o in outcomes):
        streams.show(f"all findings in one table: {a.out / 'findings.csv'}")
    return max(report_status(o.report) if o.report else UNFINISHED for o in outcomes)


def _options(a: Namespace, format: str, files: int, language: str) -> dict[str, Any]:
    """What the renderers for people and for scripts are told about where their output goes."""
    if format in ("html", "queries"):
        return {"language": language}
    if format == "json" and files > 1:
        return {"indent": None}
    if format != "text":
        return {}
    width = None if a.output else streams.columns()
    return {"color": False} if width is None else {"color": not os.environ.get("NO_COLOR"), "width": width}
