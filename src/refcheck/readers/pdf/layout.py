"""Characters of a page -> its lines in reading order, with raised characters told apart."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

# All lengths are in units of the type size (em) unless a comment says points.
SPLIT = 1.0  # a gap this wide ends a segment
BLANK = 0.18  # a gap this wide is a blank; the blanks of justified text are 0.2 and more
TAB = 0.01  # after the number of an entry: a tab leaves hardly a gap behind a wide number
SMALL = 0.88  # raised characters are smaller than this share of their line's size …
LIFT = 0.12  # … and stand this much above its baseline
LIFT_FULL = 0.25  # characters of full size count as raised from here on
WIDE_LEADING = 1.35  # times the usual distance of lines: here a paragraph ends


class Glyph(NamedTuple):
    """A character (a ligature is two or three): its ends, baseline and size in points; y grows upwards."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(slots=True)
class Segment:
    """Characters that follow upon each other on one line."""

    glyphs: list[Glyph]
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    size: float = 0.0
    text: str = ""

    def measure(self) -> Segment:
        """Fill in the ends, and the baseline and size of most characters."""
        self.left = min(g.left for g in self.glyphs)
        self.right = max(g.right for g in self.glyphs)
        self.base, self.size = _usual(self.glyphs)
        self.text = "".join(g.text for g in self.glyphs).strip()
        return self


@dataclass(slots=True)
class Line:
    """A line of text in reading order; `opens` where a paragraph begins with it."""

    pieces: list[tuple[str, bool]]  # text, raised
    left: float
    right: float
    base: float
    size: float
    opens: bool = False
    column: int = 0
    text: str = field(default="")


def _usual(glyphs: Sequence[Glyph]) -> tuple[float, float]:
    """Baseline and size of most characters, in points."""
    inked = [g for g in glyphs if not g.text.isspace()] or list(glyphs)
    sizes: dict[int, int] = {}
    for g in inked:
        sizes[round(g.size * 2)] = sizes.get(round(g.size * 2), 0) + 1
    size = max(sizes, key=lambda s: (sizes[s], s)) / 2
    return median(g.base for g in inked if abs(g.size - size) <= 0.5), size


def segments_of(glyphs: Iterable[Glyph]) -> list[Segment]:
    """Cut the stream of characters where it leaves the line or leaps."""
    out: list[Segment] = []
    current: list[Glyph] = []
    for glyph in glyphs:
        if current:
            last = current[-1]
            if glyph.left == last.left and glyph.right == last.right and glyph.base == last.base:
                glyph = glyph._replace(left=last.right)  # the second letter of a ligature has the box of the first
            size = max(last.size, glyph.size)
            gap = glyph.left - last.right
            if not (-0.6 * size < gap < SPLIT * size and abs(glyph.base - last.base) < 0.62 * size):
                out.append(Segment(current))
                current = []
        current.append(glyph)
    if current:
        out.append(Segment(current))
    return [s.measure() for s in out if any(not g.text.isspace() for g in s.glyphs)]


def lines_of(segments: Sequence[Segment], usual_gutter: float | None = None) -> list[Line]:
    """The lines of a page in reading order: column after column between what spans them.

    `usual_gutter` is where most pages of the document are cut: a last page may hold too little to tell.
    """
    out: list[Line] = []
    gutter = find_gutter(segments)
    if gutter is None and usual_gutter is not None and _obeys(segments, usual_gutter):
        gutter = usual_gutter
    for column, part in enumerate(_ordered(segments, gutter)):
        lines = [_line(group) for group in _rows(part)]
        for line in lines:
            line.column = column
        _mark_paragraphs(lines)
        out += lines
    return out


def usual_gutter(pages: Sequence[Sequence[Segment]]) -> float | None:
    """The gutter of at least half of the pages that have text (points), or None."""
    found = [g for page in pages if (g := find_gutter(page)) is not None]
    return median(found) if found and 2 * len(found) >= sum(1 for page in pages if len(page) > 12) else None


def _obeys(segments: Sequence[Segment], gutter: float) -> bool:
    """Whether hardly any text crosses the gutter, and there is some on both sides."""
    left = sum(len(s.text) for s in segments if s.right <= gutter + 1)
    right = sum(len(s.text) for s in segments if s.left >= gutter - 1)
    across = sum(len(s.text) for s in segments) - left - right
    return left > 0 and right > 0 and across < 0.35 * (left + right)


