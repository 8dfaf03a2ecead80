"""The sources that the options name."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from refcheck.cli import streams
from refcheck.errors import UsageError

if TYPE_CHECKING:
    from refcheck.sources import OpenSearch, Source
    from refcheck.sources.http.transport import Outgoing


def add_sources(p: argparse.ArgumentParser) -> None:
    """The options by which records are found, and how they are asked for."""
    g = p.add_argument_group("where records come from")
    g.add_argument("--records", metavar="FILE", type=Path, help="Crossref records, .jsonl or .jsonl.gz; no network")
    g.add_argument("--index", metavar="DIR", type=Path, help="an index made by `refcheck index build`; no network")
    g.add_argument(
        "--opensearch",
        metavar="URL",
        help="an index on a cluster, https://host:9200/name; with a password: REFCHECK_OPENSEARCH_URL, and URL is -",
    )
    g.add_argument(
        "--sources",
        metavar="NAMES",
        help="who is asked behind Crossref, parted by commas: arxiv, datacite, pubmed, europepmc, dblp, openlibrary, "
        "openalex, those of other packages, or none (REFCHECK_LADDER; by default datacite,pubmed,europepmc)",
    )
    g.add_argument(
        "--crossref-url",
        metavar="URL",
        help="another address of the Crossref API (REFCHECK_CROSSREF_URL)",
    )
    g.add_argument(
        "--mailto",
        metavar="ADDRESS",
        help="your e-mail address, for Crossref's faster polite pool (REFCHECK_MAILTO)",
    )
    g.add_argument("--no-rate-limit", action="store_true", help="ask as fast as possible: for a Crossref of your own")
    g.add_argument("--offline", action="store_true", help="ask nobody: use kept answers only")
    g.add_argument("--no-cache", action="store_true", help="neither use nor keep answers")
    g.add_argument("--refresh", action="store_true", help="ask anew, and keep the answers")
    g.add_argument("--retractions", metavar="FILE", type=Path, help="what Retraction Watch knows: its CSV file")
    g.add_argument("--dry-run", action="store_true", help="print the requests that would be sent, and send none")


def open_sources(options: argparse.Namespace, outbox: list[Outgoing] | None = None) -> list[Source]:
    """The sources that the options name: a file, an index, or Crossref and those behind it. With `--dry-run` or
    `--offline` nothing is sent; what would have been is put into `outbox`.

    Raises RefcheckError where one of them cannot be opened.
    """
    from refcheck import sources

    out: list[Source] = []
    if options.records:
        from refcheck.sources.http.cache import cache_folder

        out.append(sources.LocalRecords(options.records, cache_dir=None if options.no_cache else cache_folder()))
    if options.index:
        out.append(sources.Index(options.index))
    if options.opensearch:
        out.append(open_cluster(options.opensearch))
    if options.crossref_url or not out:
        silent = options.dry_run or options.offline
        out += sources.default_sources(
            base_url=options.crossref_url,
            mailto=options.mailto,
            rate_limit=not options.no_rate_limit,
            cache=None if options.no_cache else sources.AnswerCache(refresh=options.refresh),
            outbox=([] if outbox is None else outbox) if silent else None,
            steps=options.sources,
        )
    if options.retractions:
        known = sources.Retractions(options.retractions)
        out = [known.beside(source) for source in out]
    return out


def _readable(url: str) -> str:
    """An address with its question in plain words."""
    from refcheck.text import printable

    return printable(unquote_plus(url))


def open_cluster(url: str) -> OpenSearch:
    """The index at an address like https://host:9200/name; "-" is the address in `REFCHECK_OPENSEARCH_URL`.

    Raises UsageError for an address that cannot be one, or where the client is not installed.
    """
    from urllib.parse import urlsplit

    from refcheck.sources import OpenSearch

    address = os.environ.get("REFCHECK_OPENSEARCH_URL", "").strip() if url == "-" else url.strip()
    parts = urlsplit(address)
    index = parts.path.strip("/")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "/" in index or parts.query or parts.fragment:
        raise UsageError("the address of an OpenSearch index must be like https://host:9200/refcheck-works")
    host = f"{parts.scheme}://{parts.netloc}"
    return OpenSearch(host, index) if index else OpenSearch(host)


@contextmanager
def opened_sources(options: argparse.Namespace) -> Iterator[Sequence[Source]]:
    """The sources that the options name, and what there is to say of them; after a dry run, what would have been sent
    is printed.

    Raises RefcheckError where one of them cannot be opened.
    """
    outbox: list[Outgoing] = []
    sources = open_sources(options, outbox)
    for problem in (p for source in sources for p in getattr(source, "problems", ())):
        streams.say(problem)
    yield sources
    if options.dry_run:
        for source in dict.fromkeys(r.source for r in outbox):
            sent = [r for r in outbox if r.source == source]
            streams.show(f"{source}: {len(sent)} {'request' if len(sent) == 1 else 'requests'} would be sent")
            for request in sent:
                streams.show(f"  {request.method} {_readable(request.url)}")
        if not outbox:
            streams.show("nothing would be sent")
