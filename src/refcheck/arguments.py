"""What can be asked on the command line: the commands, their options, help that teaches by example, and the sources
that the options name."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refcheck.sources import Source
    from refcheck.sources.transport import Outgoing

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_EXIT = """\
Exit status: 0 nothing of error severity was found, 1 something was,
2 the check could not be finished."""

_TOP = """\
examples:
  refcheck check manuscript.docx                      a report for a person
  refcheck check manuscript.md --format json          the same for a script
  refcheck check paper.md --records records.jsonl     without the network
  refcheck batch refs.jsonl -o results.jsonl          many references, one a line
  refcheck lookup "Wu P. MSC-exosome. Cytotherapy. 2018;20(3):291-301."
  refcheck rules REF303                               what a finding means

refcheck COMMAND --help says more.

"""

_CHECK = """\
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

_PARSE = """\
Nothing is looked up: this shows what was read, with the place of everything.

examples:
  refcheck parse manuscript.docx
  refcheck parse manuscript.md --format json
  refcheck parse refs.jsonl --format jsonl            {"id", "reference"} in, {"id", "fields"} out
  refcheck parse refs.txt --format jsonl              plain text, one reference a line

"""

_BATCH = """\
REFS holds one reference a line: JSON objects {"id": …, "reference": "…"}, or plain text. One line comes out for
each line that goes in, in the same order. With -o, a second run with the same input goes on where the first one
stopped, and asks again what a source had left unanswered.

examples:
  refcheck batch refs.jsonl -o results.jsonl --mailto editor@example.org
  refcheck batch refs.txt --records records.jsonl.gz > results.jsonl
  refcheck batch refs.jsonl -o results.jsonl --index crossref-index --jobs 4
  zcat refs.jsonl.gz | refcheck batch - -o results.jsonl

"""

_LOOKUP = """\
examples:
  refcheck lookup 10.1016/j.jcyt.2017.11.002
  refcheck lookup "Wu P, et al. MSC-exosome. Cytotherapy. 2018;20(3):291-301."
  refcheck lookup 10.1016/j.jcyt.2017.11.002 --format bibtex
  refcheck lookup 10.1016/j.jcyt.2017.11.002 --style vancouver

Exit status: 0 one record was found, 1 none or several, 2 a source could not answer."""

_RULES = """\
examples:
  refcheck rules                  all rules, a line each
  refcheck rules REF303           the manual page of one
  refcheck rules REF3             of a family
  refcheck rules --format markdown > rules.md"""

_WAIVE = """\
A waiver is an entry in the refcheck.toml beside the manuscript. It holds for this entry as it is worded now, whatever
its number; without --reference it holds for the rule. Waived findings are counted in the report, not listed.

examples:
  refcheck waive manuscript.docx REF303 --reference 7 --reason "print year, agreed with the author" --by "A. Editor"
  refcheck waive manuscript.docx REF104 --reason "alphabetical list" --until 2027-06-30"""

_WEB = """\
A page in the browser, on this computer only: paste a list or drop a file. Nothing is kept. Ctrl-C ends it.

examples:
  refcheck web
  refcheck web --records records.jsonl --port 8080"""

_INDEX = """\
examples:
  refcheck index build April2026/*.json.gz --out crossref-index
  refcheck index info crossref-index
  refcheck check manuscript.docx --index crossref-index"""

_CACHE = """\
Answers of Crossref and its companions are kept for a while, so that the second check of a manuscript asks nothing.
No manuscript text is in the cache. REFCHECK_CACHE_DIR moves it; --no-cache and --refresh pass it by.

examples:
  refcheck cache info
  refcheck cache clear"""


