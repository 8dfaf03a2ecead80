"""Lists of names whose blanks are lost, as exports and conversions leave them: surnames with their initials run in."""

from __future__ import annotations

import re
from itertools import pairwise

_BEFORE = r"(?<=[a-zß-öø-ÿ])"
_INITIALS = r"[A-Z](?:-?[A-Z]){0,2}"
# "ZádoriZ, SzeleiJ, LacosteMC", "WuC-C", "MainousAG3rd"
_PLAIN = re.compile(rf"{_BEFORE}(?={_INITIALS}(?:3rd|2nd|Jr|Sr)?(?:\s?[,;]|\.?$|\s(?:and|et|&)\s?))")
_SUFFIXED = re.compile(r"(?<=[A-Z])(?=(?:3rd|2nd|Jr|Sr)(?:[,;]|$))")
_ALONE = re.compile(rf"[A-Z][a-zß-ÿ]{{1,20}}{_INITIALS}\.?(?=$|,?\set\sal)")
# "BehrooziP. S. WechslerR. H.", "ShenX.Y.PengS.L.", "Van WeesS.C.De SwartE.A."
_STOPPED = re.compile(
    r"(?P<family>(?:(?:[Vv]an|[Vv]on|[Dd]e[rnl]?|El|Al|Di|La|Le|[Dd]os|[Dd]a)\s){0,2}"
    r"[^\W\d_a-z][\w'’‐-]{0,30}[a-zß-öø-ÿ](?:\s[^\W\d_a-z][\w'’-]{1,20}[a-zß-öø-ÿ])?)"
    r"(?P<initials>(?:[^\W\d_a-z]\.[\s‐-]{0,2}){1,4})"
)


def with_blanks(printed: str) -> str:
    """A list of names with the blanks and commas that it has lost; any other list as it is.

    >>> with_blanks("ZádoriZ, SzeleiJ, LacosteMC")
    'Zádori Z, Szelei J, Lacoste MC'
    >>> with_blanks("Van WeesS.C.De SwartE.A.")
    'Van Wees S.C., De Swart E.A.'
    >>> with_blanks("McDonald AB, LeBlanc J"), with_blanks("J. LaRue, M. Li")
    ('McDonald AB, LeBlanc J', 'J. LaRue, M. Li')
    """
    if len(_PLAIN.findall(printed)) > 1 or _ALONE.match(printed):
        return _SUFFIXED.sub(" ", _PLAIN.sub(" ", printed))
    bare = printed.strip(" ,;")
    names = list(_STOPPED.finditer(bare))
    if names and all(a.end() == b.start() for a, b in pairwise(names)):
        missing_stop = bare if bare.endswith(".") else bare + "."
        names = list(_STOPPED.finditer(missing_stop))
        if names and names[0].start() == 0 and names[-1].end() == len(missing_stop):
            return ", ".join(f"{m['family']} {m['initials'].strip()}" for m in names)
    return printed
