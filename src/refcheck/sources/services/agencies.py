"""Which agency registered a DOI, if any did: only with that answer may a DOI be called unknown.

Crossref answers 404 alike for a DOI that nobody registered and for one of DataCite, mEDRA, JaLC or another agency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Unpack

from refcheck.errors import SourceUnavailable
from refcheck.sources.http.addresses import encoded
from refcheck.sources.http.client import open_desk
from refcheck.sources.http.transport import Answer, Refused, Transport, TransportOptions, Unusable

#: DOIs (lower case) -> name of the agency, "" where there is no such DOI. A DOI that is missing from the answer was
#: not settled. Raises SourceUnavailable.
AgencyLookup = Callable[[Sequence[str]], Mapping[str, str]]

DOI_ORG = "https://doi.org"
#: No limit is documented for doi.org; two questions of forty DOIs a second are polite.
_RATE, _CONCURRENCY, _BATCH, _PATH_BYTES = 2.0, 1, 40, 3500


class DoiOrg:
    """The registration agency service of doi.org: `GET /doiRA/<doi>,<doi>…` (DOI Handbook, "Which RA?")."""

    def __init__(self, base_url: str = DOI_ORG, *, mailto: str = "", **options: Unpack[TransportOptions]) -> None:
        desk = open_desk("doi.org", base_url, rate=_RATE, concurrency=_CONCURRENCY, mailto=mailto, **options)
        self.transport = desk.transport

    def __call__(self, dois: Sequence[str]) -> Mapping[str, str]:
        """The agency of each DOI. Raises SourceUnavailable only when nothing at all could be found out."""
        found: dict[str, str] = {}
        failure: SourceUnavailable | None = None
        for batch in _batches(dois):
            path = "/doiRA/" + ",".join(map(_in_path, batch))
            try:
                found |= self.transport.get(path, bucket="any", read=lambda answer, asked=batch: _read(answer, asked))  # type: ignore[misc]
            except SourceUnavailable as exc:
                failure = exc
        if failure and not found:
            raise failure
        return found


def _in_path(doi: str) -> str:
    # Commas part the DOIs, and dots would climb up the path: everything in the suffix is encoded.
    prefix, _, suffix = doi.partition("/")
    return f"{encoded(prefix)}/{encoded(suffix)}"


def _batches(dois: Iterable[str]) -> list[list[str]]:
    batches: list[list[str]] = []
    length = 0
    for doi in dois:
        size = len(_in_path(doi)) + 1
        if not batches or len(batches[-1]) >= _BATCH or length + size > _PATH_BYTES:
            batches.append([])
            length = 0
        batches[-1].append(doi)
        length += size
    return batches


def _read(answer: Answer, asked: Sequence[str]) -> Mapping[str, str]:
    if answer.status != 200:
        raise Refused(f"it does not tell agencies (status {answer.status})")
    rows = answer.json()
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unusable("its answer has an unknown shape")
    wanted = {doi.lower(): doi for doi in asked}
    found: dict[str, str] = {}
    for row in rows:
        doi = wanted.get(str(row.get("DOI", "")).lower())
        if doi is None:
            continue
        if isinstance(row.get("RA"), str) and row["RA"]:
            found[doi] = row["RA"]
        elif row.get("status") == "DOI does not exist":
            found[doi] = ""
        # "Invalid DOI" and "Unknown" settle nothing.
    return found


class CrossrefAgency:
    """Crossref's own `/works/{doi}/agency`, asked through habanero: for a stand-in or a mirror, where doi.org is out
    of reach. It shares Crossref's transport, and with it the pace, the retries and the count.
    """

    def __init__(self, transport: Transport, *, mailto: str = "") -> None:
        self.transport = transport
        self._mailto = mailto

    def __call__(self, dois: Sequence[str]) -> Mapping[str, str]:
        """The agency of each DOI; those whose question failed are left out."""
        from refcheck.sources.services.habanero_calls import agency

        found: dict[str, str] = {}
        failure: SourceUnavailable | None = None
        for doi in dois:
            try:
                found[doi] = agency(doi, self.transport, mailto=self._mailto)
            except SourceUnavailable as exc:
                failure = exc
        if failure and not found:
            raise failure
        return found
