"""OpenDocument texts (.odt of LibreOffice and Google Docs, .fodt in one XML file) -> Manuscript."""

from __future__ import annotations

import re

from lxml import etree

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.archive import Parts, parse_xml
from refcheck.readers.field_list import read_with_fields
from refcheck.readers.opendocument.story import Story
from refcheck.readers.opendocument.styles import TEXT, Styles

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_KINDS = {b"spreadsheet": "a spreadsheet", b"presentation": "a presentation", b"graphics": "a drawing"}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LIST_HEADING = re.compile(
    r"(?:\d{1,2}\.? )?(?:references?|bibliography|literature(?: cited)?|works cited|reference list)[:.]?", re.IGNORECASE
)
_FEWEST_NOTES = 3  # endnotes: fewer are no list
_DATED = 0.6  # share of the endnotes of a list that hold a year


def read_odt(data: bytes, name: str) -> Manuscript:
    """Read an OpenDocument text: automatic numbers, raised text, notes, tables, boxes, fields of reference managers.

    Raises:
        UnreadableInput: damaged, protected, or no text document.
        NoReferences: there is no reference list in it.
    """
    parts = Parts(data, name, "OpenDocument file")
    kind = next((what for word, what in _KINDS.items() if word in (parts.read("mimetype") or b"")), "")
    if kind:
        raise UnreadableInput(f"{name} is {kind}, not a text: save the manuscript as .odt or .docx.")
    if b"encryption-data" in (parts.read("META-INF/manifest.xml") or b""):
        raise UnreadableInput(f"{name} is protected by a password: save it without one.")
    root = parts.xml("content.xml")
    if root is None:
        raise UnreadableInput(f"{name} is a zip archive without a text (content.xml): save the manuscript as .docx.")
    return _read(root, parts.xml("styles.xml"), name, "odt")


def read_fodt(data: bytes, name: str) -> Manuscript:
    """Read a flat OpenDocument text; raises as `read_odt`."""
    return _read(parse_xml(data, name, doctype=False), None, name, "fodt")


def _read(root: etree._Element, common: etree._Element | None, name: str, format: str) -> Manuscript:
    text = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise UnreadableInput(f"{name} is an OpenDocument file without a text: save the manuscript as .docx.")
    styles = Styles()
    styles.read(root)
    styles.read(common)
    story = Story(styles, endnotes_are_list=_is_list(text))
    story.tell(text)
    return read_with_fields(story.flow, name, format, story.fields)


def _is_list(text: etree._Element) -> bool:
    """Whether an author without a reference manager typed the references as endnotes."""
    notes = [_words(n) for n in text.iter(f"{TEXT}note") if n.get(f"{TEXT}note-class") == "endnote"]
    if len(notes) < _FEWEST_NOTES or sum(1 for note in notes if _YEAR.search(note)) < _DATED * len(notes):
        return False
    headings = text.iter(f"{TEXT}p", f"{TEXT}h")
    return not any(_LIST_HEADING.fullmatch(" ".join(_words(p).split())) for p in headings)


def _words(element: etree._Element) -> str:
    return "".join(str(words) for words in element.itertext())
