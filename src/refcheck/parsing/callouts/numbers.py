"""The numbers inside a callout: "1, 3–5 and 7", "4a–c", "[2, pp. 15-16]" -> the references they name.

The grammar follows what 957 numeric CSL styles, AMA 11 (3.6), IEEE and ACS print; every repeat is bounded, so that no
input takes more than linear time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from refcheck.text import DASHES

DASH = f"[{DASHES}]"
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
# IEEE, AMA and mathematics print where in the source: "[2, Ch. 5]", "3(p21)", "[7, Theorem 2]".
LOCATOR = (
    rf"(?:{BLANK}[,;:]?{BLANK}(?:pp?|pages?|ch|chap|chapter|sec|sect|section|sections|fig|figs|figure|table|appendix|eqs?|equation"
    rf"|para|vol|thm|theorem|lemma|prop|proposition|cor|corollary|def|definition|example|remark|§|S\.|Kap)\.?{BLANK}[^\]\)\[\(]{{1,40}}"
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
    >>> expand("9-7")
    Numbers(values=(9, 7), problem='reversed range')
    """
    values: list[int] = []
    problem = ""
    for item in _SPLIT.split(_PAGES.sub("", printed)):
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
