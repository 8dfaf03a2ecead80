"""Callouts: the places in a text that cite numbered references.

One scheme per document is decided by vote (as GROBID does since its issue 781), bounded by the numbers of the list, and
only that scheme is read, besides "refs 3 and 4" in words. A candidate that could be something else (a superscript after
a number or a unit, a bracket after a figure) is taken only where it fills a gap: it names a reference that nothing else
cites, at the very place where the order of citation expects it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from refcheck.model import Callout, Region, Scheme, Span
from refcheck.parsing.callouts import candidates as found_in
from refcheck.parsing.callouts import superscripts as raised_in
from refcheck.parsing.callouts.author_year import CITATION
from refcheck.parsing.callouts.candidates import Candidate

UNREAD = frozenset({"references", "title", "affiliations", "unreadable"})
_ENOUGH = 0.35  # share of the list that a scheme must cite before it is believed
_NEARLY_ALL = 0.7  # share of the list that numbers set apart by blanks must cite, in order, before they are read
_NEARLY_EVERY = 0.95  # share of the list that a printed form must cite before lost superscripts are not looked for
_GLUED = "glued to words, as lost superscripts are,"
_APART = "set apart by blanks, as lost superscripts are,"
_JUST_BEYOND = 3  # how far beyond the list a number in parentheses may be where nothing else speaks for it
_LONELY = 2  # more numbers beyond the list than these are counts: "hypopharynx (9), larynx (14)"
_AHEAD = 1.25  # how much better than the next scheme it must be


class _Reading(NamedTuple):
    """A text read for one form of callout."""

    scheme: Scheme
    form: str
    callouts: list[Candidate]


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
    place = Places(regions)
    readings = sorted(_readings(text, known, superscripts, place), key=lambda r: -_score(r.callouts, known))
    best = readings[0]
    named = len(_named(best.callouts, known))
    author_years = sum(1 for m in CITATION.finditer(text) if place.kind(m.start()) not in UNREAD)
    if _by_author_year(author_years, best, named / len(known), len(known)):
        return Scheme.AUTHOR_YEAR, f"{author_years} citations by author and year", ()
    if named < max(1, _ENOUGH * len(known)):
        return Scheme.UNCLEAR, f"at most {named} of {len(known)} references are cited by number in any one form", ()
    rival = next(r for r in readings if r.scheme is not best.scheme)
    if _score(rival.callouts, known) * _AHEAD > _score(best.callouts, known):
        return Scheme.UNCLEAR, f"{best.scheme.value} and {rival.scheme.value} numbers fit the list equally well", ()
    chosen = _with_strays(_with_words(text, best.callouts, known, place), best, readings, known)
    reason = f"{len(chosen)} callouts {best.form} cite {named} of {len(known)} references"
    return best.scheme, reason, tuple(_callout(text, c, place) for c in chosen)


def _with_strays(
    chosen: list[Candidate], best: _Reading, readings: Sequence[_Reading], known: frozenset[int]
) -> list[Candidate]:
    """The callouts of the chosen form, and those of another form that cite what nothing else cites, in its place."""
    ends = [c.span.end for c in chosen]
    strays = []
    for reading in readings:
        if reading.scheme is best.scheme or reading.form == _GLUED:
            continue
        for c in reading.callouts:
            i = bisect_right(ends, c.span.start)
            if c.sure and not (i < len(chosen) and chosen[i].span.start < c.span.end):
                strays.append(c._replace(sure=False))
    sure = [c._replace(sure=True) for c in chosen]
    return _settled(sorted([*sure, *strays], key=lambda c: c.span), known)


def _by_author_year(citations: int, best: _Reading, share: float, count: int) -> bool:
    """Whether a text cites by author and year rather than by what the best reading of its numbers says."""
    if best.form == _APART and citations >= count:
        return True
    return citations >= max(3, 0.5 * count) and (share < 0.5 or (citations > 3 * len(best.callouts) and share < 0.8))


def _readings(text: str, known: frozenset[int], superscripts: Sequence[Span], place: Places) -> list[_Reading]:
    printed = {
        "in brackets": (Scheme.BRACKET, _on_the_line(found_in.brackets(text), superscripts)),
        "in parentheses": (Scheme.PAREN, _on_the_line(found_in.parentheses(text), superscripts)),
        "in superscript": (Scheme.SUPERSCRIPT, raised_in.raised(text, superscripts)),
    }
    out = [_Reading(s, form, _settled(_bounded(c, known, place), known)) for form, (s, c) in printed.items()]
    if max(len(_named(r.callouts, known)) for r in out) >= _NEARLY_EVERY * len(known):
        return out
    # Only where no printed form accounts for the list may superscripts have been lost.
    spaced = _bounded(raised_in.spaced(text), known, place)
    lost = _with_apart(_bounded(raised_in.glued(text), known, place), spaced)
    out.append(_Reading(Scheme.SUPERSCRIPT, _GLUED, _settled(lost, known)))
    if all(len(_named(r.callouts, known)) < _NEARLY_ALL * len(known) for r in out):
        out.append(_Reading(Scheme.SUPERSCRIPT, _APART, _in_sequence(spaced, known)))
    return out


def _on_the_line(candidates: Iterable[Candidate], superscripts: Sequence[Span]) -> list[Candidate]:
    """Those that are not raised: a raised "(1,2)" is a superscript."""
    ends = [s.end for s in superscripts]
    out = []
    for c in candidates:
        i = bisect_right(ends, c.span.start)
        if i == len(ends) or superscripts[i].start >= c.span.end:
            out.append(c)
    return out


def _with_apart(glued: Iterable[Candidate], spaced: Iterable[Candidate]) -> list[Candidate]:
    """Glued numbers, and as doubtful ones those that a stray blank has parted from their word."""
    return sorted([*glued, *(c._replace(sure=False) for c in spaced)], key=lambda c: c.span)


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
    place = Places(regions)
    readings = [r for r in _readings(text, known, superscripts, place) if r.scheme is scheme]
    best = max(readings, key=lambda r: _score(r.callouts, known)).callouts if readings else []
    return tuple(_callout(text, c, place) for c in _with_words(text, best, known, place))


class Places:
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


def _bounded(candidates: Iterable[Candidate], known: frozenset[int], place: Places) -> list[Candidate]:
    """The candidates that can be of this list, in regions where callouts stand."""
    top = max(known)
    read = [c for c in candidates if place.kind(c.span.start) not in UNREAD]
    counts = {c.span for c in read if c.placed and len(c.numbers) == 1 and c.numbers[0] > top}
    out = []
    for c in read:
        if not _within(c, known, top):
            continue
        if c.placed and c.solid and c.span in counts and len(counts) <= _LONELY and c.numbers[0] <= top + _JUST_BEYOND:
            c = c._replace(placed=False)  # parentheses hold no counts here, so this one is a slip
        out.append(c)
    return out


def _within(c: Candidate, known: frozenset[int], top: int) -> bool:
    """Whether the numbers can be of this list: all of them, or nearly (a missing reference is for a rule to report)."""
    beyond = max((n for n in c.numbers if n not in known), default=0)
    if beyond <= top:
        return True
    inside = any(n in known for n in c.numbers)
    near = beyond <= top + max(5, top // 4)
    if c.placed:
        return near
    if not c.solid and len(c.numbers) < 3:
        return False
    return near or (beyond <= 2 * top + 10 and (len(c.numbers) == 1 or (inside and len(c.numbers) > 2)))


def _settled(candidates: list[Candidate], known: frozenset[int]) -> list[Candidate]:
    """The sure candidates, and of the doubtful ones those that fill a gap in the order of citation."""
    first: dict[int, int] = {}
    for c in candidates:
        if c.sure:
            for n in c.numbers:
                first.setdefault(n, c.span.start)
    taken = []
    for c in candidates:
        if c.sure:
            if not c.placed or any(n in known for n in c.numbers) or _stands_for_missing(c, known, first):
                taken.append(c)
        elif _fills_gap(c, known, first):
            taken.append(c)
            for n in c.numbers:
                first[n] = min(first.get(n, c.span.start), c.span.start)
    return taken


def _fills_gap(c: Candidate, known: frozenset[int], first: dict[int, int]) -> bool:
    """Whether the candidate first cites a number between the first citations of its neighbours in the list."""
    at = c.span.start
    if not c.numbers or any(n not in known for n in c.numbers):
        return False
    # New here: not cited at all, or cited only where the order of the list is already past it.
    new = [n for n in c.numbers if first.get(n, at + 1) > at and (n not in first or _late(n, first))]
    if not new:
        return False
    low, high = min(new), max(new)
    before = first.get(low - 1, -1 if low == 1 else None)
    after = next((first[n] for n in range(high + 1, high + 6) if n in first), None)
    if after is None:
        after = at + 1 if high + 5 >= max(known) else None
    return before is not None and after is not None and before < at < after


def _stands_for_missing(c: Candidate, known: frozenset[int], first: dict[int, int]) -> bool:
    """Whether a number beyond the list stands where the order of citation expects one: after the last, in a gap, or
    beside a number that is cited here for the first time, and in its turn."""
    at, top = c.span.start, max(known)
    if all(first.get(n, at) < at for n in range(max(1, top - 2), top + 1)):
        return True

    def in_turn(n: int, end: int) -> bool:
        return first.get(n - 1, -1 if n == 1 else at) < at < first.get(n + 1, end)

    if any(n in known and first[n] == at and in_turn(n, at + 1) for n in c.numbers):
        return True
    return any(n not in first and in_turn(n, at + 1 if n == top else at) for n in known)


def _late(n: int, first: dict[int, int]) -> bool:
    return any(first.get(m, first[n]) < first[n] for m in range(n + 1, n + 4))


def _in_sequence(candidates: list[Candidate], known: frozenset[int]) -> list[Candidate]:
    """Of many numbers, those that cite the list in order: each next number first, then what was cited before.

    A number that nothing ahead names (its callout was lost) is passed over.
    """
    last = {n: c.span.start for c in candidates for n in c.numbers}
    top = 0
    taken = []
    for c in candidates:
        new = sorted({n for n in c.numbers if n > top})
        if not new:
            if c.sure:
                taken.append(c)
            continue
        lost = range(top + 1, new[0])
        in_order = not lost or (c.sure and len(lost) <= 3 and all(last.get(n, -1) < c.span.start for n in lost))
        if in_order and new == list(range(new[0], new[0] + len(new))) and new[-1] in known:
            taken.append(c)
            top = new[-1]
    return taken if len(_named(taken, known)) >= _NEARLY_ALL * len(known) else []


def _named(candidates: Iterable[Candidate], known: frozenset[int]) -> set[int]:
    return {n for c in candidates for n in c.numbers} & known


def _score(candidates: Sequence[Candidate], known: frozenset[int]) -> float:
    """How many references are cited for the first time, one by one or by the ends of a range, counted double where this
    is in rising order."""
    order: list[int] = []
    seen: set[int] = set()
    for c in candidates:
        new = [n for n in dict.fromkeys(c.numbers) if n in known and n not in seen]
        seen.update(new)
        order += new if len(new) < 3 else [new[0], new[-1]]  # a range is one callout, however much it covers
    tails: list[int] = []
    for n in order:  # longest rising run: patience sorting
        i = bisect_right(tails, n)
        tails[i : i + 1] = [n]
    return len(order) + len(tails)


def _with_words(text: str, chosen: list[Candidate], known: frozenset[int], place: Places) -> list[Candidate]:
    taken = [c.span for c in chosen]
    starts = [s.start for s in taken]
    out = list(chosen)
    for c in found_in.in_words(text):
        i = bisect_right(starts, c.span.end) - 1
        if i >= 0 and taken[i].end > c.span.start:
            continue
        if place.kind(c.span.start) not in UNREAD and all(n in known for n in c.numbers):
            out.append(c)
    return sorted(out, key=lambda c: c.span)


def _callout(text: str, c: Candidate, place: Places) -> Callout:
    return Callout(
        span=c.span,
        numbers=c.numbers,
        text=text[c.span.start : c.span.end],
        region=place.kind(c.span.start),
        problem=c.problem,
    )
