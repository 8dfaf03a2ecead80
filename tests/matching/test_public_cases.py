"""Cases from public reports, each standing for a kind, checked as a script would check it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import refcheck
from refcheck.model import Report, Severity
from refcheck.sources import LocalRecords
from refcheck.text import dashes

FILE = Path(__file__).parents[2] / "fixtures" / "match" / "public_cases.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
NOTHING = {"DOI": "10.5555/nothing", "type": "journal-article", "title": ["Nothing"]}


def report_on(case: dict[str, Any], folder: Path) -> Report:
    source = LocalRecords(case["records"] or [NOTHING])
    if case["door"] == "reference":
        return refcheck.check([case["input"]], sources=[source])
    path = folder / f"manuscript.{case['format'] or 'md'}"
    path.write_text(case["input"], encoding="utf-8")
    return refcheck.check(path, sources=[source])


def falls_short(case: dict[str, Any], report: Report) -> list[str]:
    want = case["want"]
    findings = report.findings if case["door"] == "reference" else [f for f in report.findings if f.code < "REF2"]
    loud = {f.code for f in findings if f.severity is not Severity.NOTE}
    out = []
    if case["door"] == "reference":
        (reference,), (match,) = report.manuscript.references, report.matches
        if want.get("verdict", match.verdict) != match.verdict or match.verdict == want.get("verdict_not"):
            out.append(f"verdict {match.verdict}")
        read = {
            name: dashes(getattr(reference, name)) for name in ("title", "container", "volume", "issue", "pages", "doi")
        }
        out += [name for name, value in want.get("fields", {}).items() if read[name] != dashes(value)]
        out += [name for name, value in want.get("field_has", {}).items() if value not in read[name]]
        for name in want.get("absent_fields", ()):
            field, _, value = name.partition("=")
            out += [name] if read[field] and value in ("", read[field]) else []
        families = [a.family for a in reference.authors][: len(want.get("families", ()))]
        out += ["families"] if families != want.get("families", []) else []
    cited = {number for callout in report.manuscript.callouts for number in callout.numbers}
    out += [f"not cited: {n}" for n in want.get("cited", ()) if n not in cited]
    out += sorted(loud) if want.get("quiet") else []
    out += [f"no {code}" for code in want.get("loud", ()) if not any(c.startswith(code) for c in loud)]
    out += [code for code in want.get("not", ()) if any(c.startswith(code) for c in loud)]
    out += [code for code in want.get("never", ()) if any(f.code.startswith(code) for f in findings)]
    return out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_public_case(case: dict[str, Any], tmp_path: Path) -> None:
    assert falls_short(case, report_on(case, tmp_path)) == []
