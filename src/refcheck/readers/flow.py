"""One text put together from the pieces of a structured file, with the map of what stands where."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from refcheck.errors import NoReferences
from refcheck.model import Manuscript, Reference, Region, Span
from refcheck.parsing import parse_entry, read_text, split_entries

BLANK_LINE = "\n\n"
_WHITE = re.compile(r"[ \t\r\n\f]+")
_RANK = {"": 0, " ": 1, "\t": 2, "\n": 3, BLANK_LINE: 4}


@dataclass(slots=True)
class Flow:
    """A growing text. `superscripts` and `regions` are spans of it.

    >>> flow = Flow()
    >>> flow.write("Exosomes heal.")
    >>> flow.write("1,2", raised=True)
    >>> flow.gap()
    >>> flow.write("References")
    >>> flow.text, flow.superscripts
    ('Exosomes heal.1,2\\n\\nReferences', [Span(start=14, end=17)])
    """

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    superscripts: list[Span] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    _pending: str = ""

    @property
    def text(self) -> str:
        """All that was written so far; a gap at the end is not yet there."""
        return "".join(self.pieces)

    def write(self, text: str, *, raised: bool = False) -> None:
        """Add text; a gap asked for before it is written first."""
        if not text:
            return
        self.settle()
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        if raised and text.strip():
            if self.superscripts and self.superscripts[-1].end == start:
                self.superscripts[-1] = Span(self.superscripts[-1].start, self.length)
            else:
                self.superscripts.append(Span(start, self.length))

    def write_inline(self, text: str, *, raised: bool = False) -> None:
        """Add text from markup, where any white space is one blank and none stands at the beginning of a block."""
        text = _WHITE.sub(" ", text)
        if text.startswith(" ") and (self._pending or not self.pieces or self.pieces[-1][-1:].isspace()):
            text = text[1:]
        self.write(text, raised=raised)

    def gap(self, white: str = BLANK_LINE) -> None:
        """Ask for white space before whatever comes next (blank, tab, line or blank line): the strongest wish wins,
        and none is written at the ends.
        """
        if self.length and _RANK[white] > _RANK[self._pending]:
            self._pending = white

    def settle(self) -> int:
        """Write the gap that was asked for, and say where the next character will stand."""
        if self._pending:
            self.pieces.append(self._pending)
            self.length += len(self._pending)
            self._pending = ""
        return self.length

    @contextmanager
    def region(self, kind: str, label: str = "") -> Iterator[None]:
        """Everything written inside is a region of this kind (nothing written, no region)."""
        before, start = len(self.pieces), self.length
        yield
        inside = "".join(self.pieces[before:])
        start += len(inside) - len(inside.lstrip())
        if start < self.length:
            self.regions.append(Region(kind=kind, span=Span(start, self.length), label=label))

    def unreadable(self, reason: str) -> None:
        """Note that something stands here that could not be read."""
        self.regions.append(Region(kind="unreadable", span=Span(self.length, self.length), reason=reason))


def read_flow(flow: Flow, name: str, format: str) -> Manuscript:
    """The manuscript that a flow holds. Where no heading shows the list, the region marked as the list is it.

    Raises:
        NoReferences: there is no reference list in it.
    """
    text = flow.text
    regions = tuple(sorted(flow.regions, key=lambda r: (r.span.start, -r.span.end)))
    listed = [r.span for r in regions if r.kind == "references"]
    others = tuple(r for r in regions if r.kind != "references")
    superscripts = tuple(flow.superscripts)
    try:
        return read_text(text, name=name, format=format, superscripts=superscripts, regions=others)
    except NoReferences:
        if not listed:
            raise
    references: list[Reference] = []
    for span in listed:
        for entry in split_entries(text, span):
            number = len(references) + 1 if entry.number is None else entry.number
            raw = text[slice(*entry.span)]
            read = parse_entry(text[entry.body : entry.span.end], start=entry.body, number=number, label=entry.label)
            references.append(replace(read, raw=raw, span=entry.span))
    return read_text(text, name=name, format=format, superscripts=superscripts, regions=regions, references=references)


def region_kinds(regions: Sequence[Region], places: Sequence[int]) -> list[str]:
    """The kind of the innermost region at each place ("body" outside all); both in text order.

    >>> region_kinds([Region(kind="body", span=Span(0, 9)), Region(kind="table", span=Span(2, 4))], [1, 3, 5, 12])
    ['body', 'table', 'body', 'body']
    """
    out = []
    around: list[Region] = []
    at = 0
    for place in places:
        while at < len(regions) and regions[at].span.start <= place:
            while around and around[-1].span.end <= regions[at].span.start:
                around.pop()
            around.append(regions[at])
            at += 1
        while around and around[-1].span.end <= place:
            around.pop()
        out.append(around[-1].kind if around else "body")
    return out


def overlaps(spans: Sequence[Span], span: Span) -> bool:
    """Whether a span touches one of those given, which are in text order and apart.

    >>> overlaps([Span(0, 2), Span(5, 7)], Span(6, 9)), overlaps([Span(0, 2)], Span(2, 3))
    (True, False)
    """
    i = bisect_right(spans, span.start, key=lambda s: s.end)
    return i < len(spans) and spans[i].start < span.end
