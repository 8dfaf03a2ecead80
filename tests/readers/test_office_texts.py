"""OpenDocument texts, rich-text files and e-books: what a reader sees of them is what is read."""

import base64
import json

import pytest

from refcheck.model import Manuscript, Scheme
from refcheck.readers import read
from tests.readers.building import ENTRIES, ODF_NAMESPACES, epub, odt, odt_paragraph

STYLES = (
    "<style:style style:name='T1' style:family='text'><style:text-properties style:text-position='super 58%'/>"
    "</style:style><style:style style:name='T2' style:parent-style-name='T1'/>"
    "<style:style style:name='T3'><style:text-properties style:text-position='-33% 58%'/></style:style>"
    "<style:style style:name='T4'><style:text-properties text:display='none'/></style:style>"
    "<text:list-style style:name='L1'><text:list-level-style-number text:level='1' style:num-format='1' "
    "style:num-prefix='[' style:num-suffix=']'/></text:list-style>"
    "<text:list-style style:name='L2'><text:list-level-style-bullet text:level='1'/></text:list-style>"
)
HEADING = odt_paragraph("References")
PLAIN = HEADING + "".join(odt_paragraph(f"{n}. {entry}") for n, entry in enumerate(ENTRIES, 1))


def items(*texts: str, style: str = "L1", more: str = "") -> str:
    listed = "".join(f"<text:list-item>{odt_paragraph(text)}</text:list-item>" for text in texts)
    return f"<text:list text:style-name='{style}' {more}>{listed}</text:list>"


def raised(manuscript: Manuscript) -> list[str]:
    return [manuscript.text[slice(*span)] for span in manuscript.superscripts]


def numbers(manuscript: Manuscript) -> list[tuple[int, ...]]:
    return [callout.numbers for callout in manuscript.callouts]


def test_odt_raised_figures_are_callouts_and_lowered_or_hidden_ones_are_not() -> None:
    body = odt_paragraph(
        "Skin<text:span text:style-name='T1'>1,</text:span><text:span text:style-name='T2'>2</text:span> of "
        "H<text:span text:style-name='T3'>2</text:span>O heals<text:span text:style-name='T4'>3</text:span> soon."
        "<text:s text:c='2'/>Hair grows<text:span text:style-name='T1'>3</text:span>."
    )
    manuscript = read(odt(body + PLAIN, styles=STYLES), "m.odt")
    assert manuscript.text.startswith("Skin1,2 of H2O heals soon.  Hair grows3.")
    assert (manuscript.scheme, numbers(manuscript), raised(manuscript)) == (
        Scheme.SUPERSCRIPT, [(1, 2), (3,)], ["1,2", "3"]
    )  # fmt: skip


def test_odt_automatic_numbers_are_printed_and_go_on_where_the_list_says_so() -> None:
    body = odt_paragraph("Skin [1] and hair [2, 3].") + items("Not numbered.", style="L2")
    body += HEADING + items(*ENTRIES[:2], more="xml:id='x1'") + items(ENTRIES[2], more="text:continue-list='x1'")
    manuscript = read(odt(body, styles=STYLES), "m.odt")
    assert [r.label for r in manuscript.references] == ["[1]", "[2]", "[3]"]
    assert numbers(manuscript) == [(1,), (2, 3)]


def test_odt_leaves_out_deletions_and_comments_and_keeps_notes_and_tables_apart() -> None:
    body = (
        f"<text:tracked-changes><text:changed-region>{odt_paragraph('Deleted [1].')}</text:changed-region>"
        "</text:tracked-changes>"
        + odt_paragraph(
            "Skin<office:annotation><text:p>Really?</text:p></office:annotation> heals [1]<text:note "
            "text:note-class='footnote'><text:note-citation>1</text:note-citation><text:note-body>"
            f"{odt_paragraph('A note [2].')}</text:note-body></text:note> soon."
        )
        + odt_paragraph("Table 2. Ages")
        + "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>"
        "<text:p>[3]</text:p></table:table-cell></table:table-row></table:table>"
    )
    manuscript = read(odt(body + PLAIN), "m.odt")
    assert "Deleted" not in manuscript.text
    assert "Really" not in manuscript.text
    assert "a\t[3]" in manuscript.text
    assert [(c.numbers, c.region) for c in manuscript.callouts] == [
        ((1,), "body"), ((2,), "footnotes"), ((3,), "table")
    ]  # fmt: skip
    assert [r.label for r in manuscript.regions if r.kind == "table"] == ["Table 2"]