def _ordered(segments: Sequence[Segment], gutter: float | None) -> list[list[Segment]]:
    if gutter is None:
        return [list(segments)] if segments else []
    left = [s for s in segments if s.right <= gutter + 1]
    right = [s for s in segments if s.left >= gutter - 1]
    beside = {id(s) for s in (*left, *right)}
    across = sorted((s for s in segments if id(s) not in beside), key=lambda s: -s.base)
    levels = [-s.base for s in across]
    bands: list[tuple[list[Segment], list[Segment]]] = [([], []) for _ in range(len(across) + 1)]
    for side, column in ((0, left), (1, right)):
        for s in column:
            bands[bisect_left(levels, -s.base)][side].append(s)
    out: list[list[Segment]] = []
    for number, band in enumerate(bands):
        for part in band:
            out += _ordered(part, find_gutter(part)) if part else []
        if number < len(across):
            if number and not any(bands[number]) and out:
                out[-1].append(across[number])
            else:
                out.append([across[number]])
    return out


def find_gutter(segments: Sequence[Segment]) -> float | None:
    """Where the page is cut into columns (points), or None. Both columns must be filled with text, side by side."""
    texts = [s for s in segments if len(s.text) > 3]
    if len(texts) < 12:
        return None
    left, right = min(s.left for s in texts), max(s.right for s in texts)
    width = int(right - left) + 1
    if width < 150:
        return None
    crossed = [0] * (width + 2)
    for s in texts:
        a, b = max(0, int(s.left - left)), min(width, int(s.right - left))
        crossed[a] += len(s.text)
        crossed[b + 1] -= len(s.text)
    for i in range(1, len(crossed)):
        crossed[i] += crossed[i - 1]
    begin, end = int(0.25 * width), int(0.75 * width)
    least = min(crossed[begin:end])
    total = sum(len(s.text) for s in texts)
    if least > 0.45 * total:
        return None
    run = best = (begin, begin)
    for x in range(begin, end):
        if crossed[x] > least:
            run = (x + 1, x + 1)
            continue
        run = (run[0], x + 1)
        best = max(best, run, key=lambda r: r[1] - r[0])
    gutter = left + (best[0] + best[1]) / 2
    size = median(s.size for s in texts)
    if best[1] - best[0] < 0.5 * size:
        return None
    for side, edges in (
        ([s for s in texts if s.right <= gutter], (left, left + best[0])),
        ([s for s in texts if s.left >= gutter], (left + best[1], right)),
    ):
        rows = _rows(side)
        span = max(1.0, edges[1] - edges[0])
        filled = sum(1 for row in rows if max(s.right for s in row) - min(s.left for s in row) > 0.7 * span)
        if len(rows) < 5 or filled < 0.4 * len(rows) or sum(len(s.text) for s in side) < 0.12 * total:
            return None
    return gutter


