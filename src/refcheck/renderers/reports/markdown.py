"""The report as GitHub-flavoured Markdown: a comment on a journal's pull request, or a page in a wiki."""

from __future__ import annotations

import re
from urllib.parse import quote

from refcheck.model import Finding, Report, Severity
from refcheck.renderers.overview import age, many, overview, source_name, told_apart
from refcheck.renderers.triage import TITLES, Entry, Group, Triage, triage, unlabelled
from refcheck.text import plain, printable, squeeze

_SIGNS = {
    Group.RETRACTED: "⛔", Group.ELSEWHERE: "🔀", Group.MAJOR: "❗", Group.NOT_FOUND: "❓", Group.UNCHECKED: "⏳",
    Group.CALLOUTS: "🔢", Group.MINOR: "🔎", Group.NOTES: "💬", Group.FINE: "✅",
}  # fmt: skip
# GitHub refuses comments of more than 65,536 characters; entries are cut long before.
_LONGEST_ENTRY = 400

# ASCII punctuation that CommonMark lets a backslash escape (CommonMark 0.31, section 2.4), where it means something.
# Signs that matter only at the beginning of a line or after a bracket are left alone: foreign text is never there.
_SPECIAL = re.compile(r"([\\`*_{}\[\]#!|~>$])")
# What GitHub turns into mentions, links and references by itself; an empty comment inside keeps it text.
_AUTOMATIC = re.compile(r"(?i)(@|(?<=\w):(?=//)|www(?=\.)|\bGH(?=-))")


def escape(text: str) -> str:
    """Foreign text that stays text: no markup, no link, no mention, one line.

    >>> escape("*a* <b> @all #1 www.x.org")
    '\\\\*a\\\\* &lt;b\\\\> @<!-- -->all \\\\#1 www<!-- -->.x.org'
    """
    text = printable(squeeze(text)).replace("&", "&amp;").replace("<", "&lt;")
    text = _SPECIAL.sub(r"\\\1", text)
    return _AUTOMATIC.sub(r"\1<!-- -->", text)


def _link(url: str) -> str:
    if not url.lower().startswith(("https://", "http://")):
        return ""
    return f"<{quote(printable(url), safe=':/?#[]@!$&*+,;=%-._~()')}>"


def render_markdown(report: Report) -> str:
    """The report as Markdown: counts, then the groups with their entries and findings; what is fine is only counted.

    >>> from refcheck.model import Manuscript
    >>> print(render_markdown(Report(manuscript=Manuscript(name="a_b.md", text=""))).splitlines()[0])
    ## References of a\\_b.md
    """
    sorted_out = triage(report)
    seen = overview(report, sorted_out)
    head = escape(f"{seen.head} {seen.tally}.")
    lines = [
        f"## References of {escape(report.manuscript.name)}",
        "",
        head if seen.complete else f"**{escape(seen.head)}** {seen.tally}.",
        *(f"\n{escape(line)}" for line in seen.unchecked),
        "",
        "| | | |",
        "| --- | --- | ---: |",
    ]
    lines += [f"| {_SIGNS[g]} | {TITLES[g][0]} | {size} |" for g, size in seen.sizes.items()]
    for group in Group:
        if group is not Group.FINE:
            lines += _group(group, sorted_out)
    if report.enquiries:
        asked = "; ".join(
            f"{escape(source_name(e.source))}: {many(e.requests, 'request')}, {e.cached} from cache"
            + (f" (up to {age(e.oldest)} old)" if e.oldest else "")
            + f", {e.failed} failed"
            + (f", since {escape(e.since)}" if e.since else "")
            for e in report.enquiries
        )
        lines += ["", f"<sub>Asked — {asked}. A record can be the one that is mistaken.</sub>"]
    return "\n".join(lines) + "\n"


def _group(group: Group, sorted_out: Triage) -> list[str]:
    entries = sorted_out.of(group)
    apart = sorted_out.apart if group is Group.CALLOUTS else ()
    if not entries and not apart:
        return []
    lines = ["", f"### {_SIGNS[group]} {TITLES[group][0]}", ""]
    lines += [_finding(f) for f in apart]
    for entry in entries:
        told = [f for f in entry.findings if not told_apart(f, entry)]
        if entry.findings and not told:
            continue
        lines.append(f"- **{escape(entry.name)}** {escape(_cut(unlabelled(entry.reference)))}")
        lines += ["  " + _finding(f) for f in told]
        lines += _candidates(entry)
    return lines


def _finding(finding: Finding) -> str:
    weight = "**" if finding.severity is Severity.ERROR else ""
    values = ""
    if finding.recorded:
        printed = f" Printed: {escape(_cut(finding.printed))};" if finding.printed else " Not printed;"
        values = f"{printed} recorded: {escape(_cut(plain(finding.recorded)))}."
    link = f" {_link(finding.evidence)}" if _link(finding.evidence) else ""
    return f"- {weight}{escape(finding.message)}{weight} `{_code(finding.code)}`{values}{link}"


def _candidates(entry: Entry) -> list[str]:
    if entry.match is None or entry.match.work:
        return []
    return [
        f"  - could be: {escape(_cut(plain(c.work.title)))} ({escape(c.work.year)}) {_link(c.work.url)}".rstrip()
        for c in entry.match.candidates
        if not c.against
    ]


def _code(code: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", code)


def _cut(text: str) -> str:
    text = squeeze(text)
    return text if len(text) <= _LONGEST_ENTRY else text[:_LONGEST_ENTRY].rstrip() + " …"
