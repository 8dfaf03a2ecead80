"""What of a record is indexed and kept, and what of a reference is asked for: one mapping for every index.

A record becomes a bag of folded words (title, families, container and its short forms, years, volume, issue, pages),
a few *locators* (volume and first page, year and first page: what identifies an article when nothing else does) and
a copy of itself. A query becomes words and locators in the same way, so both sides always agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from refcheck.model import Query
from refcheck.sources.corpus.reading import Message
from refcheck.sources.record import record_stamp, record_year
from refcheck.text import fold, plain, unwrap

# Collaborations list thousands of authors; a reference prints the first few. More would only drown the other words.
_AUTHORS_INDEXED = 25
# A query longer than this is a page of text, not a reference; the first words of an entry say which work is meant.
_QUERY_WORDS = 80
_QUERY_CHARACTERS = 4000

_TITLE_KEYS = ("title", "subtitle", "original-title")
_PLACE_KEYS = (
    "container-title", "short-container-title", "group-title", "institution", "event", "volume", "issue", "page",
    "article-number",
)  # fmt: skip
_DATE_KEYS = ("issued", "published-print", "published-online", "posted", "published")
_ENCODER = msgspec.json.Encoder()
_NUMBER = re.compile(r"\d{1,9}")
_LINKS = re.compile(r"(?i)\b(?:https?:|www\.|doi:?\s?(?=10\.)|10\.\d{4,9}/)[^\s]{1,300}")
# Frequent words that say nothing about which work is meant (the commonest of Crossref titles and of references).
_COMMON = frozenset(
    "a an and as at by de der des die do doi du et for from from http https in is la le of on or org the to und with "
    "al available ed eds et journal no pp vol www".split()
)

_CENTURIES = frozenset(["17", "18", "19", "20"])


class Entry(NamedTuple):
    """A record as an index holds it."""

    doi: str
    words: str  # folded text, still to be cut into words
    locators: tuple[str, ...]
    stamp: int  # milliseconds since 1970; the newer of two copies counts
    record: bytes  # JSON


class Terms(NamedTuple):
    """What a query asks an index for."""

    words: str  # folded text, still to be cut into words
    locators: tuple[str, ...]


def entry(message: Message) -> Entry:
    """The record as an index holds it.

    >>> e = entry({"DOI": "10.2147/IJN.S327059", "title": ["Exosomes: β-cells"], "volume": "Volume 16",
    ...     "page": "6749-6781", "issued": {"date-parts": [[2021]]}, "author": [{"family": "Ng", "given": "CY"}]})
    >>> e.doi, e.words, e.locators
    ('10.2147/ijn.s327059', 'exosomes: beta-cells ng volume 16 6749-6781 2021', ('v16p6749', 'y2021p6749', 'y2021v16'))
    """
    get = message.get
    parts: list[str] = []
    for key in _TITLE_KEYS:
        if value := get(key):
            parts += _strings(value)
    people = get("author") or get("editor")
    if isinstance(people, list):
        for person in people[:_AUTHORS_INDEXED]:
            if isinstance(person, Mapping):
                name = person.get("family") or person.get("name") or person.get("given")
                if isinstance(name, str):
                    parts.append(name)
    for key in _PLACE_KEYS:
        if value := get(key):
            parts += _strings(value)
    years = [y for key in _DATE_KEYS if (date := get(key)) is not None and (y := record_year(date))]
    if len(years) > 1:
        years = list(dict.fromkeys(years))
    parts += years
    volume = _first(get("volume"))
    locators = [*_page_locators(years, volume, (_first(get("page")), _first(get("article-number"))))]
    if volume:
        locators += [f"y{year}v{volume}" for year in years]
    # One value in several fields (title and original title, print and online year) is one value.
    text = " ".join(dict.fromkeys(parts))
    return Entry(
        doi=encodable(str(get("DOI") or "").lower()),
        words=_folded(plain(text) if "<" in text or "&" in text else text),
        locators=tuple(locators),
        stamp=record_stamp(message),
        record=_kept(message),
    )


def terms(query: Query) -> Terms:
    """What to ask an index for: the words of the query and the places that it may name.

    >>> from refcheck.model import Reference
    >>> asked = terms(Query(kind="entry", text="Ng CY. Car-\\ntilage. 2021;16:6749.", reference=Reference()))
    >>> asked.words, asked.locators
    ('ng cy. cartilage. 2021;16:6749.', ('y2021p16', 'y2021p6749', 'v16p6749'))
    """
    reference = query.reference
    text = _LINKS.sub(" ", unwrap(query.text[:_QUERY_CHARACTERS]).text)
    places: list[str] = []
    year, volume, page = map(_number, (reference.year, reference.volume, reference.pages))
    if page:
        places += _page_locators([year], volume, [page])
    elif volume and year and query.kind == "locator":
        places.append(f"y{year}v{volume}")
    if query.kind != "title":
        places += _printed_locators(text)
    return Terms(words=_folded(text), locators=tuple(dict.fromkeys(places)))


def informative(words: Iterable[str]) -> list[str]:
    """The words worth asking for: each once, without initials and, where enough is left, without the commonest.

    >>> informative(["the", "role", "of", "p53", "in", "a", "mouse", "model", "j", "7", "cancer", "2020"])
    ['role', 'p53', 'mouse', 'model', '7', 'cancer', '2020']
    >>> informative(["to", "be", "or", "not"])
    ['to', 'be', 'or', 'not']
    """
    every = list(dict.fromkeys(words))
    out = [w for w in every if (len(w) > 1 or w.isdigit() or not w.isascii()) and w not in _COMMON]
    return (out if len(out) >= 3 else every)[:_QUERY_WORDS]


def encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which broken extraction leaves and UTF-8 cannot hold.

    >>> encodable("a\\ud800b")
    'a?b'
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _kept(message: Message) -> bytes:
    try:
        return _ENCODER.encode(message)
    except UnicodeEncodeError:
        return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")


def _page_locators(years: Iterable[str], volume: str, pages: Iterable[str]) -> Iterator[str]:
    for page in dict.fromkeys(pages):
        if page:
            if volume:
                yield f"v{volume}p{page}"
            for year in years:
                if year:
                    yield f"y{year}p{page}"


def _printed_locators(text: str) -> Iterator[str]:
    """Every pair of numbers of an entry that may be volume or year and first page: they stand close together."""
    numbers = [n.lstrip("0") or "0" for n in _NUMBER.findall(text)][:40]
    for i, a in enumerate(numbers):
        if len(a) == 4 and a[:2] in _CENTURIES:
            for b in (*numbers[max(0, i - 3) : i], *numbers[i + 1 : i + 4]):
                yield f"y{a}p{b}"
        else:
            for b in numbers[i + 1 : i + 3]:
                yield f"v{a}p{b}"


def _first(value: object) -> str:
    return _number(next(iter(_strings(value)), ""))


def _number(text: str) -> str:
    """The first number, without letters and leading noughts: "e0033693" and "33693" are one page."""
    m = _NUMBER.search(text)
    return (m.group().lstrip("0") or "0") if m else ""


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [s for x in value for s in ((x,) if isinstance(x, str) else _strings(x))]
    if isinstance(value, Mapping):
        return [*_strings(value.get("name")), *_strings(value.get("acronym"))]
    return [str(value)] if isinstance(value, int) else []


def _folded(text: str) -> str:
    if not text.isascii():
        # Word by word, as the cache of `fold` is for short, repeated texts.
        text = " ".join(w if w.isascii() else fold(w) for w in encodable(text).split())
    return text.lower().replace("'", "")
