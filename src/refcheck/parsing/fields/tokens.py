"""A reference cut into the small pieces that the tagger labels: words, numbers, single marks, whole identifiers."""

from __future__ import annotations

import re
from typing import NamedTuple

from refcheck import identifiers
from refcheck.model import Span


class Token(NamedTuple):
    """One piece of the readable text: half-open offsets, and "" or the kind of identifier it is."""

    text: str
    start: int
    end: int
    kind: str = ""  # doi, url, pmid, pmcid, arxiv, isbn


class Identified(NamedTuple):
    """An identifier found in an entry: kind, normal form, and where it is printed."""

    kind: str
    value: str
    span: Span


# Words and numbers part where letters meet digits ("D70" is a journal's section and a volume); a run of Han or kana,
# of Hangul, is one piece each; every other mark stands alone.
_PIECE = re.compile(
    r"[A-Za-zÀ-ÖØ-öø-ʯͰ-ϿЀ-ӿ\u0300-\u036fḀ-ỿ]+|\d+|[\u3040-\u30ff\u3400-\u9fff]+|[\uac00-\ud7af]+|[^\W\d_]+|\S"
)
_URL_HINT = re.compile(r"(?i)http|www\.|ftp:")
_ARXIV_HINT = re.compile(r"(?i)arxiv|-(?:ph|th|ex|lat|mat|qc|bio)|math|physics|nlin|\bcs\b")
_ID_HINT = re.compile(r"(?i)pm(?:c|id)|pubmed|medline|isbn")


def identified(text: str) -> tuple[Identified, ...]:
    """The identifiers in the text, by place; where two overlap, the more exact one is kept.

    >>> [i.kind for i in identified("2018;20:291. PMID: 29434006; doi:10.1016/j.jcyt.2017.11.002")]
    ['pmid', 'doi']
    """
    found: list[Identified] = []
    if "10." in text:
        found += [Identified("doi", f.value, f.span) for f in identifiers.find_dois(text)]
    if _ID_HINT.search(text):
        for kind, find in (
            ("pmid", identifiers.find_pmid),
            ("pmcid", identifiers.find_pmcid),
            ("isbn", identifiers.find_isbn),
        ):
            if one := find(text):
                found.append(Identified(kind, one.value, one.span))
    if _ARXIV_HINT.search(text) and (one := identifiers.find_arxiv(text)):
        found.append(Identified("arxiv", one.value, one.span))
    if _URL_HINT.search(text) and (one := identifiers.find_url(text)):
        found.append(Identified("url", one.value, one.span))
    if len(found) < 2:
        return tuple(found)
    kept = [item for item in found if item.kind == "doi"]  # of one search: none overlaps another
    for item in found[len(kept) :]:
        if not any(item.span.start < k.span.end and k.span.start < item.span.end for k in kept):
            kept.append(item)
    return tuple(sorted(kept, key=lambda k: k.span))


def tokenise(text: str, known: tuple[Identified, ...] = ()) -> list[Token]:
    """The tokens of a readable text; identifiers stay whole.

    >>> [t.text for t in tokenise("Phys. Rev. D70, 054001 (2014)")]
    ['Phys', '.', 'Rev', '.', 'D', '70', ',', '054001', '(', '2014', ')']
    """
    tokens: list[Token] = []
    made = tuple.__new__  # a named tuple's own maker takes twice as long
    position = 0
    for item in known:
        start, end = item.span
        if item.kind == "doi":
            # A resolver in front belongs to the identifier: "https://doi.org/10.…" is one token.
            start = _resolver_start(text, position, start)
        tokens += [made(Token, (m[0], *m.span(), "")) for m in _PIECE.finditer(text, position, start)]
        tokens.append(Token(text[start:end], start, end, item.kind))
        position = end
    tokens += [made(Token, (m[0], *m.span(), "")) for m in _PIECE.finditer(text, position)]
    return tokens


_RESOLVER = re.compile(r"(?i)(?:https?\s?:\s?//)?(?:dx\.)?doi\.org\s?/\s?$")


def _resolver_start(text: str, floor: int, start: int) -> int:
    window = text[max(floor, start - 30) : start]
    m = _RESOLVER.search(window)
    return start - (len(window) - m.start()) if m else start
