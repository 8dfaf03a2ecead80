"""The documents say what the program does: examples run, generated pages are fresh, links lead somewhere."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refcheck.cli import main
from refcheck.rules.manual import manual
from refcheck.rules.table import RULES

ROOT = Path(__file__).parents[1]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "benchmarks/README.md",
]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_manual_of_the_rules_is_fresh() -> None:
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == manual(format="markdown"), "run `make docs`"


def test_every_rule_has_a_section_that_its_row_links_to() -> None:
    written = manual(format="markdown")
    headings = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"(?m)^### (.+)$", written)}
    targets = re.findall(r"\]\(#([^)]+)\)", written)
    assert len(targets) == len(RULES)
    assert set(targets) == headings


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", README)


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_of_the_readme_runs(code: str, tmp_path: Path) -> None:
    """With the bundled records in place of Crossref."""
    shutil.copy(ROOT / "fixtures" / "manuscripts" / "exosome-therapy-seeded.md", tmp_path / "manuscript.md")
    records = ROOT / "fixtures" / "records" / "exosome-therapy-seeded.jsonl"
    code = code.replace("import Crossref", "import LocalRecords").replace(
        'Crossref(mailto="editor@example.org")', f"LocalRecords({str(records)!r})"
    )
    assert "Crossref" not in code
    code = code.replace("manuscript.docx", "manuscript.md")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "1 REF303" in done.stdout


@pytest.mark.parametrize("line", [s for b in blocks("sh") for s in b.splitlines() if s.startswith("refcheck ")])
def test_the_commands_of_the_readme_are_understood(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is given `--help`, which refuses options and commands that do not exist before it."""
    words = re.sub(r"\s+[#<>|].*", "", line).split()[1:]
    options = [w for w in words if w.startswith("-")]
    with pytest.raises(SystemExit) as left:
        main([words[0], "--help"])
    told = capsys.readouterr().out
    assert left.value.code == 0
    assert all(re.search(rf"{re.escape(o)}\b", told) for o in options), line


def test_the_readme_begins_with_the_two_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"(?m)^make (\w+) ", blocks("sh")[0])
    assert targets == ["run", "test"]
    assert all(re.search(rf"(?m)^{target}:", makefile) for target in targets)


def test_the_example_runs(tmp_path: Path) -> None:
    example = ROOT / "examples" / "check_manuscript.py"
    done = subprocess.run(
        [
            sys.executable,
            str(example),
            str(ROOT / "fixtures/manuscripts/exosome-therapy-seeded.md"),
            "--records",
            str(ROOT / "fixtures/records/exosome-therapy-seeded.jsonl"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {"references": 9, "linked": 8, "errors": 8, "warnings": 1}
    assert "year-mismatch: 2022 printed, 2024 recorded" in done.stdout
