"""References of a supplement, numbered by themselves: "S1. Lee A. …", cited as [S1], [2,S3], (S1–S4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from refcheck.model import Callout, Span
from refcheck.parsing.callouts.numbers import BLANK, DASH, WIDEST_RANGE

#: The label of such an entry: of a supplement, or of an appendix.
LABEL = re.compile(r"\[?(?P<key>[SA]\d{1,3})(?:[.):\]]{1,2}\s{1,4}|\s{1,4}(?=[A-Z]))")
_NUMBER = r"[SA]?\d{1,3}"
_ITEM = rf"{_NUMBER}(?:{BLANK}{DASH}{{1,2}}{BLANK}{_NUMBER})?"
_LIST = rf"{_ITEM}(?:{BLANK}[,;]{BLANK}{_ITEM}){{0,40}}"
_CALLOUT = re.compile(rf"[\[(]{BLANK}(?:refs?\.?\s)?(?P<list>(?=[^\])]*[SA]\d){_LIST}){BLANK}[\])]")
_EACH = re.compile(rf"([SA]?)(\d{{1,3}})(?:{BLANK}{DASH}{{1,2}}{BLANK}([SA]?)(\d{{1,3}}))?")


def supplementary_callouts(
    text: str, numbers: Mapping[str, int], kind: Callable[[int], str], unread: frozenset[str]
) -> tuple[Callout, ...]:
    """The callouts that name a reference of the supplement; `numbers` tells the place of each label in the list.

    >>> found = supplementary_callouts("Moss [S1,S2], kelp [3, S3].", {"S1": 4, "S2": 5, "S3": 6}, lambda at: "body",
    ...     frozenset())
    >>> [(c.numbers, c.keys) for c in found]
    [((4, 5), ('S1', 'S2')), ((3, 6), ('S3',))]
    """
    out = []
    for m in _CALLOUT.finditer(text):
        keys = _keys(m["list"])
        if not any(k in numbers for k in keys) or (where := kind(m.start())) in unread:
            continue
        named = tuple(numbers[k] if k in numbers else int(k) for k in keys if k in numbers or k.isdigit())
        told = tuple(k for k in keys if not k.isdigit())
        out.append(Callout(span=Span(*m.span()), numbers=named, text=m.group(), region=where, keys=told))
    return tuple(out)


def _keys(printed: str) -> list[str]:
    out: list[str] = []
    for letter, first, _, last in _EACH.findall(printed):
        low, high = int(first), int(last or first)
        out += [f"{letter}{n}" for n in range(low, min(high, low + WIDEST_RANGE) + 1)]
    return out
