"""A work's citation, written by its registration agency: content negotiation at doi.org, through habanero.

https://citation.doi.org/docs.html
"""

from __future__ import annotations

import re

from refcheck.errors import UsageError
from refcheck.identifiers import valid_doi
from refcheck.sources.http.addresses import encoded
from refcheck.sources.http.pacing import Pacer
from refcheck.sources.http.transport import Answer, Refused, Transport, Unusable
from refcheck.sources.services.agencies import DOI_ORG

#: What can be asked for, and habanero's name for it.
FORMATS = ("bibtex", "text", "ris")

_STYLE = re.compile(r"[a-z0-9-]{1,100}")
_LOCALE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")


def citation(
    doi: str,
    format: str = "bibtex",
    style: str = "apa",
    base_url: str | None = None,
    *,
    locale: str = "en-US",
    transport: Transport | None = None,
) -> str:
    """The citation of a DOI as BibTeX, RIS or a line of text in a CSL style ("vancouver", "apa", "nature" …).

    `base_url` is where to ask (default: https://doi.org, which sends on to the agency); `transport` replaces the
    paced one made for the call. Raises UsageError for an unknown format or style name and for a DOI that
    nobody knows, SourceUnavailable when there was no answer.
    """
    if format not in FORMATS:
        raise UsageError(f"there is no citation format {format!r}; choose one of {', '.join(FORMATS)}")
    if not _STYLE.fullmatch(style) or not _LOCALE.fullmatch(locale):
        raise UsageError("name a citation style like vancouver or apa, and a locale like en-US")
    if not valid_doi(doi):
        raise UsageError(f"{doi!r} is not a DOI")
    # Crossref's DOIs are sent on to its API and count there as single records: the public pace.
    transport = transport or Transport("doi.org", base_url or DOI_ORG, Pacer({"single": 5.0}, 1))
    url = transport.base_url
    quoted = encoded(doi)

    def send() -> Answer:
        from habanero import cn

        from refcheck.sources.services.habanero_calls import answered

        return answered(
            lambda: cn.content_negotiation(
                ids=quoted, format=format, style=style, locale=locale, url=url, timeout=transport.timeout[1]
            )
        )

    def read(answer: Answer) -> str | None:
        if answer.status == 404:  # as a page from doi.org, as text from Crossref
            return None
        if answer.looks_like_html:
            raise Unusable("it answered with an HTML page")
        text = answer.body.decode("utf-8", "replace").strip()
        if answer.status != 200 or not text:
            raise Refused(f"it gives no citation in this form (status {answer.status})")
        return text

    found = transport.call(send, f"{url}/{quoted}", bucket="single", read=read)
    if found is None:
        raise UsageError(f"no citation is to be had for {doi}: there is no such DOI")
    return found
