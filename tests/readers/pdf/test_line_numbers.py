"""Review copies: wherever their line numbers stand, the text is read as if there were none."""

import pytest
from tests.readers.building import ENTRIES, pdf

from refcheck.readers.pdf.document import read_pdf_here

Piece = tuple[float, float, float, str]
WORDS = "the healing of skin depends on cells that are told by small vesicles what to do in each phase of it".split()
WIDTH = 60  # characters of a line
TOP = 770.0


def text_lines() -> list[str]:
    """Prose of some pages, then a list whose entries go over several lines."""
    out, line = [], ""
    for at in range(900):
        word = WORDS[(at * 7) % len(WORDS)] + (f" [{at // 50 + 1}]" if at % 50 == 20 else "")
        if len(line) + len(word) >= WIDTH:
            out.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    out += [line + ".", "References"]
    for number, entry in enumerate(ENTRIES * 6, 1):
        words = f"{number}. {entry}".split()
        half = len(words) // 2
        out += [" ".join(words[:half]), " ".join(words[half:])]
    return out


def number(place: str, count: int, y: float) -> list[Piece]:
    """The line number of a line, as the programs that make review copies set it."""
    text = str(count)
    small, right = 6.0 if "small" in place else 11.0, 3.4 if "small" in place else 5.5
    if "fifth" in place and count % 5:
        return []
    if "both" in place:
        return [(40, y, 8, text), (520, y, 8, text)]
    if "right" in place:
        return [(520, y, small, text)]
    if "far" in place:
        return [(20, y, small, text)]
    return [(72 - (10 if "small" in place else 7) - right * len(text), y, small, text)]


def pages(place: str, leading: float) -> list[list[Piece]]:
    lines = text_lines()
    a_page = int(700 / leading)
    out: list[list[Piece]] = []
    for start in range(0, len(lines), a_page):
        page: list[Piece] = []
        for i, line in enumerate(lines[start : start + a_page]):
            y = TOP - i * leading
            count = i + 1 if "anew" in place else start + i + 1
            page += [*(number(place, count, y) if place else []), (72, y, 11, line)]
        out.append(page)
    return out


PLACES = [
    "close", "close, small", "far", "far, small", "right", "right, small", "both margins", "close, each fifth",
    "close, small, each fifth", "close, anew on each page", "close, small, anew on each page",
]  # fmt: skip


@pytest.mark.parametrize("leading", [13.0, 24.0])
@pytest.mark.parametrize("place", PLACES)
def test_the_text_is_that_without_line_numbers(place: str, leading: float) -> None:
    plain = read_pdf_here(pdf(pages("", leading)), "m.pdf")
    manuscript = read_pdf_here(pdf(pages(place, leading)), "m.pdf")
    assert manuscript.text == plain.text
    assert [r.number for r in manuscript.references] == list(range(1, 19))
    assert [c.numbers for c in manuscript.callouts] == [(n,) for n in range(1, 19)]


def test_line_numbers_between_two_columns() -> None:
    lines = [line[:40] for line in text_lines()]

    def page(at: int, numbered: bool) -> list[Piece]:
        out: list[Piece] = []
        for column, x in ((0, 60.0), (1, 320.0)):
            for i, line in enumerate(lines[at + 40 * column : at + 40 * column + 40]):
                y, count = TOP - 13 * i, at + 40 * column + i + 1
                out += [(x - 16, y, 5, f"{count:03d}")] if numbered else []
                out.append((x, y, 9, line))
        return out

    with_numbers, without = ([page(at, on) for at in range(0, len(lines), 80)] for on in (True, False))
    assert read_pdf_here(pdf(with_numbers), "m.pdf").text == read_pdf_here(pdf(without), "m.pdf").text


@pytest.mark.parametrize(("step", "modulus"), [(3, 17), (7, 3000)])
def test_a_column_of_a_table_is_kept(step: int, modulus: int) -> None:
    def named(row: int) -> str:
        return f"{WORDS[row % 20]} {WORDS[row // 20]} and {WORDS[row % 7]} as the treatment of this row"

    def table(page: int) -> list[Piece]:
        rows = [(72.0, TOP - 14 * i, 11.0, named(30 * page + i)) for i in range(30)]
        return rows + [(40.0, TOP - 14 * i, 11.0, str((30 * page + i) * step % modulus)) for i in range(30)]

    listed = [(72.0, 300.0 - 14 * i, 11.0, line) for i, line in enumerate(["References", *ENTRIES])]
    text = read_pdf_here(pdf([table(0), table(1) + listed]), "m.pdf").text
    for row in (*range(6, 24), *range(36, 54)):  # a number in the head of a page may be that of the page
        assert f"{row * step % modulus} {named(row)}" in text
