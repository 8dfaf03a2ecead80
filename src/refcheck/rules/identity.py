"""REF2: which record is meant, and whether the printed DOI is its own."""

from __future__ import annotations

from collections.abc import Iterator

from refcheck.identifiers import find_malformed_dois, link_doi
from refcheck.model import DoiStatus, Finding, Match, Severity, Verdict, Work
from refcheck.rules.table import Rule, reference_rule
from refcheck.text import compact

#: Below this confidence of the reading, an entry that is not found is said to be doubtfully read: of such entries
#: fewer than half are read without a fault (see the model card of the field parser).
DOUBTFUL = 0.35


#: A record less likely than this is not near: to name it would only mislead.
_NEAR = 0.02


def described(work: Work) -> str:
    """A record in one line: first author, title, container, year.

    >>> described(Work(title="Exosomes", container="Lancet", year="2020"))
    '“Exosomes”, Lancet, 2020'
    """
    author = f"{work.authors[0].family}{' et al.' if len(work.authors) > 1 else ''}: " if work.authors else ""
    return author + ", ".join(x for x in (f"“{work.title}”" if work.title else "", work.container, work.year) if x)


@reference_rule("REF201", "no-record", Severity.WARNING)
def no_record(rule: Rule, match: Match) -> Iterator[Finding]:
    """No source has a record of this reference.

    **Why.** A reference that no index knows may be misprinted beyond recognition, may not exist, or may simply not
    be indexed: books, chapters, theses and national journals often are not. It says nothing about the author; the
    next step is to ask for a DOI, a PubMed number or a link. The nearest record is shown with the reason why it is
    not the one.

    **When not.** A source that could not answer (REF901), kinds of work that are not expected there (REF903). Where
    the entry could only be read doubtfully, this is a note.

    **Example.** An invented title in a real journal.

    **Source.** ICMJE Recommendations IV.A.3.g: authors verify references against the original sources.
    """
    if match.verdict is not Verdict.ABSENT or match.not_indexed:
        return
    asked = "No record of this reference was found."
    nearest = next((c for c in match.candidates if c.confidence > _NEAR), None)
    if nearest:
        asked += f" The nearest is {described(nearest.work)}, which is not it: {nearest.against}."
    if match.reference.confidence < DOUBTFUL:
        yield rule.finding(
            f"{asked} The entry could only be read doubtfully; please check its punctuation.", severity=Severity.NOTE
        )
        return
    yield rule.finding(
        f"{asked} Please give a DOI, a PubMed number or a link.",
        evidence=link_doi(nearest.work.doi) if nearest else "",
    )


@reference_rule("REF202", "unknown-doi", Severity.ERROR)
def unknown_doi(rule: Rule, match: Match) -> Iterator[Finding]:
    """The printed DOI is not registered with any agency.

    **Why.** A DOI that does not resolve leads nobody to the work; in fabricated references a wrong DOI is the
    commonest fault.

    **When not.** A DOI of another agency than Crossref (DataCite, mEDRA, JaLC …) is known there; an agency that
    could not answer leaves the DOI unchecked.

    **Example.** `10.1016/j.jcyt.2017.11.020` for `10.1016/j.jcyt.2017.11.002`: the recorded DOI is suggested.

    **Source.** PMC10608326 (commonest error in generated references: the DOI).
    """
    if match.doi_status is not DoiStatus.UNKNOWN:
        return
    message = f"The printed DOI {match.reference.doi} is not registered."
    if match.doi_suggestion:
        message += f" The recorded DOI of this work is {match.doi_suggestion}."
    yield _at_the_doi(rule, match, message, link_doi(match.doi_suggestion))


def _at_the_doi(rule: Rule, match: Match, message: str, evidence: str) -> Finding:
    return rule.finding(
        message,
        field="doi",
        printed=match.reference.doi,
        recorded=match.doi_suggestion,
        span=match.reference.spans.get("doi"),
        evidence=evidence,
    )


@reference_rule("REF203", "doi-of-another-work", Severity.ERROR)
def doi_of_another_work(rule: Rule, match: Match) -> Iterator[Finding]:
    """The printed DOI resolves, but to another work than the one described.

    **Why.** A DOI that resolves is a claim, not a proof: readers and databases follow it to the wrong work.

    **What counts as equal.** An alias of the recorded DOI; a record that agrees with the entry in enough parts.

    **Example.** The DOI of a neighbouring article of the same issue.

    **Source.** Crossref's own matcher accepts any DOI that resolves, which is why it has to be compared here.
    """
    if match.doi_status is not DoiStatus.ELSEWHERE or match.doi_work is None:
        return
    message = f"The printed DOI {match.reference.doi} is that of another work: {described(match.doi_work)}."
    if match.doi_suggestion:
        message += f" The recorded DOI of the work described is {match.doi_suggestion}."
    yield _at_the_doi(rule, match, message, link_doi(match.doi_work.doi))


