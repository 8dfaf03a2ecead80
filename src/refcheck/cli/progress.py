"""A progress bar with the time that is left, for commands that take a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def bar(
    stream: TextIO, what: str, total: int = 0, start: int = 0, *, counted: bool = False
) -> Iterator[Callable[[int, int], None]]:
    """Draw a bar on a terminal, and nothing elsewhere; gives the function that moves it to (done, in all).

    `total` and `start` are in whatever unit that function is called with; a total of 0 is not known, and the bar then
    only shows that something goes on. `start` was done by an earlier run and says nothing about the pace of this one.
    With `counted` the bar says "40 of 120".
    """
    if not stream.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from refcheck.text import printable

    shown = "{task.description} [bold]{task.completed} of {task.total}[/]" if counted else "{task.description}"
    columns = (TextColumn(shown), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task(escape(printable(what)), total=total or None, completed=start)
        furthest = start

        def move(done: int, of: int) -> None:
            nonlocal furthest
            furthest = max(furthest, done)  # what is looked up is written a little later
            progress.update(task, completed=furthest, total=of or None)

        yield move
