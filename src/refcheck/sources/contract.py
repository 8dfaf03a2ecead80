"""What every source offers: identifiers and queries in, works out, and a count of what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from refcheck.model import Enquiry, Identified, Query, Reference, Work


@runtime_checkable
class Source(Protocol):
    """Where records come from. Implementations are safe to call from several threads.

    One that also has `authority = True` is asked for a second opinion where another source's record does not agree
    with the entry. One that also has `asks_agencies = True` calls a DOI unknown only on the word of its registration
    agency, so that it is, whoever else could not be asked.
    """

    name: str
    #: How many calls of `search` may run at the same time; the pipeline keeps to it.
    concurrency: int

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that printed DOIs, PubMed and arXiv numbers and ISBNs name, by the value printed, in few requests.

        Each identifier has one fate: known, unknown, another agency's, or unanswered (which is told, not raised); one
        that is not told of at all is not this source's.
        """
        ...

    def search(self, query: Query) -> Sequence[Work]:
        """Candidate works for a query, best first, at most about ten. Raises SourceUnavailable when unanswered."""
        ...

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        ...
