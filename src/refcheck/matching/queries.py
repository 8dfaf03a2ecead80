"""What to ask a source for, from what was read."""

from __future__ import annotations

from refcheck.matching.entry import Entry
from refcheck.matching.numerals import page_range
from refcheck.model import Query
from refcheck.text import squeeze

#: A query longer than this brings nothing more (Crossref's own matcher cuts at 5,000 characters; an address must
#: stay under 4,000 bytes when encoded).
LONGEST = 700


def entry_query(entry: Entry) -> Query:
    """The whole entry, without list number, identifiers and addresses, as a bibliographic query."""
    text, out, position = entry.text, [], 0
    for start, end in entry.hidden:
        if start >= position:
            out.append(text[position:start])
            position = end
    out.append(text[position:])
    words = squeeze(" ".join(out)).strip(" .,;:")
    return Query(kind="entry", text=words[:LONGEST], reference=entry.reference)


def title_query(entry: Entry) -> Query | None:
    """Title and first author; None where no title was read."""
    reference = entry.reference
    if len(reference.title) < 8:
        return None
    first = reference.authors[0].family if reference.authors else ""
    return Query(kind="title", text=squeeze(f"{reference.title} {first}")[:LONGEST], reference=reference)


def locator_query(entry: Entry) -> Query | None:
    """Journal, year, volume and first page; None where volume or page was not read."""
    reference = entry.reference
    first = page_range(reference.pages).first
    if not (reference.volume and first and reference.container):
        return None
    text = squeeze(f"{reference.container} {reference.volume} {first} {reference.year}")
    return Query(kind="locator", text=text[:LONGEST], reference=reference)
