"""Which words of a printed and a recorded value differ: for marking, and for the smallest correction."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from refcheck.model import Span
from refcheck.text import fold

# A word is letters and digits, with an apostrophe inside it; what stands between words is never marked.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+){0,3}")
# Beyond this, word alignment costs more than it tells; the whole value is marked.
_MANY = 400


class Change(NamedTuple):
    """A stretch of the printed value and the stretch of the recorded value that stands in its place."""

    printed: Span
    recorded: Span


def changes(printed: str, recorded: str) -> tuple[Change, ...]:
    """The differing stretches, word by word, in order; case, accents and punctuation do not count.

    A stretch is empty on one side where words were added or left out. Where no word differs (or one side is
    empty), there is no change.

    >>> changes("A measuring tool for nurses", "A Measuring Instrument for Nurses")
    (Change(printed=Span(start=12, end=16), recorded=Span(start=12, end=22)),)
    >>> changes("258-84", "258–284")
    (Change(printed=Span(start=4, end=6), recorded=Span(start=4, end=7)),)
    """
    a = list(_WORD.finditer(printed))
    b = list(_WORD.finditer(recorded))
    if not a or not b:
        return ()
    if len(a) > _MANY or len(b) > _MANY:
        return (Change(Span(0, len(printed)), Span(0, len(recorded))),)
    matcher = SequenceMatcher(None, [fold(m.group()) for m in a], [fold(m.group()) for m in b], autojunk=False)
    out = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            out.append(Change(_stretch(a, i1, i2, len(printed)), _stretch(b, j1, j2, len(recorded))))
    return tuple(out)


def _stretch(words: list[re.Match[str]], first: int, last: int, length: int) -> Span:
    if first < last:
        return Span(words[first].start(), words[last - 1].end())
    at = words[first - 1].end() if first else (words[0].start() if words else length)
    return Span(at, at)


def marked(printed: str, recorded: str) -> tuple[Span, ...]:
    """The stretches of the printed value to mark: its changed words, or all of it where the change is no word's.

    >>> marked("Lancet 2020", "Lancet 2021"), marked("2020", "2021")
    ((Span(start=7, end=11),), (Span(start=0, end=4),))
    >>> marked("wound care", "acute wound care")
    (Span(start=0, end=10),)
    """
    found = tuple(c.printed for c in changes(printed, recorded) if c.printed.end > c.printed.start)
    if found or not printed.strip():
        return found
    return (Span(0, len(printed)),)
