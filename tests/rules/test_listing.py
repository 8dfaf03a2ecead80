"""The list and callout rules on whole manuscripts: a seeded copy of the example; what makes rules milder or silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from refcheck.model import Callout, Candidate, Manuscript, Match, Reference, Region, Scheme, Span, Verdict, Work
from refcheck.parsing import read_text
from refcheck.readers import read
from refcheck.rules import RULES

SEED = (Path(__file__).parents[2] / "fixtures" / "manuscripts" / "exosome-therapy.md").read_text(encoding="utf-8")
EIGHTH = "\n- 8. Lee A, Kim B. *Skin and time.* Burns. 2020;46(2):12-19."


def said(manuscript: Manuscript, matches: Sequence[Match] = ()) -> list[tuple[str, str, int | None]]:
    return [
        (f.code, f.severity.value, f.number)
        for code in sorted(RULES)
        if code.startswith("REF1")
        for f in RULES[code].function(RULES[code], manuscript, matches)
    ]


INCOMPLETE = ("REF109", "note", 3)  # reference 3 of the example has neither page nor article number


@pytest.mark.parametrize(
    ("change", "findings"),
    [
        (lambda t: t, []),
        (lambda t: t + EIGHTH, [("REF102", "error", 8)]),
        (lambda t: t.replace("(3, 7)", "(3, 9)"), [("REF102", "error", 7), ("REF103", "error", 9)]),
        (lambda t: t.replace("outcomes (4)", "outcomes (8)"), [("REF103", "error", 8)]),
        (lambda t: t.replace("(5, 6)", "(6–5)"), [("REF107", "error", 6)]),
        (lambda t: t.replace("(1, 2)", "(2)"), [("REF104", "warning", 1)]),
        (
            lambda t: t.replace("- 5. ", "- 6. "),
            [("REF101", "error", 6), ("REF101", "error", 6), ("REF103", "error", 5)],
        ),
        (lambda t: t.replace("(5, 6)", "(6, 5)"), []),
    ],
)
def test_a_seeded_copy_of_the_example(
    change: Callable[[str], str], findings: list[tuple[str, str, int | None]]
) -> None:
    assert sorted(said(read_text(change(SEED)))) == sorted([*findings, INCOMPLETE])


def test_uncited_is_only_a_note_where_a_part_could_not_be_read() -> None:
    m = read_text(SEED + EIGHTH)
    hidden = replace(m, regions=(*m.regions, Region(kind="unreadable", span=Span(0, 1), reason="an image")))
    assert ("REF102", "note", 8) in said(hidden)


def test_uncited_is_one_note_where_superscripts_were_lost() -> None:
    text = SEED.replace(" (1, 2).", ".1,2").replace(" (3, 4).", ".3,4").replace(" (4).", ".4").replace(" (1).", ".1")
    text = text.replace(" (5, 6).", ".5").replace(" (3, 7).", ".3,7") + EIGHTH
    m = read_text(text)
    assert m.scheme is Scheme.SUPERSCRIPT
    assert [x for x in said(m) if x[0] == "REF102"] == [("REF102", "note", 6)]


@pytest.mark.parametrize("scheme", [Scheme.AUTHOR_YEAR, Scheme.UNCLEAR])
def test_nothing_is_said_of_callouts_where_the_scheme_is_not_numeric(scheme: Scheme) -> None:
    m = replace(read_text(SEED), scheme=scheme, callouts=())
    assert said(m) == [INCOMPLETE]


def test_more_than_half_uncited_is_one_note() -> None:
    m = read_text(SEED)
    assert [x for x in said(replace(m, callouts=m.callouts[:1])) if x[0] == "REF102"] == [("REF102", "note", None)]


def test_the_same_record_makes_a_duplicate_and_a_pair_of_pages_prevents_it() -> None:
    def match(reference: Reference) -> Match:
        found = Candidate(work=Work(doi="10.1000/182"), confidence=0.99)
        return Match(reference=reference, verdict=Verdict.MATCHED, candidates=(found,))

    one = Reference(number=1, raw="Lee. Skin.", span=Span(0, 10), title="Skin", confidence=0.9)
    two = Reference(number=2, raw="Lee A. Skin", span=Span(11, 22), title="The skin", confidence=0.9)
    m = Manuscript(name="m", text=" " * 30, references=(one, two))
    assert ("REF105", "warning", 2) in said(m, [match(one), match(two)])
    apart = (replace(one, pages="1-9"), replace(two, pages="11-19"))
    assert not [x for x in said(replace(m, references=apart), [match(r) for r in apart]) if x[0] == "REF105"]


def test_cited_keys_are_compared_with_listed_keys() -> None:
    m = Manuscript(
        name="m.tex",
        text="x" * 40,
        references=(
            Reference(key="lee", title="Skin", confidence=0.9),
            Reference(key="wu", title="Hair", confidence=0.9),
        ),
        callouts=(Callout(span=Span(0, 5), numbers=(), keys=("lee", "kim")),),
        scheme=Scheme.KEY,
    )
    assert said(m) == [("REF102", "error", None), ("REF103", "error", None)]


def tagged(*printed: str) -> Manuscript:
    """A JATS article that prints a tagged callout a sentence; the bracket stands outside the tag."""
    said_in = "".join(
        "<p>Skin " + form.replace("#", f"<xref ref-type='bibr' rid='B{n}'>{n}</xref>") + ".</p>"
        for n, form in enumerate(printed, 1)
    )
    listed = "".join(
        f'<ref id="B{n}"><label>{n}</label><mixed-citation>Lee A. Skin {n}. Burns. 2020;{n}:1-9.</mixed-citation></ref>'
        for n in range(1, len(printed) + 1)
    )
    return read(
        f"<article><body>{said_in}</body><back><ref-list>{listed}</ref-list></back></article>".encode(), "m.xml"
    )


def test_a_bracket_outside_the_tag_is_the_callouts_form() -> None:
    assert said(tagged("[#]", "[see ref. #]", "[#, a review]", "[#]")) == []
    assert said(tagged("[#]", "[#]", "(see #)", "[#]", "<sup>#</sup>", "[#]")) == [
        ("REF110", "note", 3), ("REF110", "note", 5)
    ]  # fmt: skip
