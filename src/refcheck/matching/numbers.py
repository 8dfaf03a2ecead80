"""Do the printed year, volume, issue and pages agree with the recorded ones?

A number is said to differ only if the recorded one is nowhere in the entry where it could stand, and another number
stands in its place. A printed number that already stands for another field (and agrees there) is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from refcheck.matching.entry import Entry, Word
from refcheck.matching.numerals import Pages, first_number, is_slip, numbering, page_range, roman, same_page
from refcheck.model import Agreement, Level, Work
from refcheck.text import dashes

_FIELDS = ("year", "volume", "issue", "pages")


class Numbers(NamedTuple):
    """All four, with what the question of identity needs of each.

    same, near (year ± 1, a letter before the page), slip (one digit away), differs, unprinted, unrecorded.
    """

    agreements: tuple[Agreement, ...]
    year: str
    volume: str
    issue: str
    first_page: str
    last_page: str


_REST = re.compile(r"[^\W\d_]{0,2}\d{1,8}(?![^\W_])")


class Ground(NamedTuple):
    """What the comparisons of one entry with one record share."""

    entry: Entry
    title: tuple[int, int]  # where the recorded title was found in the readable text
    taken: Mapping[int, str]  # numbers that stand for a field and agree there, by place
    years: Mapping[str, str]  # recorded years: what kind of date each is
    pages: tuple[Pages, ...]  # recorded page ranges and article numbers
    recorded: Mapping[str, str]  # recorded volume, issue and first page, as bare numbers
    grouped: tuple[int, int]  # where the recorded pages stand with thousands separators
    together: str  # recorded volume and issue, run together

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

    def _places(self, value: str, mine: str) -> Iterator[Word]:
        for word in self.entry.numbers:
            if self.taken.get(word.start, mine) != mine or self.title[0] <= word.start < self.title[1]:
                continue
            if self.entry.in_zone(word.start, "title", "authors", "editors"):
                continue
            text = word.text.lstrip("0") or "0"
            if text == value or (len(value) > 1 and text.endswith(value) and text[: -len(value)].isalpha()):
                yield word


def compare_numbers(entry: Entry, work: Work, title: tuple[int, int] = (0, 0)) -> Numbers:
    """Compare year, volume, issue and pages; `title` is where the recorded title stands in the readable text."""
    years = _recorded_years(work)
    printed_as = (part for p in (work.pages, *work.also.get("pages", ())) for part in _stretches(p))
    pages = tuple(p for p in map(page_range, printed_as) if p.first)
    bare = {"volume": first_number(work.volume), "issue": first_number(work.issue)}
    recorded = {**bare, "pages": pages[0].first if pages else ""}
    together = "".join((*numbering(work.volume), *numbering(work.issue))) if work.volume and work.issue else ""
    ground = Ground(entry, title, {}, years, pages, recorded, _thousands(entry, pages), together)
    ground = ground._replace(taken=_taken(ground, work))
    out: list[Agreement] = []
    by_year = _volume_by_year(ground, out)
    year = by_year[0] if by_year else _compare_year(ground, out)
    paged: list[Agreement] = []
    first, last = _compare_pages(ground, work, paged)
    ground = _with_places(ground, paged)
    volume = by_year[1] if by_year else _compare_part(ground, "volume", work.volume, out)
    ground = _with_places(ground, [a for a in out if a.field == "volume"])
    issue = _compare_part(ground, "issue", work.issue, out)
    if {volume, issue} <= {"differs", "slip"} and numbering(ground.blind("volume")) == numbering(work.issue):
        out = [replace(a, reason=_SWAPPED) if a.field in ("volume", "issue") else a for a in out]
    return Numbers((*out, *paged), year, volume, issue, first, last)


def _with_places(ground: Ground, agreements: Sequence[Agreement]) -> Ground:
    """The places where agreeing fields were found are no other field's."""
    found = {ground.entry.place(a.span)[0]: a.field for a in agreements if a.span and a.level is not Level.DIFFERS}
    return ground._replace(taken={**ground.taken, **found})


def _stretches(pages: str) -> list[str]:
    """Recorded pages as they are, and each stretch of discontinuous ones ("1-3, 8-15")."""
    parts = re.split(r"[,;]\s", pages)
    return [pages, *parts[1:]] if len(parts) < 9 else [pages]


