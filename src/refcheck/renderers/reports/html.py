"""The report as one HTML file: no outside resource, printable, usable by keyboard and screen reader.

All foreign text passes `escaped`, all links `link`; see `markup`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from refcheck.identifiers import link_doi
from refcheck.model import Candidate, Finding, Report, Span, Verdict, Waiver, Work
from refcheck.renderers.author_queries import Query, is_query, numbered_queries, render_queries
from refcheck.renderers.overview import (
    Overview,
    age,
    outage,
    overview,
    runs,
    source_name,
    told_apart,
    unchecked,
)
from refcheck.renderers.reports.page import document, escaped, link, mark, version
from refcheck.renderers.triage import TITLES, Entry, Group, Triage, tight, triage, unlabelled
from refcheck.renderers.word_changes import Change, changes
from refcheck.text import plain

# A sign for each group, so that nothing is told by colour alone.
_GLYPHS = {
    Group.RETRACTED: "✕", Group.ELSEWHERE: "⇄", Group.MAJOR: "!", Group.NOT_FOUND: "?", Group.UNCHECKED: "–",
    Group.CALLOUTS: "¶", Group.MINOR: "≈", Group.NOTES: "i", Group.FINE: "✓",
}  # fmt: skip

# Groups that are folded up: one line says which references they hold.
_FOLDED = frozenset({Group.FINE, Group.UNCHECKED})
_MISSING_DOI = "REF204"
_FIELDS = {
    "title": "Title", "authors": "Authors", "year": "Year", "container": "Journal or book", "volume": "Volume",
    "issue": "Issue", "pages": "Pages", "doi": "DOI",
}  # fmt: skip
_LIKELY = 0.02  # probability from which a record that is not certain is worth showing
_ABOVE = 28  # characters of a recorded stretch that fit above the printed one on a narrow screen

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
    sorted_out = triage(report)
    seen = overview(report, sorted_out)
    asked = {id(q.finding): q for q in numbered_queries(report, language=language)}
    return document(
        f"References of {report.manuscript.name}",
        f'<a class="skip" href="#findings">Skip to the findings</a>\n'
        f"{_header(report, sorted_out, seen, language)}\n"
        f'<main id="findings">\n{"".join(_sections(report, sorted_out, seen, asked))}</main>\n'
        f"{_footer(report, language)}\n",
    )


def _anchor(entry: Entry) -> str:
    return f"r{entry.position + 1}"


def _header(report: Report, sorted_out: Triage, seen: Overview, language: str) -> str:
    manuscript = report.manuscript
    checked = "checked" if seen.complete else "checked failed"
    unasked = "".join(f"<p>{escaped(line)}</p>\n" for line in seen.unchecked)
    cells = "".join(
        f'<li><a class="cell {e.group}" href="#{_anchor(e)}" title="{escaped(TITLES[e.group][0])}">'
        f'<span class="glyph" aria-hidden="true">{_GLYPHS[e.group]}</span>'
        f'<span class="unseen">Reference </span>{escaped(e.label)}'
        f'<span class="unseen">: {escaped(TITLES[e.group][0])}</span></a></li>\n'
        for e in sorted_out.entries
    )
    tally = "".join(
        f'<li><a class="{g}" href="#g-{g}"><span aria-hidden="true">{_GLYPHS[g]}</span> '
        f"{escaped(TITLES[g][0])}: {size}</a></li>\n"
        for g, size in seen.sizes.items()
    )
    options = "".join(f'<option value="{g}">{escaped(TITLES[g][0])}</option>' for g in seen.sizes)
    queries = (
        '<button type="button" data-copy="all-queries" hidden>Copy all queries</button>'
        f'<pre id="all-queries" hidden>{escaped(render_queries(report, language=language))}</pre>'
        if any(is_query(f) for f in report.findings)
        else ""
    )
    return (
        f"<header>\n<h1>References of {escaped(manuscript.name)}</h1>\n"
        f'<p class="{checked}">{escaped(seen.head)}</p>\n{unasked}<p>{escaped(seen.tally)}. '
        f"Callouts: {escaped(manuscript.scheme_reason or str(manuscript.scheme))}.</p>\n"
        f'<nav aria-label="The list at a glance">\n<ol class="cells">\n{cells}</ol>\n'
        f'<ul class="counts">\n{tally}</ul>\n</nav>\n'
        f'<p id="said" class="unseen" role="status"></p>\n</header>\n'
        f'<div class="tools" id="tools" role="search" hidden>\n'
        f'<label>Search <input type="search" id="search" autocomplete="off"></label>\n'
        f'<label>Show <select id="group"><option value="">everything</option>{options}</select></label>\n'
        f'<span id="shown" class="soft" role="status"></span>\n{queries}\n</div>'
    )


def _sections(report: Report, sorted_out: Triage, seen: Overview, asked: Asked) -> Iterator[str]:
    for group in Group:
        if group not in seen.sizes:
            continue
        entries = "".join(_article(report, e, asked) for e in sorted_out.of(group))
        if group is Group.CALLOUTS:
            entries = "".join(_apart(report, f, f"c{i}", asked) for i, f in enumerate(sorted_out.apart, 1)) + entries
        title, explanation = TITLES[group]
        yield (
            f'<section id="g-{group}" data-group="{group}" aria-labelledby="h-{group}">\n'
            f'<h2 id="h-{group}"><span class="glyph" aria-hidden="true">{_GLYPHS[group]}</span> {escaped(title)} '
            f'<span class="soft">({seen.sizes[group]})</span></h2>\n<p class="soft">{escaped(explanation)}</p>\n'
        )
        if group in _FOLDED:
            labels = runs(sorted_out.of(group))
            yield f"<details><summary>References {escaped(labels)}</summary>\n{entries}</details>\n</section>\n"
        else:
            yield f"{entries}</section>\n"
    yield _dois(sorted_out)


def _dois(sorted_out: Triage) -> str:
    """The DOIs that are not printed, in one table: many journals ask for none."""
    lacking = [
        (e.label, e.match.work.doi)
        for e in sorted_out.entries
        if e.match and e.match.work and any(f.code == _MISSING_DOI for f in e.findings)
    ]
    rows = "".join(
        f'<tr><th scope="row">{escaped(label)}</th><td>{link(link_doi(doi), doi)}</td></tr>\n' for label, doi in lacking
    )
    if not rows:
        return ""
    return (
        '<section id="dois" aria-labelledby="h-dois">\n<h2 id="h-dois">DOIs that could be printed</h2>\n'
        '<div class="columns"><table class="dois"><thead class="unseen"><tr><th scope="col">Reference</th>'
        f'<th scope="col">DOI</th></tr></thead>\n<tbody>{rows}</tbody></table></div>\n</section>\n'
    )


def _article(report: Report, entry: Entry, asked: Asked) -> str:
    anchor = _anchor(entry)
    told = [f for f in entry.findings if f.code != _MISSING_DOI and not told_apart(f, entry)]
    items = "".join(f"<li>{_finding(report, f, entry)}</li>\n" for f in told)
    found = f'<ul class="findings">\n{items}</ul>\n' if items else ""
    return (
        f'<article id="{anchor}" class="is-{entry.group}" data-group="{entry.group}" aria-labelledby="{anchor}-h">\n'
        f'<h3 id="{anchor}-h"><span class="unseen">Reference </span>{escaped(entry.name)}</h3>\n'
        f'<div class="body">\n<blockquote>{_printed(report, entry)}</blockquote>\n{found}{_records(entry)}'
        f"{_queries(told, anchor, asked)}</div>\n</article>\n"
    )


def _printed(report: Report, entry: Entry) -> str:
    """The entry as printed, with the words that differ marked, and the recorded ones above them."""
    span = entry.reference.span
    text = report.manuscript.text
    if not text[slice(*span)]:
        return escaped(unlabelled(entry.reference))
    label = entry.reference.label
    start = span.start + (len(label) if label and text.startswith(label, span.start) else 0)
    start += len(text[start : span.end]) - len(text[start : span.end].lstrip())
    return mark(text, Span(start, span.end), [s for f in entry.findings for s in _spots(report, f)])


def _spots(report: Report, finding: Finding) -> Iterator[tuple[Span, str]]:
    """Where a finding marks the printed text, and what stands above: the recorded words, where they are short."""
    at = tight(report, finding)
    if at is None:
        return
    printed, recorded = report.manuscript.text[slice(*at)], plain(finding.recorded)
    found = [c for c in changes(printed, recorded) if c.printed.end > c.printed.start]
    if finding.field == "doi" or not found:
        found = [Change(Span(0, len(printed)), Span(0, len(recorded)))]
    for c in found:
        above = recorded[slice(*c.recorded)]
        fits = max(len(above), c.printed.end - c.printed.start) <= _ABOVE
        yield Span(at.start + c.printed.start, at.start + c.printed.end), above if fits else ""


def _is_told_above(report: Report, finding: Finding) -> bool:
    """Whether the printed line shows already all that a finding says."""
    spots = list(_spots(report, finding)) if finding.code.startswith("REF3") else []
    return bool(spots) and all(above for _, above in spots)


def _finding(report: Report, finding: Finding, entry: Entry) -> str:
    record = entry.match.work if entry.match else None
    told_below = record is not None and finding.evidence in (record.url, link_doi(record.doi))
    evidence = f" {link(finding.evidence, finding.evidence)}" if finding.evidence and not told_below else ""
    said = finding.message
    if _is_told_above(report, finding):
        said = finding.message if not finding.recorded else _short(finding, entry)
    code = f'<span class="soft small">{escaped(finding.code)}</span>'
    return f'<span class="severity {finding.severity}">{finding.severity}</span> {escaped(said)} {code}{evidence}'


def _short(finding: Finding, entry: Entry) -> str:
    agreements = entry.match.agreements if entry.match else ()
    told = (finding.field, finding.printed, finding.recorded)
    compared = next((a for a in agreements if (a.field, a.printed, a.recorded) == told), None)
    detail = compared.part if compared else ""
    return f"{_FIELDS.get(finding.field or '', finding.name)}{f' ({detail})' if detail else ''}"


def _queries(findings: Sequence[Finding], anchor: str, asked: Asked) -> str:
    queries = [q for f in findings if (q := asked.get(id(f)))]
    if not queries:
        return ""
    numbers = ", ".join(f"AQ{q.number}" for q in queries)
    items = "".join(_query(q, f"{anchor}-{i}") for i, q in enumerate(queries, 1))
    return f'<details class="queries"><summary>To the author: {numbers}</summary>\n{items}</details>\n'


def _query(query: Query, anchor: str) -> str:
    button = f'<button type="button" data-copy="{anchor}-q" hidden>Copy query</button>'
    text = f'<span class="soft">AQ{query.number}</span> <span id="{anchor}-q">{escaped(query.text)}</span>'
    return f'<div class="query"><p>{text}</p>{button}</div>\n'


def _apart(report: Report, finding: Finding, anchor: str, asked: Asked) -> str:
    """A finding that stands at a callout, or at no place at all."""
    quote = ""
    if finding.span and finding.span.end > finding.span.start:
        text = report.manuscript.text
        around = Span(max(0, finding.span.start - _AROUND), min(len(text), finding.span.end + _AROUND))
        before = "… " if around.start else ""
        after = " …" if around.end < len(text) else ""
        here = mark(text, around, [(finding.span, "")])
        quote = f"<blockquote>{before}{here}{after}</blockquote>\n"
    return (
        f'<article id="{anchor}" class="is-callouts" data-group="callouts" aria-labelledby="{anchor}-h">\n'
        f'<h3 id="{anchor}-h" class="wide"><span class="severity {finding.severity}">{finding.severity}</span> '
        f'{escaped(finding.message)} <span class="soft small">{escaped(finding.code)}</span></h3>\n'
        f'<div class="body">{quote}{_queries([finding], anchor, asked)}</div>\n</article>\n'
    )


def _records(entry: Entry) -> str:
    """The record meant, or those that may be, each with its link and why it is not certain."""
    match = entry.match
    if match is None:
        return ""
    out: list[str] = []
    likely = [c for c in match.candidates if c.confidence >= _LIKELY]
    if match.work:
        out.append(f'<p class="record">Recorded: {_work(match.work)}</p>\n')
    elif likely:
        lead = "Records that would fit" if match.verdict is Verdict.AMBIGUOUS else "Nearest record, turned down"
        shown = likely if match.verdict is Verdict.AMBIGUOUS else likely[:1]
        items = "".join(f"<li>{_candidate(c)}</li>\n" for c in shown)
        out.append(f'<p class="record">{lead}:</p>\n<ul class="records">{items}</ul>\n')
    codes = {f.code for f in entry.findings}
    for work, lead, code in (
        (match.doi_work, "The DOI names", "REF203"), (match.locator_work, "At this volume and page stands", "REF206"),
    ):  # fmt: skip
        if work and code not in codes:
            out.append(f'<p class="record">{lead}: {_work(work)}</p>\n')
    said = [match.disagreement, "" if entry.findings or match.work else match.reason]
    if match.unavailable and not unchecked(entry):
        said.append(f"{outage(match.unavailable)}.")
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


def _footer(report: Report, language: str) -> str:
    rows = "".join(
        f"<tr><td>{escaped(source_name(e.source))}</td><td>{e.requests}</td>"
        f"<td>{e.cached}{f' (up to {age(e.oldest)} old)' if e.oldest else ''}</td><td>{e.failed}</td>"
        f"<td>{escaped(e.since)}</td></tr>\n"
        for e in report.enquiries
    )
    asked = (
        '<div class="scroll" role="region" tabindex="0" aria-labelledby="asked"><table>'
        '<thead><tr><th scope="col">Asked</th><th scope="col">Requests</th><th scope="col">Answered from cache'
        '</th><th scope="col">Failed</th><th scope="col">Since (UTC)</th></tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>\n"
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
        f'<p class="soft small">refcheck {escaped(version())}. Queries: {escaped(language)}. Callouts: '
        f"{escaped(str(report.manuscript.scheme))}, order {escaped(report.manuscript.order)}. "
        f"Findings left by decision: {len(report.waived)}.</p>\n"
    )
    return f"<footer>\n{''.join(out)}</footer>"


def _left(finding: Finding, waiver: Waiver) -> str:
    entry = f" (reference {finding.number})" if finding.number is not None else ""
    by = f" by {waiver.by}" if waiver.by else ""
    why = f", {waiver.reason}" if waiver.reason else ""
    return escaped(f"{finding.code}{entry}: {finding.message} — left{by}{why}")
