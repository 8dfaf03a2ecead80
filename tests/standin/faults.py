"""What can go wrong with an answer, and in what order.

A plan is a function from a request to the name of a fault ("" for none); plans are asked under a lock.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.standin.server import Asked

Plan = Callable[["Asked"], str]

#: Everything that passes (a 403 does not: it is a block by hand).
ALL_FAULTS = (
    "429-bare", "429-html", "429-seconds", "429-date", "500-json", "502", "503", "503-seconds", "504", "slow", "drop",
    "drop-midway", "truncated", "html-200", "html-404", "empty-200", "wrong-shape", "list-200", "doubled-headers",
    "mad-headers", "no-headers",
)  # fmt: skip

#: What does not pass by asking again: answers that are about something else, lead elsewhere, or weigh too much.
LASTING_FAULTS = (
    "403", "redirect-private", "redirect-host", "redirect-endless", "gzip-bomb", "wrong-record",
)  # fmt: skip


def none(asked: Asked) -> str:
    """No faults."""
    return ""


def scripted(names: Iterable[str]) -> Plan:
    """The named faults, one a request ("" is a good answer); good answers when they are used up."""
    left = iter(names)
    return lambda asked: next(left, "")


def share(part: float, kinds: Sequence[str] = ALL_FAULTS, *, seed: int = 1) -> Plan:
    """That part (0–1) of the requests fails, each kind as often as the others."""
    rng = random.Random(seed)
    return lambda asked: rng.choice(kinds) if rng.random() < part else ""


def each(kind: str) -> Plan:
    """Every request fails in the same way."""
    return lambda asked: kind
