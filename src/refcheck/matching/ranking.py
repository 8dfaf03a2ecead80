"""Candidates compared with an entry, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from refcheck.matching.comparison import Comparison, compare
from refcheck.matching.entry import Entry
from refcheck.matching.identity import confidence
from refcheck.model import Work


class Ranked(NamedTuple):
    """A compared candidate and its probability of being the record meant."""

    comparison: Comparison
    confidence: float

    @property
    def work(self) -> Work:
        """The record."""
        return self.comparison.work


def rank(entry: Entry, works: Iterable[Work], known: Sequence[Ranked] = ()) -> list[Ranked]:
    """Compare the works not yet known, and order all by confidence; a work found twice counts once."""
    out = {_key(r.work): r for r in known}
    for work in works:
        key = _key(work)
        if key not in out:
            comparison = compare(entry, work)
            out[key] = Ranked(comparison, confidence(comparison))
    return sorted(out.values(), key=lambda r: -r.confidence)


def _key(work: Work) -> str:
    return work.doi or f"{work.source}:{work.url}:{work.title}:{work.volume}:{work.pages}"
