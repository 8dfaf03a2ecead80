"""Queries, tables, SARIF, JUnit and record files: what a reader of each would look at first."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import bibtexparser
import pytest

from refcheck.errors import UsageError
from refcheck.model import Manuscript, Name, Reference, Report, Span, Work
from refcheck.renderers import RENDERERS
from refcheck.renderers.author_queries import load_language, numbered_queries, render_queries
from refcheck.renderers.data.exports import render_bibtex, render_csl_json, render_ris
from refcheck.renderers.data.junit import render_junit
from refcheck.renderers.data.sarif import render_sarif
from refcheck.renderers.data.tables import COLUMNS, inert, render_csv, render_xlsx
from refcheck.renderers.triage import Group, place, triage
from refcheck.rules import RULES


def test_queries_are_numbered_neutral_and_in_order(report: Report) -> None:
    text = render_queries(report)
    asked = [line for line in text.splitlines() if line.startswith("AQ")]
    assert [line.split(" ")[0].rstrip(":") for line in asked] == [f"AQ{i}" for i in range(1, len(asked) + 1)]
    places = [q.finding.span.start for q in numbered_queries(report) if q.finding.span]
    assert places == sorted(places)
    assert "(ref 2): The work was retracted on 2012-05-04. See https://doi.org/10.5555/notice.2." in text
    assert "You give the year 2022; Crossref (https://doi.org/10.3390/ijms241310434) gives 2023." in text
    assert "We could not find this work in Crossref or PubMed (2026-11-24)." in text
    assert "Reference 10 is not cited in the text. Please add a callout, or delete the entry." in text
    for word in ("fake", "wrong", "mistake", "error", "incorrect"):
        assert word not in text.lower()


def test_every_rule_about_the_manuscript_has_words() -> None:
    codes = {code for code in RULES if not code.startswith("REF9")} - {"REF204"}  # a DOI is nobody's duty
    assert codes == set(load_language("en")["queries"])


def test_what_only_concerns_the_check_is_no_query(report: Report) -> None:
    codes = {q.finding.code for q in numbered_queries(report)}
    assert not [c for c in codes if c.startswith("REF9")]
    assert "REF404" not in codes
    assert "REF404" in {q.finding.code for q in numbered_queries(report, notes=True)}


def test_a_translation_takes_the_rest_from_english(report: Report, tmp_path: Path) -> None:
    own = tmp_path / "de.toml"
    own.write_text(
        'opening = "Bitte beantworten Sie:"\nat_entry = "F{n} (Lit. {label}): {query}"\n'
        '[queries]\nREF303 = "Sie nennen das Jahr {printed}, {record} nennt {recorded}. Bitte bestätigen."\n'
    )
    text = render_queries(report, language=str(own))
    assert text.startswith("Bitte beantworten Sie:\n\nAQ1: ")
    assert "\n\nF3 (Lit. 1): " in text
    assert "Sie nennen das Jahr 2022, Crossref (https://doi.org/10.3390/ijms241310434) nennt 2023." in text
    assert "You give the journal" in text


@pytest.mark.parametrize("language", ["xx", "../en", "en.toml/..", "nowhere.toml"])
def test_an_unknown_language_is_named(language: str) -> None:
    with pytest.raises(UsageError, match="language"):
        load_language(language)


def test_a_translation_with_an_unknown_name_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[queries]\nREF303 = "{year}"\n')
    with pytest.raises(UsageError, match="not filled in"):
        load_language(str(own))


def test_csv_has_a_row_a_finding_and_one_for_what_is_fine(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv(report).removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(report.findings) + 1
    assert [r["group"] for r in rows if r["reference"] == "11"] == ["fine"]
    year = next(r for r in rows if r["code"] == "REF303")
    assert (year["reference"], year["printed"], year["recorded"], year["severity"]) == ("1", "2022", "2023", "error")
    assert year["record"] == "10.3390/ijms241310434"


def test_pages_are_no_formula() -> None:
    assert [inert(c) for c in ("258-284", "e17", "1", "")] == ["258-284", "e17", "1", ""]


def test_xlsx_holds_the_same_rows(report: Report) -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(render_xlsx(report))) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        strings = archive.read("xl/sharedStrings.xml").decode()
    rows = list(sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"))
    assert len(rows) == len(report.findings) + 2
    assert "Adipose Vesicles Promote Wound Healing" in strings


def test_sarif_points_at_the_words(report: Report) -> None:
    run = json.loads(render_sarif(report))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    lines = report.manuscript.text.splitlines()
    seen = {}
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        if region["startLine"] == region["endLine"]:
            line = lines[region["startLine"] - 1]
            seen[result["ruleId"]] = line[region["startColumn"] - 1 : region["endColumn"] - 1]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
    assert seen["REF303"] == "2022"
    assert seen["REF301"] == "Adipose vesicles promote wound repair"
    assert seen["REF103"] == "(12)"
    assert seen["REF401"] == report.manuscript.references[1].raw


def test_sarif_gives_no_lines_where_the_text_is_not_the_file(report: Report) -> None:
    from dataclasses import replace

    word = replace(report, manuscript=replace(report.manuscript, format="docx", name="a b.docx"))
    for result in json.loads(render_sarif(word))["runs"][0]["results"]:
        place_ = result["locations"][0]["physicalLocation"]
        assert place_ == {"artifactLocation": {"uri": "a%20b.docx"}}


def test_junit_counts(report: Report) -> None:
    suite = ElementTree.fromstring(render_junit(report)).find("testsuite")
    assert suite is not None
    counts = {key: int(suite.get(key, "")) for key in ("tests", "failures", "errors", "skipped")}
    # Eleven references and the list itself; 1, 2, 3, 10 and the list fail, 7 was not answered, 8 is indexed nowhere.
    assert counts == {"tests": 12, "failures": 5, "errors": 1, "skipped": 1}
    assert len(suite.findall("testcase/failure")) == 5


def test_bibtex_reads_back(report: Report) -> None:
    library = bibtexparser.parse_string(render_bibtex(report))
    assert not library.failed_blocks
    matched = [m for m in report.matches if m.work]
    assert len(library.entries) == len(matched)
    assert {e.fields_dict["year"].value for e in library.entries} == {m.work.year for m in matched if m.work}


def test_keys_are_the_manuscripts_or_tell_apart() -> None:
    from refcheck.model import Candidate, Match, Verdict

    work = Work(title="T", authors=(Name(family="Müller", given="A"),), year="2020", source="crossref")
    matches = tuple(
        Match(reference=Reference(key=key, span=Span(i, i)), verdict=Verdict.MATCHED,
              candidates=(Candidate(work=work, confidence=1.0),))
        for i, key in enumerate(("mine:1", "", "", "bad key}"))
    )  # fmt: skip
    report = Report(manuscript=Manuscript(name="m", text=""), matches=matches)
    keys = [item["id"] for item in json.loads(render_csl_json(report))]
    assert keys == ["mine:1", "muller2020", "muller2020a", "muller2020b"]


def test_ris_and_csl_hold_the_record(report: Report) -> None:
    assert "TY  - JOUR\r\nAU  - Lee, JH\r\nAU  - Won, YJ\r\nTI  - Adipose Vesicles Promote Wound Healing" in render_ris(
        report
    )
    first = json.loads(render_csl_json(report))[0]
    assert first["type"] == "article-journal"
    assert first["issued"] == {"date-parts": [[2023]]}
    assert first["DOI"] == "10.3390/ijms241310434"


def test_groups(report: Report) -> None:
    found = {e.label: e.group for e in triage(report).entries}
    assert found == {
        "1": Group.MAJOR, "2": Group.RETRACTED, "3": Group.ELSEWHERE, "4": Group.NOT_FOUND, "5": Group.MINOR,
        "6": Group.NOT_FOUND, "7": Group.UNCHECKED, "8": Group.UNCHECKED, "9": Group.NOTES, "10": Group.CALLOUTS,
        "11": Group.FINE,
    }  # fmt: skip


def test_nothing_to_say_is_said_in_every_format() -> None:
    empty = Report(manuscript=Manuscript(name="empty.md", text=""))
    for name, render in RENDERERS.items():
        assert isinstance(render(empty), str | bytes), name


@pytest.mark.parametrize(("offset", "expected"), [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (5, (2, 3))])
def test_places_count_from_one(offset: int, expected: tuple[int, int]) -> None:
    assert place("ab\ncd", offset) == expected
