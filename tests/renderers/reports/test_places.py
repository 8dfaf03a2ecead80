"""Lines and columns of offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from refcheck.renderers.triage import place


@given(st.text(alphabet="ab\n\r\x0bé"), st.text(alphabet="ab\n"))
def test_a_place_is_where_counting_line_ends_leads(before: str, after: str) -> None:
    assert place(before + after, len(before)) == (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)


def test_the_places_of_a_long_text_are_found_one_by_one() -> None:
    text = "a callout [1] here\n" * 250_000
    assert [place(text, at)[0] for at in range(0, len(text), 19)] == list(range(1, 250_001))
