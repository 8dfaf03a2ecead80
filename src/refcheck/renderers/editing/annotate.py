"""The author's own Word file with comments: at each entry and callout concerned, and nothing else changed.

Only three parts of the file are touched (the main document, the comments, and what declares them); every other one
is copied byte for byte. Runs are split where a comment begins or ends inside one. A comment about a place that takes
none (a footnote, a text box, a bound content control) stands at the nearest place that does.

Source of the format: ECMA-376 part 1, 17.13.4 (comments) and 17.13.4.3–5 (their anchors).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from refcheck.errors import UnreadableInput
from refcheck.model import Report, RunPlace, Span
from refcheck.renderers.author_queries import numbered_queries
from refcheck.renderers.data.junit import legal
from refcheck.renderers.overview import overview
from refcheck.renderers.triage import tight
from refcheck.text import printable

#: Where a stretch of `Manuscript.text` stands in the file: `refcheck.readers.word.document.locate(data).find`.
Locate = Callable[[Span], Sequence[RunPlace]]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"

# What a run can hold that prints one character, as the reader counts it.
_ONE_CHARACTER = frozenset(W + tag for tag in ("noBreakHyphen", "softHyphen", "tab", "ptab", "br", "cr", "sym"))
# A run that holds one of these is never split: what is in them is counted elsewhere.
_WHOLE = frozenset({f"{_MC}AlternateContent", f"{W}ruby"})
_BLOCKS = frozenset(W + tag for tag in ("p", "tbl", "tr", "tc"))
# Far above any manuscript; the reader has its own, stricter bounds.
_LARGEST = 1 << 30


def annotate(data: bytes, report: Report, locate: Locate, *, language: str = "en", notes: bool = False) -> bytes:
    """The Word file with one comment at each place that a query to the author is about.

    The numbers of the queries are those of `render_queries`. `locate` tells the runs in which a stretch of the
    manuscript's text stands. Raises UnreadableInput where the file is not a Word file that takes comments.
    """
    package = _Package(data)
    anchors = _Anchors(package)
    comments: dict[Span, list[str]] = {}
    for query in numbered_queries(report, language=language, notes=notes):
        span = tight(report, query.finding) or query.finding.span
        if span is None:
            span = query.entry.reference.span if query.entry else Span(0, 0)
        comments.setdefault(span, []).append(f"AQ{query.number}: {query.text}")
    if warning := overview(report).warning:
        comments.setdefault(Span(0, 0), []).insert(0, printable(warning))
    end = len(report.manuscript.text)
    for span in sorted(comments):
        places = locate(span) or _nearest(locate, span, end)
        if places:
            anchors.comment(places, comments[span])
    return package.written(anchors.comments(_date(report)), anchors.root)


def _nearest(locate: Locate, span: Span, end: int) -> Sequence[RunPlace]:
    """The stretch before, else after, a place that has none of its own (an automatic number, an empty line)."""
    before = locate(Span(0, span.start))
    return before[-1:] or locate(Span(span.end, max(end, span.end)))[:1]


def _date(report: Report) -> str:
    since = max((e.since for e in report.enquiries), default="")
    return since if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", since) else ""


class _Package:
    """The zip archive of a Word file, and the three parts that comments touch."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            if sum(i.file_size for i in self._zip.infolist()) > _LARGEST:
                raise UnreadableInput("the Word file is too large to be written back")
            self._types = self._xml("[Content_Types].xml")
            rels = self._xml("_rels/.rels")
            main = next(r for r in rels if (r.get("Type") or "").endswith("/officeDocument"))
            self.main = (main.get("Target") or "").lstrip("/")
            if _STRICT in self._zip.read(self.main)[:5000]:
                raise UnreadableInput(
                    "this is a Strict Open XML file: save it as an ordinary .docx to have it marked up"
                )
            self.document = self._xml(self.main)
        except (zipfile.BadZipFile, KeyError, StopIteration, etree.XMLSyntaxError, RuntimeError) as e:
            raise UnreadableInput("this is not a Word file that comments can be written to") from e
        folder, _, name = self.main.rpartition("/")
        self._folder = folder + "/" if folder else ""
        self._rels_name = f"{self._folder}_rels/{name}.rels"
        self._rels = (
            self._xml(self._rels_name)
            if self._rels_name in self._zip.namelist()
            else etree.fromstring(f'<Relationships xmlns="{_PACKAGE[1:-1]}"/>')
        )
        found = next((r for r in self._rels if (r.get("Type") or "").endswith("/comments")), None)
        target = (found.get("Target") or "") if found is not None else ""
        self._comments_name = (
            target.lstrip("/") if target.startswith("/") else self._folder + (target or "comments.xml")
        )
        self._declared = found is not None
        if self._comments_name in self._zip.namelist():
            self.comments = self._xml(self._comments_name)
        else:
            self.comments = etree.Element(f"{W}comments", nsmap={"w": W[1:-1]})

    def _xml(self, name: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(self._zip.read(name), parser)

    def part(self, name: str) -> Any:
        """Another part of the file, to read."""
        return self._xml(name)

    def written(self, comments: Any, document: Any) -> bytes:
        """The archive with the changed parts in place of the old ones."""
        changed = {self.main: document, self._comments_name: comments}
        if not self._declared:
            taken = {r.get("Id") for r in self._rels}
            identifier = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
            etree.SubElement(
                self._rels,
                f"{_PACKAGE}Relationship",
                Id=identifier,
                Type=f"{_OFFICE}/comments",
                Target="/" + self._comments_name,
            )
            changed[self._rels_name] = self._rels
        part = "/" + self._comments_name
        if not any(t.get("PartName") == part for t in self._types):
            etree.SubElement(self._types, f"{_TYPES}Override", PartName=part, ContentType=_COMMENTS_TYPE)
            changed["[Content_Types].xml"] = self._types
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self._zip.infolist():
                body = changed.pop(info.filename, None)
                target.writestr(info, self._zip.read(info) if body is None else _serialised(body))
            for name, body in changed.items():
                target.writestr(zipfile.ZipInfo(name), _serialised(body), zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _serialised(root: Any) -> bytes:
    out: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return out


class _Anchors:
    """Puts comments between the runs of the main document."""

    def __init__(self, package: _Package) -> None:
        self.root = package.document
        self._package = package
        self._runs = list(self.root.iter(f"{W}r"))
        # Each run as the pieces that it was split into: (offset of its first character, element).
        self._pieces: dict[int, list[tuple[int, Any]]] = {}
        existing = [int(c.get(f"{W}id") or 0) for c in package.comments]
        anchored = [int(e.get(f"{W}id") or 0) for e in self.root.iter(f"{W}commentRangeStart", f"{W}commentReference")]
        self._next = max([-1, *existing, *anchored]) + 1
        self._written: list[tuple[int, list[str]]] = []

    def comment(self, places: Sequence[RunPlace], paragraphs: list[str]) -> None:
        """Anchor one comment from the first to the last of these places."""
        here = [p for p in places if p.part == self._package.main and p.run < len(self._runs)]
        if here:
            first, last = self._between(here[0], here[-1])
        else:
            first = last = self._note_mark(places[0])
        if first is None or last is None:
            return
        identifier = str(self._next)
        self._next += 1
        start = etree.Element(f"{W}commentRangeStart", {f"{W}id": identifier})
        end = etree.Element(f"{W}commentRangeEnd", {f"{W}id": identifier})
        mark = etree.Element(f"{W}r")
        etree.SubElement(mark, f"{W}commentReference", {f"{W}id": identifier})
        _takes_comment(first).addprevious(start)
        after = _takes_comment(last)
        after.addnext(end)
        end.addnext(mark)
        self._written.append((int(identifier), paragraphs))

    def comments(self, date: str) -> Any:
        """The part that holds the texts of the comments, old and new."""
        for identifier, paragraphs in sorted(self._written):
            attributes = {f"{W}id": str(identifier), f"{W}author": "refcheck", f"{W}initials": "RC"}
            if date:
                attributes[f"{W}date"] = date
            comment = etree.SubElement(self._package.comments, f"{W}comment", attributes)
            for number, paragraph in enumerate(paragraphs):
                p = etree.SubElement(comment, f"{W}p")
                if not number:
                    etree.SubElement(etree.SubElement(p, f"{W}r"), f"{W}annotationRef")
                t = etree.SubElement(etree.SubElement(p, f"{W}r"), f"{W}t", {_XML_SPACE: "preserve"})
                t.text = legal(paragraph)
        return self._package.comments

    def _note_mark(self, place: RunPlace) -> Any:
        """The run that carries the mark of the footnote or endnote in which a place stands."""
        try:
            runs = list(self._package.part(place.part).iter(f"{W}r"))
        except (KeyError, etree.XMLSyntaxError):
            return None
        if place.run >= len(runs):
            return None
        for note in runs[place.run].iterancestors(f"{W}footnote", f"{W}endnote"):
            kind = "footnoteReference" if note.tag == f"{W}footnote" else "endnoteReference"
            for mark in self.root.iter(W + kind):
                if mark.get(f"{W}id") == note.get(f"{W}id"):
                    return mark.getparent()
        return None

    def _between(self, first: RunPlace, last: RunPlace) -> tuple[Any, Any]:
        """The pieces of runs in which a stretch begins and ends, split off where needed."""
        end = last.offset + last.end - last.start
        for run, at in ((last.run, end), (first.run, first.offset)):
            pieces = self._pieces.setdefault(run, [(0, self._runs[run])])
            number = max(i for i, (offset, _) in enumerate(pieces) if offset <= at)
            offset, element = pieces[number]
            right = split_run(element, at - offset) if offset < at else None
            if right is not None:
                pieces.insert(number + 1, (at, right))
        begins = [e for offset, e in self._pieces[first.run] if offset <= first.offset]
        ends = [e for offset, e in self._pieces[last.run] if offset < end]
        return begins[-1], (ends or begins)[-1]


def _takes_comment(run: Any) -> Any:
    """The element beside which an anchor may stand: out of a text box, out of a control that holds text alone."""
    element = run
    for ancestor in run.iterancestors():
        # A run inside a run: a text box or alternative contents. Word takes no comments there.
        if ancestor.tag in (f"{W}r", f"{_MC}AlternateContent") or (ancestor.tag == f"{W}sdt" and _text_alone(ancestor)):
            element = ancestor
    return element


def _text_alone(control: Any) -> bool:
    """Whether an inline content control may hold nothing but text (ECMA-376 part 1, 17.5.2)."""
    properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
    if properties is None or content is None or any(c.tag in _BLOCKS for c in content):
        return False
    return any(
        properties.find(W + tag) is not None for tag in ("text", "dataBinding", "date", "dropDownList", "comboBox")
    )


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
        length = _length(child)
        if position + length <= at:
            position += length
            continue
        inside = at - position
        if inside:
            text = child.text
            rest = deepcopy(child)
            rest.text, child.text = text[inside:], text[:inside]
            for t in (child, rest):
                t.set(_XML_SPACE, "preserve")
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


def _length(child: Any) -> int:
    if child.tag == f"{W}t":
        return len(child.text or "")
    return 1 if child.tag in _ONE_CHARACTER else 0
