"""Do the printed year, volume, issue and pages agree with the recorded ones?

A number is said to differ only if the recorded one is nowhere in the entry where it could stand, and another number
stands in its place. A printed number that already stands for another field (and agrees there) is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from refcheck.matching.entry import Entry, Word
from refcheck.matching.numerals import first_number, is_slip, numbering
from refcheck.matching.pages import compare_pages
from refcheck.matching.placed_numbers import Ground, agree, ground_of, said_otherwise, with_places
from refcheck.matching.years import compare_year, volume_by_year
from refcheck.model import Agreement, Level, Work
from refcheck.text import words


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


_LONGEST = 8  # digits of a year and a volume; more than that are pages, too
_SWAPPED = "volume and issue have changed places"


def compare_numbers(entry: Entry, work: Work, title: tuple[int, int] = (0, 0)) -> Numbers:
    """Compare year, volume, issue and pages; `title` is where the recorded title stands in the readable text."""
    ground = ground_of(entry, work, title)
    out: list[Agreement] = []
    by_year = volume_by_year(ground, out)
    year = by_year[0] if by_year else compare_year(ground, out)
    paged: list[Agreement] = []
    first, last = compare_pages(ground, work, paged)
    ground = with_places(ground, paged)
    volume = by_year[1] if by_year else _compare_part(ground, "volume", work.volume, out, work)
    ground = with_places(ground, [a for a in out if a.field == "volume"])
    issue = _compare_part(ground, "issue", work.issue, out, work)
    if {volume, issue} <= {"differs", "slip"} and numbering(ground.blind("volume")) == numbering(work.issue):
        out = [replace(a, reason=_SWAPPED) if a.field in ("volume", "issue") else a for a in out]
    return Numbers((*out, *paged), year, volume, issue, first, last)


def _compare_part(ground: Ground, name: str, recorded: str, out: list[Agreement], work: Work) -> str:
    """Volume or issue."""
    entry, printed = ground.entry, ground.blind(name)
    mine, theirs = numbering(printed), numbering(recorded)
    if not theirs or not (any(c.isdigit() for p in theirs for c in p) or "s" in theirs):
        if mine and name == "volume" and mine[0] in ground.years:
            out.append(agree(entry, name, Level.NOTE, recorded, "the year in place of a volume"))
        return "unrecorded"
    if mine:
        if mine == theirs:
            level = Level.SAME if printed == recorded else Level.FORMATTING
            out.append(agree(entry, name, level, recorded))
            return "same"
        if name == "volume" and _half_yearly(work, mine[0], theirs[0]):
            out.append(agree(entry, name, Level.FORMATTING, recorded, "numbered by the half-year"))
            return "same"
        if reason := _run_together(ground, name, "".join(mine), "".join(theirs)):
            out.append(agree(entry, name, Level.FORMATTING, recorded, reason))
            return "same"
        if _compatible(mine, theirs, ground.years):
            out.append(agree(entry, name, Level.NOTE if name == "issue" else Level.FORMATTING, recorded, "in part"))
            return "same"
    value = first_number(recorded)
    for at in ground.free(value, name):
        trailing = at.end == entry.zones.get("container", (0, 0))[1]
        if mine and not trailing and entry.in_zone(at.start, "year", "container"):
            continue
        out.append(agree(entry, name, Level.FORMATTING, recorded, "", at=at))
        return "same"
    if name == "volume" and not mine and (before := _before_pages(ground)):
        out.append(agree(entry, name, Level.DIFFERS, recorded, score=0.0, at=before))
        return "slip" if is_slip(before.text, value) else "differs"
    if not mine or not any(c.isdigit() for p in mine for c in p):
        return "unprinted"
    if not ground.blind("pages") and any(mine[-1] == p.first for p in ground.pages):
        return "unprinted"  # the blind reading took the page for a volume or issue
    if mine[0] in ground.years and name == "volume":
        out.append(agree(entry, name, Level.NOTE, recorded, "the year in place of the volume", score=0.5))
        return "unprinted"
    out.append(agree(entry, name, Level.DIFFERS, recorded, score=0.0))
    return "slip" if is_slip(mine[0], first_number(recorded)) else "differs"


def _run_together(ground: Ground, name: str, mine: str, theirs: str) -> str:
    """Which neighbours a printed volume or issue has run together with, in words; "" where it has not."""
    if mine == ground.together:
        return "volume and issue run together"
    if name != "volume":
        return ""
    if any(mine == year + theirs for year in ground.years):
        return "year and volume run together"
    if any(mine == theirs + pages.first for pages in ground.pages):
        return "volume and pages run together"
    everything = len(mine) > _LONGEST and any(mine.startswith(year + theirs) for year in ground.years)
    return "year, volume and pages run together" if everything else ""


#: Journals that count two volumes a year, each year anew, and are recorded with volumes counted on since this year.
_HALF_YEARLY = {"lancet": 1823}


def _half_yearly(work: Work, printed: str, recorded: str) -> bool:
    """Whether both volumes are one: "Lancet 1986;1" is volume 327."""
    since = _HALF_YEARLY.get(" ".join(words(work.container)).removeprefix("the "))
    if since is None or not work.year.isdigit():
        return False
    first = 2 * (int(work.year) - since)
    small, large = sorted((printed, recorded), key=len)
    return small in ("1", "2") and large == str(first + int(small))


_PAGE_MARK = re.compile(r"[\s,:;]{1,3}(?:pp?\.?|pages?|S\.)?\s{0,2}")


def _before_pages(ground: Ground) -> Word | None:
    """A number right before the agreeing pages that was read as nothing, where neither volume nor issue was read."""
    entry = ground.entry
    pages = min((at for at, name in ground.taken.items() if name == "pages"), default=-1)
    before = [w for w in entry.numbers if w.end < pages]
    if not before or ground.blind("issue") or not re.fullmatch(r"\d{1,4}", before[-1].text):
        return None
    last = before[-1]
    known = last.start in ground.taken or last.text in ground.years or last.text in ground.recorded.values()
    known |= last.text == ground.together  # volume and issue run together
    inside = ground.title[0] <= last.start < ground.title[1]
    inside |= entry.in_zone(last.start, "title", "authors", "year", "container", "series", "edition")
    if known or inside or said_otherwise(entry.text, last.start, last.end):
        return None
    return last if _PAGE_MARK.fullmatch(entry.text[last.end : pages]) else None


def _compatible(mine: tuple[str, ...], theirs: tuple[str, ...], years: Mapping[str, str]) -> bool:
    """Double issues, supplements named with their volume, the year put before the volume ("2021:16")."""
    a, b = set(mine) - {"s", "p"}, set(theirs) - {"s", "p"}
    if len(set(mine)) < len(mine) and len(set(theirs)) == len(theirs) > 1:
        return False  # "3/3" is no double issue 2/3
    if not a or not b:
        return "s" in mine and "s" in theirs
    a2, b2 = a - set(years) or a, b - set(years) or b
    return a2 <= b2 or b2 <= a2
