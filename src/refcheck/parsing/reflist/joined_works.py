"""Several works printed under one number: "(a) …; (b) …" as chemists do, or joined by semicolons as physicists do."""

from __future__ import annotations

import re

_LETTERED = re.compile(r"(?:(?<=[\s;.])|^)[(\[]?\s?([a-h])[)\]]\s{0,3}(?=\S)")
# Where one work may end and the next begin: a semicolon, or the full stop after a year, page or identifier.
_JOINT = re.compile(r";|(?<=[\d)\]])\.(?=\s)|(?<=\d)\s{0,2}\n")
_INITIALS = r"(?:[^\W\d_a-zß-ÿ]\.[\s‐-]{0,3}){1,4}"
_SURNAME = r"(?:(?:van|von|de|der|den|del|di|da|la|le|ter|dos) ){0,2}[^\W\d_a-zß-ÿ][\w'’‐-]{1,30}"
_HEAD = re.compile(
    rf"\s{{0,4}}(?:{_INITIALS}{_SURNAME}(?=[\s,;&(\[])(?!,?\s\d)|{_SURNAME},?\s{{1,2}}{_INITIALS}"
    rf"|{_SURNAME} [^\W\d_a-zß-ÿ]{{1,3}},"
    rf"|{_SURNAME}\s{_SURNAME},\s[\"“])"
)
_DATED = re.compile(
    r"(?<!\d)(?:1[89]|20)\d\d(?!\d)|\b\d{4}\.\d{4,5}\b|\barxiv\s?:|\b(?:hep|astro|gr|quant|cond|nucl)-?(?:ph|th|ex|lat|qc|mat)\b",
    re.IGNORECASE,
)


def split_parts(body: str) -> list[tuple[int, int]]:
    """Start and end of each work in an entry that holds several; empty where it holds one.

    >>> s = "(a) Collman, J. Acc. Chem. Res. 1977, 10, 265; (b) Groves, J. J. Chem. Educ. 1985, 62, 928."
    >>> [s[a:b] for a, b in split_parts(s)]
    ['Collman, J. Acc. Chem. Res. 1977, 10, 265', 'Groves, J. J. Chem. Educ. 1985, 62, 928.']
    >>> split_parts("Lee A; Wu B; Kim C. Skin. Burns 2020;1:2-3; discussion 4.")
    []
    """
    return _lettered(body) or _joined(body)


def _lettered(body: str) -> list[tuple[int, int]]:
    marks: list[re.Match[str]] = []
    for m in _LETTERED.finditer(body):
        if m.group(1) == "abcdefgh"[len(marks) : len(marks) + 1]:
            marks.append(m)
    if len(marks) < 2 or body[: marks[0].start()].strip():
        return []
    ends = [m.start() for m in marks[1:]] + [len(body)]
    pieces = [_trimmed(body, m.end(), e) for m, e in zip(marks, ends, strict=True)]
    return pieces if all(re.search(r"\d{2}", body[a:b]) for a, b in pieces) else []


def _joined(body: str) -> list[tuple[int, int]]:
    heads = [m.end() for m in _JOINT.finditer(body) if _HEAD.match(body, m.end())]
    if not heads:
        return []
    cuts = [0]
    for at, until in zip(heads, [*heads[1:], len(body)], strict=True):
        if _DATED.search(body, cuts[-1], at) and _DATED.search(body, at, until):
            cuts.append(at)
    if len(cuts) < 2:
        return []
    pieces = [_trimmed(body, a, b) for a, b in zip(cuts, [*cuts[1:], len(body)], strict=True)]
    return pieces if all(b - a > 15 for a, b in pieces) else []


def _trimmed(body: str, a: int, b: int) -> tuple[int, int]:
    while a < b and body[a].isspace():
        a += 1
    while b > a and (body[b - 1].isspace() or body[b - 1] == ";"):
        b -= 1
    return a, b
