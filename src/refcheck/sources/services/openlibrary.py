"""Open Library as a source for books: by ISBN, many in one request, and by title and author.

https://openlibrary.org/dev/docs/api/books, https://openlibrary.org/dev/docs/api/search (read in November 2026)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from refcheck.errors import SourceUnavailable
from refcheck.model import Enquiry, Identified, Query, Reference, Work
from refcheck.sources.http.client import DeskOptions, open_desk
from refcheck.sources.http.transport import Answer, Unusable
from refcheck.sources.services.displayed_names import displayed_name
from refcheck.text import plain, words

OPEN_LIBRARY = "https://openlibrary.org"
#: Requests a second: one, three for who gives an address (openlibrary.org/developers/api).
_RATE, _RATE_POLITE, _CONCURRENCY = 1.0, 3.0, 1
_ROWS, _BATCH, _TITLE_WORDS = 5, 50, 12
_FIELDS = "key,title,subtitle,author_name,first_publish_year,publish_year,publisher,isbn"
#: Editions whose years, publishers and ISBNs are kept: reprints of a classic run to thousands.
_EDITIONS = 200


class OpenLibrary:
    """A source over Open Library. Only what may be a book is asked for."""

    name = "openlibrary"
    concurrency = _CONCURRENCY

    def __init__(self, base_url: str = OPEN_LIBRARY, mailto: str = "", **options: Unpack[DeskOptions]) -> None:
        rate = _RATE_POLITE if mailto else _RATE
        self._desk = open_desk(self.name, base_url, rate=rate, concurrency=self.concurrency, mailto=mailto, **options)

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The books that ISBNs name, by the value printed; one that Open Library does not have is not told."""
        printed = {r.isbn: n for r in references if (n := isbn_number(r.isbn))}
        works: dict[str, Work] = {}
        unanswered: dict[str, str] = {}
        values = list(printed)
        for start in range(0, len(values), _BATCH):
            some = values[start : start + _BATCH]
            keys = ",".join(f"ISBN:{printed[value]}" for value in some)
            params = (("bibkeys", keys), ("jscmd", "data"), ("format", "json"))
            try:
                found = self._desk.ask(
                    "query",
                    keys,
                    lambda params=params: self._desk.transport.get(  # type: ignore[misc]
                        "/api/books", params, bucket="any", read=_read_books
                    ),
                )
            except SourceUnavailable as error:
                unanswered.update(dict.fromkeys(some, error.reason))
                continue
            for value in some:
                if row := found.get(f"ISBN:{printed[value]}"):
                    works[value] = edition_work(row, printed[value])
        return Identified(works=works, unanswered=unanswered)

    def search(self, query: Query) -> Sequence[Work]:
        """Books with the words of the title and the first author. Raises SourceUnavailable."""
        reference = query.reference
        title = words(reference.title)[:_TITLE_WORDS]
        if query.kind != "title" or reference.type not in {"", "book"} or not title:
            return ()
        params = [("title", " ".join(title)), ("fields", _FIELDS), ("limit", str(_ROWS))]
        if reference.authors and (author := words(reference.authors[0].family)):
            params.insert(1, ("author", " ".join(author)[:100]))
        rows = self._desk.ask(
            "query",
            repr(params),
            lambda: self._desk.transport.get("/search.json", params, bucket="any", read=_read_search),
        )
        return tuple(work for row in rows if (work := title_work(row)).title)

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self._desk.enquiry()


def isbn_number(printed: str) -> str:
    """The ISBN without its hyphens; "" where it has neither 10 nor 13 places.

    >>> isbn_number("978-0-00-000000-2"), isbn_number("0-00-000000-x"), isbn_number("12")
    ('9780000000002', '000000000X', '')
    """
    number = re.sub(r"[\s-]", "", printed).upper()
    return number if re.fullmatch(r"\d{9}[\dX]|97[89]\d{10}", number) else ""


