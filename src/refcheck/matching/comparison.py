"""Every field of an entry compared once with one record."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from refcheck.matching.containers import ContainerReading, compare_container, known_otherwise
from refcheck.matching.entry import Entry
from refcheck.matching.locators import Numbers, compare_numbers
from refcheck.matching.people import AuthorReading, compare_authors
from refcheck.matching.titles import TitleReading, compare_title
from refcheck.model import Agreement, Level, Span, Work
from refcheck.text import dashes


class Comparison(NamedTuple):
    """How one entry agrees with one record, field by field; rules and the question of identity both read this."""

    work: Work
    title: TitleReading
    authors: AuthorReading
    container: ContainerReading
    numbers: Numbers
    doi: str  # same, other, unprinted
    held: str  # "part/whole": whether a container is printed / recorded

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """What is to be told of each field, in the order in which references are read."""
        found = [self.authors.agreement, self.title.agreement, self.container.agreement, *self.numbers.agreements]
        return tuple(a for a in found if a is not None)


def compare(entry: Entry, work: Work) -> Comparison:
    """Compare an entry with a record."""
    entry = entry.parted(work.title, (work.container, *work.also.get("container", ())))
    doi = entry.reference.doi
    known = {work.doi, *work.also.get("doi", ())}
    title = compare_title(entry, work)
    entry = _beside(entry, title.zone)
    container, numbers = compare_container(entry, work, title.zone), compare_numbers(entry, work, title.zone)
    if numbers.year == numbers.volume == numbers.first_page == "same" and title.kind in ("same", "formatting", "near"):
        container = known_otherwise(container, work)
    return Comparison(
        work=work,
        title=title,
        authors=compare_authors(entry, work, title.zone),
        container=container,
        numbers=numbers,
        held=f"{'part' if entry.reference.container else 'whole'}/{'part' if work.container else 'whole'}",
        doi="unprinted" if not doi else "same" if doi in known else "other",
    )


def _beside(entry: Entry, title: tuple[int, int]) -> Entry:
    """The entry without what was read as journal, volume, issue or pages and is a part of the recorded title ("…
    Progress report 10"); a book that has the recorded title stays what it was read as, if no title was read."""

    def is_inside(name: str) -> bool:
        start, end = entry.zones.get(name, (-1, -1))
        return title[0] <= start and end <= title[1]

    inside = {name for name in ("volume", "issue", "pages") if is_inside(name)}
    if is_inside("title") and is_inside("container"):
        inside.add("container")
    if not inside:
        return entry
    read = entry.reference
    reference = replace(
        read,
        container="" if "container" in inside else read.container,
        volume="" if "volume" in inside else read.volume,
        issue="" if "issue" in inside else read.issue,
        pages="" if "pages" in inside else read.pages,
        spans={name: span for name, span in read.spans.items() if name not in inside},
    )
    return replace(entry, reference=reference)


def doi_agreement(entry: Entry, work: Work) -> Agreement | None:
    """The printed DOI against that of the record meant; None where none is printed."""
    doi = entry.reference.doi
    if not doi or not work.doi:
        return None
    if doi == work.doi or prints_doi(entry, work.doi):
        return Agreement(field="doi", level=Level.SAME, printed=doi, recorded=doi, span=_doi_span(entry))
    alias = doi in work.also.get("doi", ())
    return Agreement(
        field="doi", level=Level.FORMATTING if alias else Level.DIFFERS, printed=doi, recorded=work.doi,
        score=1.0 if alias else 0.0, reason="an alias of the recorded DOI" if alias else "", span=_doi_span(entry),
    )  # fmt: skip


def prints_doi(entry: Entry, doi: str) -> bool:
    """The guided reading of a DOI: it stands in the entry, broken by blanks, or with a word run into it."""
    letters = re.sub(r"\s+", "", dashes(entry.reference.raw))
    at = letters.lower().find(doi) if doi else -1
    if at < 0:
        return False
    following = letters[at + len(doi) :][:1]
    return not following.isdigit() and not following.islower() and following not in ("/", "_", "-")


def _doi_span(entry: Entry) -> Span | None:
    return entry.reference.spans.get("doi")
