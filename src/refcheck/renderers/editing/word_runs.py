"""Runs of a Word file, split where a comment or a change begins or ends inside one; each half keeps the formatting."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from refcheck.model import RunPlace
from refcheck.renderers.editing.word_package import W, WordPackage

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# What a run can hold that prints one character, as the reader counts it.
_ONE_CHARACTER = frozenset(W + tag for tag in ("noBreakHyphen", "softHyphen", "tab", "ptab", "br", "cr", "sym"))
# A run that holds one of these is never split: what is in them is counted elsewhere.
_WHOLE = frozenset({f"{MC}AlternateContent", f"{W}ruby"})


class Runs:
    """The runs of a file as they were when it was read, and the pieces that they have been split into since."""

    def __init__(self, package: WordPackage) -> None:
        self._package = package
        self._parts: dict[str, list[Any]] = {}
        # Each run as its pieces: (offset of its first character, element).
        self._pieces: dict[tuple[str, int], list[tuple[int, Any]]] = {}

    def known(self, place: RunPlace) -> bool:
        """Whether the run of a place is there."""
        return place.run < len(self._of(place.part))

    def _of(self, part: str) -> list[Any]:
        if part not in self._parts:
            root = self._package.part(part)
            self._parts[part] = [] if root is None else list(root.iter(f"{W}r"))
        return self._parts[part]

    def run(self, place: RunPlace) -> Any:
        """The run in which a place begins; where it was split, the piece."""
        offsets = [e for offset, e in self._all(place) if offset <= place.offset]
        return offsets[-1]

    def _all(self, place: RunPlace) -> list[tuple[int, Any]]:
        key = place.part, place.run
        if key not in self._pieces:
            self._pieces[key] = [(0, self._of(place.part)[place.run])]
        return self._pieces[key]

    def pieces(self, first: RunPlace, last: RunPlace) -> tuple[Any, Any]:
        """The pieces of runs in which a stretch begins and ends, split off where needed."""
        end = last.offset + last.end - last.start
        for place, at in ((last, end), (first, first.offset)):
            pieces = self._all(place)
            number = max(i for i, (offset, _) in enumerate(pieces) if offset <= at)
            offset, element = pieces[number]
            right = split_run(element, at - offset) if offset < at else None
            if right is not None:
                pieces.insert(number + 1, (at, right))
        begins = [e for offset, e in self._all(first) if offset <= first.offset]
        ends = [e for offset, e in self._all(last) if offset < end]
        return begins[-1], (ends or begins)[-1]

    def covered(self, places: Sequence[RunPlace]) -> list[Any]:
        """The pieces of runs that hold these places and nothing else of what is printed."""
        out: list[Any] = []
        for place in places:
            first, last = self.pieces(place, place)
            inside = [e for _, e in self._all(place)]
            for piece in inside[inside.index(first) : inside.index(last) + 1]:
                if not any(piece is other for other in out):
                    out.append(piece)
        return out


def split_run(run: Any, at: int) -> Any:
    """Split a run before its character `at`; the right half, which keeps the formatting, or None where nothing is
    to be split (the place is at an end, or the run holds what is not counted here).
    """
    children = [c for c in run if c.tag != f"{W}rPr"]
    if any(c.tag in _WHOLE for c in children):
        return None
    position = 0
    moved: list[Any] = []
    for number, child in enumerate(children):
        length = printed_length(child)
        if position + length <= at:
            position += length
            continue
        inside = at - position
        if inside:
            text = child.text
            rest = deepcopy(child)
            rest.text, child.text = text[inside:], text[:inside]
            for t in (child, rest):
                t.set(XML_SPACE, "preserve")
            moved = [rest, *children[number + 1 :]]
        else:
            moved = children[number:]
        break
    if not moved or (len(moved) == len(children) and moved[0] is children[0]):
        return None
    right = etree.Element(run.tag, dict(run.attrib), nsmap=run.nsmap)
    properties = run.find(f"{W}rPr")
    if properties is not None:
        right.append(deepcopy(properties))
    for child in moved:
        right.append(child)
    right.tail, run.tail = run.tail, None
    run.addnext(right)
    return right


def printed_length(child: Any) -> int:
    """How many characters of the manuscript's text an element of a run prints."""
    if child.tag in (f"{W}t", f"{W}delText"):
        return len(child.text or "")
    return 1 if child.tag in _ONE_CHARACTER else 0