def test_odt_endnotes_that_hold_the_references_are_the_list() -> None:
    note = (
        "<text:note text:note-class='endnote'><text:note-citation>i</text:note-citation><text:note-body>"
        "<text:p>{}</text:p></text:note-body></text:note>"
    )
    body = odt_paragraph("Skin" + note.format(ENTRIES[0]) + " and hair" + note.format(ENTRIES[1]) + ".")
    body += odt_paragraph("Scars" + note.format(ENTRIES[2]) + ".")
    manuscript = read(odt(body), "m.odt")
    assert [r.year for r in manuscript.references] == ["2020", "2021", "2019"]
    assert numbers(manuscript) == [(1,), (2,), (3,)]


def test_odt_fields_of_zotero_are_callouts_and_carry_their_work() -> None:
    item = {"itemData": {"title": "Exosomes in skin repair", "DOI": "10.1000/LEE", "issued": {"raw": "2020"}}}
    name = "ZOTERO_ITEM CSL_CITATION " + json.dumps({"citationItems": [item]}).replace('"', "&quot;") + " RNDx"
    mark = f"<text:reference-mark-start text:name='{name}'/>(1)<text:reference-mark-end text:name='{name}'/>"
    listed = f"<text:section text:name='ZOTERO_BIBL {{}} CSL_BIBLIOGRAPHY RNDy'>{PLAIN}</text:section>"
    manuscript = read(odt(odt_paragraph(f"Skin heals {mark}.") + listed), "m.odt")
    first, second, _ = manuscript.references
    assert (first.embedded and first.embedded.doi, second.embedded) == ("10.1000/lee", None)
    assert numbers(manuscript) == [(1,)]


def test_flat_odt() -> None:
    body = f"<office:body><office:text>{odt_paragraph('Skin [1].') + PLAIN}</office:text></office:body>"
    data = f"<?xml version='1.0'?>\n<office:document {ODF_NAMESPACES}>{body}</office:document>".encode()
    for name in ("m.fodt", "m.txt"):
        assert [r.number for r in read(data, name).references] == [1, 2, 3]


RTF_LIST = r"\pard References\par " + "".join(
    rf"{{\listtext\pard\plain {n}.\tab}}{entry}\par " for n, entry in enumerate(ENTRIES, 1)
)


def rtf(body: str) -> bytes:
    fonts = r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset2 Symbol;}{\f2\fcharset204 Times;}{\f3\fcharset128 Mincho;}}"
    return (r"{\rtf1\ansi\ansicpg1252\deff0" + fonts + r"{\header Skin 7}\pard\plain " + body + "}").encode("latin-1")


RTF_TEXT = {
    "code page": (r"na\'efve", "naïve"),
    "code page of a font": (r"{\f2 \'ea\'ee\'e6\'e0}", "кожа"),
    "letters of two bytes": (r"{\f3 \'94\'e7\'95\'86}", "皮膚"),
    "symbols": (r"TNF-{\f1 a}", "TNF-α"),
    "Unicode, its repetition passed over": (r"a\u8211?b \uc0\u945  c\uc1\u-10179?\u-8704?", "a–b α c😀"),
    "signs": (r"\ldblquote a\rdblquote\emdash b\~c\_d \{e\}", "“a”—b\u00a0c\u2011d {e}"),
    "hidden and deleted": (r"a{\v b}c{\deleted d}e\v f\v0 g", "aceg"),
    "what is not text": (r"a{\*\bkmkstart b}{\pict 0102}{\*\unknown c}{\info{\title d}}e", "ae"),
    "binary data": ("a{\\pict\\bin5 }{\\\\x}b", "ab"),
    "shown part of a link": (r'{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt {\ul here}}}', "here"),
    "box": (r"a{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt b\par}}}", "a\n\nb"),
}


