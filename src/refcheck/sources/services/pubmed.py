"""PubMed as a source: works by number, and by journal, year, volume, page and author (ECitMatch).

ECitMatch guesses: it can return the number of another article. So each guess is looked up, and dropped unless the
summary says the same as the reference in two of year, volume and first page.

https://www.ncbi.nlm.nih.gov/books/NBK25499/
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Unpack

from refcheck.identifiers import link_doi, valid_doi
from refcheck.model import Enquiry, Identified, Name, Notice, Query, Reference, Work
from refcheck.sources.http.client import DeskOptions, open_desk
from refcheck.sources.http.transport import Answer, Unusable
from refcheck.sources.services.medline import first_page, identify_by_pmid, short_name
from refcheck.text import fold, plain

PUBMED = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
#: Requests a second without and with a key ("A General Introduction to the E-utilities", NBK25497).
_RATE, _RATE_KEY, _CONCURRENCY = 3.0, 10.0, 2
#: Numbers in one summary request: NCBI takes 200 in an address.
_BATCH = 200


class PubMed:
    """A source over NCBI's E-utilities. A key is taken from `REFCHECK_NCBI_KEY`, and from nowhere else."""

    name = "pubmed"
    concurrency = _CONCURRENCY
    #: Its records are made by cataloguers, not by publishers (ICMJE: the authority for MEDLINE journals).
    authority = True

    def __init__(
        self,
        base_url: str = PUBMED,
        mailto: str = "",
        *,
        environ: Mapping[str, str] = os.environ,
        **options: Unpack[DeskOptions],
    ) -> None:
        key = environ.get("REFCHECK_NCBI_KEY", "").strip() if base_url == PUBMED else ""
        rate = _RATE_KEY if key else _RATE
        self._desk = open_desk(self.name, base_url, rate=rate, concurrency=self.concurrency, mailto=mailto, **options)
        self._signed = (
            ("db", "pubmed"),
            ("tool", "refcheck"),
            *((("email", mailto),) if mailto else ()),
            *((("api_key", key),) if key else ()),
        )

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that PubMed numbers name, by number; a number that PubMed does not have is not told."""
        return identify_by_pmid(references, _BATCH, self._summaries)

    def search(self, query: Query) -> Sequence[Work]:
        """The article at the journal, year, volume and page; where nothing is there, the one that has the DOI.

        Raises SourceUnavailable.
        """
        reference = query.reference
        if query.kind != "locator":
            return ()
        guessed = self._numbers("/ecitmatch.cgi", "xml", "bdata", _citation(reference), _read_numbers)
        found = tuple(work for work in self._summaries(guessed) if _at_the_same_place(reference, work))
        if found or not valid_doi(reference.doi):
            return found
        term = '"' + re.sub(r'["\\]+', "", reference.doi) + '"[doi]'
        listed = self._numbers("/esearch.fcgi", "json", "term", term, _read_listed)
        return tuple(work for work in self._summaries(listed) if work.doi == reference.doi.lower())

    def _numbers(
        self, path: str, mode: str, name: str, value: str, read: Callable[[Answer], list[str]]
    ) -> Sequence[str]:
        if not value:
            return ()
        params = (*self._signed, ("retmode", mode), (name, value))
        numbers: list[str] = self._desk.ask(
            "query", value, lambda: self._desk.transport.get(path, params, bucket="any", read=read)
        )
        return numbers

    def _summaries(self, pmids: Sequence[str]) -> tuple[Work, ...]:
        if not pmids:
            return ()
        params = (*self._signed, ("retmode", "json"), ("id", ",".join(pmids)))
        rows = self._desk.ask(
            "query",
            f"summary {','.join(pmids)}",
            lambda: self._desk.transport.get("/esummary.fcgi", params, bucket="any", read=_read_summaries),
        )
        return tuple(map(pubmed_work, rows))

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self._desk.enquiry()


def _citation(reference: Reference) -> str:
    """One line of ECitMatch's input; "" where too little is printed for anything but a guess."""
    author = reference.authors[0] if reference.authors else Name()
    page = first_page(reference.pages)
    if not (reference.container and reference.volume and page):
        return ""
    name = f"{author.family} {re.sub(r'[^A-Z]', '', author.given)}".strip() if author.family else ""
    fields = (reference.container, reference.year[:4], reference.volume, page, fold(name), "ref")
    return "|".join(re.sub(r"[|\r\n\t]+", " ", field).strip()[:200] for field in fields) + "|"


