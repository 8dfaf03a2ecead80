"""Callouts: the places in a text that cite numbered references.

One scheme per document is decided by vote (as GROBID does since its issue 781), bounded by the numbers of the list, and
only that scheme is read, besides "refs 3 and 4" in words. A candidate that could be something else (a superscript after
a number or a unit, a bracket after a figure) is taken only where it fills a gap: it names a reference that nothing else
cites, at the very place where the order of citation expects it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from refcheck.model import Callout, Region, Scheme, Span
from refcheck.parsing import candidates as found_in
from refcheck.parsing.candidates import Candidate

_UNREAD = frozenset({"references", "title", "affiliations", "unreadable"})
_SCHEMES: tuple[Scheme, ...] = (Scheme.BRACKET, Scheme.PAREN, Scheme.SUPERSCRIPT)
_ENOUGH = 0.35  # share of the list that a scheme must cite before it is believed
_AHEAD = 1.25  # how much better than the next scheme it must be
_AUTHOR_YEAR = re.compile(
    r"[^\W\d_a-z][\w’'‐-]{1,30}(?:,? (?:et al|and|&|und|et|y|e)\b\.?(?: [^\W\d_a-z][\w’'‐-]{1,30})?){0,2},?\s{1,2}[(\[]?\s?(?:1[89]|20)\d\d[a-z]?\b"
)


def find_callouts(
    text: str,
    count: int,
    *,
    regions: Sequence[Region] = (),
    superscripts: Sequence[Span] = (),
    numbers: Sequence[int] = (),
) -> tuple[Scheme, str, tuple[Callout, ...]]:
    """The scheme of a document, why it was chosen, and its callouts.

    `count` is the length of the list, `numbers` the numbers printed in it (1 to `count` where none are given).

    >>> scheme, _, callouts = find_callouts("Skin (1, 2), scars (3) and hair (1-3).", 3)
    >>> scheme.value, [c.numbers for c in callouts]
    ('paren', [(1, 2), (3,), (1, 2, 3)])
    """
    known = frozenset(numbers) or frozenset(range(1, count + 1))
    if not known:
        return Scheme.UNCLEAR, "the list is empty", ()
    place = _Places(regions)
    readings = {s: _settled(_candidates(text, s, known, superscripts, place), known) for s in _SCHEMES}
    scores = {s: _score(c, known) for s, c in readings.items()}
    best = max(_SCHEMES, key=lambda s: scores[s])
    named = len(_named(readings[best], known))
    author_years = sum(1 for m in _AUTHOR_YEAR.finditer(text) if place.kind(m.start()) not in _UNREAD)
    if author_years >= max(3, 0.5 * len(known)) and (
        named < 0.5 * len(known) or author_years > 3 * len(readings[best])
    ):
        return Scheme.AUTHOR_YEAR, f"{author_years} citations by author and year", ()
    if named < max(1, _ENOUGH * len(known)):
        return Scheme.UNCLEAR, f"at most {named} of {len(known)} references are cited by number in any one form", ()
    rival = max((s for s in _SCHEMES if s is not best), key=lambda s: scores[s])
    if scores[rival] * _AHEAD > scores[best]:
        return Scheme.UNCLEAR, f"{best.value} and {rival.value} numbers fit the list equally well", ()
    chosen = _with_words(text, readings[best], known, place)
    reason = f"{len(chosen)} callouts in this form cite {named} of {len(known)} references"
    return best, reason, tuple(_callout(text, c, place) for c in chosen)


def callouts_in(
    text: str,
    scheme: Scheme,
    numbers: Iterable[int],
    *,
    regions: Sequence[Region] = (),
    superscripts: Sequence[Span] = (),
) -> tuple[Callout, ...]:
    """The callouts of a text whose scheme is known."""
    known = frozenset(numbers)
    place = _Places(regions)
    settled = _settled(_candidates(text, scheme, known, superscripts, place), known)
    return tuple(_callout(text, c, place) for c in _with_words(text, settled, known, place))


class _Places:
    """What kind of region an offset lies in; of overlapping regions the one that begins last counts."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = sorted(regions, key=lambda r: r.span)
        self._starts = [r.span.start for r in self._regions]

    def kind(self, at: int) -> str:
        i = bisect_right(self._starts, at) - 1
        for k in range(i, max(-1, i - 6), -1):
            if self._regions[k].span.end > at:
                return self._regions[k].kind
        return "body"


