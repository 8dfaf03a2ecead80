"""The public face: a dozen names, and that they do what their signatures say."""

import inspect
import json
from pathlib import Path

import pytest

import refcheck
from refcheck.sources import LocalRecords

ROOT = Path(__file__).parents[1]
SEED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md"
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy.jsonl"
ENTRY = (
    "Wu P, Zhang B, Shi H, Qian H, Xu W. MSC-exosome: A novel cell-free therapy for cutaneous regeneration. "
    "Cytotherapy. 2018 Mar;20(3):291-301."
)
SEEDED = Path(__file__).parents[1] / "fixtures" / "manuscripts" / "exosome-therapy-seeded.md"
SEEDED_RECORDS = Path(__file__).parents[1] / "fixtures" / "records" / "exosome-therapy-seeded.jsonl"


def test_the_public_names_are_these() -> None:
    """A name that is added here stays; one that goes is a breaking change."""
    assert sorted(refcheck.__all__) == [
        "Finding",
        "Manuscript",
        "Match",
        "RefcheckError",
        "Reference",
        "Report",
        "Severity",
        "Work",
        "check",
        "parse",
        "read",
        "render",
        "to_dict",
    ]
    assert all(hasattr(refcheck, name) for name in refcheck.__all__)


@pytest.mark.parametrize("name", refcheck.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    assert len(inspect.getdoc(getattr(refcheck, name)) or "") > 20


def test_check_takes_a_path_a_manuscript_a_text_and_a_sequence_of_strings() -> None:
    source = LocalRecords(RECORDS)
    for given, expected in (
        (SEED, 7),
        (str(SEED), 7),
        (refcheck.read(SEED), 7),
        (SEED.read_text(encoding="utf-8"), 7),
        ([ENTRY, ENTRY], 2),
    ):
        report = refcheck.check(given, sources=[source])
        assert len(report.matches) == expected
        assert all(match.work for match in report.matches)


def test_read_takes_a_path_and_bytes() -> None:
    assert refcheck.read(SEED) == refcheck.read(SEED.read_bytes(), SEED.name)


def test_parse_looks_nothing_up() -> None:
    (reference,) = refcheck.parse([ENTRY]).references
    assert (reference.year, reference.volume, reference.issue, reference.pages) == ("2018", "20", "3", "291-301")
    assert ENTRY[slice(*reference.spans["year"])] == "2018"


def test_progress_tells_every_reference() -> None:
    told: list[tuple[int, int]] = []
    refcheck.check([ENTRY] * 3, sources=[LocalRecords(RECORDS)], progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert set(told) == {(1, 3), (2, 3), (3, 3)}


def test_render_knows_its_formats() -> None:
    report = refcheck.check([ENTRY], sources=[LocalRecords(RECORDS)])
    assert "1 reference and no callouts" in str(refcheck.render(report))
    with pytest.raises(refcheck.RefcheckError, match="no format 'pigeon'"):
        refcheck.render(report, "pigeon")


@pytest.mark.parametrize("given", ["", "No list here, only words.", "nowhere.docx", [], [" "], Path("nowhere.docx")])
def test_what_cannot_be_checked_is_an_error_and_never_clean(given: object) -> None:
    with pytest.raises(refcheck.RefcheckError):
        refcheck.check(given, sources=[LocalRecords(RECORDS)])  # type: ignore[arg-type]


def test_no_source_is_an_error() -> None:
    with pytest.raises(refcheck.RefcheckError, match="no source"):
        refcheck.check([ENTRY], sources=[])


def test_all_spans_point_into_the_text() -> None:
    report = refcheck.check(SEED, sources=[LocalRecords(RECORDS)])
    text = report.manuscript.text
    for reference in report.manuscript.references:
        assert text[slice(*reference.span)] == reference.raw
        for span in reference.spans.values():
            assert reference.span.start <= span.start < span.end <= reference.span.end
    for callout in report.manuscript.callouts:
        assert text[slice(*callout.span)] == callout.text


def test_a_report_is_asked_by_number_and_by_field() -> None:
    report = refcheck.check(SEEDED, sources=[LocalRecords(SEEDED_RECORDS)])
    first = report[1]
    assert first is report["1"] is report[first.reference.label]
    wrong = [m for m in report.matches if m.differences]
    assert wrong
    for match in wrong:
        for difference in match.differences:
            assert match[difference.field].differs
            assert difference.field in {f.field for f in report.of(match)}
    with pytest.raises(KeyError, match="no reference 99"):
        report[99]
    with pytest.raises(KeyError, match="no reference"):
        report[""]
    with pytest.raises(KeyError, match="compared were"):
        wrong[0]["colour"]
    assert json.loads(json.dumps(refcheck.to_dict(report))) == json.loads(str(refcheck.render(report, "json")))
