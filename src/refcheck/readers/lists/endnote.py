"""EndNote's XML: an exported library, and the records that its fields keep in a Word file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from refcheck.errors import NoReferences
from refcheck.identifiers import find_isbn, normalise_doi
from refcheck.model import Biblio, Manuscript
from refcheck.readers.lists.manager_names import comma_name
from refcheck.readers.printed import list_alone, printed_list
from refcheck.text import squeeze

# EndNote's own names of its types (the `name` of `ref-type`), in CSL's terms.
_TYPES = {
    "journal article": "article-journal", "electronic article": "article-journal", "magazine article":
    "article-magazine", "newspaper article": "article-newspaper", "book": "book", "edited book": "book",
    "electronic book": "book", "book section": "chapter", "electronic book section": "chapter",
    "conference paper": "paper-conference", "conference proceedings": "paper-conference", "thesis": "thesis",
    "report": "report", "web page": "webpage", "blog": "webpage", "unpublished work": "manuscript",
    "manuscript": "manuscript", "patent": "patent", "dataset": "dataset", "computer program": "software",
    "statute": "legislation", "standard": "standard",
}  # fmt: skip
_HOSTED = frozenset({"chapter", "paper-conference"})
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def read_endnote(root: etree._Element, name: str) -> Manuscript:
    """The works of an EndNote library exported as XML, as a list in file order.

    Raises:
        NoReferences: there is no record in it.
    """
    works = ((_text(record, "rec-number"), biblio_of_record(record)) for record in root.iter("record"))
    text, references = printed_list(works)
    if not references:
        raise NoReferences(f"{name} holds no EndNote record: export the library again.")
    return list_alone(text, references, name, "endnote")


def biblio_of_record(record: etree._Element) -> Biblio:
    """The fields of one EndNote record.

    >>> record = etree.fromstring("<record><titles><title><style>Skin</style></title></titles><number>2</number>"
    ...                           "<contributors><authors><author>Lee, Ann</author></authors></contributors></record>")
    >>> biblio_of_record(record).title, biblio_of_record(record).authors[0].given
    ('Skin', 'Ann')
    """
    kind_element = record.find("ref-type")
    kind = _TYPES.get((kind_element.get("name") or "").lower(), "") if kind_element is not None else ""
    editors = tuple(map(comma_name, _people(record, "secondary-authors"))) if kind in _HOSTED else ()
    year = _YEAR.search(_text(record, "dates/year"))
    isbn = find_isbn("ISBN " + _text(record, "isbn"))
    return Biblio(
        type=kind,
        authors=tuple(map(comma_name, _people(record, "authors"))),
        editors=editors,
        title=_text(record, "titles/title"),
        container="" if kind == "book" else _first(
            record, "titles/secondary-title", "periodical/full-title", "periodical/abbr-1", "titles/alt-title"
        ),
        series=_text(record, "titles/secondary-title") if kind == "book" else _text(record, "titles/tertiary-title"),
        year=year.group() if year else _text(record, "dates/year"),
        volume=_text(record, "volume"),
        issue=_text(record, "number"),
        pages=_first(record, "pages", "electronic-pages"),
        doi=normalise_doi(_text(record, "electronic-resource-num")),
        isbn=isbn.value if isbn else "",
        url=_text(record, "urls/related-urls/url"),
        publisher=_text(record, "publisher"),
        place=_text(record, "pub-location"),
        edition=_text(record, "edition"),
        genre=_text(record, "work-type") if kind in {"thesis", "report"} else "",
    )  # fmt: skip


def _people(record: etree._Element, role: str) -> Iterator[str]:
    for author in record.iterfind(f"contributors/{role}/author"):
        if person := _words(author):
            yield person


def _first(record: etree._Element, *paths: str) -> str:
    return next((text for path in paths if (text := _text(record, path))), "")


def _text(record: etree._Element, path: str) -> str:
    element = record.find(path)
    return "" if element is None else _words(element)


def _words(element: etree._Element) -> str:
    return squeeze("".join(str(text) for text in element.itertext()))
