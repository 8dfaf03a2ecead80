"""Europe PMC as a source: the life sciences, preprints among them.

https://europepmc.org/RestfulWebService
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from refcheck.identifiers import link_doi
from refcheck.model import Enquiry, Identified, Notice, Query, Reference, Work
from refcheck.sources.http.client import DeskOptions, open_desk
from refcheck.sources.http.transport import Answer, Unusable
from refcheck.sources.services.medline import first_page, identify_by_pmid, short_name
from refcheck.text import plain, words

EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest"
#: No limit is documented; others send 2 to 10 a second.
_RATE, _CONCURRENCY = 3.0, 2
_ROWS, _BATCH, _TITLE_WORDS = 5, 50, 12


class EuropePMC:
    """A source over Europe PMC's REST API: by PubMed number, by title, and by journal, year, volume and page."""

    name = "europepmc"
    concurrency = _CONCURRENCY

    def __init__(
        self,
        base_url: str = EUROPE_PMC,
        mailto: str = "",
        **options: Unpack[DeskOptions],
    ) -> None:
        self._desk = open_desk(self.name, base_url, rate=_RATE, concurrency=self.concurrency, mailto=mailto, **options)

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that PubMed numbers name, by number."""
        return identify_by_pmid(
            references, _BATCH, lambda pmids: self._ask(f"EXT_ID:({' OR '.join(pmids)}) AND SRC:MED", len(pmids))
        )

    def search(self, query: Query) -> Sequence[Work]:
        """Candidates by title or by place; an entry as a whole is no question here. Raises SourceUnavailable."""
        reference = query.reference
        if query.kind == "title" and len(title := words(reference.title)) >= 2:
            return self._ask(f"TITLE:({' AND '.join(_quoted(w) for w in title[:_TITLE_WORDS])})", _ROWS)
        page = first_page(reference.pages)
        if query.kind == "locator" and reference.container and reference.volume and page:
            parts = [
                f"JOURNAL:{_quoted(reference.container)}",
                f"VOLUME:{_quoted(reference.volume)}",
                f"PAGE_INFO:{_quoted(page)}",
            ]
            if re.fullmatch(r"\d{4}", reference.year):
                parts.append(f"PUB_YEAR:{reference.year}")
            return self._ask(" AND ".join(parts), _ROWS)
        return ()

    def _ask(self, text: str, rows: int) -> tuple[Work, ...]:
        params = (("query", text), ("format", "json"), ("resultType", "lite"), ("pageSize", str(rows)))
        results = self._desk.ask(
            "query", text, lambda: self._desk.transport.get("/search", params, bucket="any", read=_read)
        )
        return tuple(map(europepmc_work, results))

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self._desk.enquiry()


def _quoted(text: str) -> str:
    # Inside quotes nothing is an operator; what would end the quotes is taken out.
    return '"' + re.sub(r'["\\]+', " ", text[:200]).strip() + '"'


def _read(answer: Answer) -> Any:
    answer.require_ok()
    document = answer.json()
    listed = document.get("resultList") if isinstance(document, dict) else None
    results = listed.get("result") if isinstance(listed, dict) else None
    if not isinstance(results, list):
        raise Unusable("its answer has an unknown shape")
    return [row for row in results if isinstance(row, dict)]


def europepmc_work(row: Mapping[str, Any]) -> Work:
    """The work that a result of Europe PMC describes; total.

    >>> work = europepmc_work({"pmid": "1", "title": "A title.", "authorString": "Wu P, Dal Prà I.", "pubYear": "2019",
    ...     "journalTitle": "Burns Trauma", "journalVolume": "7", "pageInfo": "38"})
    >>> work.title, [a.family for a in work.authors], work.pages
    ('A title', ['Wu', 'Dal Prà'], '38')
    """

    def text(key: str) -> str:
        value = row.get(key)
        return plain(value) if isinstance(value, str) else str(value) if isinstance(value, int) else ""

    doi, pmid, title = text("doi").lower(), text("pmid"), text("title").removesuffix(".")
    people = text("authorString").removesuffix(".")
    preprint = text("source") == "PPR"
    kinds = text("pubType").lower()
    notices = (Notice(kind="retraction", asserted_by="europepmc"),) if "retracted publication" in kinds else ()
    return Work(
        type="article" if preprint else "article-journal",
        genre="preprint" if preprint else "",
        authors=tuple(short_name(name) for name in people.split(", ") if name) if people else (),
        title=title,
        container=text("journalTitle"),
        year=text("pubYear"),
        volume=text("journalVolume"),
        issue=text("issue"),
        pages=text("pageInfo"),
        doi=doi,
        pmid=pmid,
        pmcid=text("pmcid"),
        source="europepmc",
        url=link_doi(doi) or (f"https://europepmc.org/abstract/MED/{pmid}" if pmid else ""),
        notices=notices,
    )
