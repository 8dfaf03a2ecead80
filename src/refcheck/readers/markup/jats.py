"""JATS and NLM XML articles -> Manuscript. References and callouts are tagged, so nothing has to be guessed."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from lxml import etree

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.model import Callout, Manuscript, Reference, Region, Scheme, Span
from refcheck.parsing import find_callouts, read_text
from refcheck.parsing.manuscript import list_order
from refcheck.readers.archive import parse_xml
from refcheck.readers.flow import Flow, overlaps, region_kinds
from refcheck.readers.markup.jats_citations import citations_of, print_citation, text_of
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
# What may stand between two cross-references of one callout: "1, 2", "1–3", "[1], [2]", "1 and 2".
_BETWEEN = re.compile(r"[\s,;.&/\[\]()\u2010-\u2015\u2212-]{0,8}(?:(?:and|to|through|e|y|et|und)[\s\[(]{1,3})?")
_RANGE = re.compile(r"[\u2010-\u2015\u2212-]|\b(?:to|through)\b")
_DASH = re.compile(r"\s*[\u2010-\u2015\u2212-]\s*")
_WIDEST = 100  # entries between the ends of a range


class _Mark(NamedTuple):
    """A cross-reference to the list."""

    span: Span
    ids: tuple[str, ...]
    raised: bool


class _Article:
    def __init__(self) -> None:
        self.flow = Flow()
        self.marks: list[_Mark] = []

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
                self.marks.append(_Mark(Span(start, self.flow.length), ids, raised))
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
    """Read a JATS article; a callout's span is what the cross-references display.

    Raises:
        UnreadableInput: not well-formed, not safe, or XML of another kind.
        NoReferences: an article without references.
    """
    root = parse_xml(data, name)
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
    flow = article.flow
    text = flow.text
    regions = tuple(sorted(flow.regions, key=lambda r: (r.span.start, -r.span.end)))
    callouts = _callouts(text, article.marks, numbers)
    kinds = region_kinds(regions, [c.span.start for c in callouts])
    callouts = tuple(replace(c, region=kind) for c, kind in zip(callouts, kinds, strict=True))
    scheme, why = _scheme(text, callouts, article.marks)
    superscripts = tuple(flow.superscripts)
    if not callouts:
        return read_text(
            text, name=name, format="jats", superscripts=superscripts, regions=regions, references=references
        )
    if scheme is not Scheme.AUTHOR_YEAR:
        callouts = _with_untagged(text, callouts, references, regions, superscripts)
    return Manuscript(
        name=name, text=text, references=references, callouts=callouts, regions=regions, scheme=scheme,
        scheme_reason=why, order=list_order(references, callouts, scheme), superscripts=superscripts, format="jats",
    )  # fmt: skip


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


def _callouts(text: str, marks: list[_Mark], numbers: dict[str, int]) -> tuple[Callout, ...]:
    out: list[Callout] = []
    group: list[_Mark] = []
    for mark in marks:
        if group and _BETWEEN.fullmatch(text, group[-1].span.end, mark.span.start) is None:
            out.append(_callout(text, group, numbers))
            group = []
        group.append(mark)
    if group:
        out.append(_callout(text, group, numbers))
    return tuple(c for c in out if c.numbers)


def _callout(text: str, group: list[_Mark], numbers: dict[str, int]) -> Callout:
    named: list[int] = []
    problem = ""
    end = group[0].span.start
    reaching = False
    for mark in group:
        shown = text[slice(*mark.span)]
        reaching = reaching or bool(_RANGE.search(text[end : mark.span.start]))
        cited = [numbers[i] for i in mark.ids if i in numbers]
        if not cited:
            cited = [int(n) for n in re.findall(r"(?<!\d)\d{1,3}(?!\d)", shown)]
        if reaching and named and cited:
            first, last = named[-1], cited[0]
            if first > last:
                problem = "reversed range"
            elif last - first > _WIDEST:
                problem = "range too wide"
            else:
                named += range(first + 1, last)
        named += cited
        reaching = _DASH.fullmatch(shown) is not None
        end = mark.span.end
    span = Span(group[0].span.start, end)
    return Callout(
        span=span, numbers=tuple(dict.fromkeys(named)), text=text[slice(*span)], problem=problem
    )  # fmt: skip


def _scheme(text: str, callouts: tuple[Callout, ...], marks: list[_Mark]) -> tuple[Scheme, str]:
    """How the callouts are printed, by vote."""
    votes: Counter[Scheme] = Counter()
    raised = {m.span.start for m in marks if m.raised}
    for c in callouts:
        around = text[max(0, c.span.start - 2) : c.span.start] + c.text[:1]
        if re.search(r"[^\W\d_]{2}|\b(?:1[89]|20)\d\d", c.text):
            votes[Scheme.AUTHOR_YEAR] += 1
        elif c.span.start in raised:
            votes[Scheme.SUPERSCRIPT] += 1
        elif "[" in around:
            votes[Scheme.BRACKET] += 1
        elif "(" in around:
            votes[Scheme.PAREN] += 1
    if not votes:
        return Scheme.UNCLEAR, "the callouts are tagged, but printed without brackets, parentheses or raised figures"
    scheme, count = votes.most_common(1)[0]
    return scheme, f"{count} of {len(callouts)} tagged callouts are printed so"


def _with_untagged(
    text: str,
    callouts: tuple[Callout, ...],
    references: tuple[Reference, ...],
    regions: tuple[Region, ...],
    superscripts: tuple[Span, ...],
) -> tuple[Callout, ...]:
    """Add callouts that were typed without a tag, where they name a reference that no tag cites."""
    cited = {n for c in callouts for n in c.numbers}
    known = [r.number for r in references if r.number is not None]
    if cited.issuperset(known):
        return callouts
    _, _, typed = find_callouts(text, len(known), regions=regions, superscripts=superscripts, numbers=known)
    spans = [c.span for c in callouts]
    more = [c for c in typed if not cited.issuperset(c.numbers) and not overlaps(spans, c.span)]
    return tuple(sorted((*callouts, *more), key=lambda c: c.span))
