"""What printed volumes, issues and pages say, whatever their form: numbers made comparable."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from refcheck.text import any_of, dashes, squeeze
from refcheck.words import ISSUE_MARKS, PART_MARKS, VOLUME_MARKS


class Pages(NamedTuple):
    """A page range: first and last, lower case, without leading zeros; `last` is "" for a single page or number."""

    first: str
    last: str


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def roman(text: str) -> int | None:
    """The value of a well-formed Roman numeral, None for anything else.

    >>> roman("XIV"), roman("mix"), roman("abc")
    (14, 1009, None)
    """
    text = text.lower()
    if not re.fullmatch(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", text) or not text:
        return None
    total = 0
    for a, b in zip(text, [*text[1:], " "], strict=True):
        value = _ROMAN[a]
        total += -value if b != " " and _ROMAN[b] > value else value
    return total


_VOLUME_WORDS = re.compile(rf"(?i)\b{any_of(VOLUME_MARKS, ISSUE_MARKS, 'v')}\b\.?:?\s*")


@lru_cache(maxsize=32768)
def numbering(text: str) -> tuple[str, ...]:
    """The telling parts of a volume or issue: numbers without leading zeros, letters, "s" for a supplement.

    >>> numbering("Volume 16"), numbering("07"), numbering("73(suppl_2)"), numbering("XIV"), numbering("1-2")
    (('16',), ('7',), ('73', 's', '2'), ('14',), ('1', '2'))
    >>> numbering("Suppl 1") == numbering("S1")
    True
    """
    text = _VOLUME_WORDS.sub("", dashes(squeeze(text))).strip(" .,;:()")
    value = roman(text)
    if value and (len(text) > 1 or text in "IVX"):
        return (str(value),)
    text = re.sub(r"(?i)suppl(?:ement(?:um|s|ary)?)?|supp\b|\bsup\b", " s ", text)
    text = re.sub(rf"(?i)\b{any_of(PART_MARKS, 'spec special issue')}\b\.?", " p ", text)
    return tuple(p.lstrip("0") or "0" for p in re.findall(r"\d+|[^\W\d_]+", text.lower()))


_PAGE_WORDS = re.compile(
    r"(?i)^\W*(?:pages?|pgs?|pp?|s|seiten|article(?:\s(?:no|number|id))?|art(?:\.\s?(?:no|id))?|paper|id)\b\.?\s*[,:]?\s*(?=\w)"
)
_PAGE = re.compile(
    r"([A-Za-z]{0,4}\d+(?:\.\d+)?[A-Za-z]{0,2}\d{0,8}[A-Za-z]?|[ivxlc]{1,7})"
    r"(?:\s?(?:-+|\bto\b)\s?([A-Za-z]{0,4}\d+(?:\.\d+)?[A-Za-z]{0,2}\d{0,8}|[ivxlc]{1,7})?)?",
    re.IGNORECASE,
)

_IN_ARTICLE = re.compile(r"^(\w{1,6}):(\d{1,4})\s?-\s?\1:(\d{1,4})$")  # ACM, LIPIcs: "138:1-138:12"


@lru_cache(maxsize=32768)
def page_range(text: str) -> Pages:
    """First and last page of a printed or recorded range; elided last pages are filled up.

    >>> [tuple(page_range(p)) for p in ("258–84", "1199-205", "S12-9", "article-number 10434")]
    [('258', '284'), ('1199', '1205'), ('s12', 's19'), ('10434', '')]
    """
    text = _PAGE_WORDS.sub("", re.sub(r"-{2,}", "-", dashes(squeeze(text))))
    text = re.sub(r"(?i)^(?:article[- ]?(?:number|no)?\.?)\s*", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = _IN_ARTICLE.sub(r"\2-\3", text)
    m = _PAGE.search(text)
    if not m:
        return Pages("", "")
    first = _bare_page(m.group(1))
    last = _bare_page(m.group(2) or "")
    return Pages(first, fill_up(first, last))


def _bare_page(page: str) -> str:
    m = re.fullmatch(r"([a-z]*)0*(\d.*)?", page.lower())
    return (m.group(1) + (m.group(2) or "0" * bool(re.search(r"\d", page)))) if m else page.lower()


def fill_up(first: str, last: str) -> str:
    """The last page in full: "258", "84" → "284" (elided as in 35 % of numeric styles).

    >>> fill_up("1087", "100"), fill_up("e12", "15"), fill_up("12", "19")
    ('1100', 'e15', '19')
    """
    a, b = re.fullmatch(r"([a-z]*)(\d+)([a-z]*)", first), re.fullmatch(r"([a-z]*)(\d+)([a-z]*)", last)
    if not a or not b:
        return last
    prefix = b.group(1) or a.group(1)
    x, y = a.group(2), b.group(2)
    if len(y) < len(x):
        y = x[: len(x) - len(y)] + y
        if int(y) < int(x):
            raised = str(int(x[: len(x) - len(b.group(2))]) + 1) + b.group(2)
            y = raised if len(raised) == len(x) else y
    return prefix + y + b.group(3)


def first_number(text: str) -> str:
    """The first number of a volume or issue, bare; its first letters where it has none; "" for nothing.

    >>> first_number("Volume 016"), first_number("S2")
    ('16', '2')
    """
    parts = numbering(text)
    return next((p for p in parts if p.isdigit()), parts[0] if parts else "")


def is_slip(printed: str, recorded: str) -> bool:
    """Whether one digit changed, missing or added, or two that changed places, make one number of the other.

    >>> is_slip("143140", "143104"), is_slip("52", "25"), is_slip("7", "9")
    (True, True, False)
    """
    return min(len(printed), len(recorded)) > 1 and OSA.distance(printed, recorded) == 1


def same_page(printed: str, recorded: str) -> str:
    """ "same", "near" (a prefix letter more or less: e247 for 247), or ""."""
    if printed == recorded or printed.replace(".", "") == recorded.replace(".", ""):
        return "same"
    short, long = sorted((printed, recorded), key=len)
    if len(short) > 1 and long.endswith(short) and long[: -len(short)].isalpha():
        return "near"
    return ""
