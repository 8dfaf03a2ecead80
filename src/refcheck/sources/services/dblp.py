"""DBLP as a source: computer science, its conferences above all.

https://dblp.org/faq/How+to+use+the+dblp+search+API.html (read in November 2026)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from refcheck.identifiers import link_doi, valid_doi
from refcheck.model import Enquiry, Identified, Query, Reference, Work
from refcheck.sources.http.client import DeskOptions, open_desk
from refcheck.sources.http.transport import Answer, Unusable
from refcheck.sources.services.displayed_names import displayed_name
from refcheck.text import plain, words

DBLP = "https://dblp.org"
#: A second or two between requests is asked for (dblp.org/faq, "Am I allowed to crawl the dblp website?").
_RATE, _CONCURRENCY = 0.5, 1
_ROWS, _TITLE_WORDS = 5, 12
_TYPES = {
    "journal articles": "article-journal",
    "conference and workshop papers": "paper-conference",
    "books and theses": "book",
    "parts in books or collections": "chapter",
    "informal and other publications": "article",
    "editorship": "book",
}
#: Kinds of work that DBLP does not hold, or for which it need not be asked.
_NOT_HERE = frozenset(["standard", "patent", "legislation", "dataset", "webpage", "report", "thesis"])


class Dblp:
    """A source over DBLP's search API: by the words of a title."""

    name = "dblp"
    concurrency = _CONCURRENCY

    def __init__(self, base_url: str = DBLP, mailto: str = "", **options: Unpack[DeskOptions]) -> None:
        self._desk = open_desk(self.name, base_url, rate=_RATE, concurrency=self.concurrency, mailto=mailto, **options)

    def identify(self, references: Sequence[Reference]) -> Identified:
        """Nothing: DBLP's search takes words, and a DOI is Crossref's."""
        return Identified()

    def search(self, query: Query) -> Sequence[Work]:
        """Works whose title has the words of the printed one. Raises SourceUnavailable."""
        title = [w for w in words(query.reference.title) if w.isalnum()][:_TITLE_WORDS]
        if query.kind != "title" or query.reference.type in _NOT_HERE or len(title) < 2:
            return ()
        params = (("q", " ".join(title)), ("format", "json"), ("h", str(_ROWS)), ("c", "0"))
        rows = self._desk.ask(
            "query",
            params[0][1],
            lambda: self._desk.transport.get("/search/publ/api", params, bucket="any", read=_read),
        )
        return tuple(map(dblp_work, rows))

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self._desk.enquiry()


def _read(answer: Answer) -> Any:
    answer.require_ok()
    document = answer.json()
    result = document.get("result") if isinstance(document, dict) else None
    hits = result.get("hits") if isinstance(result, dict) else None
    if not isinstance(hits, dict) or "@total" not in hits:
        raise Unusable("its answer has an unknown shape")
    listed = hits.get("hit", [])  # where nothing was found there is no list
    rows = listed if isinstance(listed, list) else [listed]
    return [row["info"] for row in rows if isinstance(row, dict) and isinstance(row.get("info"), dict)]


def dblp_work(row: Mapping[str, Any]) -> Work:
    """The work that a result of DBLP describes; total.

    >>> work = dblp_work({"title": "On invented graphs.", "authors": {"author": [{"text": "Bo Lindqvist 0002"}]},
    ...     "venue": ["ICIG"], "year": "2019", "type": "Conference and Workshop Papers", "pages": "1-9"})
    >>> work.title, work.authors[0], work.container, work.type
    ('On invented graphs', Name(family='Lindqvist', given='Bo', suffix=''), 'ICIG', 'paper-conference')
    """
    people = row.get("authors")
    listed = people.get("author") if isinstance(people, dict) else None
    names = [_text(p.get("text")) for p in (listed if isinstance(listed, list) else [listed]) if isinstance(p, dict)]
    doi = _text(row.get("doi")).lower()
    doi = doi if valid_doi(doi) else ""
    url = _text(row.get("url"))
    return Work(
        type=_TYPES.get(_text(row.get("type")).lower(), ""),
        # Namesakes are told apart by a number behind the name.
        authors=tuple(displayed_name(re.sub(r"\s\d{4}$", "", name)) for name in names if name),
        title=_text(row.get("title")).removesuffix("."),
        container=_text(row.get("venue")),
        year=_text(row.get("year")),
        volume=_text(row.get("volume")),
        issue=_text(row.get("number")),
        pages=_text(row.get("pages")),
        doi=doi,
        publisher=_text(row.get("publisher")),
        source="dblp",
        url=link_doi(doi) or (url if url.startswith("https://") else ""),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return plain(value) if isinstance(value, str) else ""
