"""What reference managers leave in a Word file is attached to the entry it is about, and to no other."""

import base64
import json

import pytest
from tests.readers.building import ENTRIES, LIST, docx, field, paragraph, raised, run

from refcheck.errors import NoReferences
from refcheck.model import Scheme
from refcheck.readers.word.document import read_docx

CSL = [
    {"type": "article-journal", "title": "Exosomes in skin repair", "DOI": "10.1000/LEE", "volume": "1",
     "author": [{"family": "Lee", "given": "A"}], "issued": {"date-parts": [["2020", 5]]}},
    {"type": "article-journal", "title": "Scars and how they heal", "DOI": "10.1000/wu", "container-title": "Wound"},
]  # fmt: skip


def csl_code(*items: dict, prefix: str = "ADDIN ZOTERO_ITEM CSL_CITATION") -> str:
    value = {"citationItems": [{"id": 1, "itemData": item} for item in items], "schema": "x"}
    return f" {prefix} {json.dumps(value)} "


ENDNOTE = (
    "<EndNote><Cite><Author>Lee</Author><Year>2020</Year><RecNum>1</RecNum><record><contributors><authors>"
    "<author><style face='normal'>Lee, Ann</style></author><author>Kim, B.</author></authors></contributors>"
    "<titles><title>Exosomes in skin repair</title><secondary-title>Burns</secondary-title></titles>"
    "<volume>1</volume><number>2</number><pages>3-9</pages><dates><year>2020</year></dates>"
    "<electronic-resource-num>10.1000/lee</electronic-resource-num></record></Cite></EndNote>"
)
CITAVI = {
    "Entries": [{"Reference": {
        "Title": "Exosomes in skin repair", "Year": "2020", "Doi": "10.1000/lee", "Volume": "1", "Number": "2",
        "Authors": [{"FirstName": "Ann", "LastName": "Lee"}], "Periodical": {"Name": "Burns"},
        "PageRange": "<sp><n>3</n></sp><os>3-9</os>",
    }}]
}  # fmt: skip


def packed64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


MENDELEY = packed64(json.dumps({"citationItems": [{"itemData": CSL[0]}]}))
FIELDS = {
    "Zotero": field(csl_code(CSL[0]), run("[1]")),
    "Mendeley": field(csl_code(CSL[0], prefix="ADDIN CSL_CITATION"), run("[1]")),
    "EndNote": field(f" ADDIN EN.CITE {ENDNOTE}", run("[1]")),
    "EndNote, data apart": field(" ADDIN EN.CITE ", run("[1]"), data=packed64(ENDNOTE)),
    "Citavi": field(f"ADDIN CitaviPlaceholder{{{packed64(json.dumps(CITAVI))}}}", run("[1]")),
    "Mendeley Cite": (
        f"<w:sdt><w:sdtPr><w:tag w:val='MENDELEY_CITATION_v3_{MENDELEY}'/></w:sdtPr>"
        f"<w:sdtContent>{run('[1]')}</w:sdtContent></w:sdt>"
    ),
}


@pytest.mark.parametrize("program", FIELDS)
def test_a_field_with_one_number_and_one_work_settles_the_entry(program: str) -> None:
    manuscript = read_docx(docx(paragraph(run("Skin "), FIELDS[program], run(" heals [2, 3].")) + LIST), "m.docx")
    first, second, _ = manuscript.references
    assert manuscript.text.startswith("Skin [1] heals [2, 3].")
    assert first.embedded is not None
    assert second.embedded is None
    assert (first.embedded.title, first.embedded.doi) == ("Exosomes in skin repair", "10.1000/lee")
    assert first.embedded.year == "2020"
    assert first.embedded.authors[0].family == "Lee"


def test_several_works_go_to_the_entries_that_print_their_titles() -> None:
    body = paragraph(run("Skin "), field(csl_code(CSL[1], CSL[0]), run("(1,2)")), run(" heals (3)."))
    first, second, third = read_docx(docx(body + LIST), "m.docx").references
    assert [r.embedded and r.embedded.doi for r in (first, second, third)] == ["10.1000/lee", "10.1000/wu", None]


def test_a_work_that_no_entry_prints_is_attached_to_none() -> None:
    other = {"title": "A work of which nobody has heard", "DOI": "10.1000/none"}
    body = paragraph(run("Skin "), field(csl_code(CSL[1], other), run("(1,2)")), run(" heals (3)."))
    references = read_docx(docx(body + LIST), "m.docx").references
    assert [r.embedded.doi for r in references if r.embedded] == ["10.1000/wu"]


def test_what_was_edited_by_hand_keeps_both_witnesses() -> None:
    edited = {**CSL[0], "volume": "11"}
    body = paragraph(run("Skin "), field(csl_code(edited), run("[1]")), run(" [2, 3]"))
    first = read_docx(docx(body + LIST), "m.docx").references[0]
    assert (first.volume, first.embedded and first.embedded.volume) == ("1", "11")


