"""Names as catalogues display them, "Ada B. Nordahl", as names in parts."""

from __future__ import annotations

import re

from refcheck.model import Name
from refcheck.text import squeeze

#: Words that open a surname of several (the commonest of Dutch, German, Romance and Arabic names).
_PARTICLES = frozenset(
    "al bin da dal de del della den der di do dos du el la le lo st ten ter van von zu zum zur".split()
)
_SUFFIX = re.compile(r",?\s(Jr|Sr|II|III|IV)\.?$")


def displayed_name(text: str) -> Name:
    """The parts of a name as it is displayed, or of one that begins with the surname and a comma.

    >>> displayed_name("Ludwig van der Berg Jr.")
    Name(family='van der Berg', given='Ludwig', suffix='Jr')
    >>> displayed_name("Nordahl, Ada"), displayed_name("Plato").family
    (Name(family='Nordahl', given='Ada', suffix=''), 'Plato')
    """
    text = squeeze(text).strip()
    suffix = ""
    if m := _SUFFIX.search(text):
        text, suffix = text[: m.start()], m[1]
    if "," in text:
        family, _, given = (part.strip() for part in text.partition(","))
        return Name(family=family, given=given, suffix=suffix)
    parts = text.split()
    cut = max(len(parts) - 1, 0)
    while cut > 1 and parts[cut - 1].lower().rstrip(".") in _PARTICLES:
        cut -= 1
    return Name(family=" ".join(parts[cut:]), given=" ".join(parts[:cut]), suffix=suffix)
