"""`refcheck batch`: many references, one a line, to results, one a line."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from refcheck.cli import streams
from refcheck.cli.options import EXIT, Subparsers, add_output, command
from refcheck.cli.outcomes import CLEAN, tally_status
from refcheck.cli.sources import add_sources, open_sources, opened_sources
from refcheck.errors import UsageError

if TYPE_CHECKING:
    from refcheck.batch import Result
    from refcheck.readers.lists.lines import Line
    from refcheck.sources import Source

_HELP = """\
REFS holds one reference a line: JSON objects {"id": …, "reference": "…"}, or plain text. One line comes out for
each line that goes in, in the same order. With -o, a second run with the same input goes on where the first one
stopped, and asks again what a source had left unanswered.

examples:
  refcheck batch refs.jsonl -o results.jsonl --mailto editor@example.org
  refcheck batch refs.txt --records records.jsonl.gz > results.jsonl
  refcheck batch refs.jsonl -o results.jsonl --index crossref-index --jobs 4
  zcat refs.jsonl.gz | refcheck batch - -o results.jsonl

"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck batch` and its arguments."""
    p = command(commands, run, "batch", "check many references, one a line", _HELP + EXIT)
    p.add_argument("refs", metavar="REFS", help="JSON Lines or plain text, may be gzipped; - is standard input")
    add_output(p)
    p.add_argument("--restart", action="store_true", help="begin anew, overwriting the output file")
    p.add_argument(
        "--jobs", type=_positive, default=1, metavar="N", help="processes, with --records or --index (default: 1)"
    )
    add_sources(p)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ArgumentTypeError("must be 1 or more")
    return value


def run(a: Namespace) -> int:
    """Check line by line, going on where an earlier run stopped."""
    from refcheck import batch
    from refcheck.readers.lists.lines import open_lines, read_lines

    if a.jobs > 1 and not (a.records or a.index):
        raise UsageError("--jobs needs --records or --index: a remote source must see one client, not several")
    tally = batch.Tally()
    alone = batch.only_writer(a.output) if a.output and not a.dry_run else nullcontext()
    with alone, open_lines(a.refs, streams.standard_input()) as stream, opened_sources(a) as sources:
        lines = read_lines(stream, a.refs)
        if a.dry_run:
            for _ in batch.check_lines(lines, sources):
                pass
            return CLEAN
        size = _size(a.refs)
        start = 0
        if a.output and not a.restart and a.output.exists():
            kept = batch.go_on(a.output, lines, sources)
            tally, start, lines = kept.tally, kept.end, kept.rest
            if tally.kept:
                streams.say(f"{tally.kept} lines of {a.output} are finished already; going on")
        try:
            with (
                streams.output(a.output, "wb" if a.restart else "ab") as out,
                streams.progress("checking", size, start) as move,
            ):
                results = _results(a, lines, sources, lambda end: move(end, size))
                batch.write(results, out, tally, lambda end: move(end, size))
        except KeyboardInterrupt:
            again = "; the same command goes on from there" if a.output else ""
            raise KeyboardInterrupt(f"{tally.lines} lines are finished{again}") from None
    return tally_status(tally)


def _results(
    a: Namespace, lines: Iterator[Line], sources: Sequence[Source], moved: Callable[[int], None]
) -> Iterator[Result]:
    from functools import partial

    from refcheck import batch

    if a.jobs == 1:
        return batch.check_lines(lines, sources, moved)
    return batch.check_in_processes(lines, partial(open_sources, a), a.jobs)


def _size(path: str) -> int:
    return 0 if path == "-" or path.endswith(".gz") else os.path.getsize(path)