def _read_books(answer: Answer) -> Any:
    answer.require_ok()
    document = answer.json()
    if not isinstance(document, dict) or any(
        not k.startswith("ISBN:") or not isinstance(v, dict) for k, v in document.items()
    ):
        raise Unusable("its answer has an unknown shape")
    return document


def _read_search(answer: Answer) -> Any:
    answer.require_ok()
    document = answer.json()
    rows = document.get("docs") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise Unusable("its answer has an unknown shape")
    return [row for row in rows if isinstance(row, dict)]


def edition_work(row: Mapping[str, Any], isbn: str = "") -> Work:
    """The book that an edition of Open Library (its `jscmd=data`) describes; total.

    >>> work = edition_work({"title": "On tides", "subtitle": "a primer", "authors": [{"name": "Ada Nordahl"}],
    ...     "publishers": [{"name": "Fjord Press"}], "publish_date": "May 1, 2003", "edition_name": "2nd ed."})
    >>> work.title, work.authors[0].family, work.publisher, work.year, work.edition
    ('On tides: a primer', 'Nordahl', 'Fjord Press', '2003', '2nd ed.')
    """
    return _book(
        title=_text(row.get("title")),
        subtitle=_text(row.get("subtitle")),
        people=[_text(person.get("name")) for person in _rows(row.get("authors"))],
        years=re.findall(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)", _text(row.get("publish_date")))[-1:],
        publishers=[_text(each.get("name")) for each in _rows(row.get("publishers"))],
        places=[_text(each.get("name")) for each in _rows(row.get("publish_places"))],
        edition=_text(row.get("edition_name")),
        isbns=[isbn] if isbn else [],
        url=_text(row.get("url")),
    )


def title_work(row: Mapping[str, Any]) -> Work:
    """The book that a result of a search describes, with the years of all its editions; total.

    >>> work = title_work({"key": "/works/OL1W", "title": "On tides", "author_name": ["Ada Nordahl"],
    ...     "first_publish_year": 1998, "publish_year": [2003, 1998], "publisher": ["Fjord Press"]})
    >>> work.year, work.also, work.url
    ('1998', {'year:other': ('2003',)}, 'https://openlibrary.org/works/OL1W')
    """
    years = [y for y in map(_text, (row.get("first_publish_year"), *_list(row.get("publish_year")))) if y]
    key = _text(row.get("key"))
    return _book(
        title=_text(row.get("title")),
        subtitle=_text(row.get("subtitle")),
        people=[_text(name) for name in _list(row.get("author_name"))],
        years=years,
        publishers=[_text(name) for name in _list(row.get("publisher"))],
        places=[],
        edition="",
        isbns=[_text(number) for number in _list(row.get("isbn"))],
        url=f"{OPEN_LIBRARY}{key}" if re.fullmatch(r"/works/\w{1,20}", key) else "",
    )


def _book(
    *,
    title: str,
    subtitle: str,
    people: Sequence[str],
    years: Sequence[str],
    publishers: Sequence[str],
    places: Sequence[str],
    edition: str,
    isbns: Sequence[str],
    url: str,
) -> Work:
    years = list(dict.fromkeys(years[:_EDITIONS]))
    also = {
        "title": (title,) if title and subtitle else (),
        "year:other": tuple(years[1:]),
        "isbn": tuple(isbns[1:_EDITIONS]),
    }
    return Work(
        type="book",
        authors=tuple(displayed_name(name) for name in people if name),
        title=f"{title}: {subtitle}" if title and subtitle else title,
        year=years[0] if years else "",
        publisher=next(filter(None, publishers), ""),
        place=next(filter(None, places), ""),
        edition=edition,
        isbn=next(iter(isbns), ""),
        source="openlibrary",
        url=url if url.startswith("https://") else "",
        also={key: values for key, values in also.items() if values},
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in _list(value) if isinstance(row, dict)]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return plain(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
