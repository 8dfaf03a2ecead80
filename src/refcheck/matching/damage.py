"""Words that extraction from a PDF has damaged: a ligature lost, or printed as one wrong letter."""

from __future__ import annotations

import re
from functools import lru_cache

_LIGATURES = ("ffi", "ffl", "ff", "fi", "fl")


@lru_cache(maxsize=16384)
def lost_ligature(printed: str, recorded: str) -> bool:
    """Whether a printed word is the recorded one (both folded) with each ligature of one kind lost or turned into one
    letter, as fonts with their own encoding of ligatures are extracted.

    >>> lost_ligature("diver", "differ"), lost_ligature("huvman", "huffman"), lost_ligature("eycient", "efficient")
    (True, True, True)
    >>> lost_ligature("dier", "differ"), lost_ligature("river", "differ")
    (True, False)
    """
    if len(printed) >= len(recorded) or len(printed) < 3:
        return False
    for ligature in _LIGATURES:
        if ligature in recorded:
            pattern = "[a-z]?".join(map(re.escape, recorded.split(ligature)))
            if re.fullmatch(pattern, printed):
                return True
    return False
