"""The report for a person at a terminal: what needs action comes first, what is fine takes one line.

All that comes from a manuscript or a source is made safe by `printable` before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import pairwise

from rich.console import Console
from rich.console import Group as Rows
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from refcheck.identifiers import link_doi
from refcheck.model import Biblio, Finding, Manuscript, Match, Report, Scheme, Severity, Span, Verdict, Work
from refcheck.renderers.changes import changes, marked
from refcheck.renderers.triage import TITLES, Entry, Group, place, triage
from refcheck.text import printable, unwrap

_WIDTH = 100  # columns, where the output is no terminal
_NARROWEST = 30
_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_SCHEMES = {
    Scheme.BRACKET: "numbers in brackets [1]",
    Scheme.PAREN: "numbers in parentheses (1)",
    Scheme.SUPERSCRIPT: "raised numbers ¹",
    Scheme.AUTHOR_YEAR: "author and year",
    Scheme.KEY: "citation keys",
    Scheme.UNCLEAR: "in no clear scheme",
}


def render_text(report: Report, *, color: bool = False, width: int = _WIDTH) -> str:
    """The report as text, at most `width` columns wide; `color` is for terminals.

    >>> print(render_text(Report(manuscript=Manuscript(name="a.md", text=""))).splitlines()[0])
    a.md (text): 0 references and 0 callouts were read, in no clear scheme.
    """
    out = _console(color, width)
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
            _entry(out, report, entry)
    out.print()
    _fine(out, sorted_out.of(Group.FINE), len(sorted_out.entries), bool(report.findings))
    _foot(out, report)
    return _text(out)


def render_reading(manuscript: Manuscript, *, color: bool = False, width: int = _WIDTH) -> str:
    """What was read, without any look-up: each reference with its fields, each callout with its numbers."""
    out = _console(color, width)
    out.print(_reading(manuscript))
    for i, reference in enumerate(manuscript.references, start=1):
        out.print()
        label = str(reference.number) if reference.number is not None else reference.key or f"#{i}"
        for part in reference.parts or (reference,):
            _hang(out, label, Rows(_safe(_line(part.raw)), _fields(part)))
    if manuscript.callouts:
        out.print()
    for callout in manuscript.callouts:
        line, column = place(manuscript.text, callout.span.start)
        numbers = ", ".join(map(str, callout.numbers)) or ", ".join(callout.keys)
        problem = f" ({callout.problem})" if callout.problem else ""
        out.print(_safe(f"line {line}, column {column}: {_line(callout.text)} cites {numbers}{problem}"))
    return _text(out)


def render_match(match: Match, *, color: bool = False, width: int = _WIDTH) -> str:
    """The answer to a look-up: the record meant, or the nearest ones and why none of them is certain."""
    out = _console(color, width)
    if match.work:
        out.print(_record(match.work))
        out.print(_fields(match.work))
        for notice in match.work.notices:
            told = " ".join(filter(None, [notice.kind.replace("_", " "), notice.date, link_doi(notice.doi)]))
            out.print(_safe(f"{told} ({notice.asserted_by})" if notice.asserted_by else told), style="bold red")
        if match.verdict is Verdict.MATCHED:
            out.print(Text(f"confidence {match.confidence:.3f}, from {printable(match.work.source)}", style="dim"))
    else:
        out.print(_safe(_sentence(match)))
        for candidate in match.candidates:
            why = f": {candidate.against}" if candidate.against else ""
            _hang(out, f"{candidate.confidence:.2f}", Rows(_record(candidate.work), _safe(_line(why.lstrip(": ")))))
    for reason in match.unavailable:
        out.print(_safe(reason), style="yellow")
    return _text(out)


def _console(color: bool, width: int) -> Console:
    return Console(
        file=StringIO(),
        force_terminal=color,
        color_system="standard" if color else None,
        width=max(width, _NARROWEST),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def _text(out: Console) -> str:
    assert isinstance(out.file, StringIO)
    return "\n".join(line.rstrip() for line in out.file.getvalue().splitlines()) + "\n"


def _safe(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _hang(out: Console, label: str, body: Text | Rows) -> None:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", min_width=4, no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    grid.add_row(_safe(label, "bold"), body)
    out.print(grid)


# -- head and foot ------------------------------------------------------------------------------------------------


def _reading(manuscript: Manuscript) -> Text:
    n, c = len(manuscript.references), len(manuscript.callouts)
    return _safe(
        f"{_line(manuscript.name) or 'references'} ({manuscript.format}): {_count(n, 'reference')} and "
        f"{_count(c, 'callout')} were read, {_SCHEMES[manuscript.scheme]}."
    )


def _count(n: int, thing: str) -> str:
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def _head(out: Console, report: Report) -> None:
    out.print(_reading(report.manuscript))
    counts = [_count(n, severity) for severity, n in report.counts.items() if n]
    if counts:
        out.print(Text(", ".join(counts) + "."))


def _fine(out: Console, fine: Sequence[Entry], all_entries: int, found: bool) -> None:
    if not fine:
        return
    if len(fine) == all_entries and not found:
        out.print(Text(f"Nothing to report: each of {_count(all_entries, 'reference')} agrees with its record."))
    else:
        agree = "agrees with its record" if len(fine) == 1 else "agree with their records"
        out.print(_safe(f"Nothing to report on {_count(len(fine), 'reference')}, which {agree}: {_runs(fine)}."))


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
        out.print(Text(f"Left as decided before: {_count(len(report.waived), 'finding')}."))
    for waiver, why in report.idle_waivers:
        what = " ".join(filter(None, [waiver.code, waiver.doi, waiver.reference]))
        out.print(_safe(f"The waiver of {what} has no effect ({why})."))
    unchecked = sorted({reason for m in report.matches for reason in m.unavailable})
    if unchecked:
        n = sum(bool(m.unavailable) for m in report.matches)
        out.print(_safe(f"{_count(n, 'reference')} could not be checked: {'; '.join(unchecked)}.", "bold yellow"))
    for e in report.enquiries:
        if not (e.requests or e.cached or e.failed):
            out.print(_safe(f"Looked up in {e.source}, without any request.", "dim"))
            continue
        kept = f", {e.cached} answered from the cache" if e.cached else ""
        failed = f", {e.failed} failed" if e.failed else ""
        out.print(_safe(f"Asked {e.source}: {_count(e.requests, 'request')}{kept}{failed}.", "dim"))


# -- entries and findings -----------------------------------------------------------------------------------------


def _entry(out: Console, report: Report, entry: Entry) -> None:
    out.print()
    rows: list[Text | Padding] = [_printed(report, entry)]
    for finding in entry.findings:
        rows.extend(_finding(report, finding, entry.match))
    match = entry.match
    if match and match.work:
        rows.append(_record(match.work))
    elif match:
        if not entry.findings:
            rows.append(_safe(_sentence(match), "dim"))
        for candidate in match.candidates[:3]:
            rows.append(_record(candidate.work, "perhaps " if match.verdict is Verdict.AMBIGUOUS else "nearest "))
    _hang(out, entry.label, Rows(*rows))


def _apart(out: Console, report: Report, finding: Finding) -> None:
    out.print()
    rows = _finding(report, finding)
    if finding.span:
        rows.append(_context(report.manuscript.text, finding.span))
    _hang(out, "", Rows(*rows))


def _printed(report: Report, entry: Entry) -> Text:
    """The entry as printed, on one line, with the words marked that differ from the record."""
    reference = entry.reference
    line = unwrap(reference.raw)
    text = _safe(line.text)
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
    rows: list[Text | Padding] = [head, Padding(_safe(_line(finding.message)), (0, 0, 0, 2))]
    if finding.printed and finding.recorded:
        printed, recorded = _line(finding.printed), _line(finding.recorded)
        pairs = changes(printed, recorded)
        rows.append(_side("printed ", printed, [c.printed for c in pairs]))
        rows.append(_side("recorded", recorded, [c.recorded for c in pairs]))
    if finding.evidence and not (match and match.work and finding.evidence == link_doi(match.work.doi)):
        rows.append(Padding(_safe(finding.evidence, "dim"), (0, 0, 0, 2)))
    return rows


def _side(label: str, value: str, marks: Iterable[Span]) -> Padding:
    text = _safe(value)
    for mark in marks:
        if mark.end > mark.start:
            text.stylize("bold underline", *mark)
    return Padding(Text.assemble((f"{label}  ", "dim"), text), (0, 0, 0, 2))


def _context(text: str, span: Span) -> Text:
    """A callout within its sentence."""
    before = _line(text[max(0, span.start - 60) : span.start])
    after = _line(text[span.end : span.end + 30])
    return Text.assemble(
        ("… ", "dim"), (printable(before), "dim"), " ", (printable(_line(text[slice(*span)])), "bold"),
        (" " + printable(after) + " …", "dim"),
    )  # fmt: skip


def _sentence(match: Match) -> str:
    if match.reason:
        return _line(match.reason)
    return {
        Verdict.MATCHED: "One record is meant.",
        Verdict.AMBIGUOUS: "Several records may be meant.",
        Verdict.ABSENT: "No source has a record of it. This says nothing about whether the work exists.",
        Verdict.UNCHECKED: "It was not looked up.",
    }[match.verdict]


def _record(work: Work, before: str = "record ") -> Text:
    """A record in one line, in the order of a reference."""
    names = [f"{a.family} {a.given}".strip() for a in work.authors[:3]] + (["et al"] if len(work.authors) > 3 else [])
    locator = work.volume + (f"({work.issue})" if work.issue else "") + (f":{work.pages}" if work.pages else "")
    issued = work.year + (f";{locator}" if locator else "")
    line = ". ".join(filter(None, [", ".join(names), work.title.rstrip("."), work.container, issued]))
    return _safe(before + _line(f"{line}. {link_doi(work.doi) or work.url}"), "dim")


def _fields(biblio: Biblio) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    authors = "; ".join(", ".join(filter(None, [a.family, a.given, a.suffix])) for a in biblio.authors)
    rows = {"authors": authors} | {
        key: getattr(biblio, key) for key in ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid")
    }
    for key, value in rows.items():
        if value:
            grid.add_row(key, _safe(_line(value)))
    return grid