_SWAPPED = "volume and issue have changed places"


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
    return {
        word.start: name
        for word in ground.entry.numbers
        for name in _FIELDS
        if agreed[name] and name in zones and zones[name][0] <= word.start < zones[name][1]
    }


def _agree(
    entry: Entry, name: str, level: Level, recorded: str, reason: str = "", part: str = "", score: float = 1.0,
    at: Word | None = None, printed: str = "",
) -> Agreement:  # fmt: skip
    span = entry.span(at.start, at.end) if at else entry.reference.spans.get(name)
    value = printed or (entry.text[at.start : at.end] if at else getattr(entry.reference, name))
    return Agreement(
        field=name, level=level, printed=value, recorded=recorded, score=score, reason=reason, part=part, span=span
    )


def _compare_year(ground: Ground, out: list[Agreement]) -> str:
    entry, years = ground.entry, ground.years
    if not years:
        return "unrecorded"
    printed = ground.blind("year")[:4] or _glued_year(ground)
    recorded = next((y for y, kind in years.items() if not kind), next(iter(years)))
    told = ", ".join(f"{kind} year {y}" if kind else f"year {y}" for y, kind in sorted(years.items()))
    if printed in years:
        same = printed == recorded
        reason = "" if same else told
        out.append(_agree(entry, "year", Level.SAME if same else Level.FORMATTING, recorded, reason))
        return "same"
    for y in years:
        for at in ground.free(y, "year"):
            if printed and entry.in_zone(at.start, "container", "volume", "issue", "pages"):
                continue
            out.append(_agree(entry, "year", Level.FORMATTING, y, "", at=at))
            return "same"
    if not printed.isdigit():
        return "unprinted"
    gap = min(abs(int(printed) - int(y)) for y in years if y.isdigit())
    if gap <= 1:
        out.append(_agree(entry, "year", Level.NOTE, recorded, f"one year apart ({told})", score=0.8))
        return "near"
    out.append(_agree(entry, "year", Level.DIFFERS, recorded, told if len(years) > 1 else "", score=0.0))
    return "differs"


_GLUED_YEAR = re.compile(
    r"(?<![^\W_])((?:1[5-9]|20)\d\d)(?=[A-Z][a-z]{2}|年)|(?<=[^\W\d_]{3})((?:1[5-9]|20)\d\d)(?=[;,. )])"
)


def _glued_year(ground: Ground) -> str:
    """A year that has run into the word before or after it ("2018Jan;3(1)"), where no year was read blindly."""
    m = _GLUED_YEAR.search(ground.entry.text)
    if m and not ground.title[0] <= m.start() < ground.title[1] and not ground.entry.is_hidden(m.start()):
        return m.group(1) or m.group(2)
    return ""


def _volume_by_year(ground: Ground, out: list[Agreement]) -> tuple[str, str] | None:
    """Year and volume where the record numbers volumes by years and the entry prints two years, one of them recorded.

    What stands before the pages is the volume, the other one is the year ("2019, 2091, 1-12", "vol. 2014, pp. 1-5,
    2017"); None where nothing of the kind is printed.
    """
    entry, volume = ground.entry, ground.recorded["volume"]
    if volume not in ground.years or "pages" not in entry.zones:
        return None
    places = [
        w
        for w in entry.numbers
        if re.fullmatch(r"(?:1[5-9]|20)\d\d", w.text)
        and not ground.title[0] <= w.start < ground.title[1]
        and not entry.in_zone(w.start, "title", "authors", "pages")
        and not (entry.in_zone(w.start, "container") and w.end < entry.zones["container"][1])
    ]
    strange = [w for w in places if w.text not in ground.years]
    if len(places) != 2 or len(strange) != 1:
        return None
    pages = entry.zones["pages"][0]
    before = strange[0].end <= pages and _BEFORE_PAGES.fullmatch(entry.text[strange[0].end : pages])
    name = "volume" if before else "year"
    known = next(w for w in places if w is not strange[0])
    kinds = {name: "differs", "volume" if name == "year" else "year": "same"}
    for field, kind in sorted(kinds.items(), reverse=True):
        at, level = (strange[0], Level.DIFFERS) if kind == "differs" else (known, Level.SAME)
        if kind == "differs" and field == "year" and abs(int(at.text) - int(volume)) == 1:
            kinds["year"], level = "near", Level.NOTE
        out.append(_agree(entry, field, level, volume, at=at, score=float(kind == "same")))
    return kinds["year"], kinds["volume"]


