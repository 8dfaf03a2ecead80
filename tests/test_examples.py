"""The examples run as their first lines say, without the network."""

import asyncio
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import refcheck
from refcheck.sources import LocalRecords

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SEEDED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy-seeded.md"
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy-seeded.jsonl"


def run(example: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, EXAMPLES / example, *arguments, "--records", RECORDS]
    return subprocess.run([str(c) for c in command], capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "m.md").write_bytes(SEEDED.read_bytes())
    (tmp_path / "in" / "bad.docx").write_bytes(b"PK")
    done = run("check_folder.py", tmp_path / "in", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "m.md: 8 errors" in done.stdout
    assert "bad.docx: " in done.stdout
    assert (tmp_path / "out" / "index.html").exists()


def test_a_table(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    title = "Overcome the barriers of the skin: exosome therapy"
    reference = f"Yang GH, Lee YB, Kang D, et al. {title}. Biomater Res. 2021;52(1):22."
    with table.open("w", newline="", encoding="utf-8-sig") as stream:
        csv.writer(stream).writerows(
            [["id", "reference"], ["a", reference], ["b", "Nobody N. Nothing. Nowhere. 1999."]]
        )
    done = run("check_table.py", table)
    assert done.returncode == 0, done.stderr
    first, second = csv.DictReader(io.StringIO(done.stdout))
    assert (first["id"], first["verdict"], first["doi"]) == ("a", "matched", "10.1186/s40824-021-00224-8")
    assert "volume: 52 printed, 25 recorded" in first["differences"]
    assert second["verdict"] != "matched"


def test_a_gate(tmp_path: Path) -> None:
    sarif, summary = tmp_path / "out.sarif", tmp_path / "summary.md"
    done = run("gate.py", SEEDED, "--sarif", sarif, "--summary", summary)
    assert done.returncode == 1, done.stderr
    assert "REF305" in done.stdout
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert "## References of" in summary.read_text()


def test_a_gate_by_the_journals_rules(tmp_path: Path) -> None:
    manuscript = tmp_path / "m.md"
    manuscript.write_bytes(SEEDED.read_bytes())
    codes = ("REF102", "REF103", "REF203", "REF301", "REF303", "REF304", "REF305", "REF307")
    lines = [f'{code} = "note"' for code in codes]
    (tmp_path / "refcheck.toml").write_text("[profile]\nroot = true\n[severity]\n" + "\n".join(lines) + "\n")
    done = run("gate.py", manuscript)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


RETRACTED = {
    "DOI": "10.5555/retracted", "type": "journal-article", "title": ["Exosomes in an invented skin disease"],
    "author": [{"family": "Rossi", "given": "Anna"}], "container-title": ["Journal of Invented Skin"],
    "volume": "7", "page": "11-19", "issued": {"date-parts": [[2019]]},
    "updated-by": [{"DOI": "10.5555/notice", "type": "retraction", "label": "Retraction", "source": "publisher",
                    "updated": {"date-parts": [[2021, 3, 4]]}}],
}  # fmt: skip


@pytest.mark.parametrize("suffix", [".md", ".bib"])
def test_a_watch_tells_what_is_new(tmp_path: Path, suffix: str) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps(RETRACTED) + "\n")
    library = tmp_path / f"library{suffix}"
    library.write_text(
        "@article{rossi2019,\n author = {Rossi, Anna},\n title = {Exosomes in an invented skin disease},\n"
        " journal = {Journal of Invented Skin},\n year = 2019,\n volume = 7,\n pages = {11--19},\n"
        " doi = {10.5555/retracted},\n}\n"
        if suffix == ".bib"
        else "References\n\n1. Rossi A. Exosomes in an invented skin disease. Journal of Invented Skin. 2019;7:11-19. "
        "doi:10.5555/retracted\n"
    )
    command = [sys.executable, str(EXAMPLES / "retraction_watch.py"), str(library), "--records", str(records)]
    first = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert first.returncode == 1, first.stderr
    assert "retracted" in first.stdout.lower()
    assert ("rossi2019" if suffix == ".bib" else "10.5555/retracted") in first.stdout
    second = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (second.returncode, second.stdout) == (0, "")


def test_a_typed_script() -> None:
    done = run("typed_script.py", SEEDED)
    assert done.returncode == 0, done.stderr
    assert "volume: 52 printed, 25 recorded" in done.stdout
    assert "9 references" in done.stdout
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(EXAMPLES / "typed_script.py")]
    typed = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert typed.returncode == 0, typed.stdout


def test_checks_beside_each_other_on_asyncio() -> None:
    """Threads share the parser and the sources, and read nothing of each other's entries."""
    sources = [LocalRecords(RECORDS)]

    async def together() -> list[refcheck.Report]:
        return list(
            await asyncio.gather(*(asyncio.to_thread(refcheck.check, SEEDED, sources=sources) for _ in range(6)))
        )

    alone = refcheck.check(SEEDED, sources=sources)
    for report in asyncio.run(together()):
        assert report.matches == alone.matches
        assert report.findings == alone.findings
