"""One manuscript in the forms in which authors send it: Word (three ways) and PDF (three layouts)."""

from __future__ import annotations

import io
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer


@dataclass(frozen=True, slots=True)
class Article:
    folder: Path
    name: str
    text: str
    truth: dict[str, Any]


def load(folder: Path, name: str) -> Article:
    text = (folder / "text" / f"{name}.txt").read_text(encoding="utf-8")
    return Article(folder, name, text, json.loads((folder / "truth" / f"{name}.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph."""

    text: str
    raised: bool = False
    callout: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: of the text, or the entry of a reference."""

    pieces: tuple[Piece, ...]
    reference: dict[str, Any] | None = None
    heading: bool = False

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.pieces)


def blocks(article: Article) -> Iterator[Block]:
    """The article's paragraphs; a reference's is without its label."""
    entries = {r["start"]: r for r in article.truth["references"]}
    first = min(entries)
    text, at = article.text, 0
    list_line = text.rfind("\n", 0, first) + 1
    for line in text[:list_line].split("\n"):
        if line.strip():
            yield Block(tuple(_pieces(article, at, at + len(line))), heading=len(line) < 60 and line[0].isupper())
        at += len(line) + 1
    last = first
    for start in sorted(entries):
        entry = entries[start]
        last = max(last, entry["end"])
        yield Block((Piece(" ".join(text[start : entry["end"]].split()) if _labelled(text, entry) else entry["text"]),),
                    reference=entry)  # fmt: skip
    at = last
    for line in text[last:].split("\n"):
        if line.strip():
            yield Block(tuple(_pieces(article, at, at + len(line))))
        at += len(line) + 1


def _labelled(text: str, entry: dict[str, Any]) -> bool:
    """Whether the entry's span begins after its label."""
    return not text[entry["start"] : entry["end"]].startswith(f"{entry['number']}.")


def _pieces(article: Article, start: int, end: int) -> Iterator[Piece]:
    at = start
    for callout in article.truth["callouts"]:
        if not start <= callout["start"] < callout["end"] <= end or callout["start"] < at:
            continue
        if callout["start"] > at:
            before = article.text[at : callout["start"]]
            yield Piece(re.sub(r"[(\[] ?$", "", before) if callout["superscript"] else before)
        shown = article.text[callout["start"] : callout["end"]]
        if callout["superscript"] and (m := re.search(r"[(\[] ?$", article.text[at : callout["start"]])):
            # who raises a figure raises the parentheses around it
            closing = re.match(r" ?[)\]]", article.text[callout["end"] : end])
            yield Piece(m.group() + shown + (closing.group() if closing else ""), raised=True, callout=callout)
            at = callout["end"] + (closing.end() if closing else 0)
            continue
        yield Piece(shown, raised=bool(callout["superscript"]), callout=callout)
        at = callout["end"]
    if at < end:
        yield Piece(article.text[at:end])


def _clean(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or c >= " ")


def docx_plain(article: Article) -> bytes:
    """As typed by hand: numbers are text, callouts are raised."""
    return _with_python_docx(article, styled=False)


def docx_styled(article: Article) -> bytes:
    """Headings and an automatic list by Word's own styles."""
    return _with_python_docx(article, styled=True)


def _with_python_docx(article: Article, *, styled: bool) -> bytes:
    document = docx.Document()
    for block in blocks(article):
        if block.reference and not styled:
            document.add_paragraph(f"{block.reference['number']}. {_clean(block.text)}")
            continue
        style = "List Number" if block.reference else "Heading 1" if block.heading and styled else None
        paragraph = document.add_paragraph(style=style)
        for piece in block.pieces:
            run = paragraph.add_run(_clean(piece.text))
            run.font.superscript = True if piece.raised else None
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx_raw(article: Article) -> bytes:
    """Numbers from numbering.xml ("[1]"), tracked changes, hyphens that do not break, runs cut in the middle."""
    return _raw(article, fields=False)


def docx_fields(article: Article) -> bytes:
    """The same with citation fields that carry CSL JSON, and the list in a content control."""
    return _raw(article, fields=True)


def _raw(article: Article, *, fields: bool) -> bytes:
    body, entries = [], []
    for block in blocks(article):
        if block.reference:
            numbered = "<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='3'/></w:numPr></w:pPr>"
            half = len(block.text) // 2
            runs = _run(block.text[:half]) + f"<w:ins w:id='1' w:author='A'>{_run(block.text[half:])}</w:ins>"
            entries.append(f"<w:p>{numbered}{runs}</w:p>")
            continue
        if entries and body[-1] != "LIST":
            body.append("LIST")
        runs = "".join(_field(p, article) if fields and p.callout else _run(p.text, p.raised) for p in block.pieces)
        gone = "<w:del w:id='2' w:author='A'><w:r><w:delText>[999]</w:delText></w:r></w:del>"
        body.append(f"<w:p>{runs}{gone}</w:p>")
    if "LIST" not in body:
        body.append("LIST")
    listed = "".join(entries)
    if fields:
        control = (
            "<w:sdt><w:sdtPr><w:tag w:val='MENDELEY_BIBLIOGRAPHY'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
        )
        listed = control.format(listed)
    xml = "".join(body).replace("LIST", listed)
    form = "[%1]" if len(article.text) % 2 else "%1."
    parts = {
        "[Content_Types].xml": (
            f"<Types xmlns='{_PACKAGE}/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>"
        ),
        "_rels/.rels": (
            f"<Relationships xmlns='{_PACKAGE}/relationships'>"
            f"<Relationship Id='r1' Type='{_OFFICE}/officeDocument' Target='word/document.xml'/></Relationships>"
        ),
        "word/_rels/document.xml.rels": (
            f"<Relationships xmlns='{_PACKAGE}/relationships'>"
            f"<Relationship Id='r1' Type='{_OFFICE}/numbering' Target='numbering.xml'/></Relationships>"
        ),
        "word/document.xml": f"<w:document xmlns:w='{_NS}'><w:body>{xml}</w:body></w:document>",
        "word/numbering.xml": (
            f"<w:numbering xmlns:w='{_NS}'><w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
            f"<w:numFmt w:val='decimal'/><w:lvlText w:val='{form}'/></w:lvl></w:abstractNum>"
            "<w:num w:numId='3'><w:abstractNumId w:val='7'/></w:num></w:numbering>"
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _run(text: str, raised: bool = False) -> str:
    face = "<w:rPr><w:vertAlign w:val='superscript'/></w:rPr>" if raised else ""
    inner = "<w:noBreakHyphen/>".join(
        f"<w:t xml:space='preserve'>{escape(part)}</w:t>" for part in _clean(text).split("\u2011")
    )
    return f"<w:r>{face}{inner}</w:r>"


def _field(piece: Piece, article: Article) -> str:
    works = {r["number"]: r for r in article.truth["references"]}
    items = [
        {"itemData": {"type": "article-journal", "title": (works[n].get("fields") or {}).get("title") or "",
                      "DOI": works[n]["doi"] or ""}}
        for n in (piece.callout or {}).get("numbers", ()) if n in works
    ]  # fmt: skip
    code = " ADDIN ZOTERO_ITEM CSL_CITATION " + json.dumps({"citationItems": items})
    half = len(code) // 2
    instructions = "".join(
        f"<w:r><w:instrText xml:space='preserve'>{escape(part)}</w:instrText></w:r>"
        for part in (code[:half], code[half:])
    )
    mark = "<w:r><w:fldChar w:fldCharType={}/></w:r>"
    return (
        mark.format(quoteattr("begin")) + instructions + mark.format(quoteattr("separate"))
        + _run(piece.text, piece.raised) + mark.format(quoteattr("end"))
    )  # fmt: skip


def pdf_office(article: Article) -> bytes:
    """As LibreOffice prints the styled Word file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "m.docx"
        source.write_bytes(docx_styled(article))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return source.with_suffix(".pdf").read_bytes()


_FONTS = (
    "DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "LiberationSerif-Regular.ttf",
    "Vera.ttf",
)


def _font() -> str:
    for file in _FONTS:
        try:
            pdfmetrics.registerFont(TTFont("Text", file))
        except TTFError:
            continue
        return "Text"
    return "Times-Roman"


class _Numbered(Canvas):  # type: ignore[misc]
    """A canvas with what journals print around the text."""

    review = False

    def showPage(self) -> None:  # noqa: N802
        self.setFont("Times-Roman", 8)
        self.drawString(60, A4[1] - 30, "Lee et al. Exosomes in practice")
        self.drawRightString(A4[0] - 60, 25, f"Page {self.getPageNumber()}")
        if self.review:
            self.drawCentredString(A4[0] / 2, 40, "For Peer Review")
            for line in range(50):
                self.drawRightString(45, A4[1] - 62 - 14.6 * line, str((self.getPageNumber() - 1) * 50 + line + 1))
        super().showPage()


class _Review(_Numbered):
    review = True


def pdf_one_column(article: Article) -> bytes:
    return _pdf(article, columns=1)


def pdf_two_columns(article: Article) -> bytes:
    return _pdf(article, columns=2)


def pdf_for_review(article: Article) -> bytes:
    """Line numbers in the margin, a stamp, running head and page numbers."""
    return _pdf(article, columns=1, canvas=_Review)


def _pdf(article: Article, *, columns: int, canvas: type[Canvas] = _Numbered) -> bytes:
    font = _font()
    size = 9 if columns == 2 else 10.5
    base = ParagraphStyle(
        "base", fontName=font, fontSize=size, leading=size * 1.3, alignment=TA_JUSTIFY, spaceAfter=size * 0.7
    )
    heading = ParagraphStyle("heading", parent=base, fontSize=size * 1.2, spaceBefore=size, alignment=0)
    entry = ParagraphStyle("entry", parent=base, leftIndent=20, firstLineIndent=-20, spaceAfter=size * 0.3)
    flow: list[Any] = []
    for block in blocks(article):
        text = "".join(
            f"<super rise='{size * 0.35}' size='{size * 0.65}'>{escape(_clean(p.text))}</super>"
            if p.raised
            else escape(_clean(p.text))
            for p in block.pieces
        )
        style = entry if block.reference else heading if block.heading else base
        if block.reference:
            text = f"{block.reference['number']}. {text}"
        flow += [Paragraph(text, style), Spacer(1, 2)]
    out = io.BytesIO()
    template = BaseDocTemplate(out, pagesize=A4, leftMargin=60, rightMargin=60, topMargin=55, bottomMargin=55)
    gap = 18
    width = (template.width - gap * (columns - 1)) / columns
    frames = [
        Frame(template.leftMargin + i * (width + gap), template.bottomMargin, width, template.height, 0, 0, 0, 0)
        for i in range(columns)
    ]
    template.addPageTemplates([PageTemplate(frames=frames)])
    template.build(flow, canvasmaker=canvas)
    return out.getvalue()