def _rows(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments that share a line, from the top down; each from left to right."""
    rows: list[list[Segment]] = []
    for s in sorted(segments, key=lambda s: -s.base):
        for row in rows[-3:]:
            main = max(row, key=lambda r: (r.size, len(r.text)))
            low, high = (
                max(main.base - 0.2 * main.size, s.base - 0.2 * s.size),
                min(main.base + 0.7 * main.size, s.base + 0.7 * s.size),
            )
            apart = s.left >= main.right - 0.3 * s.size or s.right <= main.left + 0.3 * s.size
            if high - low > 0.45 * min(main.size, s.size) * 0.9 and apart:
                row.append(s)
                break
        else:
            rows.append([s])
    for row in rows:
        row.sort(key=lambda s: s.left)
    return rows


def _line(row: Sequence[Segment]) -> Line:
    glyphs = [g for s in row for g in s.glyphs]
    base, size = _usual(glyphs)
    pieces: list[tuple[str, bool]] = []
    last: Glyph | None = None
    for g in glyphs:
        lift = g.base - base
        raised = lift > LIFT * size if g.size < SMALL * size else lift > LIFT_FULL * size
        text = g.text
        least = BLANK * max(size * 0.6, g.size)
        if len(pieces) == 1 and len(pieces[0][0]) < 7 and _LABEL.fullmatch(pieces[0][0]):
            least = TAB * size
        if last is not None and g.left - last.right > least and pieces:
            ends = pieces[-1][0].endswith(" ")
            text = text if ends or text.startswith(" ") else " " + text
        if text.isspace() and (not pieces or pieces[-1][0].endswith(" ")):
            last = g
            continue
        if pieces and (pieces[-1][1] == raised or text.isspace()):
            pieces[-1] = (pieces[-1][0] + text, pieces[-1][1])
        elif raised and text.startswith(" ") and pieces:
            pieces[-1] = (pieces[-1][0] + " ", pieces[-1][1])
            pieces.append((text[1:], raised))
        else:
            pieces.append((text, raised))
        last = g
    if pieces:
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    return Line(pieces, row[0].left, max(s.right for s in row), base, size, text="".join(p[0] for p in pieces))


_LIST_HEADING = re.compile(
    r"\s{0,9}(?:\d{1,2}\.?\s{1,3})?"
    r"(?:references|bibliography|literature(?: cited)?|works cited|reference list)[:.]?\s{0,9}",
    re.IGNORECASE,
)
_FEWEST_LISTED = 4  # lines under the heading of a list
_ENDS = re.compile(r"[.!?:)\]]$")
_BEGINS = re.compile(r"[^\W_a-z]|[\[(\"“]")
_LABEL = re.compile(r"[\[(]?\d{1,3}(?:[\])]\.?|\.)")


def _mark_paragraphs(lines: list[Line]) -> None:
    """Say where paragraphs open within one column: wide leading, another type size, indents or hanging indents."""
    if len(lines) < 2:
        return
    steps = [a.base - b.base for a, b in pairwise(lines)]
    size = median(line.size for line in lines)
    near = [s for s in steps if 0 < s < 3 * size]
    leading = sorted(near)[len(near) // 3] if near else size
    right = sorted(line.right for line in lines)[int(0.9 * (len(lines) - 1))]
    opener = _opening_edge(lines, right)
    if opener is not None:
        lines[0].opens = opener[0] - 2 <= lines[0].left <= opener[1] + 2
    for before, line, step in zip(lines, lines[1:], steps, strict=False):
        if step > WIDE_LEADING * leading or abs(line.size - before.size) > 0.12 * max(line.size, before.size):
            line.opens = True
        elif opener is not None and step > 0:
            line.opens = opener[0] - 2 <= line.left <= opener[1] + 2
    _mark_list(lines)


def _mark_list(lines: Sequence[Line]) -> None:
    """Under the heading of the list its own edges count: the text above it has others."""
    at = next((i for i in range(len(lines) - 1, -1, -1) if _LIST_HEADING.fullmatch(lines[i].text)), len(lines))
    listed = lines[at + 1 :]
    if len(listed) < _FEWEST_LISTED:
        return
    right = sorted(line.right for line in listed)[int(0.9 * (len(listed) - 1))]
    opener = _opening_edge(listed, right, fewest=2)
    if opener is not None:
        for line in listed:
            line.opens = line.opens or opener[0] - 2 <= line.left <= opener[1] + 2


def _opening_edge(lines: Sequence[Line], right: float, fewest: int = 3) -> tuple[float, float] | None:
    """The left edge (points, from–to) at which paragraphs open, where a column has two edges; else None.

    Either the first line is indented or all others are (a list with hanging indents). A paragraph's last line is
    mostly short and ends a sentence, its first begins with a capital, a figure or a bracket.
    """
    counts: dict[int, int] = {}
    for line in lines:
        counts[round(line.left / 2)] = counts.get(round(line.left / 2), 0) + 1
    edges = sorted(counts, key=lambda e: -counts[e])[:2]
    if len(edges) < 2 or counts[edges[1]] < max(fewest, 0.08 * len(lines)):
        return None
    low, high = sorted(e * 2.0 for e in edges)
    size = median(line.size for line in lines)
    if not 0.5 * size < high - low < 5 * size:
        return None
    signs: dict[bool, list[float]] = {False: [], True: []}
    for before, line in pairwise(lines):
        for edge in (low, high):
            if abs(line.left - edge) <= 2:
                after_end = before.right < right - 1.5 * size, bool(_ENDS.search(before.text))
                signs[edge == high].append((sum(after_end) + bool(_BEGINS.match(line.text))) / 3)
    share = {k: sum(v) / len(v) if v else 0.0 for k, v in signs.items()}
    if abs(share[True] - share[False]) < 0.25:
        return None
    edge = high if share[True] > share[False] else low
    return edge, edge
