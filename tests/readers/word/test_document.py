"""What a Word file shows is what is read, and every character is found again in its run."""

import io
import zipfile

import docx as python_docx
import pytest
from lxml import etree
from tests.readers.building import ENTRIES, LIST, W, docx, packed, paragraph, raised, run

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.model import Scheme, Span
from refcheck.readers.word.document import locate, read_docx

BOX = "<w:txbxContent><w:p><w:r><w:t>In a box [3]</w:t></w:r></w:p></w:txbxContent>"

# body -> text before the list
TEXTS = {
    "runs are joined": (paragraph(run("Skin "), run("heals.")), "Skin heals."),
    "raised": (paragraph(run("Skin heals."), raised("1,2")), "Skin heals.1,2"),
    "hyphen that does not break": (
        paragraph("<w:r><w:t>see [1</w:t><w:noBreakHyphen/><w:t>3]</w:t></w:r>"),
        "see [1\u20113]",
    ),
    "soft hyphen": (paragraph("<w:r><w:t>exo</w:t><w:softHyphen/><w:t>some</w:t></w:r>"), "exo\u00adsome"),
    "tab and break": (paragraph("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"), "a\tb\nc"),
    "symbol": (paragraph(run("TGF-"), "<w:r><w:sym w:font='Symbol' w:char='F062'/></w:r>"), "TGF-β"),
    "insertion": (paragraph(run("Skin"), f"<w:ins w:id='1'>{run(' [1]')}</w:ins>"), "Skin [1]"),
    "deletion": (paragraph(run("Skin"), "<w:del w:id='1'><w:r><w:delText> [9]</w:delText></w:r></w:del>"), "Skin"),
    "moved away": (paragraph(run("Skin"), f"<w:moveFrom w:id='1'>{run(' [9]')}</w:moveFrom>"), "Skin"),
    "moved here": (paragraph(run("Skin"), f"<w:moveTo w:id='1'>{run(' [2]')}</w:moveTo>"), "Skin [2]"),
    "deleted paragraph mark": (
        paragraph(run("Skin "), properties="<w:rPr><w:del w:id='1'/></w:rPr>") + paragraph(run("heals.")),
        "Skin heals.",
    ),
    "link": (paragraph(f"<w:hyperlink>{run('[1]')}</w:hyperlink>"), "[1]"),
    "control in a line": (paragraph(f"<w:sdt><w:sdtContent>{run('[1]')}</w:sdtContent></w:sdt>"), "[1]"),
    "control around paragraphs": (f"<w:sdt><w:sdtContent>{paragraph(run('Skin'))}</w:sdtContent></w:sdt>", "Skin"),
    "simple field": (paragraph(f"<w:fldSimple w:instr=' REF _Ref1 '>{run('[2]')}</w:fldSimple>"), "[2]"),
    "hidden text": (paragraph(run("Skin"), run("secret", "<w:vanish/>")), "Skin"),
    "shown again": (paragraph(run("Skin", "<w:vanish w:val='0'/>")), "Skin"),
    "formula": (paragraph(run("x"), "<m:oMath><m:r><m:t>=2</m:t></m:r></m:oMath>"), "x=2"),
    "table": (
        "<w:tbl>"
        + f"<w:tr><w:tc>{paragraph(run('Age'))}</w:tc><w:tc>{paragraph(run('Ref.'))}</w:tc></w:tr>"
        + f"<w:tr><w:tc>{paragraph(run('40'))}</w:tc><w:tc>{paragraph(run('[3]'))}</w:tc></w:tr></w:tbl>",
        "Age\tRef.\n40\t[3]",
    ),
    "row deleted": (
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph(run('old'))}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph(run('new'))}</w:tc></w:tr></w:tbl>",
        "new",
    ),
    "box, told once": (
        paragraph(
            run("Skin"),
            f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing>"
            f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>",
        ),
        "Skin\n\nIn a box [3]",
    ),
    "ruby": (paragraph(f"<w:r><w:ruby><w:rt>{run('a')}</w:rt><w:rubyBase>{run('b')}</w:rubyBase></w:ruby></w:r>"), "b"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_shown_is_read(name: str) -> None:
    body, expected = TEXTS[name]
    assert locate(docx(body + LIST)).text.split("\n\nReferences")[0] == expected


def test_raised_text_is_told_by_style_position_and_alignment() -> None:
    styles = (
        "<w:styles NS><w:style w:type='character' w:styleId='Cite'><w:basedOn w:val='Up'/></w:style>"
        "<w:style w:type='character' w:styleId='Up'><w:rPr><w:vertAlign w:val='superscript'/></w:rPr></w:style>"
        "</w:styles>"
    )
    body = paragraph(
        run("Skin heals."),
        run("1", "<w:rStyle w:val='Cite'/>"),
        run(" Scars too."),
        run("2", "<w:position w:val='4'/><w:sz w:val='14'/>"),
        run(" Hair"),
        run("x", "<w:rStyle w:val='Cite'/><w:vertAlign w:val='baseline'/>"),
    )
    manuscript = read_docx(docx(body + LIST, {"word/styles.xml": styles}), "m.docx")
    assert [manuscript.text[slice(*s)] for s in manuscript.superscripts] == ["1", "2"]
    assert [c.numbers for c in manuscript.callouts] == [(1,), (2,)]
    assert manuscript.scheme is Scheme.SUPERSCRIPT


def test_raised_parentheses_are_superscripts() -> None:
    body = paragraph(run("Skin heals."), raised("(1,2)"), run(" Scars too."), raised("(3)"))
    manuscript = read_docx(docx(body + LIST), "m.docx")
    assert manuscript.scheme is Scheme.SUPERSCRIPT
    assert [c.numbers for c in manuscript.callouts] == [(1, 2), (3,)]


def test_notes_follow_the_paragraph_that_calls_them() -> None:
    notes = (
        f"<w:footnotes NS><w:footnote w:id='-1' w:type='separator'>{paragraph(run('---'))}</w:footnote>"
        f"<w:footnote w:id='2'>{paragraph(run('A note [2].'))}</w:footnote></w:footnotes>"
    )
    body = paragraph(run("Skin [1]"), "<w:r><w:footnoteReference w:id='2'/></w:r>", run(" heals [3].")) + paragraph(
        run("More.")
    )
    manuscript = read_docx(docx(body + LIST, {"word/footnotes.xml": notes}), "m.docx")
    assert manuscript.text.startswith("Skin [1] heals [3].\n\nA note [2].\n\nMore.")
    assert [c.region for c in manuscript.callouts] == ["body", "body", "footnotes"]


def test_endnotes_can_be_the_reference_list() -> None:
    notes = "".join(f"<w:endnote w:id='{n}'>{paragraph(run(e))}</w:endnote>" for n, e in enumerate(ENTRIES, 5))
    body = paragraph(
        run("Skin heals."), "<w:r><w:endnoteReference w:id='6'/></w:r>", run(" Hair."),
        "<w:r><w:endnoteReference w:id='5'/></w:r>", run(" Scars."), "<w:r><w:endnoteReference w:id='7'/></w:r>",
    )  # fmt: skip
    manuscript = read_docx(docx(body, {"word/endnotes.xml": f"<w:endnotes NS>{notes}</w:endnotes>"}), "m.docx")
    assert [c.numbers for c in manuscript.callouts] == [(1,), (2,), (3,)]
    assert [r.title for r in manuscript.references][:2] == ["Scars and how they heal", "Exosomes in skin repair"]


def test_the_callouts_of_a_table_know_their_table() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph(run('Lee [2]'))}</w:tc></w:tr></w:tbl>"
    body = paragraph(run("Skin [1], see Table 1 [3].")) + paragraph(run("Table 1. Ages")) + table
    manuscript = read_docx(docx(body + LIST), "m.docx")
    assert {r.label for r in manuscript.regions if r.kind == "table"} == {"Table 1"}
    assert [c.region for c in manuscript.callouts] == ["body", "body", "table"]


