"""The fields of reference managers in a word processor's file: what they carry about each work cited.

Zotero and Mendeley keep CSL JSON in the field code; EndNote keeps XML there or, in base64, in the field's data;
Citavi keeps base64 JSON; Word's own CITATION fields point at sources in a custom XML part. All of it is read as a
second witness of the printed entry.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from lxml import etree

from refcheck.errors import UnreadableInput
from refcheck.identifiers import normalise_doi
from refcheck.model import Biblio, Callout, Manuscript, Name, Reference, Scheme, Span
from refcheck.parsing.manuscript import list_order
from refcheck.readers.archive import parse_xml
from refcheck.readers.flow import overlaps, region_kinds
from refcheck.readers.lists.csl import biblio_of_csl
from refcheck.readers.lists.endnote import biblio_of_record
from refcheck.text import compact, squeeze

MAX_FIELD = 2_000_000  # characters of one field code; a field with fifty works and their abstracts has 200,000
MAX_SHOWN = 300  # characters of a callout
MAX_FIELDS = 3_000  # a long review has 500
SOURCES = "{http://schemas.openxmlformats.org/officeDocument/2006/bibliography}"
# Letters of a title that is as good as unique, among the entries of one callout and in the whole list; shorter titles
# need the year too.
SURE_AMONG_FEW = 8
SURE_AMONG_ALL = 20
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2}){8,}")
_MENDELEY_TAG = "MENDELEY_CITATION_v3_"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its code, its data, and where its result stands in the text."""

    code: str
    span: Span
    data: str = ""


def is_bibliography(code: str) -> bool:
    """Whether a field's result, or a content control with this tag, is the reference list.

    >>> is_bibliography(' ADDIN ZOTERO_BIBL {"uncited":[]} CSL_BIBLIOGRAPHY '), is_bibliography(" PAGE ")
    (True, False)
    """
    words = code.split(None, 2)
    if not words:
        return False
    if words[0] == "BIBLIOGRAPHY":
        return True
    if words[0] == "ADDIN":
        return "CSL_BIBLIOGRAPHY" in code or (len(words) > 1 and words[1] in {"ZOTERO_BIBL", "EN.REFLIST", "Mendeley"})
    return words[0].startswith(("MENDELEY_BIBLIOGRAPHY", "CitaviBibliography"))


def cited_works(field: Field, sources: Mapping[str, Biblio]) -> tuple[Biblio, ...]:
    """The works that a citation field carries, in its own order; () for any other field.

    `sources` are Word's own, by tag.
    """
    code = field.code.strip()
    if "CSL_CITATION" in code[:60]:
        return tuple(_csl_items(_json(code[code.find("{") :]) if "{" in code else None))
    if code.startswith(_MENDELEY_TAG):
        return tuple(_csl_items(_json(_unpacked(code[len(_MENDELEY_TAG) :]))))
    if code.startswith("ADDIN EN.CITE"):
        return tuple(_endnote(code[code.find("<") :] if "<" in code else _unpacked(field.data)))
    if code.startswith("ADDIN CitaviPlaceholder"):
        return tuple(_citavi(_json(_unpacked(code[code.find("{") + 1 :].partition("}")[0]))))
    if code.startswith("CITATION"):
        tags = re.findall(r"(?:^|\\m )\s{0,5}([^\s\\]{1,100})", code[len("CITATION") :].strip()[:2000])
        return tuple(sources[tag] for tag in tags if tag in sources)
    return ()


def _json(text: str) -> Any:
    if len(text) > MAX_FIELD:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return value


def _unpacked(text: str) -> str:
    """Base64, or the hexadecimal digits of RTF -> text; "" where it is none."""
    packed = re.sub(r"\s+", "", text[:MAX_FIELD])
    try:
        if _HEXADECIMAL.fullmatch(packed):
            data = bytes.fromhex(packed)
        else:
            data = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return ""
    encoding = "utf-16-le" if data[1:2] == b"\x00" else "utf-8"
    return data.decode(encoding, "replace").rstrip("\x00")


