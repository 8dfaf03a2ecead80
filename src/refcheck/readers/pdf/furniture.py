"""What a page carries besides the author's text: running heads, page numbers, stamps, line numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from refcheck.readers.pdf.layout import Segment
from refcheck.readers.pdf.line_numbers import without_line_numbers

REPEATED = 0.4  # share of pages on which the same words stand at the same height
STAMPED = 0.6  # the same, for words in the middle of the page
MARGIN = 0.12  # share of the page's text height, at its top and bottom, where heads and feet stand
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s?)?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?", re.IGNORECASE)


def without_furniture(pages: Sequence[list[Segment]]) -> list[list[Segment]]:
    """The pages without what is repeated on them, without page numbers and without numbered margins."""
    pages = without_line_numbers(pages)
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
