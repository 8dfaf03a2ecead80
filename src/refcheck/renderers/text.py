"""The report for a person at a terminal: what needs action comes first, what is fine takes one line.

All that comes from a manuscript or a source is made safe by `printable` before it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rich.console import Console
from rich.console import Group as Rows
from rich.padding import Padding
from rich.text import Text

from refcheck.identifiers import link_doi
from refcheck.model import Finding, Match, Report, Severity, Span, Verdict
from refcheck.renderers.changes import changes, marked
from refcheck.renderers.terminal import (
    WIDTH,
    console,
    counted,
    hanging,
    record_line,
    safe,
    verdict_sentence,
    what_was_read,
    written,
)
from refcheck.renderers.triage import TITLES, Entry, Group, place, triage
from refcheck.text import printable, squeeze, unwrap

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def render_text(report: Report, *, color: bool = False, width: int = WIDTH) -> str:
    """The report as text, at most `width` columns wide; `color` is for terminals.

    >>> from refcheck.model import Manuscript
    >>> print(render_text(Report(manuscript=Manuscript(name="a.md", text=""))).splitlines()[0])
    a.md (text): 0 references and 0 callouts were read, in no clear scheme.
    """
    out = console(color, width)
    _head(out, report)
    sorted_out = triage(report)
    for group in Group:
        entries = sorted_out.of(group)
        apart = sorted_out.apart if group is Group.CALLOUTS else ()
        if group is Group.FINE or not (entries or apart):
            continue
        out.print()
        title, explanation = TITLES[group]
        heading = f"{title} ({len(entries) + len(apart)})"
        out.print(Text(heading, style="bold"))
        out.print("─" * min(len(heading), out.width), style="dim")
        out.print(Text(explanation, style="dim"))
        for finding in apart:
            _apart(out, report, finding)
        for entry in entries:
            if not _lacks_only_its_doi(entry):
                _entry(out, report, entry)
        _dois(out, [e for e in entries if _lacks_only_its_doi(e)])
    out.print()
    _fine(out, sorted_out.of(Group.FINE), len(sorted_out.entries), bool(report.findings))
    _foot(out, report)
    return written(out)


# -- head and foot ------------------------------------------------------------------------------------------------


def _head(out: Console, report: Report) -> None:
    out.print(what_was_read(report.manuscript))
    counts = [counted(n, severity) for severity, n in report.counts.items() if n]
    if counts:
        out.print(Text(", ".join(counts) + "."))


def _fine(out: Console, fine: Sequence[Entry], all_entries: int, found: bool) -> None:
    if not fine:
        return
    if len(fine) == all_entries and not found:
        out.print(Text(f"Nothing to report: each of {counted(all_entries, 'reference')} agrees with its record."))
    else:
        agree = "agrees with its record" if len(fine) == 1 else "agree with their records"
        out.print(safe(f"Nothing to report on {counted(len(fine), 'reference')}, which {agree}: {_runs(fine)}."))


def _runs(entries: Sequence[Entry]) -> str:
    """The labels, with runs of numbers drawn together: 1–3, 5."""
    labels = [e.label for e in entries]
    if not all(label.isdecimal() for label in labels):
        return ", ".join(labels)
    numbers = sorted({int(label) for label in labels})
    breaks = [i + 1 for i, (a, b) in enumerate(pairwise(numbers)) if b != a + 1]
    runs = [numbers[i:j] for i, j in pairwise([0, *breaks, len(numbers)])]
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run))
        for run in runs
    )  # fmt: skip


def _foot(out: Console, report: Report) -> None:
    if report.waived:
        out.print(Text(f"Left as decided before: {counted(len(report.waived), 'finding')}."))
    for waiver, why in report.idle_waivers:
        what = " ".join(filter(None, [waiver.code, waiver.doi, waiver.reference]))
        out.print(safe(f"The waiver of {what} has no effect ({why})."))
    unchecked = sorted({reason for m in report.matches for reason in m.unavailable})
    if unchecked:
        n = sum(bool(m.unavailable) for m in report.matches)
        out.print(safe(f"{counted(n, 'reference')} could not be checked: {'; '.join(unchecked)}.", "bold yellow"))
    for e in report.enquiries:
        if not (e.requests or e.cached or e.failed):
            out.print(safe(f"Looked up in {e.source}, without any request.", "dim"))
            continue
        kept = f", {e.cached} answered from the cache" if e.cached else ""
        failed = f", {e.failed} failed" if e.failed else ""
        out.print(safe(f"Asked {e.source}: {counted(e.requests, 'request')}{kept}{failed}.", "dim"))


# -- entries and findings -----------------------------------------------------------------------------------------


def _entry(out: Console, report: Report, entry: Entry) -> None:
    out.print()
    rows: list[Text | Padding] = [_printed(report, entry)]
    for finding in entry.findings:
        rows.extend(_finding(report, finding, entry.match))
    match = entry.match
    if match and match.work:
        rows.append(record_line(match.work))
    elif match:
        if not entry.findings:
            rows.append(safe(verdict_sentence(match), "dim"))
        for candidate in match.candidates[:3]:
            rows.append(record_line(candidate.work, "perhaps " if match.verdict is Verdict.AMBIGUOUS else "nearest "))
    hanging(out, entry.label, Rows(*rows))


def _lacks_only_its_doi(entry: Entry) -> bool:
    return bool(entry.findings) and all(f.code == "REF204" for f in entry.findings) and entry.group is Group.NOTES


def _dois(out: Console, entries: Sequence[Entry]) -> None:
    """The DOIs that could be printed, in one list: many journals ask for none, so they must not fill the page."""
    if not entries:
        return
    out.print()
    have = "whose record has one" if len(entries) == 1 else "whose records have one"
    out.print(Text(f"REF204 missing-doi: no DOI is printed in {counted(len(entries), 'reference')} {have}:"))
    for entry in entries:
        if entry.match and entry.match.work:
            hanging(out, entry.label, safe(link_doi(entry.match.work.doi)))


def _apart(out: Console, report: Report, finding: Finding) -> None:
    out.print()
    rows = _finding(report, finding)
    if finding.span:
        rows.append(_context(report.manuscript.text, finding.span))
    hanging(out, "", Rows(*rows))


def _printed(report: Report, entry: Entry) -> Text:
    """The entry as printed, on one line, with the words marked that differ from the record."""
    reference = entry.reference
    line = unwrap(reference.raw)
    text = safe(line.text)
    for finding in entry.findings:
        if not (finding.span and finding.recorded) or finding.span == reference.span:
            continue
        start = finding.span.start - reference.span.start
        printed = reference.raw[start : finding.span.end - reference.span.start]
        for mark in marked(printed, finding.recorded):
            wanted = range(start + mark.start, start + mark.end)
            at = [i for i, origin in enumerate(line.at[:-1]) if origin in wanted]
            if at:
                text.stylize(_STYLE[finding.severity] + " underline", at[0], at[-1] + 1)
    return text[_label_end(line.text, reference.label) :]


def _label_end(line: str, label: str) -> int:
    """Where the entry begins behind its printed number, which stands in the margin already."""
    if not label or not line.startswith(label):
        return 0
    return len(line) - len(line[len(label) :].lstrip())


def _finding(report: Report, finding: Finding, match: Match | None = None) -> list[Text | Padding]:
    head = Text(f"{finding.severity} {finding.code} {finding.name}", style=_STYLE[finding.severity])
    if finding.span:
        head.append(f"  line {place(report.manuscript.text, finding.span.start)[0]}", style="dim")
    rows: list[Text | Padding] = [head, Padding(safe(squeeze(finding.message)), (0, 0, 0, 2))]
    if finding.printed and finding.recorded:
        printed, recorded = squeeze(finding.printed), squeeze(finding.recorded)
        pairs = changes(printed, recorded)
        rows.append(_side("printed ", printed, [c.printed for c in pairs]))
        rows.append(_side("recorded", recorded, [c.recorded for c in pairs]))
    if finding.evidence and not (match and match.work and finding.evidence == link_doi(match.work.doi)):
        rows.append(Padding(safe(finding.evidence, "dim"), (0, 0, 0, 2)))
    return rows


def _side(label: str, value: str, marks: Iterable[Span]) -> Padding:
    text = safe(value)
    for mark in marks:
        if mark.end > mark.start:
            text.stylize("bold underline", *mark)
    return Padding(Text.assemble((f"{label}  ", "dim"), text), (0, 0, 0, 2))


def _context(text: str, span: Span) -> Text:
    """A callout within its sentence."""
    before = squeeze(text[max(0, span.start - 60) : span.start])
    after = squeeze(text[span.end : span.end + 30])
    return Text.assemble(
        ("… ", "dim"), (printable(before), "dim"), " ", (printable(squeeze(text[slice(*span)])), "bold"),
        (" " + printable(after) + " …", "dim"),
    )  # fmt: skip
