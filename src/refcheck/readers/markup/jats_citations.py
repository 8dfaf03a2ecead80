"""The references of a JATS article (`ref`): printed text, and the fields that its tags give.

Tag names are those of JATS 1.3 and of its ancestor, the NLM Journal Publishing DTD (`citation`, `nlm-citation`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from refcheck.identifiers import find_isbn, normalise_doi
from refcheck.model import Biblio, Name, Reference, Span
from refcheck.parsing import parse_entry
from refcheck.readers.printed import print_biblio, reference_of, shifted
from refcheck.text import squeeze

CITATIONS = frozenset(["mixed-citation", "element-citation", "citation", "nlm-citation"])
_TYPES = {
    "journal": "article-journal", "article": "article-journal", "book": "book", "chapter": "chapter",
    "confproc": "paper-conference", "conference": "paper-conference", "conf-proc": "paper-conference",
    "thesis": "thesis", "report": "report", "web": "webpage", "webpage": "webpage", "website": "webpage",
    "preprint": "article", "data": "dataset", "patent": "patent", "software": "software",
}  # fmt: skip
_HIDDEN = frozenset(["object-id", "issn", "annotation", "tex-math"])
# Tags whose text is the field as it stands.
_PLAIN = {
    "volume": "volume", "issue": "issue", "year": "year", "publisher-name": "publisher",
    "publisher-loc": "place", "edition": "edition", "series": "series", "isbn": "isbn", "uri": "url",
}  # fmt: skip
# Fields that some publishers tag without any blank between them.
_APART = frozenset([
    "name", "string-name", "surname", "given-names", "collab", "person-group", "article-title", "chapter-title",
    "source", "year", "volume", "issue", "fpage", "elocation-id", "page-range", "publisher-name", "publisher-loc",
    "pub-id", "edition", "comment", "conf-name", "ext-link", "uri",
])  # fmt: skip
_TITLES = ("article-title", "chapter-title", "data-title", "part-title")
_WHITE = re.compile(r"\s+")
_LABEL = re.compile(r"\s*[\[(]?\s*\d{1,4}\s*[\])]?[.:]?\s+(?=\S)")


def text_of(element: etree._Element) -> str:
    """All the text inside, entities resolved, white space squeezed.

    >>> text_of(etree.fromstring("<year>\\n 2020 </year>"))
    '2020'
    """
    return squeeze("".join(_texts(element)))


def _texts(element: etree._Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield html.unescape(element.text or "") if isinstance(element, etree._Entity) else ""
        return
    if _is_hidden(element):
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.tag in _HIDDEN
        or element.get("specific-use") == "suppress-display"
        or (element.tag == "pub-id" and element.get("pub-id-type") in {"coden", "publisher-id", "issn", "other"})
    )


@dataclass(slots=True)
class _Printed:
    """A citation's printed text, and where its elements stand in it."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    last: str = ""  # character
    places: list[tuple[etree._Element, int, int]] = field(default_factory=list)
    joins: bool = False  # the next element follows upon text of its parent

    def write(self, text: str) -> None:
        text = _WHITE.sub(" ", text)
        text = text[1:] if text.startswith(" ") and self.last in {"", " "} else text
        if text:
            self.pieces.append(text)
            self.length += len(text)
            self.last = text[-1]

    def walk(self, element: etree._Element) -> None:
        if not isinstance(element.tag, str):
            self.write(html.unescape(element.text or "") if isinstance(element, etree._Entity) else "")
            return
        if _is_hidden(element):
            return
        if element.tag in _APART and self.last.strip() and self.last not in "([-\u2013/" and not self.joins:
            self.write(" ")
        start = self.length
        self.write(element.text or "")
        self.joins = bool((element.text or "").strip())
        for child in element:
            self.walk(child)
            self.write(child.tail or "")
            self.joins = bool((child.tail or "").strip())
        self.joins = False
        self.places.append((element, start, self.length))

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def span(self, element: etree._Element) -> Span | None:
        """Where an element stands, without the blanks at its ends."""
        for found, start, end in self.places:
            if found is element:
                inner = self.text[start:end]
                return Span(start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip()))
        return None


