"""Sections of a journal: the letter or part that sets "Physical Review A" apart from "Physical Review E"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# "Section D", "Part E:", "Series A", "(a)", ": A", "Physica A: …", "Phys. Rev. E"; a small letter only in parentheses.
_MARKED = re.compile(
    r"(?i:[\s,:.(-]+(?:section|sect|sec|part|pt|series|ser|teil)[.\s]{1,3})(?P<mark>[A-LX]|I{1,3}|IV|V)(?![^\W_'’])\)?"
)
_PARENTHESISED = re.compile(r"\s?\((?P<mark>[A-La-l])\)")
_BARE = re.compile(
    r"(?<=[^\W\d_])(?:\.?\s|\s?[:,–-]\s?)(?P<mark>[A-HX])(?=\s?[:,.;–-]|\s?$|\s\(|\s[A-Z])(?!\.\s?[A-Z]\.)"
)


class Sectioned(NamedTuple):
    """A name in three parts: "Physica", "a", "Statistical Mechanics"; no section, no rest."""

    base: str
    section: str
    rest: str


@lru_cache(maxsize=16384)
def sectioned(name: str) -> Sectioned:
    """A journal's name, its section and what stands behind that.

    >>> sectioned("Physica A: Statistical Mechanics")
    Sectioned(base='Physica', section='a', rest='Statistical Mechanics')
    >>> sectioned("physica status solidi (b)")
    Sectioned(base='physica status solidi', section='b', rest='')
    >>> names = "Acta Crystallographica Section D Biology", "Phys. Rev. E", "Revista Ciência e Saúde"
    >>> [sectioned(name).section for name in names]
    ['d', 'e', '']
    """
    for pattern in (_MARKED, _PARENTHESISED, _BARE):
        if name.isupper() and pattern is _BARE:
            break
        m = pattern.search(name)
        if m and len(name[: m.start()].strip(" .:,-(")) > 3:
            return Sectioned(name[: m.start()].strip(" .:,-("), m["mark"].lower(), name[m.end() :].strip(" .:,-–)"))
    return Sectioned(name, "", "")
