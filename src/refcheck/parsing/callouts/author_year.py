"""The grammar of citations by author and year: "(e.g. Smith, 2020; Lee & Kim 2019a, b)", "Smith's (2018, p. 5)".

Only what is printed is read here; `author_links` says which entry of the list is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from refcheck.model import Span

_UPPER = "".join(c for c in map(chr, range(0x41, 0x530)) if c.isupper())
_PARTICLE = (
    r"(?:[Vv]an|[Vv]on|[Vv]an’t|[Dd]e|[Dd]er|[Dd]en|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os|[Dd]as|[Dd]u|[Ll]a|[Ll]e|[Tt]en"
    r"|[Tt]er|[Aa]l|[Ee]l|[Bb]en|[Ss]t\.|’t|[Zz]u[rm]?|[Aa]f)"
)
_WORD = rf"(?:[dDlLOo][’'])?[{_UPPER}][\w’'‐‑-]{{0,30}}(?<![’'])"
_NAME = rf"(?:{_PARTICLE}[ -]){{0,3}}{_WORD}(?:[ ]{_WORD}){{0,2}}"
_INITIALS = rf"(?:[{_UPPER}]\.[ -]?){{1,3}}"
_PERSON = rf"(?:{_INITIALS}\s?)?{_NAME}(?:,? (?:Jr|Sr)\.?| I{{2,3}}\b)?(?:,? {_INITIALS})?"
_AND = r"(?:and|&|und|et|y|e|en|og|och)"
_ET_AL = r"(?:et\.? ?al\b\.?,?|and others|and colleagues|and co-?workers|et coll\.|y col\.|u\. ?a\.|и др\.)"
_OTHERS = (
    rf"(?:,? {_ET_AL}|(?:[,;] {_PERSON}){{0,12}}[,;]? (?:{_AND}) {_PERSON}(?:,? {_ET_AL})?"
    rf"|(?:, {_PERSON}){{1,4}},? {_ET_AL})"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_UNDATED = (
    r"(?:in press|in prep(?:aration|\.)?|in review|under review|forthcoming|submitted|accepted|to appear|unpublished"
    r"|n\. ?d\.)"
)
_DATE = rf"(?:{_YEAR}(?:/(?:{_YEAR}|\d\d))?(?:-?[a-h](?![^\W_]))?(?: ?\[{_YEAR}\])?|{_UNDATED}(?:-[a-h])?)"
_LOCATOR = (
    r"(?:[,:] ?(?:see )?(?:pp?\.?|pages?|chap(?:ter)?s?\.?|ch\.|[Ss]ect?(?:ions?)?\.?|§§?|[Ff]igs?\.?|[Ff]igures?"
    r"|[Tt]ables?|[Ee]qs?\.?|[Vv]ol\.?|paras?\.?|[Aa]pp(?:endix|\.)|[Nn]otes?|[Tt]heorem|[Ll]emma|S\.) ?"
    r"[\w.]{1,8}(?: ?[-–,] ?\d{1,5})?|: ?\d{1,5}(?: ?[-–] ?\d{1,5})?)"
)
_DATES = rf"{_DATE}{_LOCATOR}?(?: ?(?:[,;]|,? (?:and|&|und|et|y)) ?(?:{_DATE}|[a-h](?![^\W_]))(?!\d){_LOCATOR}?){{0,8}}"
# What may stand between the authors and the year: "Smith, 2020", "Smith (2020)", "Smith’s [2020]", "WHO [17], 2020".
_BETWEEN = r"(?:[’']s?)?,?\s{0,2}(?P<open>[(\[]?)\s?(?:in )?"
CITATION = re.compile(
    rf"(?<![\w’'.-])(?P<first>{_PERSON})(?P<others>{_OTHERS})?(?P<between>{_BETWEEN})(?P<dates>{_DATES})(?![\d–-])"
)
# A name after "and" is not the first author: "A. Kravtsov & V. Manwadkar 2022".
_NOT_FIRST = re.compile(rf"(?:\b{_AND}|&)\s{{1,2}}(?:[^\W\d_]\.[\s-]?){{0,3}}$")
_PART = re.compile(rf"(?P<year>{_YEAR})(?:/(?:{_YEAR}|\d\d))?-?(?P<letter>[a-h])?(?: ?\[(?P<first>{_YEAR})\])?|{_UNDATED}")
_EACH = re.compile(rf"{_DATE}|(?<![^\W_])[a-h](?![^\W_])")
_LOCATORS = re.compile(_LOCATOR)
_INITIAL = re.compile(rf"(?:(?<=\s)|^|(?<=,))[{_UPPER}]\.[ -]?(?:[{_UPPER}]\.[ -]?)*|,? (?:Jr|Sr)\.?$|,? I{{2,3}}$")
_SPLIT = re.compile(rf"[,;]? (?:{_AND}) |[,;] ")
_AL = re.compile(rf",? ?{_ET_AL}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One work as a text cites it: its authors, as they stand, and one year."""

    authors: tuple[str, ...]  # surnames; the first may hold words of the sentence before it ("In Smith")
    initials: str = ""  # of the first author, where they are printed
    et_al: bool = False
    year: str = ""  # four digits; empty where the work is undated
    letter: str = ""
    date: str = ""  # as printed: "2019a", "in press"
    text: str = ""  # authors and date, as a reader would name it
    opened: bool = False  # the year stands in brackets of its own: "Smith (2019)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A stretch of text that names authors and one or more years."""

    span: Span
    works: tuple[Printed, ...]


def citations(text: str) -> Iterator[Citation]:
    """All stretches of a text that have the form of a citation by author and year.

    >>> [(w.authors, w.date) for c in citations("See Smith et al. (2018, p. 5) and (Lee & Kim 2019a, b).")
    ...     for w in c.works]
    [(('See Smith',), '2018'), (('Lee', 'Kim'), '2019a'), (('Lee', 'Kim'), '2019b')]
    """
    for m in CITATION.finditer(text):
        if _NOT_FIRST.search(text[max(0, m.start() - 16) : m.start()]):
            continue
        first, others = m["first"], m["others"] or ""
        rest = _AL.sub("", others)
        listed = [first, *(x for x in _SPLIT.split(rest) if x and x[0] not in ",;")]
        authors = tuple(y for x in listed if (y := _INITIAL.sub("", x).strip(" ,;")))
        if not authors:
            continue
        named = re.sub(r"\s+", " ", first + others).strip(" ,")
        initials = "".join(c for i in _INITIAL.findall(first) for c in i if c.isalpha() and c.isupper())
        works = tuple(
            Printed(
                authors=authors, initials=initials, et_al=bool(_AL.search(others)), year=year, letter=letter, date=date,
                text=f"{named} {date}", opened=bool(m["open"]),
            )
            for year, letter, date in _dates(m["dates"])
        )  # fmt: skip
        if works:
            yield Citation(span=Span(*m.span()), works=works)


def _dates(printed: str) -> list[tuple[str, str, str]]:
    """Year, letter and print of each: "2019a, b; 2021, p. 7; in press"."""
    bare = _LOCATORS.sub("", printed)

    def step(before: tuple[str, str, str], piece: str) -> tuple[str, str, str]:
        m = _PART.fullmatch(piece)
        if m and m["year"]:
            return m["year"], m["letter"] or "", f"{m['year']}{m['letter'] or ''}"
        if m:
            return "", "", piece
        return before[0], piece, f"{before[0]}{piece}"

    pieces = [m.group() for m in _EACH.finditer(bare)]
    return list(accumulate(pieces, step, initial=("", "", "")))[1:]
