"""The report as JUnit XML, which build servers show as a table of tests: one test case a reference."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from refcheck.model import Finding, Report, Severity, Verdict
from refcheck.renderers.triage import Entry, triage
from refcheck.text import plain, printable, squeeze

# XML 1.0, production [2] Char: what may not stand in a document even when escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Foreign text that an XML document may hold.

    >>> legal("a\\x00b\\ufffe")
    'a�b�'
    """
    return _ILLEGAL.sub("\ufffd", printable(text))


def render_junit(report: Report) -> str:
    """The report as JUnit XML. A finding of error severity fails its reference; a reference that could not be
    checked is an error, one that nobody indexes is skipped; warnings and notes stand in the output.
    """
    sorted_out = triage(report)
    suite = ElementTree.Element("testsuite", name=legal(report.manuscript.name))
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}

    def add(name: str, findings: tuple[Finding, ...], entry: Entry | None) -> None:
        case = ElementTree.SubElement(suite, "testcase", classname="references", name=legal(squeeze(name)))
        totals["tests"] += 1
        grave = [f for f in findings if f.severity is Severity.ERROR]
        match = entry.match if entry else None
        if grave:
            totals["failures"] += 1
            failure = ElementTree.SubElement(
                case, "failure", type=legal(grave[0].code), message=legal(squeeze(grave[0].message))
            )
            failure.text = "\n".join(_told(f) for f in grave)
        elif match and match.verdict is Verdict.UNCHECKED:
            kind = "skipped" if match.not_indexed else "error"
            totals["skipped" if match.not_indexed else "errors"] += 1
            reason = "; ".join(match.unavailable) or match.reason or "not held by the sources asked"
            ElementTree.SubElement(case, kind, message=legal(squeeze(reason)))
        rest = [f for f in findings if f not in grave]
        if rest:
            ElementTree.SubElement(case, "system-out").text = "\n".join(_told(f) for f in rest)

    for entry in sorted_out.entries:
        add(f"{entry.label}: {entry.reference.raw[:120]}", entry.findings, entry)
    if sorted_out.apart:
        add("callouts and list", sorted_out.apart, None)
    suite.attrib |= {key: str(value) for key, value in totals.items()}
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _told(finding: Finding) -> str:
    told = f"{finding.code} {finding.severity}: {finding.message}"
    if finding.recorded:
        told += f" Printed: {finding.printed}; recorded" if finding.printed else " Not printed; recorded"
        told += f": {plain(finding.recorded)}."
    return legal(squeeze(f"{told} {finding.evidence}"))
