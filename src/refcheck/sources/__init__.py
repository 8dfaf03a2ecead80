"""Reference -> Works: the only rooms that open a socket or an index.

A source is anything with `name`, `identify` and `search` (the protocol `Source`). Only `SourceUnavailable` may
leave a source: an outage is never an empty answer.

The sources themselves are imported when first named: `import refcheck.sources` loads no network or index library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from refcheck.sources.contract import Source

if TYPE_CHECKING:
    from refcheck.sources.corpus.building import build_index as build_index
    from refcheck.sources.corpus.index import Index as Index
    from refcheck.sources.corpus.local import LocalRecords as LocalRecords
    from refcheck.sources.corpus.opensearch import OpenSearch as OpenSearch
    from refcheck.sources.http.cache import AnswerCache as AnswerCache
    from refcheck.sources.ladder import default_sources as default_sources
    from refcheck.sources.record import record_work as record_work
    from refcheck.sources.retractions import Retractions as Retractions
    from refcheck.sources.services.arxiv import Arxiv as Arxiv
    from refcheck.sources.services.citations import citation as citation
    from refcheck.sources.services.crossref import Crossref as Crossref
    from refcheck.sources.services.datacite import DataCite as DataCite
    from refcheck.sources.services.dblp import Dblp as Dblp
    from refcheck.sources.services.europepmc import EuropePMC as EuropePMC
    from refcheck.sources.services.openalex import OpenAlex as OpenAlex
    from refcheck.sources.services.openlibrary import OpenLibrary as OpenLibrary
    from refcheck.sources.services.pubmed import PubMed as PubMed

#: Where each name is found.
_PLACES = {
    "AnswerCache": "http.cache",
    "Crossref": "services.crossref",
    "DataCite": "services.datacite",
    "EuropePMC": "services.europepmc",
    "Index": "corpus.index",
    "LocalRecords": "corpus.local",
    "OpenSearch": "corpus.opensearch",
    "Arxiv": "services.arxiv",
    "Dblp": "services.dblp",
    "OpenAlex": "services.openalex",
    "OpenLibrary": "services.openlibrary",
    "PubMed": "services.pubmed",
    "build_index": "corpus.building",
    "citation": "services.citations",
    "default_sources": "ladder",
    "record_work": "record",
    "Retractions": "retractions",
}

__all__ = [*sorted(_PLACES), "Source"]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])
