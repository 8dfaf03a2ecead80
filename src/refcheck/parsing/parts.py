"""Several works printed under one number: "(a) …; (b) …", or physics lists joined by semicolons."""

from __future__ import annotations

import re

_LETTERED = re.compile(r"(?:(?<=[\s;.])|^)[(\[]?\s?([a-h])[)\]]\s{0,3}(?=\S)")
_YEAR_AT_END = re.compile(r"\(\s?(?:1[89]|20)\d\d[a-z]?\s?\)[^;]{0,60}$")
_BEGINS_WORK = re.compile(r"\s{0,4}(?:[^\W\d_a-z][\w.'’-]{0,30}[\s.,])")


def split_parts(body: str) -> list[tuple[int, int]]:
    """Start and end of each work in an entry that holds several; empty where it holds one.

    >>> s = "(a) Collman, J. Acc. Chem. Res. 1977, 10, 265; (b) Groves, J. J. Chem. Educ. 1985, 62, 928."
    >>> [s[a:b] for a, b in split_parts(s)]
    ['Collman, J. Acc. Chem. Res. 1977, 10, 265', 'Groves, J. J. Chem. Educ. 1985, 62, 928.']
    """
    marks: list[re.Match[str]] = []
    for m in _LETTERED.finditer(body):
        if m.group(1) == "abcdefgh"[len(marks) : len(marks) + 1]:
            marks.append(m)
    if len(marks) >= 2 and not body[: marks[0].start()].strip():
        ends = [m.start() for m in marks[1:]] + [len(body)]
        pieces = [_trimmed(body, m.end(), e) for m, e in zip(marks, ends, strict=True)]
        if all(re.search(r"\d{2}", body[a:b]) for a, b in pieces):
            return pieces
    cut = [m.start() for m in re.finditer(";", body)]
    if cut:
        ends = [*cut, len(body)]
        starts = [0, *(c + 1 for c in cut)]
        pieces = [_trimmed(body, a, b) for a, b in zip(starts, ends, strict=True)]
        if all(b > a and _YEAR_AT_END.search(body[a:b]) and _BEGINS_WORK.match(body[a:b]) for a, b in pieces):
            return pieces
    return []


def _trimmed(body: str, a: int, b: int) -> tuple[int, int]:
    while a < b and body[a].isspace():
        a += 1
    while b > a and (body[b - 1].isspace() or body[b - 1] == ";"):
        b -= 1
    return a, b
