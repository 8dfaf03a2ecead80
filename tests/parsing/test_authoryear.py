"""Citations by author and year, matched to the list only where that is certain."""

from __future__ import annotations

import pytest

from refcheck.model import Scheme
from refcheck.parsing import read_text

LIST = """
Dal Prà, I. (2019). Burns and scars in adult human skin. Burns, 7, 38.

Lee, J., & Kim, H. (2020a). Exosomes and the healing of wounds. Lancet, 5, 11–19.

Lee, J., & Kim, H. (2020b). Exosomes and the growth of hair. Lancet, 6, 20–29.

Lee, J., Wu, P., & Shi, C. (2021). Skin in the elderly. Derm, 8, 1–9.

Müller, A. (2018). The colour of scars. Skin, 3, 3–9.

van den Berg, A., & Wu, P. (2017). Barriers of the skin. Biomater, 25, 22.
"""


@pytest.mark.parametrize(
    ("citation", "numbers"),
    [
        ("Müller (2018)", [(5,)]),
        ("(Müller, 2018)", [(5,)]),
        ("Muller 2018", [(5,)]),
        ("(Lee et al., 2021; Müller 2018)", [(4,), (5,)]),
        ("Lee and Kim (2020a, b)", [(2, 3)]),
        ("(Lee & Kim, 2020b)", [(3,)]),
        ("Dal Prà (2019)", [(1,)]),
        ("van den Berg and Wu (2017)", [(6,)]),
        ("Lee and Kim (2020)", []),  # which of the two?
        ("Smith (2018)", []),
        ("(Müller, 2016)", []),
    ],
)
def test_citations(citation: str, numbers: list[tuple[int, ...]]) -> None:
    frame = "Skin heals (Adams, 1999; Baker, 1998; Cole, 1997; Davis, 1996), as {} say. It does.\n\nReferences\n{}"
    m = read_text(frame.format(citation, LIST))
    assert m.scheme is Scheme.AUTHOR_YEAR
    assert [c.numbers for c in m.callouts] == numbers
    assert all(m.text[slice(*c.span)] == c.text for c in m.callouts)