_BEFORE_PAGES = re.compile(r"[\s,:;.]*(?:\(\w{1,8}\)[\s,:;.]*)?(?:pp?\.?\s*)?")


def _compare_part(ground: Ground, name: str, recorded: str, out: list[Agreement]) -> str:
    """Volume or issue."""
    entry, printed = ground.entry, ground.blind(name)
    mine, theirs = numbering(printed), numbering(recorded)
    if not theirs or not (any(c.isdigit() for p in theirs for c in p) or "s" in theirs):
        if mine and name == "volume" and mine[0] in ground.years:
            out.append(_agree(entry, name, Level.NOTE, recorded, "the year in place of a volume"))
        return "unrecorded"
    if mine:
        if mine == theirs:
            level = Level.SAME if printed == recorded else Level.FORMATTING
            out.append(_agree(entry, name, level, recorded))
            return "same"
        if "".join(mine) == ground.together:
            out.append(_agree(entry, name, Level.FORMATTING, recorded, "volume and issue run together"))
            return "same"
        if _compatible(mine, theirs, ground.years):
            out.append(_agree(entry, name, Level.NOTE if name == "issue" else Level.FORMATTING, recorded, "in part"))
            return "same"
    value = first_number(recorded)
    for at in ground.free(value, name):
        trailing = at.end == entry.zones.get("container", (0, 0))[1]
        if mine and not trailing and entry.in_zone(at.start, "year", "container"):
            continue
        out.append(_agree(entry, name, Level.FORMATTING, recorded, "", at=at))
        return "same"
    if not mine or not any(c.isdigit() for p in mine for c in p):
        return "unprinted"
    if not ground.blind("pages") and any(mine[-1] == p.first for p in ground.pages):
        return "unprinted"  # the blind reading took the page for a volume or issue
    if mine[0] in ground.years and name == "volume":
        out.append(_agree(entry, name, Level.NOTE, recorded, "the year in place of the volume", score=0.5))
        return "unprinted"
    out.append(_agree(entry, name, Level.DIFFERS, recorded, score=0.0))
    return "slip" if is_slip(mine[0], first_number(recorded)) else "differs"


def _compatible(mine: tuple[str, ...], theirs: tuple[str, ...], years: Mapping[str, str]) -> bool:
    """Double issues, supplements named with their volume, the year put before the volume ("2021:16")."""
    a, b = set(mine) - {"s", "p"}, set(theirs) - {"s", "p"}
    if not a or not b:
        return "s" in mine and "s" in theirs
    a2, b2 = a - set(years) or a, b - set(years) or b
    return a2 <= b2 or b2 <= a2


def _compare_pages(ground: Ground, work: Work, out: list[Agreement]) -> tuple[str, str]:
    entry, recorded = ground.entry, ground.pages
    if not recorded:
        return "unrecorded", "unrecorded"
    shown = work.pages or work.also.get("pages", ("",))[0]
    text = ground.blind("pages")
    if text and numbering(text) in (numbering(work.volume), numbering(work.issue)) and len(numbering(text)) > 1:
        text = ""  # a double volume or issue ("334-335") that was read as pages
    elif text and numbering(text) == numbering(work.issue) and not ground.blind("issue") and len(ground.pages) == 1:
        text = ""  # "113:7" with no pages behind it
    printed = _unglued(page_range(text), ground, text)
    volume = ground.recorded["volume"]
    if volume and printed.first.startswith(volume) and any(printed.first == volume + p.first for p in recorded):
        out.append(_agree(entry, "pages", Level.FORMATTING, shown, "volume and pages run together"))
        return "same", "unprinted"
    if printed.first:
        for pages in recorded:
            kind = same_page(printed.first, pages.first)
            if kind:
                return kind, _compare_last(entry, printed, pages, shown, kind, out)
    for pages in recorded:
        for at in ground.free(pages.first, "pages"):
            inside = entry.in_zone(at.start, "pages")
            if printed.first and (not _begins(entry, at) or (printed.last and not inside)):
                continue
            out.append(_agree(entry, "pages", Level.FORMATTING, shown, "", at=at))
            return "same", "unprinted"
    if ground.grouped != (0, 0):
        out.append(_agree(entry, "pages", Level.FORMATTING, shown))
        return "same", "unprinted"
    if not printed.first or (not any(c.isdigit() for c in printed.first) and roman(printed.first) is None):
        return "unprinted", "unprinted"
    if printed.first == "1" and printed.last and not ground.blind("volume"):
        out.append(
            _agree(entry, "pages", Level.NOTE, shown, "counted from 1, as before an issue is made up", score=0.5)
        )
        return "unprinted", "unprinted"
    if _other_kind(printed, recorded):
        out.append(_agree(entry, "pages", Level.NOTE, shown, "article number in place of pages", score=0.5))
        return "unprinted", "unprinted"
    out.append(_agree(entry, "pages", Level.DIFFERS, shown, part="first page", score=0.0))
    kind = "slip" if any(is_slip(printed.first, p.first) for p in recorded) else "differs"
    return kind, "same" if any(p.last and p.last == printed.last for p in recorded) else "differs"


