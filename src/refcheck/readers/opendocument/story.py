"""The text of an OpenDocument file as a reader sees it: one walk through paragraphs, lists, tables, notes and boxes.

Deletions, comments and hidden text are left out; automatic numbers are printed.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable

from lxml import etree

from refcheck.model import Region, Span
from refcheck.readers.flow import BLANK_LINE, Flow
from refcheck.readers.manager_fields import MAX_FIELDS, Field, is_bibliography
from refcheck.readers.opendocument.styles import TEXT, Numbering, Styles, whole
from refcheck.text import squeeze

DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_SKIPPED = frozenset([
    f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{OFFICE}forms", f"{TEXT}sequence-decls", f"{TEXT}note-citation",
    f"{TEXT}table-of-content", f"{TEXT}illustration-index", f"{TEXT}table-index", f"{TEXT}ruby-text", f"{DRAW}object",
    f"{TEXT}variable-decls", f"{TEXT}user-field-decls", f"{TEXT}alphabetical-index",
])  # fmt: skip
_LEGEND = re.compile(r"\s*((?:supplementary |suppl\. )?(?:table|fig(?:ure|\.)?|box|scheme)\s+S?\d{1,3}[a-z]?)\b", re.I)
_AFTER_LABEL = re.compile(r"\s{0,3}(?:[.:|–—\n]|$)")
_MOST_BLANKS = 50  # that one element stands for


class Story:
    """Walks one file into one flow; `fields` are filled on the way."""

    def __init__(self, styles: Styles, *, endnotes_are_list: bool) -> None:
        self.flow = Flow()
        self.fields: list[Field] = []
        self._styles = styles
        self._numbering = Numbering(styles)
        self._endnotes_are_list = endnotes_are_list
        self._endnotes: list[etree._Element] = []
        self._waiting: deque[etree._Element] = deque()  # notes and boxes, told after their paragraph or table
        self._marks: dict[str, int] = {}
        self._label = ""
        self._in_table = 0
        self._telling = False
        self._caption = ""

    def tell(self, body: etree._Element) -> None:
        """Walk the body, then the endnotes where they are the reference list."""
        self._blocks(body, BLANK_LINE)
        self._tell_waiting()
        if self._endnotes:
            self.flow.gap()
            self.flow.write("References")
            with self.flow.region("references"):
                for number, note in enumerate(self._endnotes, 1):
                    self.flow.gap()
                    self._label = f"{number}. "
                    self._note_body(note)

    def _blocks(self, parent: Iterable[etree._Element], separator: str) -> None:
        for child in parent:
            tag = child.tag
            if tag in {f"{TEXT}p", f"{TEXT}h"}:
                self._paragraph(child, separator)
            elif tag == f"{TEXT}list":
                self._list(child, separator, "", 1, {})
            elif tag == f"{TABLE}table":
                self._table(child)
            elif tag == f"{TEXT}section":
                start = self.flow.length
                self._blocks(child, separator)
                if is_bibliography(_code(child.get(f"{TEXT}name"))):
                    self._mark_list(start)
            elif tag == f"{TEXT}bibliography":
                for part in child.iterchildren(f"{TEXT}index-body"):
                    titles = list(part.iterchildren(f"{TEXT}index-title"))
                    self._blocks(titles, separator)
                    start = self.flow.length
                    self._blocks((p for p in part if p not in titles), separator)
                    self._mark_list(start)
            elif tag == f"{DRAW}frame":
                self._waiting.append(child)
                self._tell_waiting()
            elif tag not in _SKIPPED:
                self._blocks(child, separator)

    def _mark_list(self, start: int) -> None:
        if start < self.flow.length:
            self.flow.regions.append(Region(kind="references", span=Span(start, self.flow.length), label="field"))

    def _list(self, element: etree._Element, separator: str, style: str, depth: int, counts: dict[int, int]) -> None:
        style = element.get(f"{TEXT}style-name") or style
        if depth == 1:
            counts = self._numbering.begin(element, style)
        for item in element:
            if item.tag == f"{TEXT}list-item":
                first = next(iter(item), None)
                if first is None or first.tag != f"{TEXT}list":
                    self._label = self._numbering.label(counts, style, depth, item.get(f"{TEXT}start-value"))
            elif item.tag != f"{TEXT}list-header":
                continue
            for child in item:
                if child.tag == f"{TEXT}list":
                    self._list(child, separator, style, depth + 1, counts)
                else:
                    self._blocks([child], separator)
            self._label = ""

    def _paragraph(self, element: etree._Element, separator: str) -> None:
        self.flow.gap(separator)
        style = element.get(f"{TEXT}style-name") or ""
        if self._styles.hidden(style):
            return
        before = len(self.flow.pieces)
        self._inline(element, self._styles.raised(style))
        text = "".join(self.flow.pieces[before:])
        title = self._styles.title(style)
        legend = _LEGEND.match(text)
        self._caption = squeeze(legend.group(1)) if legend else ""
        if text.strip() and not self._in_table:
            kind = "references" if "bibliography 1" in title or title.startswith("references") else ""
            if not kind and legend and _AFTER_LABEL.match(text, legend.end()):
                kind = "legend"
            if kind:
                start = self.flow.length - len(text.lstrip())
                self.flow.regions.append(Region(kind=kind, span=Span(start, self.flow.length), label=self._caption))
        if not self._in_table:
            self._tell_waiting()

    def _inline(self, parent: etree._Element, raised: bool) -> None:
        self._write(parent.text, raised)
        for child in parent:
            if isinstance(child.tag, str) and child.tag not in _SKIPPED:
                self._piece(child, raised)
            self._write(child.tail, raised)

    def _piece(self, child: etree._Element, raised: bool) -> None:
        tag = child.tag
        if tag == f"{TEXT}span":
            style = child.get(f"{TEXT}style-name") or ""
            if not self._styles.hidden(style):
                self._inline(child, raised or self._styles.raised(style))
        elif tag == f"{TEXT}s":
            self._write(" " * min(_MOST_BLANKS, whole(child.get(f"{TEXT}c"), 1)), raised, keep=True)
        elif tag == f"{TEXT}tab":
            self._write("\t", raised, keep=True)
        elif tag == f"{TEXT}line-break":
            self._write("\n", raised, keep=True)
        elif tag == f"{TEXT}note":
            self._note(child)
        elif tag in {f"{TEXT}reference-mark-start", f"{TEXT}bookmark-start"}:
            self._marks[child.get(f"{TEXT}name") or ""] = self.flow.settle()
        elif tag in {f"{TEXT}reference-mark-end", f"{TEXT}bookmark-end"}:
            name = child.get(f"{TEXT}name") or ""
            if name in self._marks and len(self.fields) < MAX_FIELDS:
                start = self._marks.pop(name)
                self.fields.append(Field(_code(name), Span(start, self.flow.length)))
        elif tag.startswith(DRAW):
            self._waiting.append(child)
        else:
            self._inline(child, raised)

    def _write(self, text: str | None, raised: bool, *, keep: bool = False) -> None:
        if not text:
            return
        if self._label and (keep or text.strip()):
            self.flow.write(self._label)
            self._label = ""
        if keep:
            self.flow.write(text, raised=raised)
        else:
            self.flow.write_inline(text, raised=raised)

    def _note(self, note: etree._Element) -> None:
        if note.get(f"{TEXT}note-class") == "endnote" and self._endnotes_are_list:
            self._endnotes.append(note)
            self._write(str(len(self._endnotes)), True)
        else:
            self._waiting.append(note)

    def _note_body(self, note: etree._Element) -> None:
        for body in note.iterchildren(f"{TEXT}note-body"):
            self._blocks(body, "\n")

    def _tell_waiting(self) -> None:
        if self._telling:  # a note in a note, or in a box: it is told after that
            return
        self._telling = True
        label, self._label = self._label, ""
        while self._waiting:
            element = self._waiting.popleft()
            self.flow.gap()
            if element.tag == f"{TEXT}note":
                with self.flow.region("footnotes"):
                    self._note_body(element)
            else:
                for box in element.iter(f"{DRAW}text-box"):
                    self._blocks(box, BLANK_LINE)
            self.flow.gap()
        self._telling = False
        self._label = label

    def _table(self, table: etree._Element) -> None:
        self.flow.gap()
        self._in_table += 1
        regions = len(self.flow.regions)
        with self.flow.region("table", self._caption):
            for row in table.iter(f"{TABLE}table-row"):
                if next(row.iterancestors(f"{TABLE}table")) is not table:
                    continue
                self.flow.gap("\n")
                for number, cell in enumerate(row.iterchildren(f"{TABLE}table-cell")):
                    if number:
                        self.flow.gap("\t")
                    self._blocks(cell, "\n" if len(cell) > 1 else "")
        self._in_table -= 1
        if self._in_table:
            del self.flow.regions[regions:]
            return
        self.flow.gap()
        self._tell_waiting()


def _code(name: str | None) -> str:
    """The name of a mark or section of Zotero or Mendeley, as the code of a field ("ZOTERO_ITEM CSL_CITATION {…}")."""
    return f"ADDIN {name}" if name and name.startswith(("ZOTERO_", "CSL_", "Mendeley", "EN.")) else name or ""
