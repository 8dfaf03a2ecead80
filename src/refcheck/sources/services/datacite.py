"""DataCite as a source: arXiv, Zenodo, data sets, theses and whatever else Crossref does not register.

https://support.datacite.org/docs/api
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Unpack

from refcheck.errors import SourceUnavailable
from refcheck.identifiers import link_doi, valid_doi
from refcheck.model import Enquiry, Identified, Name, Query, Reference, Work
from refcheck.sources.http.addresses import encoded
from refcheck.sources.http.client import DeskOptions, open_desk
from refcheck.sources.http.transport import Answer, Unusable
from refcheck.text import plain, words

DATACITE = "https://api.datacite.org"
#: Requests a second: 500 in five minutes without an address, 1,000 with one (DataCite, "Is there a rate limit?").
_RATE, _RATE_POLITE, _CONCURRENCY = 500 / 300, 1000 / 300, 2
_ROWS = 5
_TITLE_WORDS = 12
#: arXiv registers its DOIs with DataCite since 2022, for every paper ever posted.
_ARXIV_PREFIX = "10.48550/arxiv."

#: DataCite's general types (schema 4.6, appendix 1) in CSL's terms.
_TYPES = {
    "journalarticle": "article-journal", "preprint": "article", "text": "document", "dataset": "dataset",
    "software": "software", "computationalnotebook": "software", "book": "book", "bookchapter": "chapter",
    "conferencepaper": "paper-conference", "conferenceproceeding": "book", "dissertation": "thesis",
    "report": "report", "datapaper": "article-journal", "standard": "standard", "peerreview": "review",
    "audiovisual": "motion_picture", "image": "graphic", "collection": "collection",
}  # fmt: skip


class DataCite:
    """A source over DataCite's REST API.

    `registered` tells the agency of a DOI where that is known (`Crossref.registered`): DOIs of other agencies are then
    not asked for. Without it every DOI is.
    """

    name = "datacite"
    concurrency = _CONCURRENCY

    def __init__(
        self,
        base_url: str = DATACITE,
        mailto: str = "",
        *,
        registered: Callable[[str], str | None] | None = None,
        **options: Unpack[DeskOptions],
    ) -> None:
        rate = _RATE_POLITE if mailto else _RATE
        self._desk = open_desk(self.name, base_url, rate=rate, concurrency=self.concurrency, mailto=mailto, **options)
        self._registered = registered

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that DOIs and arXiv numbers name, by the value printed. What DataCite does not have is not told:
        another agency may have it.
        """
        works: dict[str, Work] = {}
        unanswered: dict[str, str] = {}
        for printed, doi in self._asked(references):
            try:
                record = self._desk.ask("record", doi, lambda doi=doi: self._record(doi))  # type: ignore[misc]
            except SourceUnavailable as exc:
                unanswered[printed] = exc.reason
                continue
            if record:
                works[printed] = datacite_work(record)
        return Identified(works=works, unanswered=unanswered)

    def _asked(self, references: Sequence[Reference]) -> Iterable[tuple[str, str]]:
        asked: dict[str, str] = {}
        for reference in references:
            if reference.arxiv:
                asked.setdefault(reference.arxiv, arxiv_doi(reference.arxiv))
            if valid_doi(reference.doi) and self._may_have(reference.doi):
                asked.setdefault(reference.doi, reference.doi.lower())
        return asked.items()

    def _may_have(self, doi: str) -> bool:
        if self._registered is None or doi.startswith(_ARXIV_PREFIX):
            return True
        return (self._registered(doi) or "").lower() == "datacite"

    def _record(self, doi: str) -> Any:
        return self._desk.transport.get(f"/dois/{encoded(doi)}", bucket="any", read=_read_record)

    def search(self, query: Query) -> Sequence[Work]:
        """Works whose title has all the words of the printed one. Raises SourceUnavailable."""
        title = words(query.reference.title)
        if query.kind != "title" or len(title) < 2:
            return ()
        # Words alone: nothing in a title may be read as an operator of the query language.
        wanted = " AND ".join(f'"{word[:60]}"' for word in dict.fromkeys(title[:_TITLE_WORDS]))
        params = (("query", f"titles.title:({wanted})"), ("page[size]", str(_ROWS)))
        rows = self._desk.ask(
            "query", wanted, lambda: self._desk.transport.get("/dois", params, bucket="any", read=_read_list)
        )
        return tuple(map(datacite_work, rows))

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self._desk.enquiry()


