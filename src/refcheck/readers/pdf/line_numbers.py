"""The line numbers of a review copy: columns of numbers that rise from the top down, beside the text.

They stand in either margin or between two columns, close to the text or far from it, on every line or on each fifth.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from refcheck.readers.pdf.layout import Glyph, Segment

SHARE = 0.6  # of the pages with text that must have the column: a list with hanging numbers has its own pages only
STEADY = 0.7  # share of neighbours that are one step apart
FEWEST = 4  # numbers on a page
COVERED = 0.4  # share of the lines of a page that the numbers count
CROSSED = 0.1  # share of the text that may stand across the column
PARTED = 0.4  # em: a number this far from the text beside it may be a line number; blanks are 0.25, seldom 0.5
ALIGNED = 2.5  # points between the edges of one column
_STEPS = frozenset({1, 2, 5, 10})
_NUMBER = re.compile(r"\d{1,5}")
_TEXT = 15  # characters: a segment longer than this is text


class _Candidate(NamedTuple):
    """A number that may count a line: where it stands, and what is left of its segment without it."""

    number: Segment
    source: Segment
    rest: tuple[Segment, ...]


def without_line_numbers(pages: Sequence[list[Segment]]) -> list[list[Segment]]:
    """The pages without their line numbers, where most of them have such a column."""
    candidates = [list(_candidates(page)) for page in pages]
    columns = [_columns(page, found) for page, found in zip(pages, candidates, strict=True)]
    with_text = sum(1 for page in pages if len(page) > 5)
    if sum(1 for c in columns if c) < max(1, SHARE * with_text):
        return [list(page) for page in pages]
    edges = [(c.number.left, c.number.right) for column in columns for c in column]
    kept = []
    for page, found, column in zip(pages, candidates, columns, strict=True):
        # a page with few lines does not show the column, and loses what stands in it
        gone = {id(c.number) for c in column} if column else {id(c.number) for c in found if _stands_in(c, edges)}
        replaced: dict[int, tuple[Segment, ...]] = {}
        for c in found:
            if id(c.number) in gone:
                left = replaced.get(id(c.source), (c.source,))
                replaced[id(c.source)] = c.rest if left == (c.source,) else _both(c.source)
        kept.append([part for s in page for part in replaced.get(id(s), (s,))])
    return kept


def _stands_in(candidate: _Candidate, edges: Sequence[tuple[float, float]]) -> bool:
    number = candidate.number
    near = sum(1 for a, b in edges if abs(number.right - b) <= ALIGNED or abs(number.left - a) <= ALIGNED)
    return near >= 0.3 * len(edges)


def _candidates(page: Sequence[Segment]) -> Iterator[_Candidate]:
    for s in page:
        if _NUMBER.fullmatch(s.text):
            yield _Candidate(s, s, ())
            continue
        inked = [g for g in s.glyphs if not g.text.isspace()]
        for reverse in (False, True):
            if (count := _leading(inked, reverse)) and count < len(inked):
                ends = inked[-count:] if reverse else inked[:count]
                rest = _without(s, ends)
                yield _Candidate(Segment(list(ends)).measure(), s, (rest,))


def _leading(inked: Sequence[Glyph], reverse: bool) -> int:
    """How many digits at one end of a segment stand apart from the rest; 0 where none do."""
    glyphs = inked[::-1] if reverse else inked
    count = 0
    while count < min(6, len(glyphs)) and glyphs[count].text.isdecimal() and len(glyphs[count].text) == 1:
        count += 1
        if count < len(glyphs):
            a, b = glyphs[count - 1], glyphs[count]
            gap = a.left - b.right if reverse else b.left - a.right
            if gap >= PARTED * max(a.size, b.size):
                return count
    return 0


def _without(segment: Segment, ends: Sequence[Glyph]) -> Segment:
    out = [g for g in segment.glyphs if g not in ends]
    while out and out[0].text.isspace():
        out.pop(0)
    return Segment(out or list(segment.glyphs)).measure()


def _both(segment: Segment) -> tuple[Segment, ...]:
    """A segment with a line number at either end, without both."""
    inked = [g for g in segment.glyphs if not g.text.isspace()]
    first, last = _leading(inked, False), _leading(inked, True)
    if first + last >= len(inked):
        return ()
    return (_without(segment, [*inked[:first], *(inked[-last:] if last else [])]),)


def _columns(page: Sequence[Segment], candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The numbers of a page that stand in columns of line numbers."""
    whole = {id(c.source): c.rest for c in candidates if c.rest}
    texts = [t for s in page for t in whole.get(id(s), (s,)) if len(t.text) > _TEXT]
    if len(texts) < 3:
        return []
    found: dict[int, _Candidate] = {}
    for edge in ("right", "left"):
        for column in _aligned(candidates, edge):
            if _counts_lines(column, texts):
                found.update({id(c.number): c for c in column})
    return list(found.values())


def _aligned(candidates: Sequence[_Candidate], edge: str) -> Iterator[list[_Candidate]]:
    """Numbers whose edges stand in line."""
    column: list[tuple[float, _Candidate]] = []
    for place, c in sorted(((getattr(c.number, edge), c) for c in candidates), key=lambda pair: pair[0]):
        if column and place - column[-1][0] > ALIGNED:
            yield [member for _, member in column]
            column = []
        column.append((place, c))
    yield [member for _, member in column]


def _counts_lines(column: Sequence[_Candidate], texts: Sequence[Segment]) -> bool:
    if len(column) < FEWEST:
        return False
    numbers = sorted((c.number for c in column), key=lambda s: -s.base)
    values = [int(s.text) for s in numbers]
    step, times = Counter(b - a for a, b in pairwise(values)).most_common(1)[0]
    if step not in _STEPS or times < STEADY * (len(values) - 1):
        return False
    left, right = min(s.left for s in numbers), max(s.right for s in numbers)
    crossing = sum(1 for t in texts if t.left < left - 1 and t.right > right + 1)
    beside = [t for t in texts if t.left > left] or list(texts)
    rows = len({round(2 * t.base / max(t.size, 1.0)) for t in beside})
    return crossing <= CROSSED * len(texts) and len(numbers) * step >= COVERED * rows
