"""Given names and initials: can the printed ones be the recorded ones?"""

from __future__ import annotations

import re
from functools import lru_cache

from refcheck.model import Name
from refcheck.text import fold
from refcheck.words import DEGREES, GENERATIONS

# What else a given name may begin with that begins so: transliterations (ISO 9, BGN/PCGN, ALA-LC: Yuri, Iouri, Jurij;
# Vladimir, Wladimir; Hryhorii, Grigory; Zhores, Jaurès; Khaled, Haled; Tsvi, Zvi) and Greek roots (Christine, Kristin).
_OTHERWISE = {
    "y": "ij", "i": "yj", "ju": "yi", "ja": "yi", "je": "yie", "jo": "yi", "ye": "e", "ie": "e", "e": "yi", "v":
    "w", "w": "v", "kh": "hcx", "ch": "kht", "zh": "zj", "ts": "czt", "tz": "cz", "cz": "t", "ph": "f", "gr":
    "h", "hr": "g", "ca": "k", "ka": "c", "co": "k", "ko": "c", "cl": "k", "kl": "c", "cr": "k", "kr": "c",
    "cy": "k", "ky": "c", "ge": "j", "dj": "j", "dz": "j", "dh": "z", "sh": "c",
}  # fmt: skip
_NO_NAME = frozenset(f"{GENERATIONS} {DEGREES} dr prof mr mrs ms".split())
# Capitals that stand for one name each: "JK", "J.K.", "XM"; and "XiaoMing", which is two.
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")


@lru_cache(maxsize=32768)
def _parts(given: str) -> tuple[str, ...]:
    """The given names, folded, in order, each initial by itself; what is no name is left out.

    >>> _parts("Jean-Pierre K."), _parts("JPK"), _parts("XiaoMing"), _parts("Mary Jr")
    (('jean', 'pierre', 'k'), ('j', 'p', 'k'), ('xiao', 'ming'), ('mary',))
    """
    found = [part for part in re.split(r"[\s.\-‐–,'’]+", given) if part]
    out: list[str] = []
    for part in found:
        if fold(part) in _NO_NAME and (not part.isupper() or (len(found) > 1 and fold(part) in DEGREES.split())):
            continue
        if part.isupper() and len(part) <= 4 and part.isalpha():
            out += [fold(c) for c in part]
        else:
            out += [fold(p) for p in _CAMEL.split(part)]
    return tuple(x for x in out if x[:1].isalpha())


def _alike(a: str, b: str) -> bool:
    """Whether two given names can begin with the same initial."""
    if a[0] == b[0]:
        return True
    return any(y[0] in _OTHERWISE.get(x[:2], _OTHERWISE.get(x[0], "")) for x, y in ((a, b), (b, a)))


def given_agree(printed: Name, recorded: Name) -> bool:
    """Whether given names can be one person's: each initial of the shorter row stands in the longer one, in order.

    What is missing on either side, or is printed in another alphabet, says nothing; nor does a given name that stands
    in the place of the surname.

    >>> given_agree(Name(family="Li", given="XM"), Name(family="Li", given="Xiao-Ming"))
    True
    >>> given_agree(Name(family="Li", given="X"), Name(family="Li", given="Ming"))
    False
    """
    mine, theirs = _parts(printed.given), _parts(recorded.given)
    if not mine or not theirs or not "".join((*mine, *theirs)).isascii():
        return True
    if re.search(r"[a-zß-ÿ][A-Z]{1,3}$", printed.family):
        return True  # the initials have run into the surname
    if fold(printed.family) != fold(recorded.family) and fold(printed.given) == fold(recorded.family):
        return True
    short, long = sorted((mine, theirs), key=len)
    rest = iter(long)
    return all(any(_alike(x, y) for y in rest) for x in short)
