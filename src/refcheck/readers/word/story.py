"""The text of a Word file as a reader sees it: one walk through paragraphs, runs, tables, notes and boxes.

Insertions are taken and deletions left out; hidden text, headers and footers are left out; automatic numbers are
printed; of alternative contents the first is taken.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from lxml import etree

from refcheck.model import Region, RunPlace, Span
from refcheck.readers.flow import BLANK_LINE, Flow
from refcheck.readers.manager_fields import Field, is_bibliography
from refcheck.readers.open_fields import OpenFields
from refcheck.readers.symbols import symbol
from refcheck.readers.word.elements import CHARACTERS, MC, TAKEN, M, Notes, alternative, boxes, through
from refcheck.readers.word.numbering import Numbering
from refcheck.readers.word.styles import Styles, W, inherit, raised_of, val
from refcheck.text import squeeze

_LEGEND = re.compile(r"\s*((?:supplementary |suppl\. )?(?:table|fig(?:ure|\.)?|box|scheme)\s+S?\d{1,3}[a-z]?)\b", re.I)
_AFTER_LABEL = re.compile(r"\s{0,3}(?:[.:|–—\n]|$)")
# Word's own style names are the same in every language.
_CAPTION_STYLE = re.compile(r"caption")
_LIST_STYLE = re.compile(r"bibliography$|^references?$|reference list$|^endnote bibliography$")
# A cell that holds a page of text is layout, not a table.
LAYOUT_CELL = 12  # paragraphs
LIFTED = 6  # half-points: text of full size that stands this much above the line is raised


class Story:
    """Walks one file into one flow. `fields`, and `places` where they are wanted, are filled on the way."""

    def __init__(
        self, styles: Styles, numbering: Numbering, notes: dict[str, Notes], *, endnotes_are_list: bool, placed: bool
    ) -> None:
        self.flow = Flow()
        self.places: list[RunPlace] = []
        self.fields: list[Field] = []
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._endnotes_are_list = endnotes_are_list
        self._placed = placed
        self._note_numbers: dict[str, int] = {}
        self._told: set[tuple[str, str]] = set()
        self._open = OpenFields()
        self._telling = False
        self._waiting: deque[Callable[[], None]] = deque()  # notes and boxes, told after their paragraph or table
        self._part = ""
        self._index: dict[etree._Element, int] = {}
        self._paragraph = 0
        self._style = ""
        self._label = ""
        self._joins = False  # the last paragraph mark was deleted: the next paragraph goes on
        self._glued = False  # the next paragraph is the first of a cell or note
        self._in_table = 0
        self._caption = ""  # "Table 2", when the last paragraph was its caption

    def tell(self, part: str, root: etree._Element, body: etree._Element) -> None:
        """Walk a part's body, then the endnotes where they are the reference list."""
        with self._inside(part, root):
            self._blocks(body, BLANK_LINE)
            self._tell_waiting()
            if self._open.hides_the_rest:
                self.flow.unreadable("a field is not closed: the text after it may be missing")
            while self._open:
                self._end_field()
        if self._endnotes_are_list and self._note_numbers:
            self.flow.gap()
            self.flow.write("References")
            notes = self._notes["endnote"]
            with self._inside(notes.part, notes.root), self.flow.region("references"):
                for identifier, number in self._note_numbers.items():
                    self.flow.gap()
                    self.flow.write(f"{number}. ")
                    self._glued = True
                    self._blocks(notes.notes[identifier], " ")

    @contextmanager
    def _inside(self, part: str, root: etree._Element) -> Iterator[None]:
        """Count the paragraphs and runs of this part while inside."""
        outer = self._part, self._index
        index: dict[etree._Element, int] = {}
        for tag in (f"{W}p", f"{W}r") if self._placed else ():
            index.update({element: i for i, element in enumerate(root.iter(tag))})
        self._part, self._index = part, index
        yield
        self._part, self._index = outer

    def _blocks(self, parent: etree._Element, separator: str) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                self._tell_paragraph(child, separator)
            elif tag == f"{W}tbl":
                self._tell_table(child)
            elif tag == f"{W}sdt":
                self._tell_control(child, lambda content: self._blocks(content, separator))
            elif tag in TAKEN:
                self._blocks(child, separator)
            elif tag == f"{MC}AlternateContent":
                self._blocks(alternative(child), separator)
            elif tag == f"{W}altChunk":
                self.flow.unreadable("a document embedded in the Word file was not read")

    def _tell_control(self, control: etree._Element, tell: Callable[[etree._Element], None]) -> None:
        content = control.find(f"{W}sdtContent")
        if content is None:
            return
        properties = control.find(f"{W}sdtPr")
        tag = gallery = ""
        if properties is not None:
            tag = val(properties.find(f"{W}tag"))
            gallery = val(properties.find(f"{W}docPartObj/{W}docPartGallery"))
        start = self.flow.length
        if is_bibliography(tag) or gallery == "Bibliographies":
            # Word keeps the heading inside the control: only what follows it is the list
            tell(content)
            self._mark_list(start)
        else:
            tell(content)
            if tag.startswith("MENDELEY_CITATION"):
                self.fields.append(Field(tag, Span(start, self.flow.length)))

    def _mark_list(self, start: int) -> None:
        if start < self.flow.length:
            self.flow.regions.append(Region(kind="references", span=Span(start, self.flow.length), label="field"))

    def _tell_paragraph(self, element: etree._Element, separator: str) -> None:
        properties = element.find(f"{W}pPr")
        style = val(properties.find(f"{W}pStyle")) if properties is not None else ""
        style = style or self._styles.default_paragraph
        mark = properties.find(f"{W}rPr") if properties is not None else None
        mark_deleted = mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
        outer = self._style, self._paragraph, self._label
        self._style, self._paragraph = style, self._index.get(element, 0)
        self._label = "" if mark_deleted else self._numbering.label(properties, style)
        if self._joins:
            self._label = ""
        elif not self._glued:
            self.flow.gap(separator)
        self._glued = False
        before = len(self.flow.pieces)
        self._inline(element)
        text = "".join(self.flow.pieces[before:])
        self._joins = mark_deleted and (self._joins or bool(text))
        self._style, self._paragraph, self._label = outer
        if text.strip():
            self._mark_paragraph(text, self._styles.title(style))
        if not self._in_table and not mark_deleted:
            self._tell_waiting()

    def _mark_paragraph(self, text: str, style: str) -> None:
        """Note what the paragraph just told is, where its style or its first words say so."""
        legend = _LEGEND.match(text)
        self._caption = squeeze(legend.group(1)) if legend else ""
        if _LIST_STYLE.search(style):
            kind = "references"
        elif self._in_table:
            return
        elif _CAPTION_STYLE.search(style) or (legend and _AFTER_LABEL.match(text, legend.end())):
            kind = "legend"
        else:
            return
        start = self.flow.length - len(text.lstrip())
        self.flow.regions.append(Region(kind=kind, span=Span(start, self.flow.length), label=self._caption))

    def _tell_waiting(self) -> None:
        if self._telling:  # a note in a note, or in a box: it is told after that
            return
        self._telling = True
        while self._waiting:
            self._waiting.popleft()()
        self._telling = False

    def _tell_table(self, table: etree._Element) -> None:
        rows = [row for row in through(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]
        cells = [list(through(row, f"{W}tc")) for row in rows]
        layout = any(sum(1 for _ in cell.iterchildren(f"{W}p")) > LAYOUT_CELL for row in cells for cell in row)
        if layout:
            for row in cells:
                for cell in row:
                    self._blocks(cell, BLANK_LINE)
            return
        self.flow.gap()
        label = self._caption
        self._in_table += 1
        outermost = self._in_table == 1
        regions = len(self.flow.regions)
        with self.flow.region("table", label if label.lower().startswith(("table", "suppl")) else ""):
            for row in cells:
                self.flow.gap("\n")
                for number, cell in enumerate(row):
                    if number:
                        self.flow.gap("\t")
                    self._glued = True
                    self._blocks(cell, "\n")
        self._glued = False
        self._in_table -= 1
        if not outermost:
            del self.flow.regions[regions:]
        self.flow.gap()
        if outermost:
            self._tell_waiting()

    def _inline(self, parent: Iterable[etree._Element]) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._tell_run(child)
            elif tag in TAKEN:
                self._inline(child)
            elif tag == f"{W}sdt":
                self._tell_control(child, self._inline)
            elif tag == f"{W}fldSimple":
                self._open.begin_simple(child.get(f"{W}instr") or "")
                self._inline(child)
                self._end_field()
            elif tag == f"{MC}AlternateContent":
                self._inline(alternative(child))
            elif tag in {f"{M}oMath", f"{M}oMathPara"}:
                for text in child.iter(f"{M}t"):
                    self._write(text.text or "", raised=False)

    def _tell_run(self, run: etree._Element) -> None:
        properties = run.find(f"{W}rPr")
        face = raised_of(properties)
        if properties is not None and (style := val(properties.find(f"{W}rStyle"))):
            face = inherit(face, self._styles.raised(style))
        paragraph = self._styles.raised(self._style)
        face = inherit(face, paragraph)
        if face.hidden:
            hidden_fields = [c for c in run if c.tag in {f"{W}fldChar", f"{W}instrText"}]
            self._run_children(hidden_fields, run, 0, raised=False)
            return
        usual = paragraph.size or self._styles.document.size or 20
        lifted = (face.position or 0) > 0 and ((face.size or usual) < usual or (face.position or 0) >= LIFTED)
        raised = face.align == "superscript" or (lifted and not face.align)
        self._run_children(run, run, 0, raised=raised)

    def _run_children(self, children: Iterable[etree._Element], run: etree._Element, at: int, *, raised: bool) -> int:
        """Tell what is in a run; `at` is the number of its characters told before, and what is returned after."""
        for child in children:
            tag = child.tag
            if tag == f"{W}t":
                text = (child.text or "").replace("\n", " ").replace("\r", " ")
            elif tag in CHARACTERS:
                text = CHARACTERS[tag]
            elif tag == f"{W}sym":
                text = symbol(child.get(f"{W}font") or "", child.get(f"{W}char") or "")
            elif tag == f"{W}fldChar":
                self._field_mark(child)
                continue
            elif tag == f"{W}instrText":
                self._open.instruct(child.text or "")
                continue
            elif tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
                self._note(child, run, at)
                continue
            elif tag == f"{MC}AlternateContent":
                at = self._run_children(alternative(child), run, at, raised=raised)
                continue
            elif tag == f"{W}ruby":
                for base in child.iterchildren(f"{W}rubyBase"):
                    self._inline(base)
                continue
            elif tag in {f"{W}drawing", f"{W}pict", f"{W}object"}:
                self._waiting += [partial(self._tell_box, box) for box in boxes(child)]
                continue
            else:
                continue
            self._write(text, raised=raised, run=run, offset=at)
            at += len(text)
        return at

    def _write(self, text: str, *, raised: bool, run: etree._Element | None = None, offset: int = 0) -> None:
        if not text or self._open.hides_text:
            return
        if self._label:
            self.flow.write(self._label)
            self._label = ""
        start = self.flow.settle()
        self._open.text_from(start)
        self.flow.write(text, raised=raised)
        if run is not None and self._placed:
            place = RunPlace(start, self.flow.length, self._part, self._paragraph, self._index.get(run, 0), offset)
            self.places.append(place)

    def _field_mark(self, mark: etree._Element) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._open.begin(mark.findtext(f"{W}fldData") or "")
        elif kind == "separate":
            self._open.separate()
        elif kind == "end":
            self._end_field()

    def _end_field(self) -> None:
        field = self._open.end(self.flow.length)
        if field is None:
            return
        self.fields.append(field)
        if is_bibliography(field.code):
            self._mark_list(field.span.start)

    def _note(self, mark: etree._Element, run: etree._Element, at: int) -> None:
        kind = "endnote" if mark.tag == f"{W}endnoteReference" else "footnote"
        identifier = mark.get(f"{W}id") or ""
        if kind not in self._notes or identifier not in self._notes[kind].notes:
            return
        if kind == "endnote" and self._endnotes_are_list:
            number = self._note_numbers.setdefault(identifier, len(self._note_numbers) + 1)
            self._write(str(number), raised=True, run=run, offset=at)
        elif (kind, identifier) not in self._told:
            self._told.add((kind, identifier))
            self._waiting.append(partial(self._tell_note, kind, identifier))

    def _tell_note(self, kind: str, identifier: str) -> None:
        notes = self._notes[kind]
        self.flow.gap()
        with self._inside(notes.part, notes.root), self.flow.region("footnotes"):
            self._blocks(notes.notes[identifier], "\n")
        self.flow.gap()

    def _tell_box(self, box: etree._Element) -> None:
        self.flow.gap()
        self._blocks(box, BLANK_LINE)
        self.flow.gap()
