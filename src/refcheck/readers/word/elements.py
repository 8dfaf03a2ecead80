"""What the elements of a Word file's text are, and which of them hold it (ECMA-376 part 1, 17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from refcheck.readers.word.styles import W

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
TAKEN = {f"{W}{tag}" for tag in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "dir", "bdo")}
CHARACTERS = {
    f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad", f"{W}tab": "\t", f"{W}ptab": "\t",
    f"{W}br": "\n", f"{W}cr": "\n",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notes:
    """Footnotes or endnotes: their part, and the note elements by id."""

    part: str
    root: etree._Element
    notes: dict[str, etree._Element]


def alternative(element: etree._Element) -> etree._Element:
    """The first of alternative contents that holds anything: never two of them."""
    for child in element:
        if len(child):
            return child
    return element


def through(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows or cells, also those inside content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from through(content, tag)
        elif child.tag in TAKEN:
            yield from through(child, tag)


def boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The contents of text boxes in a drawing, outermost only, each once."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from boxes(alternative(child))
        else:
            yield from boxes(child)