def citations_of(ref: etree._Element) -> list[tuple[etree._Element | None, etree._Element | None]]:
    """The citations under one number, each as (printed, tagged) elements; usually one.

    A reference may give the same work twice: as printed and as tagged fields, side by side or as alternatives.
    """
    printed: list[etree._Element] = []
    tagged: list[etree._Element] = []
    holders = ref.findall("citation-alternatives") or [ref]
    for holder in holders:
        for child in holder:
            if child.tag in CITATIONS:
                (printed if _is_printed(child) else tagged).append(child)
    if len(printed) == len(tagged) == 1:
        return [(printed[0], tagged[0])]
    if not tagged and not printed:
        notes = ref.findall("note")
        return [(notes[0], None)] if notes else []
    if printed and tagged:
        return [(p, None) for p in printed]
    return [(p, None) for p in printed] or [(None, t) for t in tagged]


def _is_printed(citation: etree._Element) -> bool:
    """Whether there is text, or punctuation, between the tags."""
    if citation.tag == "element-citation":
        return False
    loose = [citation.text or "", *((child.tail or "") for child in citation)]
    return any(part.strip() for part in loose) or (len(citation) <= 1 and citation.tag == "mixed-citation")


def print_citation(printed: etree._Element | None, tagged: etree._Element | None, label: str) -> tuple[str, Reference]:
    """The text of a citation, and its reading with spans into that text."""
    if printed is None:
        biblio, et_al = _fields(tagged) if tagged is not None else (Biblio(), False)
        line, spans = print_biblio(biblio, et_al=et_al)
        return line, reference_of(biblio, raw=line, span=Span(0, len(line)), spans=spans, et_al=et_al)
    paper = _Printed()
    paper.walk(printed)
    line = paper.text.rstrip()
    cut = _LABEL.match(line)
    if cut and label and re.sub(r"\D", "", cut.group()) == re.sub(r"\D", "", label):
        line = line[cut.end() :]
    else:
        cut = None
    blind = parse_entry(line)
    biblio, et_al = _fields(printed if tagged is None else tagged)
    if not (biblio.title or biblio.container):
        return line, blind  # hardly anything is tagged
    spans = {f: s for f, s in blind.spans.items() if getattr(biblio, f, "") == getattr(blind, f)}
    if tagged is None:
        inside = shifted(_spans(printed, paper, biblio), -(cut.end() if cut else 0))
        spans |= {f: s for f, s in inside.items() if s.start >= 0}
    for name in ("title", "container", "volume", "issue", "pages", "year", "doi"):
        value = getattr(biblio, name)
        if value and name not in spans and (at := line.lower().find(value.lower())) >= 0:
            spans[name] = Span(at, at + len(value))
    # what is not tagged because it has no tag of its own, or because the tagger left it as text
    untagged: tuple[str, ...] = ("doi", "pmid", "pmcid", "arxiv", "url", "isbn", "genre")
    if tagged is not None:
        untagged += ("container", "year", "volume", "issue", "pages")
    filled: dict[str, Any] = {
        name: getattr(blind, name) for name in untagged if not getattr(biblio, name) and getattr(blind, name)
    }
    if not biblio.authors and blind.authors and "authors" in blind.spans:
        filled["authors"] = blind.authors
        et_al = blind.et_al
    spans |= {f: blind.spans[f] for f in filled if f in blind.spans}
    biblio = replace(biblio, **filled, type=biblio.type or blind.type)
    return line, reference_of(biblio, raw=line, span=Span(0, len(line)), spans=spans, et_al=et_al)


def _spans(citation: etree._Element, paper: _Printed, biblio: Biblio) -> dict[str, Span]:
    spans: dict[str, Span] = {}

    def put(name: str, first: etree._Element | None, last: etree._Element | None = None) -> None:
        if first is None or name in spans:
            return
        start = paper.span(first)
        end = start if last is None else paper.span(last)
        if start and end and start.start < end.end:
            spans[name] = Span(start.start, end.end)

    names = [e for e in citation.iter("name", "string-name", "collab") if not _is_editor(e)]
    if names and biblio.authors:
        put("authors", names[0], names[-1])
    title = next((e for tag in _TITLES for e in citation.iter(tag)), None)
    source = next(citation.iter("source"), None)
    put("title", title if title is not None else source if biblio.title and not biblio.container else None)
    put("container", source if biblio.container else None)
    for tag, name in _PLAIN.items():
        put(name, next(citation.iter(tag), None))
    first, last = next(citation.iter("fpage"), None), next(citation.iter("lpage"), None)
    put("pages", first, last)
    put("pages", next(citation.iter("page-range", "elocation-id"), None))
    for element in citation.iter("pub-id"):
        if element.get("pub-id-type") in {"doi", "pmid", "pmcid"}:
            put(element.get("pub-id-type") or "", element)
    return spans


