"""The main job on whole manuscripts: through the library, the command line, record files and real HTTP."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import refcheck
from refcheck.cli import main
from refcheck.model import Severity, Verdict
from refcheck.sources import Crossref, LocalRecords
from tests.standin import CrossrefStandin, each, read_records, share

ROOT = Path(__file__).parents[1]
MANUSCRIPTS = ROOT / "fixtures" / "manuscripts"
RECORDS = ROOT / "fixtures" / "records"
SEED, SEED_RECORDS = MANUSCRIPTS / "exosome-therapy.md", RECORDS / "exosome-therapy.jsonl"
SEEDED, SEEDED_RECORDS = MANUSCRIPTS / "exosome-therapy-seeded.md", RECORDS / "exosome-therapy-seeded.jsonl"
DOIS = [
    "10.1007/s11684-023-1031-9",
    "10.1186/s40824-021-00224-8",
    "10.1002/der2.242",
    "10.1016/j.jcyt.2017.11.002",
    "10.1186/s41038-019-0178-8",
    "10.2147/ijn.s327059",
    "10.3390/ijms241310434",
]
Standin = Callable[..., CrossrefStandin]


@pytest.fixture(params=["records", "http"])
def source(request: pytest.FixtureRequest, standin: Standin) -> Callable[[Path], Any]:
    """The same records, in a file and behind the stand-in of Crossref."""

    def make(records: Path) -> Any:
        if request.param == "records":
            return LocalRecords(records)
        server = standin(list(read_records([records])))
        return Crossref(server.url, "editor@example.org", rate_limit=False)

    return make


def alarms(report: refcheck.Report) -> list[refcheck.Finding]:
    return [f for f in report.findings if f.severity is not Severity.NOTE]


def test_the_seed_manuscript_is_linked_and_raises_no_alarm(source: Callable[[Path], Any]) -> None:
    report = refcheck.check(SEED, sources=[source(SEED_RECORDS)])
    assert [m.work.doi if m.work else None for m in report.matches] == DOIS
    assert [c.numbers for c in report.manuscript.callouts] == [(1, 2), (3, 4), (4,), (5, 6), (3, 7), (1,)]
    assert alarms(report) == []
    assert [(f.code, f.number) for f in report.findings if f.code != "REF204"] == [("REF109", 3)]
    for reference in report.manuscript.references:
        assert reference.raw.startswith(f"{reference.number}. ")
        assert reference.raw.endswith(".")


def test_a_publishers_name_for_the_item_is_not_held_against_a_printed_number(tmp_path: Path) -> None:
    records = [json.loads(line) for line in SEED_RECORDS.read_text("utf-8").splitlines()]
    named = next(r for r in records if r["DOI"] == DOIS[4])
    named.pop("page", None)
    named["article-number"] = "s41038-019-0178-8"
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    report = refcheck.check(SEED, sources=[LocalRecords(path)])
    assert [m.work.doi if m.work else None for m in report.matches] == DOIS
    assert alarms(report) == []


PLANTED = {
    ("REF303", 1, "year", "2022", "2024"),
    ("REF305", 2, "volume", "52", "25"),
    ("REF301", 4, "title", "rejuvenation", "regeneration"),
    ("REF304", 5, "container", "Stem Cells Int", "Burns & Trauma"),
    ("REF307", 6, "pages", "6479-6781", "6749-6781"),
    ("REF203", 7, "doi", "10.1038/nature14539", "10.3390/ijms241310434"),
    ("REF201", 8, None, "", ""),
    ("REF102", 9, None, "", ""),
    ("REF103", 10, None, "(8, 10)", ""),
}


def test_every_planted_error_is_reported_once_at_its_place_and_nothing_else(source: Callable[[Path], Any]) -> None:
    report = refcheck.check(SEEDED, sources=[source(SEEDED_RECORDS)])
    text = report.manuscript.text
    found = alarms(report)
    assert sorted(f.code for f in found) == sorted(code for code, *_ in PLANTED)
    for code, number, field, printed, recorded in PLANTED:
        (finding,) = [f for f in found if f.code == code]
        assert (finding.number, finding.field) == (number, field)
        assert finding.span is not None
        assert printed in text[slice(*finding.span)]
        assert recorded in finding.recorded
        if recorded:
            assert printed in finding.printed
            assert len(finding.printed) <= finding.span.end - finding.span.start < 120
    assert [(f.code, f.number) for f in report.findings if f not in found and f.code != "REF204"] == [("REF109", 3)]


def test_a_reference_string_is_enough(source: Callable[[Path], Any]) -> None:
    strings = [m.raw.split(" ", 1)[1] for m in refcheck.read(SEED).references]
    report = refcheck.check(strings, sources=[source(SEED_RECORDS)])
    assert [m.work.doi if m.work else None for m in report.matches] == DOIS


@pytest.mark.parametrize("command", ["check", "batch"])
def test_an_outage_is_status_2_and_nothing_is_called_absent(
    command: str, standin: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = standin(list(read_records([SEED_RECORDS])), plan=each("403"))  # 403 is the one that is not tried again
    url = ["--crossref-url", server.url, "--no-rate-limit", "--no-cache"]
    if command == "check":
        assert main(["check", str(SEED), "--format", "json", *url]) == 2
        references = json.loads(capsys.readouterr().out)["references"]
    else:
        refs = tmp_path / "refs.txt"
        refs.write_text("\n".join(r.raw for r in refcheck.read(SEED).references), encoding="utf-8")
        assert main(["batch", str(refs), *url]) == 2
        references = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(references) == 7
    assert {r["match"]["verdict"] for r in references} == {"unchecked"}
    assert all(r["match"]["unavailable"] for r in references)
    assert not any(f["severity"] == "error" for r in references for f in r["findings"])


def test_an_outage_in_the_middle_leaves_the_rest_checked(standin: Standin) -> None:
    server = standin(
        list(read_records([SEED_RECORDS])), plan=lambda asked: "503" if "Cytotherapy" in str(asked.params) else ""
    )
    crossref = Crossref(server.url, rate_limit=False, attempts=2, sleep=lambda seconds: None)
    report = refcheck.check(SEED, sources=[crossref])
    assert [m.verdict for m in report.matches].count(Verdict.MATCHED) == 6
    assert report.matches[3].verdict is Verdict.UNCHECKED
    assert [f.code for f in alarms(report)] == []


def test_batch_over_http_survives_faults_and_links_every_reference(
    standin: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = standin(list(read_records([SEEDED_RECORDS])), plan=share(0.1))
    refs, out = tmp_path / "refs.txt", tmp_path / "out.jsonl"
    refs.write_text("\n".join(r.raw for r in refcheck.read(SEED).references), encoding="utf-8")
    status = main(["batch", str(refs), "-o", str(out), "--crossref-url", server.url, "--no-rate-limit", "--no-cache"])
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["match"]["doi"] for line in lines] == DOIS
    assert status == 0


def test_a_dry_run_prints_what_would_leave_and_sends_nothing(
    standin: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    server = standin(list(read_records([SEED_RECORDS])))
    assert main(["check", str(SEED), "--crossref-url", server.url, "--dry-run", "--no-cache"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert server.requests == 0
    assert len(told) >= 7
    assert told[0].startswith("crossref: ")
    assert all(server.url in line for line in told if line.startswith("  "))
    body = refcheck.read(SEED).text.split("References")[0]
    assert not any(sentence[:40] in line.replace("+", " ") for sentence in body.split(". ") for line in told)


def test_a_dry_run_of_a_batch_leaves_the_output_alone(
    standin: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = standin(list(read_records([SEED_RECORDS])))
    refs, out = tmp_path / "refs.txt", tmp_path / "out.jsonl"
    refs.write_text("\n".join(r.raw for r in refcheck.read(SEED).references), encoding="utf-8")
    batch = ["batch", str(refs), "-o", str(out), "--crossref-url", server.url, "--dry-run", "--no-cache"]
    assert main(batch) == 0
    assert not out.exists()
    assert server.requests == 0
    assert len(capsys.readouterr().out.splitlines()) >= 7


def test_offline_asks_nobody(standin: Standin, capsys: pytest.CaptureFixture[str]) -> None:
    server = standin(list(read_records([SEED_RECORDS])))
    assert main(["check", str(SEED), "--crossref-url", server.url, "--offline"]) == 2
    assert server.requests == 0


def test_a_second_check_is_answered_from_the_cache(
    standin: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(tmp_path))
    server = standin(list(read_records([SEED_RECORDS])))
    arguments = ["check", str(SEED), "--crossref-url", server.url, "--no-rate-limit", "--format", "json"]
    assert main(arguments) == 0
    first, asked = json.loads(capsys.readouterr().out), server.requests
    assert main(arguments) == 0
    assert server.requests == asked
    assert main([*arguments, "--offline"]) == 0
    assert server.requests == asked
    assert main([*arguments, "--refresh"]) == 0
    assert server.requests > asked
    assert [r["match"]["doi"] for r in first["references"]] == DOIS
