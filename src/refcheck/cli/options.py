"""What the commands share of their arguments, and how a command says what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from refcheck.model import Manuscript

#: What a command adds itself to; argparse has no public name for it.
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

EXIT = """\
Exit status: 0 nothing of error severity was found, 1 something was,
2 the check could not be finished."""


def command(
    commands: Subparsers, run: Callable[[argparse.Namespace], int], name: str, summary: str, epilog: str
) -> argparse.ArgumentParser:
    """A new command: `run` does it, `summary` is its line in the help, `epilog` teaches it by example."""
    p = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.set_defaults(run=run)
    return p


def add_scheme(p: argparse.ArgumentParser) -> None:
    """`--scheme`: None where the text is left to decide."""
    p.add_argument(
        "--scheme",
        choices=("bracket", "paren", "superscript", "author-year"),
        help="how callouts are printed: [1], (1), raised, (Lee 2020); by default the text decides",
    )


def in_scheme(manuscript: Manuscript, scheme: str | None) -> Manuscript:
    """The manuscript with the callouts of the scheme that was asked for."""
    if scheme is None:
        return manuscript
    from refcheck.model import Scheme
    from refcheck.readers.known_scheme import with_scheme

    return with_scheme(manuscript, Scheme(scheme), "set by --scheme")
