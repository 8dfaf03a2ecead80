"""REF9: what could not be checked, so that silence is never taken for agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refcheck.model import DoiStatus, Finding, Manuscript, Match, Scheme, Severity, Verdict
from refcheck.rules.table import Rule, manuscript_rule, reference_rule


@reference_rule("REF901", "source-unavailable", Severity.NOTE)
def source_unavailable(rule: Rule, match: Match) -> Iterator[Finding]:
    """A source could not answer, so that this reference (or its DOI) is unchecked.

    **Why.** An outage is never “not found”. The command line ends with status 2, and a later run checks what is left.

    **Example.** Crossref answers with an error for minutes.
    """
    if match.verdict is Verdict.UNCHECKED and match.unavailable:
        without = f"no record at {', '.join(match.answered)}; " if match.answered else ""
        yield rule.finding(f"Not checked: {without}{'; '.join(match.unavailable)}. Run the check again later.")
    elif match.verdict is Verdict.UNCHECKED:
        yield rule.finding(f"Not checked: {match.reason}." if match.reason else "Not checked.")
    elif match.unavailable and match.doi_status is DoiStatus.UNCHECKED:
        yield rule.finding(f"The printed DOI is not checked: {'; '.join(match.unavailable)}.", field="doi")


@manuscript_rule("REF902", "unreadable-region", Severity.NOTE)
def unreadable_region(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterator[Finding]:
    """A part of the manuscript could not be read, or the reading of it is not sure.

    **Why.** What was not read was not checked: a reference that seems uncited may be cited there.

    **Example.** A scanned page, or a list whose entries could not be told apart.
    """
    for region in manuscript.regions:
        if region.reason or region.kind == "unreadable":
            what = region.label or region.kind
            yield rule.finding(f"Not read with certainty ({what}): {region.reason or 'unreadable'}.", span=region.span)


def _kind(match: Match) -> str:
    kind = match.reference.type.replace("_", " ").replace("-", " ")
    return "web page" if kind in ("webpage", "post weblog", "") or match.reference.url else kind


@reference_rule("REF903", "not-indexed-here", Severity.NOTE)
def not_indexed_here(rule: Rule, match: Match) -> Iterator[Finding]:
    """A kind of work of which the sources asked hold only a part: a book, a report, a law, a web page, a thesis.

    **Why.** That it was not found says nothing about it; such references are checked by hand.

    **Example.** “WHO. Guidelines … [Internet]. Available from: https://…”.
    """
    if match.not_indexed:
        yield rule.finding(
            f"No record was found, and none is to be expected for every {_kind(match)}: check it by hand."
        )


#: Characters outside the list from which a text is a manuscript, not a list with a heading.
_TEXT_LEAST = 600


@manuscript_rule("REF904", "callouts-not-checked", Severity.WARNING)
def callouts_not_checked(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterator[Finding]:
    """It is not clear how the text cites its list, so that no callout was judged.

    **Why.** Silence would look as if every reference were cited. Who knows how the journal prints callouts can say so:
    `--scheme bracket`, or `scheme = "bracket"` under `[profile]` in refcheck.toml (bracket, paren, superscript,
    author-year).

    **What counts.** A manuscript whose callouts fit no form well enough, or two forms equally well. A list alone has no
    callouts.

    **Example.** Superscripts that became plain digits when the file was saved as text.
    """
    if manuscript.scheme is not Scheme.UNCLEAR or not manuscript.references:
        return
    listed = sum(r.span.end - r.span.start for r in manuscript.regions if r.kind == "references")
    listed = listed or sum(r.span.end - r.span.start for r in manuscript.references)
    if len(manuscript.text) - listed < _TEXT_LEAST:
        return
    yield rule.finding(
        f"Callouts were not checked: {manuscript.scheme_reason or 'no form of callout was found'}. Name the form with "
        "--scheme (bracket, paren, superscript, author-year).",
        span=manuscript.references[0].span,
    )
