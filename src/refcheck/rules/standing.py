"""REF4: what happened to a cited work after it was published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refcheck.identifiers import link_doi
from refcheck.model import Finding, Match, Notice, Reference, Severity, Work
from refcheck.rules.table import Rule, reference_rule
from refcheck.text import fold
from refcheck.words import MONTHS

# Crossref's and Retraction Watch's words for "this no longer counts as published", with ours.
_WITHDRAWN = {
    "retraction": "retracted",
    "removal": "removed by the publisher",
    "withdrawal": "withdrawn",
    "partial_retraction": "retracted in part",
}
_CORRECTED = frozenset(["correction", "corrigendum", "erratum"])
_ASSERTED = {"publisher": "the publisher", "retraction-watch": "Retraction Watch", "crossref": "Crossref"}
# Words by which a printed reference shows that its author knows.
_KNOWN = ("retract", "withdrawn", "withdrawal", "removed", "removal")
_NOTICE_WORDS = (
    "retract", "withdraw", "erratum", "errata", "corrigend", "correction", "corrected", "expression of concern",
    "editorial concern", "addendum", "publisher's note", "publisher note", "notice", "clarification", "removal",
)  # fmt: skip
_MONTHS = MONTHS["en"].split()


@reference_rule("REF401", "retracted", Severity.ERROR)
def retracted(rule: Rule, match: Match) -> Iterable[Finding]:
    """The cited work is retracted, withdrawn or removed.

    Why: a retracted work must not support a statement. Where it is cited on purpose, the reference says so, or a
    waiver does.
    What counts: a notice in the record of the work (by the publisher or by Retraction Watch), a record that has
    become its own notice, or a recorded title that begins "RETRACTED:". Milder: a partial retraction or one that the
    same source also calls a mere expression of concern is a warning; a reference that itself says "retracted" is a
    note, and so is a work that was reinstated since.
    Example: Wakefield 1998, retracted on 6 February 2010 (10.1016/s0140-6736(10)60175-4).
    Source: COPE Retraction Guidelines (2019); ICMJE Recommendations III.A.
    """
    work = match.work
    if work is None:
        return
    told = [n for n in work.notices if n.kind in _WITHDRAWN]
    if not told:
        return
    notice = told[0]
    severity, rest = rule.severity, ""
    back = _reinstated(work, notice)
    if back:
        severity, rest = Severity.NOTE, f" and reinstated {_when_by(back)}"
    elif _says(match.reference, _KNOWN, _bare_title(work)):
        severity, rest = Severity.NOTE, ", as the reference itself says"
    elif notice.disputed:
        severity = Severity.WARNING
        rest = "; the same source also calls the notice an expression of concern: read it"
    elif notice.kind == "partial_retraction":
        severity = Severity.WARNING
    yield rule.finding(
        f"This work was {_WITHDRAWN[notice.kind]} {_when_by(notice)}{rest}.",
        severity=severity,
        recorded=_label(notice),
        evidence=_link(notice, work),
    )


@reference_rule("REF402", "expression-of-concern", Severity.WARNING)
def expression_of_concern(rule: Rule, match: Match) -> Iterable[Finding]:
    """The editors of the cited work have published an expression of concern about it.

    Why: the reader should know that its findings are in doubt.
    What counts: a notice in the record. Nothing is said where the work was retracted (REF401 says it).
    Example: an article with an expression of concern of 13 December 2013.
    Source: COPE, Expressions of concern (2018).
    """
    work = match.work
    if work is None or any(n.kind in _WITHDRAWN for n in work.notices):
        return
    for notice in work.notices:
        if notice.kind == "expression_of_concern" and not _says(match.reference, ("concern",), work.title):
            yield rule.finding(
                f"An expression of concern about this work was published {_when_by(notice)}.",
                recorded=_label(notice),
                evidence=_link(notice, work),
            )
            return


@reference_rule("REF403", "corrected", Severity.NOTE)
def corrected(rule: Rule, match: Match) -> Iterable[Finding]:
    """A correction of the cited work has been published.

    Why: the figure or statement that is cited may be the one corrected.
    What counts as having substance: a correction, corrigendum or erratum with a record of its own; one note however
    many there are. Nothing is said of addenda, clarifications, publisher's notes and new versions, of a correction
    made in the article itself, of one that the reference names, and of works that are retracted.
    Example: an article with an erratum in a later issue.
    Source: ICMJE Recommendations III.A; NLM Fact Sheet "Errata, Retractions, and Other Linked Citations".
    """
    work = match.work
    if work is None or any(n.kind in _WITHDRAWN for n in work.notices):
        return
    told = [n for n in work.notices if n.kind in _CORRECTED and n.doi and n.doi != work.doi]
    if not told or _says(match.reference, ("correct", "corrigend", "errat"), work.title):
        return
    newest = max(told, key=lambda n: n.date)
    if len(told) > 1:
        message = f"{len(told)} corrections of this work were published, the latest {_when_by(newest)}"
    else:
        article = "An" if newest.kind == "erratum" else "A"
        message = f"{article} {newest.kind} of this work was published {_when_by(newest)}"
    message += ": see whether what is cited is concerned."
    yield rule.finding(message, recorded=_label(newest), evidence=_link(newest, work))


@reference_rule("REF404", "preprint-now-published", Severity.NOTE)
def preprint_now_published(rule: Rule, match: Match) -> Iterable[Finding]:
    """The cited preprint has since been published in a journal or book.

    Why: the reviewed version can differ; most journals ask for it. It stays the author's choice.
    What counts: the record of a preprint that names its published version (`is-preprint-of`, by the publisher or by
    Crossref's own matching). Nothing is said where the reference prints the DOI of that version.
    Example: a bioRxiv preprint whose article appeared in eLife.
    Source: ICMJE Recommendations IV.A.3.g.iv; Crossref, "Posted content (includes preprints)".
    """
    work = match.work
    if work is None:
        return
    for notice in work.notices:
        if notice.kind == "published" and notice.doi not in match.reference.raw.lower():
            yield rule.finding(
                f"This preprint has been published since, as {notice.doi}: cite that version if it is the one used.",
                recorded=notice.doi,
                evidence=link_doi(notice.doi),
            )
            return


@reference_rule("REF405", "cites-the-notice", Severity.WARNING)
def cites_the_notice(rule: Rule, match: Match) -> Iterable[Finding]:
    """The record is that of a retraction, correction or other notice about a work, not of the work.

    Why: reference managers and searches often pick up the notice, which bears the same title; the reader is led to
    half a page, and a retraction goes unnoticed.
    What counts: a record that says which work it changes. A reference that names itself a notice ("Erratum",
    "Retraction of …") is left alone: that is how a notice is cited. A record that corrects a work is a note, since
    corrected articles are also published anew under such records.
    Example: "Tissue repair in mice. J Wound 2019" with the DOI of its correction.
    Source: Crossref, "Registering updates" (update-to).
    """
    work = match.work
    if work is None:
        return
    about = [n for n in work.notices if n.kind == "notice"]
    if not about or _says(match.reference, _NOTICE_WORDS):
        return
    notice = about[0]
    grave = any(word in fold(notice.label) for word in ("retract", "withdraw", "remov", "concern"))
    yield rule.finding(
        f"The record found is a notice ({_label(notice).lower()}) about {notice.doi or 'another work'}, "
        "not the work itself.",
        severity=rule.severity if grave else Severity.NOTE,
        recorded=work.title,
        evidence=link_doi(notice.doi) or work.url,
    )


def _says(reference: Reference, words: Sequence[str], besides: str = "") -> bool:
    """Whether the printed entry uses one of the words, other than because the work is about such things."""
    raw, besides = fold(reference.raw), fold(besides)
    return any(word in raw and word not in besides for word in words)


def _bare_title(work: Work) -> str:
    """The title without "RETRACTED:", which the record keeps apart."""
    return min((work.title, *work.also.get("title", ())), key=len)


def _reinstated(work: Work, notice: Notice) -> Notice | None:
    return next((n for n in work.notices if n.kind == "reinstatement" and n.date >= notice.date), None)


def _when_by(notice: Notice) -> str:
    """When, by which notice, and who says so.

    >>> _when_by(Notice(kind="retraction", date="2010-02-06", doi="10.5555/n", asserted_by="retraction-watch"))
    'on 6 February 2010 (notice 10.5555/n; according to Retraction Watch)'
    >>> _when_by(Notice(kind="retraction"))
    '(on an unknown date)'
    """
    when = _day(notice.date)
    told = [f"notice {notice.doi}"] if notice.doi else []
    if notice.asserted_by:
        told.append(f"according to {_ASSERTED.get(notice.asserted_by, notice.asserted_by)}")
    if not when:
        told.insert(0, "on an unknown date")
    return f"{when} ({'; '.join(told)})".strip() if told else when


def _day(date: str) -> str:
    """A date of the record in words.

    >>> _day("2010-02-06"), _day("2010-02"), _day("2010"), _day("")
    ('on 6 February 2010', 'in February 2010', 'in 2010', '')
    """
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    if not year:
        return ""
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return f"in {year}"
    name = f"{_MONTHS[int(month) - 1]} {year}"
    return f"on {int(day)} {name}" if day.isdigit() else f"in {name}"


def _label(notice: Notice) -> str:
    return notice.label or notice.kind.replace("_", " ").capitalize()


def _link(notice: Notice, work: Work) -> str:
    return link_doi(notice.doi) or link_doi(work.doi) or work.url
