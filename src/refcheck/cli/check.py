"""`refcheck check`: manuscripts, or a folder of them, to reports."""

from __future__ import annotations

import os
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refcheck.cli import streams
from refcheck.cli.options import EXIT, Subparsers, add_output, add_scheme, command, in_scheme
from refcheck.cli.outcomes import CLEAN, UNFINISHED, report_status
from refcheck.cli.sources import add_sources, opened_sources
from refcheck.errors import RefcheckError, UsageError
from refcheck.renderers import RENDERERS

if TYPE_CHECKING:
    from refcheck.model import Report

#: Formats in which several reports can stand one after the other.
_SEVERAL = frozenset(["text", "json", "markdown", "queries", "corrected", "diff", "bibtex", "ris"])

_HELP = """\
The report is sorted by what needs action. "Printed" is what the manuscript says, "recorded" what the source says;
either may be the one that is right. Only reference strings leave this machine, and none with --records, --index
or --offline.

examples:
  refcheck check manuscript.docx
  refcheck check manuscript.docx --mailto editor@example.org --output report.txt
  refcheck check *.md --format json --records records.jsonl.gz
  refcheck check manuscript.docx --annotate marked.docx     the author's file with comments
  refcheck check incoming/ --out reports/                   every manuscript of a folder, and an index page

A refcheck.toml beside the manuscript, or further up, holds the journal's settings and waivers.

"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck check` and its arguments."""
    others = ", ".join(sorted(RENDERERS.keys() - {"text"}))
    p = command(commands, run, "check", "check the references of manuscripts", _HELP + EXIT)
    p.add_argument("files", nargs="+", metavar="FILE", help="a manuscript, a folder of them, or - for standard input")
    p.add_argument(
        "--format", choices=sorted(RENDERERS), metavar="FORMAT", default="text", help=f"text (the default), {others}"
    )
    add_scheme(p)
    add_output(p)
    p.add_argument("--annotate", metavar="OUT", type=Path, help="write the Word file with a comment at each finding")
    p.add_argument("--out", metavar="DIR", type=Path, help="where the reports on a folder are written")
    add_sources(p)


def run(a: Namespace) -> int:
    """Check, and write a report for each."""
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
    with opened_sources(a) as sources:
        for file in a.files:
            try:
                manuscript = in_scheme(streams.read_manuscript(file), a.scheme)
                with streams.progress(f"checking {manuscript.name}") as move:
                    settings = load_settings(Path(file))
                    settings = replace(settings, scheme=None) if a.scheme else settings
                    report = check_settled(manuscript, settings, sources=sources, progress=move)
            except RefcheckError as e:
                streams.say(str(e))
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
            streams.write(written, a.output, after=not first)
            first = False
            status = max(status, report_status(report))
    return status


def _annotate(file: Path, out: Path, report: Report, language: str) -> None:
    from refcheck.office import mark_up, write_whole

    if out.exists() and out.samefile(file):
        raise UsageError("--annotate would overwrite the manuscript; give another file")
    write_whole(out, mark_up(file.read_bytes(), file.name, report, language=language))


def _check_folder(a: Namespace) -> int:
    from refcheck.office import check_folder

    if len(a.files) > 1 or not a.out or a.output or a.annotate:
        raise UsageError("a folder is checked by itself: refcheck check FOLDER --out REPORTS [--format FORMAT]")
    if a.scheme:
        raise UsageError("--scheme is for one manuscript; for a folder, put scheme into its refcheck.toml")
    formats = ["queries"] if a.format == "text" else [a.format]
    with opened_sources(a) as sources, streams.progress("checking") as move:
        outcomes = check_folder(
            Path(a.files[0]), a.out, sources=sources, formats=formats, tell=lambda path, done, of: move(done, of)
        )
    for outcome in outcomes:
        if outcome.problem:
            streams.say(f"{outcome.path}: {outcome.problem}")
    streams.show(f"{len(outcomes)} manuscripts; the reports are listed in {a.out / 'index.html'}")
    return max(report_status(o.report) if o.report else UNFINISHED for o in outcomes)


def _options(a: Namespace, files: int, language: str) -> dict[str, Any]:
    """What the renderers for people and for scripts are told about where their output goes."""
    if a.format in ("html", "queries"):
        return {"language": language}
    if a.format == "json" and files > 1:
        return {"indent": None}
    if a.format != "text":
        return {}
    width = None if a.output else streams.columns()
    return {"color": False} if width is None else {"color": not os.environ.get("NO_COLOR"), "width": width}
