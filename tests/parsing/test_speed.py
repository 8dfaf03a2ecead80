"""No input takes more than linear time: hostile strings, alone, in the text and in the list."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from refcheck.errors import NoReferences
from refcheck.model import Span
from refcheck.parsing import find_callouts, read_text, split_entries
from refcheck.parsing.parts import split_parts

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
MOST = 10.0  # seconds of processor time: a linear reading takes one, a quadratic one minutes, on any machine
LIST = "\n\nReferences\n\n" + "\n".join(f"{n}. Lee A. Skin. Burns. 2020;{n}:1-{n}." for n in range(1, 31))


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    with suppress(NoReferences):
        work()
    return time.process_time() - start


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_strings(unit: str) -> None:
    text = unit * (LENGTH // len(unit))
    assert seconds(lambda: read_text(text)) < MOST
    assert seconds(lambda: read_text(f"Skin (1). {text}{LIST}")) < MOST
    assert seconds(lambda: split_entries(text, Span(0, len(text)))) < MOST
    assert seconds(lambda: split_parts(text)) < MOST
    assert seconds(lambda: find_callouts(text, 50)) < MOST


@pytest.mark.parametrize("unit", [" ", "[", ",", "1", "-", "a, ", "1.\n"])
def test_hostile_entries(unit: str) -> None:
    text = f"Skin (1).\n\nReferences\n\n1. {unit * (LENGTH // len(unit))}\n2. Lee A. Skin. Burns. 2020;1:2.\n"
    assert seconds(lambda: read_text(text)) < MOST


def test_a_text_of_five_megabytes() -> None:
    paragraph = (
        "Wounds heal (1, 2) in 2019, as Lee et al. (3) saw in 24 mice (n = 12; 95% CI 2-5) with CD4 and IL-6.4,5 "
    )
    text = "Skin\n\n" + "\n\n".join([paragraph * 8] * (5_000_000 // (8 * len(paragraph)))) + LIST
    assert len(text) > 4_900_000
    assert seconds(lambda: read_text(text)) < 6 * MOST
