"""A reference list -> its entries: where each begins and ends, and the number printed before it.

The span of an entry includes its printed label ("12. ", "[12] "); `Entry.body` is where the words begin. Numbers are
kept as printed: gaps, repeats and restarts are for the rules to report.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from refcheck.model import Span
from refcheck.parsing.reflist.label_keys import key_labels
from refcheck.parsing.reflist.noise import hushed
from refcheck.parsing.reflist.unnumbered import split_unnumbered


class Entry(NamedTuple):
    """One entry of a list, by offsets into the whole text."""

    span: Span
    body: int  # where the words begin, after the label
    number: int | None = None
    label: str = ""


class _Mark(NamedTuple):
    start: int  # where the label begins
    lead: int  # where its line begins: a bullet, a quotation mark or emphasis may stand before the label
    end: int  # where the body begins
    number: int
    label: str
    style: str


_SUPERSCRIPT_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN_DIGITS = str.maketrans(_SUPERSCRIPT_DIGITS, "0123456789")
# The labels of 957 numeric CSL styles are "1." (57 %), "[1]" (34 %), "1" (8 %), "(1)" and "1)"; the rest is what word
# processors, Markdown and East Asian typesetting make of them.
_LABEL = (
    r"(?P<bracket>\\?[\[［【〔]\s?\^?(?P<n1>\d{1,4})\s?\\?[\]］】〕][.:]?)"
    r"|(?P<paren>[(（]\s?(?P<n2>\d{1,4})\s?[)）][.:]?)"
    r"|(?P<dot>(?P<n3>\d{1,4})\s?\\?[.．、](?:-|–)?(?![\d/]))"
    r"|(?P<close>(?P<n4>\d{1,4})\s?\\?[)）])"
    r"|(?P<pipe>(?P<n5>\d{1,4})\s?[|:](?=\s))"
    r"|(?P<sup><sup>\s?(?P<n6>\d{1,4})\s?\.?</sup>)"
    rf"|(?P<raised>(?P<n7>[{_SUPERSCRIPT_DIGITS}]{{1,4}}))"
    r"|(?P<bare>(?P<n8>\d{1,4})(?=[ \t\u00a0\u2002-\u200a]+[^\W\d_\"“«‘'*_<\[(]|[ \t]+[\"“«‘'*_<\[(]))"
)
_AT_LINE_START = re.compile(
    r"(?m)^[ \t\u00a0\u3000>]{0,40}(?:[-*•·–+][ \t\u00a0]{1,8})?(?:\*\*|__|<li>|<p>)?[ \t]{0,4}(?:"
    + _LABEL
    + r")(?:\*\*|__)?"
)
_IN_LINE = re.compile(
    r"(?:(?<=\s)|^)(?:(?P<bracket>\[\s?(?P<n1>\d{1,4})\s?\])(?=\s?\S)"
    r"|(?P<paren>\(\s?(?P<n2>\d{1,4})\s?\))(?=\s[^\W\d_])"
    r"|(?P<dot>(?P<n3>\d{1,4})\.)(?=\s{1,4}(?:[^\W\d_a-zß-ÿ]|(?:van|von|de|de[lnr]|della|di|da|dos|du|le|la|ten|ter|el|al)\s)))"
)
_GROUPS = {
    "bracket": "n1", "paren": "n2", "dot": "n3", "close": "n4", "pipe": "n5", "sup": "n6",
    "raised": "n7", "bare": "n8",
}  # fmt: skip
_MAX_STEP = 8  # numbers that may be missing in a row before a chain of labels counts as broken
_GAP_COST = 0.6  # what each number that is missing takes from the 1 that a label adds to its chain
_RUN = 5  # labels in a row that make a list wherever they begin; fewer must begin with 1 or 2 ("2019." begins a line)
_MOST_LISTS = 12  # runs that are looked for before and after the best one
_LONG_ENTRY = 1500  # characters; published entries above this are collaborations with hundreds of authors


def split_entries(text: str, span: Span) -> list[Entry]:
    """The entries between two offsets, in the order in which they are printed.

    >>> lst = "1. Lee A. Skin. J Derm 2020;1:2-3.\\n2. Wu B. Scars.\\nBurns 2021;4:5-6.\\n"
    >>> [(e.number, lst[e.body:e.span.end]) for e in split_entries(lst, Span(0, len(lst)))]
    [(1, 'Lee A. Skin. J Derm 2020;1:2-3.'), (2, 'Wu B. Scars.\\nBurns 2021;4:5-6.')]
    >>> bullets = "- 1. Lee A. Skin. J Derm 2020;1:2-3.\\n- 2. Wu B. Scars. Burns 2021;4:5-6.\\n"
    >>> [bullets[e.body:e.span.end] for e in split_entries(bullets, Span(0, len(bullets)))]
    ['Lee A. Skin. J Derm 2020;1:2-3.', 'Wu B. Scars. Burns 2021;4:5-6.']
    """
    quiet = hushed(text, span)
    marks = _numbered_marks(quiet)
    if not marks:
        if keyed := key_labels(quiet):
            at = span.start
            return [Entry(Span(at + a, at + b), at + body, None, label) for a, b, body, label in keyed]
        return [Entry(Span(span.start + a, span.start + b), span.start + a) for a, b in split_unnumbered(quiet)]
    return _entries(quiet, marks, span.start)


def _entries(quiet: str, marks: Sequence[_Mark], offset: int) -> list[Entry]:
    out = []
    for i, mark in enumerate(marks):
        limit = marks[i + 1].lead if i + 1 < len(marks) else len(quiet)
        end = _entry_end(quiet, mark.end, limit, last=i + 1 == len(marks))
        out.append(Entry(Span(offset + mark.start, offset + end), offset + mark.end, mark.number, mark.label))
    return out


def numbered_run(text: str) -> list[Entry]:
    """The longest numbered run of a text that has no heading for its list; empty if there is none."""
    quiet = hushed(text, Span(0, len(text)))
    by_style: dict[str, list[_Mark]] = {}
    for mark in _marks(_AT_LINE_START, quiet):
        by_style.setdefault(mark.style, []).append(mark)
    best: list[_Mark] = max((_chain(marks) for marks in by_style.values()), key=len, default=[])
    return _entries(quiet, best, 0)


def _numbered_marks(quiet: str) -> list[_Mark]:
    """The labels that number the list, in the one style that carries the longest run."""
    by_style: dict[str, list[_Mark]] = {}
    for mark in _marks(_AT_LINE_START, quiet):
        by_style.setdefault(mark.style, []).append(mark)
    best: list[_Mark] = []
    for marks in by_style.values():
        chain = _every_line(marks, quiet) or _chains(marks)
        if len(chain) > len(best):
            best = chain
    longest = max((b.start - a.start for a, b in itertools.pairwise(best)), default=0)
    if len(best) < 4 or longest > _LONG_ENTRY:
        for style in ("bracket", "dot", "paren"):
            chain = _chain([m for m in _marks(_IN_LINE, quiet) if m.style == style])
            if len(chain) > max(len(best), 2) and chain[0].number <= 2:
                best = chain
    whole = len(best) > 1 and best == _every_line([m for m in by_style.get(best[0].style, ()) if m in best], quiet)
    if not best or (len(best) < _RUN and best[0].number > 2 and not whole):
        return []
    if len(best) < 2 and not (best[0].number == 1 and best[0].style in {"bracket", "dot"}):
        return []
    if not _carries(best, quiet):
        return []
    return _with_missing(best, quiet)


def _carries(marks: Sequence[_Mark], quiet: str) -> bool:
    """Whether the labels stand for the whole text, and not for a few lines of it that begin with a number."""
    head = quiet[: marks[0].start].strip()
    lines = sum(1 for line in quiet.splitlines() if line.strip())
    return len(head) < 400 or len(marks) * 12 > lines


def _marks(pattern: re.Pattern[str], quiet: str) -> list[_Mark]:
    out = []
    for m in pattern.finditer(quiet):
        style = next((g for g in _GROUPS if g in m.re.groupindex and m.group(g) is not None), "")
        if not style:
            continue
        number = int(m.group(_GROUPS[style]).translate(_PLAIN_DIGITS))
        if number == 0:
            continue
        end = m.end()
        while end < len(quiet) and quiet[end].isspace():
            end += 1
        if end >= len(quiet) or (style in {"bare", "sup", "raised"} and "\n" in quiet[m.end() : end]):
            continue
        out.append(_Mark(m.start(style), m.start(), end, number, m.group(style), style))
    return out


def _chain(marks: Sequence[_Mark]) -> list[_Mark]:
    """The best run of rising numbers: each step of one counts 1, missing numbers cost.

    Of equally good runs the later one wins, so that numbered headings before the list do not.
    """
    score = [0.0] * len(marks)
    previous = [-1] * len(marks)
    best_at: dict[int, int] = {}
    for i, mark in enumerate(marks):
        score[i] = 1.0 if mark.number <= 3 else 0.4
        for step in range(1, _MAX_STEP + 1):
            j = best_at.get(mark.number - step)
            if j is None:
                continue
            gain = 1 - min(_GAP_COST * (step - 1), 1.5)
            if score[j] + gain > score[i]:
                score[i], previous[i] = score[j] + gain, j
        j = best_at.get(mark.number)
        if j is None or score[i] >= score[j]:
            best_at[mark.number] = i
    if not marks:
        return []
    i = max(range(len(marks)), key=lambda k: (score[k], k))
    chain = []
    while i >= 0:
        chain.append(marks[i])
        i = previous[i]
    return chain[::-1]


def _chains(marks: Sequence[_Mark]) -> list[_Mark]:
    """The best run, and the runs before and after it that begin at 1 (a second list, a restart)."""
    out = _chain(marks)
    if not out:
        return []
    for _ in range(_MOST_LISTS):
        more = _chain([m for m in marks if m.start > out[-1].start])
        if len(more) < 3 or more[0].number != 1:
            break
        out += more
    for _ in range(_MOST_LISTS):
        more = _chain([m for m in marks if m.start < out[0].start])
        if len(more) < 3 or more[0].number != 1:
            break
        out = more + out
    return _with_repeats(out, marks)


def _with_repeats(chain: list[_Mark], marks: Sequence[_Mark]) -> list[_Mark]:
    """A number that is printed twice in a row: both entries are kept."""
    after = dict(itertools.pairwise(chain))
    taken, out = set(chain), list(chain)
    last: _Mark | None = None
    for m in marks:
        if m in taken:
            last = m
        elif m.style not in {"bare", "raised"} and last in after and m.number in (last.number, after[last].number):
            out.append(m)
    return sorted(out)


def _every_line(marks: list[_Mark], quiet: str) -> list[_Mark]:
    """All labels, whatever their numbers, where nearly every line bears one: gaps and repeats are then printed so."""
    if len(marks) < 2 or marks[0].style in {"bare", "sup", "raised"}:
        return []
    lines = [line for line in quiet[marks[0].start :].split("\n") if line.strip()]
    dated = (
        sum(
            bool(_COMPLETE.search(quiet, m.end, n))
            for m, n in zip(marks, [*(m.start for m in marks[1:]), len(quiet)], strict=True)
        )
        if len(marks) >= 0.9 * len(lines)
        else 0
    )
    return marks if dated >= 0.6 * len(marks) and dated > 1 else []


def _with_missing(marks: list[_Mark], quiet: str) -> list[_Mark]:
    """Labels that a lost line break has moved into the entry before them are found where a number is missing."""
    out: list[_Mark] = []
    inline: list[_Mark] | None = None
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        out.append(mark)
        if following is None or following.number - mark.number < 2:
            continue
        if inline is None:
            inline = _marks(_IN_LINE, quiet)
            starts = [m.start for m in inline]
        wanted = mark.number + 1
        for m in inline[bisect_left(starts, mark.end) :]:
            if m.start >= following.start or wanted >= following.number:
                break
            if m.number == wanted and m.style == mark.style:
                out.append(m)
                wanted += 1
    return out


_BLANK_LINE = re.compile(r"\n[ \t\r\f]*\n")
_COMPLETE = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|10\.\d{4}|https?:|\bin press\b|\barxiv\b", re.IGNORECASE)


def _entry_end(quiet: str, start: int, limit: int, *, last: bool) -> int:
    """Where the entry ends: before the next one, or before a blank line and something else."""
    end = limit
    if gap := _BLANK_LINE.search(quiet, start, limit):
        following = quiet[gap.end() : limit].lstrip()
        done = (
            _COMPLETE.search(quiet, start, gap.start()) and quiet[start : gap.start()].rstrip()[-1:] in ".)]>0123456789"
        )
        if following and (last or done or following[:1].isupper()) and not following[:1].islower():
            end = gap.start()
    while end > start and quiet[end - 1].isspace():
        end -= 1
    return end
