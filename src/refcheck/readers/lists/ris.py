"""Lists of records: RIS, NBIB (PubMed) and CSL JSON -> Manuscript. They are printed as a list, in file order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.identifiers import find_isbn, normalise_doi
from refcheck.model import Biblio, Manuscript, Name
from refcheck.readers.lists.csl import biblio_of_csl
from refcheck.readers.lists.manager_names import comma_name
from refcheck.readers.plain import decode
from refcheck.readers.printed import list_alone, printed_list
from refcheck.text import squeeze

Record = dict[str, list[str]]

# Tags of the RIS format (refman.com, "RIS format specifications"), and of PubMed's (nlm.nih.gov, "MEDLINE display").
_RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  ?- ?(.*)")
_NBIB_LINE = re.compile(r"([A-Z]{2,4}) {0,3}- ?(.*)")
_RIS_TYPES = {
    "JOUR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper", "EJOUR": "article-journal",
    "BOOK": "book", "EBOOK": "book", "CHAP": "chapter", "ECHAP": "chapter", "CONF": "paper-conference",
    "CPAPER": "paper-conference", "THES": "thesis", "RPRT": "report", "ELEC": "webpage", "BLOG": "webpage",
    "UNPB": "manuscript", "PAT": "patent", "DATA": "dataset", "COMP": "software", "STAT": "legislation",
}  # fmt: skip
_GOES_ON = "\x00"
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def read_ris(data: bytes, name: str) -> Manuscript:
    """Read a RIS file. Raises UnreadableInput for a file that is not text, NoReferences without a record."""
    return _listed(
        ((_first(r, "ID"), _ris(r)) for r in _records(decode(data, name), _RIS_LINE, "TY")), name, "ris", "RIS"
    )


def read_nbib(data: bytes, name: str) -> Manuscript:
    """Read PubMed's citation format. Raises as `read_ris`."""
    records = _records(decode(data, name), _NBIB_LINE, "PMID")
    return _listed(((_first(r, "PMID"), _nbib(r)) for r in records), name, "nbib", "PubMed")


def read_csl_json(data: bytes, name: str) -> Manuscript:
    """Read CSL JSON: an array of items, or an object that holds it under `items` or `references`."""
    try:
        value = json.loads(decode(data, name))
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"{name} is not JSON that can be read ({str(error)[:80]}): export it again.") from error
    if isinstance(value, Mapping):
        value = next((value[k] for k in ("items", "references") if isinstance(value.get(k), list)), [value])
    items = [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    items = [item for item in items if {"title", "author", "DOI", "container-title"} & set(item)]
    works = ((str(item.get("id") or item.get("citation-key") or ""), biblio_of_csl(item)) for item in items)
    return _listed(works, name, "csl-json", "CSL JSON")


def _listed(works: Iterator[tuple[str, Biblio]], name: str, format: str, what: str) -> Manuscript:
    text, references = printed_list(works)
    if not references:
        raise NoReferences(f"{name} holds no {what} record: export the list again.")
    return list_alone(text, references, name, format)


def _records(text: str, line_form: re.Pattern[str], first: str) -> Iterator[Record]:
    """The records of a tagged file: each begins with the tag `first`; a line without a tag goes on the one before."""
    record: Record = {}
    tag = ""
    for line in text.split("\n"):
        m = line_form.match(line)
        if m:
            tag, value = m.group(1), m.group(2).strip()
            if tag == first and record:
                yield {tag: _whole(values) for tag, values in record.items()}
                record = {}
            if tag == "ER":
                continue
            if record or tag == first:
                record.setdefault(tag, []).append(value)
        elif line.strip() and record.get(tag):
            record[tag].append(_GOES_ON + line.strip())
    if record:
        yield {tag: _whole(values) for tag, values in record.items()}


def _whole(values: Sequence[str]) -> list[str]:
    """The values of a tag, with the lines that go on one joined to it."""
    out: list[list[str]] = []
    for value in values:
        if value.startswith(_GOES_ON) and out:
            out[-1].append(value.removeprefix(_GOES_ON))
        else:
            out.append([value])
    return [" ".join(lines) for lines in out]


def _first(record: Record, *tags: str) -> str:
    return next((squeeze(v) for tag in tags for v in record.get(tag, ()) if v.strip()), "")


def _people(record: Record, *tags: str) -> tuple[Name, ...]:
    return next((tuple(comma_name(v) for v in record[tag] if v.strip()) for tag in tags if record.get(tag)), ())


def _year(text: str) -> str:
    m = _YEAR.search(text)
    return m.group() if m else ""


def _ris(record: Record) -> Biblio:
    kind = _RIS_TYPES.get(_first(record, "TY"), "")
    first, last = _first(record, "SP"), _first(record, "EP")
    pages = f"{first}-{last}" if first and last and "-" not in first and first != last else first
    isbn = find_isbn("ISBN " + _first(record, "SN"))
    return Biblio(
        type=kind,
        authors=_people(record, "AU", "A1"),
        editors=_people(record, "ED") or (_people(record, "A2") if kind in {"chapter", "paper-conference"} else ()),
        title=_first(record, "TI", "T1", "CT") or (_first(record, "BT") if kind == "book" else ""),
        container=_first(record, "T2", "JF", "JO", "JA", "J2", "BT") if kind != "book" else "",
        year=_year(_first(record, "PY", "Y1", "DA")),
        volume=_first(record, "VL"),
        issue=_first(record, "IS"),
        pages=pages or _first(record, "C7"),
        doi=normalise_doi(_first(record, "DO")),
        isbn=isbn.value if isbn else "",
        url=_first(record, "UR", "L1", "L2"),
        publisher=_first(record, "PB"),
        place=_first(record, "CY", "PP"),
        edition=_first(record, "ET"),
        genre=_first(record, "M3") if kind in {"thesis", "report"} else "",
    )


def _nbib(record: Record) -> Biblio:
    doi = next((v for tag in ("LID", "AID") for v in record.get(tag, ()) if v.endswith("[doi]")), "")
    book = _first(record, "BTI")
    title = _first(record, "TI") or book
    return Biblio(
        type="article-journal" if _first(record, "JT", "TA") else "book" if book else "",
        authors=_people(record, "FAU", "AU") + tuple(Name(family=v) for v in record.get("CN", ()) if v),
        title=title,
        container=_first(record, "JT", "TA") or (book if book != title else ""),
        year=_year(_first(record, "DP", "DEP")),
        volume=_first(record, "VI"),
        issue=_first(record, "IP"),
        pages=_first(record, "PG"),
        doi=normalise_doi(doi.removesuffix("[doi]")),
        pmid=_first(record, "PMID"),
        pmcid=_first(record, "PMC"),
        publisher=_first(record, "PB"),
        place=_first(record, "PL") if book else "",
    )
