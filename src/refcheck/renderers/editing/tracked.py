"""Tracked changes in the runs of a Word file: what is deleted and what is put in, each with author and date.

Accepting all gives the new text, rejecting all the old one, in text and formatting: a run is only split and wrapped,
and what is put in takes the formatting of the run at whose place it stands. Where that cannot be promised, nothing is
done: `Tracked.replace` says so, and a comment is written instead.

Source of the format: ECMA-376 part 1, 17.13.5 (w:ins, w:del, w:delText); what may stand in them, CT_RunTrackChange.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from refcheck.model import RunPlace
from refcheck.renderers.data.junit import legal
from refcheck.renderers.editing.word_comments import text_alone
from refcheck.renderers.editing.word_package import W, WordPackage
from refcheck.renderers.editing.word_runs import MC, XML_SPACE, Runs, printed_length

# What may stand in a run that is deleted: text, signs, and what prints nothing.
_DELETABLE = frozenset(
    W + tag
    for tag in (
        "rPr", "t", "tab", "ptab", "noBreakHyphen", "softHyphen", "br", "cr", "sym", "lastRenderedPageBreak",
    )
)  # fmt: skip
# Around these a change of one's own is not certain to be taken or turned down by itself: a move, a text box, formulas.
_CLOSED = frozenset({f"{W}moveFrom", f"{W}moveTo", f"{W}del", f"{W}r", f"{MC}AlternateContent", f"{W}ruby"})
# Formatting that is itself a tracked change, or belongs to a paragraph mark.
_NOT_COPIED = frozenset(W + tag for tag in ("rPrChange", "ins", "del", "moveFrom", "moveTo"))


class Tracked:
    """Writes tracked changes into the parts of one file."""

    def __init__(self, package: WordPackage, runs: Runs, *, author: str, date: str) -> None:
        self._package = package
        self._runs = runs
        self._author = author
        self._date = date
        self._next = 0

    def replaceable(self, places: Sequence[RunPlace], length: int) -> bool:
        """Whether a stretch of this many characters can be changed in place: it stands in these places, all of it,
        in runs of one paragraph that hold text alone.
        """
        if sum(p.end - p.start for p in places) != length or len({(p.part, p.paragraph) for p in places}) != 1:
            return False
        if not all(self._runs.known(p) for p in places):
            return False
        return all(_open(self._runs.run(p)) and _plain(self._runs.run(p), p) for p in places)

    def linked(self, place: RunPlace) -> bool:
        """Whether a place is in a hyperlink, or in a paragraph with a field that makes one: its address would stay."""
        run = self._runs.run(place)
        if next(run.iterancestors(f"{W}hyperlink"), None) is not None:
            return True
        paragraph = next(run.iterancestors(f"{W}p"), None)
        if paragraph is None:
            return False
        codes = [e.text or "" for e in paragraph.iter(f"{W}instrText")]
        codes += [e.get(f"{W}instr") or "" for e in paragraph.iter(f"{W}fldSimple")]
        return "HYPERLINK" in "".join(codes)

    def replace(self, places: Sequence[RunPlace], new: str) -> None:
        """Delete what stands in these places (see `replaceable`), and put other words behind it."""
        pieces = self._runs.covered(places)
        for piece in pieces:
            self._delete(piece)
        if new:
            self._insert(pieces[-1], new, pieces[0], before=False)
        self._package.touch(places[0].part)

    def insert(self, place: RunPlace, new: str, *, before: bool) -> None:
        """Put words before or behind a place (see `replaceable`), in its formatting."""
        (piece, *_) = pieces = self._runs.covered([place])
        self._insert(piece if before else pieces[-1], new, piece if before else pieces[-1], before=before)
        self._package.touch(place.part)

    def _change(self, tag: str) -> Any:
        if not self._next:
            marked = (e for root in self._package.loaded() for e in root.iter() if f"{W}id" in e.attrib)
            self._next = 1 + max((_number(e) for e in marked), default=0)
        attributes = {f"{W}id": str(self._next), f"{W}author": self._author}
        self._next += 1
        if self._date:
            attributes[f"{W}date"] = self._date
        return etree.Element(tag, attributes)

    def _delete(self, run: Any) -> None:
        wrapper = self._change(f"{W}del")
        wrapper.tail, run.tail = run.tail, None
        run.addprevious(wrapper)
        wrapper.append(run)
        for text in run.findall(f"{W}t"):
            text.tag = f"{W}delText"
            text.set(XML_SPACE, "preserve")

    def _insert(self, at: Any, new: str, like: Any, *, before: bool) -> None:
        run = etree.Element(f"{W}r")
        properties = like.find(f"{W}rPr")
        if properties is not None:
            kept = deepcopy(properties)
            for child in list(kept):
                if child.tag in _NOT_COPIED:
                    kept.remove(child)
            run.append(kept)
        text = etree.SubElement(run, f"{W}t", {XML_SPACE: "preserve"})
        text.text = legal(new)
        wrapper = self._change(f"{W}ins")
        wrapper.append(run)
        anchor = at.getparent() if at.getparent().tag == f"{W}del" else at
        outer = anchor.getparent()
        if outer.tag == f"{W}ins":  # somebody's insertion: two of them, with ours between
            self._part_in_two(outer, anchor, wrapper, before=before)
        elif before:
            anchor.addprevious(wrapper)
        else:
            anchor.addnext(wrapper)

    def _part_in_two(self, outer: Any, anchor: Any, wrapper: Any, *, before: bool) -> None:
        rest = [anchor, *anchor.itersiblings()] if before else list(anchor.itersiblings())
        outer.addnext(wrapper)
        if not rest:
            return
        second = etree.Element(outer.tag, dict(outer.attrib), nsmap=outer.nsmap)
        second.set(f"{W}id", self._change(outer.tag).get(f"{W}id"))
        for element in rest:
            second.append(element)
        wrapper.addnext(second)
        if not len(outer):
            outer.getparent().remove(outer)


def _number(element: Any) -> int:
    value = element.get(f"{W}id") or ""
    return int(value) if value.isdigit() and len(value) < 10 else 0


def _open(run: Any) -> bool:
    """Whether a change at this run can be accepted and rejected by itself."""
    for ancestor in run.iterancestors():
        if ancestor.tag in _CLOSED or (ancestor.tag == f"{W}sdt" and text_alone(ancestor)):
            return False
        if ancestor.tag == f"{W}ins" and ancestor.getparent().tag == f"{W}ins":
            return False
    return True


def _plain(run: Any, place: RunPlace) -> bool:
    """Whether what stands in this stretch of a run is text alone."""
    start, end = place.offset, place.offset + place.end - place.start
    position = 0
    for child in run:
        length = printed_length(child)
        touched = position < end and position + length > start if length else start < position < end
        if touched and child.tag not in _DELETABLE:
            return False
        position += length
    return True
