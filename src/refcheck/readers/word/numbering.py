"""The automatic numbers of a Word file: what Word prints before a paragraph (ECMA-376 part 1, 17.9).

Counters belong to the abstract list, so that two lists of one kind go on counting, unless a list overrides the
start: then it starts anew when it is first met.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from refcheck.readers.counters import numeral
from refcheck.readers.word.styles import Styles, W, is_on, val, whole

LEVELS = 9  # of a list (ECMA-376 part 1, 17.9)
LONGEST = 60  # characters of a label, "Supplementary reference %1."
_PLACE = re.compile(r"%([1-9])")


@dataclass(slots=True)
class Level:
    """One level of a list: how its number is made and shown."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None  # counted from 1; 0 is never
    legal: bool = False  # every number of the label in decimal
    style: str = ""


@dataclass(slots=True)
class Listing:
    """A `w:num`: an abstract list and what it overrides."""

    abstract: str
    levels: dict[int, Level]
    restarts: dict[int, int] = field(default_factory=dict)


def _level(element: etree._Element) -> Level:
    form = element.find(f"{W}numFmt")
    return Level(
        start=whole(val(element.find(f"{W}start"))) or 0 if element.find(f"{W}start") is not None else 1,
        form=val(form) or "decimal",
        text=val(element.find(f"{W}lvlText"))[:LONGEST],
        suffix=val(element.find(f"{W}suff")) or "tab",
        restart=whole(val(element.find(f"{W}lvlRestart"))),
        legal=bool(is_on(element, "isLgl")),
        style=val(element.find(f"{W}pStyle")),
    )


def _levels(parent: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for element in parent.iterfind(f"{W}lvl"):
        index = whole(element.get(f"{W}ilvl"))
        if index is not None and 0 <= index < LEVELS:
            found[index] = _level(element)
    return found


class Numbering:
    """Counts through one story (the document body, or one of the notes parts), in reading order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, Listing] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        abstracts: dict[str, dict[int, Level]] = {}
        links: dict[str, str] = {}
        owners: dict[str, str] = {}
        for element in root.iterfind(f"{W}abstractNum"):
            name = element.get(f"{W}abstractNumId") or ""
            abstracts[name] = _levels(element)
            links[name] = val(element.find(f"{W}numStyleLink"))
            if own := val(element.find(f"{W}styleLink")):
                owners[own] = name
        for element in root.iterfind(f"{W}num"):
            abstract = val(element.find(f"{W}abstractNumId"))
            abstract = owners.get(links.get(abstract, ""), abstract)
            listing = Listing(abstract, dict(abstracts.get(abstract, {})))
            for override in element.iterfind(f"{W}lvlOverride"):
                index = whole(override.get(f"{W}ilvl"))
                if index is None or not 0 <= index < LEVELS:
                    continue
                if (own_level := override.find(f"{W}lvl")) is not None:
                    listing.levels[index] = _level(own_level)
                start = whole(val(override.find(f"{W}startOverride")))
                if start is not None:
                    listing.restarts[index] = start
            self._lists[element.get(f"{W}numId") or ""] = listing

    def label(self, properties: etree._Element | None, style: str) -> str:
        """The number printed before a paragraph, with the blank that follows it; "" where there is none.

        `properties` is the paragraph's `w:pPr`. Each call counts.
        """
        place = self._place(properties, style)
        if place is None:
            return ""
        number, index = place
        listing = self._lists[number]
        level = listing.levels[index]
        counts = self._count(number, listing, index)
        if level.form in {"bullet", "none"} and not _PLACE.search(level.text):
            return ""

        def shown(m: re.Match[str]) -> str:
            other = int(m.group(1)) - 1
            there = listing.levels.get(other, Level())
            form = "decimal" if level.legal and other != index else there.form
            return "" if form == "bullet" else numeral(counts.get(other, there.start), form)

        label = _PLACE.sub(shown, level.text)
        return label if level.suffix == "nothing" or not label else label + " "

    def _place(self, properties: etree._Element | None, style: str) -> tuple[str, int] | None:
        direct = None if properties is None else properties.find(f"{W}numPr")
        number: str | None = None
        index: int | None = None
        if direct is not None:
            number = val(direct.find(f"{W}numId")) or None
            index = whole(val(direct.find(f"{W}ilvl")))
        inherited = self._styles.numbering(style)
        if number is None and inherited is not None:
            number = inherited[0]
            index = inherited[1] if index is None else index
            if index is None and number in self._lists:
                index = next((i for i, lev in self._lists[number].levels.items() if lev.style == style), None)
        index = index or 0
        if number is None or number == "0" or number not in self._lists or index not in self._lists[number].levels:
            return None
        return number, index

    def _count(self, number: str, listing: Listing, index: int) -> dict[int, int]:
        counts = self._counts.setdefault(listing.abstract, {})
        if index in listing.restarts and (number, index) not in self._begun:
            counts[index] = listing.restarts[index]
        elif index in counts:
            counts[index] += 1
        else:
            counts[index] = listing.restarts.get(index, listing.levels[index].start)
        self._begun.add((number, index))
        for higher in range(index):
            counts.setdefault(higher, listing.levels.get(higher, Level()).start)
        for deeper in [i for i in counts if i > index]:
            restart = listing.levels[deeper].restart if deeper in listing.levels else None
            if restart is None or (restart and index < restart):
                del counts[deeper]
        return counts
