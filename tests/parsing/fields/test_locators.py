"""Volume, issue and page statements as journals print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refcheck.parsing.fields.locators import last_page, split_issue, split_pages, split_volume

from ..tables import rows

CASES = rows("locators.tsv")


@pytest.mark.parametrize(("statement", "printed", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_a_statement_is_taken_apart(statement: str, printed: str, expected: str) -> None:
    if statement == "volume":
        assert "|".join(split_volume(printed)) == expected
    elif statement == "issue":
        assert split_issue(printed) == expected
    else:
        pages = split_pages(printed)
        assert ("none" if pages is None else "|".join(pages)) == expected


@pytest.mark.parametrize(
    ("first", "last", "full"),
    [("258", "84", "284"), ("1697", "701", "1701"), ("S100", "7", "S107"), ("S100", "S107", "S107"), ("9", "12", "12"),
     ("e10", "", ""), ("ix", "xii", "xii"), ("100", "5", "105")],
)  # fmt: skip
def test_an_elided_last_page_is_filled_in(first: str, last: str, full: str) -> None:
    assert last_page(first, last) == full


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_exception(printed: str) -> None:
    assert len(split_volume(printed)) == 2
    assert isinstance(split_issue(printed), str)
    pages = split_pages(printed)
    assert pages is None or pages.first
    assert isinstance(last_page(printed, printed), str)
