"""The report as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a manuscript."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from refcheck.model import Finding, Report, Severity
from refcheck.renderers.overview import overview, runs
from refcheck.renderers.triage import Entry, is_file_text, place, triage
from refcheck.text import compact, plain, printable

_MISSING_DOI = "REF204"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_sarif(report: Report) -> str:
    """The report as a SARIF log. Lines and columns are given where the manuscript is a text file; columns count
    Unicode characters (`columnKind` says so).

    >>> from refcheck.model import Manuscript
    >>> json.loads(render_sarif(Report(manuscript=Manuscript(name="a.md", text=""))))["version"]
    '2.1.0'
    """
    return sarif([report])


def sarif(reports: Sequence[Report]) -> str:
    """The reports on several manuscripts as one log, in one run.

    DOIs that could be printed are one result a manuscript, at its first such entry. A check that was not complete is
    an invocation that did not succeed, with the reason.
    """
    names = {f.code: f.name for report in reports for f in report.findings}
    codes = sorted(names)
    warnings = [w for report in reports if (w := overview(report).warning)]
    invocation: dict[str, Any] = {"executionSuccessful": not warnings}
    if warnings:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": printable(w)}} for w in warnings
        ]
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
                "invocations": [invocation],
                "results": [result for report in reports for result in _results(report, codes)],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _results(report: Report, codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    sorted_out = triage(report)
    owners = {id(f): e for f, e in sorted_out.findings()}
    lacking = [f for f in report.findings if f.code == _MISSING_DOI]
    for finding in report.findings:
        if finding.code != _MISSING_DOI or len(lacking) == 1:
            yield _result(report, finding, codes.index(finding.code), owners.get(id(finding)))
        elif finding is lacking[0]:
            labels = runs([e for f in lacking if (e := owners.get(id(f)))])
            all_of_them = replace(finding, message=f"The works of references {labels} have DOIs that are not printed.",
                                  recorded="", evidence="")  # fmt: skip
            yield _result(report, all_of_them, codes.index(finding.code), None)


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _result(report: Report, finding: Finding, rule: int, entry: Entry | None) -> dict[str, Any]:
    told = finding.message
    if finding.recorded:
        told += f" Printed: {finding.printed}; recorded" if finding.printed else " Not printed; recorded"
        told += f": {plain(finding.recorded)}."
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