@pytest.mark.parametrize("what", RTF_TEXT)
def test_rtf_text(what: str) -> None:
    source, text = RTF_TEXT[what]
    assert read(rtf(source + r"\par " + RTF_LIST), "m.rtf").text.split("\n\nReferences")[0] == text


def test_rtf_raised_figures_by_any_means_are_callouts() -> None:
    body = (
        r"Skin\super 1\nosupersub  and hair{\super 2,3} heal{\up6\fs16 1}, H{\sub 2}O, x{\dn6 2}, as was seen{\super 2"
        r"}\plain  before.\par "
    )
    manuscript = read(rtf(body + RTF_LIST), "m.rtf")
    assert (manuscript.scheme, numbers(manuscript)) == (Scheme.SUPERSCRIPT, [(1,), (2, 3), (1,), (2,)])
    assert [r.label for r in manuscript.references] == ["1.", "2.", "3."]


def test_rtf_notes_and_tables_are_kept_apart() -> None:
    body = (
        r"Skin [1]{\super\chftn{\footnote\pard\plain A note [2].}} heals.\par "
        r"\trowd\cellx1\cellx2\pard\intbl a\cell [3]\cell\row\trowd\pard\intbl c\cell d\cell\row\pard After.\par "
    )
    manuscript = read(rtf(body + RTF_LIST), "m.rtf")
    assert "a\t[3]\nc\td\n\nAfter." in manuscript.text
    assert [(c.numbers, c.region) for c in manuscript.callouts] == [
        ((1,), "body"), ((2,), "footnotes"), ((3,), "table")
    ]  # fmt: skip


def test_rtf_endnotes_that_hold_the_references_are_the_list() -> None:
    note = r"{{\super\chftn{{\footnote\ftnalt\pard {}}}}}"
    body = "Skin" + note.format(ENTRIES[0]) + " and hair" + note.format(ENTRIES[1]) + note.format(ENTRIES[2])
    manuscript = read(rtf(body + r" heal.\par "), "m.rtf")
    assert [r.year for r in manuscript.references] == ["2020", "2021", "2019"]


def test_rtf_fields_of_reference_managers_carry_their_work() -> None:
    csl = json.dumps({"citationItems": [{"itemData": {"title": "Exosomes in skin repair", "DOI": "10.1000/lee"}}]})
    zotero = r"{\field{\*\fldinst ADDIN ZOTERO_ITEM CSL_CITATION " + csl.replace("{", r"\{").replace("}", r"\}")
    endnote = "<EndNote><Cite><record><titles><title>Scars and how they heal</title></titles></record></Cite></EndNote>"
    packed = base64.b64encode(endnote.encode()).hex()
    code = rf"{{\field{{\*\fldinst ADDIN EN.CITE {{{{\*\datafield {endnote.encode().hex()}}}}}}}{{\fldrslt [2]}}}}"
    assert packed
    manuscript = read(rtf(f"Skin {zotero}}}{{\\fldrslt [1]}}}} and {code} heal.\\par " + RTF_LIST), "m.rtf")
    first, second, third = manuscript.references
    assert (first.embedded and first.embedded.doi, third.embedded) == ("10.1000/lee", None)
    assert second.embedded
    assert second.embedded.title == "Scars and how they heal"


def test_epub_pages_are_read_in_the_order_of_the_spine() -> None:
    page = "<?xml version='1.0' encoding='UTF-8'?><html xmlns='http://www.w3.org/1999/xhtml'><body>{}</body></html>"
    listed = "<h1>References</h1><ol>" + "".join(f"<li>{entry}</li>" for entry in ENTRIES) + "</ol>"
    pages = {"a b.xhtml": page.format("<p>Skin heals<sup>1</sup>, naïve.</p>"), "c.xhtml": page.format(listed)}
    pages["a b.xhtml"] = pages["a b.xhtml"].replace("heals<sup>1</sup>", "heals<sup>1</sup> and scars<sup>2,3</sup>")
    manuscript = read(epub(pages), "m.epub")
    assert manuscript.text.startswith("Skin heals1 and scars2,3, naïve.\n\nReferences\n\n1. Lee")
    assert (manuscript.format, numbers(manuscript)) == ("epub", [(1,), (2, 3)])
