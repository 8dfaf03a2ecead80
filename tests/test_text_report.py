"""The report for a person: order, place, both values, one line for what is fine, and nothing that harms a terminal."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refcheck.model import (
    Agreement,
    Candidate,
    Enquiry,
    Finding,
    Level,
    Manuscript,
    Match,
    Name,
    Reference,
    Report,
    Scheme,
    Severity,
    Span,
    Verdict,
    Work,
)
from refcheck.renderers.reports.readings import render_match, render_reading
from refcheck.renderers.reports.terminal import render_text

TEXT = """\
Wounds heal (1), slowly (2-4) or never (9).

References
1. Lee A. Exosomes and wounds. J Skin. 2023;24(13):10434.
2. Wu P. Cell-free therapy. Cytotherapy. 2018;20(3):291-301.
3. Sun T. Invented work. J Nothing. 2020;1:1.
4. Hu P. Withdrawn findings. Burns. 2019;7:38.
"""
LINES = TEXT.splitlines()


def reference(number: int) -> Reference:
    raw = next(line for line in LINES if line.startswith(f"{number}. "))
    start = TEXT.index(raw)
    return Reference(number=number, label=f"{number}.", raw=raw, span=Span(start, start + len(raw)))


REFERENCES = tuple(reference(n) for n in (1, 2, 3, 4))
MANUSCRIPT = Manuscript(name="m.md", text=TEXT, references=REFERENCES, scheme=Scheme.PAREN, format="markdown")


def finding(code: str, name: str, severity: Severity, printed: str = "", recorded: str = "", at: str = "") -> Finding:
    start = TEXT.index(at)
    return Finding(
        code=code,
        name=name,
        severity=severity,
        message=f"About {at}.",
        printed=printed,
        recorded=recorded,
        span=Span(start, start + len(at)),
        evidence="https://doi.org/10.1/x",
    )


def match(number: int, verdict: Verdict = Verdict.MATCHED, **values: object) -> Match:
    work = Work(title="A work", authors=(Name(family="Lee"),), year="2022", doi="10.1/x", source="crossref")
    candidates = (Candidate(work=work, confidence=0.99),) if verdict is Verdict.MATCHED else ()
    return Match(reference=REFERENCES[number - 1], verdict=verdict, candidates=candidates, **values)  # type: ignore[arg-type]


YEAR = finding("REF303", "year-mismatch", Severity.ERROR, "2023", "2022", at="2023")
ABSENT = finding("REF201", "no-record", Severity.WARNING, at=REFERENCES[2].raw)
RETRACTED = finding("REF401", "retracted", Severity.ERROR, at=REFERENCES[3].raw)
MISSING = finding("REF103", "missing-reference", Severity.ERROR, at="(9)")
FULL = Report(
    manuscript=MANUSCRIPT,
    matches=(match(1), match(2), match(3, Verdict.ABSENT), match(4)),
    findings=(MISSING, YEAR, ABSENT, RETRACTED),
    enquiries=(Enquiry(source="crossref", requests=4, cached=2, failed=1), Enquiry(source="records")),
)


def test_what_needs_action_comes_first() -> None:
    written = render_text(FULL)
    places = [written.index(word) for word in ("REF401", "REF303", "REF201", "REF103", "Nothing to report on")]
    assert places == sorted(places)
    assert written.splitlines()[0] == (
        "m.md (markdown): 4 references and no callouts were read, numbers in parentheses (1)."
    )
    assert written.splitlines()[1] == (
        "All 4 references were looked up; 1 has no record to compare with. 3 errors, 1 warning, 0 notes."
    )


def test_a_difference_shows_both_values_and_its_line() -> None:
    written = render_text(FULL)
    assert re.search(
        r"error REF303 year-mismatch  line 4\n +About 2023\.\n +printed +2023\n +recorded +2022\n", written
    )


def test_a_callout_is_shown_in_its_sentence() -> None:
    assert "…Wounds heal (1), slowly (2-4) or never (9). References 1. Lee A. Exosom…" in render_text(FULL)


def test_missing_dois_stand_in_one_list() -> None:
    lacking = [finding("REF204", "missing-doi", Severity.NOTE, at=r.raw) for r in REFERENCES[:2]]
    report = Report(manuscript=MANUSCRIPT, matches=FULL.matches, findings=(YEAR, *lacking))
    written = render_text(report)
    assert written.count("REF204") == 1
    assert "DOIs that could be printed (2)\n" in written
    assert "\n   1 https://doi.org/10.1/x\n   2 https://doi.org/10.1/x\n" in written


def test_a_comparison_is_told_by_its_values_and_not_again_in_words() -> None:
    compared = Agreement(
        field="pages", level=Level.DIFFERS, printed="2023", recorded="2022", part="first page", reason="neighbours"
    )
    candidate = Candidate(work=Work(source="crossref"), confidence=0.99, agreements=(compared,))
    one = Match(reference=REFERENCES[0], verdict=Verdict.MATCHED, candidates=(candidate,))
    found = replace(YEAR, field="pages", message="Repeats all of it.")
    written = render_text(Report(manuscript=MANUSCRIPT, matches=(one,), findings=(found,)))
    assert "REF303 year-mismatch (first page)  line 4\n       neighbours\n       printed" in written
    assert "Repeats" not in written


def test_the_end_says_who_was_asked() -> None:
    written = render_text(FULL)
    assert "Asked Crossref: 4 requests, 2 answered from the cache, 1 failed." in written
    assert "Looked up in the record file, without any request." in written


def test_an_outage_is_told_and_is_not_called_fine() -> None:
    report = Report(
        manuscript=MANUSCRIPT,
        matches=(*(match(n) for n in (1, 2, 3)), match(4, Verdict.UNCHECKED, unavailable=("crossref: HTTP 503",))),
    )
    written = render_text(report)
    assert written.startswith("3 of 4 references could be checked: Crossref could not be asked (HTTP 503).\n")
    assert "Nothing to report on 3 references, which agree with their records: 1–3." in written
    assert "each of" not in written


def test_nothing_to_report_is_one_line() -> None:
    report = Report(manuscript=MANUSCRIPT, matches=tuple(match(n) for n in (1, 2, 3, 4)))
    assert render_text(report).splitlines()[1:] == [
        "",
        "Nothing to report: each of 4 references agrees with its record.",
    ]


def test_color_marks_the_printed_value_and_is_off_by_default() -> None:
    assert "\x1b" not in render_text(FULL)
    assert re.search(r"J Skin\. \x1b\[[\d;]+m2023\x1b\[0m;24", render_text(FULL, color=True))


@pytest.mark.parametrize("width", [1, 30, 47, 80, 200])
def test_lines_keep_to_the_width(width: int) -> None:
    for line in render_text(FULL, width=width).splitlines():
        assert len(line) <= max(width, 30)


def test_words_stay_neutral() -> None:
    assert not re.search(r"(?i)\b(wrong|fake|fabricated|incorrect|mistake)", render_text(FULL))


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), st.integers(20, 90))
def test_foreign_text_cannot_steer_a_terminal(text: str, width: int) -> None:
    hostile = Reference(number=1, raw=text, span=Span(0, len(text)), title=text)
    work = Work(title=text, container=text, source=text)
    found = Finding(
        code="REF301", name="title-mismatch", severity=Severity.ERROR, message=text, printed=text, recorded=text + "x",
        span=Span(0, len(text)), evidence=text,
    )  # fmt: skip
    manuscript = Manuscript(name=text, text=text, references=(hostile,))
    one = Match(reference=hostile, verdict=Verdict.MATCHED, candidates=(Candidate(work=work, confidence=1.0),))
    written = render_text(Report(manuscript=manuscript, matches=(one,), findings=(found,)), width=width)
    written += render_reading(manuscript, width=width) + render_match(one, width=width)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written)


def test_square_brackets_are_no_markup() -> None:
    raw = "[bold]Lee[/bold] [1] :smile:"
    manuscript = Manuscript(name="m", text=raw, references=(Reference(raw=raw, span=Span(0, len(raw))),))
    assert raw in render_text(Report(manuscript=manuscript))
