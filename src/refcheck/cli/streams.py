"""Standard input, standard output and the terminal. The only place that prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from refcheck.cli.progress import bar
from refcheck.errors import NoReferences

if TYPE_CHECKING:
    from io import BufferedReader

    from refcheck.model import Manuscript


def prepare() -> None:
    """Write UTF-8 to files and pipes, and what a terminal cannot show as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def flush() -> None:
    """Write what is still held back; raises OSError where it cannot be written."""
    sys.stdout.flush()


def abandon() -> None:
    """Write no more: whoever read the output has gone, and Python would complain when it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(sentence: str) -> None:
    """Say something to the person at the terminal, on standard error."""
    from refcheck.text import printable

    print(f"refcheck: {printable(sentence)}", file=sys.stderr)


def show(line: str) -> None:
    """Print a line of the answer, on standard output, at once."""
    print(line, flush=True)


def progress(
    what: str, total: int = 0, start: int = 0, *, counted: bool = False
) -> AbstractContextManager[Callable[[int, int], None]]:
    """A progress bar on standard error: see `bar`."""
    return bar(sys.stderr, what, total, start, counted=counted)


def columns() -> int | None:
    """The width of the terminal that standard output goes to, in characters; None where it goes to none."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def standard_input() -> BufferedReader:
    """What comes in, as bytes."""
    return cast("BufferedReader", sys.stdin.buffer)


def read_manuscript(file: str) -> Manuscript:
    """The manuscript of a path, or of standard input for `-`.

    Raises NoReferences where it has no list of references, RefcheckError where it cannot be read.
    """
    from refcheck.pipeline import read

    manuscript = read(standard_input().read(), "standard input") if file == "-" else read(Path(file))
    if not manuscript.references:
        raise NoReferences(f"no reference list was found in {manuscript.name}")
    return manuscript


@contextmanager
def standard_output() -> Iterator[IO[bytes]]:
    """Standard output as bytes: JSON is UTF-8 whatever the terminal's encoding is."""
    sys.stdout.flush()
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
