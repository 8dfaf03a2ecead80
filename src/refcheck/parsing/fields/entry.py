"""One entry of a reference list, read into its fields."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from refcheck import text
from refcheck.identifiers import normalise_doi
from refcheck.model import Name, Reference, Span
from refcheck.parsing.fields import kinds, locators
from refcheck.parsing.fields.corrections import (
    with_bare_name,
    with_container,
    with_editors,
    with_first_word,
    with_law_review,
    with_marked_place,
    with_one_title,
    with_surname,
    with_whole_name,
)
from refcheck.parsing.fields.locators import (
    with_article_number,
    with_issue,
    with_no_back_references,
    with_supplement,
    with_thousands,
    with_volume,
)
from refcheck.parsing.fields.names import split_names
from refcheck.parsing.fields.publishers import with_publisher
from refcheck.parsing.fields.quotations import (
    with_inner_quotation,
    with_quoted_journal,
    with_quoted_title,
    with_whole_quotation,
)
from refcheck.parsing.fields.runs import (
    Run,
    labelled_runs,
    trimmed,
    with_eastern_author,
    with_marked_book,
    with_places,
    with_usual_order,
)
from refcheck.parsing.fields.tagger import calibration, tag
from refcheck.parsing.fields.tokens import identified, tokenise

# The longest entry that is read; what is longer is a table, or a file, that was taken for a reference. Hand-tagged
# references have at most 1,000 characters, those that name a whole collaboration some 20,000.
LONGEST = 20_000


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
    reading = read(raw)
    if reading is None:
        return unread
    texts: dict[str, Any] = dict(reading.values)
    return replace(
        unread,
        authors=reading.authors,
        editors=reading.editors,
        et_al=reading.et_al,
        spans={name: Span(at.start + start, at.end + start) for name, at in reading.spans.items()},
        confidence=_confidence(reading),
        type=kinds.guess(reading.values, reading.readable, bool(reading.authors)),
        **texts,
    )


@dataclass(slots=True)
class Reading:
    """What was read of an entry, before it is known how far to trust it."""

    readable: str
    probability: float  # 0–1, the model's own, of all its labels together
    values: dict[str, str] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)  # in the raw entry
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    et_al: bool = False

    @property
    def completeness(self) -> str:
        """How much of what every reference has was found: "full", "partial" (one thing is missing) or "poor"."""
        v = self.values
        missing = (
            (not self.authors and not self.editors)
            + ("title" not in v)
            + ("year" not in v)
            + (not any(k in v for k in ("container", "publisher", "url", "doi", "arxiv", "genre")))
        )
        return ("full", "partial", "poor")[min(missing, 2)]


_MENDED = (
    with_places, with_surname, with_quoted_title, with_whole_quotation, with_quoted_journal, with_inner_quotation,
    with_marked_book, with_eastern_author, with_usual_order, with_editors, with_marked_place, with_one_title,
    with_thousands, with_volume, with_law_review, with_container, with_whole_name, with_bare_name, with_issue,
    with_supplement, with_article_number, with_no_back_references, with_first_word, with_publisher,
)  # fmt: skip


def read(raw: str) -> Reading | None:
    """The fields of an entry, with offsets into it; None where there is nothing to read, or far too much.

    >>> reading = read("Lee J. Wound care. Lancet. 2020;5(4):11-19.")
    >>> reading.values["year"], reading.completeness
    ('2020', 'full')
    """
    if len(raw) > LONGEST:
        return None
    trace = text.unwrap(raw)
    readable = trace.text
    known = identified(readable)
    tokens = tokenise(readable, known)
    if not tokens:
        return None
    tagging = tag(readable, tokens)
    reading = Reading(readable, tagging.probability)
    runs = labelled_runs(readable, tokens, tagging.labels)
    for mended in _MENDED:
        runs = mended(readable, runs)
    places = _fill(reading, runs)
    for item in known:
        if item.kind not in reading.values:
            value = normalise_doi(item.value) if item.kind == "doi" else item.value
            if value:
                reading.values[item.kind] = value
                places[item.kind] = item.span
    reading.spans = {name: trace.span(*place) for name, place in places.items()}
    if text.mended(raw) != raw:
        # The letters of a wrong encoding were put right to be read; what is printed is what stands there.
        for name in _SIMPLE.keys() & reading.spans.keys():
            reading.values[name] = text.unwrap(raw[slice(*reading.spans[name])], mend=False).text
    return reading


# Calibration knows references only. Where two of author, title, year and source are missing, the entry may be none.
_DOUBT = 0.5


def _confidence(reading: Reading) -> float:
    """The share of entries read fully right among those as complete and as probable as this one."""
    points = calibration()[reading.completeness]
    doubt = _DOUBT if reading.completeness == "poor" else 1.0
    probability = reading.probability
    i = bisect_right(points, (probability, 2.0))
    if i == 0:
        return points[0][1] * doubt
    if i == len(points):
        return points[-1][1] * doubt
    (x0, y0), (x1, y1) = points[i - 1], points[i]
    return (y0 + (y1 - y0) * (probability - x0) / (x1 - x0)) * doubt


_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20[0-4]\d)(?!\d)")


def _only_year(readable: str, runs: Sequence[Run]) -> re.Match[str] | None:
    """The year of an entry in which none was seen: the only one that stands outside all fields."""
    found = [
        m
        for m in islice(_YEAR.finditer(readable), 30)
        if m[1] >= "1800" and not any(r.start < m.end() and m.start() < r.end for r in runs)
    ]
    return found[0] if len({m[1] for m in found}) == 1 else None


_SIMPLE = {
    "title": ("TITLE",), "container": ("JOURNAL", "BOOK"), "publisher": ("PUBLISHER",), "place": ("PLACE",),
    "edition": ("EDITION",), "series": ("SERIES",), "genre": ("GENRE",),
}  # fmt: skip


def _author_runs(runs: Sequence[Run]) -> list[Run]:
    """The runs of the author list: the first, and what follows it before any other field."""
    people: list[Run] = []
    for run in runs:
        if run.label == "AUTHOR":
            people.append(run)
        elif people and run.label not in ("GROUP", "NOTE"):
            break
    return people


_IN_DATE = re.compile(r"(?:19|20)\d\d-$")  # "accessed 2019-11-22": no pages
_EDITION = re.compile(r"\d{1,2}e")  # "Handbook of Care, 2e. Oxford": none either
_PAGE_LETTER = re.compile(r"(?<![^\W_])[A-OQ-Za-oq-z]{1,2}$")


def _with_letter(readable: str, run: Run) -> Run:
    """A page with the letter that is glued to it ("S27", "e5")."""
    if m := _PAGE_LETTER.search(readable, max(0, run.start - 3), run.start):
        return Run(run.label, m.start(), run.end)
    return run


def _fill(reading: Reading, runs: Sequence[Run]) -> dict[str, tuple[int, int]]:
    """Fill in what the labelled stretches say; returns where in the readable text each field stands."""
    readable, values = reading.readable, reading.values
    by_label: dict[str, list[Run]] = {}
    for run in runs:
        by_label.setdefault(run.label, []).append(run)
    places: dict[str, tuple[int, int]] = {}

    def put(name: str, value: str, place: tuple[int, int]) -> None:
        if value and name not in values:
            values[name] = value
            places[name] = place

    for name, labels in _SIMPLE.items():
        # The first one printed: a chapter's book stands before its publisher's series.
        for run in sorted((run for label in labels for run in by_label.get(label, ())), key=lambda run: run.start):
            place = trimmed(readable, run)
            put(name, readable[slice(*place)], place)
    for run in by_label.get("DATE", ()):
        if m := _YEAR.search(readable, run.start, run.end):
            put("year", m[1], m.span(1))
    if "year" not in values and (m := _only_year(readable, runs)):
        put("year", m[1], m.span(1))
    for run in by_label.get("ISSUE", ())[:1]:
        place = trimmed(readable, run)
        put("issue", locators.split_issue(readable[slice(*place)]), place)
    for run in by_label.get("VOLUME", ())[:1]:
        place = trimmed(readable, run)
        volume, issue = locators.split_volume(readable[slice(*place)])
        put("volume", volume, place)
        put("issue", issue, place)
    for run in by_label.get("PAGES", ()):
        if "pages" in values or _IN_DATE.search(readable[max(0, run.start - 5) : run.start]):
            continue
        if _EDITION.fullmatch(readable, run.start, run.end):
            put("edition", readable[run.start : run.end - 1], (run.start, run.end))
            continue
        place = trimmed(readable, _with_letter(readable, run))
        if pages := locators.split_pages(readable[slice(*place)]):
            put("pages", "-".join(p for p in pages if p), place)
    if people := _author_runs(runs):
        split = split_names(" ".join(readable[r.start : r.end] for r in people))
        reading.authors, reading.et_al = split.names, split.et_al
        places["authors"] = trimmed(readable, people[0])
    for run in by_label.get("GROUP", ()):
        place = trimmed(readable, run)
        if place[0] < place[1]:
            reading.authors = (*reading.authors, Name(family=readable[slice(*place)]))
            places.setdefault("authors", place)
    if edited := by_label.get("EDITOR"):
        reading.editors = split_names(readable[edited[0].start : edited[0].end]).names
        places["editors"] = trimmed(readable, edited[0])
    return places
