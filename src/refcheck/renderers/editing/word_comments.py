"""Comments of a Word file: their anchors between the runs, and their texts in a part of their own.

Source of the format: ECMA-376 part 1, 17.13.4 (comments) and 17.13.4.3–5 (their anchors).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from refcheck.model import RunPlace
from refcheck.renderers.data.junit import legal
from refcheck.renderers.editing.word_package import W, WordPackage
from refcheck.renderers.editing.word_runs import MC, XML_SPACE, Runs

_BLOCKS = frozenset(W + tag for tag in ("p", "tbl", "tr", "tc"))
_NUMBER = re.compile(r"^AQ\d+: ")


class Comments:
    """Puts comments at places of the main document, each once: what an earlier run has said there is not repeated."""

    def __init__(self, package: WordPackage, runs: Runs, *, author: str, date: str) -> None:
        self._package = package
        self._runs = runs
        self._author = author
        self._date = date
        root = package.document
        existing = [_whole(c.get(f"{W}id")) for c in package.comments]
        anchored = [_whole(e.get(f"{W}id")) for e in root.iter(f"{W}commentRangeStart", f"{W}commentReference")]
        self._next = max([-1, *existing, *anchored]) + 1
        self._said = self._already()

    def _already(self) -> dict[Any, set[str]]:
        """What comments with numbers of queries say in each paragraph (by its element)."""
        texts = {}
        for comment in self._package.comments:
            lines = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in comment.iter(f"{W}p")]
            if any(_NUMBER.match(line) for line in lines):
                texts[comment.get(f"{W}id")] = {_NUMBER.sub("", line) for line in lines}
        said: dict[Any, set[str]] = {}
        for start in self._package.document.iter(f"{W}commentRangeStart"):
            if start.get(f"{W}id") in texts:
                said.setdefault(_paragraph(start), set()).update(texts[start.get(f"{W}id")])
        return said

    def comment(self, places: Sequence[RunPlace], paragraphs: Sequence[str]) -> None:
        """Anchor one comment from the first to the last of these places."""
        here = [p for p in places if p.part == self._package.main and self._runs.known(p)]
        if here:
            first, last = self._runs.pieces(here[0], here[-1])
        else:
            first = last = self._note_mark(places[0])
        if first is None or last is None:
            return
        before, after = takes_comment(first), takes_comment(last)
        said = self._said.get(_paragraph(before), set())
        paragraphs = [p for p in paragraphs if legal(_NUMBER.sub("", p)) not in said]
        if not paragraphs:
            return
        identifier = str(self._next)
        self._next += 1
        start = etree.Element(f"{W}commentRangeStart", {f"{W}id": identifier})
        end = etree.Element(f"{W}commentRangeEnd", {f"{W}id": identifier})
        mark = etree.Element(f"{W}r")
        etree.SubElement(mark, f"{W}commentReference", {f"{W}id": identifier})
        before.addprevious(start)
        after.addnext(end)
        end.addnext(mark)
        self._write(identifier, paragraphs)

    def _write(self, identifier: str, paragraphs: Sequence[str]) -> None:
        initials = "".join(word[0] for word in self._author.split()[:3]).upper()
        attributes = {
            f"{W}id": identifier,
            f"{W}author": self._author,
            f"{W}initials": "RC" if self._author == "refcheck" else initials,
        }
        if self._date:
            attributes[f"{W}date"] = self._date
        comment = etree.SubElement(self._package.comments, f"{W}comment", attributes)
        for number, paragraph in enumerate(paragraphs):
            p = etree.SubElement(comment, f"{W}p")
            if not number:
                etree.SubElement(etree.SubElement(p, f"{W}r"), f"{W}annotationRef")
            t = etree.SubElement(etree.SubElement(p, f"{W}r"), f"{W}t", {XML_SPACE: "preserve"})
            t.text = legal(paragraph)

    def _note_mark(self, place: RunPlace) -> Any:
        """The run that carries the mark of the footnote or endnote in which a place stands."""
        if not self._runs.known(place):
            return None
        for note in self._runs.run(place).iterancestors(f"{W}footnote", f"{W}endnote"):
            kind = "footnoteReference" if note.tag == f"{W}footnote" else "endnoteReference"
            for mark in self._package.document.iter(W + kind):
                if mark.get(f"{W}id") == note.get(f"{W}id"):
                    return mark.getparent()
        return None


def _whole(value: str | None) -> int:
    return int(value) if value and value.lstrip("-").isdigit() else 0


def _paragraph(element: Any) -> Any:
    """The outermost paragraph in which an element stands."""
    return next(reversed(list(element.iterancestors(f"{W}p"))), None)


def takes_comment(run: Any) -> Any:
    """The element beside which an anchor may stand: out of a tracked change of our own making, out of a text box,
    out of a control that holds text alone.
    """
    element = run
    for ancestor in run.iterancestors():
        # A run inside a run: a text box or alternative contents. Word takes no comments there.
        inside = ancestor.tag in (f"{W}r", f"{W}del", f"{MC}AlternateContent")
        if inside or (ancestor.tag == f"{W}sdt" and text_alone(ancestor)):
            element = ancestor
    return element


def text_alone(control: Any) -> bool:
    """Whether an inline content control may hold nothing but text (ECMA-376 part 1, 17.5.2)."""
    properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
    if properties is None or content is None or any(c.tag in _BLOCKS for c in content):
        return False
    return any(
        properties.find(W + tag) is not None for tag in ("text", "dataBinding", "date", "dropDownList", "comboBox")
    )
