"""Reference -> Works: the only rooms that open a socket or an index.

A source is anything with `name`, `identify` and `search` (the protocol `Source`). Only `SourceUnavailable` may
leave a source: an outage is never an empty answer.

The sources themselves are imported when first named: `import refcheck.sources` loads no network or index library.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from refcheck.model import Enquiry, Identified, Query, Reference, Work

if TYPE_CHECKING:
    from refcheck.sources.building import build_index as build_index
    from refcheck.sources.cache import AnswerCache as AnswerCache
    from refcheck.sources.citations import citation as citation
    from refcheck.sources.crossref import Crossref as Crossref
    from refcheck.sources.datacite import DataCite as DataCite
    from refcheck.sources.europepmc import EuropePMC as EuropePMC
    from refcheck.sources.index import Index as Index
    from refcheck.sources.ladder import default_sources as default_sources
    from refcheck.sources.local import LocalRecords as LocalRecords
    from refcheck.sources.opensearch import OpenSearch as OpenSearch
    from refcheck.sources.pubmed import PubMed as PubMed
    from refcheck.sources.record import record_work as record_work
    from refcheck.sources.retractions import Retractions as Retractions

#: Where each name is found.
_PLACES = {
    "AnswerCache": "cache",
    "Crossref": "crossref",
    "DataCite": "datacite",
    "EuropePMC": "europepmc",
    "Index": "index",
    "LocalRecords": "local",
    "OpenSearch": "opensearch",
    "PubMed": "pubmed",
    "build_index": "building",
    "citation": "citations",
    "default_sources": "ladder",
    "record_work": "record",
    "Retractions": "retractions",
}

__all__ = [*sorted(_PLACES), "Source"]


@runtime_checkable
class Source(Protocol):
    """Where records come from. Implementations are safe to call from several threads.

    One that also has `authority = True` is asked for a second opinion where another source's record does not agree
    with the entry.
    """

    name: str
    #: How many calls of `search` may run at the same time; the pipeline keeps to it.
    concurrency: int

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that the printed DOIs, PubMed and arXiv numbers name, by the value printed, in few requests.

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


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])