def _is_editor(element: etree._Element) -> bool:
    group = next(element.iterancestors("person-group"), None)
    return group is not None and group.get("person-group-type") not in {None, "author", "allauthors", "inventor"}


def _fields(citation: etree._Element) -> tuple[Biblio, bool]:
    """The fields that the tags give, and whether the author list is cut."""
    values: dict[str, Any] = {}
    for tag, name in _PLAIN.items():
        element = next(citation.iter(tag), None)
        if element is not None:
            values[name] = text_of(element)
    values |= {k: v for k, v in _identifiers(citation).items() if v}
    kind = next((v for k in ("publication-type", "citation-type") if (v := citation.get(k))), "")
    kind = _TYPES.get(kind.lower(), "")
    title = next((text_of(e) for tag in _TITLES for e in citation.iter(tag)), "")
    source = next((text_of(e) for tag in ("source", "conf-name") for e in citation.iter(tag)), "")
    if not title and kind in {"book", "thesis", "report", "webpage", "software", "dataset"}:
        title, source = source, ""
    if kind == "book" and title and source:
        kind = "chapter"
    first = next((text_of(e) for e in citation.iter("fpage")), "")
    last = next((text_of(e) for e in citation.iter("lpage")), "")
    pages = f"{first}-{last}" if first and last and first != last else first
    pages = pages or next((text_of(e) for e in citation.iter("page-range", "elocation-id")), "")
    people = [(e, n) for e in citation.iter("name", "string-name", "collab") if (n := _name(e))]
    biblio = Biblio(
        type=kind,
        title=title.rstrip(" ,"),
        container=source.rstrip(" ,"),
        pages=pages,
        authors=tuple(n for e, n in people if not _is_editor(e)),
        editors=tuple(n for e, n in people if _is_editor(e)),
    )
    return replace(biblio, **values), next(citation.iter("etal"), None) is not None


def _name(element: etree._Element) -> Name | None:
    if element.tag == "collab":
        # a group may hold its members: its own name comes first
        own = squeeze(" ".join([element.text or "", *(text_of(e) for e in element if e.tag == "institution")]))
        return Name(family=own or text_of(element)) if own or text_of(element) else None
    family, given = element.find("surname"), element.find("given-names")
    if family is None:
        whole = text_of(element)
        found = parse_entry(f"{whole}. Title. 2000.").authors if whole else ()
        return found[0] if len(found) == 1 else Name(family=whole) if whole else None
    suffix = element.find("suffix")
    return Name(
        family=text_of(family),
        given="" if given is None else text_of(given),
        suffix="" if suffix is None else text_of(suffix),
    )


def _identifiers(citation: etree._Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for element in citation.iter("pub-id", "ext-link", "object-id"):
        kind = (element.get("pub-id-type") or element.get("ext-link-type") or "").lower()
        # not text_of: the id is wanted even where it is not displayed
        value = squeeze("".join(str(t) for t in element.itertext()))
        link = next((v for k, v in element.attrib.items() if str(k).endswith("href")), "")
        if kind == "doi" or "doi.org/" in str(link):
            found.setdefault("doi", normalise_doi(value) or normalise_doi(str(link)))
        elif kind in {"pmid", "pubmed"} and re.fullmatch(r"\d{1,9}", value):
            found.setdefault("pmid", value)
        elif kind == "pmcid":
            found.setdefault("pmcid", value)
        elif kind == "arxiv":
            found.setdefault("arxiv", re.sub(r"^arxiv:\s*", "", value, flags=re.IGNORECASE))
        elif kind in {"uri", "url"} and (str(link) or value).startswith("http"):
            found.setdefault("url", str(link) or value)
    isbn = next((text_of(e) for e in citation.iter("isbn")), "")
    found["isbn"] = f.value if (f := find_isbn(f"ISBN {isbn}")) else isbn
    return found
