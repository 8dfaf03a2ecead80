"""Acronyms of conferences and series against their full names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refcheck.text import words

#: Who holds a meeting is no part of its acronym: "IEEE/CVF Conference on Computer Vision …" is CVPR.
_HOLDERS = frozenset(
    "ieee acm cvf usenix ifip rsj aaai isca siam spie eurographics springer lncs proceedings proc th st nd rd on of "
    "the and in for with to by vol volume".split()
)
_OWN = re.compile(r"\(([A-Z][\w&/+’' -]{1,18})\)")
_YEAR = re.compile(r"['’]?\b(?:\d{4}|\d{2})\b|\d+(?:st|nd|rd|th)\b")
_LEAD = re.compile(r"(?i)^\W*(?:in\b:?\s*)?(?:proc(?:eedings)?\b\.?(?:\sof(?:\sthe)?)?\s*)?")
_TRAIL = re.compile(r"(?i)[\s,]+(?:conference|conf\.?|workshops?|symposium|proceedings|proc\.?)$")


def acronym_in(printed: str) -> str:
    """The acronym that a printed container is, in capitals as printed; "" where it is none.

    >>> acronym_in("In CVPR"), acronym_in("Proc. ICRA 2019"), acronym_in("KDD ’16"), acronym_in("Nature")
    ('CVPR', 'ICRA', 'KDD', '')
    """
    bare = _TRAIL.sub("", _YEAR.sub("", _LEAD.sub("", printed)).strip(" .,:;'’()-")).strip(" .,:;'’()-")
    capitals = sum(c.isupper() for c in bare)
    return bare if re.fullmatch(r"[A-Za-z]{2,9}(?:[-@+][A-Z]{2,6})?", bare) and capitals >= 2 else ""


def own_acronyms(name: str) -> frozenset[str]:
    """The acronyms that a recorded name shows itself in parentheses, folded.

    >>> sorted(own_acronyms("2022 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)"))
    ['cvpr']
    """
    return frozenset("".join(words(_YEAR.sub("", m[1]))) for m in _OWN.finditer(name)) - {""}


def is_acronym_of(acronym: str, name: str) -> bool:
    """Whether an acronym is that of a name: shown there, a word of it ("SIGKDD"), or made of its initials in a row.

    >>> is_acronym_of("CVPR", "2009 IEEE Conference on Computer Vision and Pattern Recognition")
    True
    >>> is_acronym_of("ICCV", "2009 IEEE Conference on Computer Vision and Pattern Recognition")
    False
    >>> is_acronym_of("LIPIcs", "Leibniz International Proceedings in Informatics")
    True
    """
    folded = "".join(words(acronym))
    own = own_acronyms(name)
    if own:
        return any(folded in (x, x.removeprefix("sig")) or x in (folded, folded.removesuffix("w")) for x in own)
    spoken = words(name)
    if any(w == folded or (w.startswith("sig") and w.removeprefix("sig") == folded) for w in spoken):
        return True
    telling = [w for w in spoken if w not in _HOLDERS and not any(c.isdigit() for c in w)]
    pieces = [p.lower() for p in re.findall(r"[A-Z][a-z]*", acronym)]
    return any(_spells(pieces, telling[i:]) for i in range(len(telling))) or (
        "proceedings" in spoken
        and any(_spells(pieces, [w for w in spoken if w not in ("in", "of", "the")][i:]) for i in (0, 1))
    )


def _spells(pieces: Sequence[str], telling: Sequence[str]) -> bool:
    """Whether each piece begins the next word, and its other letters stand in it in order."""
    if len(pieces) < 2 or len(pieces) > len(telling):
        return False
    return all(_stands_for(piece, word) for piece, word in zip(pieces, telling, strict=False))


def _stands_for(piece: str, word: str) -> bool:
    letters = iter(word[1:])
    return piece[0] == word[0] and all(c in letters for c in piece[1:])
