"""The report for a person at a terminal: what needs action comes first, what is fine takes one line.

All that comes from a manuscript or a source is made safe by `printable` before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.console import Group as Rows
from rich.padding import Padding
from rich.text import Text

from refcheck.identifiers import link_doi
from refcheck.model import Agreement, Finding, Match, Report, Severity, Span, Verdict
from refcheck.renderers.overview import (
    Overview,
    age,
    many,
    outage,
    overview,
    runs,
    source_name,
    told_apart,
)
from refcheck.renderers.reports.terminal_text import (
    WIDTH,
    all_agree,
    console,
    hanging,
    record_line,
    safe,
    verdict_sentence,
    what_was_read,
    written,
)
from refcheck.renderers.triage import TITLES, Entry, Group, is_file_text, place, triage
from refcheck.renderers.word_changes import changes, marked
from refcheck.text import printable, squeeze, unwrap

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_MISSING_DOI = "REF204"
_LIKELY = 0.02  # probability from which a record that is not certain is worth showing


def render_text(report: Report, *, color: bool = False, width: int = WIDTH) -> str:
    """The report as text, at most `width` columns wide; `color` is for terminals.

    >>> from refcheck.model import Manuscript
    >>> print(render_text(Report(manuscript=Manuscript(name="a.md", text=""))).splitlines()[0])
    a.md (text): 0 references and no callouts were read.
    """
    out = console(color, width)
    sorted_out = triage(report)
    seen = overview(report, sorted_out)
    _head(out, report, seen)
    for group in Group:
        entries = sorted_out.of(group)
        if group in (Group.NOTES, Group.UNCHECKED):
            entries = tuple(e for e in entries if _told(e) or not e.findings)
        apart = sorted_out.apart if group is Group.CALLOUTS else ()
        if group is Group.FINE or not (entries or apart):
            continue
        title, explanation = TITLES[group]
        _heading(out, f"{title} ({len(entries) + len(apart)})", explanation)
        for finding in apart:
            _apart(out, report, finding)
        for entry in entries:
            _entry(out, report, entry)
    _dois(out, sorted_out.entries)
    out.print()
    if not (report.findings and _quiet(report, seen)):
        _fine(out, sorted_out.of(Group.FINE), len(sorted_out.entries), bool(report.findings))
    _foot(out, report)
    return written(out)


def _heading(out: Console, title: str, explanation: str) -> None:
    out.print()
    out.print(Text(title, style="bold"))
    out.print("─" * min(len(title), out.width), style="dim")
    out.print(Text(explanation, style="dim"))


# -- head and foot ------------------------------------------------------------------------------------------------


def _head(out: Console, report: Report, seen: Overview) -> None:
    if not seen.complete:
        out.print(safe(seen.head, "bold yellow"))
        for line in seen.unchecked:
            out.print(safe(line, "yellow"))
    out.print(what_was_read(report.manuscript))
    if not report.findings:
        return
    if _quiet(report, seen):
        out.print(Text(f"Nothing needs action: {all_agree(len(report.matches))} ({seen.tally})."))
    else:
        out.print(Text(f"{seen.head} {seen.tally}." if seen.complete else f"{seen.tally}."))


def _quiet(report: Report, seen: Overview) -> bool:
    return not (seen.errors or seen.warnings) and bool(report.matches) and all(m.work for m in report.matches)


def _fine(out: Console, fine: Sequence[Entry], all_entries: int, found: bool) -> None:
    if not fine:
        return
    if len(fine) == all_entries and not found:
        out.print(Text(f"Nothing to report: {all_agree(all_entries)}."))
    else:
        agree = "agrees with its record" if len(fine) == 1 else "agree with their records"
        out.print(safe(f"Nothing to report on {many(len(fine), 'reference')}, which {agree}: {runs(fine)}."))


def _foot(out: Console, report: Report) -> None:
    if report.waived:
        out.print(Text(f"Left as decided before: {many(len(report.waived), 'finding')}."))
    for waiver, why in report.idle_waivers:
        what = " ".join(filter(None, [waiver.code, waiver.doi, waiver.reference]))
        out.print(safe(f"The waiver of {what} has no effect ({why})."))
    settled = [m for m in report.matches if m.unavailable and m.verdict is not Verdict.UNCHECKED]
    if settled:
        reasons = outage([u for m in settled for u in m.unavailable])
        out.print(safe(f"Of {many(len(settled), 'reference')} not every source could be asked: {reasons}.", "yellow"))
    for e in report.enquiries:
        if not (e.requests or e.cached or e.failed):
            out.print(safe(f"Looked up in {source_name(e.source)}, without any request.", "dim"))
            continue
        old = f" (up to {age(e.oldest)} old)" if e.oldest else ""
        kept = f", {e.cached} answered from the cache{old}" if e.cached else ""
        failed = f", {e.failed} failed" if e.failed else ""
        out.print(safe(f"Asked {source_name(e.source)}: {many(e.requests, 'request')}{kept}{failed}.", "dim"))


# -- entries and findings -----------------------------------------------------------------------------------------


def _entry(out: Console, report: Report, entry: Entry) -> None:
    out.print()
    rows: list[Text | Padding] = [_printed(report, entry)]
    for finding in _told(entry):
        rows.extend(_finding(report, finding, entry.match))
    match = entry.match
    if match and match.work:
        rows.append(record_line(match.work))
    elif match:
        if not entry.findings:
            rows.append(safe(verdict_sentence(match), "dim"))
        likely = [c for c in match.candidates if c.confidence >= _LIKELY][:3]
        rows.extend(
            record_line(c.work, "perhaps " if match.verdict is Verdict.AMBIGUOUS else "nearest ") for c in likely
        )
    hanging(out, entry.label, Rows(*rows))


def _told(entry: Entry) -> list[Finding]:
    """The findings that are told at the entry. Many journals ask for no DOI: these notes stand in one list."""
    return [f for f in entry.findings if f.code != _MISSING_DOI and not told_apart(f, entry)]


def _dois(out: Console, entries: Sequence[Entry]) -> None:
    lacking = [
        (e.label, e.match.work)
        for e in entries
        if e.match and e.match.work and any(f.code == _MISSING_DOI for f in e.findings)
    ]
    if not lacking:
        return
    _heading(out, f"DOIs that could be printed ({len(lacking)})", f"{_MISSING_DOI} missing-doi: the records have one.")
    for label, work in lacking:
        hanging(out, label, safe(link_doi(work.doi)))


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
    compared = _compared(finding, match)
    part = f" ({compared.part})" if compared and compared.part else ""
    head = Text(f"{finding.severity} {finding.code} {finding.name}{part}", style=_STYLE[finding.severity])
    if finding.span and is_file_text(report.manuscript):
        head.append(f"  line {place(report.manuscript.text, finding.span.start)[0]}", style="dim")
    said = compared.reason if compared else finding.message
    rows: list[Text | Padding] = [head]
    if said:
        rows.append(Padding(safe(squeeze(said)), (0, 0, 0, 2)))
    if finding.printed and finding.recorded:
        printed, recorded = squeeze(finding.printed), squeeze(finding.recorded)
        pairs = changes(printed, recorded)
        rows.append(_side("printed ", printed, [c.printed for c in pairs]))
        rows.append(_side("recorded", recorded, [c.recorded for c in pairs]))
    if finding.evidence and not (match and match.work and finding.evidence == link_doi(match.work.doi)):
        rows.append(Padding(safe(finding.evidence, "dim"), (0, 0, 0, 2)))
    return rows


def _compared(finding: Finding, match: Match | None) -> Agreement | None:
    """The comparison that a finding reports: both values are shown, so its message would only repeat them."""
    if not (match and finding.code.startswith("REF3") and finding.printed and finding.recorded):
        return None
    told = (finding.field, finding.printed, finding.recorded)
    return next((a for a in match.agreements if (a.field, a.printed, a.recorded) == told), None)


def _side(label: str, value: str, marks: Iterable[Span]) -> Padding:
    text = safe(value)
    for mark in marks:
        if mark.end > mark.start:
            text.stylize("bold underline", *mark)
    return Padding(Text.assemble((f"{label}  ", "dim"), text), (0, 0, 0, 2))


def _context(text: str, span: Span) -> Text:
    """A callout within its sentence."""
    before, here, after = text[max(0, span.start - 60) : span.start], text[slice(*span)], text[span.end : span.end + 30]
    parts = [printable(re.sub(r"\s+", " ", part)) for part in (before, here, after)]
    return Text.assemble(("…", "dim"), (parts[0], "dim"), (parts[1], "bold"), (parts[2] + "…", "dim"))
