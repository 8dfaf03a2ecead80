"""Lists whose labels are short keys, as mathematicians print them: "[AH] M. Atiyah …", cited as [AH] or [AH, Lee20]."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from refcheck.model import Callout, Span

_KEY = r"[^\W\d_][\w+.:’-]{0,14}(?: ?et al\.?)?(?:,? ?’?\d{2,4}[a-z]?)?"
_LABEL = re.compile(rf"(?m)^[ \t]{{0,20}}(?P<label>\[(?P<key>{_KEY})\])[ \t]*\n?(?=[^\n])")
_FEWEST = 4  # labels that make a list
_GROUP = re.compile(r"\[([^\[\]\n]{1,200})\]")
_DATED = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|arxiv|to appear|in preparation|preprint", re.IGNORECASE)


def key_labels(quiet: str) -> list[tuple[int, int, int, str]]:
    """(start, end of entry, start of its words, label) of each entry; empty where the list has no such labels.

    >>> lst = "[AH] M. Atiyah. 1988.\\n[B] A. Beilin. 1978.\\n[Lee20] J. Lee. 2020.\\n[Wu] P. Wu. 2018."
    >>> [label for *_, label in key_labels(lst)]
    ['[AH]', '[B]', '[Lee20]', '[Wu]']
    """
    found = list(_LABEL.finditer(quiet))
    if len(found) < _FEWEST or quiet[: found[0].start()].count("\n") > 6:
        return []
    starts = [m.start("label") for m in found]
    dated = sum(bool(_DATED.search(quiet, a, b)) for a, b in pairwise([*starts, len(quiet)]))
    if dated < 0.5 * len(found) or len({m.group("key") for m in found}) < 0.9 * len(found):
        return []
    out = []
    for m, limit in zip(found, [*starts[1:], len(quiet)], strict=True):
        end = limit
        while end > m.end() and quiet[end - 1].isspace():
            end -= 1
        out.append((m.start("label"), end, m.end(), m.group("label")))
    return out


def key_callouts(
    text: str, numbers: Mapping[str, int], kind: Callable[[int], str], unread: frozenset[str]
) -> tuple[Callout, ...]:
    """The brackets that hold keys of the list; `numbers` tells the place of each key in it."""
    out = []
    for m in _GROUP.finditer(text):
        items = [x.strip() for x in re.split(r"[,;]", m.group(1))]
        keys = tuple(x for x in items if x in numbers)
        if keys and items[0] in numbers and (where := kind(m.start())) not in unread:
            named = tuple(numbers[x] for x in keys)
            out.append(Callout(span=Span(*m.span()), numbers=named, text=m.group(), region=where, keys=keys))
    return tuple(out)
