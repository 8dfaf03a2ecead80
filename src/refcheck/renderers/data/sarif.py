"""The report as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a manuscript."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from refcheck.model import Finding, Report, Severity
from refcheck.renderers.triage import Entry, is_file_text, place, triage
from refcheck.text import as_json, compact, plain, printable

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_sarif(report: Report) -> str:
    """The report as a SARIF log. Lines and columns are given where the manuscript is a text file; columns count
    Unicode characters (`columnKind` says so).

    >>> import json
    >>> from refcheck.model import Manuscript
    >>> json.loads(render_sarif(Report(manuscript=Manuscript(name="a.md", text=""))))["version"]
    '2.1.0'
    """
    owners = {id(f): e for f, e in triage(report).findings()}
    names = {f.code: f.name for f in report.findings}
    codes = sorted(names)
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "refcheck",
                        "rules": [{"id": code, "name": _pascal(names[code])} for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(report, f, codes.index(f.code), owners.get(id(f))) for f in report.findings],
            }
        ],
    }
    return as_json(log, indent=2) + "\n"


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _result(report: Report, finding: Finding, rule: int, entry: Entry | None) -> dict[str, Any]:
    told = finding.message
    if finding.recorded:
        told += f" Printed: {finding.printed or 'nothing'}; recorded: {plain(finding.recorded)}."
    seed = "|".join((finding.code, finding.field or "", compact(entry.reference.raw) if entry else finding.message))
    out: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(told)},
        "locations": [{"physicalLocation": _location(report, finding)}],
        "partialFingerprints": {"entry/v1": hashlib.sha256(seed.encode()).hexdigest()[:32]},
    }
    if finding.evidence.startswith(("https://", "http://")):
        out["properties"] = {"evidence": printable(finding.evidence)}
    return out


def _location(report: Report, finding: Finding) -> dict[str, Any]:
    manuscript = report.manuscript
    out: dict[str, Any] = {"artifactLocation": {"uri": _uri(manuscript.name)}}
    if finding.span is not None and is_file_text(manuscript):
        start = place(manuscript.text, finding.span.start)
        end = place(manuscript.text, finding.span.end)
        out["region"] = {"startLine": start[0], "startColumn": start[1], "endLine": end[0], "endColumn": end[1]}
    return out


def _uri(name: str) -> str:
    return quote(printable(name).replace("\\", "/"), safe="/.-_~")
