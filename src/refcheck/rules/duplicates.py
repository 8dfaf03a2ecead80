"""Which references of a list are the same work. Precision first: one field that speaks against it is enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from refcheck.model import Match, Reference
from refcheck.text import compact, dashes, fold, words

_DISTINCT_TITLE_WORDS = 4  # "Introduction", "Editorial", "Annual report 2020" name many works
_OF_ANOTHER = re.compile(
    r"\b(?:erratum|corrigendum|correction|reply|response|comment(?:ary)?|retraction|author'?s? reply)\b", re.I
)


_PART = re.compile(
    r"\b(?:data ?set|part|chapter|additional file|supplement|appendix|section|paper|report)\s(\d{1,3}|[ivx]{1,4})\b",
    re.I,
)


def duplicates(references: Sequence[Reference], matches: Sequence[Match]) -> Iterator[tuple[Reference, Reference, str]]:
    """(later, earlier, why) for each reference that repeats an earlier one."""
    records = {m.reference.span: m.work.doi for m in matches if m.work is not None and m.work.doi}
    seen: dict[tuple[str, ...], list[tuple[Reference, str]]] = {}
    for r in references:
        if r.parts:
            continue
        hit: tuple[Reference, str] | None = None
        keys = list(_keys(r, records.get(r.span, "")))
        for key, why in keys:
            for earlier, _ in seen.get(key, ()):
                if hit is None and earlier.span != r.span and not _conflict(r, earlier, key[0]):
                    hit = (earlier, why)
        if hit:
            yield r, hit[0], hit[1]
        for key, why in keys:
            seen.setdefault(key, []).append((r, why))


def _keys(r: Reference, record: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if r.doi:
        yield ("doi", r.doi), "same DOI"
    if r.pmid:
        yield ("pmid", r.pmid), "same PubMed number"
    if record:
        yield ("doi" if record == r.doi else "record", record), "same record"
    family = fold(r.authors[0].family) if r.authors else ""
    if r.title and len(words(r.title)) >= _DISTINCT_TITLE_WORDS and family and r.year:
        yield ("title", compact(r.title), compact(family), r.year[:4]), "same title, first author and year"


def _conflict(a: Reference, b: Reference, how: str) -> bool:
    """Whether something printed says that these are two works."""
    if bool(_OF_ANOTHER.search(a.raw)) != bool(_OF_ANOTHER.search(b.raw)):
        return True
    if how == "title" and set(_PART.findall(a.raw)) != set(_PART.findall(b.raw)):
        return True
    pages = _first_page(a) and _first_page(b) and _first_page(a) != _first_page(b)
    if how in {"doi", "pmid"}:
        # The same identifier with another title and another page is a slip of the identifier, which other rules report.
        return bool(pages) and bool(a.title and b.title) and compact(a.title) != compact(b.title)
    if pages or (a.doi and b.doi and a.doi != b.doi and how == "title"):
        return True
    if how == "record":
        return False
    volume = a.volume and b.volume and compact(a.volume) != compact(b.volume)
    places = a.container and b.container and compact(a.container)[:4] != compact(b.container)[:4]
    same_place = (a.volume and compact(a.volume) == compact(b.volume)) or (
        _first_page(a) and _first_page(a) == _first_page(b)
    )
    return bool(volume) or (bool(places) and not same_place) or (a.type != b.type and not same_place)


def _first_page(r: Reference) -> str:
    return compact(dashes(r.pages).split("-")[0]).lstrip("0")