@reference_rule("REF204", "missing-doi", Severity.NOTE)
def missing_doi(rule: Rule, match: Match) -> Iterator[Finding]:
    """The work has a DOI that is not printed.

    **Why.** Many styles ask for it; it is a service to the reader, never a fault.

    **Example.** A journal article cited without its DOI.

    **Source.** 75 % of numeric citation styles print a DOI where there is one, so its absence is no error.
    """
    work = match.work
    if work is not None and work.doi and match.doi_status is DoiStatus.NONE:
        yield rule.finding(
            f"The work has a DOI: {work.doi}.", field="doi", recorded=work.doi, evidence=link_doi(work.doi)
        )


#: So many fields that differ are told by a finding each, at its place; more of them by one for all.
_EACH = 3


@reference_rule("REF205", "ambiguous-record", Severity.WARNING)
def ambiguous_record(rule: Rule, match: Match) -> Iterator[Finding]:
    """More than one record may be meant, or the one found agrees in too few parts.

    **Why.** Nothing is said about the fields of a reference before its record is certain. The candidates are shown;
    a DOI would settle it. Of the nearest one every field that differs is named; two or three by a finding each.

    **Severity.** A note where several records fit equally well (a work registered twice, a preprint and its journal
    version); a warning where the one record found contradicts the entry.

    **Example.** A real title under other authors, year and pages.
    """
    if match.verdict is not Verdict.AMBIGUOUS or match.locator_work is not None:
        return
    first = match.candidates[0]
    equal = len(match.candidates) > 1 and match.candidates[1].confidence > 0.5
    if equal:
        names = "; ".join(f"{described(c.work)} ({c.work.doi})" for c in match.candidates)
        yield rule.finding(f"Several records may be meant: {names}.", severity=Severity.NOTE)
        return
    differing = [a for a in first.agreements if a.level == "differs"]
    told = f"A record is like this reference, but not enough of it agrees: {described(first.work)}; {first.against}."
    if not differing:
        yield rule.finding(told, severity=Severity.NOTE, evidence=link_doi(first.work.doi))
    for i, a in enumerate(differing if len(differing) <= _EACH else differing[:1]):
        yield rule.finding(
            told if not i else f"The same record differs in {a.field}, too: “{a.recorded}” is recorded.",
            field=a.field,
            printed=a.printed,
            recorded=a.recorded,
            span=a.span if i else None,
            evidence=link_doi(first.work.doi),
        )


@reference_rule("REF206", "parts-of-different-works", Severity.ERROR)
def parts_of_different_works(rule: Rule, match: Match) -> Iterator[Finding]:
    """Title and authors are those of one work; journal, volume and pages are those of another.

    **Why.** Such a chimera leads to the wrong page. It comes from a slip in a reference manager, or from text that
    was generated.

    **Example.** The title of an article of 2018 with the journal, volume and page of an article of 2021.

    **Source.** Identifier hijacking and merged references make up a third of the fabricated references that a study
    of conference papers found (NeurIPS 2025, 100 cases).
    """
    other = match.locator_work
    if match.verdict is not Verdict.AMBIGUOUS or other is None:
        return
    first = match.candidates[0].work
    yield rule.finding(
        f"Title and authors are those of {described(first)}; at the printed journal, volume and page stands "
        f"{described(other)}.",
        field="container",
        printed=match.reference.container,
        recorded=first.container,
        span=match.reference.spans.get("container"),
        evidence=link_doi(first.doi),
    )


@reference_rule("REF207", "malformed-doi", Severity.WARNING)
def malformed_doi(rule: Rule, match: Match) -> Iterator[Finding]:
    """What is printed as a DOI cannot be one.

    **Why.** A DOI begins with `10.`, a registrant's number and a slash; anything else resolves nowhere.

    **What counts as equal.** Upper or lower case, a resolver's address before it, a full stop after it. Where only the
    dots of the recorded DOI are lost, as some styles print them, it is a note.

    **Example.** `doi: 1016/j.ymssp.2013.01.012` (the `10.` is missing).

    **Source.** Xu et al. 2019 and Cioffi et al. 2022 list the usual slips.
    """
    if match.doi_status is not DoiStatus.MALFORMED:
        return
    found = next(find_malformed_dois(match.reference.raw), None)
    printed = found.value if found else ""
    message = f"“{printed}” is printed as a DOI, but cannot be one."
    if match.doi_suggestion:
        message += f" Perhaps {match.doi_suggestion} is meant."
    dots_lost = match.doi_suggestion and compact(match.doi_suggestion) == compact(printed)
    yield rule.finding(
        message,
        severity=Severity.NOTE if dots_lost else rule.severity,
        field="doi",
        printed=printed,
        recorded=match.doi_suggestion,
        evidence=link_doi(match.doi_suggestion),
    )
