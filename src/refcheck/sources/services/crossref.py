"""Crossref's REST API as a source: few requests, within its limits, every answer judged before it is believed.

Printed DOIs are asked for in batches (`filter=doi:…`, one list request for up to forty), those that a batch passes
over in silence one by one (an alias answers 301, another agency's DOI 404), everything else by one bibliographic
query a reference. A DOI is called unknown only when the registration agencies say so.

https://www.crossref.org/documentation/retrieve-metadata/rest-api/
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from refcheck.errors import SourceUnavailable, UsageError
from refcheck.identifiers import valid_doi
from refcheck.model import Enquiry, Identified, Query, Reference, Work
from refcheck.sources.http.addresses import encoded, is_loopback, safe_base, safe_mailto
from refcheck.sources.http.cache import AnswerCache
from refcheck.sources.http.client import Desk
from refcheck.sources.http.pacing import CROSSREF_LIMITS, Pacer, learn_crossref
from refcheck.sources.http.transport import (
    ATTEMPTS,
    TIMEOUT,
    TOTAL_SECONDS,
    Outgoing,
    Transport,
)
from refcheck.sources.record import record_work
from refcheck.sources.services.agencies import DOI_ORG, AgencyLookup, CrossrefAgency, DoiOrg
from refcheck.sources.services.crossref_protocol import (
    asked_doi,
    fits_filter,
    named_work,
    query_text,
    read_items,
    read_named,
)

T = TypeVar("T")
R = TypeVar("R")

CROSSREF = "https://api.crossref.org"

#: What is asked for of each record in a list: what a reference can be compared with, and what happened to the work.
#: Each name is one of the 58 the API knows (a test holds them against habanero's list): one bad name fails the request.
SELECT = (
    "DOI", "type", "title", "subtitle", "short-title", "original-title", "container-title", "short-container-title",
    "author", "editor", "issued", "published", "published-print", "published-online", "posted", "volume", "issue",
    "page", "article-number", "ISSN", "ISBN", "publisher", "publisher-location", "event", "group-title", "degree",
    "relation", "update-to", "updated-by", "score",
)  # fmt: skip
#: The filter of a batch.
FILTER = "doi"

#: DOIs of one batch: others ask for 20 (OSF) or 50 (ezPAARSE) at a time.
BATCH = 40
#: The first line of a request may hold 4,096 bytes (CrossRef/rest-api-doc #251).
_URL_BYTES = 3900
#: "If you validate, ask for 5 rows" (Crossref, "Tips for using the REST API").
ROWS = 5
_REDIRECTS = 3

#: Bulky parts of a record that are never looked at: not worth keeping.
_BULKY = frozenset(
    ["reference", "abstract", "link", "license", "assertion", "funder", "content-domain", "resource", "archive"]
)
#: Without pacing (one's own server): requests in flight.
_UNPACED = 4


class Crossref:
    """A source over Crossref's REST API, or a server that speaks like it. Safe to use from several threads.

    Make one and keep it: the pace is kept per object.

    base_url    default: `REFCHECK_CROSSREF_URL`, else api.crossref.org
    mailto      default: `REFCHECK_MAILTO`; with an address Crossref answers three times as fast ("polite pool")
    rate_limit  False only for a server of one's own: nothing is spaced out
    cache       where validated answers are kept; None: only the last ones, in memory
    agencies    who is asked about a DOI that Crossref does not have: "auto" (doi.org; the server's own agency route
                when `base_url` is another server), None (nobody: such a DOI is never called unknown), or a function
    outbox      a list: nothing is sent, and what would have been is appended to it

    A Plus token is taken from `REFCHECK_PLUS_TOKEN`, and from nowhere else. Raises UsageError for an address that is
    not https (or this machine), for something that is no e-mail address, and for Crossref itself without its limits.
    """

    name = "crossref"

    def __init__(
        self,
        base_url: str | None = None,
        mailto: str | None = None,
        *,
        rate_limit: bool = True,
        cache: AnswerCache | None = None,
        agencies: AgencyLookup | str | None = "auto",
        rows: int = ROWS,
        outbox: list[Outgoing] | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        attempts: int = ATTEMPTS,
        total_seconds: float = TOTAL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        base_url = safe_base(base_url or environ.get("REFCHECK_CROSSREF_URL", "").strip() or CROSSREF)
        mailto = safe_mailto(environ.get("REFCHECK_MAILTO", "") if mailto is None else mailto)
        if not rate_limit and base_url == CROSSREF:
            raise UsageError("Crossref's own limits cannot be switched off: that is for a server of your own")
        token = environ.get("REFCHECK_PLUS_TOKEN", "").strip() if _is_crossref(base_url) else ""
        granted = CROSSREF_LIMITS["plus" if token else "polite" if mailto else "public"]
        endless = float("inf")
        self.concurrency = granted.concurrency if rate_limit else _UNPACED
        self._pacer = Pacer(
            {"single": granted.single, "array": granted.array} if rate_limit else {"single": endless, "array": endless},
            self.concurrency,
            clock=clock,
            sleep=sleep,
        )
        self._transport = Transport(
            self.name, base_url, self._pacer, mailto=mailto, outbox=outbox,
            headers={"Crossref-Plus-API-Token": f"Bearer {token}"} if token else None,
            learn=learn_crossref if rate_limit else None,
            timeout=timeout, attempts=attempts, total_seconds=total_seconds, clock=clock, sleep=sleep, jitter=jitter,
        )  # fmt: skip
        self._mailto = (("mailto", mailto),) if mailto else ()
        self._rows = rows
        self._desk = Desk(self.name, self._transport, cache)
        self._registered: dict[str, str] = {}
        self._agencies: AgencyLookup | None
        if agencies == "auto":
            resolver = environ.get("REFCHECK_DOI_URL", "").strip()
            if resolver or base_url == CROSSREF:
                self._agencies = DoiOrg(resolver or DOI_ORG, mailto=mailto, outbox=outbox, clock=clock, sleep=sleep)
            else:
                self._agencies = CrossrefAgency(self._transport, mailto=mailto)
        elif isinstance(agencies, str):
            raise TypeError(f'agencies is "auto", None or a function, not {agencies!r}')
        else:
            self._agencies = agencies

    # -- by identifier -----------------------------------------------------------------------------------------------

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that the printed DOIs name; raises nothing: DOIs whose question failed are told as unanswered."""
        works: dict[str, Work] = {}
        agency: dict[str, str] = {}  # of what Crossref does not have; "" where nobody does
        unanswered: dict[str, str] = {}
        missing: list[str] = []
        for doi in dict.fromkeys(r.doi for r in references if valid_doi(asked_doi(r.doi))):
            if kept := self._desk.kept("record", doi):
                works[doi] = named_work(doi, kept)
            elif (known := self._desk.kept("absent", doi)) is not None or (
                known := self._desk.kept("agency", doi)
            ) is not None:
                agency[doi] = known
            else:
                missing.append(doi)
        self._transport.count_cached(len(works) + len(agency))

        for doi, outcome in self._fetch(missing).items():
            if isinstance(outcome, SourceUnavailable):
                if stale := self._desk.kept("record", doi, stale=True):
                    works[doi] = named_work(doi, stale)
                else:
                    unanswered[doi] = outcome.reason
            elif outcome is None:
                agency[doi] = _UNSETTLED
            else:
                works[doi] = named_work(doi, outcome)
        self._settle(agency, unanswered)
        self._registered.update(agency)
        return Identified(
            works=works,
            unknown=frozenset(doi for doi, who in agency.items() if not who),
            elsewhere={doi: who for doi, who in agency.items() if who},
            unanswered=unanswered,
        )

    def _settle(self, agency: dict[str, str], unanswered: dict[str, str]) -> None:
        """Find out who registered the DOIs that Crossref does not have; what stays open goes to `unanswered`."""
        open_ = [doi for doi, who in agency.items() if who == _UNSETTLED]
        if not open_:
            return
        reason = "Crossref does not have it; which agency registered it was not settled"
        found: Mapping[str, str] = {}
        if self._agencies is None:
            reason = "Crossref does not have it; the other registration agencies were not asked"
        else:
            try:
                found = self._agencies(open_)
            except SourceUnavailable as exc:
                reason = f"Crossref does not have it, and {exc.source} could not say who has: {exc.reason}"
        for doi in open_:
            who = found.get(doi)
            if who is None:
                unanswered[doi] = reason
            elif who.lower() == "crossref":
                unanswered[doi] = "registered with Crossref, but not in its API (yet)"
            else:
                agency[doi] = who
                self._desk.keep("agency" if who else "absent", doi, who)
                continue
            del agency[doi]

    def _fetch(self, dois: Sequence[str]) -> dict[str, Any]:
        """Each DOI's record, None where Crossref has none, or the SourceUnavailable that befell the question."""
        outcome: dict[str, Any] = {}
        singly = [doi for doi in dois if not fits_filter(asked_doi(doi))]
        fitting = [doi for doi in dois if fits_filter(asked_doi(doi))]
        if len(fitting) < 3:  # two single requests are sooner answered than one list
            singly, fitting = [*singly, *fitting], []
        for batch, found in self._together(self._batch, list(self._batches(fitting))):
            if isinstance(found, SourceUnavailable):
                outcome |= dict.fromkeys(batch, found)
            else:
                outcome |= found
                singly += [doi for doi in batch if doi not in found]
        outcome |= dict(self._together(self._single, singly))
        for doi, record in outcome.items():
            if isinstance(record, dict):
                self._desk.keep("record", doi, {k: v for k, v in record.items() if k not in _BULKY})
        return outcome

    def _batches(self, dois: Iterable[str]) -> Iterable[tuple[str, ...]]:
        room = _URL_BYTES - len(self._transport.base_url) - len(encoded(str(self._mailto))) - len(",".join(SELECT)) - 60
        batch: list[str] = []
        length = 0
        for doi in dois:
            size = len(f"{FILTER}:,") + len(encoded(asked_doi(doi), ",:"))
            if batch and (len(batch) >= BATCH or length + size > room):
                yield tuple(batch)
                batch, length = [], 0
            batch.append(doi)
            length += size
        if batch:
            yield tuple(batch)

    def _batch(self, dois: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        params = (
            ("filter", ",".join(f"{FILTER}:{asked_doi(doi)}" for doi in dois)),
            ("rows", str(len(dois))),
            ("select", ",".join(SELECT)),
            *self._mailto,
        )
        wanted = {asked_doi(doi): doi for doi in dois}
        items = self._transport.get("/works", params, bucket="array", read=lambda a: read_items(a, or_none=True))
        # A batch that is turned down for one odd DOI leaves all of them to be asked for singly.
        return {wanted[doi]: item for item in items or () if (doi := item["DOI"].lower()) in wanted}

    def _single(self, doi: str) -> dict[str, Any] | None:
        asked = asked_doi(doi)
        for _ in range(_REDIRECTS):
            read = partial(read_named, asked=asked)
            answer = self._transport.get(f"/works/{encoded(asked)}", self._mailto, bucket="single", read=read)
            if not isinstance(answer, str):
                return answer
            asked = answer
        raise SourceUnavailable(self.name, "it sends from one alias to the next")

    # -- by description ----------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Sequence[Work]:
        """Candidates for a bibliographic query, by Crossref's relevance. Raises SourceUnavailable."""
        text = query_text(query.text)
        if not text:
            return ()
        params = (
            ("query.bibliographic", text),
            ("rows", str(self._rows)),
            ("select", ",".join(SELECT)),
            *self._mailto,
        )
        items = self._desk.ask(
            "query",
            f"{self._rows} {text}",
            lambda: self._transport.get("/works", params, bucket="array", read=read_items),
        )
        return tuple(map(record_work, items))

    def registered(self, doi: str) -> str | None:
        """The agency of a DOI that Crossref does not have, where `identify` found it out ("" if nobody has it)."""
        return self._registered.get(doi)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def enquiry(self) -> Enquiry:
        """What was asked so far, of Crossref and of doi.org."""
        asked = self._desk.enquiry()
        if isinstance(self._agencies, DoiOrg) and (other := self._agencies.transport.enquiry()).requests:
            asked = replace(
                asked,
                source=f"{asked.source}, {other.source}",
                requests=asked.requests + other.requests,
                failed=asked.failed + other.failed,
                since=asked.since or other.since,
            )
        return asked

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()

    def _together(self, ask: Callable[[T], R], questions: Sequence[T]) -> Iterable[tuple[T, R | SourceUnavailable]]:
        def attempt(question: T) -> R | SourceUnavailable:
            try:
                return ask(question)
            except SourceUnavailable as exc:
                return exc

        if len(questions) < 2 or self.concurrency < 2:
            return [(question, attempt(question)) for question in questions]
        pool = ThreadPoolExecutor(self.concurrency, thread_name_prefix="crossref")
        try:
            return list(zip(questions, pool.map(attempt, questions), strict=True))
        finally:
            pool.shutdown(cancel_futures=True)


#: Stands for "Crossref answered 404, and nobody else was asked yet".
_UNSETTLED = "?"


def _is_crossref(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "crossref.org" or host.endswith(".crossref.org") or is_loopback(url)
