"""The corrected list: only the words that differ, only where the record is certain."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refcheck.errors import UsageError
from refcheck.model import (
    Agreement,
    Candidate,
    Finding,
    Level,
    Manuscript,
    Match,
    Name,
    Reference,
    Report,
    Severity,
    Span,
    Verdict,
    Work,
)
from refcheck.renderers.editing.corrected_list import patch_file, patched, render_corrected, render_diff
from refcheck.renderers.editing.corrections import corrections
from refcheck.renderers.word_changes import changes
from refcheck.text import words

CODES = {"title": "REF301", "authors": "REF302", "year": "REF303", "container": "REF304", "volume": "REF305",
         "issue": "REF306", "pages": "REF307"}  # fmt: skip


def report_on(
    text: str,
    *differences: tuple[str, str, str],
    format: str = "markdown",
    confidence: float = 0.999,
    work: Work | None = None,
) -> Report:
    """A report on one entry, which is the whole text; differences are (field, printed, recorded)."""
    reference = Reference(number=1, raw=text, span=Span(0, len(text)))
    findings = []
    for field, printed, recorded in differences:
        at = text.index(printed)
        family = printed.split()[0] if field == "authors" else printed
        findings.append(
            Finding(code=CODES[field], name="x", severity=Severity.ERROR, message="", number=1, field=field,
                    printed=printed, recorded=recorded, span=Span(at, at + len(family)))
        )  # fmt: skip
    work = work or Work(title="x", source="crossref", url="https://doi.org/10.5555/x")
    match = Match(
        reference=reference, verdict=Verdict.MATCHED, candidates=(Candidate(work=work, confidence=confidence),)
    )
    manuscript = Manuscript(name="m", text=text, references=(reference,), format=format)
    return Report(manuscript=manuscript, matches=(match,), findings=tuple(findings))


CASES = [
    ("2020;1:2", ("year", "2020", "2021"), "2021;1:2"),
    ("J. 2020;17(3):2", ("volume", "17", "7"), "J. 2020;7(3):2"),
    # One word of a title, in the author's own small letters.
    ("Lee J. A measuring tool for us. J", ("title", "A measuring tool for us", "A Measuring Instrument for us"),
     "Lee J. A measuring instrument for us. J"),
    ("Scars. J", ("title", "Scars", "Scars: a review"), "Scars: a review. J"),
    ("Scars: a review. J", ("title", "Scars: a review", "Scars"), "Scars. J"),
    # A word too many goes with its blank, a missing one comes with one.
    ("A very new tool. J", ("title", "A very new tool", "A new tool"), "A new tool. J"),
    ("A tool. J", ("title", "A tool", "A new tool"), "A new tool. J"),
    ("Tool use. J", ("title", "Tool use", "New tool use"), "New Tool use. J"),
    ("A tool. J", ("title", "A tool", "A tool kit"), "A tool kit. J"),
    # Emphasis, line breaks and hyphens stay where they are.
    ("*A measuring\n  tool for* nurses", ("title", "*A measuring\n  tool for* nurses", "A measuring device for nurses"),
     "*A measuring\n  device for* nurses"),
    ("Wound heal-\ning tools", ("title", "Wound heal-\ning tools", "Wound healing tool"), "Wound heal-\ning tool"),
    # The author's dash, and last pages cut short where he cuts them.
    ("1:258–84.", ("pages", "258–84", "259-284"), "1:259–84."),
    ("1:258-284.", ("pages", "258-284", "258-294"), "1:258-294."),
    ("1:258.", ("pages", "258", "259-284"), "1:259."),
    ("1:e17", ("pages", "e17", "e247"), "1:e247"),
    ("Lea JH, Won Y.", ("authors", "Lea JH", "Lee Jae Hyun"), "Lee JH, Won Y."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "difference", "expected"), CASES, ids=[c[2][:30] for c in CASES])
def test_only_the_differing_words_change(text: str, difference: tuple[str, str, str], expected: str) -> None:
    work = Work(title="x", authors=(Name(family="Lee", given="Jae Hyun"),))
    assert patched(report_on(text, difference, work=work)) == expected


def test_the_journal_is_named_in_the_authors_manner() -> None:
    work = Work(title="x", container="Biomaterials Research", also={"container": ("Biomater. Res.", "BMR")})
    report = report_on("Biomater Sci. 2021", ("container", "Biomater Sci", "Biomaterials Research"), work=work)
    assert patched(report) == "Biomater Res. 2021"


BIB = """% my library
@string{cyt = "Cytotherapy"}
@article{wu2018,
  author  = {Wu, P. and Zhang, B.},\t% two of five
  title   = {{MSC}-exosome: A novel cell based therapy},
  journal = cyt , year = 2017,
  pages   = "291--302",
}
@comment{keep me}
"""


def test_bibtex_is_patched_in_place() -> None:
    report = report_on(
        BIB,
        ("title", "{MSC}-exosome: A novel cell based therapy", "MSC-exosome: A novel cell-free therapy & more"),
        ("year", "2017", "2018"),
        ("pages", "291--302", "291-301"),
        format="bibtex",
    )
    expected = (
        BIB.replace("cell based therapy", "cell free therapy \\& more")
        .replace("2017,", "2018,")
        .replace("291--302", "291--301")
    )
    assert render_corrected(report) == expected


def test_words_across_braces_replace_the_whole_value() -> None:
    text = "title = {A {novel cell} based therapy},"
    report = report_on(text, ("title", "A {novel cell} based therapy", "A novel tissue free therapy"), format="bibtex")
    assert patched(report) == "title = {A novel tissue free therapy},"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_everything_else_is_byte_identical(line_end: str) -> None:
    text = BIB.replace("\n", line_end) + "\ufeffé\t" + line_end * 3
    report = report_on(text, ("year", "2017", "2018"), format="bibtex")
    assert patched(report).encode() == text.encode().replace(b"2017", b"2018")


def test_nothing_is_corrected_on_doubt(report: Report) -> None:
    sure = report_on("2020;1:2", ("year", "2020", "2021"))
    doubtful = report_on("2020;1:2", ("year", "2020", "2021"), confidence=0.9)
    match = replace(sure.matches[0], disagreement="PubMed says 2020")
    disputed = replace(sure, matches=(match,))
    note = replace(sure, findings=(replace(sure.findings[0], severity=Severity.NOTE),))
    for case in (doubtful, disputed, note):
        assert patched(case) == "2020;1:2"
    assert [left.why for left in corrections(doubtful)[1]] == ["the record is not certain enough"]
    assert [left.why for left in corrections(disputed)[1]] == ["the sources do not agree"]
    # Neither a DOI of another work nor a retraction is a difference that a corrected word would mend.
    assert {c.finding.code for c in corrections(report)[0]} == {"REF301", "REF303", "REF304"}


def test_another_person_is_not_put_in() -> None:
    work = Work(title="x", authors=(Name(family="Ng", given="Chiew Yong"),))
    assert patched(report_on("Lea JH.", ("authors", "Lea JH", "Ng Chiew Yong"), work=work)) == "Lea JH."


def test_what_was_changed_is_said(report: Report) -> None:
    text = render_corrected(report)
    assert "1: year: 2022 → 2023 (Crossref, https://doi.org/10.3390/ijms241310434)" in text
    assert "5: container: Cytotherapie → Cytotherapy" in text


def test_the_diff_holds_the_corrected_lines(report: Report) -> None:
    lines = render_diff(report).splitlines()
    assert lines[1] == "# 1: year: 2022 → 2023 (Crossref, https://doi.org/10.3390/ijms241310434)"
    changed = [line for line in lines if line.startswith(("-", "+"))][2:]
    assert len(changed) == 4
    assert "2022" in changed[0]
    assert "2023" in changed[1]


def test_the_diff_mends_the_file(report: Report, tmp_path: Path) -> None:
    before = tmp_path / "skin.md"
    before.write_text(report.manuscript.text, encoding="utf-8")
    patch = shutil.which("patch")
    if patch is None:  # then the diff is at least read as one
        assert "@@" in render_diff(report)
        return
    done = subprocess.run([patch, str(before)], input=render_diff(report).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert before.read_text(encoding="utf-8") == patched(report)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_keeps_its_encoding_and_line_ends(encoding: str, line_end: str) -> None:
    text = BIB.replace("Zhang", "Zhäng")
    data = text.replace("\n", line_end).encode(encoding)
    report = report_on(text, ("year", "2017", "2018"), ("pages", "291--302", "291-301"), format="bibtex")
    expected = text.replace("2017", "2018").replace("291--302", "291--301").replace("\n", line_end).encode(encoding)
    assert patch_file(data, report) == expected


def test_another_file_is_not_patched() -> None:
    report = report_on(BIB, ("year", "2017", "2018"), format="bibtex")
    with pytest.raises(UsageError, match="not the one"):
        patch_file(BIB.replace("wu2018", "wu2019").encode(), report)


def test_what_the_encoding_cannot_hold_is_left() -> None:
    text = "title = {Café kinetics}, year = 2017"
    report = report_on(text, ("title", "Café kinetics", "Café σ-kinetics"), ("year", "2017", "2018"), format="bibtex")
    assert patch_file(text.encode("cp1252"), report) == text.replace("2017", "2018").encode("cp1252")


WORDS = st.lists(
    st.sampled_from(["skin", "Wound", "β-cells", "of", "COVID-19", "care:", "(a)", "é"]), min_size=1, max_size=8
)


@given(WORDS, WORDS, st.sampled_from([" ", "\n", "  "]))
def test_a_corrected_title_has_the_recorded_words(printed: list[str], recorded: list[str], gap: str) -> None:
    text = f"Lee J. {gap.join(printed)}. J Skin. 2020"
    title = gap.join(printed)
    report = report_on(text, ("title", title, " ".join(recorded)))
    made, left = corrections(report)
    after = patched(report)
    assert after.startswith("Lee J. ")
    assert after.endswith(". J Skin. 2020")
    if words(title) != words(" ".join(recorded)):
        assert words(after) == ("lee", "j", *words(" ".join(recorded)), "j", "skin", "2020"), (made, left)


@given(st.text(max_size=40), st.text(max_size=40))
def test_changes_are_ordered_stretches_of_both_sides(printed: str, recorded: str) -> None:
    position = 0
    for change in changes(printed, recorded):
        assert position <= change.printed.start <= change.printed.end <= len(printed)
        assert 0 <= change.recorded.start <= change.recorded.end <= len(recorded)
        position = change.printed.end


def test_a_hostile_record_puts_no_command_into_a_library(hostile_value: str) -> None:
    report = report_on(BIB, ("title", "{MSC}-exosome: A novel cell based therapy", hostile_value), format="bibtex")
    after = patched(report)
    assert not re.search(r"\\(?!textbackslash\{\}|textasciitilde\{\}|textasciicircum\{\}|[{}%$&#_])", after)
    assert after.startswith(BIB[:100])
    assert after.endswith(BIB[-60:])
    unescaped = re.sub(r"\\[{}]", "", after)
    assert unescaped.count("{") == unescaped.count("}")
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", after)


def doi_report(entry: str, printed: str, *, level: Level = Level.SAME, fields: tuple[str, ...] = ()) -> Report:
    reference = Reference(number=1, raw=entry, span=Span(0, len(entry)), doi=printed)
    agreements = tuple(Agreement(field=f, level=level) for f in fields or ("authors", "title", "year"))
    work = Work(title="x", source="crossref", doi="10.5555/right.1")
    match = Match(reference=reference, verdict=Verdict.MATCHED,
                  candidates=(Candidate(work=work, confidence=0.999, agreements=agreements),))  # fmt: skip
    finding = Finding(code="REF203", name="x", severity=Severity.ERROR, message="", number=1, field="doi",
                      printed=printed, span=reference.span)  # fmt: skip
    manuscript = Manuscript(name="m", text=entry, references=(reference,), format="markdown")
    return Report(manuscript=manuscript, matches=(match,), findings=(finding,))


def test_the_right_doi_is_put_in_where_all_else_agrees() -> None:
    entry = "Lee J. Skin. *J Skin*. 2020. https://doi.org/10.5555/OTHER.1."
    assert patched(doi_report(entry, "10.5555/other.1")) == entry.replace("10.5555/OTHER.1", "10.5555/right.1")


@pytest.mark.parametrize(
    "report",
    [
        doi_report("Lee J. Skin. 2020. doi:10.5555/other.1", "10.5555/other.1", level=Level.DIFFERS),
        doi_report("Lee J. Skin. 2020. doi:10.5555/other.1", "10.5555/other.1", fields=("title", "year")),
        doi_report("Lee J. Skin. 2020. doi:10.5555/other.1, 10.5555/other.1", "10.5555/other.1"),
        doi_report("Lee J. Skin. 2020. doi:10.5555/right.1", "10.5555/right.1"),
        doi_report("Lee J. Skin. 2020. doi 10.55 55/other.1", "10.5555/other.1"),
    ],
    ids=["a part differs", "the authors were not compared", "printed twice", "the recorded one", "not as printed"],
)
def test_no_doi_is_put_in_on_doubt(report: Report) -> None:
    assert patched(report) == report.manuscript.text
    assert corrections(report)[1]


def test_every_reference_stands_under_changed_left_or_agrees(report: Report) -> None:
    _, _, told = render_corrected(report).partition("\n\nChanged:\n")
    changed, _, rest = told.partition("\n\nLeft as printed:\n")
    left, _, agrees = rest.partition("\n\nAgrees with the record:\n")

    def numbers(part: str) -> set[str]:
        return set(re.findall(r"^(\d+): .", part, re.M))

    assert numbers(changed) == {"1", "5"}
    assert numbers(left) == {"2", "3", "4", "6", "7", "8"}
    # A preprint with a note, one that the text does not cite, and one that is fine: their records agree.
    assert numbers(agrees) == {"9", "10", "11"}
    assert "4: no record was found" in left
    assert "7: a source could not answer" in left
    assert "8: this kind of work is not looked up" in left
