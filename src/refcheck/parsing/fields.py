"""One entry of a reference list, read into its fields."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from refcheck import text
from refcheck.identifiers import normalise_doi
from refcheck.model import Name, Reference, Span
from refcheck.parsing import kinds, locators
from refcheck.parsing.names import split_names
from refcheck.parsing.tagger import OUTSIDE, calibration, tag
from refcheck.parsing.tokens import Token, identified, tokenise

# The longest entry that is read; what is longer is a table, or a file, that was taken for a reference. Hand-tagged
# references have at most 1,000 characters, those that name a whole collaboration some 20,000.
LONGEST = 20_000


class Run(NamedTuple):
    """A stretch of the readable text under one label (half-open offsets)."""

    label: str
    start: int
    end: int


def parse_entry(raw: str, *, start: int = 0, number: int | None = None, label: str = "", key: str = "") -> Reference:
    """Read one entry, exactly as it stands in the manuscript, into its fields.

    Args:
        raw: the entry; line breaks, Markdown emphasis, entities and a leading list number may still be in it.
        start: offset of `raw` in the manuscript's text; all spans are counted from there.
        number: its number in the list, as an integer.
        label: its number as printed.
        key: its citation key.

    Returns:
        A reference; where nothing could be read, one without fields and with confidence 0. Never raises.

    Example:
        >>> r = parse_entry("Lee J, Kim H. *Exosome therapy for wounds*. Lancet. 2020;5(4):11-19.", number=1)
        >>> r.title, r.container, r.year, r.volume, r.issue, r.pages
        ('Exosome therapy for wounds', 'Lancet', '2020', '5', '4', '11-19')
        >>> r.authors[1], r.raw[slice(*r.spans["title"])]
        (Name(family='Kim', given='H', suffix=''), 'Exosome therapy for wounds')
    """
    whole = Span(start, start + len(raw))
    unread = Reference(raw=raw, span=whole, number=number, label=label, key=key, confidence=0.0)
    if len(raw) > LONGEST:
        return unread
    trace = text.unwrap(raw)
    readable = trace.text
    known = identified(readable)
    tokens = tokenise(readable, known)
    if not tokens:
        return unread
    tagging = tag(readable, tokens)
    runs = _joined_places(readable, _runs(readable, tokens, tagging.labels))
    values, places, authors, editors, et_al = _fields(readable, runs)
    for item in known:
        if item.kind not in values:
            values[item.kind] = normalise_doi(item.value) if item.kind == "doi" else item.value
            places[item.kind] = item.span
    spans = {
        name: _shifted(trace.span(*place), start)
        for name, place in places.items()
        if values.get(name) or name in ("authors", "editors")
    }
    texts: dict[str, Any] = dict(values)
    return replace(
        unread,
        authors=authors,
        editors=editors,
        et_al=et_al,
        spans=spans,
        confidence=_confidence(tagging.probability),
        type=kinds.guess(values, readable, bool(authors)),
        **texts,
    )


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _confidence(probability: float) -> float:
    """The share of entries fully read right among those that the model gave this probability."""
    points = calibration()
    i = bisect_right(points, (probability, 2.0))
    if i == 0:
        return points[0][1]
    if i == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[i - 1], points[i]
    return y0 + (y1 - y0) * (probability - x0) / (x1 - x0) if x1 > x0 else y1


# Labels whose stretch may run across a bare mark or conjunction.
_ACROSS = frozenset(["AUTHOR", "EDITOR", "TITLE", "JOURNAL", "BOOK", "PUBLISHER", "PAGES", "DATE", "SERIES", "PLACE"])
_GAP = re.compile(r"[\s.,;:&()\[\]\"“”'’/-]{0,8}(?:(?:and|et|und)[\s.,&]{0,4})?")


def _runs(readable: str, tokens: Sequence[Token], labels: Sequence[str]) -> list[Run]:
    runs: list[Run] = []
    for token, label in zip(tokens, labels, strict=True):
        if label == OUTSIDE:
            continue
        if runs and runs[-1].label == label:
            before = runs[-1]
            gap = readable[before.end : token.start]
            if (
                not gap.strip()
                or (label in _ACROSS and _GAP.fullmatch(gap) and (label != "PAGES" or "-" in text.dashes(gap)))
                or (label in ("VOLUME", "ISSUE") and text.dashes(gap).strip() in ("-", "/"))
            ):
                runs[-1] = Run(label, before.start, token.end)
                continue
        runs.append(Run(label, token.start, token.end))
    return runs


# Places that belong to a journal's name in MEDLINE ("Int J Obes (Lond)", "Spine (Phila Pa 1976)") and elsewhere
# ("Proc Natl Acad Sci USA").
_PLACE_IN_NAME = re.compile(
    r"(?:USA?|UK|U\.?S\.?A\.?|[A-Z]{1,2}|Lond(?:on)?|Baltimore|Bethesda|Berl|Berlin|Paris|Oxf|Oxford|Camb|Cambridge|Edinb"
    r"|Engl|Tokyo|Basel|Copenh|Wash(?:ington)?(?:,? ?D\.?C\.?)?|N\.?Y\.?|New York|Phila(?: Pa)?(?: 1976)?"
    r"|Stuttg(?:art)?|Milano|Madr|Elmsford|Orlando|Balt|Noisy-le-grand|Bp|Larchmt|1985)\.?"
)


def _joined_places(readable: str, runs: list[Run]) -> list[Run]:
    out: list[Run] = []
    i = 0
    while i < len(runs):
        run = runs[i]
        i += 1
        if run.label == "JOURNAL" and i < len(runs):
            after = runs[i]
            gap = readable[run.end : after.start]
            place = readable[after.start : after.end].strip(" .()")
            if (
                after.label in ("PLACE", "PUBLISHER", "NOTE")
                and re.fullmatch(r"\.?\s?\(?", gap)
                and _PLACE_IN_NAME.fullmatch(place)
            ):
                end = after.end
                if "(" in gap and readable[end : end + 1] == ")":
                    end += 1
                run = Run("JOURNAL", run.start, end)
                i += 1
        out.append(run)
    return out


_QUOTES = "\"'“”‘’«»„‟‚`´"
_LEFT = " .,;:*_-–—/" + _QUOTES + ")]"
_RIGHT = " ,;:*_-–—/" + _QUOTES + "(["
_ABBREVIATION = re.compile(r"(?:^|[\s.(])[^\W\d_]{1,6}\.$")


def _trim(readable: str, run: Run) -> tuple[int, int]:
    """A stretch without the marks at its edges; brackets stay where they are closed within it."""
    start, end = run.start, run.end
    while start < end:
        before = (start, end)
        while start < end and readable[start] in _LEFT:
            start += 1
        while end > start and readable[end - 1] in _RIGHT:
            end -= 1
        if (
            end > start
            and readable[end - 1] == "."
            and not (
                run.label in ("JOURNAL", "BOOK", "SERIES")
                and readable.count(".", start, end) > 1
                and _ABBREVIATION.search(readable, max(start, end - 9), end)
            )
            and run.label not in ("AUTHOR", "EDITOR")
        ):
            end -= 1
        for opening, closing in ("()", "[]"):
            opened, closed = readable.count(opening, start, end), readable.count(closing, start, end)
            if closed > opened and end > start and readable[end - 1] == closing:
                end -= 1
            elif opened > closed and end > start and readable[start] == opening:
                start += 1
            elif opened == closed == 1 and readable[start] == opening and readable[end - 1] == closing:
                start, end = start + 1, end - 1
        if (start, end) == before:
            break
    return start, end


_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20[0-4]\d)(?!\d)")
_IN = re.compile(r"(?i)(?:in|dans|em|en)\s?(?::|\.)?\s(?=\S)")
_MARKED = re.compile(r"(?i)(?:edited by|eds?\.|edn\.?)")

_SIMPLE = {
    "title": ("TITLE",), "container": ("JOURNAL", "BOOK"), "publisher": ("PUBLISHER",), "place": ("PLACE",),
    "edition": ("EDITION",), "series": ("SERIES",), "genre": ("GENRE",),
}  # fmt: skip


def _fields(
    readable: str, runs: Sequence[Run]
) -> tuple[dict[str, str], dict[str, tuple[int, int]], tuple[Name, ...], tuple[Name, ...], bool]:
    by_label: dict[str, list[Run]] = {}
    for run in runs:
        by_label.setdefault(run.label, []).append(run)
    values: dict[str, str] = {}
    places: dict[str, tuple[int, int]] = {}

    def put(name: str, value: str, place: tuple[int, int]) -> None:
        if value and name not in values:
            values[name] = value
            places[name] = place

    for name, labels in _SIMPLE.items():
        for label in labels:
            for run in by_label.get(label, ()):
                place = _trim(readable, run)
                put(name, readable[slice(*place)], place)
    for run in by_label.get("DATE", ()):
        if m := _YEAR.search(readable, run.start, run.end):
            put("year", m[1], m.span(1))
    for run in by_label.get("VOLUME", ())[:1]:
        place = _trim(readable, run)
        volume, issue = locators.split_volume(readable[slice(*place)])
        put("volume", volume, place)
        put("issue", issue, place)
    for run in by_label.get("ISSUE", ())[:1]:
        place = _trim(readable, run)
        if value := locators.split_issue(readable[slice(*place)]):
            values["issue"], places["issue"] = value, place
    for run in by_label.get("PAGES", ())[:1]:
        place = _trim(readable, run)
        printed = readable[slice(*place)]
        if pages := locators.split_pages(printed):
            put("pages", "-".join(p for p in pages if p), place)
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    et_al = False
    people = by_label.get("AUTHOR", [])
    if people:
        split = split_names(" ".join(readable[r.start : r.end] for r in people))
        authors, et_al = split.names, split.et_al
        places["authors"] = _trim(readable, people[0])
    for run in by_label.get("GROUP", ()):
        place = _trim(readable, run)
        authors = (*authors, Name(family=readable[slice(*place)]))
        places.setdefault("authors", place)
    if edited := by_label.get("EDITOR"):
        editors = split_names(readable[edited[0].start : edited[0].end]).names
        places["editors"] = _trim(readable, edited[0])
    return values, places, authors, editors, et_al
