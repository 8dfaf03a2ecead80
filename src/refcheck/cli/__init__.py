"""The command `refcheck`: argv in, exit status out.

A command is a module: `declare` says what can be asked of it and teaches it by example, `run` does it and returns the
exit status. Whatever else a command needs is imported when it runs, so that the command line starts at once. Only
`streams` prints.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence

from refcheck import __version__
from refcheck.cli import batch, cache, check, index, lookup, parse, rules, streams, waive, web
from refcheck.cli.options import EXIT, Subparsers
from refcheck.cli.outcomes import UNFINISHED
from refcheck.errors import RefcheckError

#: The commands, in the order of the help.
_COMMANDS: tuple[Callable[[Subparsers], None], ...] = (
    check.declare,
    parse.declare,
    batch.declare,
    lookup.declare,
    rules.declare,
    waive.declare,
    web.declare,
    index.declare,
    cache.declare,
)

_HELP = """\
examples:
  refcheck check manuscript.docx                      a report for a person
  refcheck check manuscript.md --format json          the same for a script
  refcheck check paper.md --records records.jsonl     without the network
  refcheck batch refs.jsonl -o results.jsonl          many references, one a line
  refcheck lookup "Wu P. MSC-exosome. Cytotherapy. 2018;20(3):291-301."
  refcheck rules REF303                               what a finding means

refcheck COMMAND --help says more.

"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 clean, 1 errors found, 2 could not finish.

    Leaves with SystemExit where argparse does: with 0 after `--help` and `--version`, with 2 where the arguments make
    no sense.
    """
    streams.prepare()
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help()
        parser.exit(UNFINISHED)
    try:
        status: int = arguments.run(arguments)
        streams.flush()
        return status
    except RefcheckError as e:
        streams.say(str(e))
    except KeyboardInterrupt as e:
        streams.say(f"interrupted{f'; {e}' if str(e) else ''}")
    except BrokenPipeError:
        streams.abandon()
    except OSError as e:
        streams.say(f"{e.filename}: {e.strerror}" if e.filename else f"the system said: {e}")
    except Exception as e:
        if os.environ.get("REFCHECK_DEBUG"):
            raise
        streams.say(
            f"met something it does not know ({type(e).__name__}: {e}); please report it, "
            "with what REFCHECK_DEBUG=1 makes it print"
        )
    return UNFINISHED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="refcheck",
        description="Check the references of a manuscript against Crossref: title, authors, year, journal,\n"
        "volume, issue, pages, DOI, and the callouts that cite them.",
        epilog=_HELP + EXIT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"refcheck {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for declare in _COMMANDS:
        declare(commands)
    return parser
