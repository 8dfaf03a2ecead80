"""REF1, second half: what single entries of the list look like. No look-up is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from refcheck.model import Finding, Manuscript, Match, Reference, Severity
from refcheck.rules.duplicates import duplicates
from refcheck.rules.table import Rule, manuscript_rule


def called(r: Reference) -> str:
    """A reference as messages name it: by its number, else by its key."""
    return f"Reference {r.number}" if r.number is not None else f"The reference {r.key}"


@manuscript_rule("REF105", "duplicate-reference", Severity.WARNING)
def duplicate_reference(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """The same work is listed twice.

    Why: two numbers for one source mislead about the weight of the evidence and survive every later renumbering.
    What counts as the same: the same DOI; the same record found for both; or the same title, first author and year
    with no volume or page that speaks against it. Parts I and II, a preprint and its article, an erratum and its
    article are different works; the list of a supplement may repeat those of the article.
    Example: reference 3 and reference 19 both print doi:10.1000/182.
    Source: editors' practice; JabRef's duplicate check (issue 339 of its koppor tracker).
    """
    lists = [r.span for r in manuscript.regions if r.kind == "references"]
    for later, earlier, why in duplicates(manuscript.references, matches):
        if any(s.start <= earlier.span.start < s.end <= later.span.start for s in lists):
            continue
        yield rule.finding(
            f"Reference {later.number} is the same work as reference {earlier.number} ({why}).",
            number=later.number,
            span=later.span,
            printed=later.doi or later.title,
            recorded=earlier.doi or earlier.title,
        )


_DOUBTFUL = 0.3  # below this, fewer than half of the entries are fully read right


@manuscript_rule("REF106", "unparsed-reference", Severity.NOTE)
def unparsed_reference(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """An entry could not be read into fields, or only doubtfully.

    Why: what cannot be read cannot be checked, and must not pass for checked.
    What counts: neither a title nor a journal, book or identifier could be read, nor author, year and volume. What a
    record confirms (the DOI or the search finds the work) is not reported.
    Example: "12. ibid."
    Source: none; it states a limit of this program.
    """
    matched = {m.reference.span for m in matches if m.work is not None}
    for r in manuscript.references:
        if r.span in matched or r.embedded is not None or r.parts:
            continue
        named = r.title or r.container or r.doi or r.pmid or r.pmcid or r.arxiv or r.isbn or r.url
        dated = bool(r.authors and r.year)
        if (named and (dated or r.confidence >= _DOUBTFUL)) or (dated and (r.volume or r.pages)):
            continue
        yield rule.finding(
            f"{called(r)} could not be read into author, title and source: check it by hand.",
            number=r.number,
            span=r.span,
            printed=r.raw[:200],
        )


@manuscript_rule("REF108", "several-references-in-one-entry", Severity.WARNING)
def several_references(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """Several works are printed under one number.

    Why: most journals want one work a number; where a line break was lost, the numbers after it have shifted.
    What counts: lettered works "(a) …; (b) …", as chemists print them (a note), and works joined by a semicolon.
    Each of them is read and checked.
    Example: "4. (a) Collman JP. Acc Chem Res 1977;10:265; (b) Groves JT. J Chem Educ 1985;62:928."
    Source: ACS Guide to Scholarly Communication (composite references); AMA Manual of Style 11, 3.5.
    """
    for r in manuscript.references:
        if len(r.parts) > 1:
            lettered = bool(re.match(r"[\s*_]{0,4}[(\[]?a[)\]]", r.raw[len(r.label) :]))
            yield rule.finding(
                f"{called(r)} holds {len(r.parts)} works.",
                severity=Severity.NOTE if lettered else rule.severity,
                number=r.number,
                span=r.span,
                printed=r.raw[:200],
            )


_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_UNPUBLISHED = re.compile(
    r"\b(?:in press|forthcoming|ahead of print|online first|early view|preprint|arxiv|biorxiv|medrxiv"
    r"|submitted|accepted|unpublished|in preparation|epub"
    r"|im druck|à paraître|en prensa|no prelo|advance (?:access|online))\b|n\.\s?d\.",
    re.IGNORECASE,
)
_LOCATOR = re.compile(
    r"(?:\bpp?\.?\s?|[:;,]\s{0,2}|\bart(?:icle)?\.?\s?(?:no\.?|id)?\s{0,2}|\be)[a-z]{0,3}\d{1,8}(?:\s?[-–—]\s?[a-z]?\d{1,8})?\s{0,2}(?:[.;,\])]|$)"
    r"|\d\s?[-–—]\s?\d|\b[eEgGS]\d{2,}",
    re.IGNORECASE,
)
_SURE = 0.5  # confidence of the reading; below it, what seems to be missing may only not have been read


@manuscript_rule("REF109", "incomplete-reference", Severity.NOTE)
def incomplete_reference(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """A journal article is listed without its year, its journal, or any page or article number.

    Why: year, journal and first page are what the literature on reference errors calls major elements: without them
    the work is hard to find.
    What counts: entries that were surely read as journal articles. A DOI makes up for a missing page; preprints and
    articles in press have none. Issue, last page, later authors and the DOI are never asked for: 68 % of journal styles
    print no issue.
    Example: "Dermatological Reviews. 2024: 5(4)." has neither a page nor an article number.
    Source: Clinical Chemistry 2001;47:606 (major elements); counted over 946 CSL styles.
    """
    for r in manuscript.references:
        if r.parts or r.embedded is not None or r.confidence < _SURE or _UNPUBLISHED.search(r.raw):
            continue
        missing = list(_missing(r))
        if missing:
            yield rule.finding(
                f"{called(r)} has no {' and no '.join(missing)}.", number=r.number, span=r.span, printed=r.raw[:200]
            )


def _missing(r: Reference) -> Iterator[str]:
    article = r.type in {"article-journal", ""} and bool(r.title) and bool(r.container) and bool(r.volume)
    if not article:
        return
    if not r.year and not _YEAR.search(r.raw):
        yield "year"
    if not (r.pages or r.doi or r.pmid or r.pmcid or r.arxiv):
        tail = r.raw[max(0, r.spans["volume"].end - r.span.start) if "volume" in r.spans else 0 :]
        if not _LOCATOR.search(tail):
            yield "page or article number"
