"""BibTeX and BibLaTeX files -> Manuscript (a list alone) or references for a LaTeX or Markdown source."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.identifiers import normalise_doi
from refcheck.model import Biblio, Manuscript, Name, Reference, Span
from refcheck.readers.plain import decode
from refcheck.readers.printed import list_alone, reference_of
from refcheck.readers.tex import brace_ends, decode_latex
from refcheck.text import squeeze

MAX_CHARACTERS = 20_000_000  # of a file: some 20,000 entries of 1,000 characters
# Entry types of BibTeX and BibLaTeX (btxdoc; biblatex manual 2.1), in CSL's terms.
_TYPES = {
    "article": "article-journal", "periodical": "article-journal", "book": "book", "mvbook": "book", "booklet": "book",
    "inbook": "chapter", "incollection": "chapter", "inproceedings": "paper-conference",
    "conference": "paper-conference", "proceedings": "book", "phdthesis": "thesis", "mastersthesis": "thesis",
    "thesis": "thesis", "techreport": "report", "report": "report", "manual": "report", "online": "webpage",
    "electronic": "webpage", "www": "webpage", "unpublished": "manuscript", "dataset": "dataset",
    "software": "software", "patent": "patent",
}  # fmt: skip
# Field of ours -> fields of theirs, the first that is given.
_FIELDS = {
    "title": ("title",), "container": ("journal", "journaltitle", "booktitle", "maintitle"), "year": ("year", "date"),
    "volume": ("volume",), "issue": ("number", "issue"),
    "pages": ("pages", "eid", "articleno", "article-number", "elocation-id"), "doi": ("doi",), "pmid": ("pmid",),
    "pmcid": ("pmcid", "pmc"), "isbn": ("isbn",), "url": ("url",),
    "publisher": ("publisher", "institution", "school", "organization"), "place": ("address", "location"),
    "edition": ("edition",), "series": ("series",), "genre": ("type", "howpublished"), "authors": ("author",),
    "editors": ("editor",),
}  # fmt: skip
_YEAR = re.compile(r"\d{4}")
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # its warnings are values here


def read_bibtex(data: bytes, name: str) -> Manuscript:
    """Read a BibTeX file: a reference list alone, without callouts.

    Spans are offsets into the file as it is, so that a value can be corrected in place. An entry that cannot be read
    is kept with its raw text and confidence 0; entries with one key twice are both kept.

    Raises:
        UnreadableInput: not text, or too large.
        NoReferences: no entry in it.
    """
    text = decode(data, name)
    references = parse_bibtex(text, name)
    if not references:
        raise NoReferences(f"{name} holds no BibTeX entry (@article{{…}} and the like).")
    return list_alone(text, references, name, "bibtex")


def parse_bibtex(text: str, name: str = "the BibTeX file") -> tuple[Reference, ...]:
    """The entries of BibTeX text, numbered in file order.

    >>> r = parse_bibtex('@article{lee, author={Lee, Jo and others}, title={{Skin}}, year=2020, pages={1--9}}')[0]
    >>> r.key, r.title, r.authors, r.et_al, r.pages
    ('lee', 'Skin', (Name(family='Lee', given='Jo', suffix=''),), True, '1–9')
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableInput(f"{name} holds more than {MAX_CHARACTERS // 1_000_000} million characters: split it.")
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import Entry, ParsingFailedBlock

    library = parse_string(text)
    strings = {s.key.lower(): str(s.value) for s in library.strings}
    by_key = {e.key.lower(): {f.key.lower(): str(f.value) for f in e.fields} for e in library.entries}
    out: list[Reference] = []
    at = 0
    for block in library.blocks:
        raw = block.raw or ""
        found = text.find(raw, at)
        if found < 0:
            continue
        start, at = found, found + len(raw)
        inner = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(inner, Entry):
            reference = _reference(inner, raw, start, strings, by_key)
        elif isinstance(block, ParsingFailedBlock) and re.match(r"\s*@(?!comment|string|preamble)\w", raw, re.I):
            key = re.match(r"\s*@\w{1,40}\s{0,9}[{(]\s{0,9}([^\s,{}]{1,200})", raw)
            reference = Reference(key=key.group(1) if key else "", confidence=0.0)
        else:
            continue
        span = Span(start, start + len(raw.rstrip()))
        out.append(replace(reference, raw=text[slice(*span)], span=span, number=len(out) + 1))
    return tuple(out)


