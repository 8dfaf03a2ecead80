"""The parts of a list of names: what stands between two commas, by kind, and a part turned into a name."""

from __future__ import annotations

import re
from typing import NamedTuple

from refcheck.model import Name
from refcheck.words import PRINTED_PARTICLES

_WITH_CAPITAL = """
van von der den de del della di da dos das du ter ten zu zur af ibn vander vande
"""
_ALWAYS = frozenset(_WITH_CAPITAL.split())

SUFFIX = re.compile(r"(?:[JjSs]r\.?|JR|SR|II|III|IV|VI{1,3}|2nd|3rd|4th|[Jj]únior|Filho|Neto)")
INITIAL = r"[^\W\d_a-zß-öø-ÿ]"
INITIALS = re.compile(
    rf"(?:{INITIAL}\.?(?:[-']?{INITIAL}\.?){{0,4}}|(?:{INITIAL}[^\W\d_]{{1,3}}\.)(?:-?{INITIAL}[^\W\d_]{{0,2}}\.){{0,3}}"
    rf"|{INITIAL}\.-[^\W\d_]\.?|{INITIAL}-[a-z]{{2,6}})"
)
CONJUNCTION = re.compile(
    r"\s?[,;]?\s?(?:&|\+)\s?|\s?(?:[,;]\s?|\s)(?:and|und|et|AND|y|og|och|en|ve|dan|ja|oraz|és|и|і|e|a)\s"
)
# "Shimizu Y. Nagasao T. Fukuta K.": names that nothing parts but their initials.
_UNPARTED = re.compile(rf"(?:[^\W\d_a-z][a-zß-ÿ'-]{{2,20}} (?:{INITIAL}\.[ -]?){{1,3}}(?:\s|$)?){{2,}}")


class Part(NamedTuple):
    """What stands between two commas or conjunctions."""

    text: str
    words: list[str]
    kind: str  # I initials · W words · WI words then initials · IW initials then words · GIW John P. Smith · S suffix
    ends: bool  # a conjunction follows: no name goes on beyond it


def _kind(words: list[str], shouting: bool) -> str:
    kinds: list[str] = []
    for w in words:
        # "O'Fallon JR": two capitals behind one word are initials.
        if SUFFIX.fullmatch(w) and "W" in kinds and (len(words) > 2 or not (w.isupper() and len(w) == 2)):
            kinds.append("S")
        elif INITIALS.fullmatch(w) and not (shouting and len(w) > 1 and "." not in w):
            kinds.append("I")
        else:
            kinds.append("W")
    if kinds and kinds[-1] == "S" and len(kinds) > 1:
        kinds.pop()
    if len(words) > 2 and kinds[-1] == "W" and "I" in kinds and kinds[0] == "W":
        # "Santos C. A. dos": a particle that catalogues put behind the initials.
        while len(kinds) > 2 and kinds[-1] == "W" and words[len(kinds) - 1] in PRINTED_PARTICLES:
            kinds.pop()
    runs = re.sub(r"(.)\1+", r"\1", "".join(kinds))
    return {"I": "I", "W": "W", "WI": "WI", "IW": "IW", "WIW": "GIW", "IWIW": "IW", "WIWIW": "GIW", "WIWI": "WI"}.get(
        runs, "X"
    )