def test_a_list_in_a_content_control_needs_no_heading() -> None:
    entries = "".join(paragraph(run(f"{n}. {e}")) for n, e in enumerate(ENTRIES, 1))
    tag = "<w:sdtPr><w:tag w:val='MENDELEY_BIBLIOGRAPHY'/></w:sdtPr>"
    control = f"<w:sdt>{tag}<w:sdtContent>{entries}</w:sdtContent></w:sdt>"
    long_text = "".join(paragraph(run(f"Skin heals slowly in the {n}th week, as we saw.")) for n in range(30))
    manuscript = read_docx(docx(paragraph(run("Skin [1-3].")) + long_text + control), "m.docx")
    assert [r.year for r in manuscript.references] == ["2020", "2021", "2019"]


def test_strict_files_are_read_alike() -> None:
    data = docx(
        paragraph(run("Skin [1].")) + LIST,
        namespaces="xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main' xmlns:m='m' xmlns:mc='mc'",
    )
    assert locate(data).text.startswith("Skin [1].")


def test_every_stretch_of_text_is_found_in_its_run() -> None:
    body = paragraph(run("Skin "), run("heals"), raised("1")) + TEXTS["table"][0] + TEXTS["box, told once"][0]
    notes = f"<w:footnotes NS><w:footnote w:id='2'>{paragraph(run('A note.'))}</w:footnote></w:footnotes>"
    body += paragraph(run("See"), "<w:r><w:footnoteReference w:id='2'/></w:r>")
    data = docx(body + LIST, {"word/footnotes.xml": notes})
    found = locate(data)
    assert found.text == read_docx(data, "m.docx").text
    archive = zipfile.ZipFile(io.BytesIO(data))
    for place in found.places:
        root = etree.fromstring(archive.read(place.part))
        element = list(root.iter(f"{{{W}}}r"))[place.run]
        text = "".join(t.text or "" for t in element.iter(f"{{{W}}}t"))
        assert text[place.offset :].startswith(found.text[place.start : place.end])
        assert element in list(list(root.iter(f"{{{W}}}p"))[place.paragraph].iter(f"{{{W}}}r"))
    covered = "".join(found.text[p.start : p.end] for p in found.places)
    assert "".join(covered.split()) == "".join(found.text.split())


