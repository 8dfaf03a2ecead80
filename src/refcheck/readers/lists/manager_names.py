"""Names as reference managers write them."""

from __future__ import annotations

import re

from refcheck.model import Name
from refcheck.text import any_of, squeeze
from refcheck.words import GENERATIONS

_SUFFIX = re.compile(rf"(?i)\s*{any_of(GENERATIONS)}\.?\s*")


def comma_name(text: str) -> Name:
    """ "Family, Given, Suffix"; without a comma it is a group.

    >>> comma_name("Dal Prà, Ilaria")
    Name(family='Dal Prà', given='Ilaria', suffix='')
    """
    family, _, rest = text.partition(",")
    given, _, suffix = rest.partition(",")
    if _SUFFIX.fullmatch(given) and suffix:
        given, suffix = suffix, given
    return Name(family=squeeze(family), given=squeeze(given), suffix=squeeze(suffix))
