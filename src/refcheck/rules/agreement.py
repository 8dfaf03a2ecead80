"""REF3: what does not agree between the entry and the record that is meant.

Each field was compared once, by the matcher; these rules only say what a difference means. Severity follows the
studies of reference errors: *major* (error) is what hinders retrieval, *minor* (warning) is the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from refcheck.identifiers import link_doi
from refcheck.model import Agreement, Finding, Level, Match, Severity
from refcheck.rules.table import Rule, reference_rule

#: Parts of a field whose difference is minor.
MINOR = frozenset({"co-author", "given name", "last page", "one year apart", "spelling"})


def _differences(rule: Rule, match: Match, field: str, name: str) -> Iterator[Finding]:
    for a in match.agreements:
        if a.field != field or a.level not in (Level.DIFFERS, Level.NOTE):
            continue
        severity = Severity.NOTE if a.level is Level.NOTE else Severity.WARNING if a.part in MINOR else rule.severity
        yield rule.finding(
            _message(a, name, match),
            severity=severity,
            field=field,
            printed=a.printed,
            recorded=a.recorded,
            span=a.span,
            evidence=link_doi(match.work.doi) if match.work else "",
        )


def _message(a: Agreement, name: str, match: Match) -> str:
    what = f"{name} ({a.part})" if a.part else name
    recorded = f"recorded: “{a.recorded}”" if a.recorded else "not recorded"
    printed = f"printed: “{a.printed}”" if a.printed else "not printed"
    reason = f" ({a.reason})" if a.reason else ""
    return f"{what} {printed}, {recorded}{reason}."


@reference_rule("REF301", "title-mismatch", Severity.ERROR)
def title_mismatch(rule: Rule, match: Match) -> Iterator[Finding]:
    """Words of the title differ from the recorded title.

    **Why.** The commonest errors in reference lists are missing and replaced title words; a changed word, number or
    negation can turn the meaning round.

    **What counts as equal.** Letter case, punctuation, hyphens, quotes, accents, ligatures, Greek letters and their
    names, British and American spelling, markup, lost blanks, a line-end hyphen, a leading article, a subtitle that
    is not printed, a cataloguer's note such as [in German]. Another form of a word (therapy, therapies) is a note.

    **Example.** “A *tool* for measuring pain” printed, “An *instrument* for measuring pain” recorded.

    **Source.** Oermann et al. on nursing journals (28.4 % of references in error, title words foremost).
    """
    yield from _differences(rule, match, "title", "Title")


@reference_rule("REF302", "authors-mismatch", Severity.ERROR)
def authors_mismatch(rule: Rule, match: Match) -> Iterator[Finding]:
    """An author differs from the recorded one.

    **Why.** Indexes are searched by first author: a misspelt or another first author is a major error. A co-author
    who is misspelt, replaced, added, left out or out of order, or a given name that differs, is a minor one (warning);
    initials that differ are a note. One finding names them all, each with its place.

    **What counts as equal.** Initials for given names, fewer of them, usual transliterations, dots and commas, accents
    (ø, o and oe), particles kept or dropped, either end of a compound surname, family and given name in either order,
    suffixes, a list cut by et al. or an ellipsis. Groups are not compared. Where the record
    stops short or lists its authors by name, the difference is a note; where it names one author only, nothing is said.

    **Example.** “Sung T” printed, “Sun T” recorded; “Sun T, Li M” printed, “Sun T, Hu P, Li M” recorded.

    **Source.** Clinical Chemistry 2001;47:606 (first author: major).
    """
    yield from _differences(rule, match, "authors", "Authors")


@reference_rule("REF303", "year-mismatch", Severity.ERROR)
def year_mismatch(rule: Rule, match: Match) -> Iterator[Finding]:
    """The printed year is none of the years that the record vouches for.

    **Why.** The year leads to the volume; a wrong one is a major error.

    **What counts as equal.** The year of publication in print, online, of the issue, of posting. One year apart is
    a minor error (warning). It is a note where it may be a date that the record misses: the year after publication
    online where no print date is recorded, the year in the name of the proceedings, another year of a book (an edition,
    a reprint).

    **Example.** 2013 printed; online 2010 and print 2011 recorded.

    **Source.** Of 80 recorded works with both dates, 21 have different years in print and online.
    """
    yield from _differences(rule, match, "year", "Year")


@reference_rule("REF304", "container-mismatch", Severity.ERROR)
def container_mismatch(rule: Rule, match: Match) -> Iterator[Finding]:
    """The journal, book or proceedings is not the recorded one.

    **Why.** A wrong journal hinders retrieval more than anything else.

    **What counts as equal.** Abbreviations by ISO 4 or NLM (each word a beginning of the next recorded word, to the
    last: “Nature” is not “Nature Genetics”), dots, ampersands, The, a place in brackets, acronyms and former names,
    any short title that the record has; acronyms that a recorded conference shows or spells (CVPR). Books and
    proceedings may be named in part. The letter of a section decides (Phys Rev A is not Phys Rev E). A misspelt name is
    told as such (warning); where title, year, volume and page agree and the names begin alike, a former name of the
    journal is supposed (note).

    **Example.** “Cytotherapy” printed, “Cytokine” recorded.

    **Source.** ISO 4; 96 % of numeric styles abbreviate journals.
    """
    yield from _differences(rule, match, "container", "Journal or book")


@reference_rule("REF305", "volume-mismatch", Severity.ERROR)
def volume_mismatch(rule: Rule, match: Match) -> Iterator[Finding]:
    """The volume differs from the recorded one.

    **Why.** Volume and first page are how a printed article is found.

    **What counts as equal.** “Volume 16” for 16, leading zeros, Roman numerals, a supplement's mark. A volume that
    is not printed is no finding.

    **Example.** 52 printed, 25 recorded.

    **Source.** Clinical Chemistry 2001;47:606 (volume: major).
    """
    yield from _differences(rule, match, "volume", "Volume")


@reference_rule("REF306", "issue-mismatch", Severity.WARNING)
def issue_mismatch(rule: Rule, match: Match) -> Iterator[Finding]:
    """The issue differs from the recorded one.

    **Why.** With a continuous page count the issue is a convenience: a minor error.

    **What counts as equal.** No issue at all (68 % of numeric styles print none), “Suppl 1” for S1; part of a double
    issue is a note.

    **Example.** 18(3) printed, 18(2) recorded.
    """
    yield from _differences(rule, match, "issue", "Issue")


@reference_rule("REF307", "pages-mismatch", Severity.ERROR)
def pages_mismatch(rule: Rule, match: Match) -> Iterator[Finding]:
    """First or last page, or the article number, differs from the recorded one.

    **Why.** The first page is part of the address of an article (error); the last one is a convenience (warning).

    **What counts as equal.** Elided ranges (258–84), first page only, any dash, a prefix in either case (S12–9),
    article numbers. An article number where the record counts pages from 1, or a letter more or less before the
    number, is a note.

    **Example.** 268–84 printed, 258–284 recorded.

    **Source.** NLM, Citing Medicine, chapter 1 (pagination).
    """
    yield from _differences(rule, match, "pages", "Pages")
