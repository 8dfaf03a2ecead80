"""What the comparisons of the numbers of an entry with a record share: where each number stands, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from refcheck.matching.entry import Entry, Word
from refcheck.matching.numerals import Pages, first_number, numbering, page_range
from refcheck.model import Agreement, Level, Work
from refcheck.text import any_of
from refcheck.words import SHORT_MONTHS

_FIELDS = ("year", "volume", "issue", "pages")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_REST = re.compile(r"[^\W\d_]{0,2}\d{1,8}(?![^\W_])")


class Ground(NamedTuple):
    """What the comparisons of one entry with one record share."""

    entry: Entry
    title: tuple[int, int]  # where the recorded title was found in the readable text
    taken: Mapping[int, str]  # numbers that stand for a field and agree there, by place
    years: Mapping[str, str]  # recorded years: what kind of date each is
    pages: tuple[Pages, ...]  # recorded page ranges and article numbers
    recorded: Mapping[str, str]  # recorded volume, issue and first page, as bare numbers
    named: frozenset[str]  # years in the recorded name of the container ("Surveys in Combinatorics, 1991")
    grouped: tuple[int, int]  # where the recorded pages stand with thousands separators
    together: str  # recorded volume and issue, run together
    online: tuple[str, ...]  # years online, where no print date is recorded
    is_book: bool  # a book has a record for each edition and printing, or one for all of them

    def blind(self, name: str) -> str:
        """The value read blindly; "" where the guided reading shows that something else stands there."""
        zone = self.entry.zones.get(name)
        value = str(getattr(self.entry.reference, name))
        if zone is None:
            return value
        if any(a <= zone[0] and zone[1] <= b for a, b in (self.title, self.grouped)):
            return ""
        if self.taken.get(zone[0], name) != name:
            return ""
        cut = _REST.match(self.entry.text, zone[1])  # "16C" of 16C742
        return value + cut.group() if cut and value[-1:].isalnum() else value

    def free(self, value: str, mine: str) -> list[Word]:
        """Places where a number stands and may be meant for the field `mine`.

        Where other fields have the same recorded number (a volume numbered by its year), one place is theirs first.
        """
        found = list(self._places(value, mine))
        if not self.blind(mine):
            return found
        claims = [f for f, v in self.recorded.items() if v == value and f != mine]
        if mine != "year" and value in self.years:
            claims.append("year")
        open_claims = sum(f not in self.taken.values() for f in claims)
        return found[: max(0, len(found) - open_claims)]

    def printed_years(self) -> list[Word]:
        """Numbers that can be read as a year, outside the title and what was read as authors or pages."""
        return [
            w
            for w in self.entry.numbers
            if _YEAR.fullmatch(w.text)
            and not self.title[0] <= w.start < self.title[1]
            and not self.entry.in_zone(w.start, "title", "authors")
            and not (self.entry.in_zone(w.start, "pages") and w.text in page_range(self.entry.reference.pages))
        ]

    def _places(self, value: str, mine: str) -> Iterator[Word]:
        for word in self.entry.numbers:
            if self.taken.get(word.start, mine) != mine or self.title[0] <= word.start < self.title[1]:
                continue
            if self.entry.in_zone(word.start, "title", "authors", "editors"):
                continue
            text = word.text.lstrip("0") or "0"
            if text == value or (len(value) > 1 and text.endswith(value) and text[: -len(value)].isalpha()):
                yield word


# What says of a number before or behind which it stands that it is neither volume nor page: days of a meeting,
# chapters, editions, an ISSN.
_MONTH = any_of(SHORT_MONTHS, "may") + "[a-z]{0,6}"
_SAID_BEFORE = re.compile(
    rf"(?i)\b(?:chap(?:ter)?s?|no|nos|nr|numbers?|issues?|parts?|pt|sect?(?:ion)?s?|suppl(?:ement)?|art(?:icle)?s?|paper"
    rf"|series|report|figs?|tables?|ages?|aged|issn|ed|{_MONTH})\.?[\s:]{{0,3}}$"
)
_SAID_BEHIND = re.compile(rf"(?i)\s{{0,2}}(?:{_MONTH}\b|(?:st|nd|rd|th)\b|years?\b|ed\b|%)")


def said_otherwise(text: str, start: int, end: int) -> bool:
    """Whether a number, or a range of them, is said in words to be something else than a volume or pages.

    >>> said_otherwise("Boston, June 7-12, 2015", 13, 17), said_otherwise("Landscapes 279-390", 11, 18)
    (True, False)
    """
    return bool(_SAID_BEFORE.search(text, max(0, start - 16), start) or _SAID_BEHIND.match(text, end))


_NOT_YET = ("1", "1")  # pages of an article whose issue is not made up


def ground_of(entry: Entry, work: Work, title: tuple[int, int]) -> Ground:
    """The ground of a comparison; `title` is where the recorded title stands in the readable text."""
    years = _recorded_years(work)
    printed_as = (part for p in (work.pages, *work.also.get("pages", ())) for part in _stretches(p))
    pages = tuple(p for p in map(page_range, printed_as) if p.first and tuple(p) != _NOT_YET)
    bare = {"volume": first_number(work.volume), "issue": first_number(work.issue)}
    recorded = {**bare, "pages": pages[0].first if pages else ""}
    together = "".join((*numbering(work.volume), *numbering(work.issue))) if work.volume and work.issue else ""
    containers = " ".join((work.container, *work.also.get("container", ())))
    named = frozenset(_YEAR.findall(containers))
    online = tuple(work.also.get("online_only", ()))
    grouped = _thousands(entry, pages)
    is_book = work.type == "book"
    ground = Ground(entry, title, {}, years, pages, recorded, named, grouped, together, online, is_book)
    return ground._replace(taken=_taken(ground, work))


def with_places(ground: Ground, agreements: Sequence[Agreement]) -> Ground:
    """The places where agreeing fields were found are no other field's."""
    found = {ground.entry.place(a.span)[0]: a.field for a in agreements if a.span and a.level is not Level.DIFFERS}
    return ground._replace(taken={**ground.taken, **found})


