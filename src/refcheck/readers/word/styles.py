"""The styles of a Word file: what a paragraph or run inherits (ECMA-376 part 1, 17.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 30  # styles based on each other; Word itself allows ten
# ISO 29500 strict files use other namespaces for the same elements.
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def val(element: etree._Element | None) -> str:
    """The `w:val` of an element; "" where there is none."""
    return "" if element is None else element.get(f"{W}val") or ""


def is_on(properties: etree._Element | None, tag: str) -> bool | None:
    """A toggle property: True, False, or None where it is not set."""
    element = None if properties is None else properties.find(f"{W}{tag}")
    return None if element is None else val(element) not in {"0", "false", "off"}


def whole(text: str | None) -> int | None:
    """A whole number as Word writes it ("12", "-1", "12.0"), or None."""
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


class Raised(NamedTuple):
    """What one set of run properties says about raised text; None where it is silent."""

    align: str = ""  # vertAlign
    position: int | None = None  # half-points above the line
    size: int | None = None  # half-points
    hidden: bool | None = None


def raised_of(properties: etree._Element | None) -> Raised:
    """Read `w:rPr`."""
    if properties is None:
        return Raised()
    return Raised(
        align=val(properties.find(f"{W}vertAlign")),
        position=whole(val(properties.find(f"{W}position"))),
        size=whole(val(properties.find(f"{W}sz"))),
        hidden=is_on(properties, "vanish"),
    )


def inherit(first: Raised, then: Raised) -> Raised:
    """The nearer properties, filled up from the farther ones."""
    return Raised(
        first.align or then.align,
        then.position if first.position is None else first.position,
        then.size if first.size is None else first.size,
        then.hidden if first.hidden is None else first.hidden,
    )


class Styles:
    """The style sheet; every look-up follows `basedOn` and is computed once."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._raised: dict[str, Raised] = {}
        self._numbered: dict[str, tuple[str, int | None] | None] = {}
        self.default_paragraph = ""
        self.document = Raised()
        if root is None:
            return
        for style in root.iterfind(f"{W}style"):
            name = style.get(f"{W}styleId") or ""
            self._styles.setdefault(name, style)
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"}:
                self.default_paragraph = name
        self.document = raised_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def chain(self, style: str) -> Iterator[etree._Element]:
        """The style and what it is based on, nearest first, `DEEPEST` at most: a circle ends too."""
        for _ in range(DEEPEST):
            if style not in self._styles:
                return
            element = self._styles[style]
            yield element
            style = val(element.find(f"{W}basedOn"))

    def title(self, style: str) -> str:
        """The style's name in lower case ("heading 1", "bibliography"), which does not depend on the language."""
        element = self._styles.get(style)
        return (val(element.find(f"{W}name")) if element is not None else style).lower()

    def outline(self, style: str) -> int | None:
        """The outline level, 0–8, that makes a style a heading."""
        for element in self.chain(style):
            level = whole(val(element.find(f"{W}pPr/{W}outlineLvl")))
            if level is not None:
                return level if level < 9 else None
        return None

    def numbering(self, style: str) -> tuple[str, int | None] | None:
        """(numId, ilvl) that the style gives its paragraphs."""
        if style not in self._numbered:
            self._numbered[style] = self._find_numbering(style)
        return self._numbered[style]

    def _find_numbering(self, style: str) -> tuple[str, int | None] | None:
        level: int | None = None
        for element in self.chain(style):
            properties = element.find(f"{W}pPr/{W}numPr")
            if properties is None:
                continue
            if level is None:
                level = whole(val(properties.find(f"{W}ilvl")))
            number = properties.find(f"{W}numId")
            if number is not None:
                return val(number), level
        return None

    def raised(self, style: str) -> Raised:
        """What the style and its ancestors say about raised text."""
        if style not in self._raised:
            found = Raised()
            for element in self.chain(style):
                found = inherit(found, raised_of(element.find(f"{W}rPr")))
            self._raised[style] = found
        return self._raised[style]
