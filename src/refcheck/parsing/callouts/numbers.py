"""The numbers inside a callout: "1, 3–5 and 7", "4a–c", "[2, pp. 15-16]" -> the references they name.

The grammar follows what 957 numeric CSL styles, AMA 11 (3.6), IEEE and ACS print; every repeat is bounded, so that no
input takes more than linear time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from refcheck.text import DASHES, any_of
from refcheck.words import LOCATORS

DASH = f"[{DASHES}~∼～]"  # East Asian journals print a tilde between the ends of a range
BLANK = r"[\s\u200b]{0,3}"
# A number, with the letter of a composite reference (ACS: 4a).
_NUMBER = r"(?<![\d.])[1-9]\d{0,3}(?:(?-i:[a-h])(?![^\W_]))?"
_ITEM = (
    rf"{_NUMBER}(?:{BLANK}(?:{DASH}{{1,2}}|(?<=\s)(?:to|through"
    rf"|bis)(?=\s)){BLANK}(?:[1-9]\d{{0,3}}(?:(?-i:[a-h])(?![^\W_]))?|(?-i:[a-h])(?![^\W_])))?"
)
_AND = r"(?:and|&|und|et|y|e|og|en|и|or)"
_SEPARATOR = rf"(?:{BLANK}[,;،、，；]{BLANK}(?:{_AND}\s{{1,2}})?|\s{{1,2}}{_AND}\s{{1,2}}|{BLANK}&{BLANK})"
LIST = rf"{_ITEM}(?:{_SEPARATOR}{_ITEM}){{0,80}}"
# A remark on one of several: "[1 (supplement), 2]"; numbers alone in parentheses are none.
_REMARK = rf"(?>{BLANK}\((?![\d\s,.;–-]{{0,20}}\))[^()\[\]\n]{{1,40}}\))?"
_LOCATOR_WORD = any_of(LOCATORS)
_IN_PARENTHESES = r"\([^()\[\]\n]{1,15}\)"
# What follows such a word: up to the next semicolon, and numbers in parentheses: "Eq. (2.3)", "Fig. 3(b)".
_PLACE = rf"(?:[^()\[\];,\n]{{1,40}}+(?:{_IN_PARENTHESES}[^()\[\];,\n]{{0,12}}){{0,2}}|{_IN_PARENTHESES})"
_LOCATED = (
    rf"(?>{BLANK}[,:]?{BLANK}{_LOCATOR_WORD}(?![^\W\d_])\.?{BLANK}{_PLACE}"
    rf"|{BLANK},?{BLANK}(?:and\s{{1,2}})?(?:the\s)?references? (?:cited )?therein)?"
)
_RUN = rf"{_ITEM}{_REMARK}(?:{_SEPARATOR}{_ITEM}{_REMARK}){{0,80}}{_LOCATED}"
# Several with a place each are parted by semicolons: "[1, p. 12; 2, 5, Thm. 3]".
LOCATED_LIST = rf"{_RUN}(?:{BLANK};{BLANK}{_RUN}){{0,20}}"
# IEEE, AMA and mathematics print where in the source: "[2, Ch. 5]", "3(p21)", "[7, Theorem 2]".
LOCATOR = (
    rf"(?:{BLANK}[,;:]?{BLANK}{_LOCATOR_WORD}(?![^\W\d_])\.?{BLANK}[^\]\)\[\(]{{1,40}}"
    rf"|{BLANK}[,;]?{BLANK}(?:and\s{{1,2}})?(?:the\s)?references? (?:cited )?therein"
    rf"|{BLANK},{BLANK}(?:and others|for (?:a )?reviews?))?"
)
PREFIX = (
    r"(?:(?:(?:see|also|cf\.?|e\.?g\.?|i\.e\.|but see|compare|reviewed|review|reviews|in|by|for|an?"
    r"|example|instance|and|from|as"
    r"|siehe|vgl\.?|z\.\s?B\.|voir|ver|véase|see also|data from|adapted|modified|after)[,:;]?\s{1,2}){0,6}"
    r"(?:refs?\.?|references?|nos?\.|citations?)?\s{0,2})"
)
WIDEST_RANGE = 50  # a wider one is taken for a slip (editors.md 2.3 proposes the same bound)
_PAGES = re.compile(r"\(\s{0,2}pp?\.?[^()]{1,30}\)")
_PLACES_NAMED = re.compile(f"(?<=.)(?:{_LOCATED[:-1]}|{_REMARK[:-1]})", re.IGNORECASE)
_SPLIT = re.compile(_SEPARATOR)
_RANGE = re.compile(
    rf"\s*(\d{{1,4}})(?-i:[a-h])?{BLANK}(?:{DASH}{{1,2}}|to|through|bis){BLANK}(\d{{1,4}})(?-i:[a-h])?\s*"
)
_SINGLE = re.compile(r"\s*(\d{1,4})")


class Numbers(NamedTuple):
    """What a callout names, in the order printed, and what is wrong with it."""

    values: tuple[int, ...]
    problem: str = ""


def expand(printed: str) -> Numbers:
    """The numbers that a printed list names.

    >>> expand("1, 3–5 and 4a–c").values
    (1, 3, 4, 5, 4)
    >>> expand("1, p. 12; 2 (supplement), 3, Eq. (2.3)").values
    (1, 2, 3)
    >>> expand("9-7")
    Numbers(values=(9, 7), problem='reversed range')
    """
    values: list[int] = []
    problem = ""
    for item in _SPLIT.split(_PLACES_NAMED.sub("", _PAGES.sub("", printed))):
        if m := _RANGE.fullmatch(item):
            first, last = int(m.group(1)), int(m.group(2))
            if last < first:
                values += [first, last]
                problem = "reversed range"
            elif last - first > WIDEST_RANGE:
                values += [first, last]
                problem = problem or "range too wide"
            else:
                values += range(first, last + 1)
        elif m := _SINGLE.match(item):
            values.append(int(m.group(1)))
    return Numbers(tuple(values), problem)