def read_arguments(argv: Sequence[str] | None, version: str, formats: Sequence[str]) -> argparse.Namespace:
    """The command and its options; leaves with status 2 and a sentence where they make no sense."""
    parser = argparse.ArgumentParser(
        prog="refcheck",
        description="Check the references of a manuscript against Crossref: title, authors, year, journal,\n"
        "volume, issue, pages, DOI, and the callouts that cite them.",
        epilog=_TOP + _EXIT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"refcheck {version}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _check(commands, formats)
    _parse(commands)
    _batch(commands)
    _lookup(commands)
    _rules(commands)
    _waive(commands)
    _web(commands)
    _index(commands)
    _cache(commands)
    return parser.parse_args(argv)


def _command(commands: Subparsers, name: str, summary: str, epilog: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _check(commands: Subparsers, formats: Sequence[str]) -> None:
    p = _command(commands, "check", "check the references of manuscripts", _CHECK + _EXIT)
    p.add_argument("files", nargs="+", metavar="FILE", help="a manuscript, a folder of them, or - for standard input")
    p.add_argument(
        "--format", choices=formats, metavar="FORMAT", default="text", help=f"text (the default), {_others(formats)}"
    )
    _output(p)
    p.add_argument("--annotate", metavar="OUT", type=Path, help="write the Word file with a comment at each finding")
    p.add_argument("--out", metavar="DIR", type=Path, help="where the reports on a folder are written")
    _sources(p)


def _parse(commands: Subparsers) -> None:
    p = _command(commands, "parse", "show how references and callouts are read", _PARSE + _EXIT)
    p.add_argument("file", metavar="FILE", help="a manuscript or a list of references, or - for standard input")
    p.add_argument(
        "--format",
        choices=("text", "json", "jsonl"),
        help="jsonl streams one reference a line (default: text, and jsonl for a .jsonl file)",
    )
    _output(p)


def _batch(commands: Subparsers) -> None:
    p = _command(commands, "batch", "check many references, one a line", _BATCH + _EXIT)
    p.add_argument("refs", metavar="REFS", help="JSON Lines or plain text, may be gzipped; - is standard input")
    _output(p)
    p.add_argument("--restart", action="store_true", help="begin anew, overwriting the output file")
    p.add_argument(
        "--jobs", type=_positive, default=1, metavar="N", help="processes, with --records or --index (default: 1)"
    )
    _sources(p)


def _lookup(commands: Subparsers) -> None:
    p = _command(commands, "lookup", "find the record of one reference or DOI", _LOOKUP)
    p.add_argument("text", nargs="+", metavar="TEXT", help="a reference as printed, or a DOI")
    p.add_argument(
        "--format", choices=("text", "json", "bibtex", "ris", "csl-json"), default="text", help="(default: text)"
    )
    p.add_argument(
        "--style", metavar="STYLE", help="print the citation in a CSL style (vancouver, apa …), from doi.org"
    )
    _output(p)
    _sources(p)


def _rules(commands: Subparsers) -> None:
    p = _command(commands, "rules", "explain the rules", _RULES)
    p.add_argument("code", nargs="?", metavar="CODE", help="a code (REF303), a family (REF3) or a name (year-mismatch)")
    p.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="(default: text)")


def _waive(commands: Subparsers) -> None:
    p = _command(commands, "waive", "leave a finding as it is, from now on", _WAIVE)
    p.add_argument("file", metavar="FILE", type=Path, help="the manuscript")
    p.add_argument("code", metavar="CODE", help="the code or name of the rule")
    p.add_argument("--reference", metavar="N", help="the number of the reference, as printed")
    p.add_argument("--reason", required=True, help="why it is left")
    p.add_argument("--by", default="", metavar="NAME", help="who decided")
    p.add_argument("--until", default="", metavar="DATE", help="the last day on which it holds, like 2027-06-30")


def _web(commands: Subparsers) -> None:
    p = _command(commands, "web", "open a page on this computer to check a file or a list", _WEB)
    p.add_argument("--port", type=int, default=0, help="(default: any that is free)")
    p.add_argument("--no-browser", action="store_true", help="only print the address")
    _sources(p)


def _index(commands: Subparsers) -> None:
    p = _command(commands, "index", "keep Crossref records on disk, searchable without the network", _INDEX)
    actions = p.add_subparsers(dest="action", metavar="ACTION", required=True)
    build = actions.add_parser("build", help="read record files into an index; goes on where it was interrupted")
    build.add_argument(
        "files", nargs="+", metavar="FILE", type=Path, help="Crossref records: .json(.gz), .jsonl(.gz), or a folder"
    )
    build.add_argument("--out", required=True, metavar="DIR", type=Path, help="the folder of the index")
    info = actions.add_parser("info", help="say what an index holds")
    info.add_argument("dir", metavar="DIR", type=Path)


def _cache(commands: Subparsers) -> None:
    p = _command(commands, "cache", "look at or empty the store of answers", _CACHE)
    p.add_argument("action", choices=("info", "clear"))


def _output(p: argparse.ArgumentParser) -> None:
    p.add_argument("-o", "--output", metavar="FILE", type=Path, help="write there instead of to standard output")


def _sources(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("where records come from")
    g.add_argument("--records", metavar="FILE", type=Path, help="Crossref records, .jsonl or .jsonl.gz; no network")
    g.add_argument("--index", metavar="DIR", type=Path, help="an index made by `refcheck index build`; no network")
    g.add_argument(
        "--crossref-url",
        metavar="URL",
        help="another address of the Crossref API (REFCHECK_CROSSREF_URL)",
    )
    g.add_argument(
        "--mailto",
        metavar="ADDRESS",
        help="your e-mail address, for Crossref's faster polite pool (REFCHECK_MAILTO)",
    )
    g.add_argument("--no-rate-limit", action="store_true", help="ask as fast as possible: for a Crossref of your own")
    g.add_argument("--offline", action="store_true", help="ask nobody: use kept answers only")
    g.add_argument("--no-cache", action="store_true", help="neither use nor keep answers")
    g.add_argument("--refresh", action="store_true", help="ask anew, and keep the answers")
    g.add_argument("--retractions", metavar="FILE", type=Path, help="what Retraction Watch knows: its CSV file")
    g.add_argument("--dry-run", action="store_true", help="print the requests that would be sent, and send none")


def _others(formats: Sequence[str]) -> str:
    return ", ".join(f for f in formats if f != "text")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def open_sources(options: argparse.Namespace, outbox: list[Outgoing] | None = None) -> list[Source]:
    """The sources that the options name: a file, an index, or Crossref and those behind it. With `--dry-run` or
    `--offline` nothing is sent; what would have been is put into `outbox`.

    Raises RefcheckError where one of them cannot be opened.
    """
    from refcheck import sources

    out: list[Source] = []
    if options.records:
        from refcheck.sources.cache import cache_folder

        out.append(sources.LocalRecords(options.records, cache_dir=None if options.no_cache else cache_folder()))
    if options.index:
        out.append(sources.Index(options.index))
    if options.crossref_url or not out:
        silent = options.dry_run or options.offline
        out += sources.default_sources(
            base_url=options.crossref_url,
            mailto=options.mailto,
            rate_limit=not options.no_rate_limit,
            cache=None if options.no_cache else sources.AnswerCache(refresh=options.refresh),
            outbox=([] if outbox is None else outbox) if silent else None,
        )
    if options.retractions:
        known = sources.Retractions(options.retractions)
        out = [known.beside(source) for source in out]
    return out