def parts_of(s: str) -> list[Part]:
    """The parts of a list of names.

    >>> [(part.text, part.kind) for part in parts_of("Smith, J. A., Lee K and M. Li")]
    [('Smith', 'W'), ('J. A.', 'I'), ('Lee K', 'WI'), ('M. Li', 'IW')]
    """
    letters = [w for w in re.findall(r"[^\W\d_]+", s) if len(w) > 3]
    shouting = bool(letters) and all(w.isupper() for w in letters)
    parts: list[Part] = []
    chunks = [c for c in CONJUNCTION.split(s) if c and c.strip()]
    for chunk in chunks:
        pieces = [p.strip() for p in chunk.split(",")]
        pieces = [p for p in pieces if p and p not in (".", "-")]
        if len(pieces) == 1 and "." in chunk and _UNPARTED.fullmatch(pieces[0]):
            pieces = [p.strip() for p in re.split(r"(?<=\.)\s(?=[^\W\d_a-z][a-zß-ÿ])", pieces[0])]
        for k, piece in enumerate(pieces):
            words = piece.split()
            last = k == len(pieces) - 1
            if (
                len(words) == 1
                and SUFFIX.fullmatch(words[0])
                and (parts and not (words[0] in ("VI", "V", "II") and parts[-1].kind == "W"))
            ):
                kind = "S"
            else:
                kind = _kind(words, shouting)
                if kind == "I" and len(words) > 1:
                    # "LI XY", "J LI": which one is the name is settled by the rest of the list.
                    kind = (
                        "WI"
                        if len(words[0].rstrip(".")) > 1 and "." not in words[0]
                        else "IW"
                        if len(words[-1].rstrip(".")) > 1 and "." not in words[-1]
                        else "I"
                    )
                elif kind == "W" and shouting and len(words) == 2 and len(words[1]) < 3 and len(words[0]) > 1:
                    kind = "WI"
            parts.append(Part(piece, words, kind, last))
    return parts


def plain_initials(word: str) -> bool:
    """Initials that cannot be a short family name in capitals ("J.", "JA." but not "LI", "WU")."""
    return bool(INITIALS.fullmatch(word)) and (len(word) == 1 or "." in word)


def family_first(words: list[str]) -> Name:
    """The name in words that begin with the family name.

    >>> family_first(["van", "der", "Berg", "J.", "H."])
    Name(family='van der Berg', given='J. H.', suffix='')
    """
    suffix = ""
    if len(words) > 2 and SUFFIX.fullmatch(words[-1]):
        suffix = words[-1]
        words = words[:-1]
    # "Costa A. B. de S. R.": particles among the initials belong to them.
    cut = 1
    while cut < len(words) and not INITIALS.fullmatch(words[cut]):
        cut += 1
    if len(words[0]) > 2 and words[0].isupper():
        # "LINDSTROM Eric J.": the family name is the one in capitals.
        cut = next((k for k in range(1, cut) if not words[k].isupper()), cut)
    return Name(family=" ".join(words[:cut]), given=" ".join(words[cut:]), suffix=suffix)


def given_first(words: list[str]) -> Name:
    """The name in words that end with the family name.

    >>> given_first(["J.", "H.", "van", "der", "Berg"])
    Name(family='van der Berg', given='J. H.', suffix='')
    """
    suffix = ""
    if len(words) > 1 and SUFFIX.fullmatch(words[-1]):
        suffix = words[-1]
        words = words[:-1]
    middle = words[1:-1] if len(words[0]) > 3 and INITIALS.fullmatch(words[-1]) else words[-1:]  # "MYERS Eric J."
    if len(words[0]) > 2 and words[0].isupper() and not " ".join(middle or words).isupper() and "." not in words[0]:
        # "SWETE Henry Barclay": the family name is the one in capitals.
        cut = next(k for k, w in enumerate(words) if not w.isupper())
        return Name(family=" ".join(words[:cut]), given=" ".join(words[cut:]), suffix=suffix)
    cut = len(words) - 1
    while cut > 1 and _is_particle(words[cut - 1]):
        cut -= 1
    if 1 < cut == len(words) - 1 and [bool(INITIALS.fullmatch(w)) for w in words[:cut]] == [True] * (cut - 1) + [False]:
        # "J. García López": who abbreviates one given name abbreviates them all, so both words are the family name.
        cut -= 1
    # "de la Cruz" alone, or initials before a compound name ("J. García López"): all words are the family name.
    if cut == 1 and _is_particle(words[0]):
        cut = 0
    return Name(family=" ".join(words[cut:]), given=" ".join(words[:cut]), suffix=suffix)


def _is_particle(word: str) -> bool:
    lower = word.lower()
    return lower in PRINTED_PARTICLES and (word[:1].islower() or lower in _ALWAYS)
