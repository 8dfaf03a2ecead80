"""Reference -> Works: the only rooms that open a socket or an index.

A source is anything with `name`, `identify` and `search` (the protocol `Source`). Only `SourceUnavailable` may
leave a source: an outage is never an empty answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from refcheck.model import Enquiry, Identified, Query, Reference, Work


@runtime_checkable
class Source(Protocol):
    """Where records come from. Implementations are safe to call from several threads."""

    name: str
    #: How many calls of `search` may run at the same time; the pipeline keeps to it.
    concurrency: int

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that the printed DOIs (and PMIDs, arXiv numbers …) name, asked for in few requests."""
        ...

    def search(self, query: Query) -> Sequence[Work]:
        """Candidate works for a query, best first, at most about ten. Raises SourceUnavailable when unanswered."""
        ...

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        ...
