"""Which work an entry without a title can mean: what is enough, and what many works share by accident."""

from __future__ import annotations

from collections.abc import Sequence

from refcheck.matching.comparison import Comparison
from refcheck.matching.identity import parts, threshold
from refcheck.matching.numerals import Pages, page_range
from refcheck.matching.ranking import Ranked

#: Figures of a first page that tell something: nearly every volume has pages 1 to 99.
_TELLING = 3
#: Pages of a piece beside which another one can begin and end.
_SHORT = 3
#: Share of the printed authors that are recorded, above which a list is that of one work.
_MOST_SHARED = 0.9


def is_another_article(comparison: Comparison) -> bool:
    """Without a title, two other pages are no slip but another article of the same authors in the volume."""
    numbers = comparison.numbers
    return comparison.title.kind == "unprinted" and numbers.first_page == numbers.last_page == "differs"


def only_numbers_agree(ranked: Ranked) -> bool:
    """Without a title, volume and page are shared by accident where journal, year and author do not agree."""
    standing = parts(ranked.comparison)
    if standing["title"] == "agrees" or ranked.comparison.title.kind != "unprinted":
        return False
    return "agrees" not in (standing["container"], standing["author"], standing["year"])


def names_no_work(comparison: Comparison) -> bool:
    """Without a title, author and journal alone name no work ("Smith J, Brain, in press"), nor a book another author's
    chapter."""
    numbers = comparison.numbers
    stranger = comparison.authors.first == "other" and not comparison.authors.shared and numbers.first_page != "same"
    return stranger or "same" not in (numbers.year, numbers.volume, numbers.first_page)


def placed_at(order: Sequence[Ranked]) -> Ranked | None:
    """The one record that an entry without a title can mean though one thing is printed otherwise, its probability
    raised to what a match needs; None where there is none, or more than one.

    Journal, year, volume, page and some of several authors leave only a wrong first author; journal, year, volume and
    all of several authors leave only a slip in the first page. Short pieces of one author on one page, or in one
    volume, are told apart by nothing.
    """
    found = [r for r in order if r.comparison.title.kind == "unprinted" and _one_part_off(r)]
    if len(found) != 1:
        return None
    return found[0]._replace(confidence=max(found[0].confidence, threshold("matched")))


def _one_part_off(ranked: Ranked) -> bool:
    numbers, authors = ranked.comparison.numbers, ranked.comparison.authors
    standing = parts(ranked.comparison)
    if not standing["container"] == standing["year"] == standing["volume"] == "agrees":
        return False
    pages = page_range(ranked.work.pages)
    if authors.printed < 2 or not authors.shared:
        return False  # of one author, or of none, another piece on the page is as likely
    if standing["page"] == "agrees":
        long = numbers.last_page == "same" and _length(pages) > _SHORT
        return long or len(pages.first) >= _TELLING
    known = authors.shared > _MOST_SHARED and len(pages.first) >= _TELLING
    return standing["author"] == "agrees" and known and (numbers.first_page == "slip" or numbers.last_page == "same")


def _length(pages: Pages) -> int:
    """How many pages a range has; 0 where it is none."""
    return int(pages.last) - int(pages.first) + 1 if pages.first.isdigit() and pages.last.isdigit() else 0
