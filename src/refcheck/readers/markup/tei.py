"""TEI -> Manuscript: what GROBID makes of a PDF, and editions of journals in TEI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from refcheck.errors import NoReferences
from refcheck.identifiers import find_arxiv, normalise_doi
from refcheck.model import Biblio, Manuscript, Name, Reference, Span
from refcheck.parsing import parse_entry
from refcheck.readers.flow import Flow
from refcheck.readers.markup.tagged import Mark, read_tagged
from refcheck.readers.printed import print_biblio, reference_of, shifted
from refcheck.text import squeeze

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_SKIPPED = frozenset(["listBibl", "teiHeader", "graphic", "formula", "idno", "editionStmt", "facsimile", "standOff"])
_BLOCKS = frozenset([
    "p", "head", "div", "div1", "div2", "div3", "ab", "quote", "note", "list", "floatingText", "text", "front", "body",
    "back", "group", "docTitle", "byline", "salute", "closer", "opener", "lg", "sp", "argument", "epigraph",
])  # fmt: skip
_LINES = frozenset(["item", "l", "row", "lb", "label"])
_RAISED = re.compile(r"\b(?:super(?:script)?|sup|exposant)\b", re.IGNORECASE)
_LABEL = re.compile(r"\s{0,9}[\[(]?\d{1,4}(?:[\])][.:]?|[.)])\s")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LEVELS = {"j": "article-journal", "m": "book"}


class _Article:
    def __init__(self) -> None:
        self.flow = Flow()
        self.marks: list[Mark] = []

    def tell(self, element: etree._Element, raised: bool = False) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        if tag in {"figure", "table"}:
            table = tag == "table" or element.get("type") == "table"
            head = element.find("head")
            self.flow.gap()
            with self.flow.region("table" if table else "legend", _words(head) if head is not None else ""):
                self._inside(element, raised)
            self.flow.gap()
        elif tag == "note" and element.get("place") in {"foot", "bottom", "end"}:
            self.flow.gap()
            with self.flow.region("footnotes"):
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
        elif tag == "cell":
            self._inside(element, raised)
            self.flow.gap("\t")
        elif tag == "ref" and element.get("type") in {"bibr", "biblio", "bibl"}:
            start = self.flow.settle()
            self._inside(element, raised)
            if self.flow.length > start:
                targets = (element.get("target") or "").split()
                ids = tuple(t.removeprefix("#") for t in targets if t.startswith("#"))
                self.marks.append(Mark(Span(start, self.flow.length), ids, raised or _raises(element)))
        else:
            self._inside(element, raised or _raises(element))

    def _inside(self, element: etree._Element, raised: bool) -> None:
        raised = raised or _raises(element)
        self.flow.write_inline(element.text or "", raised=raised)
        for child in element:
            self.tell(child, raised)
            self.flow.write_inline(child.tail or "", raised=raised)


def read_tei(root: etree._Element, name: str) -> Manuscript:
    """Read a TEI document, as GROBID writes it for an article.

    Where the file keeps an entry as it is printed, that is read; else the tagged fields are printed.

    Raises:
        NoReferences: there is no `<listBibl>` with entries in it.
    """
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = etree.QName(element).localname
    article = _Article()
    title = root.find("teiHeader/fileDesc/titleStmt/title")
    abstract = root.find("teiHeader/profileDesc/abstract")
    if title is not None:
        with article.flow.region("title"):
            article.tell(title)
        article.flow.gap()
    if abstract is not None:
        with article.flow.region("abstract"):
            article.tell(abstract)
        article.flow.gap()
    for text in root.iterchildren("text"):
        article.tell(text)
    references, numbers = _references(root, article.flow)
    if not references:
        raise NoReferences(f"{name} is a TEI document without a <listBibl>: give a file that holds the references.")
    return read_tagged(article.flow, article.marks, references, numbers, name, "tei")


def _entries(root: etree._Element) -> Iterator[etree._Element]:
    lists = [x for x in root.iter("listBibl") if next(x.iterancestors("teiHeader"), None) is None]
    for listed in lists:
        yield from (entry for entry in listed if entry.tag in {"biblStruct", "bibl", "biblFull"})


def _references(root: etree._Element, flow: Flow) -> tuple[tuple[Reference, ...], dict[str, int]]:
    """The references, written at the end of the flow, and the number of each id."""
    out: list[Reference] = []
    numbers: dict[str, int] = {}
    entries = list(_entries(root))
    if not entries:
        return (), {}
    flow.gap()
    flow.write("References")
    flow.gap()
    with flow.region("references"):
        for number, entry in enumerate(entries, 1):
            line, read = _read(entry)
            if not line:
                continue
            flow.gap("\n")
            flow.write(f"{number}. ")
            start = flow.length
            flow.write(line)
            span, spans = Span(start, flow.length), shifted(dict(read.spans), start)
            out.append(replace(read, number=number, label=f"{number}.", raw=line, span=span, spans=spans))
            for element in entry.iter():
                if isinstance(element.tag, str) and (identifier := element.get(_ID)):
                    numbers.setdefault(identifier, number)
    return tuple(out), numbers


def _read(entry: etree._Element) -> tuple[str, Reference]:
    printed = next((_words(n) for n in entry.iter("note") if n.get("type") == "raw_reference"), "")
    if not printed and entry.tag == "bibl":
        printed = _words(entry)
    if printed:
        printed = printed[m.end() :] if (m := _LABEL.match(printed)) else printed
        return printed, parse_entry(printed)
    biblio = _biblio(entry)
    line, spans = print_biblio(biblio)
    return line, reference_of(biblio, spans=spans, confidence=1.0 if line else 0.0)


def _biblio(entry: etree._Element) -> Biblio:
    analytic, monogr = entry.find("analytic"), entry.find("monogr")
    part = analytic if analytic is not None else monogr
    whole = monogr if monogr is not None else entry
    part = part if part is not None else entry
    titles = [(t.get("level") or "", _words(t)) for t in whole.iterchildren("title")]
    container = next((words for _, words in titles if words), "") if analytic is not None else ""
    title = next((_words(t) for t in part.iterchildren("title") if _words(t)), "")
    level = next((level for level, words in titles if words), "")
    kind = _LEVELS.get(level, "")
    kind = "chapter" if kind == "book" and container and title else kind
    date = next(whole.iter("date"), None)
    year = _YEAR.search(f"{date.get('when') or ''} {_words(date)}") if date is not None else None
    ids = {(i.get("type") or "").lower(): _words(i) for i in entry.iter("idno")}
    arxiv = find_arxiv(ids.get("arxiv", ""))
    pointer = next((p.get("target") or "" for p in entry.iter("ptr")), "")

    def scope(unit: str) -> str:
        for element in whole.iter("biblScope"):
            if element.get("unit") == unit:
                first, last = element.get("from") or "", element.get("to") or ""
                return _words(element) or (f"{first}-{last}" if first and last and first != last else first or last)
        return ""

    return Biblio(
        type=kind,
        authors=tuple(_people(part, "author")) or tuple(_people(whole, "author")),
        editors=tuple(_people(whole, "editor")),
        title=title or container,
        container=container if title else "",
        year=year.group() if year else "",
        volume=scope("volume"),
        issue=scope("issue"),
        pages=scope("page"),
        doi=normalise_doi(ids.get("doi", "")),
        pmid=ids.get("pmid", ""),
        pmcid=ids.get("pmcid", ""),
        arxiv=arxiv.value if arxiv else "",
        url=pointer,
        publisher=next((_words(p) for p in whole.iter("publisher")), ""),
        place=next((_words(p) for p in whole.iter("pubPlace")), ""),
    )


def _people(parent: etree._Element, role: str) -> Iterator[Name]:
    for person in parent.iterchildren(role):
        family = squeeze(" ".join(_words(x) for x in person.iter("surname")))
        given = squeeze(" ".join(_words(x) for x in person.iter("forename")))
        suffix = squeeze(" ".join(_words(x) for x in person.iter("genName")))
        if family or (words := _words(person)):
            yield Name(family=family or words, given=given if family else "", suffix=suffix)


def _raises(element: etree._Element) -> bool:
    return bool(_RAISED.search(f"{element.get('rend') or ''} {element.get('rendition') or ''}"))


def _words(element: etree._Element) -> str:
    return squeeze("".join(str(text) for text in element.itertext()))