def test_a_span_is_cut_out_of_its_runs() -> None:
    found = locate(docx(paragraph(run("Skin "), run("heals")) + LIST))
    assert [(p.run, p.offset, found.text[p.start : p.end]) for p in found.find(Span(2, 7))] == [
        (0, 2, "in "),
        (1, 0, "he"),
    ]


def test_a_file_of_python_docx_is_read() -> None:
    document = python_docx.Document()
    document.add_heading("Skin", 1)
    line = document.add_paragraph("Skin heals.")
    line.add_run("1\u20133").font.superscript = True
    document.add_heading("References", 1)
    for entry in ENTRIES:
        document.add_paragraph(entry, style="List Number")
    out = io.BytesIO()
    document.save(out)
    manuscript = read_docx(out.getvalue(), "m.docx")
    assert [(r.number, r.raw) for r in manuscript.references] == [(n, f"{n}. {e}") for n, e in enumerate(ENTRIES, 1)]
    assert [c.numbers for c in manuscript.callouts] == [(1, 2, 3)]


def test_a_file_without_a_list_says_so() -> None:
    with pytest.raises(NoReferences, match="no reference list"):
        read_docx(docx(paragraph(run("Skin heals."))), "m.docx")


def test_what_is_not_read_is_said() -> None:
    body = paragraph(run("Skin [1-3].")) + "<w:altChunk/>" + LIST
    manuscript = read_docx(docx(body), "m.docx")
    assert [r.reason for r in manuscript.regions if r.kind == "unreadable"] == [
        "a document embedded in the Word file was not read"
    ]


def test_other_office_files_are_named() -> None:
    with pytest.raises(UnreadableInput, match="spreadsheet"):
        read_docx(packed({"xl/workbook.xml": "<workbook/>"}), "m.docx")
