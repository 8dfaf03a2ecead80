"""Files that are wrong, broken or meant to harm: one sentence, soon, and never another exception."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from refcheck.errors import RefcheckError, UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers import READERS, kind_of, read
from refcheck.readers.archive import MAX_PART
from refcheck.readers.pdf.document import read_pdf_here
from tests.readers.building import (
    ENTRIES,
    LIST,
    NAMESPACES,
    docx,
    epub,
    field,
    lines,
    odt,
    odt_paragraph,
    packed,
    paragraph,
    pdf,
    raised,
    run,
)
from tests.work import grows_linearly, no_hang

BODY = paragraph(run("Skin heals."), raised("1"), field(' ADDIN CSL_CITATION {"citationItems": []}', run("[2]")))
WORD = docx(BODY + LIST, {"word/footnotes.xml": f"<w:footnotes NS>{paragraph(run('x'))}</w:footnotes>"})
PDF = pdf([lines(["Skin heals [1, 2].", "", "References", "", "1. Lee A. Skin. Burns. 2020;1:2-9.", "2. Wu B. Hair."])])
JATS = (
    b"<article><body><p>Skin [<xref ref-type='bibr' rid='B1'>1</xref>].</p></body><back><ref-list><ref id='B1'>"
    b"<mixed-citation>Lee A. <article-title>Skin</article-title>. <source>Burns</source>. <year>2020</year>"
    b"</mixed-citation></ref></ref-list></back></article>"
)
TEX = rb"\documentclass{article} \cite{a} \begin{thebibliography}{1}\bibitem{a} Lee A. Skin. 2020.\end{thebibliography}"
BIB = b"@article{a, author={Lee, A.}, title={Skin}, year={2020}}"
RIS = b"TY  - JOUR\nAU  - Lee, A.\nTI  - Skin\nER  -\n"
JSON = b'[{"id": "a", "title": "Skin", "author": [{"family": "Lee"}], "issued": {"date-parts": [[2020]]}}]'
HTML = b"<html><body><p>Skin<sup>1</sup></p><h2>References</h2><ol><li>Lee A. Skin. Burns. 2020;1:2.</ol></body></html>"
RTF = (
    rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 Times;}}Skin\super 1\nosupersub  heals{\footnote Na\'efve.}.\par "
    rb"\trowd\cellx9\intbl a\cell\row\pard References\par 1. Lee A. Skin. Burns. 2020;1:2-9.\par}"
)
ODT = odt(odt_paragraph("Skin heals [1].") + odt_paragraph("References") + odt_paragraph(ENTRIES[0]))
EPUB = epub({"one.xhtml": HTML.decode()})
TEI = (
    b"<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body><p>Skin <ref type='bibr' target='#b0'>[1]</ref></p></body>"
    b"<back><listBibl><biblStruct xml:id='b0' xmlns:xml='http://www.w3.org/XML/1998/namespace'><monogr>"
    b"<title level='j'>Burns</title></monogr></biblStruct></listBibl></back></text></TEI>"
)
ENDNOTE = b"<xml><records><record><titles><title>Skin</title></titles></record></records></xml>"
NOTEBOOK = (
    b'{"cells": [{"cell_type": "markdown", "source": ["Skin [1].\\n\\n", "# References\\n\\n", '
    b'"1. Lee A. Skin. Burns. 2020;1:2-9."]}], "nbformat": 4}'
)
RST = b"Skin [1]_ heals.\n\nReferences\n==========\n\n.. [1] Lee A. Skin. Burns. 2020;1:2-9.\n"
SAMPLES = {
    ".odt": ODT,
    ".rtf": RTF,
    ".epub": EPUB,
    ".tei": TEI,
    ".rst": RST,
    ".ipynb": NOTEBOOK,
    ".docx": WORD,
    ".pdf": PDF,
    ".xml": JATS,
    ".tex": TEX,
    ".bib": BIB,
    ".ris": RIS,
    ".json": JSON,
    ".html": HTML,
}


@pytest.mark.parametrize("suffix", SAMPLES)
def test_the_samples_are_read(suffix: str) -> None:
    assert read(SAMPLES[suffix], f"m{suffix}").references


def outcome(data: bytes, name: str) -> str:
    try:
        here = data.startswith(b"%PDF-")  # a worker for each example would take minutes
        manuscript = read_pdf_here(data, name) if here else read(data, name)
    except RefcheckError as error:
        return str(error)
    assert isinstance(manuscript, Manuscript)
    assert all(manuscript.text[slice(*r.span)] == r.raw for r in manuscript.references)
    return ""


@pytest.mark.parametrize("suffix", SAMPLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_cut_short_or_altered_it_is_read_or_refused(suffix: str, data: st.DataObject) -> None:
    sample = bytearray(SAMPLES[suffix])
    for _ in range(data.draw(st.integers(0, 6))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sample))) if data.draw(st.booleans()) else len(sample)
    said = outcome(bytes(sample[:cut]), f"m{suffix}")
    assert "\n" not in said


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_an_altered_document_part_is_read_or_refused(data: st.DataObject) -> None:
    xml = bytearray(f"<w:document {NAMESPACES}><w:body>{BODY}{LIST}</w:body></w:document>".encode())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=3))
    outcome(docx("", {"word/document.xml": bytes(xml)}), "m.docx")


@given(st.binary(max_size=200), st.sampled_from(sorted(READERS)))
@example(b"\x00" * 50, ".txt")
@example(b"PK\x03\x04", ".docx")
@example(b"%PDF-1.7", ".pdf")
@settings(max_examples=200, deadline=None)
def test_any_bytes_under_any_name(data: bytes, suffix: str) -> None:
    outcome(data, f"m{suffix}")


def bomb(declared: int | None = None) -> bytes:
    """A Word file whose text unpacks to far more than it weighs; its size can be declared as something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("_rels/.rels", "<Relationships/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as stream:
            stream.write(f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>".encode())
            for _ in range(MAX_PART // 1_000_000 + 20):
                stream.write(b"a" * 1_000_000)
            stream.write(b"</w:t></w:r></w:p></w:body></w:document>")
    data = bytearray(out.getvalue())
    if declared is not None:
        entry = data.rfind(b"PK\x01\x02")
        data[entry + 24 : entry + 28] = struct.pack("<I", declared)
    return bytes(data)


@pytest.mark.parametrize("declared", [None, 1000])
def test_zip_bombs_cost_little(declared: int | None) -> None:
    data = bomb(declared)
    assert len(data) < 1_000_000
    tracemalloc.start()
    with no_hang(), pytest.raises(UnreadableInput) as caught:
        read(data, "m.docx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000_000
    assert str(caught.value).startswith("m.docx")


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/passwd", "word/../../x", "C:\\x", "..\\x", "word\\..\\..\\x"])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(UnreadableInput, match="leads out"):
        read(docx(BODY + LIST, {name: "x"}), "m.docx")


def test_too_many_or_doubled_parts_are_refused() -> None:
    with pytest.raises(UnreadableInput, match="5001 parts"):
        read(packed({f"x{n}": "" for n in range(5001)}), "m.docx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(UnreadableInput, match="two parts under one name"):
        read(out.getvalue(), "m.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_in_a_word_file_is_refused(encoding: str) -> None:
    xml = f"<!DOCTYPE x [<!ENTITY a 'ha'>]><w:document {NAMESPACES}><w:body>{BODY}</w:body></w:document>"
    with pytest.raises(UnreadableInput, match="document type of its own"):
        read(docx("", {"word/document.xml": xml.encode(encoding)}), "m.docx")


def test_deep_nesting_is_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 3000 + BODY + "</w:sdtContent></w:sdt>" * 3000
    with pytest.raises(UnreadableInput, match="well-formed"):
        read(docx(deep + LIST), "m.docx")
    shallow = "<w:sdt><w:sdtContent>" * 100 + BODY + "</w:sdtContent></w:sdt>" * 100
    assert read(docx(shallow + LIST), "m.docx").references


def test_fields_without_end_do_not_hide_the_text_unseen() -> None:
    opened = "<w:r><w:fldChar w:fldCharType='begin'/></w:r>" * 30
    manuscript = read(docx(paragraph(run("Skin [1].")) + LIST + paragraph(opened, run("lost"))), "m.docx")
    assert [r.kind for r in manuscript.regions if r.kind == "unreadable"] == ["unreadable"]


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REFUSED = {
    "old Office file that is no Word file": (OLE2, "m.doc", "no Word document"),
    "protected Word file": (OLE2 + "EncryptedPackage".encode("utf-16-le"), "m.docx", "protected by a password"),
    "rich text without a list": (rb"{\rtf1 Skin}", "m.rtf", "no reference list"),
    "rich text without a text": (rb"{\rtf1 {\info x}}", "m.rtf", "without a text"),
    "text called rich text": (b"Skin heals.", "m.rtf", "not a rich-text file"),
    "groups without end": (rb"{\rtf1 " + b"{" * 5000, "m.rtf", "nests its groups"),
    "spreadsheet": (odt("", "application/vnd.oasis.opendocument.spreadsheet"), "m.odt", "is a spreadsheet"),
    "protected OpenDocument": (odt("", manifest="<m><encryption-data/></m>"), "m.odt", "protected by a password"),
    "cut OpenDocument": (ODT[:300], "m.odt", "damaged or cut short"),
    "document type in an e-book": (epub({"a.xhtml": ""}, "<!DOCTYPE x [<!ENTITY a 'ha'>]>"), "m.epub", "document type"),
    "e-book without pages": (epub({}), "m.epub", "without pages"),
    "notebook without text": (b'{"cells": [{"cell_type": "code", "source": "x"}]}', "m.ipynb", "without text"),
    "notebook that is none": (b"x", "m.ipynb", "not a notebook"),
    "TEI without a list": (b"<TEI><text/></TEI>", "m.xml", "without a <listBibl>"),
    "EndNote without a record": (b"<xml><records/></xml>", "m.xml", "XML of another kind"),
    "long reStructuredText": (b"x " * 600_000, "m.rst", "more than 1,000,000 characters"),
    "text called Word file": (b"Skin heals.", "m.docx", "not a Word file"),
    "text called PDF": (b"Skin heals.", "m.pdf", "not a PDF file"),
    "picture": (b"\x89PNG\r\n\x1a\n", "m.png", "picture"),
    "bibliography alone": (rb"\begin{thebibliography}{9}", "m.bbl", r"\.tex file"),
    "empty": (b"", "m.txt", "empty"),
    "empty Word file": (b"", "m.docx", "empty"),
    "binary": (bytes(range(32)) * 20, "m.txt", "binary"),
    "cut Word file": (WORD[: len(WORD) // 2], "m.docx", "damaged or cut short"),
    "cut PDF": (PDF[:200], "m.pdf", "damaged or cut short"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_told_in_one_sentence(what: str) -> None:
    data, name, words = REFUSED[what]
    with pytest.raises(UnreadableInput, match=words) as caught:
        read(data, name)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(name)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no file"):
        read(tmp_path / "none.docx")
    with pytest.raises(UnreadableInput, match="folder"):
        read(tmp_path)


@pytest.mark.parametrize("suffix", [s for s in SAMPLES if s != ".rst"])  # which looks like any text
@pytest.mark.parametrize("name", ["m.txt", "m", "m.docx", "m.pdf"])
def test_a_wrong_suffix_is_noticed(suffix: str, name: str) -> None:
    assert kind_of(SAMPLES[suffix], name) == suffix


def test_notes_that_call_notes_are_told_one_after_the_other() -> None:
    mark = "<w:r><w:footnoteReference w:id='{}'/></w:r>"
    count = 2_000
    notes = "".join(
        f"<w:footnote w:id='{n}'>{paragraph(run(f'note {n}'), mark.format((n + 1) % count))}</w:footnote>"
        for n in range(count)
    )
    body = paragraph(run("Skin [1]."), mark.format(0))
    text = read(docx(body + LIST, {"word/footnotes.xml": f"<w:footnotes NS>{notes}</w:footnotes>"}), "m.docx").text
    assert text.count("note ") == count


def chained_styles(count: int) -> bytes:
    chain = "".join(
        f"<w:style w:type='paragraph' w:styleId='s{n}'><w:basedOn w:val='s{n + 1}'/></w:style>" for n in range(count)
    )
    body = "".join(paragraph(run("x"), properties=f"<w:pStyle w:val='s{n}'/>") for n in range(count // 4))
    return docx(body + LIST, {"word/styles.xml": f"<w:styles NS>{chain}</w:styles>"})


def test_styles_based_on_styles_without_end_take_no_time() -> None:
    with no_hang():
        outcome(chained_styles(20_000), "m.docx")
    small, large = chained_styles(1_000), chained_styles(2_000)
    grows_linearly(lambda n: outcome(small if n == 1_000 else large, "m.docx"), 1_000)


LONG_LINES: tuple[tuple[bytes, bytes, int, bytes, str], ...] = (  # before, repeated, how often, after, name
    (b"{\\rtf1 ", b"{\\field{\\*\\fldinst x}", 1_000, b"", "m.rtf"),
    (b"{\\rtf1 ", b"\\trowd\\intbl a\\cell\\row ", 10_000, b"}", "m.rtf"),
    (b"{\\rtf1 ", b"{\\footnote x}", 20_000, b"}", "m.rtf"),
    (b"", b"[1]_ x ", 5_000, b"", "m.rst"),
    (b"", b"**x `", 2_000, b"", "m.rst"),
    (b"<TEI><text><p>", b"<ref type='bibr' target='#b0'>1</ref> x ", 10_000, TEI[-60:], "m.xml"),
    (b"\\cite", b"[", 50_000, b"", "m.tex"),
    (b"\\cite{", b"a,", 50_000, b"", "m.tex"),
    (b"@article{", b"{", 50_000, b"", "m.bib"),
    (b"@" * 50_000, b"[@a", 20_000, b"", "m.md"),
    (b"---\nbibliography: x\n---\n", b"[", 50_000, b"", "m.md"),
    (b"TY  - JOUR\n", b"x\n", 50_000, b"", "m.ris"),
    (b"", b"<a ", 50_000, b"", "m.html"),
    (b"<ol>", b"<li>Lee A. 2020", 20_000, b"", "m.html"),
    (b"", b"\\href{", 50_000, b"", "m.tex"),
    (b"", b"\\section{", 50_000, b"", "m.tex"),
    (b"", b"[@a]`", 20_000, b"", "m.md"),
    (b"<article><ref-list><ref><mixed-citation>", b"<b>x</b> ", 50_000, JATS[-40:], "m.xml"),
    (b"<article><p>", b"<xref ref-type='bibr' rid='a'>1</xref> x ", 10_000, b"</p></article>", "m.xml"),
)


@pytest.mark.parametrize(("before", "unit", "times", "after", "name"), LONG_LINES)
def test_long_lines_of_brackets_and_blanks(before: bytes, unit: bytes, times: int, after: bytes, name: str) -> None:
    with no_hang():
        outcome(before + unit * times + after, name)
    grows_linearly(lambda n: outcome(before + unit * n + after, name), times // 20)