def _reference(
    entry: Any, raw: str, start: int, strings: Mapping[str, str], by_key: Mapping[str, Mapping[str, str]]
) -> Reference:
    given = {f.key.lower(): str(f.value) for f in entry.fields}
    places = dict(_places(entry, raw, start))
    parent = by_key.get(given.get("crossref", "").lower(), {}) if given.get("crossref") else {}
    inherited = {k: v for k, v in parent.items() if k not in given and k != "title"}
    if "booktitle" not in given and "title" in parent:
        inherited["booktitle"] = parent["title"]
    values: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    for ours, theirs in _FIELDS.items():
        field = next((t for t in theirs if given.get(t) or inherited.get(t)), None)
        if field is None:
            continue
        value = _expanded(given.get(field) or inherited[field], strings)
        if ours in {"authors", "editors"}:
            values[ours] = tuple(n for n in map(_name, _and_list(value)) if n.family.lower() != "others")
        else:
            values[ours] = squeeze(decode_latex(value))
        if field in places:
            spans[ours] = places[field]
    cut = bool(re.search(r"\band\s+others\s*$", given.get("author", "")))
    year = _YEAR.search(values.get("year", ""))
    values["year"] = year.group() if year else values.get("year", "")
    values["doi"] = normalise_doi(values.get("doi", "")) or values.get("doi", "").lower()
    kind = _TYPES.get(entry.entry_type.lower(), "")
    if kind != "thesis" and kind != "report":
        values.pop("genre", None)
    biblio = replace(Biblio(type=kind, arxiv=_arxiv(given)), **values)
    return reference_of(biblio, key=entry.key, spans=spans, et_al=cut)


def _places(entry: Any, raw: str, start: int) -> Iterator[tuple[str, Span]]:
    """Where each field's value stands, without its braces or quotes."""
    at = 0
    for field in entry.fields:
        m = re.compile(rf"(?<![\w-]){re.escape(field.key)}\s{{0,99}}=\s{{0,99}}[{{\"]?", re.IGNORECASE).search(raw, at)
        if m is None:
            continue
        value = str(field.value)
        begin = raw.find(value, m.end() - 1)
        if begin < 0 or begin > m.end() + 50:
            continue
        at = begin + len(value)
        yield field.key.lower(), Span(start + begin, start + at)


def _expanded(value: str, strings: Mapping[str, str]) -> str:
    """`jcr # " Res"` with the strings put in; any other value as it is."""
    if "#" not in value:
        return value
    parts = re.split(r"\s*#\s*", value)
    if not all(p.startswith(('"', "{")) or re.fullmatch(r"[\w.:+-]{1,60}", p) for p in parts):
        return value
    return "".join(
        p.strip('"{}') if p.startswith(('"', "{")) else strings.get(p.lower(), p).strip('"{}') for p in parts
    )


def _arxiv(given: Mapping[str, str]) -> str:
    prefix = (given.get("archiveprefix") or given.get("eprinttype") or "").lower()
    return given.get("eprint", "") if prefix == "arxiv" else ""


def _and_list(value: str) -> list[str]:
    """Names between `and`s that stand outside braces."""
    out: list[str] = []
    depth = begin = 0
    for m in re.finditer(r"[{}]|\sand\s", value):
        sign = m.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif depth <= 0:
            out.append(value[begin : m.start()])
            begin = m.end()
    out.append(value[begin:])
    return [part.strip() for part in out if part.strip()]


def _name(printed: str) -> Name:
    """A name by BibTeX's rules (btxdoc, 4): braces make a group, lower-case words belong to the family name.

    >>> [(n.given, n.family) for n in map(_name, ["{World Health Organization}", "Jo van der Berg", "Lee, Jr, Jo"])]
    [('', 'World Health Organization'), ('Jo', 'van der Berg'), ('Jo', 'Lee')]
    """
    if printed.startswith("{") and brace_ends(printed).get(0) == len(printed):
        return Name(family=squeeze(decode_latex(printed)))
    parts = [squeeze(decode_latex(p)) for p in _commas(printed)]
    if len(parts) >= 3:
        return Name(family=parts[0], suffix=parts[1], given=" ".join(parts[2:]))
    if len(parts) == 2:
        return Name(family=parts[0], given=parts[1])
    words = parts[0].split() if parts else []
    if len(words) < 2:
        return Name(family=" ".join(words))
    last = next((i for i, w in enumerate(words[1:-1], 1) if w[0].islower()), len(words) - 1)
    return Name(family=" ".join(words[last:]), given=" ".join(words[:last]))


def _commas(value: str) -> list[str]:
    out, depth, begin = [], 0, 0
    for i, c in enumerate(value):
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
        elif c == "," and depth <= 0:
            out.append(value[begin:i])
            begin = i + 1
    out.append(value[begin:])
    return out
