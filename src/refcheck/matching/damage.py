"""Words that extraction from a PDF has damaged: a ligature lost, or printed as one wrong letter."""

from __future__ import annotations

import re
from functools import lru_cache

_LIGATURE = re.compile("ffi|ffl|ff|fi|fl")


@lru_cache(maxsize=16384)
def lost_ligature(printed: str, recorded: str) -> bool:
    """Whether a printed word is the recorded one (both folded) but for ligatures, lost or made one wrong letter each.

    Fonts with their own encoding of ligatures are extracted so.

    >>> lost_ligature("diver", "differ"), lost_ligature("huvman", "huffman"), lost_ligature("eycient", "efficient")
    (True, True, True)
    >>> lost_ligature("dier", "differ"), lost_ligature("river", "differ")
    (True, False)
    """
    if len(printed) >= len(recorded) or len(printed) < 3 or not _LIGATURE.search(recorded):
        return False
    pattern = _LIGATURE.sub(lambda m: f"(?:{m.group()}|[a-z]?)", re.escape(recorded))
    return re.fullmatch(pattern, printed) is not None
