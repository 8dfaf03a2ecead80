"""Which sources an ordinary check uses, and in what order: Crossref, and behind it those who have what it lacks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from refcheck.errors import UsageError
from refcheck.sources.http.addresses import safe_base, safe_mailto
from refcheck.sources.http.cache import AnswerCache, cache_folder
from refcheck.sources.http.transport import Outgoing
from refcheck.sources.services.crossref import CROSSREF, Crossref
from refcheck.sources.services.datacite import DATACITE, DataCite
from refcheck.sources.services.europepmc import EUROPE_PMC, EuropePMC
from refcheck.sources.services.pubmed import PUBMED, PubMed

if TYPE_CHECKING:
    from refcheck.sources.contract import Source

#: The steps behind Crossref: their name, and the variable that holds another address.
LADDER: Mapping[str, tuple[str, str]] = {
    "datacite": ("REFCHECK_DATACITE_URL", DATACITE),
    "pubmed": ("REFCHECK_PUBMED_URL", PUBMED),
    "europepmc": ("REFCHECK_EUROPEPMC_URL", EUROPE_PMC),
}
#: The variable that names the steps wanted, parted by commas ("none": Crossref alone).
STEPS = "REFCHECK_LADDER"

_UNSET: Any = object()


def default_sources(
    environ: Mapping[str, str] = os.environ,
    *,
    base_url: str | None = None,
    mailto: str | None = None,
    rate_limit: bool = True,
    cache: AnswerCache | None = _UNSET,
    outbox: list[Outgoing] | None = None,
) -> list[Source]:
    """Crossref, DataCite, PubMed and Europe PMC, in the order they are asked, with one cache for all.

    Where Crossref is another server (a stand-in, a mirror), the public services are not asked behind it unless their
    own addresses are given (`REFCHECK_DATACITE_URL`, `REFCHECK_PUBMED_URL`, `REFCHECK_EUROPEPMC_URL`).
    `REFCHECK_LADDER` names the steps wanted ("datacite,pubmed"; "none"). Raises UsageError.
    """
    base_url = safe_base(base_url or environ.get("REFCHECK_CROSSREF_URL", "").strip() or CROSSREF)
    mailto = safe_mailto(environ.get("REFCHECK_MAILTO", "") if mailto is None else mailto)
    if cache is _UNSET:
        cache = AnswerCache(cache_folder(environ))
    crossref = Crossref(base_url, mailto, rate_limit=rate_limit, cache=cache, outbox=outbox, environ=environ)
    make: dict[str, Callable[[str], Source]] = {
        "datacite": lambda url: DataCite(url, mailto, registered=crossref.registered, cache=cache, outbox=outbox),
        "pubmed": lambda url: PubMed(url, mailto, cache=cache, outbox=outbox, environ=environ),
        "europepmc": lambda url: EuropePMC(url, mailto, cache=cache, outbox=outbox),
    }
    wanted = _wanted(environ.get(STEPS, ""))
    sources: list[Source] = [crossref]
    for name, (variable, public) in LADDER.items():
        url = environ.get(variable, "").strip() or (public if base_url == CROSSREF else "")
        if url and name in wanted:
            sources.append(make[name](url))
    return sources


def _wanted(text: str) -> frozenset[str]:
    names = {name.strip().lower() for name in text.split(",") if name.strip()}
    if not names:
        return frozenset(LADDER)
    if unknown := names - {*LADDER, "none"}:
        raise UsageError(f"{STEPS} names {', '.join(sorted(unknown))}; the steps are {', '.join(LADDER)} and none")
    return frozenset(names - {"none"})
