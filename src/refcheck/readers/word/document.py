"""Word files (Office Open XML) -> Manuscript."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from refcheck.errors import UnreadableInput
from refcheck.model import Biblio, Manuscript, RunPlace, Span
from refcheck.readers.archive import Parts, parse_xml
from refcheck.readers.field_list import read_with_fields
from refcheck.readers.manager_fields import word_sources
from refcheck.readers.word.elements import Notes
from refcheck.readers.word.numbering import Numbering
from refcheck.readers.word.story import Story
from refcheck.readers.word.styles import STRICT, Styles, W

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LIST_HEADING = re.compile(
    r"(?:\d{1,2}\.? )?(?:references?|bibliography|literature(?: cited)?|works cited|reference list)[:.]?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DocxMap:
    """A Word file's text (that of `read_docx`), and where each stretch of it stands in the file.

    `places` are in text order and do not overlap; what is between them is generated (numbers, breaks).
    """

    text: str
    places: tuple[RunPlace, ...]

    def find(self, span: Span) -> tuple[RunPlace, ...]:
        """The stretches that a span covers, cut to it."""
        return tuple(
            cut(p, max(p.start, span.start), min(p.end, span.end))
            for p in self.places
            if p.start < span.end and p.end > span.start
        )


def cut(place: RunPlace, start: int, end: int) -> RunPlace:
    """A part of a stretch; its offset in the run moves along.

    >>> cut(RunPlace(10, 20, "word/document.xml", 0, 3, 0), 12, 15).offset
    2
    """
    return place._replace(start=start, end=end, offset=place.offset + start - place.start)


def locate(data: bytes, name: str = "manuscript.docx") -> DocxMap:
    """Where the text of a Word file stands in its runs; raises as `read_docx` does."""
    story = _story(_open(data, name), placed=True)
    return DocxMap(story.flow.text, tuple(story.places))


def read_docx(data: bytes, name: str) -> Manuscript:
    """Read a Word file: text with automatic numbers, raised text, notes, boxes, and the fields of reference managers.

    Raises:
        UnreadableInput: damaged, protected, an old `.doc`, or not a text document.
        NoReferences: there is no reference list in it.
    """
    parts = _open(data, name)
    story = _story(parts, placed=False)
    sources = _word_sources(parts) if any("CITATION" in f.code[:12] for f in story.fields) else {}
    return read_with_fields(story.flow, name, "docx", story.fields, sources)


def _open(data: bytes, name: str) -> Parts:
    if data.startswith(_OLE2):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableInput(f"{name} is protected by a password: save it without one.")
        raise UnreadableInput(f"{name} is in the old Word format (.doc): open it in Word and save it as .docx.")
    return Parts(data, name)


def _story(parts: Parts, *, placed: bool) -> Story:
    main = _target(parts, "", "officeDocument") or "word/document.xml"
    root = _word_xml(parts, main)
    if root is None or root.tag != f"{W}document":
        others = {"xl/": "a spreadsheet", "ppt/": "a presentation"}
        what = next((w for p, w in others.items() if any(n.startswith(p) for n in parts.names)), "")
        raise UnreadableInput(
            f"{parts.name} is {what or 'a zip archive'}, not a Word document: save the manuscript as .docx."
        )
    body = root.find(f"{W}body")
    if body is None:
        raise UnreadableInput(f"{parts.name} is a Word file without a text.")
    styles = Styles(_word_xml(parts, _target(parts, main, "styles") or "word/styles.xml"))
    numbering = Numbering(_word_xml(parts, _target(parts, main, "numbering") or "word/numbering.xml"), styles)
    notes: dict[str, Notes] = {}
    for kind in ("footnote", "endnote"):
        part = _target(parts, main, f"{kind}s") or f"word/{kind}s.xml"
        notes_root = _word_xml(parts, part)
        if notes_root is not None:
            elements = {
                note.get(f"{W}id") or "": note
                for note in notes_root.iterfind(f"{W}{kind}")
                if note.get(f"{W}type") in {None, "normal"}
            }
            notes[kind] = Notes(part, notes_root, elements)
    story = Story(styles, numbering, notes, endnotes_are_list=_is_list(notes.get("endnote"), body), placed=placed)
    story.tell(main, root, body)
    return story


def _is_list(endnotes: Notes | None, body: etree._Element) -> bool:
    """Whether an author without a reference manager typed the references as endnotes."""
    if endnotes is None or len(endnotes.notes) < 3:
        return False
    dated = sum(1 for note in endnotes.notes.values() if _YEAR.search(_words(note)))
    if dated < 0.6 * len(endnotes.notes):
        return False
    return not any(_LIST_HEADING.fullmatch(" ".join(_words(p).split())) for p in body.iter(f"{W}p"))


def _words(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def _word_xml(parts: Parts, part: str) -> etree._Element | None:
    data = parts.read(part)
    if data is None:
        return None
    if STRICT.encode() in data[:5000]:
        data = data.replace(STRICT.encode(), W[1:-1].encode())
    return parse_xml(data, parts.name, part=part, doctype=False)


def _target(parts: Parts, part: str, kind: str) -> str:
    """The part that another one names as its styles, numbering … (`part` "" is the package); "" where there is none."""
    folder, _, file = part.rpartition("/")
    relations = parts.xml(f"{folder}/_rels/{file}.rels" if part else "_rels/.rels")
    if relations is None:
        return ""
    for relation in relations.iterfind(f"{_RELATIONSHIPS}Relationship"):
        if (relation.get("Type") or "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
            target = relation.get("Target") or ""
            return target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
    return ""


def _word_sources(parts: Parts) -> dict[str, Biblio]:
    found: dict[str, Biblio] = {}
    for name in parts.names:
        if re.fullmatch(r"customXml/item\d{1,4}\.xml", name):
            root = parts.xml(name)
            if root is not None:
                found.update(word_sources(root))
    return found
