"""Callouts: fixtures/callouts/cases.json, the vote for one scheme, regions, and what is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refcheck.model import Region, Scheme, Span
from refcheck.parsing import callouts_in, find_callouts, read_text

CASES = json.loads((Path(__file__).parents[3] / "fixtures" / "callouts" / "cases.json").read_text(encoding="utf-8"))
SCHEMES = {"bracket": Scheme.BRACKET, "paren": Scheme.PAREN, "sup": Scheme.SUPERSCRIPT}


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda c: c["id"])
def test_the_grammar(case: dict[str, Any]) -> None:
    known = range(1, case["n_refs"] + 1)
    found = callouts_in(case["text"], SCHEMES[case["scheme"]], known)
    assert [list(c.numbers) for c in found] == case["callouts"]
    assert all(case["text"][slice(*c.span)] == c.text for c in found)


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda c: c["id"])
def test_the_vote_finds_the_scheme(case: dict[str, Any]) -> None:
    scheme, reason, found = find_callouts(case["text"], case["n_refs"])
    assert scheme is SCHEMES[case["scheme"]], reason
    assert [list(c.numbers) for c in found] == case["callouts"]


@pytest.mark.parametrize("case", CASES["negative"], ids=lambda c: c["id"])
def test_what_is_no_callout(case: dict[str, Any]) -> None:
    assert callouts_in(case["text"], SCHEMES[case["scheme"]], range(1, case["n_refs"] + 1)) == ()


def numbers(text: str, count: int, **options: Any) -> tuple[Scheme, list[tuple[int, ...]]]:
    scheme, _, found = find_callouts(text, count, **options)
    return scheme, [c.numbers for c in found]


def test_true_superscripts_have_their_own_spans() -> None:
    text = "Skin heals.1,2 At 106 cells and 5 cm2, scars3–5 fade."
    raised = [Span(11, 12), Span(12, 14), Span(20, 21), Span(36, 37), Span(44, 45), Span(45, 47)]
    assert [text[slice(*s)] for s in raised] == ["1", ",2", "6", "2", "3", "–5"]
    scheme, _, found = find_callouts(text, 5, superscripts=raised)
    assert scheme is Scheme.SUPERSCRIPT
    assert [(c.text, c.numbers) for c in found] == [("1,2", (1, 2)), ("3–5", (3, 4, 5))]


def test_superscripts_that_extraction_left_glued_or_apart() -> None:
    assert numbers("healing1,2 of scars.3–5 In mice IL-6 and CD4 rose6.", 6) == (
        Scheme.SUPERSCRIPT,
        [(1, 2), (3, 4, 5), (6,)],
    )
    text = "They bind odorants 1, 2 , repellents 3 and salts 4 . At pH 7, in 5 of 6 tests they bind acids 5, 6 ."
    assert numbers(text, 6) == (Scheme.SUPERSCRIPT, [(1, 2), (3,), (4,), (5, 6)])


def test_brackets_side_by_side_are_one_group_after_a_noun_and_apart_after_a_preposition() -> None:
    assert numbers("humans [1], [2] and sheep [3]; as in [1], [2].", 3)[1] == [(1, 2), (3,), (1,), (2,)]


def test_a_reversed_or_too_wide_range_says_so() -> None:
    _, _, found = find_callouts("Skin [1,2], scars [4–3], hair [5].", 5)
    assert [c.problem for c in found] == ["", "reversed range", ""]
    _, _, found = find_callouts("Skin [1–45], scars [46–88], hair [3-90].", 90)
    assert [c.problem for c in found] == ["", "", "range too wide"]


def test_a_number_beyond_the_list_is_a_callout_where_the_form_is_plain() -> None:
    assert numbers("Skin [1,2], scars [3] and hair [9].", 3)[1] == [(1, 2), (3,), (9,)]
    assert numbers("Skin (1, 2), scars (3) and mice (29).", 3)[1] == [(1, 2), (3,)]


def test_a_doubtful_number_is_taken_where_it_fills_a_gap() -> None:
    text = "Skin (1). It was built with version 3.6.2 (2). Scars (3). The mean was 5 (1)."
    assert numbers(text, 3)[1] == [(1,), (2,), (3,)]


def test_exponents_are_told_from_callouts() -> None:
    text = (
        "Skin<sup>1</sup>, 10<sup>6</sup> cells per cm<sup>2</sup> (R<sup>2</sup> = 1), in 2019<sup>2</sup> and "
        "COVID-19<sup>3</sup>."
    )
    assert numbers(text, 6)[1] == [(1,), (2,), (3,)]


def test_equation_numbers_are_no_callouts() -> None:
    text = "Skin (1, 2).\n\nx = y + z    (1)\n\nIn (1) the sum grows (3). Scars (4) fade.\n"
    assert numbers(text, 4)[1] == [(1, 2), (3,), (4,)]


def test_author_year_manuscripts_are_recognised() -> None:
    text = "Skin heals (Hu et al., 2019). Lee et al. (2023) and Wu and Shi (2018) say why (Sun 2024; Yang, 2021)."
    assert numbers(text, 5)[0] is Scheme.AUTHOR_YEAR


def test_the_vote_abstains_with_a_reason() -> None:
    scheme, reason, found = find_callouts("Skin heals. Scars fade.", 12)
    assert (scheme, found) == (Scheme.UNCLEAR, ())
    assert "0 of 12" in reason


def test_affiliations_and_the_list_are_not_read_but_tables_legends_and_footnotes_are() -> None:
    text = "A. Lee [1], B. Wu [2]. Body [1]. Table [2]. Footnote [3]. List [3]."
    kinds = ["affiliations", "body", "table", "footnotes", "references"]
    cuts = [0, text.index("Body"), text.index("Table"), text.index("Foot"), text.index("List"), len(text)]
    regions = [Region(kind=k, span=Span(a, b)) for k, a, b in zip(kinds, cuts, cuts[1:], strict=False)]
    _, _, found = find_callouts(text, 3, regions=regions)
    assert [(c.numbers, c.region) for c in found] == [((1,), "body"), ((2,), "table"), ((3,), "footnotes")]


def test_a_letter_that_ends_with_a_summary_has_no_title_page() -> None:
    paragraph = (
        "Skin heals in the course of a few weeks, and scars fade with the years that follow, as {} have shown in {}."
    )
    body = "\n\n".join(
        paragraph.format(f"several authors ({n})", "many adult patients with burns") for n in range(1, 5)
    )
    listed = "\n".join(f"{n}. Lee A. Skin. Burns. 2020;{n}:1-9." for n in range(1, 5))
    m = read_text(f"To the Editor\n\n{body}\n\nSummary\n\nIt heals.\n\nReferences\n\n{listed}\n")
    assert [c.numbers for c in m.callouts] == [(1,), (2,), (3,), (4,)]


def test_the_seed() -> None:
    path = Path(__file__).parents[3] / "fixtures" / "manuscripts" / "exosome-therapy.md"
    m = read_text(path.read_text(encoding="utf-8"), name=path.name, format="markdown")
    assert [r.number for r in m.references] == [1, 2, 3, 4, 5, 6, 7]
    assert m.scheme is Scheme.PAREN
    assert m.order == "citation"
    assert [c.numbers for c in m.callouts] == [(1, 2), (3, 4), (4,), (5, 6), (3, 7), (1,)]


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=8, unique=True),
    st.sampled_from(["[{}]", "({})", "<sup>{}</sup>"]),
)
def test_any_group_is_read_as_printed(group: list[int], form: str) -> None:
    everything = " ".join(f"word{form.format(n)}, more." for n in range(1, 61))
    text = f"{everything} At last words{form.format(','.join(map(str, group)))} end."
    _, _, found = find_callouts(text, 60)
    assert found[-1].numbers == tuple(group)


@given(st.text(alphabet="a 1[](),;-–¹²<sup>/refsee.\n=", max_size=200), st.integers(0, 30))
def test_no_text_raises_and_spans_do_not_overlap(text: str, count: int) -> None:
    _, _, found = find_callouts(text, count)
    end = 0
    for c in found:
        assert end <= c.span.start < c.span.end <= len(text)
        assert c.numbers
        end = c.span.end
