"""What each reference asks of the reader: the findings put to their entries, and the entries into groups.

The order of the groups is the order in which an editor needs them: what cannot stand, what points elsewhere, what
hinders retrieval, what was not found, and so on to the entries that are fine. Every format that shows references
(HTML, Markdown, Word, queries, tables) takes its order from here, so that they agree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from refcheck.model import Finding, Manuscript, Match, Reference, Report, Scheme, Severity, Span, Verdict
from refcheck.text import compact


class Group(StrEnum):
    """Where an entry belongs, gravest first; the value is a stable name for files and style sheets."""

    RETRACTED = "retracted"
    ELSEWHERE = "elsewhere"
    MAJOR = "major"
    NOT_FOUND = "not-found"
    UNCHECKED = "unchecked"
    CALLOUTS = "callouts"
    MINOR = "minor"
    NOTES = "notes"
    FINE = "fine"


#: Heading and one line of explanation. The words are neutral on purpose: a record can be the one that is mistaken.
TITLES: dict[Group, tuple[str, str]] = {
    Group.RETRACTED: ("Retracted, or under concern", "A notice has been published about the cited work."),
    Group.ELSEWHERE: ("DOI or details of another work", "Parts of the entry name a different work."),
    Group.MAJOR: (
        "Differences that hinder retrieval",
        "Printed and recorded details differ; please confirm which holds.",
    ),
    Group.NOT_FOUND: (
        "Not found, or several possible records",
        "No single record fits. This says nothing about whether the work exists.",
    ),
    Group.UNCHECKED: ("Not checked", "A source could not answer, or does not hold this kind of work."),
    Group.CALLOUTS: ("Callouts and list", "How the text and the reference list fit together."),
    Group.MINOR: ("Small differences", "Worth a look; the work can be found as printed."),
    Group.NOTES: ("Notes", "Nothing to correct; good to know."),
    Group.FINE: ("Fine", "The record agrees."),
}

# Findings about how text and list fit together; the other list findings (duplicate, unparsed, incomplete …) are
# about the entry itself and go by their severity.
_CALLOUTS = frozenset({"REF101", "REF102", "REF103", "REF104", "REF107", "REF110", "REF904"})
_RETRACTED = frozenset({"REF401", "REF402"})
_ELSEWHERE = frozenset({"REF203", "REF206"})
_NOT_FOUND = frozenset({"REF201", "REF205"})
_UNCHECKED = frozenset({"REF901", "REF903"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One reference with all that is said about it. `match` is None where nothing was looked up."""

    reference: Reference
    match: Match | None
    findings: tuple[Finding, ...]
    group: Group
    position: int  # 0-based place in the list

    @property
    def label(self) -> str:
        """How the report calls the entry: its number, its key, or its place in the list.

        >>> Entry(reference=Reference(key="lee2023"), match=None, findings=(), group=Group.FINE, position=0).label
        'lee2023'
        """
        if self.reference.number is not None:
            return str(self.reference.number)
        return self.reference.key or f"#{self.position + 1}"

    @property
    def name(self) -> str:
        """The label, with the citation key where there is one.

        >>> r = Reference(number=3, key="lee2023")
        >>> Entry(reference=r, match=None, findings=(), group=Group.FINE, position=0).name
        '3, lee2023'
        """
        return f"{self.label}, {self.reference.key}" if self.reference.number and self.reference.key else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The whole report in reading order. `apart` are findings that stand at no entry: at callouts, or at nothing."""

    entries: tuple[Entry, ...]
    apart: tuple[Finding, ...]

    def of(self, group: Group) -> tuple[Entry, ...]:
        """The entries of one group, in the order of the list."""
        return tuple(e for e in self.entries if e.group is group)

    def findings(self) -> Iterator[tuple[Finding, Entry | None]]:
        """Every finding in the order of the groups, with the entry that it stands at."""
        for group in Group:
            for entry in self.of(group):
                for finding in entry.findings:
                    yield finding, entry
            if group is Group.CALLOUTS:
                for finding in self.apart:
                    yield finding, None


def triage(report: Report) -> Triage:
    """Put every finding to its entry (by place, else by number) and every entry into its group.

    >>> from refcheck.model import Manuscript
    >>> r = Reference(number=1, span=Span(0, 20))
    >>> found = Finding(code="REF401", name="retracted", severity=Severity.ERROR, message="", span=Span(0, 20))
    >>> m = Manuscript(name="m", text="Lee. Exosomes. 2023.", references=(r,))
    >>> [e.group.value for e in triage(Report(manuscript=m, findings=(found,))).entries]
    ['retracted']
    """
    items = _items(report)
    owned: list[list[Finding]] = [[] for _ in items]
    apart: list[Finding] = []
    for finding in report.findings:
        owner = _owner(finding, items)
        (apart if owner is None else owned[owner]).append(finding)
    entries = tuple(
        Entry(reference=r, match=m, findings=tuple(sorted(f, key=_weight)), group=_group(m, f), position=i)
        for i, ((r, m), f) in enumerate(zip(items, owned, strict=True))
    )
    return Triage(entries=entries, apart=tuple(apart))


def _items(report: Report) -> list[tuple[Reference, Match | None]]:
    """Every reference of the list with its match; works printed under one number stand one by one."""
    matches = {(m.reference.span, m.reference.raw): m for m in report.matches}
    out: list[tuple[Reference, Match | None]] = []
    for reference in report.manuscript.references:
        for part in reference.parts or (reference,):
            out.append((part, matches.pop((part.span, part.raw), None)))
    out.extend((m.reference, m) for m in matches.values())
    return out


def _owner(finding: Finding, items: Sequence[tuple[Reference, Match | None]]) -> int | None:
    if finding.span is not None:
        for i, (reference, _) in enumerate(items):
            if reference.span.start <= finding.span.start and finding.span.end <= reference.span.end:
                return i
        for i, (reference, _) in enumerate(items):  # an entry whose parts stand apart owns what covers them all
            if finding.span.start <= reference.span.start and reference.span.end <= finding.span.end:
                return i
        return None
    if finding.number is not None and finding.code not in _CALLOUTS:
        for i, (reference, _) in enumerate(items):
            if reference.number == finding.number:
                return i
    return None


def _weight(finding: Finding) -> tuple[bool, bool, int]:
    severity = (Severity.ERROR, Severity.WARNING, Severity.NOTE).index(finding.severity)
    return finding.code not in _RETRACTED, finding.code not in _ELSEWHERE, severity


def _group(match: Match | None, findings: Sequence[Finding]) -> Group:
    codes = {f.code for f in findings}
    alarms = {f.code for f in findings if f.severity is not Severity.NOTE}
    weighty = [f for f in findings if f.code not in _CALLOUTS]
    if alarms & _RETRACTED:
        return Group.RETRACTED
    if alarms & _ELSEWHERE:
        return Group.ELSEWHERE
    if any(f.severity is Severity.ERROR and f.code not in _NOT_FOUND | _UNCHECKED for f in weighty):
        return Group.MAJOR
    if codes & _NOT_FOUND:
        return Group.NOT_FOUND
    if codes & _UNCHECKED or match is None or match.verdict is Verdict.UNCHECKED:
        return Group.UNCHECKED
    if codes & _CALLOUTS:
        return Group.CALLOUTS
    if any(f.severity is Severity.WARNING for f in findings):
        return Group.MINOR
    if findings:
        return Group.NOTES
    if match.verdict is not Verdict.MATCHED:
        return Group.NOT_FOUND  # its finding was waived: still no record, so it is not called fine
    return Group.FINE


def printed_value(report: Report, finding: Finding) -> str:
    """What a finding says is printed, as a reader sees it: without the braces of BibTeX.

    >>> from refcheck.model import Manuscript
    >>> bib = Report(manuscript=Manuscript(name="m", text="", format="bibtex"))
    >>> f = Finding(code="REF301", name="x", severity=Severity.ERROR, message="", printed="MSC}-exosome")
    >>> printed_value(bib, f)
    'MSC-exosome'
    """
    value = finding.printed
    return value.replace("{", "").replace("}", "") if report.manuscript.format == "bibtex" else value


def is_file_text(manuscript: Manuscript) -> bool:
    """Whether `Manuscript.text` is the file itself (but for its line ends), so that lines and corrections are the
    file's own. A text that cites by key has its list printed at the end by the reader: that is not in the file.
    """
    return manuscript.format == "bibtex" or (
        manuscript.format in ("text", "markdown") and manuscript.scheme is not Scheme.KEY
    )


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, the column in Unicode characters.

    >>> place("ab\\ncd", 4)
    (2, 2)
    """
    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


