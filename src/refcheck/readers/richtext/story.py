"""The text of a rich-text file as a reader sees it: one walk through its groups, without recursion.

Deletions, comments, hidden text, headers and footers are left out; numbers of lists are printed as the file has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from refcheck.errors import UnreadableInput
from refcheck.model import Region, Span
from refcheck.readers.flow import BLANK_LINE, Flow
from refcheck.readers.manager_fields import Field, is_bibliography
from refcheck.readers.open_fields import OpenFields
from refcheck.readers.richtext.fonts import Fonts, joined
from refcheck.readers.richtext.tokens import Token, tokens_of

DEEPEST = 2_000  # groups inside groups; Word writes some twenty
LAYOUT_ROW = 12  # paragraphs: a row that holds more is layout, not a table
LIFTED = 6  # half-points above the line, from which text of full size is raised
_SIGNS = {
    "~": "\u00a0", "_": "\u2011", "-": "\u00ad", "\\": "\\", "{": "{", "}": "}", "emdash": "—", "endash": "–",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": "\u2003",
    "enspace": "\u2002", "qmspace": "\u2005", "tab": "\t", "line": "\n", "lbr": "\n", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
# Groups whose text is not the author's. Groups marked with \* are left out unless they are known.
_LEFT_OUT = frozenset([
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "nonshppict", "sp", "objdata",
    "objclass", "listtable", "listoverridetable", "rsidtbl", "generator", "xe", "tc", "rxe", "revtbl", "annotation",
    "nonesttables", "template", "mmathPr", "pntxta", "pntxtb",
])  # fmt: skip
_KNOWN_STARRED = frozenset(["shpinst", "shptxt", "fldinst", "datafield", "ud"])


@dataclass(slots=True)
class _Group:
    """What a group says about the text in it."""

    role: str = ""  # "" is text; "out", "fonts", "code", "data", "note"
    opens: str = ""  # "field", "note" where the group is one
    font: int = 0
    size: int = 24  # half-points
    raised: bool = False
    lift: int = 0
    hidden: bool = False
    deleted: bool = False
    skip: int = 1  # characters that stand for one in Unicode
    fresh: bool = True  # nothing but \* was met
    starred: bool = False


@dataclass(slots=True)
class _Note:
    """A note while it is told into a flow of its own."""

    outer: Flow
    kind: str = "footnote"


@dataclass(slots=True)
class Story:
    """Walks one file into one flow; `fields` and `endnotes` (their words) are filled on the way."""

    name: str
    endnotes_are_list: bool = False
    flow: Flow = field(default_factory=Flow)
    fields: list[Field] = field(default_factory=list)
    endnotes: list[str] = field(default_factory=list)
    _fonts: Fonts = field(default_factory=Fonts)
    _open: OpenFields = field(default_factory=OpenFields)
    _groups: list[_Group] = field(default_factory=lambda: [_Group()])
    _notes: list[_Note] = field(default_factory=list)
    _waiting: list[Flow] = field(default_factory=list)
    _listed: list[Flow] = field(default_factory=list)
    _passing: int = 0  # characters that repeat the last one for programs without Unicode
    _high: int = 0  # the first half of a surrogate pair
    _row_start: int | None = None
    _row_paragraphs: int = 0
    _continues: bool = False  # the row goes on a table
    _declared: int = 0  # the font whose entry in the table is read

    def tell(self, data: bytes) -> None:
        """Walk the whole file, then the endnotes where they are the reference list."""
        for token in joined(tokens_of(data)):
            if token.kind == "{":
                self._begin()
            elif token.kind == "}":
                self._end()
            elif token.kind == "bytes":
                self._bytes(token)
            else:
                self._word(token)
        while len(self._groups) > 1:
            self._end()
        self._tell_waiting()
        if self._listed:
            self.flow.gap()
            self.flow.write("References")
            with self.flow.region("references"):
                for number, note in enumerate(self._listed, 1):
                    self.flow.gap()
                    self.flow.write(f"{number}. ")
                    _pour(note, self.flow)

    def _begin(self) -> None:
        if len(self._groups) > DEEPEST:
            raise UnreadableInput(f"{self.name} nests its groups deeper than any program does: it was not read.")
        self._passing = 0
        self._groups.append(replace(self._groups[-1], opens="", fresh=True, starred=False))

    def _end(self) -> None:
        self._passing = 0
        if len(self._groups) < 2:
            return
        group = self._groups.pop()
        if group.opens == "field":
            done = self._open.end(self.flow.length)
            if done is not None and not self._notes:
                self.fields.append(done)
                if is_bibliography(done.code) and done.span.start < self.flow.length:
                    span = Span(done.span.start, self.flow.length)
                    self.flow.regions.append(Region(kind="references", span=span, label="field"))
        elif group.opens == "note" and self._notes:
            self._end_note()

    def _end_note(self) -> None:
        note = self._notes.pop()
        told, self.flow = self.flow, note.outer
        if note.kind == "endnote":
            self.endnotes.append(told.text)
        if note.kind == "endnote" and self.endnotes_are_list:
            self._listed.append(told)
            self.flow.write(str(len(self._listed)), raised=True)
        elif told.text.strip():
            self._waiting.append(told)

    def _bytes(self, token: Token) -> None:
        group = self._groups[-1]
        data = token.data
        if self._passing:
            passed = min(self._passing, len(data))
            self._passing -= passed
            data = data[passed:]
        group.fresh = False
        if not data or group.role == "out":
            return
        if group.role == "data":
            self._open.take_data(data.decode("latin-1"))
        elif group.role != "fonts":
            self._write(self._fonts.decode(data, group.font))

    def _write(self, text: str) -> None:
        group = self._groups[-1]
        if group.role == "code":
            self._open.instruct(text)
        elif not (group.role or group.hidden or group.deleted or self._open.hides_text):
            lifted = group.lift >= LIFTED or (group.lift > 0 and group.size < self._groups[0].size)
            if self._row_start is None and self._after_table():
                self.flow.gap()
            start = self.flow.settle()
            if not self._notes:
                self._open.text_from(start)
            self.flow.write(text, raised=group.raised or lifted)

    def _word(self, token: Token) -> None:
        word, value = token.word, token.value
        group = self._groups[-1]
        if self._passing and (word in _SIGNS or len(word) == 1) and word != "*":
            self._passing -= 1
            return
        if word == "*":
            group.starred = True
            return
        fresh, group.fresh = group.fresh, False
        if group.role == "out":
            return
        if fresh and self._destination(group, word):
            return
        if group.role == "fonts":
            self._font(word, value)
        elif word == "u" and value is not None:
            self._unicode(value)
            self._passing = group.skip
        elif word in _SIGNS:
            self._write(_SIGNS[word])
        elif (act := _ACTS.get(word)) is not None:
            act(self, group, value)
        else:
            self._fonts.declare(word, value)

    def _destination(self, group: _Group, word: str) -> bool:
        """Whether the first word of a group makes it something else than text of the author's."""
        if word == "fonttbl":
            group.role = "fonts"
        elif word in _LEFT_OUT or (group.starred and word not in _KNOWN_STARRED):
            group.role = "out"
        elif word == "field":
            group.opens = "field"
            self._open.begin()
        elif word == "fldinst":
            group.role = "code"
        elif word == "fldrslt":
            self._open.separate()
            group.role = ""
        elif word == "datafield":
            group.role = "data"
        elif word == "footnote":
            group.opens = "note"
            self._notes.append(_Note(self.flow))
            self.flow = Flow()
            group.raised, group.lift = False, 0
        elif word == "shptxt":
            self.flow.gap()
        else:
            return False
        return True

    def _font(self, word: str, value: int | None) -> None:
        if word == "f" and value is not None:
            self._declared = value
        elif word == "fcharset" and value is not None:
            self._fonts.add(self._declared, value)

    def _unicode(self, value: int) -> None:
        code = value % 0x10000
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00) if self._high else 0xFFFD
        self._high = 0
        self._write(chr(code) if code else "\ufffd")

    def _paragraph(self, group: _Group, value: int | None) -> None:
        if group.role or self._open.hides_text:
            return
        self.flow.gap(BLANK_LINE if self._row_start is None else "\n")
        self._row_paragraphs += 1
        if self._row_start is None:
            self._tell_waiting()

    def _tell_waiting(self) -> None:
        if self._notes:
            return
        waiting, self._waiting = self._waiting, []
        for note in waiting:
            self.flow.gap()
            with self.flow.region("footnotes"):
                _pour(note, self.flow)
            self.flow.gap()

    def _row(self, group: _Group, value: int | None) -> None:
        if self._row_start is None and not group.role:
            self._continues = self._after_table()
            self.flow.gap("\n" if self._continues else BLANK_LINE)
            self._row_start, self._row_paragraphs = self.flow.length, 0

    def _after_table(self) -> bool:
        regions = self.flow.regions
        return bool(regions) and regions[-1].kind == "table" and regions[-1].span.end == self.flow.length

    def _cell(self, group: _Group, value: int | None) -> None:
        self.flow.gap("\t")

    def _row_end(self, group: _Group, value: int | None) -> None:
        start, self._row_start = self._row_start, None
        if start is None or self._row_paragraphs > LAYOUT_ROW or start >= self.flow.length:
            self.flow.gap()
            return
        regions = self.flow.regions
        if self._continues:
            regions[-1] = replace(regions[-1], span=Span(regions[-1].span.start, self.flow.length))
        else:
            start += len(BLANK_LINE) if start else 0
            regions.append(Region(kind="table", span=Span(min(start, self.flow.length), self.flow.length)))
        self.flow.gap("\n")


