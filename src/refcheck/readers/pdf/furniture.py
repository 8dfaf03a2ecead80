"""What a page carries besides the author's text: running heads, page numbers, stamps, line numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from refcheck.readers.pdf.layout import Segment

REPEATED = 0.4  # share of pages on which the same words stand at the same height
STAMPED = 0.6  # the same, for words in the middle of the page
MARGIN = 0.12  # share of the page's text height, at its top and bottom, where heads and feet stand
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s?)?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?", re.IGNORECASE)
_LINE_NUMBER = re.compile(r"\d{1,4}")


def without_furniture(pages: Sequence[list[Segment]]) -> list[list[Segment]]:
    """The pages without what is repeated on them, without page numbers and without numbered margins."""
    pages = _without_line_numbers(pages)
    if len(pages) < 2:
        return [list(page) for page in pages]
    heights = [(min(s.base for s in p), max(s.base for s in p)) if p else (0.0, 0.0) for p in pages]
    low = min((h[0] for h in heights if h[1]), default=0.0)
    high = max((h[1] for h in heights if h[1]), default=0.0)
    band = MARGIN * (high - low)
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({key for s in page for outer in (True, False) for key in _keys(s, outer)})
    filled = sum(1 for page in pages if page)
    out: list[list[Segment]] = []
    for page in pages:
        kept = []
        for s in page:
            outer = s.base < low + band or s.base > high - band
            times = max(seen[key] for key in _keys(s, outer))
            enough = max(2, REPEATED * filled) if outer else max(3, STAMPED * filled)
            worded = any(c.isalpha() for c in s.text)
            numbered = outer and _PAGE_NUMBER.fullmatch(s.text) is not None
            if times >= enough and (worded or numbered):
                continue
            kept.append(s)
        out.append(kept)
    return out


def _keys(segment: Segment, outer: bool) -> tuple[tuple[str, int], ...]:
    """The words and their height, rounded both ways, as heights differ by a point; in heads and feet numbers change."""
    words = _DIGITS.sub("#", segment.text) if outer else f"={segment.text}"
    return (words, int(segment.base // 4)), (words, -1 - int((segment.base + 2) // 4))


def _without_line_numbers(pages: Sequence[list[Segment]]) -> list[list[Segment]]:
    """Take away the column of numbers that stands beside the lines of most pages.

    A list whose numbers hang in the margin looks alike on its own pages, so a column counts only where it runs
    through the document.
    """
    columns = [_numbered_margin(page) for page in pages]
    with_text = sum(1 for page in pages if len(page) > 5)
    if sum(1 for c in columns if c) < max(1, 0.6 * with_text):
        return list(pages)
    # where most pages have the column, the others lose only what stands in it
    edges = [s.right for column in columns for s in column]
    left, right = min(s.left for c in columns for s in c), max(edges)
    return [
        [s for s in page if not (s.left >= left - 3 and s.right <= right + 3 and _LINE_NUMBER.fullmatch(s.text))]
        for page in pages
    ]


def _numbered_margin(page: Sequence[Segment]) -> list[Segment]:
    """The line numbers of a page: rising steadily from the top, beside everything else; [] where there are none."""
    texts = sorted(s.left for s in page if len(s.text) > 15)
    if len(texts) < 3:
        return []
    left = texts[len(texts) // 20]
    right = max(s.right for s in page if len(s.text) > 15)
    numbers = [s for s in page if _LINE_NUMBER.fullmatch(s.text) and (s.right < left - 1 or s.left > right + 1)]
    numbers.sort(key=lambda s: -s.base)
    if len(numbers) < 4:
        return []
    values = [int(s.text) for s in numbers]
    steps = Counter(b - a for a, b in pairwise(values))
    step, times = steps.most_common(1)[0]
    rows = len({round(s.base) for s in page if len(s.text) > 15})
    steady = step in {1, 2, 5, 10} and times >= 0.7 * (len(values) - 1)
    return numbers if steady and len(numbers) * step >= 0.5 * rows else []