def _unglued(printed: Pages, ground: Ground, text: str) -> Pages:
    """Pages whose last number has the year run into it by extraction: "712-31987" for 712–3, 1987."""
    for year in ground.years:
        if text.endswith(year) and len(text) > len(year):
            cut = page_range(text[: -len(year)])
            if any(cut.first == p.first and cut.last in (p.last, "") for p in ground.pages):
                return cut
    return printed


def _compare_last(entry: Entry, printed: Pages, recorded: Pages, shown: str, kind: str, out: list[Agreement]) -> str:
    if kind == "near":
        out.append(_agree(entry, "pages", Level.NOTE, shown, "a letter before the number", score=0.9))
        return "unprinted"
    if not printed.last or not recorded.last:
        reason = "first page only" if recorded.last else ""
        level = Level.FORMATTING if recorded.last else Level.SAME
        out.append(_agree(entry, "pages", level, shown, reason))
        return "unprinted" if not printed.last else "unrecorded"
    raw = re.split(r"[-–—]+", dashes(entry.reference.pages))[-1].strip(" .,;").lower()
    digits = re.sub(r"\D", "", recorded.last)
    same = (
        printed.last == recorded.last
        or raw == recorded.last
        or (raw.isdigit() and len(raw) < len(digits) and digits.endswith(raw))
        or re.sub(r"[a-z]", "", printed.last) == digits
        or recorded.last == recorded.first
    )
    if same:
        exact = dashes(entry.reference.pages) == dashes(shown)
        out.append(_agree(entry, "pages", Level.SAME if exact else Level.FORMATTING, shown))
        return "same"
    if any(w.text.lstrip("0") == recorded.last for w in entry.numbers if entry.in_zone(w.start, "pages")):
        out.append(_agree(entry, "pages", Level.FORMATTING, shown))
        return "same"
    out.append(_agree(entry, "pages", Level.DIFFERS, shown, part="last page", score=0.5))
    return "differs"


def _begins(entry: Entry, at: Word) -> bool:
    """Whether a number may be a first page: not what stands after a dash."""
    before = entry.text[max(0, at.start - 2) : at.start]
    return dashes(before)[-1:] != "-" and dashes(before).rstrip()[-1:] != "-"


def _thousands(entry: Entry, recorded: Sequence[Pages]) -> tuple[int, int]:
    """Where the pages are printed with thousands separators: "118:11, 875-11, 887", "9992-10, 005"."""
    for pages in recorded:
        for page, range_ in (
            (pages.first, r"{}(?:\s?[-–—]+\s?\d{{1,2}}[,.]?\s?\d{{3}})?"),
            (pages.last, r"\d{{1,4}}\s?[-–—]+\s?{}"),
        ):
            if len(page) == 5 and page.isdigit() and page not in entry.text:
                grouped = rf"{page[:2]}[,.]\s?{page[2:]}(?!\d)"
                if m := re.compile(r"(?<!\d)" + range_.format(grouped)).search(entry.text):
                    return m.span()
    return (0, 0)


def _other_kind(printed: Pages, recorded: Sequence[Pages]) -> bool:
    """An article number where the record counts pages within the article ("1-12"), or the reverse."""
    single = not printed.last
    counted = [p for p in recorded if p.first == "1"]
    if single and counted:
        return not any(_within(printed.first, p) for p in counted)
    return printed.first == "1" and bool(printed.last) and all(not p.last for p in recorded)


def _within(page: str, pages: Pages) -> bool:
    """Whether a number is one of the pages: then it is meant for a page, not for an article number."""
    return page.isdigit() and pages.last.isdigit() and int(page) <= int(pages.last)
