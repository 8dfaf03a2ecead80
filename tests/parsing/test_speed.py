"""No input takes more than linear time: hostile strings, alone, in the text and in the list."""

from __future__ import annotations

from contextlib import suppress

import pytest
from tests.work import grows_linearly, no_hang

from refcheck.errors import NoReferences
from refcheck.model import Span
from refcheck.parsing import find_callouts, read_text, split_entries
from refcheck.parsing.reflist.joined_works import split_parts

LENGTH = 100_000
UNITS = [
    " ",
    "\n",
    "[",
    "(",
    "]",
    ")",
    ",",
    "1",
    "12 ",
    "-",
    "–",
    "a",
    "A",
    "[1",
    "(1, ",
    "1-",
    "1\n",
    "¹",
    "; ",
    "(a) ",
    "*",
    "<",
]
COUNTED = 5_000  # length at which calls are counted
LIST = "\n\nReferences\n\n" + "\n".join(f"{n}. Lee A. Skin. Burns. 2020;{n}:1-{n}." for n in range(1, 31))


def read(text: str) -> None:
    with suppress(NoReferences):
        read_text(text)


def of(unit: str, length: int) -> str:
    return unit * (length // len(unit))


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_strings_come_to_an_end(unit: str) -> None:
    text = of(unit, LENGTH)
    with no_hang():
        read(text)
        read(f"Skin (1). {text}{LIST}")
        split_entries(text, Span(0, len(text)))
        split_parts(text)
        find_callouts(text, 50)


@pytest.mark.parametrize("unit", UNITS)
def test_work_grows_no_faster_than_hostile_strings(unit: str) -> None:
    grows_linearly(lambda n: read(of(unit, n)), COUNTED)
    grows_linearly(lambda n: read(f"Skin (1). {of(unit, n)}{LIST}"), COUNTED)
    grows_linearly(lambda n: split_entries(of(unit, n), Span(0, len(of(unit, n)))), COUNTED)
    grows_linearly(lambda n: split_parts(of(unit, n)), COUNTED)
    grows_linearly(lambda n: find_callouts(of(unit, n), 50), COUNTED)


def with_entry(unit: str, length: int) -> str:
    return f"Skin (1).\n\nReferences\n\n1. {of(unit, length)}\n2. Lee A. Skin. Burns. 2020;1:2.\n"


@pytest.mark.parametrize("unit", [" ", "[", ",", "1", "-", "a, ", "1.\n"])
def test_hostile_entries(unit: str) -> None:
    with no_hang():
        read(with_entry(unit, LENGTH))
    grows_linearly(lambda n: read(with_entry(unit, n)), COUNTED)


def manuscript(length: int) -> str:
    paragraph = (
        "Wounds heal (1, 2) in 2019, as Lee et al. (3) saw in 24 mice (n = 12; 95% CI 2-5) with CD4 and IL-6.4,5 "
    )
    return "Skin\n\n" + "\n\n".join([paragraph * 8] * (length // (8 * len(paragraph)))) + LIST


def test_a_text_of_five_megabytes() -> None:
    text = manuscript(5_000_000)
    assert len(text) > 4_900_000
    with no_hang():
        read(text)
    grows_linearly(lambda n: read(manuscript(n)), 100_000)