def arxiv_doi(number: str) -> str:
    """The DOI of an arXiv number; it names the paper, not one version.

    >>> arxiv_doi("1706.03762v5"), arxiv_doi("hep-th/9901001")
    ('10.48550/arxiv.1706.03762', '10.48550/arxiv.hep-th/9901001')
    """
    return _ARXIV_PREFIX + re.sub(r"v\d{1,2}$", "", number.strip().lower())


def _read_record(answer: Answer) -> Any:
    if answer.status == 404:
        answer.json()  # a page of HTML is no answer
        return {}
    data = _data(answer)
    if not isinstance(data, dict) or not isinstance(data.get("attributes"), dict):
        raise Unusable("its answer has an unknown shape")
    return data["attributes"]


def _read_list(answer: Answer) -> Any:
    data = _data(answer)
    if not isinstance(data, list):
        raise Unusable("its answer has an unknown shape")
    return [d["attributes"] for d in data if isinstance(d, dict) and isinstance(d.get("attributes"), dict)]


def _data(answer: Answer) -> Any:
    answer.require_ok()
    document = answer.json()
    return document.get("data") if isinstance(document, dict) else None


def datacite_work(attributes: Mapping[str, Any]) -> Work:
    """The work that a DataCite record (the `attributes` of its JSON) describes; total.

    >>> work = datacite_work({"doi": "10.48550/ARXIV.1706.03762", "titles": [{"title": "Attention Is All You Need"}],
    ...     "creators": [{"name": "Vaswani, Ashish"}], "publicationYear": 2017, "publisher": "arXiv"})
    >>> work.authors[0].family, work.year, work.url, work.also
    ('Vaswani', '2017', 'https://doi.org/10.48550/arxiv.1706.03762', {'online_only': ('2017',)})
    """
    doi = _text(attributes.get("doi")).lower()
    titles = [t for t in (_text(row.get("title")) for row in _rows(attributes.get("titles"))) if t]
    types = attributes.get("types")
    general = _text(types.get("resourceTypeGeneral")).lower() if isinstance(types, dict) else ""
    publisher = attributes.get("publisher")
    held = attributes.get("container")
    held = held if isinstance(held, dict) else {}
    first, last = _text(held.get("firstPage")), _text(held.get("lastPage"))
    year = _text(attributes.get("publicationYear"))
    # What DataCite registers is online, and the year that of its first version.
    also = {"title": tuple(titles[1:]), "online_only": (year,) if year else ()}
    return Work(
        type=_TYPES.get(general, "document"),
        authors=tuple(_name(row) for row in _rows(attributes.get("creators")) if row.get("name")),
        title=titles[0] if titles else "",
        container=_text(held.get("title")),
        year=year,
        volume=_text(held.get("volume")),
        issue=_text(held.get("issue")),
        pages=f"{first}-{last}" if first and last else first,
        doi=doi,
        arxiv=doi.removeprefix(_ARXIV_PREFIX) if doi.startswith(_ARXIV_PREFIX) else "",
        publisher=_text(publisher.get("name") if isinstance(publisher, dict) else publisher),
        genre="preprint" if general == "preprint" else "",
        source="datacite",
        url=link_doi(doi),
        also={key: values for key, values in also.items() if values},
    )


def _name(row: Mapping[str, Any]) -> Name:
    name, family, given = (_text(row.get(k)) for k in ("name", "familyName", "givenName"))
    if not family and "," in name and row.get("nameType") != "Organizational":
        family, _, given = (part.strip() for part in name.partition(","))
    return Name(family=family or name, given=given if family else "")


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    if isinstance(value, str):
        return plain(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