def _candidates(
    text: str, scheme: Scheme, known: frozenset[int], superscripts: Sequence[Span], place: _Places
) -> list[Candidate]:
    finders: dict[Scheme, Callable[[], Iterable[Candidate]]] = {
        Scheme.BRACKET: lambda: found_in.brackets(text),
        Scheme.PAREN: lambda: found_in.parentheses(text),
        Scheme.SUPERSCRIPT: lambda: found_in.raised(text, superscripts),
    }
    top = max(known)
    return [
        c
        for c in (finders[scheme]() if scheme in finders else ())
        if place.kind(c.span.start) not in _UNREAD and _within(c, known, top)
    ]


def _within(c: Candidate, known: frozenset[int], top: int) -> bool:
    """Whether the numbers can be of this list: all of them, or nearly (a missing reference is for a rule to report)."""
    inside = sum(n in known for n in c.numbers)
    if inside == len(c.numbers):
        return True
    if inside:
        return max(c.numbers) <= 2 * top + 10
    return c.solid and max(c.numbers) <= top + max(5, top // 4)


def _settled(candidates: list[Candidate], known: frozenset[int]) -> list[Candidate]:
    """The sure candidates, and of the doubtful ones those that fill a gap in the order of citation."""
    sure = [c for c in candidates if c.sure]
    first: dict[int, int] = {}
    for c in sure:
        for n in c.numbers:
            first.setdefault(n, c.span.start)
    taken = list(sure)
    for c in candidates:
        if c.sure or not c.numbers or any(n not in known for n in c.numbers):
            continue
        new = [n for n in c.numbers if n not in first]
        if not new:
            continue
        low, high = min(new), max(new)
        before = first.get(low - 1, -1 if low == 1 else None)
        after = next((first[n] for n in range(high + 1, high + 6) if n in first), None)
        ends = high >= max(known)
        if (
            before is not None
            and before < c.span.start
            and ((after is None and ends) or (after is not None and c.span.start < after))
        ):
            taken.append(c)
            for n in new:
                first[n] = c.span.start
    return sorted(taken, key=lambda c: c.span)


def _named(candidates: Iterable[Candidate], known: frozenset[int]) -> set[int]:
    return {n for c in candidates for n in c.numbers} & known


def _score(candidates: Sequence[Candidate], known: frozenset[int]) -> float:
    """How much of the list is cited, counted double where first citations come in rising order."""
    order: list[int] = []
    seen: set[int] = set()
    for c in candidates:
        for n in c.numbers:
            if n in known and n not in seen:
                seen.add(n)
                order.append(n)
    tails: list[int] = []
    for n in order:  # longest rising run: patience sorting
        i = bisect_right(tails, n)
        tails[i : i + 1] = [n]
    return len(order) + len(tails)


def _with_words(text: str, chosen: list[Candidate], known: frozenset[int], place: _Places) -> list[Candidate]:
    taken = [c.span for c in chosen]
    starts = [s.start for s in taken]
    out = list(chosen)
    for c in found_in.in_words(text):
        i = bisect_right(starts, c.span.end) - 1
        if i >= 0 and taken[i].end > c.span.start:
            continue
        if place.kind(c.span.start) not in _UNREAD and all(n in known for n in c.numbers):
            out.append(c)
    return sorted(out, key=lambda c: c.span)


def _callout(text: str, c: Candidate, place: _Places) -> Callout:
    return Callout(
        span=c.span,
        numbers=c.numbers,
        text=text[c.span.start : c.span.end],
        region=place.kind(c.span.start),
        problem=c.problem,
    )
