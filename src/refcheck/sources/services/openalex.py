"""OpenAlex as a source: works of every field, many of them without a DOI.

https://developers.openalex.org (read in November 2026). Searches cost: a free key has a day's allowance, and without
one there is next to none. It merges works on its own judgement, so it is asked last.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from refcheck.errors import SourceUnavailable
from refcheck.identifiers import link_doi, valid_doi
from refcheck.model import Enquiry, Identified, Notice, Query, Reference, Work
from refcheck.sources.http.client import DeskOptions, open_desk
from refcheck.sources.http.transport import Answer, Unusable
from refcheck.sources.services.displayed_names import displayed_name
from refcheck.text import plain, words

OPENALEX = "https://api.openalex.org"
#: A hundred requests a second are allowed; nobody needs them.
_RATE, _CONCURRENCY = 5.0, 2
#: Values of one filter: 100 are documented.
_ROWS, _BATCH, _TITLE_WORDS = 5, 50, 12
_FIELDS = "id,doi,ids,display_name,publication_year,type,authorships,biblio,primary_location,is_retracted"
_TYPES = {
    "article": "article-journal", "review": "article-journal", "letter": "article-journal",
    "editorial": "article-journal", "preprint": "article", "book": "book", "book-chapter": "chapter",
    "dissertation": "thesis", "dataset": "dataset", "report": "report", "standard": "standard",
}  # fmt: skip


class OpenAlex:
    """A source over OpenAlex: by DOI, many in one request, and by title.

    A key is taken from `REFCHECK_OPENALEX_KEY`, and from nowhere else.
    """

    name = "openalex"
    concurrency = _CONCURRENCY

    def __init__(
        self,
        base_url: str = OPENALEX,
        mailto: str = "",
        *,
        environ: Mapping[str, str] = os.environ,
        **options: Unpack[DeskOptions],
    ) -> None:
        key = environ.get("REFCHECK_OPENALEX_KEY", "").strip() if base_url == OPENALEX else ""
        self._signed = (("api_key", key),) if key else ()
        self._desk = open_desk(self.name, base_url, rate=_RATE, concurrency=self.concurrency, mailto=mailto, **options)

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that DOIs name; one that OpenAlex does not have is not told."""
        # A comma or a bar would part the values of the filter.
        dois = [
            d for d in dict.fromkeys(r.doi.lower() for r in references if valid_doi(r.doi)) if not {",", "|"} & {*d}
        ]
        works: dict[str, Work] = {}
        unanswered: dict[str, str] = {}
        for start in range(0, len(dois), _BATCH):
            some = dois[start : start + _BATCH]
            try:
                found = self._ask(f"doi:{'|'.join(some)}", len(some))
            except SourceUnavailable as error:
                unanswered.update(dict.fromkeys(some, error.reason))
                continue
            works.update((work.doi, work) for work in found if work.doi in some)
        return Identified(works=works, unanswered=unanswered)

    def search(self, query: Query) -> Sequence[Work]:
        """Works whose title has the words of the printed one. Raises SourceUnavailable."""
        title = [w for w in words(query.reference.title) if w.isalnum()][:_TITLE_WORDS]
        if query.kind != "title" or len(title) < 2:
            return ()
        return self._ask(f"title.search:{' '.join(title)}", _ROWS)

    def _ask(self, wanted: str, rows: int) -> tuple[Work, ...]:
        params = (("filter", wanted), ("per-page", str(rows)), ("select", _FIELDS), *self._signed)
        results = self._desk.ask(
            "query", wanted, lambda: self._desk.transport.get("/works", params, bucket="any", read=_read)
        )
        return tuple(map(openalex_work, results))

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self._desk.enquiry()


def _read(answer: Answer) -> Any:
    answer.require_ok()
    document = answer.json()
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, list):
        raise Unusable("its answer has an unknown shape")
    return [row for row in results if isinstance(row, dict)]


def openalex_work(row: Mapping[str, Any]) -> Work:
    """The work that a result of OpenAlex describes; total.

    >>> work = openalex_work({"display_name": "On tides", "publication_year": 2003, "type": "article",
    ...     "authorships": [{"author": {"display_name": "Ada van Dal"}}],
    ...     "biblio": {"volume": "7", "first_page": "11", "last_page": "19"}})
    >>> work.authors[0].family, work.year, work.volume, work.pages
    ('van Dal', '2003', '7', '11-19')
    """
    biblio, ids = _mapping(row.get("biblio")), _mapping(row.get("ids"))
    held = _mapping(_mapping(row.get("primary_location")).get("source"))
    authorships = row.get("authorships")
    names = [
        _text(a.get("raw_author_name")) or _text(_mapping(a.get("author")).get("display_name"))
        for a in (authorships if isinstance(authorships, list) else [])
        if isinstance(a, dict)
    ]
    doi = _text(row.get("doi")).lower().removeprefix("https://doi.org/")
    first, last = _text(biblio.get("first_page")), _text(biblio.get("last_page"))
    kind = _text(row.get("type")).lower()
    url = _text(row.get("id"))
    return Work(
        type=_TYPES.get(kind, "document"),
        genre="preprint" if kind == "preprint" else "",
        authors=tuple(displayed_name(name) for name in names if name),
        title=_text(row.get("display_name")),
        container=_text(held.get("display_name")) if kind != "book" else "",
        year=_text(row.get("publication_year")),
        volume=_text(biblio.get("volume")),
        issue=_text(biblio.get("issue")),
        pages=f"{first}-{last}" if first and last and first != last else first,
        doi=doi if valid_doi(doi) else "",
        pmid=_text(ids.get("pmid")).rpartition("/")[2],
        source="openalex",
        url=link_doi(doi) or (url if url.startswith("https://") else ""),
        notices=(Notice(kind="retraction", asserted_by="openalex"),) if row.get("is_retracted") is True else (),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return plain(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
