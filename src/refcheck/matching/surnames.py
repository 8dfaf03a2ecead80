"""Surnames: the forms in which one may be printed, and whether two are the same or one misspelt."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from refcheck.matching.damage import lost_ligature
from refcheck.model import Name
from refcheck.text import words
from refcheck.words import DEGREES, FOLDED_PARTICLES, GENERATIONS

_SUFFIXES = frozenset(f"{GENERATIONS} {DEGREES}".split())
# A surname with its initials run into it by extraction ("MunkhdorjB") or read with it ("Awangku Metosen ANSB").
_GLUED_INITIALS = re.compile(r"(.{2,40}[^\W\d_A-Z])\s?[A-Z]{1,4}\b")


@lru_cache(maxsize=32768)
def surname_keys(family: str) -> frozenset[str]:
    """The forms in which a surname may be printed, run together without accents.

    Particles may be kept or dropped, of a compound either end or both may be printed, umlauts may be written as two
    letters or as the plain vowel.

    >>> sorted(surname_keys("Dal Prà"))
    ['dalpra', 'pra']
    >>> "mueller" in surname_keys("Müller"), "muller" in surname_keys("Müller")
    (True, True)
    >>> "oliveira" in surname_keys("de Oliveira Silva"), "silva" in surname_keys("de Oliveira Silva")
    (True, True)
    """
    out = set()
    for form in {family, _umlauts(family)}:
        parts = [w for w in words(form) if w not in _SUFFIXES] or list(words(form))
        bare = [w for w in parts if w not in FOLDED_PARTICLES] or parts
        out.add("".join(parts))
        out.add("".join(bare))
        if len(bare) > 1:
            out.update(w for w in (bare[0], bare[-1], "".join(bare[:2]), "".join(bare[-2:])) if len(w) > 1)
    return frozenset(x for x in out if x)


def _umlauts(name: str) -> str:
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe",
                           "å": "aa", "Å": "Aa"})  # fmt: skip
    return name.translate(table)


@lru_cache(maxsize=32768)
def _acronym(name: str) -> str:
    return "".join(w[0] for w in words(name) if w not in ("of", "the", "and", "for", "de", "la"))


def same_name(printed: Name, recorded: Name) -> bool:
    """Whether a printed name can be the recorded one, whatever its order, initials and accents.

    >>> same_name(Name(family="Prà", given="ID"), Name(family="Dal Prà", given="Ilaria"))
    True
    >>> same_name(Name(family="Xing", given="Chen"), Name(family="Chen", given="Xing"))
    True
    >>> same_name(Name(family="Sung", given="T"), Name(family="Sun", given="Ting"))
    False
    """
    if surname_keys(printed.family) & surname_keys(recorded.family):
        return True
    glued = _GLUED_INITIALS.match(printed.family)
    if glued and surname_keys(glued.group(1)) & surname_keys(recorded.family):
        return True
    mine = "".join(words(printed.family))
    if any(lost_ligature(mine, key) for key in surname_keys(recorded.family)):
        return True
    if not recorded.given and not printed.given:
        acronym = _acronym(recorded.family)
        return len(acronym) > 2 and acronym == "".join(words(printed.family))
    # Given and family name changed places, or a compound surname was cut elsewhere.
    spoken, theirs = set(words(printed.family)), set(words(f"{recorded.family} {recorded.given}"))
    long = {w for w in spoken if len(w) > 2 and w not in FOLDED_PARTICLES}
    if long and long <= theirs:
        initials = {w[0] for w in theirs}
        return all(w in theirs or (len(w) <= 3 and set(w) <= initials) for w in words(printed.given))
    return False


def misspelt(printed: Name, recorded: Name) -> bool:
    """One surname is the other with a letter or two amiss (one in short ones)."""
    mine = "".join(words(printed.family))
    return any(
        OSA.distance(mine, key) <= (2 if min(len(mine), len(key)) > 5 else 1) for key in surname_keys(recorded.family)
    )