def _csl_items(value: Any) -> Iterator[Biblio]:
    items = value.get("citationItems") if isinstance(value, Mapping) else None
    for item in items if isinstance(items, list) else ():
        data = item.get("itemData") if isinstance(item, Mapping) else None
        if isinstance(data, Mapping):
            yield biblio_of_csl(data)


def _citavi(value: Any) -> Iterator[Biblio]:
    entries = value.get("Entries") if isinstance(value, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        work = entry.get("Reference") if isinstance(entry, Mapping) else None
        if not isinstance(work, Mapping):
            continue
        people = work.get("Authors")
        periodical = work.get("Periodical")

        def text(key: str, of: Mapping[str, Any] = work) -> str:
            value = of.get(key)
            return squeeze(str(value)) if isinstance(value, str | int) else ""

        pages = re.search(r"<os>([^<]{1,40})</os>", text("PageRange"))
        yield Biblio(
            authors=tuple(
                Name(family=text("LastName", p), given=squeeze(f"{text('FirstName', p)} {text('MiddleName', p)}"))
                for p in (people if isinstance(people, list) else ())
                if isinstance(p, Mapping) and text("LastName", p)
            ),
            title=text("Title"),
            container=text("Name", periodical) if isinstance(periodical, Mapping) else "",
            year=text("Year")[:4],
            volume=text("Volume"),
            issue=text("Number"),
            pages=pages.group(1) if pages else "",
            doi=normalise_doi(text("Doi")),
        )


def _endnote(text: str) -> Iterator[Biblio]:
    end = text.rfind("</EndNote>")
    if not text.startswith("<EndNote") or end < 0:
        return
    try:
        root = parse_xml(text[: end + len("</EndNote>")].encode(), "field", doctype=False)
    except UnreadableInput:
        return
    for cite in root.iter("Cite"):
        record = cite.find("record")
        if record is None:
            continue
        yield biblio_of_record(record)


def word_sources(root: etree._Element) -> dict[str, Biblio]:
    """Word's own sources (a custom XML part), by tag."""
    found = {}
    for source in root.iter(f"{SOURCES}Source"):

        def text_of(tag: str, of: etree._Element = source) -> str:
            return squeeze(of.findtext(f"{SOURCES}{tag}") or "")

        if tag := text_of("Tag"):
            people = source.iterfind(f"{SOURCES}Author/{SOURCES}Author//{SOURCES}Person")
            found[tag] = Biblio(
                authors=tuple(Name(family=text_of("Last", p), given=text_of("First", p)) for p in people),
                title=text_of("Title"),
                container=text_of("JournalName") or text_of("BookTitle") or text_of("ConferenceName"),
                year=text_of("Year"),
                volume=text_of("Volume"),
                issue=text_of("Issue"),
                pages=text_of("Pages"),
                doi=normalise_doi(text_of("DOI") or text_of("StandardNumber")),
                publisher=text_of("Publisher"),
                url=text_of("URL"),
            )
    return found


def is_citation(code: str) -> bool:
    """Whether a field's result, or a content control with this tag, is a callout.

    >>> is_citation(" ADDIN EN.CITE <EndNote>"), is_citation(" REF _Ref1 ")
    (True, False)
    """
    code = code.strip()
    return "CSL_CITATION" in code[:60] or code.startswith(
        (_MENDELEY_TAG, "ADDIN EN.CITE", "ADDIN CitaviPlaceholder", "CITATION ")
    )


def with_field_callouts(manuscript: Manuscript, fields: Sequence[Field]) -> Manuscript:
    """The manuscript with the callouts that are fields and that the reading of the text passed over.

    A field is a callout for certain, so few of them are enough to tell the scheme of a text that is otherwise unclear.
    """
    text = manuscript.text
    known = {r.number for r in manuscript.references}
    raised = manuscript.superscripts
    found: list[tuple[Scheme, Callout]] = []
    for field in fields[:MAX_FIELDS]:
        shown = text[slice(*field.span)]
        numbers = numbers_shown(shown)
        if not is_citation(field.code) or not known.issuperset(numbers) or not numbers:
            continue
        up = overlaps(raised, field.span)
        scheme = Scheme.SUPERSCRIPT if up else Scheme.BRACKET if "[" in shown else Scheme.PAREN
        found.append((scheme, Callout(span=field.span, numbers=numbers, text=shown)))
    if not found or manuscript.scheme is Scheme.AUTHOR_YEAR:
        return manuscript
    spans = [c.span for c in manuscript.callouts]
    missed = sorted((c for _, c in found if not overlaps(spans, c.span)), key=lambda c: c.span)
    if not missed:
        return manuscript
    kinds = region_kinds(manuscript.regions, [c.span.start for c in missed])
    missed = [replace(c, region=kind) for c, kind in zip(missed, kinds, strict=True)]
    scheme, reason = manuscript.scheme, manuscript.scheme_reason
    if scheme is Scheme.UNCLEAR:
        scheme = Counter(s for s, _ in found).most_common(1)[0][0]
        reason = f"{len(found)} fields of a reference manager are printed so"
    callouts = tuple(sorted((*manuscript.callouts, *missed), key=lambda c: c.span))
    order = list_order(manuscript.references, callouts, scheme)
    return replace(manuscript, callouts=callouts, scheme=scheme, scheme_reason=reason, order=order)


def with_fields(
    manuscript: Manuscript, fields: Sequence[Field], sources: Mapping[str, Biblio] = MappingProxyType({})
) -> Manuscript:
    """The manuscript with the callouts that fields show, and its entries with what the fields carry about them."""
    if not fields:
        return manuscript
    shown = [(manuscript.text[slice(*f.span)], cited_works(f, sources)) for f in fields[:MAX_FIELDS]]
    manuscript = with_field_callouts(manuscript, fields)
    return replace(manuscript, references=attach(manuscript.references, [s for s in shown if s[1]]))


_NUMBER = re.compile(r"\d{1,4}")
_RANGE = re.compile(r"(\d{1,4})\s{0,2}[-‐‑‒–—]\s{0,2}(\d{1,4})")


def numbers_shown(text: str) -> tuple[int, ...]:
    """The numbers that a citation field displays, ranges spelt out; () where it displays names.

    >>> numbers_shown("(1, 3–5)"), numbers_shown("(Lee 2023)")
    ((1, 3, 4, 5), ())
    """
    if len(text) > MAX_SHOWN or any(c.isalpha() for c in text):
        return ()
    for m in _RANGE.finditer(text):
        first, last = int(m.group(1)), int(m.group(2))
        if 0 <= last - first <= 100:
            text = text.replace(m.group(), ",".join(map(str, range(first, last + 1))), 1)
    return tuple(dict.fromkeys(int(m.group()) for m in _NUMBER.finditer(text)))


def attach(references: Sequence[Reference], shown: Iterable[tuple[str, Sequence[Biblio]]]) -> tuple[Reference, ...]:
    """The references with what the fields carry about them.

    `shown` pairs what a citation field displays with the works it carries. A field with one number and one work
    settles that entry; in the others a work goes to the entry that prints its title, or its DOI, and to no other.
    """
    numbered = {r.number: i for i, r in enumerate(references) if r.number is not None}
    bodies = [compact(r.raw) for r in references]
    found: dict[int, Biblio] = {}
    pairs = [(numbers_shown(text), works) for text, works in shown]
    for numbers, works in pairs:
        if len(numbers) == len(works) == 1 and numbers[0] in numbered:
            found.setdefault(numbered[numbers[0]], works[0])
    for numbers, works in pairs:
        near = [numbered[n] for n in numbers if n in numbered]
        for work in works:
            if work in found.values():
                continue
            for places, letters in ((near, SURE_AMONG_FEW), (range(len(references)), SURE_AMONG_ALL)):
                fits = [i for i in places if _prints(references[i].raw, bodies[i], work, letters)]
                if len(fits) == 1:
                    found.setdefault(fits[0], work)
                    break
    return tuple(replace(r, embedded=found[i]) if i in found else r for i, r in enumerate(references))


def _prints(raw: str, body: str, work: Biblio, letters: int) -> bool:
    if work.doi and work.doi in raw.lower():
        return True
    title = compact(work.title)
    return bool(title) and title in body and (len(title) >= letters or bool(work.year and work.year in raw))
