"""Word and PDF files built for one test each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f"xmlns:w='{W}' xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
    "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math' "
    "xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' "
    "xmlns:v='urn:schemas-microsoft-com:vml'"
)
ENTRIES = (
    "Lee A, Kim B. Exosomes in skin repair. Burns. 2020;1(2):3-9.",
    "Wu C. Scars and how they heal. Wound Repair Regen. 2021;4:55-61.",
    "Okafor D, Dal Pra I. Stem cells of hair. J Invest Dermatol. 2019;7:100-8.",
)
LIST = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ("References", *(
    f"{n}. {entry}" for n, entry in enumerate(ENTRIES, 1)
)))  # fmt: skip


def run(text: str, properties: str = "") -> str:
    face = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{face}<w:t xml:space='preserve'>{text}</w:t></w:r>"


def raised(text: str) -> str:
    return run(text, "<w:vertAlign w:val='superscript'/>")


def paragraph(*inner: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(inner)}</w:p>"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body: str, parts: Mapping[str, str | bytes] | None = None, namespaces: str = NAMESPACES) -> bytes:
    """A Word file with this body; `parts` are the contents of other parts (their root's namespaces are put in)."""
    relation = f"<Relationship Id='r1' Type='{OFFICE}/officeDocument' Target='word/document.xml'/>"
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": f"<Types xmlns='{PACKAGE}/content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{PACKAGE}/relationships'>{relation}</Relationships>",
        "word/document.xml": f"<w:document {namespaces}><w:body>{body}</w:body></w:document>",
    }
    for name, content in (parts or {}).items():
        whole[name] = content.replace("NS", NAMESPACES, 1) if isinstance(content, str) else content
    return packed(whole)


def field(code: str, shown: str, data: str = "") -> str:
    """A complex field, its code cut in two runs as Word does."""
    half = len(code) // 2
    mark = "<w:r><w:fldChar w:fldCharType='{}'>{}</w:fldChar></w:r>"
    codes = "".join(
        f"<w:r><w:instrText xml:space='preserve'>{escape(c)}</w:instrText></w:r>" for c in (code[:half], code[half:])
    )
    begin = mark.format("begin", f"<w:fldData>{data}</w:fldData>" if data else "")
    return begin + codes + mark.format("separate", "") + shown + mark.format("end", "")


def pdf(pages: Sequence[Sequence[tuple[float, float, float, str]]]) -> bytes:
    """A PDF file: on each page, pieces of text as (x, y, size, text) in points; y counts from the bottom."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in pages:
        for x, y, size, text in page:
            canvas.setFont("Times-Roman", size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(
    text: Sequence[str], x: float = 72, top: float = 770, size: float = 11, leading: float = 14
) -> list[tuple[float, float, float, str]]:
    """Pieces for lines of text, from the top down; an empty line is a gap."""
    return [(x, top - i * leading, size, line) for i, line in enumerate(text) if line]


ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_NAMESPACES = (
    f"xmlns:office='{ODF}:office:1.0' xmlns:text='{ODF}:text:1.0' xmlns:style='{ODF}:style:1.0' "
    f"xmlns:table='{ODF}:table:1.0' xmlns:draw='{ODF}:drawing:1.0'"
)


def odt_paragraph(inner: str, style: str = "") -> str:
    return f"<text:p text:style-name='{style}'>{inner}</text:p>"


def odt(
    body: str, kind: str = "application/vnd.oasis.opendocument.text", styles: str = "", manifest: str = "<manifest/>"
) -> bytes:
    """An OpenDocument file; `styles` are its automatic styles."""
    content = (
        f"<office:document-content {ODF_NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def epub(pages: Mapping[str, str], prolog: str = "") -> bytes:
    """An e-book with these pages, in this order."""
    items = "".join(
        f"<item id='p{n}' href='text/{page}' media-type='application/xhtml+xml'/>" for n, page in enumerate(pages)
    )
    spine = "".join(f"<itemref idref='p{n}'/>" for n in range(len(pages)))
    container = (
        "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
        "<rootfile full-path='OPS/book.opf'/></rootfiles></container>"
    )
    listed = f"<manifest>{items}</manifest><spine>{spine}</spine>"
    package = f"{prolog}<package xmlns='http://www.idpf.org/2007/opf'>{listed}</package>"
    texts = {f"OPS/text/{page}": content for page, content in pages.items()}
    return packed(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OPS/book.opf": package, **texts}
    )
