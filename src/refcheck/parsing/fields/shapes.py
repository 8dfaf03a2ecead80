"""What can be said of a token by its letters alone."""

from __future__ import annotations

import re

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def shape(text: str) -> str:
    """Its letters and digits by kind, at most seven.

    >>> shape("McDonald"), shape("BMJ"), shape("wounds")
    ('XxXxxx', 'XXX', 'xxx')
    """
    if text.islower():
        return "xxx"[: len(text)]
    if text.isupper():
        return "XXX"[: len(text)]
    if text[1:].islower():
        return "Xxxx"[: len(text)]
    signs = "".join("X" if c.isupper() else "d" if c.isdigit() else "x" if c.isalpha() else c for c in text[:12])
    return re.sub(r"(.)\1{2,}", r"\1\1\1", signs)[:7]


def coarse_class(text: str) -> str:
    """Its class for sequences: Y a year, the number of digits of another number, I and i a letter, II and UU short and
    long words in capitals, C capitalised, l small letters, k and K East Asian scripts, a mark itself, o the rest.

    >>> [coarse_class(token) for token in ("2020", "117", "J", "UK", "Lee", "of", "(")]
    ['Y', '3', 'I', 'II', 'C', 'l', '(']
    """
    first = text[0]
    if text.isdigit():
        return "Y" if len(text) == 4 and _YEAR.fullmatch(text) else f"{min(len(text), 7)}"
    if first.isalpha():
        if _CJK.match(first):
            return "k" if len(text) < 5 else "K"
        if len(text) == 1:
            return "I" if first.isupper() else "i"
        if text.isupper():
            return "II" if len(text) < 4 else "UU"
        return "C" if first.isupper() else "l"
    return text if len(text) == 1 else "o"
