"""Crossref's terms: how a DOI and a query are put to it, and what its answers must be to be believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from refcheck.identifiers import valid_doi
from refcheck.model import Work
from refcheck.sources.http.addresses import encoded
from refcheck.sources.http.transport import Answer, Refused, Unusable
from refcheck.sources.record import record_work

#: Bytes, percent-encoded, of a bibliographic query. Relevance grows with every word, but what comes after is abstract
#: or a second reference.
_QUERY_BYTES = 1500


def asked_doi(doi: str) -> str:
    r"""A printed DOI as it is asked for: LaTeX's escapes undone (Crossref answers 404 to `10.1162/tacl\_a_00276`).

    >>> asked_doi(r"10.1162/tacl\_a_00276")
    '10.1162/tacl_a_00276'
    """
    return re.sub(r"\{?\\([_%&#])\}?", r"\1", doi).lower()


def fits_filter(doi: str) -> bool:
    """Whether a DOI can be asked for beside others in one filter.

    Filters are parted at commas, after decoding; a DOI of odd form fails the whole batch.
    """
    return "," not in doi and doi.isascii() and doi.isprintable()


def query_text(text: str) -> str:
    """A bibliographic query: white space squeezed, cut at a blank where it would be longer than 1,500 encoded bytes.

    >>> len(query_text("wound " * 1000)), query_text(" a \\n b ")
    (1121, 'a b')
    """
    text = " ".join(text.encode("utf-8", "ignore").decode().split())
    if len(encoded(text)) <= _QUERY_BYTES:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(encoded(text[:middle])) <= _QUERY_BYTES else (low, middle - 1)
    return text[:low].rpartition(" ")[0] or text[:low]


def named_work(doi: str, record: Mapping[str, Any]) -> Work:
    """The work of a record that was asked for by a DOI; when that is an alias of the record's own, it says so.

    >>> named_work("10.1000/old", {"DOI": "10.1000/new"}).also["doi"]
    ('10.1000/old',)
    """
    work = record_work(record)
    asked = asked_doi(doi)
    if asked == work.doi or asked in work.also.get("doi", ()):
        return work
    return replace(work, also={**work.also, "doi": (asked, *work.also.get("doi", ()))})


def _envelope(answer: Answer, kind: str) -> Any:
    envelope = answer.json()
    if not isinstance(envelope, dict) or envelope.get("status") != "ok" or envelope.get("message-type") != kind:
        raise Unusable("its answer has an unknown shape")
    return envelope.get("message")


def read_items(answer: Answer, *, or_none: bool = False) -> list[dict[str, Any]] | None:
    """The records of a list; with `or_none`, None where the question was not understood (status 400).

    Raises Refused or Unusable for what is no list of records.
    """
    if answer.status == 200:
        message = _envelope(answer, "work-list")
        items = message.get("items") if isinstance(message, dict) else None
        if not isinstance(items, list) or not all(isinstance(i, dict) and isinstance(i.get("DOI"), str) for i in items):
            raise Unusable("its answer has an unknown shape")
        return items
    if answer.status == 400 and or_none:
        return None
    if answer.status == 400:
        raise Refused(f"it does not take the question: {_complaint(answer)}")
    if answer.looks_like_html:
        raise Unusable("it answered with an HTML page")
    raise Refused(f"there is no list of works at this address (status {answer.status})")


def read_message(answer: Answer) -> dict[str, Any] | str | None:
    """The record; the prime DOI that an alias is sent to; None where there is no such record."""
    if answer.status == 200:
        message = _envelope(answer, "work")
        if not isinstance(message, dict) or not isinstance(message.get("DOI"), str):
            raise Unusable("its answer has an unknown shape")
        return message
    if 300 <= answer.status < 400:
        # Only the DOI is taken from the address: nothing is ever asked of another host.
        path = urlsplit(answer.headers.get("location", "")).path
        doi = unquote(path.partition("/works/")[2]).lower()
        if not valid_doi(doi):
            raise Refused("it sends to another address: use that one")
        return doi
    if answer.looks_like_html:
        raise Unusable("it answered with an HTML page")
    if answer.status == 404 and b"route-not-found" in answer.body:
        raise Refused("there are no works at this address")
    if answer.status == 404:
        return None
    raise Refused(f"it does not take the question: {_complaint(answer)}")


def read_named(answer: Answer, asked: str) -> dict[str, Any] | str | None:
    """As `read_message`, and the record is that of the DOI asked for, under this name or as its alias.

    Raises Refused for a record of another DOI: what a mixed-up cache or proxy says is no word about this one.
    """
    message = read_message(answer)
    if isinstance(message, dict):
        work = record_work(message)
        if asked not in (work.doi, *work.also.get("doi", ())):
            raise Refused("it answered about another DOI")
    return message


def _complaint(answer: Answer) -> str:
    try:
        kind = answer.json()["message"][0]["type"]
    except (Unusable, KeyError, IndexError, TypeError):
        kind = ""
    return kind if isinstance(kind, str) and re.fullmatch(r"[a-z-]{1,60}", kind) else f"status {answer.status}"
