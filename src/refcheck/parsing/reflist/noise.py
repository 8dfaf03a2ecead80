"""What stands between the lines of a reference list without belonging to it: page and line numbers, running heads."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from refcheck.model import Span

_PAGE_MARK = re.compile(
    r"\s{0,20}(?:-\s?)?(?:(?:page|p\.|seite|página|стр\.)\s{0,3})?\d{1,4}(?:\s{0,3}(?:of|/|von|de|из)\s{0,3}\d{1,4})?(?:\s?-)?\s{0,20}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_RUNNING_HEAD_TIMES = 3  # a short line printed this often, page numbers aside, is a running head
_RUNNING_HEAD_LENGTH = 100  # characters
_RUNNING_HEAD_APART = 10  # lines; a page has more
_LOCATOR = re.compile(r"#\s?[:;(]\s?#|#[-–]#")  # "Immun 62: 4186–4191" ends an entry
_LABELLED = re.compile(r"[-*•]?\s?(?:\[\d|\(\d|\d{1,4}\s?[.)\]|]|10\.\d|https?:)")
_LINE_NUMBER = re.compile(r"[ \t]{0,20}(\d{1,5})(?=[ \t\r]|$)")
_NUMBERED_SHARE = 0.8  # of the lines that carry consecutive numbers before they count as line numbers


def hushed(text: str, span: Span) -> str:
    """`text[span]` with blanks of the same length in place of page numbers, running heads and line numbers.

    >>> hushed("1. Lee A. Skin and\\n   17   \\nscars. 2020.", Span(0, 40)).split()
    ['1.', 'Lee', 'A.', 'Skin', 'and', 'scars.', '2020.']
    """
    lines = text[span.start : span.end].split("\n")
    lines = _without_line_numbers(lines)
    heads = _running_heads(text, span)
    for i, line in enumerate(lines):
        bare = line.strip()
        if bare and (_PAGE_MARK.fullmatch(line) or _DIGITS.sub("#", bare) in heads):
            lines[i] = " " * len(line)
    return "\n".join(lines)


def _running_heads(text: str, span: Span) -> frozenset[str]:
    """Short lines that come back page after page, not in the list alone: there they end entries of one journal."""
    heads, lines = _returning_lines(text)
    if not heads:
        return frozenset()
    first, last = text.count("\n", 0, span.start), text.count("\n", 0, span.end)
    alone = 2 * (last - first) > lines  # hardly anything but the list
    return frozenset(head for head, (begins, ends) in heads.items() if alone or begins < first or ends > last)


@lru_cache(maxsize=4)
def _returning_lines(text: str) -> tuple[dict[str, tuple[int, int]], int]:
    """Short lines that come back page after page, with their first and last line; and the count of lines."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(text.split("\n")):
        bare = line.strip()
        if 4 < len(bare) < _RUNNING_HEAD_LENGTH and not bare.endswith((".", ";")) and not _LABELLED.match(bare):
            places.setdefault(_DIGITS.sub("#", bare), []).append(number)
    heads = {
        head: (at[0], at[-1])
        for head, at in places.items()
        if len(at) >= _RUNNING_HEAD_TIMES
        and any(c.isalpha() for c in head)
        and not _LOCATOR.search(head)
        and _page_by_page([b - a for a, b in itertools.pairwise(at)])
    }
    return heads, text.count("\n")


def _page_by_page(gaps: list[int]) -> bool:
    return min(gaps) >= _RUNNING_HEAD_APART and max(gaps) <= 2 * min(gaps)


def _without_line_numbers(lines: list[str]) -> list[str]:
    """Margin numbers (1, 2, 3 … or 5, 10, 15 …) before every line are not labels of entries."""
    found = [(i, m) for i, line in enumerate(lines) if (m := _LINE_NUMBER.match(line))]
    filled = sum(1 for line in lines if line.strip())
    if len(found) < 8 or len(found) < _NUMBERED_SHARE * filled:
        return lines
    numbers = [int(m.group(1)) for _, m in found]
    steps = sum(b - a == 1 for a, b in itertools.pairwise(numbers))
    behind = sum(bool(re.match(r"[ \t]*(?:\[\d|\(\d|\d{1,3}[.)]?\s|[a-z])", lines[i][m.end() :])) for i, m in found)
    if steps < _NUMBERED_SHARE * (len(numbers) - 1) or (numbers[0] < 3 and behind < 0.3 * len(found)):
        return lines
    out = list(lines)
    for i, m in found:
        out[i] = " " * m.end() + lines[i][m.end() :]
    return out
