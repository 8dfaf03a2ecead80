"""arXiv's own API as a source: papers by number, many in one request, and by title; with what they were published as.

https://info.arxiv.org/help/api/user-manual.html, https://info.arxiv.org/help/api/tou.html (read in November 2026)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from lxml import etree

from refcheck.errors import SourceUnavailable
from refcheck.identifiers import valid_doi
from refcheck.model import Enquiry, Identified, Notice, Query, Reference, Work
from refcheck.sources.http.client import DeskOptions, open_desk
from refcheck.sources.http.transport import Answer, Unusable
from refcheck.sources.services.displayed_names import displayed_name
from refcheck.text import plain, words

ARXIV = "https://export.arxiv.org/api"
#: One request in three seconds, one at a time (terms of use of the API).
_RATE, _CONCURRENCY = 1 / 3, 1
_ROWS, _BATCH, _TITLE_WORDS = 5, 50, 12
_ATOM, _OWN = "{http://www.w3.org/2005/Atom}", "{http://arxiv.org/schemas/atom}"
_NUMBER = re.compile(r"\d{4}\.\d{4,5}|[a-z-]{2,15}(?:\.[a-z]{2})?/\d{7}")


class Arxiv:
    """A source over arXiv's API: by number, and by title for what seems to be a preprint."""

    name = "arxiv"
    concurrency = _CONCURRENCY

    def __init__(self, base_url: str = ARXIV, mailto: str = "", **options: Unpack[DeskOptions]) -> None:
        self._desk = open_desk(self.name, base_url, rate=_RATE, concurrency=self.concurrency, mailto=mailto, **options)

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The papers that arXiv numbers name, by the value printed; a number that arXiv does not have is not told."""
        printed = {r.arxiv: n for r in references if (n := arxiv_number(r.arxiv))}
        works: dict[str, Work] = {}
        unanswered: dict[str, str] = {}
        values = list(printed)
        for start in range(0, len(values), _BATCH):
            some = values[start : start + _BATCH]
            numbers = list(dict.fromkeys(printed[value] for value in some))
            try:
                rows = self._ask((("id_list", ",".join(numbers)), ("max_results", str(len(numbers)))))
            except SourceUnavailable as error:
                unanswered.update(dict.fromkeys(some, error.reason))
                continue
            found = {work.arxiv: work for work in rows}
            works.update((value, found[printed[value]]) for value in some if printed[value] in found)
        return Identified(works=works, unanswered=unanswered)

    def search(self, query: Query) -> Sequence[Work]:
        """Papers whose title has the words of the printed one. Raises SourceUnavailable."""
        title = [w for w in words(query.reference.title) if w.isalnum()][:_TITLE_WORDS]
        if query.kind != "title" or query.reference.type not in {"", "article"} or len(title) < 2:
            return ()
        wanted = " AND ".join(f'ti:"{word}"' for word in dict.fromkeys(title))
        return self._ask((("search_query", wanted), ("max_results", str(_ROWS))))

    def _ask(self, params: tuple[tuple[str, str], ...]) -> tuple[Work, ...]:
        rows = self._desk.ask(
            "query", repr(params), lambda: self._desk.transport.get("/query", params, bucket="any", read=_read)
        )
        return tuple(map(arxiv_work, rows))

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self._desk.enquiry()


def arxiv_number(printed: str) -> str:
    """The number of the paper, without version and subject class; "" where it is none.

    >>> arxiv_number("1706.03762v5"), arxiv_number("math.GT/0309136"), arxiv_number("x")
    ('1706.03762', 'math/0309136', '')
    """
    number = re.sub(r"v\d{1,2}$", "", re.sub(r"\s", "", printed).lower())
    return re.sub(r"\.[a-z]{2}/", "/", number) if _NUMBER.fullmatch(number) else ""


def _read(answer: Answer) -> Any:
    answer.require_ok()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        feed = etree.fromstring(answer.body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unusable("its answer is not the XML that it should be") from None
    if feed is None or feed.tag != f"{_ATOM}feed":
        raise Unusable("its answer has an unknown shape")
    rows = []
    for entry in feed.iter(f"{_ATOM}entry"):
        row: dict[str, Any] = {
            name: entry.findtext(f"{where}{name}") or ""
            for where, name in (
                (_ATOM, "id"), (_ATOM, "title"), (_ATOM, "published"), (_ATOM, "updated"), (_OWN, "journal_ref"),
                (_OWN, "doi"),
            )
        }  # fmt: skip
        if "/api/errors" in row["id"]:
            raise Unusable("it answered with an error of its own")
        row["authors"] = [name.text or "" for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name")]
        rows.append(row)
    return rows


def arxiv_work(row: Mapping[str, Any]) -> Work:
    """The paper that an entry of arXiv's feed describes (its texts by name, `authors` a list).

    >>> work = arxiv_work({"id": "http://arxiv.org/abs/math/0309136v2", "title": "On invented\\n  knots",
    ...     "published": "2003-09-08T14:00:00Z", "updated": "2004-01-01T00:00:00Z", "authors": ["Ada Nordahl"],
    ...     "doi": "10.5555/KNOTS", "journal_ref": "J. Invent. Knots 7 (2004) 11-19"})
    >>> work.arxiv, work.title, work.year, work.doi, work.also["version"], work.notices[0].doi
    ('math/0309136', 'On invented knots', '2003', '10.48550/arxiv.math/0309136', ('2',), '10.5555/knots')
    """
    printed = str(row["id"]).rpartition("/abs/")[2]
    number = arxiv_number(printed)
    first, last = str(row["published"])[:4], str(row["updated"])[:4]
    version = re.search(r"v(\d{1,2})$", printed)
    published = str(row["doi"]).strip().lower()
    also = {
        "year:other": (last,) if last and last != first else (),
        "online_only": (first,) if first else (),
        "version": (version[1],) if version else (),
    }
    return Work(
        type="article",
        genre="preprint",
        authors=tuple(displayed_name(plain(name)) for name in row["authors"] if name),
        title=plain(str(row["title"])),
        year=first,
        doi=f"10.48550/arxiv.{number}" if number else "",
        arxiv=number,
        publisher="arXiv",
        source="arxiv",
        url=f"https://arxiv.org/abs/{number}" if number else "",
        also={key: values for key, values in also.items() if values},
        notices=(
            (Notice(kind="published", doi=published, asserted_by="arxiv", label=plain(str(row["journal_ref"]))),)
            if valid_doi(published)
            else ()
        ),
    )
