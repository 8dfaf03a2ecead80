"""CSL JSON, as Zotero, Mendeley, pandoc and Crossref write it -> Biblio."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from refcheck.identifiers import find_arxiv, normalise_doi
from refcheck.model import Biblio, Name
from refcheck.text import plain, squeeze

# Crossref's names for the types of CSL 1.0.2; everything else is CSL's own.
_TYPES = {
    "journal-article": "article-journal", "book-chapter": "chapter", "proceedings-article": "paper-conference",
    "monograph": "book", "dissertation": "thesis", "posted-content": "article",
}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def biblio_of_csl(item: Mapping[str, Any]) -> Biblio:
    """The fields of one CSL item; whatever has an unexpected form is left out.

    >>> biblio_of_csl({"type": "article-journal", "title": "Skin", "issued": {"date-parts": [["2018", 3]]},
    ...                "author": [{"family": "Wu", "given": "P."}], "DOI": "https://doi.org/10.1000/X"}).doi
    '10.1000/x'
    """
    kind = _text(item, "type")
    note = _text(item, "note")
    doi = normalise_doi(_text(item, "DOI")) or normalise_doi(_noted(note, "DOI"))
    arxiv = find_arxiv(_text(item, "number") or note)
    return Biblio(
        type=_TYPES.get(kind, kind),
        authors=_names(item.get("author")),
        editors=_names(item.get("editor")),
        title=_text(item, "title"),
        container=_text(item, "container-title") or _text(item, "container-title-short"),
        year=_year(item.get("issued")),
        volume=_text(item, "volume"),
        issue=_text(item, "issue"),
        pages=_text(item, "page") or _text(item, "article-number"),
        doi=doi,
        pmid=_text(item, "PMID") or _noted(note, "PMID"),
        pmcid=_text(item, "PMCID") or _noted(note, "PMCID"),
        arxiv=arxiv.value if arxiv else "",
        isbn=_text(item, "ISBN"),
        url=_text(item, "URL"),
        publisher=_text(item, "publisher"),
        place=_text(item, "publisher-place") or _text(item, "event-place"),
        edition=_text(item, "edition"),
        series=_text(item, "collection-title"),
        genre=_text(item, "genre"),
    )


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return plain(str(value))


def _noted(note: str, key: str) -> str:
    """Zotero keeps fields that it does not know as "Key: value" lines in the note."""
    m = re.search(rf"(?:^|\s){key}:\s?(\S{{1,200}})", note)
    return m.group(1) if m else ""


def _names(value: Any) -> tuple[Name, ...]:
    names = []
    for person in value if isinstance(value, list) else ():
        if not isinstance(person, Mapping):
            continue
        family = squeeze(f"{_text(person, 'dropping-particle')} {_text(person, 'non-dropping-particle')} "
                         f"{_text(person, 'family')}")  # fmt: skip
        family = family or _text(person, "literal") or _text(person, "name")
        if family:
            names.append(Name(family=family, given=_text(person, "given"), suffix=_text(person, "suffix")))
    return tuple(names)


def _year(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
            return str(parts[0][0] or "")
        value = value.get("raw") or value.get("literal")
    m = _YEAR.search(str(value or ""))
    return m.group() if m else ""
