"""`refcheck rules`: the manual of the rules."""

from __future__ import annotations

from argparse import Namespace

from refcheck.cli.options import Subparsers, command
from refcheck.cli.outcomes import CLEAN
from refcheck.cli.outputs import write

_HELP = """\
examples:
  refcheck rules                  all rules, a line each
  refcheck rules REF303           the manual page of one
  refcheck rules REF3             of a family
  refcheck rules --format markdown > rules.md"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck rules` and its arguments."""
    p = command(commands, run, "rules", "explain the rules", _HELP)
    p.add_argument("code", nargs="?", metavar="CODE", help="a code (REF303), a family (REF3) or a name (year-mismatch)")
    p.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="(default: text)")


def run(a: Namespace) -> int:
    """Write the pages asked for."""
    from refcheck.rules.manual import manual

    write([manual(a.code or "", a.format)], None)
    return CLEAN
