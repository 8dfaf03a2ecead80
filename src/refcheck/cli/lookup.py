"""`refcheck lookup`: the record of one reference or DOI."""

from __future__ import annotations

import os
from argparse import Namespace

from refcheck.cli.options import Subparsers, command
from refcheck.cli.outcomes import CLEAN, FOUND, UNFINISHED
from refcheck.cli.outputs import add_output, chosen_format, destination, outputs, write
from refcheck.cli.sources import add_sources, opened_sources
from refcheck.errors import UsageError

_HELP = """\
examples:
  refcheck lookup 10.1016/j.jcyt.2017.11.002
  refcheck lookup "Wu P, et al. MSC-exosome. Cytotherapy. 2018;20(3):291-301."
  refcheck lookup 10.1016/j.jcyt.2017.11.002 --format bibtex
  refcheck lookup 10.1016/j.jcyt.2017.11.002 --style vancouver

Exit status: 0 one record was found, 1 none or several, 2 a source could not answer."""


def declare(commands: Subparsers) -> None:
    """The command `refcheck lookup` and its arguments."""
    p = command(commands, run, "lookup", "find the record of one reference or DOI", _HELP)
    p.add_argument("text", nargs="+", metavar="TEXT", help="a reference as printed, or a DOI")
    p.add_argument(
        "--format",
        choices=("text", "json", "bibtex", "ris", "csl-json"),
        help="(default: text, or by the suffix of -o)",
    )
    p.add_argument(
        "--style", metavar="STYLE", help="print the citation in a CSL style (vancouver, apa …), from doi.org"
    )
    add_output(p)
    add_sources(p)


def run(a: Namespace) -> int:
    """Look up, and write the answer."""
    from refcheck.lookup import ANSWERS, look_up
    from refcheck.model import Verdict

    if a.style and (a.offline or a.dry_run):
        raise UsageError("--style asks doi.org; leave out --offline and --dry-run")
    if a.style and (a.records or a.index) and not a.crossref_url:
        raise UsageError("--style asks doi.org, and --records or --index promise to ask nobody; leave one of them out")
    format = "text" if a.style else chosen_format(a, tuple(ANSWERS))
    place = destination(a.output, outputs(a), format)
    with opened_sources(a) as sources:
        match = look_up(" ".join(a.text), sources)
    if a.dry_run:
        return CLEAN
    if a.style and match.work and match.work.doi:
        from refcheck.sources import citation

        resolver = os.environ.get("REFCHECK_DOI_URL") or None
        write([citation(match.work.doi, "text", a.style, resolver) + "\n"], place)
    else:
        write([ANSWERS[format](match)], place)
    if match.unavailable:
        return UNFINISHED
    return CLEAN if match.verdict is Verdict.MATCHED else FOUND
