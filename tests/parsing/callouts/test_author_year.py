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


def test_keys_as_mathematicians_print_them() -> None:
    text = (
        "Sheaves are known [AH, Theorem 3], and so are stacks [B, Lee20]; see [Wu] in [0, 1].\n\nReferences\n\n"
        "[AH] M. Atiyah, N. Hitchin, The geometry of monopoles, Princeton Univ.\nPress (1988).\n"
        "[B] A. Beilinson, Coherent sheaves on the plane, Funct. Anal. 12 (1978), 68-69.\n"
        "[Lee20] J. Lee, Stacks and their covers, Invent. Math. 3 (2020), 1-30.\n"
        "[Wu] P. Wu, Sheaves again, Ann. Math. 7 (2018), 5-9.\n"
    )
    m = read_text(text)
    assert [(r.number, r.key, r.label) for r in m.references] == [
        (1, "AH", "[AH]"),
        (2, "B", "[B]"),
        (3, "Lee20", "[Lee20]"),
        (4, "Wu", "[Wu]"),
    ]
    assert m.scheme is Scheme.KEY
    assert [c.keys for c in m.callouts] == [("AH",), ("B", "Lee20"), ("Wu",)]
    assert [c.numbers for c in m.callouts] == [(1,), (2, 3), (4,)]
