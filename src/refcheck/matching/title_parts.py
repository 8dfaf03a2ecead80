"""What stands behind a title: another part of the work, a subtitle, or the rest of a title that was torn."""

from __future__ import annotations

import re

from refcheck.matching.wording import FUNCTION_WORDS, is_sharp
from refcheck.text import words

#: Words before the number of a part.
_PART_WORDS = frozenset("part pt phase section chapter volume vol no number paper study teil parte partie".split())


def is_a_part(tail: str) -> bool:
    """Whether what follows a title makes it another one's: “(Part II)”, “2”, “II: …”, not “TET2” or “Stvb-i” of a torn
    title."""
    if _PART_BEGINS.match(tail):
        return True
    further = [w for w in words(tail) if w not in FUNCTION_WORDS and w not in _PART_WORDS]
    return 0 < len(further) <= 3 and all(is_sharp(w) and not _NAME.fullmatch(w) for w in further)


SUBTITLE = re.compile(r"\s?[:.–—]\s")
_PART_BEGINS = re.compile(
    r"\W{0,3}(?:(?:[Pp]art|[Pp]t\.?|[Pp]aper|[Tt]eil|[Pp]artie)\s(?:[IVX]{1,4}|\d{1,2})\b|[IVX]{1,4}\s?[.:–—])"
)

#: Letters with a number: the name of a gene, a strain, a scale.
_NAME = re.compile(r"[^\W\d]+\d+\w*")


def is_torn(title: str) -> bool:
    """Whether a recorded title has lost its beginning or end, as deposits lose what was set in italics."""
    spoken = words(title)
    return spoken[-1] in FUNCTION_WORDS or title.rstrip()[-1:] == "," or title.lstrip()[:1] in (",", ";", ":")
