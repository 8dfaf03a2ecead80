"""How much work something takes, counted and not timed: no test may depend on how fast the machine is."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HANG = 60  # seconds; what is waited for takes about one


def events(work: Callable[[], object]) -> int:
    """The calls of functions, Python's and C's, that `work` makes in this thread."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows_linearly(work: Callable[[int], object], size: int, slack: int = 2_000) -> None:
    """Twice the size must take no more than twice the calls, and a quarter; what a cache or a first use costs is slack.

    Calls do not show what happens inside one of C's (a regular expression that backtracks): run the same at a length
    where that would never end under `no_hang`.
    """
    work(
        size // 3
    )  # what is loaded and compiled at the first use is not counted; another size, so nothing is remembered
    once, twice = events(lambda: work(size)), events(lambda: work(2 * size))
    assert twice <= 2.25 * once + slack, f"{size}: {once} calls, {2 * size}: {twice} calls"


@contextmanager
def no_hang() -> Iterator[None]:
    """End what would never end; where the system has no alarm (Windows), nothing is bounded."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise AssertionError(f"no end after {HANG} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANG)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
