"""Citations by author and year, matched to the entries of the list where that is certain.

A citation that fits no entry, or several, is left out: a name in the text can be printed in more ways than in the
list, so nothing is ever concluded from its absence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from refcheck.model import Callout, Reference, Span
from refcheck.text import compact, fold

_PARTICLES = r"(?:(?:van|von|de|der|den|del|della|di|da|du|la|le|ten|ter|dos|al|el|Van|Von|De|Di|Le|La)[ -]){0,3}"
_NAME = _PARTICLES + r"[^\W\d_a-zß-ÿ][\w’'‐-]{1,30}"
_YEAR = r"(?:1[6-9]|20)\d\d[a-h]?"
CITATION = re.compile(
    rf"(?<![\w’'-])(?P<first>{_NAME}(?: {_NAME})?)"
    rf"(?P<others>(?:,? (?:et al\.?,?|and others|and colleagues)|(?:, {_NAME}){{0,3}},? (?:and|&|und|et|y|e) {_NAME})?)"
    rf"(?:[’']s?)?,?\s{{1,2}}[(\[]?\s?(?P<years>{_YEAR}(?:\s?[,;]\s?(?:{_YEAR}|[a-h](?![^\W_]))){{0,6}})(?![\d-])"
)
# A name after "and" is not the first author: "A. Kravtsov & V. Manwadkar 2022".
_NOT_FIRST = re.compile(r"(?:\b(?:and|und|et|y|e)|&)\s{1,2}(?:[^\W\d_]\.[\s-]?){0,3}$")
_EACH_YEAR = re.compile(r"(\d{4})?([a-h])?")
_CO_AUTHOR = re.compile(rf"(?:and|&|und|et|y|e) ({_NAME})$")


def author_year_callouts(
    text: str, references: Sequence[Reference], kind: Callable[[int], str], unread: frozenset[str]
) -> tuple[Callout, ...]:
    """The citations that name exactly one entry of the list (per year). `kind` tells the region of an offset."""
    listed: dict[tuple[str, str], list[Reference]] = {}
    for r in references:
        if r.authors and r.number is not None:
            family = fold(r.authors[0].family)
            for name in {compact(family), compact(family.split()[-1]) if family.split() else ""} - {""}:
                listed.setdefault((name, r.year[:4]), []).append(r)
    out = []
    for m in CITATION.finditer(text):
        where = kind(m.start())
        if where in unread or _NOT_FIRST.search(text[max(0, m.start() - 16) : m.start()]):
            continue
        numbers = tuple(
            dict.fromkeys(n for year, letter in _years(m.group("years")) if (n := _only(m, year, letter, listed)))
        )
        if numbers:
            out.append(Callout(span=Span(*m.span()), numbers=numbers, text=m.group(), region=where))
    return tuple(out)


def _years(printed: str) -> Iterator[tuple[str, str]]:
    """Year and letter of each: "2019a, b; 2021"."""
    year = ""
    for piece in re.split(r"\s?[,;]\s?", printed):
        if m := _EACH_YEAR.fullmatch(piece):
            year = m.group(1) or year
            yield year, m.group(2) or ""


def _only(m: re.Match[str], year: str, letter: str, listed: dict[tuple[str, str], list[Reference]]) -> int | None:
    name = fold(m.group("first"))
    found = listed.get((compact(name), year)) or listed.get((compact(name.split()[-1]), year)) or []
    if letter:
        found = [r for r in found if f"{year}{letter}" in r.raw] or (found if len(found) == 1 else [])
    if len(found) > 1 and (co := _CO_AUTHOR.search(m.group("others"))):
        second = compact(fold(co.group(1)))
        found = [r for r in found if len(r.authors) > 1 and compact(fold(r.authors[-1].family)) == second]
    if len(found) > 1 and m.group("others"):
        several = "al" in m.group("others") or "others" in m.group("others")
        found = [r for r in found if (len(r.authors) > 2 or r.et_al) == several] if several else found
    elif len(found) > 1:
        found = [r for r in found if len(r.authors) == 1 and not r.et_al]
    return found[0].number if len(found) == 1 else None