def _read_numbers(answer: Answer) -> list[str]:
    answer.require_ok()
    text = answer.body.decode("utf-8", "replace").strip()
    if not text or answer.looks_like_html or text.startswith("{"):
        raise Unusable("it answered with something else")
    # journal|year|volume|page|author|key|29434006  …or NOT_FOUND, or AMBIGUOUS 26315901,25768914, or (783 citations)
    said = text.splitlines()[0].rpartition("|")[2]
    if said.startswith("AMBIGUOUS"):
        numbers = re.findall(r"\d{5,9}", said.partition("(")[0])
        return numbers[:5]
    return [said] if re.fullmatch(r"\d{1,9}", said) else []


def _read_listed(answer: Answer) -> list[str]:
    answer.require_ok()
    document = answer.json()
    result = document.get("esearchresult") if isinstance(document, dict) else None
    if not isinstance(result, dict) or not isinstance(result.get("idlist"), list):
        raise Unusable("its answer has an unknown shape")
    return [n for n in result["idlist"] if isinstance(n, str) and re.fullmatch(r"\d{1,9}", n)][:5]


def _read_summaries(answer: Answer) -> list[dict[str, Any]]:
    answer.require_ok()
    document = answer.json()
    result = document.get("result") if isinstance(document, dict) else None
    if not isinstance(result, dict) or not isinstance(result.get("uids"), list):
        raise Unusable("its answer has an unknown shape")
    rows = (result.get(uid) for uid in result["uids"] if isinstance(uid, str))
    return [row for row in rows if isinstance(row, dict) and "error" not in row]


def _at_the_same_place(reference: Reference, work: Work) -> bool:
    same = (
        reference.year[:4] == work.year,
        fold(reference.volume) == fold(work.volume),
        fold(first_page(reference.pages)) == fold(first_page(work.pages)),
    )
    return sum(same) >= 2


def pubmed_work(row: Mapping[str, Any]) -> Work:
    """The work that a summary of PubMed describes; total.

    >>> work = pubmed_work({"uid": "1", "title": "A title.", "pubdate": "2018 Mar", "epubdate": "2017 Dec 24",
    ...     "source": "Cytotherapy", "authors": [{"name": "Wu P", "authtype": "Author"}], "pages": "291-301"})
    >>> work.title, work.year, dict(work.also), work.authors[0].given
    ('A title', '2018', {'year:online': ('2017',)}, 'P')
    >>> pubmed_work({"uid": "1", "pubdate": "2018 Mar 7", "epubdate": "2018 Mar 7"}).also
    {'online_only': ('2018',)}
    """

    def text(key: str) -> str:
        value = row.get(key)
        return plain(value) if isinstance(value, str) else ""

    ids = {str(i.get("idtype")): str(i.get("value")) for i in _rows(row.get("articleids"))}
    doi = ids.get("doi", "").lower()
    year, online = text("pubdate")[:4], text("epubdate")[:4]
    journal, full = text("source"), text("fulljournalname")
    also: dict[str, tuple[str, ...]] = {}
    if online and online != year:
        also["year:online"] = (online,)
    if online and text("pubdate") == text("epubdate"):  # no issue has a date of its own (yet)
        also["online_only"] = (online,)
    if full and journal and full != journal:
        also["container"] = (journal,)
    if issns := tuple(v for v in (text("issn"), text("essn")) if v):
        also["issn"] = issns
    people = _rows(row.get("authors"))
    return Work(
        type="article-journal",
        authors=tuple(
            Name(family=plain(str(p["name"]))) if p.get("authtype") == "CollectiveName" else short_name(str(p["name"]))
            for p in people
            if p.get("name") and p.get("authtype") != "Investigator"
        ),
        title=text("title").removesuffix("."),
        container=full or journal,
        year=year,
        volume=text("volume"),
        issue=text("issue"),
        pages=text("pages") or re.sub(r"^(?:pii|doi): ?\S{0,200}", "", text("elocationid")),
        doi=doi,
        pmid=text("uid"),
        pmcid=ids.get("pmc", ""),
        source="pubmed",
        url=link_doi(doi) or f"https://pubmed.ncbi.nlm.nih.gov/{text('uid')}/",
        also=also,
        notices=tuple(_notices(row.get("pubtype"))),
    )


#: Publication types that say what happened to an article (https://www.nlm.nih.gov/mesh/pubtypes.html).
_KINDS = {"Retracted Publication": "retraction", "Retraction of Publication": "notice", "Published Erratum": "notice"}


def _notices(kinds: Any) -> Iterable[Notice]:
    for kind in kinds if isinstance(kinds, list) else ():
        if isinstance(kind, str) and kind in _KINDS:
            yield Notice(kind=_KINDS[kind], asserted_by="pubmed", label=kind)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
