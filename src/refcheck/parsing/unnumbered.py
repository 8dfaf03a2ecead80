"""Reference lists without numbers: by blank lines, by hanging indent, by line, or by how an entry begins."""

from __future__ import annotations

import re

_BLANK_LINES = re.compile(r"(?:[ \t\r\f]*\n){2,}")
_HAS_DATE = re.compile(
    r"(?<!\d)(?:1[5-9]|20)\d\d[a-z]?(?!\d)|\bin press\b|\bforthcoming\b|\bn\.\s?d\.|https?:|10\.\d{4}|\barxiv\b",
    re.IGNORECASE,
)
# "Smith, J.", "Smith J,", "van der Berg A.", "World Health Organization.", "———."
_HEAD = re.compile(
    r"(?:[-*•·–+][ \t]{1,4})?[*_]{0,2}"
    r"(?:[—–_-]{2,}|(?:(?:van|von|de|der|den|del|della|da|di|du|la|le|el|al|ten|ter|zu|zur|dos|das|do|O|Mc|Mac|St)[ '’.-]{1,3}){0,3}"
    r"[^\W\d_a-z][\w'’‐-]{1,40}(?:[ -][^\W\d_][\w'’.-]{1,30}){0,6}(?:,|\.| [^\W\d_a-z]{1,4}[,.;:( ]| [(]))"
)
_SHORT_LINE = 0.72  # a line shorter than this share of the usual width ends a paragraph


def split_unnumbered(quiet: str) -> list[tuple[int, int]]:
    """Start and end of each entry, white space trimmed."""
    paragraphs = _pieces(quiet, _BLANK_LINES)
    if len(paragraphs) >= 3:
        dated = sum(bool(_HAS_DATE.search(quiet, a, b)) for a, b in paragraphs)
        if dated >= 0.6 * len(paragraphs) and _mean_lines(quiet, paragraphs) < 8:
            return _glued(quiet, paragraphs)
    out: list[tuple[int, int]] = []
    for a, b in paragraphs:
        out += _split_paragraph(quiet, a, b)
    return _glued(quiet, out)


def _mean_lines(quiet: str, spans: list[tuple[int, int]]) -> float:
    return sum(quiet.count("\n", a, b) + 1 for a, b in spans) / len(spans)


def _pieces(quiet: str, gap: re.Pattern[str]) -> list[tuple[int, int]]:
    out = []
    start = 0
    for m in gap.finditer(quiet):
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
    """One paragraph of several lines: hanging indent, one entry a line, or wrapped lines."""
    lines = []
    start = quiet.rfind("\n", 0, a) + 1
    while start < b:
        end = quiet.find("\n", start, b)
        end = b if end < 0 else end
        if quiet[start:end].strip():
            lines.append((start, end))
        start = end + 1
    if len(lines) < 2:
        return [(a, b)]
    starts = _entry_lines(quiet, lines)
    out = []
    for k, i in enumerate(starts):
        last = starts[k + 1] - 1 if k + 1 < len(starts) else len(lines) - 1
        out.append(_trimmed(quiet, lines[i][0], lines[last][1]))
    return out


def _entry_lines(quiet: str, lines: list[tuple[int, int]]) -> list[int]:
    indents = [_indent(quiet, a, b) for a, b in lines]
    least = min(indents)
    hanging = [i for i, n in enumerate(indents) if n <= least + 1]
    if 1 < len(hanging) < len(lines) and hanging[0] == 0:
        dated = 0
        for k, i in enumerate(hanging):
            until = lines[hanging[k + 1]][0] if k + 1 < len(hanging) else lines[-1][1]
            dated += bool(_HAS_DATE.search(quiet, lines[i][0], until))
        if dated >= 0.7 * len(hanging):
            return hanging
    whole = sum(
        bool(_HAS_DATE.search(quiet, a, b)) and bool(_HEAD.match(quiet, a + n))
        for (a, b), n in zip(lines, indents, strict=True)
    )
    if whole >= 0.75 * len(lines):
        return list(range(len(lines)))
    width = sorted(b - a for a, b in lines)[int(0.9 * (len(lines) - 1))]
    out = [0]
    for i in range(1, len(lines)):
        a, _ = lines[i]
        pa, pb = lines[i - 1]
        before = quiet[pa:pb].rstrip()
        so_far = (lines[out[-1]][0], pb)
        if not _HEAD.match(quiet, a + indents[i]) or not _HAS_DATE.search(quiet, *so_far):
            continue
        if before[-1:] in ".)]>/" or before[-1:].isdigit() or pb - pa < _SHORT_LINE * width:
            out.append(i)
    return out


def _indent(quiet: str, a: int, b: int) -> int:
    return b - a - len(quiet[a:b].lstrip())


def _glued(quiet: str, entries: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A piece that begins in the middle of a sentence belongs to the entry before it (a page break)."""
    out: list[tuple[int, int]] = []
    for a, b in entries:
        if out and (quiet[a].islower() and not _HEAD.match(quiet, a)) and quiet[out[-1][1] - 1] not in ".>":
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out
