"""Author lists in every order, script and state of repair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.work import grows_linearly, no_hang

from refcheck.parsing.fields.entry import LONGEST
from refcheck.parsing.fields.names import split_names

from ..tables import rows

CASES = rows("names.tsv")


@pytest.mark.parametrize(("printed", "expected", "cut"), CASES, ids=[c[0] for c in CASES])
def test_names_are_split(printed: str, expected: str, cut: str) -> None:
    found = split_names(printed)
    assert [f"{n.family}|{n.given}|{n.suffix}" for n in found.names] == expected.split(";;")
    assert found.et_al == (cut == "yes")


@given(st.text(max_size=200))
def test_any_text_is_split_without_an_exception(printed: str) -> None:
    for name in split_names(printed).names:
        assert name.family or name.given


@given(
    st.lists(st.sampled_from(["Smith", "Lee", "García", "Novák", "O'Neill", "Ivanova"]), min_size=2, max_size=12),
    st.sampled_from(["{f} {i}", "{f}, {i}.", "{i}. {f}"]),
)
def test_no_author_is_lost_in_a_regular_list(families: list[str], form: str) -> None:
    printed = ", ".join(form.format(f=f, i="ABCDEFGHIKLM"[k]) for k, f in enumerate(families))
    assert [n.family for n in split_names(printed).names] == families


@pytest.mark.parametrize(
    "unit", [" ", ",", "(", "A", "A.", "-", "'", "Smith ", "Smith J, ", "& ", "; ", "1,", "[", "et "]
)
def test_work_grows_no_faster_than_the_list(unit: str) -> None:
    with no_hang():
        split_names(unit * (LONGEST // len(unit)))
    grows_linearly(lambda n: split_names(unit * (n // len(unit))), 2_000)
