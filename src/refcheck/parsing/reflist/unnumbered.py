"""Reference lists without numbers: by blank lines, by hanging indent, by line, or by how an entry begins.

Wrapped lines without any such mark are cut where the sum of small pieces of evidence is best: a line that begins like
an author list after a line that ends like a reference, pieces that hold a date, first letters that follow the alphabet.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from refcheck.text import fold

_BLANK_LINES = re.compile(r"\n(?:[ \t\r\f]*\n)+")
_HAS_DATE = re.compile(
    r"(?<!\d)(?:1[5-9]|20)\d\d[a-z]?(?!\d)|\bin press\b|\bforthcoming\b|\bn\.\s?d\.|https?:|10\.\d{4}|\barxiv\b",
    re.IGNORECASE,
)
_UP = r"[^\W\d_a-zß-ÿ]"
_PARTICLE = (
    r"(?:(?:van|von|de|der|den|del|della|da|di|du|la|le|el|al|ten|ter|zu|zur|dos|das|do|O|Mc|Mac|St)[ '’.-]{1,3}){0,3}"
)
# How entries begin: "Smith, J." "Smith J," "J. Smith," "Smith,J." "———." or a group's name.
_AUTHOR = re.compile(
    rf"(?:[-*•·–+][ \t]{{1,4}})?[*_]{{0,2}}(?:[—–―_]{{1,4}}[.,\s]|-{{2,6}}[.,\s]"
    rf"|{_PARTICLE}{_UP}[\w'’‐-]{{1,30}}(?:[ -]{_UP}[\w'’-]{{1,30}}){{0,2}}(?:,\s?{_UP}(?:\.|\s"
    rf"|[\w'’-]{{1,20}}[\s.,&])|\s{_UP}{{1,3}}(?:[,.;:(&]|\s(?:and|&|et|\()))"
    rf"|(?:{_UP}\.[\s‐-]{{0,2}}){{1,4}}{_PARTICLE}{_UP}[\w'’‐-]{{1,30}}(?:,|\s(?:and|&|et)\b|\.\s|\s\()"
    rf"|{_UP}[\w'’-]{{1,20}}(?:\s{_UP}\.?){{0,2}}\s{_PARTICLE}{_UP}[\w'’‐-]{{1,30}}(?:,\s|\sand\s|\.\s))"
)
_CAPITAL = re.compile(rf"[*_\"“‘'(]{{0,3}}{_UP}")
_OPEN_END = re.compile(
    r"(?:[,:&–—‐-]|(?<![\d.]);|\b(?:and|et|of|in|the|for|on|to|a|an|by|with|from|und|der|die|de|la|le|du|des|y|e|pp?\.|vol\.|no\.|eds?\.))$",
    re.IGNORECASE,
)
_ABBREVIATED_END = re.compile(rf"(?:\b{_UP}|\b[^\W\d_]{{1,6}})\.$")
_TERMINAL_END = re.compile(r"(?:[.)\]>/]|\d)$")
_SHORT_LINE = 0.8  # a line shorter than this share of the usual width ends a paragraph
_MOST_LINES = 30  # an entry of more lines is not looked for


class _Line(NamedTuple):
    start: int
    end: int
    indent: int


def begins_with_author(text: str, at: int) -> bool:
    """Whether the text at an offset begins as entries do: with an author, or the dash for the one before."""
    return bool(_AUTHOR.match(text, at))


def split_unnumbered(quiet: str) -> list[tuple[int, int]]:
    """Start and end of each entry, white space trimmed."""
    paragraphs = _pieces(quiet)
    if len(paragraphs) >= 3:
        dated = sum(bool(_HAS_DATE.search(quiet, a, b)) for a, b in paragraphs)
        if dated >= 0.6 * len(paragraphs) and _mean_lines(quiet, paragraphs) < 8:
            return _whole(quiet, paragraphs)
    out: list[tuple[int, int]] = []
    for a, b in paragraphs:
        out += _split_paragraph(quiet, a, b)
    return _whole(quiet, out)


def _mean_lines(quiet: str, spans: list[tuple[int, int]]) -> float:
    return sum(quiet.count("\n", a, b) + 1 for a, b in spans) / len(spans)


def _pieces(quiet: str) -> list[tuple[int, int]]:
    out = []
    start = 0
    for m in _BLANK_LINES.finditer(quiet):
        out.append((start, m.start()))
        start = m.end()
    out.append((start, len(quiet)))
    return [t for a, b in out if (t := _trimmed(quiet, a, b))[1] > t[0]]


def _trimmed(quiet: str, a: int, b: int) -> tuple[int, int]:
    while a < b and quiet[a].isspace():
        a += 1
    while b > a and quiet[b - 1].isspace():
        b -= 1
    return a, b


def _split_paragraph(quiet: str, a: int, b: int) -> list[tuple[int, int]]:
    lines: list[_Line] = []
    start = quiet.rfind("\n", 0, a) + 1
    while start < b:
        end = quiet.find("\n", start, b)
        end = b if end < 0 else end
        words = quiet[start:end].lstrip()
        if words:
            lines.append(_Line(start, end, end - start - len(words)))
        start = end + 1
    if len(lines) < 2:
        return [(a, b)]
    starts = _by_line(quiet, lines) or _by_indent(quiet, lines) or _by_evidence(quiet, lines)
    ends = [*(i - 1 for i in starts[1:]), len(lines) - 1]
    return [_trimmed(quiet, lines[i].start, lines[k].end) for i, k in zip(starts, ends, strict=True)]


def _by_indent(quiet: str, lines: list[_Line]) -> list[int]:
    """Hanging indent: the lines that stand furthest left begin entries, if most of these have a date."""
    least = min(x.indent for x in lines)
    starts = [i for i, x in enumerate(lines) if x.indent <= least + 1]
    if not (1 < len(starts) < len(lines)) or starts[0] != 0:
        return []
    until = [*(lines[i].start for i in starts[1:]), lines[-1].end]
    dated = sum(bool(_HAS_DATE.search(quiet, lines[i].start, e)) for i, e in zip(starts, until, strict=True))
    return starts if dated >= 0.7 * len(starts) else []


def _by_line(quiet: str, lines: list[_Line]) -> list[int]:
    """One entry a line: lines that begin and end like entries, and are not filled up to one width."""
    whole = sum(
        bool(_CAPITAL.match(quiet, x.start + x.indent))
        and not _OPEN_END.search(quiet[max(x.start, x.end - 12) : x.end].rstrip())
        for x in lines
    )
    dated = sum(bool(_HAS_DATE.search(quiet, x.start, x.end)) for x in lines)
    width = max(x.end - x.start for x in lines)
    filled = sum(x.end - x.start > 0.85 * width for x in lines)
    if whole < 0.75 * len(lines) or dated < 0.4 * len(lines):
        return []
    return list(range(len(lines))) if dated >= 0.75 * len(lines) or filled <= 0.3 * len(lines) else []


def _by_evidence(quiet: str, lines: list[_Line]) -> list[int]:
    """The best cut of wrapped lines into entries (dynamic programming over the lines)."""
    width = sorted(x.end - x.start for x in lines)[int(0.9 * (len(lines) - 1))]
    start_score = [_start_score(quiet, lines, i, width) for i in range(len(lines))]
    keys = [fold(quiet[x.start + x.indent : x.start + x.indent + 12].strip("*_ ")) for x in lines]
    likely = [keys[i] for i, s in enumerate(start_score) if s > 1]
    rising = sum(a <= b for a, b in pairwise(likely))
    alphabet = 0.8 if len(likely) > 4 and rising >= 0.75 * (len(likely) - 1) else 0.0
    dated = [bool(_HAS_DATE.search(quiet, x.start, x.end)) for x in lines]
    best = [0.0] * (len(lines) + 1)
    before = [0] * (len(lines) + 1)
    for end in range(1, len(lines) + 1):
        best[end] = float("-inf")
        has_date = False
        for i in range(end - 1, max(-1, end - 1 - _MOST_LINES), -1):
            has_date = has_date or dated[i]
            if i and start_score[i] <= -1:
                continue
            score = best[i] + (start_score[i] if i else 0) - (0 if has_date else 2.0)
            if i and alphabet:
                score += alphabet if keys[before[i]] <= keys[i] else -alphabet
            if score > best[end]:
                best[end], before[end] = score, i
        if best[end] == float("-inf"):
            best[end], before[end] = best[end - 1], before[end - 1]
    starts = []
    at = len(lines)
    while at > 0:
        at = before[at]
        starts.append(at)
    return starts[::-1]


def _start_score(quiet: str, lines: list[_Line], i: int, width: int) -> float:
    if not i:
        return 2.0
    x, p = lines[i], lines[i - 1]
    at = x.start + x.indent
    score = -1.0
    if _AUTHOR.match(quiet, at):
        score += 1.6
    elif not _CAPITAL.match(quiet, at):
        score -= 2.5
    tail = quiet[max(p.start, p.end - 14) : p.end].rstrip()
    if _OPEN_END.search(tail):
        score -= 2.5
    elif _ABBREVIATED_END.search(tail):
        score -= 0.3
    elif _TERMINAL_END.search(tail):
        score += 0.7
    else:
        score -= 1.0
    if p.end - p.start < _SHORT_LINE * width:
        score += 1.0
    return score


def _whole(quiet: str, entries: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A piece that begins in the middle of a sentence belongs to the entry before it (a page break)."""
    out: list[tuple[int, int]] = []
    for a, b in entries:
        if out and quiet[a].islower() and not _AUTHOR.match(quiet, a) and quiet[out[-1][1] - 1] not in ".>":
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out