def _pour(told: Flow, into: Flow) -> None:
    """Write a flow into another, raised characters and all."""
    text, at = told.text, 0
    for span in told.superscripts:
        into.write(text[at : span.start])
        into.write(text[slice(*span)], raised=True)
        at = span.end
    into.write(text[at:])


def _plain(story: Story, group: _Group, value: int | None) -> None:
    group.raised = group.hidden = group.deleted = False
    group.lift, group.size, group.font = 0, 24, 0


def _setting(attribute: str, default: int) -> Callable[[Story, _Group, int | None], None]:
    def put(story: Story, group: _Group, value: int | None) -> None:
        setattr(group, attribute, default if value is None else value)

    return put


def _toggle(attribute: str) -> Callable[[Story, _Group, int | None], None]:
    def put(story: Story, group: _Group, value: int | None) -> None:
        setattr(group, attribute, value != 0)

    return put


def _level(story: Story, group: _Group, value: int | None) -> None:
    group.raised, group.lift = False, 0


def _lower(story: Story, group: _Group, value: int | None) -> None:
    group.lift = 0


def _endnote(story: Story, group: _Group, value: int | None) -> None:
    if story._notes:
        story._notes[-1].kind = "endnote"


_ACTS: dict[str, Callable[[Story, _Group, int | None], None]] = {
    "par": Story._paragraph, "sect": Story._paragraph, "page": Story._paragraph, "trowd": Story._row,
    "intbl": Story._row, "cell": Story._cell, "nestcell": Story._cell, "row": Story._row_end,
    "nestrow": Story._cell, "super": _toggle("raised"), "nosupersub": _level, "sub": _level, "up": _setting("lift", 6),
    "dn": _lower, "v": _toggle("hidden"), "deleted": _toggle("deleted"), "plain": _plain, "f": _setting("font", 0),
    "fs": _setting("size", 24), "uc": _setting("skip", 1), "ftnalt": _endnote,
}  # fmt: skip
