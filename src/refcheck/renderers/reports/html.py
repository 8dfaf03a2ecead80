"""The report as one HTML file: no outside resource, printable, usable by keyboard and screen reader.

All foreign text passes `escaped`, all links `link`; see `markup`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from refcheck.model import Candidate, Finding, Report, Severity, Span, Verdict, Waiver, Work
from refcheck.renderers.author_queries import Query, is_query, numbered_queries, render_queries, source_name
from refcheck.renderers.reports.page import document, escaped, link, mark
from refcheck.renderers.triage import TITLES, Entry, Group, Triage, printed_value, tight, triage
from refcheck.renderers.word_changes import Change, changes, marked
from refcheck.text import plain, squeeze

# A sign for each group, so that nothing is told by colour alone.
_GLYPHS = {
    Group.RETRACTED: "✕", Group.ELSEWHERE: "⇄", Group.MAJOR: "!", Group.NOT_FOUND: "?", Group.UNCHECKED: "–",
    Group.CALLOUTS: "¶", Group.MINOR: "≈", Group.NOTES: "i", Group.FINE: "✓",
}  # fmt: skip
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "note"}

# How much of the text stands around a callout in the report, in characters on each side.
_AROUND = 90

Asked = Mapping[int, Query]  # by the identity of the finding


def render_html(report: Report, *, language: str = "en") -> str:
    """The report as one HTML page; `language` is that of the author queries.

    >>> from refcheck.model import Manuscript
    >>> page = render_html(Report(manuscript=Manuscript(name="<b>.md", text="")))
    >>> "&lt;b&gt;.md" in page, "<b>" in page
    (True, False)
    """
    sorted_out = _calmed(triage(report))
    asked = {id(q.finding): q for q in numbered_queries(report, language=language)}
    return document(
        f"References of {report.manuscript.name}",
        f'<a class="skip" href="#findings">Skip to the findings</a>\n'
        f"{_header(report, sorted_out, language)}\n"
        f'<main id="findings">\n{"".join(_sections(report, sorted_out, asked))}</main>\n'
        f"{_footer(report)}\n",
    )


def _calmed(sorted_out: Triage) -> Triage:
    """Entries that merely print no DOI among the fine ones: most journals ask for none, and a list in which every
    entry has a note would show an editor nothing. The note stands at the entry all the same.
    """

    def group(entry: Entry) -> Group:
        merely = entry.group is Group.NOTES and all(f.code == "REF204" for f in entry.findings)
        return Group.FINE if merely else entry.group

    return replace(sorted_out, entries=tuple(replace(e, group=group(e)) for e in sorted_out.entries))


def _anchor(entry: Entry) -> str:
    return f"r{entry.position + 1}"


def _header(report: Report, sorted_out: Triage, language: str) -> str:
    manuscript, counts = report.manuscript, report.counts
    total = len(sorted_out.entries)
    busy = total - len(sorted_out.of(Group.FINE)) - len(sorted_out.of(Group.NOTES))
    cells = "".join(
        f'<li><a class="cell {e.group}" href="#{_anchor(e)}" title="{escaped(TITLES[e.group][0])}">'
        f'<span class="glyph" aria-hidden="true">{_GLYPHS[e.group]}</span>'
        f'<span class="unseen">Reference </span>{escaped(e.label)}'
        f'<span class="unseen">: {escaped(TITLES[e.group][0])}</span></a></li>\n'
        for e in sorted_out.entries
    )
    tally = "".join(
        f'<li><a class="{g}" href="#g-{g}"><span aria-hidden="true">{_GLYPHS[g]}</span> '
        f"{escaped(TITLES[g][0])}: {_size(sorted_out, g)}</a></li>\n"
        for g in Group
        if _size(sorted_out, g)
    )
    options = "".join(f'<option value="{g}">{escaped(TITLES[g][0])}</option>' for g in Group if _size(sorted_out, g))
    queries = (
        '<button type="button" data-copy="all-queries" hidden>Copy all queries</button>'
        f'<pre id="all-queries" hidden>{escaped(render_queries(report, language=language))}</pre>'
        if any(is_query(f) for f in report.findings)
        else ""
    )
    return (
        f"<header>\n<h1>References of {escaped(manuscript.name)}</h1>\n"
        f"<p>{total} {_many(total, 'reference')}, {busy} to look at: {counts['error']} major, {counts['warning']} "
        f"minor {_many(counts['warning'], 'finding')} and {counts['note']} {_many(counts['note'], 'note')}. "
        f"Callouts: {escaped(manuscript.scheme_reason or str(manuscript.scheme))}.</p>\n"
        f'<nav aria-label="The list at a glance">\n<ol class="cells">\n{cells}</ol>\n'
        f'<ul class="counts">\n{tally}</ul>\n</nav>\n'
        f'<div class="tools" id="tools" role="search" hidden>\n'
        f'<label>Search <input type="search" id="search" autocomplete="off"></label>\n'
        f'<label>Show <select id="group"><option value="">everything</option>{options}</select></label>\n'
        f'<span id="shown" class="soft" role="status"></span>\n{queries}\n</div>\n'
        f'<p id="said" class="unseen" role="status"></p>\n</header>'
    )


def _many(count: int, noun: str) -> str:
    return noun if count == 1 else noun + "s"


def _size(sorted_out: Triage, group: Group) -> int:
    return len(sorted_out.of(group)) + (len(sorted_out.apart) if group is Group.CALLOUTS else 0)


def _sections(report: Report, sorted_out: Triage, asked: Asked) -> Iterator[str]:
    for group in Group:
        if not _size(sorted_out, group):
            continue
        title, explanation = TITLES[group]
        yield (
            f'<section id="g-{group}" data-group="{group}" aria-labelledby="h-{group}">\n'
            f'<h2 id="h-{group}"><span class="glyph" aria-hidden="true">{_GLYPHS[group]}</span> {escaped(title)} '
            f'<span class="soft">({_size(sorted_out, group)})</span></h2>\n<p class="soft">{escaped(explanation)}</p>\n'
        )
        if group is Group.CALLOUTS:
            for i, finding in enumerate(sorted_out.apart, 1):
                yield _apart(report, finding, f"c{i}", asked)
        for entry in sorted_out.of(group):
            yield _article(report, entry, asked)
        yield "</section>\n"


def _article(report: Report, entry: Entry, asked: Asked) -> str:
    anchor = _anchor(entry)
    found = "".join(_finding(report, f, entry, f"{anchor}-{i}", asked) for i, f in enumerate(entry.findings, 1))
    return (
        f'<article id="{anchor}" class="is-{entry.group}" data-group="{entry.group}" aria-labelledby="{anchor}-h">\n'
        f'<header><h3 id="{anchor}-h">Reference {escaped(entry.name)}</h3>'
        f'<span class="tag {entry.group}"><span aria-hidden="true">{_GLYPHS[entry.group]}</span> '
        f"{escaped(TITLES[entry.group][0])}</span></header>\n"
        f"<blockquote>{_printed(report, entry)}</blockquote>\n{found}{_records(entry)}</article>\n"
    )


def _printed(report: Report, entry: Entry) -> str:
    """The entry as printed, with the words that differ marked at their places."""
    span = entry.reference.span
    text = report.manuscript.text
    spots = [
        Span(at.start + s.start, at.start + s.end)
        for f in entry.findings
        if (at := tight(report, f)) is not None
        for s in ((Span(0, at.end - at.start),) if f.field == "doi" else marked(text[slice(*at)], f.recorded))
    ]
    if not text[slice(*span)]:
        return escaped(entry.reference.raw)
    return mark(text, span, spots)


def _finding(report: Report, finding: Finding, entry: Entry, anchor: str, asked: Asked) -> str:
    pair = _pair(report, finding) if finding.field and finding.printed and finding.recorded else ""
    record = entry.match.work if entry.match else None
    told_below = record is not None and record.url == finding.evidence
    evidence = "" if told_below else f'<p class="small">{link(finding.evidence, finding.evidence)}</p>\n'
    evidence = evidence if finding.evidence else ""
    return (
        f'<div class="finding">\n<h4>{escaped(finding.message)} <span class="soft small">{escaped(finding.code)} '
        f"{_SEVERITIES[finding.severity]}</span></h4>\n{pair}{evidence}"
        f"{_query(finding, anchor, asked)}</div>\n"
    )


def _query(finding: Finding, anchor: str, asked: Asked) -> str:
    query = asked.get(id(finding))
    if query is None:
        return ""
    button = f'<button type="button" data-copy="{anchor}-q" hidden>Copy query</button>'
    text = f'<span class="soft">AQ{query.number}</span> <span id="{anchor}-q">{escaped(query.text)}</span>'
    return f'<div class="query"><p>{text}</p>{button}</div>\n'


def _pair(report: Report, finding: Finding) -> str:
    """Printed and recorded side by side, with the differing words marked on both sides."""
    printed, recorded = squeeze(printed_value(report, finding)), plain(finding.recorded)
    whole = Change(Span(0, len(printed)), Span(0, len(recorded)))
    differing = (whole,) if finding.field == "doi" else changes(printed, recorded)
    left = mark(printed, Span(0, len(printed)), [c.printed for c in differing])
    right = mark(recorded, Span(0, len(recorded)), [c.recorded for c in differing])
    return (
        f'<dl class="pair"><div><dt>Printed</dt><dd>{left}</dd></div>'
        f"<div><dt>Recorded</dt><dd>{right}</dd></div></dl>\n"
    )


def _apart(report: Report, finding: Finding, anchor: str, asked: Asked) -> str:
    """A finding that stands at a callout, or at no place at all."""
    quote = ""
    if finding.span and finding.span.end > finding.span.start:
        text = report.manuscript.text
        around = Span(max(0, finding.span.start - _AROUND), min(len(text), finding.span.end + _AROUND))
        before = "… " if around.start else ""
        after = " …" if around.end < len(text) else ""
        quote = f"<blockquote>{before}{mark(text, around, [finding.span])}{after}</blockquote>\n"
    return (
        f'<article id="{anchor}" class="is-callouts" data-group="callouts" aria-labelledby="{anchor}-h">\n'
        f'<header><h3 id="{anchor}-h">{escaped(finding.message)}</h3>'
        f'<span class="soft small">{escaped(finding.code)} {_SEVERITIES[finding.severity]}</span></header>\n'
        f"{quote}{_query(finding, anchor, asked)}</article>\n"
    )


def _records(entry: Entry) -> str:
    """The record meant, or those that come near, each with its link and why it is (not) the one."""
    match = entry.match
    if match is None:
        return ""
    out: list[str] = []
    if match.work:
        out.append(f'<p>Record:</p>\n<ul class="records"><li>{_work(match.work)}</li></ul>\n')
    elif match.candidates:
        lead = "Records that would fit" if match.verdict is Verdict.AMBIGUOUS else "Nearest records, turned down"
        items = "".join(f"<li>{_candidate(c)}</li>\n" for c in match.candidates)
        out.append(f'<p>{lead}:</p>\n<ul class="records">{items}</ul>\n')
    for work, lead in ((match.doi_work, "The DOI names"), (match.locator_work, "At this volume and page stands")):
        if work:
            out.append(f'<p>{lead}:</p>\n<ul class="records"><li>{_work(work)}</li></ul>\n')
    if match.doi_suggestion:
        target = link(f"https://doi.org/{match.doi_suggestion}", match.doi_suggestion)
        out.append(f"<p>A DOI that one slip would explain: {target}</p>\n")
    said = [match.reason, match.disagreement, *(f"Not asked successfully: {u}" for u in match.unavailable)]
    out.extend(f'<p class="soft small">{escaped(s)}</p>\n' for s in said if s)
    return "".join(out)


def _candidate(candidate: Candidate) -> str:
    against = f" — {escaped(candidate.against)}" if candidate.against else ""
    return f'{_work(candidate.work)}{against} <span class="soft small">({candidate.confidence:.0%})</span>'


def _work(work: Work) -> str:
    """A record in one line, in the order of a Vancouver reference."""
    people = [f"{a.family} {a.given}".strip() for a in work.authors[:3]] + (["et al"] if len(work.authors) > 3 else [])
    locator = work.volume + (f"({work.issue})" if work.issue else "") + (f":{work.pages}" if work.pages else "")
    head = ". ".join(plain(p) for p in (", ".join(people), work.title, work.container) if p)
    tail = ";".join(plain(p) for p in (work.year, locator) if p)
    target = link(work.url, work.doi or work.url) if work.url else escaped(work.doi)
    source = f'<span class="soft small">{escaped(source_name(work.source))}</span>'
    return f"{escaped(head)}. {escaped(tail)}. {target} {source}"


def _footer(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escaped(source_name(e.source))}</td><td>{e.requests}</td><td>{e.cached}</td><td>{e.failed}</td>"
        f"<td>{escaped(e.since)}</td></tr>\n"
        for e in report.enquiries
    )
    asked = (
        '<table><thead><tr><th scope="col">Asked</th><th scope="col">Requests</th><th scope="col">Answered from cache'
        '</th><th scope="col">Failed</th><th scope="col">Since (UTC)</th></tr></thead>\n'
        f"<tbody>{rows}</tbody></table>\n"
        if rows
        else "<p>Nobody was asked.</p>\n"
    )
    out = [
        '<h2 id="asked">What was asked, of whom, when</h2>\n',
        "<p>Only the text of reference entries was sent; nothing else of the manuscript left this computer.</p>\n"
        if any(e.requests for e in report.enquiries)
        else "<p>Nothing was sent from this computer.</p>\n",
        asked,
    ]
    unread = [r for r in report.manuscript.regions if r.kind == "unreadable"]
    if unread:
        items = "".join(f"<li>{escaped(r.label or 'Part of the file')}: {escaped(r.reason)}</li>\n" for r in unread)
        out.append(f"<h2>What could not be read</h2>\n<ul>{items}</ul>\n")
    if report.waived or report.idle_waivers:
        items = "".join(f"<li>{_left(f, w)}</li>\n" for f, w in report.waived)
        for waiver, why in report.idle_waivers:
            named = " ".join(filter(None, (waiver.code, waiver.reference, waiver.doi)))
            items += f"<li>Waiver without effect ({escaped(why)}): {escaped(named)}</li>\n"
        out.append(f"<h2>What was left as it is</h2>\n<ul>{items}</ul>\n")
    out.append(
        '<p class="soft small">“Printed” is what stands in the manuscript, “recorded” what stands in the source. '
        "The record can be the one that is mistaken.</p>\n"
    )
    return f"<footer>\n{''.join(out)}</footer>"


def _left(finding: Finding, waiver: Waiver) -> str:
    entry = f" (reference {finding.number})" if finding.number is not None else ""
    by = f" by {waiver.by}" if waiver.by else ""
    why = f", {waiver.reason}" if waiver.reason else ""
    return escaped(f"{finding.code}{entry}: {finding.message} — left{by}{why}")
