"""Splitting a list: every kind of label, hard wraps, page furniture, unnumbered lists, works under one number."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refcheck.model import Manuscript, Span
from refcheck.parsing import read_text, split_entries

ENTRIES = [
    "Lee JH, Won YJ, Kim H. Adipose stem cell exosomes promote wound healing. Int J Mol Sci. 2023;24(13):10434.",
    "Wu P, Zhang B, Shi H, Xu W. A cell-free therapy for cutaneous regeneration. Cytotherapy. 2018;20(3):291-301.",
    "Hu P, Yang Q, Wang Q, Shi C. A promising cell-free tool for wounds. Burns Trauma. 2019 Dec 26;7:38.",
    "van den Berg A, de Vries B. Overcome the barriers of the skin. Biomater Res. 2021 Jul 3;25(1):22.",
    "World Health Organization. Global report on burns. Geneva: WHO; 2008. https://www.who.int/burns",
]
LABELS = [
    "{}. {}", "{}.{}", "[{}] {}", "[{}]{}", "({}) {}", "{}) {}", "{} {}", "- {}. {}", "* {}. {}", "• {}. {}",
    "{} | {}",
    "<sup>{}</sup> {}", "{}\\. {}", "\\[{}\\] {}", "［{}］{}", "{}．{}", "{}、{}", "（{}）{}", "【{}】{}", "{}.\t{}",
    "**{}.** {}", "{}.- {}",
    "    {}. {}", "{}.\n{}", "[{}]\n{}", "> {}. {}", "[{}]: {}",
]  # fmt: skip


def read(entries: list[str], between: str = "\n") -> Manuscript:
    m = read_text("Skin heals.\n\nReferences\n\n" + between.join(entries) + "\n")
    for r in m.references:
        assert m.text[slice(*r.span)] == r.raw
        assert r.raw.startswith(r.label)
        for field, span in r.spans.items():
            assert r.span.start <= span.start <= span.end <= r.span.end, field
    return m


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_every_kind_of_label(label: str, between: str) -> None:
    m = read([label.format(n, e) for n, e in enumerate(ENTRIES, 1)], between)
    assert [r.number for r in m.references] == [1, 2, 3, 4, 5]
    assert [r.raw.endswith(e) for r, e in zip(m.references, ENTRIES, strict=True)] == [True] * 5


def test_superscript_digits_are_labels() -> None:
    m = read([f"{'¹²³⁴⁵'[i]} {e}" for i, e in enumerate(ENTRIES)])
    assert [(r.number, r.label) for r in m.references] == [(1, "¹"), (2, "²"), (3, "³"), (4, "⁴"), (5, "⁵")]


def test_full_width_digits_are_numbers() -> None:
    m = read([f"{'１２３４５'[i]}．{e}" for i, e in enumerate(ENTRIES)])
    assert [r.number for r in m.references] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("label", ["{}. {}", "[{}] {}", "{} {}", "({}) {}"])
@pytest.mark.parametrize("width", [40, 72])
@pytest.mark.parametrize("indent", ["", "    "])
def test_hard_wrapped_lines(label: str, width: int, indent: str) -> None:
    wrapped = [textwrap.fill(label.format(n, e), width, subsequent_indent=indent) for n, e in enumerate(ENTRIES, 1)]
    assert [r.raw for r in read(wrapped).references] == wrapped


def test_all_in_one_paragraph() -> None:
    for label in ("{}. {}", "[{}] {}", "({}) {}"):
        entries = [label.format(n, e) for n, e in enumerate(ENTRIES, 1)]
        assert [r.raw for r in read(entries, " ").references] == entries


def test_an_entry_hyphenated_at_line_ends_keeps_its_text_and_is_read_joined() -> None:
    wrapped = ENTRIES[0].replace("exosomes", "exo-\nsomes")
    [first, *_] = read([f"{n}. {e}" for n, e in enumerate([wrapped, *ENTRIES[1:]], 1)]).references
    assert "exo-\nsomes" in first.raw
    assert "exosomes promote" in first.title


def test_page_numbers_running_heads_and_line_numbers_do_not_disturb() -> None:
    entries = [f"[{n}] {textwrap.fill(ENTRIES[n % 5], 80)}" for n in range(1, 41)]
    pages = ["\n".join(entries[i : i + 8]) for i in range(0, 40, 8)]
    text = "\n".join(f"{p}\n\n{n}\n\fSkin repair today, volume 12\n" for n, p in enumerate(pages, 1))
    assert [r.number for r in read([text]).references] == list(range(1, 41))


def test_line_numbers_in_the_margin_are_no_labels() -> None:
    lines = textwrap.fill("\n".join(ENTRIES), 60).split("\n")
    text = "\n".join(f"{401 + i} {line}" for i, line in enumerate(lines))
    assert not [r.number for r in read([text]).references if r.number and r.number > 400]


@pytest.mark.parametrize("printed", [[1, 2, 4, 5], [1, 2, 2, 3], [1, 2, 3, 1, 2], [2, 3, 4, 5], [1, 2, 3, 9]])
def test_numbers_are_kept_as_printed(printed: list[int]) -> None:
    m = read([f"{n}. {ENTRIES[i]}" for i, n in enumerate(printed)])
    assert [r.number for r in m.references] == printed


def test_an_unnumbered_list_is_split_by_blank_lines_lines_or_indent() -> None:
    ordered = sorted(ENTRIES, key=str.casefold)
    for entries, between in (
        (ordered, "\n\n"),
        (ordered, "\n"),
        ([textwrap.fill(e, 60) for e in ordered], "\n\n"),
        ([textwrap.fill(e, 60, subsequent_indent="    ") for e in ordered], "\n"),
    ):
        assert [r.raw for r in read(entries, between).references] == entries
        assert [r.label for r in read(entries, between).references] == [""] * 5


def test_wrapped_lines_without_any_mark_are_split_by_evidence() -> None:
    entries = [
        "Adams, B. C., & Dorn, E. (2011). The healing of wounds in adult human skin after burns. Burns, 4, 11–29.",
        "Baker, F. (2001). Scars and their treatment in the elderly: A review of trials. Skin Research, 12, 1–20.",
        "Cole, G. H. (1999). Hair. In I. Jones (Ed.), Handbook of the skin (pp. 1–30). New York: Skin Press.",
        "Davis, K., Evans, L., & Ford, M. (2015). Exosomes in the clinic, and what they cannot do. Derm, 7, 3.",
    ]
    wrapped = [textwrap.fill(e, 66) for e in entries]
    assert [r.raw for r in read(wrapped).references] == wrapped


def test_a_dash_stands_for_the_authors_before() -> None:
    m = read(
        [f"{n}. {e}" for n, e in enumerate([ENTRIES[0], "———. Skin and scars. Burns. 2020;1:2-3.", ENTRIES[2]], 1)]
    )
    assert m.references[1].authors == m.references[0].authors
    assert m.references[1].authors


def test_lettered_works_under_one_number_are_each_read() -> None:
    both = "(a) Collman JP, Hutchison JE. Acc Chem Res 1994;27:30-37; (b) Groves JT. J Chem Educ 1985;62:928-931."
    m = read([f"{n}. {e}" for n, e in enumerate([both, *ENTRIES[1:]], 1)])
    assert [p.year for p in m.references[0].parts] == ["1994", "1985"]
    assert [p.raw for p in m.references[0].parts] == [
        "Collman JP, Hutchison JE. Acc Chem Res 1994;27:30-37",
        "Groves JT. J Chem Educ 1985;62:928-931.",
    ]
    assert all(m.text[slice(*p.span)] == p.raw for p in m.references[0].parts)
    assert not m.references[1].parts


def test_markdown_and_entities_are_kept_in_the_text_and_read_through() -> None:
    entry = "Dal Prà I, Chiarini A. *Burns &amp; scars in adult skin*. Burns *Trauma*. 2019;7:38."
    m = read([f"{n}. {e}" for n, e in enumerate([entry, *ENTRIES[1:]], 1)])
    assert m.references[0].raw == "1. " + entry
    assert m.references[0].title == "Burns & scars in adult skin"


@given(st.lists(st.sampled_from(ENTRIES), min_size=2, max_size=30), st.sampled_from(["{}. {}", "[{}] {}", "{}) {}"]))
def test_any_consecutive_list_is_split_at_its_labels(entries: list[str], label: str) -> None:
    printed = [label.format(n, e) for n, e in enumerate(entries, 1)]
    text = "\n".join(printed)
    found = split_entries(text, Span(0, len(text)))
    assert [text[slice(*e.span)] for e in found] == printed


@given(st.text(alphabet="aB1. [](),;-–\n¹2020—References&<>/", max_size=300))
def test_any_text_gives_spans_in_order_that_do_not_overlap(text: str) -> None:
    found = split_entries(text, Span(0, len(text)))
    ends = 0
    for e in found:
        assert ends <= e.span.start <= e.body <= max(e.body, e.span.end) <= len(text)
        ends = e.span.end
