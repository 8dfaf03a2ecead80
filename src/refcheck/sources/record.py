"""A Crossref record (the `message` of the REST API, or an item of a list) as a `Work`.

Nothing in a record is guaranteed: lists can be missing, null or empty, `issued` can be `[[null]]`, container titles
hold entities, titles hold markup, authors can be nameless. Whatever is there is kept; whatever is odd is passed over.
Vocabulary: https://api.crossref.org/swagger-ui/ (schema Work) and https://docs.citationstyles.org (CSL 1.0.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from refcheck.identifiers import link_doi
from refcheck.model import Name, Work
from refcheck.sources.notices import notices_of, untitled
from refcheck.sources.preprints import preprint_server
from refcheck.sources.record_titles import other_readings
from refcheck.text import plain

# The ids of https://api.crossref.org/types in CSL's terms.
CSL_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "journal-article": "article-journal", "proceedings-article": "paper-conference", "posted-content": "article",
        "book-chapter": "chapter", "book-section": "chapter", "book-part": "chapter", "book-track": "chapter",
        "book": "book", "monograph": "book", "edited-book": "book", "reference-book": "book", "book-set": "book",
        "book-series": "book", "proceedings": "book", "proceedings-series": "book",
        "reference-entry": "entry-encyclopedia", "report": "report", "report-series": "report",
        "report-component": "report", "standard": "standard", "dissertation": "thesis", "dataset": "dataset",
        "database": "dataset", "peer-review": "review", "journal": "periodical", "journal-volume": "periodical",
        "journal-issue": "periodical", "component": "document", "grant": "document", "other": "document",
    }
)  # fmt: skip

# Types that CSL has no word for: the reader of a `Work` tells them by `genre`.
_GENRES = {
    "posted-content": "preprint",
    "component": "component",
    "journal-issue": "journal issue",
    "journal-volume": "journal volume",
    "journal": "journal",
    "proceedings": "proceedings",
    "edited-book": "edited book",
    "peer-review": "peer review",
    "grant": "grant",
}
# An article number as it is printed: "10434", "e1004079".
_PLAIN_NUMBER = re.compile(r"[A-Za-z]{0,4}\d{1,8}[A-Za-z]?")
# Marks of footnotes and affiliations behind a surname: "Sauter1", "Koch1,2*".
_NOTE_MARKS = re.compile(r"(?<=[^\W\d_])\s?[\d*†‡§¶,]{1,8}$")
_HELD = frozenset(["chapter", "paper-conference", "entry-encyclopedia"])

# Which dates of a record are years of publication, and what kind each is. `created`, `deposited` and `indexed` are
# the agency's own book-keeping and never a year of publication.
_YEARS = (
    ("published-print", "year:print"),
    ("published-online", "year:online"),
    ("posted", "year:posted"),
    ("published", "year:other"),
    ("published-other", "year:other"),
    ("content-created", "year:other"),
    ("approved", "year:other"),
    ("accepted", "year:other"),
)


def record_work(message: Mapping[str, Any], source: str = "crossref") -> Work:
    """The work that a Crossref record describes; total: no record raises.

    >>> work = record_work({"DOI": "10.1093/BURNST/x", "type": "journal-article", "volume": "Volume 7",
    ...     "title": ["Exosomes:  <i>a</i> tool"], "container-title": ["Burns &amp; Trauma"],
    ...     "author": [{"given": "Ilaria Dal", "family": "Prà", "sequence": "first"}],
    ...     "issued": {"date-parts": [[2019, 12, 26]]}, "published-print": {"date-parts": [[2020]]}})
    >>> work.title, work.container, work.volume, work.year, work.also
    ('Exosomes: a tool', 'Burns & Trauma', 'Volume 7', '2019', {'year:print': ('2020',)})
    """
    get = message.get
    doi = _text(get("DOI")).lower()
    kind = _text(get("type"))
    csl = CSL_TYPES.get(kind, "document" if kind else "")
    also: dict[str, tuple[str, ...]] = {}

    title = _title(message, also)
    container, series = _container(message, csl, also)

    journal_issue = get("journal-issue")
    if not isinstance(journal_issue, Mapping):
        journal_issue = {}
    year = _years(message, journal_issue, also)

    pages = _pages(message, also)
    if issns := get("ISSN"):
        _put(also, "issn", "", _texts(issns))
    isbns = [_isbn(x) for x in _texts(get("ISBN"))]
    if len(isbns) > 1:
        _put(also, "isbn", isbns[0], isbns)
    if aliases := (get("alias") or get("aliases")):
        _put(also, "doi", doi, [a.lower() for a in _texts(aliases)])
    if version := get("version"):
        _put(also, "version", "", _texts(version.get("version") if isinstance(version, Mapping) else version))

    publisher = _text(get("publisher"))
    if not publisher:
        publisher = next(iter([*_named(get("standards-body")), *_named(get("institution"))]), "")
    editors = get("editor")
    return Work(
        type=csl,
        authors=_names(get("author")),
        title=title,
        container=container,
        year=year,
        volume=_text(get("volume")),
        issue=_text(get("issue")) or _text(journal_issue.get("issue")),
        pages=pages,
        doi=doi,
        isbn=isbns[0] if isbns else "",
        publisher=publisher,
        place=_text(get("publisher-location")),
        edition=_text(get("edition-number")),
        series=series,
        genre=next(iter(_texts(get("degree"))), "") if kind == "dissertation" else _GENRES.get(kind, ""),
        editors=_names(editors) if editors else (),
        source=source,
        url=link_doi(doi) or _text(get("URL")),
        also=also,
        notices=notices_of(message, doi, title),
    )


def _title(message: Mapping[str, Any], also: dict[str, tuple[str, ...]]) -> str:
    """The title; what else the work is called goes into `also`."""
    get = message.get
    titles = _texts(get("title"))
    title = titles[0] if titles else ""
    subtitles = _texts(get("subtitle"))
    bare = untitled(title)
    others = [*titles[1:], *_texts(get("short-title"))]
    raw = get("title")
    deposited = raw if isinstance(raw, str) else raw[0] if isinstance(raw, list) and raw else ""
    if isinstance(deposited, str):
        others += other_readings(deposited)
    if bare != title:
        others.append(bare)
    if subtitles:
        others += [f"{bare}: {s}" for s in subtitles if bare and s.lower() not in bare.lower()]
        _put(also, "subtitle", "", subtitles)
    _put(also, "title", title, others)
    if originals := get("original-title"):
        _put(also, "original_title", title, _texts(originals))
    return title


def _container(message: Mapping[str, Any], csl: str, also: dict[str, tuple[str, ...]]) -> tuple[str, str]:
    """What holds the work, and the series that this is part of; what else it is called goes into `also`."""
    get = message.get
    containers = _texts(get("container-title"))
    institutions = list(_named(get("institution")))
    container = containers[0] if containers else ""
    series = ""
    if csl == "article":
        server, names = preprint_server(_text(get("DOI")).lower(), institutions, _texts(get("group-title")))
        container = container or server
        _put(also, "container", container, [*containers, *_texts(get("short-container-title")), *names])
        return container, series
    if len(containers) > 1 and csl in _HELD:
        # "Lecture Notes in Computer Science", "Computer Vision – ECCV 2014": the series stands before the volume.
        series, container = containers[0], containers[1]
    held = [*containers, *_texts(get("short-container-title")), *institutions]
    for key in ("issue-title", "group-title"):
        if value := get(key):
            held += _texts(value)
    if event := get("event"):
        held += _named(event)
    if held:
        _put(also, "container", container, held)
    return container, series


def _pages(message: Mapping[str, Any], also: dict[str, tuple[str, ...]]) -> str:
    """The pages, or else the article number; of both, the number goes into `also`."""
    pages = _text(message.get("page"))
    number = _text(message.get("article-number"))
    if not _PLAIN_NUMBER.fullmatch(number) and number.lower() in _text(message.get("DOI")).lower():
        number = ""  # the publisher's name for the item ("s41038-019-0178-8"), which nobody prints for pages
    if pages and number:
        _put(also, "pages", pages, (number,))
    return pages or number


def record_stamp(message: Mapping[str, Any]) -> int:
    """When the agency last touched the record, in milliseconds since 1970; 0 where it does not say.

    >>> record_stamp({"deposited": {"timestamp": 5}, "indexed": {"timestamp": 1780775737845}})
    1780775737845
    """
    for key in ("indexed", "deposited"):
        stamp = message.get(key)
        if isinstance(stamp, Mapping):
            value = stamp.get("timestamp")
            if isinstance(value, int | float) and 0 <= value < 2**62:
                return int(value)
    return 0


def record_year(value: object) -> str:
    """The year of a Crossref date; "" for `[[null]]` and everything odd.

    >>> record_year({"date-parts": [[2012, 3, 21]]}), record_year({"date-parts": [[None]]}), record_year(None)
    ('2012', '', '')
    """
    try:
        year = value["date-parts"][0][0]  # type: ignore[index]
    except (TypeError, KeyError, IndexError):
        return ""
    return str(year) if isinstance(year, int | str) and not isinstance(year, bool) else ""


def _years(message: Mapping[str, Any], issue: Mapping[str, Any], also: dict[str, tuple[str, ...]]) -> str:
    """The year of the record (`issued`, else the first that is known); each other year is told once, in `also`."""
    get = message.get
    year = record_year(get("issued"))
    printed = (record_year(date.get("published-print")) for date in (message, issue))
    if not any(printed):
        _put(also, "online_only", "", map(record_year, (get("published-online"), get("posted"))))
    seen = {"", year}
    for key, slot in _YEARS:
        if (date := get(key)) is not None and (other := record_year(date)) not in seen:
            seen.add(other)
            if year:
                also[slot] = (*also.get(slot, ()), other)
            else:
                year = other
    for key in ("published-print", "published-online"):
        if (date := issue.get(key)) is not None and (other := record_year(date)) not in seen:
            seen.add(other)
            if year:
                also["year:issue"] = (*also.get("year:issue", ()), other)
            else:
                year = other
    return year


def _names(people: object) -> tuple[Name, ...]:
    if not isinstance(people, list):
        return ()
    out: list[Name] = []
    first = 0
    for person in people:
        if not isinstance(person, Mapping):
            continue
        get = person.get
        family, given = _text(get("family")), _text(get("given"))
        if not family:
            family, given = (_text(get("name")), given) if get("name") else (given, "")
        if not family:
            continue
        # The order of deposit can differ from the order of authorship: "first" need not stand first.
        if get("sequence") == "first" and not first:
            first = len(out) + 1
        suffix = get("suffix")
        family = _NOTE_MARKS.sub("", family)
        out.append(Name(family=family, given=given, suffix=_text(suffix) if suffix else ""))
    if first > 1:
        out.insert(0, out.pop(first - 1))
    return tuple(out)


def _named(value: object) -> Iterator[str]:
    """The names and acronyms of institutions, events and standards bodies: one object or a list of them."""
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, Mapping):
            # Where there is no acronym, some publishers deposit a dash.
            yield from (t for k in ("name", "acronym") for t in _texts(item.get(k)) if any(map(str.isalnum, t)))


def _isbn(text: str) -> str:
    return text.rpartition("/")[2].replace("-", "").replace(" ", "").upper()


def _text(value: object) -> str:
    if not value:
        return ""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return next(iter(_texts(value)), "") if isinstance(value, list) else ""


def _texts(value: object) -> list[str]:
    if not value:
        return []
    if isinstance(value, str):
        value = (value,)
    elif not isinstance(value, list | tuple):
        return []
    return [text for x in value if isinstance(x, str) and (text := plain(x))]


def _put(also: dict[str, tuple[str, ...]], key: str, main: str, values: Iterable[str]) -> None:
    """The values that differ from the main one, each once."""
    rest = dict.fromkeys(values)
    rest.pop(main, None)
    rest.pop("", None)
    if rest:
        also[key] = tuple(rest)
