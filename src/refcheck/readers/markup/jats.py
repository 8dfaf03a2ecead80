"""JATS and NLM XML articles -> Manuscript. References and callouts are tagged, so nothing has to be guessed."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from lxml import etree

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.model import Manuscript, Reference, Span
from refcheck.readers.archive import parse_xml
from refcheck.readers.flow import Flow
from refcheck.readers.markup.jats_citations import citations_of, print_citation, text_of
from refcheck.readers.markup.tagged import Mark, read_tagged
from refcheck.readers.printed import shifted

_SKIPPED = frozenset([
    "journal-meta", "sub-article", "response", "permissions", "history", "pub-date", "article-id", "article-categories",
    "counts", "custom-meta-group", "self-uri", "related-article", "tex-math", "annotation", "object-id", "graphic",
    "inline-graphic", "media", "funding-group", "processing-meta", "volume", "issue", "fpage", "lpage",
    "elocation-id", "ref-list", "kwd-group", "floats-wrap",
])  # fmt: skip
_BLOCKS = frozenset([
    "p", "title", "article-title", "subtitle", "sec", "list", "disp-formula", "disp-quote", "caption", "label-block",
    "table-wrap", "fig", "boxed-text", "abstract", "trans-abstract", "contrib-group", "aff", "author-notes", "corresp",
    "fn", "ack", "app", "glossary", "def-list", "def-item", "supplementary-material", "body", "back", "front",
    "article", "trans-title-group", "fn-group", "table-wrap-foot", "statement", "verse-group", "bio", "notes", "speech",
])  # fmt: skip
_LINES = frozenset(["list-item", "tr", "contrib", "verse-line", "break"])
_REGIONS = {
    "title-group": "title", "contrib-group": "affiliations", "aff": "affiliations", "author-notes": "affiliations",
    "abstract": "abstract", "body": "body", "table-wrap": "table", "fig": "legend", "fn": "footnotes",
    "table-wrap-foot": "table", "app": "appendix", "supplementary-material": "appendix",
}  # fmt: skip


class _Article:
    def __init__(self) -> None:
        self.flow = Flow()
        self.marks: list[Mark] = []

    def tell(self, element: etree._Element, raised: bool = False) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            if isinstance(element, etree._Entity):
                self.flow.write_inline(html.unescape(element.text or ""), raised=raised)
            return
        if tag in _SKIPPED:
            return
        if kind := _REGIONS.get(tag):
            self.flow.gap()
            label = element.find("label")
            with self.flow.region(kind, text_of(label).rstrip(".: ") if label is not None else ""):
                self._inside(element, raised)
            self.flow.gap()
        elif tag in _BLOCKS:
            self.flow.gap()
            self._inside(element, raised)
            self.flow.gap()
        elif tag in _LINES:
            self.flow.gap("\n")
            self._inside(element, raised)
            self.flow.gap("\n")
        elif tag in {"td", "th"}:
            self._inside(element, raised)
            self.flow.gap("\t")
        elif tag == "xref" and element.get("ref-type") == "bibr":
            start = self.flow.settle()
            self._inside(element, raised)
            if self.flow.length > start:
                ids = tuple((element.get("rid") or "").split())
                raised = raised or any(e.tag == "sup" for e in element)
                self.marks.append(Mark(Span(start, self.flow.length), ids, raised))
        elif tag == "alternatives":
            for child in element:
                if child.tag not in {"graphic", "inline-graphic", "tex-math", "media"}:
                    self.tell(child, raised)
                    break
        elif tag == "label":
            self._inside(element, raised)
            self.flow.write(" ")
        else:
            self._inside(element, raised or tag == "sup")

    def _inside(self, element: etree._Element, raised: bool) -> None:
        self.flow.write_inline(element.text or "", raised=raised)
        for child in element:
            self.tell(child, raised)
            self.flow.write_inline(child.tail or "", raised=raised)


def read_jats(data: bytes, name: str) -> Manuscript:
    """Read a JATS article; raises as `read_article` does, and where the XML is not well-formed or not safe."""
    return read_article(parse_xml(data, name), name)


def read_article(root: etree._Element, name: str) -> Manuscript:
    """Read the root of a JATS article; a callout's span is what the cross-references display.

    Raises:
        UnreadableInput: XML of another kind.
        NoReferences: an article without references.
    """
    for element in root.iter():  # OASIS tables and some platforms put the article's own elements into a namespace
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = etree.QName(element).localname
    root = root if root.tag == "article" else next(root.iter("article"), root)
    if root.tag != "article" and next(root.iter("ref"), None) is None:
        raise UnreadableInput(
            f"{name} is XML of another kind (<{root.tag}>), not a JATS article: give the manuscript as .docx or PDF."
        )
    article = _Article()
    article.tell(root)
    references, numbers = _references(root, article.flow)
    if not references:
        raise NoReferences(f"{name} is a JATS article without a <ref-list>: give a file that holds the references.")
    return read_tagged(article.flow, article.marks, references, numbers, name, "jats")


def _references(root: etree._Element, flow: Flow) -> tuple[tuple[Reference, ...], dict[str, int]]:
    """The references, written at the end of the flow, and the number of each id."""
    refs = [r for r in root.iter("ref") if next(r.iterancestors("sub-article", "response"), None) is None]
    labels = [text_of(r.find("label")) if r.find("label") is not None else "" for r in refs]  # type: ignore[arg-type]
    printed = [int(d) if (d := re.sub(r"^\D{0,3}(\d{1,4})\W{0,3}$", r"\1", x)).isdigit() else 0 for x in labels]
    if len(set(printed)) < len(refs) or 0 in printed:
        printed = list(range(1, len(refs) + 1))
    if not refs:
        return (), {}
    flow.gap()
    flow.write("References")
    flow.gap()
    out: list[Reference] = []
    numbers: dict[str, int] = {}
    with flow.region("references"):
        for ref, number, label in zip(refs, printed, labels, strict=True):
            out.append(_reference(ref, number, label, flow))
            for element in ref.iter():
                if isinstance(element.tag, str) and (identifier := element.get("id")):
                    numbers.setdefault(identifier, number)
    return tuple(out), numbers


def _reference(ref: etree._Element, number: int, label: str, flow: Flow) -> Reference:
    flow.gap("\n")
    flow.write(f"{number}. ")
    begin = flow.length
    works: list[Reference] = []
    for printed, tagged in citations_of(ref):
        if works:
            flow.write(" ")
        line, read = print_citation(printed, tagged, label)
        start = flow.length
        flow.write(line)
        spans = shifted(dict(read.spans), start)
        works.append(replace(read, number=number, raw=line, span=Span(start, flow.length), spans=spans))
    raw = " ".join(work.raw for work in works)
    whole = Span(begin, flow.length)
    if not works:
        return Reference(number=number, label=label, span=whole, confidence=0.0)
    return replace(works[0], label=label, raw=raw, span=whole, parts=tuple(works) if len(works) > 1 else ())
