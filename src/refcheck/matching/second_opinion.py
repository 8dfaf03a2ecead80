"""A second source's word on a record that does not agree with the entry: the record can be the one that is mistaken."""

from __future__ import annotations

from dataclasses import replace

from refcheck.matching.comparison import compare
from refcheck.matching.entry import Entry
from refcheck.matching.identity import confidence, threshold
from refcheck.matching.numerals import page_range
from refcheck.model import Level, Match, Query, Reference, Work


def in_doubt(match: Match) -> bool:
    """Whether a printed field differs from the record meant, so that a second source is worth asking."""
    return any(a.level is Level.DIFFERS and a.field != "doi" for a in match.agreements)


def record_query(work: Work) -> Query | None:
    """The place of a record, as a question to another source; None where the record has no volume or page."""
    first = page_range(work.pages).first
    if not (work.container and work.volume and first):
        return None
    reference = Reference(
        authors=work.authors, title=work.title, container=work.container, year=work.year, volume=work.volume,
        pages=work.pages, doi=work.doi,
    )  # fmt: skip
    return Query(kind="locator", text=f"{work.container} {work.volume} {first} {work.year}", reference=reference)


def reconcile(entry: Entry, match: Match, other: Work) -> Match:
    """The match in the light of a second source's record of the same work.

    Where the second source has a field as it is printed, the sources disagree: that is told as a note, and nothing
    is said against the entry.
    """
    work = match.work
    if work is None or (other.doi and work.doi and other.doi != work.doi):
        return match
    comparison = compare(entry, other)
    if confidence(comparison) < threshold("matched"):
        return match
    # Where only initials differ from the second source's list of authors, the list is as printed.
    theirs = {
        a.field: a
        for a in comparison.agreements
        if a.level in (Level.SAME, Level.FORMATTING) or (a.part == "initials" and a.level is Level.NOTE)
    }
    agreements, told = [], []
    for a in match.agreements:
        if a.level is Level.DIFFERS and a.field in theirs:
            told.append(f"{a.field}: {work.source} “{a.recorded}”, {other.source} as printed, “{a.printed}”")
            a = replace(a, level=Level.NOTE, reason=f"{other.source} has it as printed")
        agreements.append(a)
    if not told:
        return match
    best = replace(match.candidates[0], agreements=tuple(agreements))
    return replace(match, candidates=(best, *match.candidates[1:]), disagreement="; ".join(told))