def test_words_own_sources_are_read() -> None:
    sources = (
        "<b:Sources xmlns:b='http://schemas.openxmlformats.org/officeDocument/2006/bibliography'><b:Source>"
        "<b:Tag>Lee20</b:Tag><b:Title>Exosomes in skin repair</b:Title><b:Year>2020</b:Year><b:Author><b:Author>"
        "<b:NameList><b:Person><b:Last>Lee</b:Last><b:First>Ann</b:First></b:Person></b:NameList></b:Author></b:Author>"
        "<b:JournalName>Burns</b:JournalName></b:Source></b:Sources>"
    )
    body = paragraph(run("Skin "), field(r" CITATION Lee20 \l 1033 ", run("[1]")), run(" [2, 3]"))
    first = read_docx(docx(body + LIST, {"customXml/item1.xml": sources}), "m.docx").references[0]
    assert first.embedded is not None
    assert (first.embedded.container, first.embedded.authors[0].given) == ("Burns", "Ann")


@pytest.mark.parametrize(
    "code",
    [
        "ADDIN ZOTERO_ITEM CSL_CITATION {broken",
        'ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems": 3}',
        'ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems": [{"itemData": {"author": "x", "issued": [], "title": {}}}]}',
        "ADDIN CSL_CITATION " + "[" * 5000,
        "ADDIN EN.CITE <EndNote><Cite>",
        "ADDIN EN.CITE <!DOCTYPE x><EndNote></EndNote>",
        "ADDIN CitaviPlaceholder{not base64}",
        "CITATION",
    ],
)
def test_damaged_field_data_costs_nothing_but_the_second_witness(code: str) -> None:
    body = paragraph(run("Skin "), field(code, run("[1]")), run(" heals [2, 3]."))
    manuscript = read_docx(docx(body + LIST), "m.docx")
    assert [c.numbers for c in manuscript.callouts] == [(1,), (2, 3)]
    assert not any(r.embedded and r.embedded.title for r in manuscript.references)


def test_a_bibliography_field_is_the_list() -> None:
    entries = "".join(paragraph(run(f"{n}. {e}")) for n, e in enumerate(ENTRIES, 1))
    code = "<w:r><w:instrText> ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY </w:instrText></w:r>"
    code = f"<w:r><w:fldChar w:fldCharType='begin'/></w:r>{code}"
    opened = paragraph(code, "<w:r><w:fldChar w:fldCharType='separate'/></w:r>")
    closed = paragraph("<w:r><w:fldChar w:fldCharType='end'/></w:r>")
    text = "".join(paragraph(run(f"Skin heals in the {n}th week, as was seen before.")) for n in range(30))
    manuscript = read_docx(docx(paragraph(run("Skin [1-3].")) + text + opened + entries + closed), "m.docx")
    assert [r.number for r in manuscript.references] == [1, 2, 3]


def test_few_fields_tell_the_scheme_of_a_text_that_is_otherwise_unclear() -> None:
    more = "".join(paragraph(run(f"{n}. Ma E. Skin of the {n}th kind. Cells. 2001;{n}:1-9.")) for n in range(4, 25))
    body = paragraph(run("Skin heals, "), field(csl_code(CSL[0]), raised("2")), run(" as (3) of us saw."))
    manuscript = read_docx(docx(body + LIST + more), "m.docx")
    assert (manuscript.scheme, [c.numbers for c in manuscript.callouts]) == (Scheme.SUPERSCRIPT, [(2,)])


def test_a_field_that_names_authors_is_no_numbered_callout() -> None:
    body = paragraph(run("Skin heals "), field(csl_code(CSL[0]), run("(Lee, 2020)")), run(" and more."))
    assert read_docx(docx(body + LIST), "m.docx").callouts == ()


def test_fields_make_the_list_where_none_was_inserted() -> None:
    body = paragraph(
        run("Skin "), field(csl_code(CSL[0]), run("[1]")), run(" and "), field(csl_code(CSL[1]), run("[2]")),
        run(" heal "), field(csl_code(CSL[0], CSL[1]), run("[1,2]")), run("."),
    )  # fmt: skip
    manuscript = read_docx(docx(body), "m.docx")
    assert [(r.number, r.title, r.doi) for r in manuscript.references] == [
        (1, "Exosomes in skin repair", "10.1000/lee"), (2, "Scars and how they heal", "10.1000/wu")
    ]  # fmt: skip
    assert [c.numbers for c in manuscript.callouts] == [(1,), (2,), (1, 2)]
    assert all(manuscript.text[slice(*r.span)] == r.raw for r in manuscript.references)
    (listed,) = (r for r in manuscript.regions if r.kind == "references")
    assert listed.reason.startswith("the file has no list")


def test_a_list_made_from_fields_has_the_numbers_that_they_show() -> None:
    alphabetical = paragraph(field(csl_code(CSL[1]), run("[2]")), run(" heals "), field(csl_code(CSL[0]), run("[1]")))
    assert [r.doi for r in read_docx(docx(alphabetical), "m.docx").references] == ["10.1000/lee", "10.1000/wu"]
    odd = paragraph(field(csl_code(CSL[1]), run("[4]")), run(" heals "), field(csl_code(CSL[0]), run("[7]")))
    with pytest.raises(NoReferences):
        read_docx(docx(odd), "m.docx")
