"""What the styles of an OpenDocument text say: which text is raised or hidden, and how lists are numbered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from refcheck.readers.counters import numeral

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DEEPEST = 30  # styles based on each other
LEVELS = 10  # of a list (ODF 1.3 part 3, 16.34)
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def whole(text: str | None, default: int) -> int:
    """A whole number of up to six digits, else the default."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else default


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbered list."""

    start: int = 1
    form: str = "decimal"
    before: str = ""
    after: str = ""
    shown: int = 1  # how many levels the label shows


@dataclass(slots=True)
class Styles:
    """The styles of one document, by name; automatic ones go before common ones of the same name."""

    _styles: dict[str, etree._Element] = field(default_factory=dict)
    _lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    _raised: dict[str, bool] = field(default_factory=dict)

    def read(self, root: etree._Element | None) -> None:
        """Take up the styles of a part."""
        for element in () if root is None else root.iter(f"{STYLE}style", f"{TEXT}list-style"):
            name = element.get(f"{STYLE}name") or ""
            if element.tag == f"{STYLE}style":
                self._styles.setdefault(name, element)
            else:
                self._lists.setdefault(name, dict(_levels(element)))

    def chain(self, name: str) -> Iterator[etree._Element]:
        """A style and what it is based on, nearest first, `DEEPEST` at most: a circle ends too."""
        for _ in range(DEEPEST):
            element = self._styles.get(name)
            if element is None:
                return
            yield element
            name = element.get(f"{STYLE}parent-style-name") or ""

    def title(self, name: str) -> str:
        """The names of a style and of what it is based on, as a person sees them, in lower case."""
        names = (e.get(f"{STYLE}display-name") or e.get(f"{STYLE}name") or "" for e in self.chain(name))
        return " < ".join(names).replace("_20_", " ").lower()

    def raised(self, name: str) -> bool:
        """Whether text of this style stands above the line ("super 58%", "33% 58%")."""
        if name not in self._raised:
            places = (self._property(e, f"{STYLE}text-position") for e in self.chain(name))
            place = next((p for p in places if p), "").split(" ")[0]
            self._raised[name] = place == "super" or (
                place.endswith("%") and not place.startswith(("-", "0%")) and place.rstrip("%") != "0"
            )
        return self._raised[name]

    def hidden(self, name: str) -> bool:
        """Whether text of this style is not shown."""
        return next((d for e in self.chain(name) if (d := self._property(e, f"{TEXT}display"))), "") == "none"

    def list_of(self, name: str) -> str:
        """The list style that a paragraph style brings along."""
        return next((found for e in self.chain(name) if (found := e.get(f"{STYLE}list-style-name"))), "")

    def level(self, name: str, depth: int) -> Level | None:
        """A level of a list style, from 1; None where it is not numbered."""
        return self._lists.get(name, {}).get(depth)

    @staticmethod
    def _property(element: etree._Element, name: str) -> str:
        properties = element.find(f"{STYLE}text-properties")
        return "" if properties is None else properties.get(name) or ""


def _levels(element: etree._Element) -> Iterator[tuple[int, Level]]:
    for level in element.iterchildren(f"{TEXT}list-level-style-number"):
        depth = whole(level.get(f"{TEXT}level"), 0)
        form = _FORMS.get(level.get(f"{STYLE}num-format") or "")
        if 0 < depth <= LEVELS and form is not None:
            yield (
                depth,
                Level(
                    start=whole(level.get(f"{TEXT}start-value"), 1),
                    form=form,
                    before=(level.get(f"{STYLE}num-prefix") or "")[:40],
                    after=(level.get(f"{STYLE}num-suffix") or "")[:40],
                    shown=whole(level.get(f"{TEXT}display-levels"), 1),
                ),
            )


class Numbering:
    """The numbers of lists, counted in reading order.

    A list begins anew unless it says that it continues the last one of its style, or one with an id.
    """

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._by_id: dict[str, dict[int, int]] = {}
        self._by_style: dict[str, dict[int, int]] = {}

    def begin(self, element: etree._Element, style: str) -> dict[int, int]:
        """The counters of a list that stands in no other."""
        continued = element.get(f"{TEXT}continue-list") or ""
        goes_on = element.get(f"{TEXT}continue-numbering") == "true"
        counts = self._by_id.get(continued) if continued else self._by_style.get(style) if goes_on else None
        counts = {} if counts is None else counts
        self._by_style[style] = counts
        identifier = element.get("{http://www.w3.org/XML/1998/namespace}id")
        if identifier:
            self._by_id[identifier] = counts
        return counts

    def label(self, counts: dict[int, int], style: str, depth: int, start: str | None) -> str:
        """The number printed before an item, with a blank; each call counts. `start` is what the item itself says."""
        level = self._styles.level(style, depth)
        if level is None:
            return ""
        counts[depth] = whole(start, counts[depth] + 1 if depth in counts else level.start)
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        numbers = []
        for d in range(max(1, depth - level.shown + 1), depth + 1):
            there = self._styles.level(style, d) or Level()
            numbers.append(numeral(counts.get(d, there.start), there.form))
        return f"{level.before}{'.'.join(numbers)}{level.after} "
