"""Which sources an ordinary check uses, and in what order: Crossref, and behind it those who have what it lacks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from refcheck.errors import UsageError
from refcheck.sources.http.addresses import safe_base, safe_mailto
from refcheck.sources.http.cache import AnswerCache, cache_folder
from refcheck.sources.http.transport import Outgoing
from refcheck.sources.services.arxiv import ARXIV, Arxiv
from refcheck.sources.services.crossref import CROSSREF, Crossref
from refcheck.sources.services.datacite import DATACITE, DataCite
from refcheck.sources.services.dblp import DBLP, Dblp
from refcheck.sources.services.europepmc import EUROPE_PMC, EuropePMC
from refcheck.sources.services.openalex import OPENALEX, OpenAlex
from refcheck.sources.services.openlibrary import OPEN_LIBRARY, OpenLibrary
from refcheck.sources.services.pubmed import PUBMED, PubMed

if TYPE_CHECKING:
    from refcheck.sources.contract import Source

#: The steps behind Crossref in the order they are asked: their name, and the variable that holds another address.
#: arXiv comes first, as it takes many numbers in one request; OpenAlex last, as its searches cost.
LADDER: Mapping[str, tuple[str, str]] = {
    "arxiv": ("REFCHECK_ARXIV_URL", ARXIV),
    "datacite": ("REFCHECK_DATACITE_URL", DATACITE),
    "pubmed": ("REFCHECK_PUBMED_URL", PUBMED),
    "europepmc": ("REFCHECK_EUROPEPMC_URL", EUROPE_PMC),
    "dblp": ("REFCHECK_DBLP_URL", DBLP),
    "openlibrary": ("REFCHECK_OPENLIBRARY_URL", OPEN_LIBRARY),
    "openalex": ("REFCHECK_OPENALEX_URL", OPENALEX),
}
#: The steps of an ordinary check; the others are asked where they are named.
ORDINARY = ("datacite", "pubmed", "europepmc")
#: Other packages offer sources under this group of entry points: a name, and what makes the source from the keyword
#: arguments `mailto`, `cache` and `outbox` (a list: what would be sent goes there, and nothing is sent).
ENTRY_POINTS = "refcheck.sources"
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
    steps: str | None = None,
) -> list[Source]:
    """Crossref, DataCite, PubMed and Europe PMC, in the order they are asked, with one cache for all.

    Where Crossref is another server (a stand-in, a mirror), the public services are not asked behind it unless their
    own addresses are given (`REFCHECK_DATACITE_URL`, `REFCHECK_PUBMED_URL`, `REFCHECK_EUROPEPMC_URL`).
    `steps`, else `REFCHECK_LADDER`, names the steps wanted ("datacite,openlibrary"; "none"), those that other packages
    offer among them (entry points of the group `refcheck.sources`). Raises UsageError.
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
        "arxiv": lambda url: Arxiv(url, mailto, cache=cache, outbox=outbox),
        "dblp": lambda url: Dblp(url, mailto, cache=cache, outbox=outbox),
        "openlibrary": lambda url: OpenLibrary(url, mailto, cache=cache, outbox=outbox),
        "openalex": lambda url: OpenAlex(url, mailto, cache=cache, outbox=outbox, environ=environ),
    }
    own, foreign = _wanted(environ.get(STEPS, "") if steps is None else steps)
    sources: list[Source] = [crossref]
    for name, (variable, public) in LADDER.items():
        url = environ.get(variable, "").strip() or (public if base_url == CROSSREF else "")
        if url and name in own:
            sources.append(make[name](url))
    sources += [make_source(mailto=mailto, cache=cache, outbox=outbox) for make_source in foreign]
    return sources


def _wanted(text: str) -> tuple[frozenset[str], list[Callable[..., Source]]]:
    """The steps of this ladder that are wanted, and what makes those of other packages."""
    names = list(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    if not names:
        return frozenset(ORDINARY), []
    others = [name for name in names if name not in {*LADDER, "crossref", "none"}]
    offered = {each.name: each for each in entry_points(group=ENTRY_POINTS)} if others else {}
    if unknown := [name for name in others if name not in offered]:
        known = ", ".join([*LADDER, *sorted(offered)])
        raise UsageError(f"there is no source {', '.join(unknown)} behind Crossref; there are {known} and none")
    return frozenset(names) & LADDER.keys(), [offered[name].load() for name in others]
