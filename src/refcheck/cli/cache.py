"""`refcheck cache`: the store of answers."""

from __future__ import annotations

from argparse import Namespace

from refcheck.cli import streams
from refcheck.cli.options import Subparsers, command
from refcheck.cli.outcomes import CLEAN

_HELP = """\
Answers of Crossref and its companions are kept for a while, so that the second check of a manuscript asks nothing.
No manuscript text is in the cache. REFCHECK_CACHE_DIR moves it; --no-cache and --refresh pass it by.

examples:
  refcheck cache info
  refcheck cache clear"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck cache` and its arguments."""
    p = command(commands, run, "cache", "look at or empty the store of answers", _HELP)
    p.add_argument("action", choices=("info", "clear"))


def run(a: Namespace) -> int:
    """Say what is in it, or empty it."""
    from refcheck.sources.http.cache import AnswerCache

    cache = AnswerCache()
    if a.action == "clear":
        streams.show(f"{cache.clear():,} answers forgotten")
        return CLEAN
    info = cache.info()
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in sorted(info.entries.items())) or "empty"
    streams.show(f"{info.path}: {kinds} ({info.bytes / 1e6:.1f} MB)")
    return CLEAN