@lru_cache(maxsize=2)
def _line_starts(text: str) -> tuple[int, ...]:
    """Where each line begins; kept, since a report asks for the place of every callout of one text."""
    return (0, *(m.end() for m in re.finditer("\n", text)))


def tight(report: Report, finding: Finding) -> Span | None:
    """The span of the printed value, where it can be told: the finding's own span, or the only place inside it
    where the printed value stands; None where the finding is about the whole entry.

    >>> from refcheck.model import Manuscript
    >>> r = Report(manuscript=Manuscript(name="m", text="Lee. Exosomes. 2023."))
    >>> f = Finding(code="REF303", name="year-mismatch", severity=Severity.ERROR, message="", field="year",
    ...     printed="2023", recorded="2022", span=Span(0, 20))
    >>> tight(r, f)
    Span(start=15, end=19)
    """
    if finding.span is None or not finding.recorded or not finding.field:
        return None
    text = report.manuscript.text[slice(*finding.span)]
    if compact(text) == compact(finding.printed):
        return finding.span
    if finding.printed and text.count(finding.printed) == 1:
        start = finding.span.start + text.index(finding.printed)
        return Span(start, start + len(finding.printed))
    entries = {part.span for r in report.manuscript.references for part in (r, *r.parts)}
    return None if finding.span in entries else finding.span


def query_place(report: Report, finding: Finding, entry: Entry | None) -> Span:
    """Where a finding is shown in the text: at the printed value where that can be told, else at its own place, else
    at its entry; the beginning of the text where it has none.
    """
    if finding.span is not None:
        return tight(report, finding) or finding.span
    return entry.reference.span if entry else Span(0, 0)