def _stretches(pages: str) -> list[str]:
    """Recorded pages as they are, and each stretch of discontinuous ones ("1-3, 8-15")."""
    parts = re.split(r"[,;]\s", pages)
    return [pages, *parts[1:]] if len(parts) < 9 else [pages]


def _recorded_years(work: Work) -> Mapping[str, str]:
    years: dict[str, str] = {}
    for key, values in work.also.items():
        if key.startswith("year:"):
            for value in values:
                years.setdefault(value[:4], key[5:])
    if work.year:
        years.setdefault(work.year[:4], "")
    return years


def _taken(ground: Ground, work: Work) -> Mapping[int, str]:
    """Numbers of the entry (by place) that stand for a field blindly, and agree with the record there."""
    zones = ground.entry.zones
    volume, issue, pages = (ground.blind(n) for n in ("volume", "issue", "pages"))
    agreed = {
        "year": ground.blind("year")[:4] in ground.years,
        "volume": bool(volume) and numbering(volume) == numbering(work.volume),
        "issue": bool(issue) and numbering(issue) == numbering(work.issue),
        "pages": bool(pages) and any(page_range(pages).first == p.first for p in ground.pages),
    }
    own = {"volume": set(numbering(volume)), "issue": set(numbering(issue))}  # "12 537" may be read as one
    return {
        word.start: name
        for word in ground.entry.numbers
        for name in _FIELDS
        if agreed[name]
        and name in zones
        and zones[name][0] <= word.start < zones[name][1]
        and (name not in own or word.text.lstrip("0") in own[name])
    }


def _thousands(entry: Entry, recorded: Sequence[Pages]) -> tuple[int, int]:
    """Where the pages are printed with thousands separators: "118:11, 875-11, 887", "9992-10, 005"."""
    for pages in recorded:
        for page, range_ in (
            (pages.first, r"{}(?:\s?[-–—]+\s?\d{{1,2}}[,.]?\s?\d{{3}})?"),
            (pages.last, r"(?:\d{{1,2}}[,.]\s?\d{{3}}|\d{{1,4}})\s?[-–—]+\s?{}"),
        ):
            if len(page) == 5 and page.isdigit() and page not in entry.text:
                grouped = rf"{page[:2]}[,.]\s?{page[2:]}(?!\d)"
                if m := re.compile(r"(?<!\d)" + range_.format(grouped)).search(entry.text):
                    return m.span()
    return (0, 0)


def agree(
    entry: Entry, name: str, level: Level, recorded: str, reason: str = "", part: str = "", score: float = 1.0,
    at: Word | None = None, printed: str = "",
) -> Agreement:  # fmt: skip
    """How one number agrees; `at` is where the guided reading found it, else it stands where it was read blindly."""
    span = entry.span(at.start, at.end) if at else entry.reference.spans.get(name)
    value = printed or (entry.text[at.start : at.end] if at else getattr(entry.reference, name))
    return Agreement(
        field=name, level=level, printed=value, recorded=recorded, score=score, reason=reason, part=part, span=span
    )
