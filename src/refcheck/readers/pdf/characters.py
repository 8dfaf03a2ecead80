"""The text of a PDF file: characters with their places, put back into lines, columns and paragraphs.

pdfium (BSD/Apache) gives every character with its box and baseline; all else is geometry: `furniture` takes away
what is not text of the author's, `layout` finds columns and reading order, and this module writes the lines.
"""

from __future__ import annotations

import ctypes
import math
import time
import unicodedata
from collections.abc import Iterator
from typing import Any

from refcheck.errors import UnreadableInput
from refcheck.readers.flow import Flow
from refcheck.readers.pdf.furniture import without_furniture
from refcheck.readers.pdf.layout import Glyph, Line, lines_of, segments_of, usual_gutter

MAX_PAGES = 300  # a page takes some 25 ms and a megabyte
MAX_GLYPHS = 60_000  # on one page; a dense page of two columns has 8,000
MAX_SECONDS = 12.0  # of the processor
# Below this a page holds at most a page number and a stamp.
SCANNED_PAGE = 40  # characters
UNMAPPED = 0.2  # share of characters without a meaning above which the text is of no use
_LINE_END_HYPHENS = {0x02, 0xFFFE, 0xAD}  # what pdfium gives for a hyphen that ends a line
_WHITE = {0x20, 0x0A, 0x0D}  # pdfium makes these up where it sees gaps
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# Where a font of TeX has no table, pdfium gives the place in its encoding: OT1, then T1 ("Cork"). 0x0D is a line end.
_LIGATURES |= {0x0B: "ff", 0x0C: "fi", 0x0E: "ffi", 0x0F: "ffl"}
_LIGATURES |= {0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl"}
# Where a font of a Macintosh is read in another encoding, its ligatures come as these letters.
_MACINTOSH = {"Þ": "fi", "ß": "fl"}
# Accents that stand by themselves, and the marks that join a letter.
_ACCENTS = {
    "`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307",
    "¨": "\u0308", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip
_SURE = 2  # words with a thorn inside, which no language has, before the letters are taken for ligatures


def flow_of(data: bytes, name: str) -> Flow:
    """The text of a PDF file in reading order; raises UnreadableInput as `read_pdf` does."""
    pages = list(_pages(data, name))
    pages = _with_ligatures([with_accents(page) for page in pages])
    glyphs = sum(len(page) for page in pages)
    if glyphs < SCANNED_PAGE * max(1, len(pages)):
        raise UnreadableInput(
            f"{name} has pages but hardly any text: it is a scan or a picture; give the Word file, or run a text "
            "recognition (OCR) over it first."
        )
    unmapped = sum(1 for page in pages for glyph in page if glyph.text == "\ufffd")
    if unmapped > UNMAPPED * glyphs:
        raise UnreadableInput(
            f"{name} does not tell which characters it shows (its fonts have no Unicode table): give the Word file."
        )
    flow = Flow()
    kept = without_furniture([segments_of(page) for page in pages])
    gutter = usual_gutter(kept)
    for number, (page, segments) in enumerate(zip(pages, kept, strict=True), 1):
        if len(page) < SCANNED_PAGE:
            flow.unreadable(f"page {number} has no text: it may be a picture or a scan")
        _tell(flow, lines_of(segments, gutter))
    return flow


def with_accents(glyphs: list[Glyph]) -> list[Glyph]:
    """Old fonts of TeX print an accent by itself, over the letter that follows: "C´el´erier" is Célérier."""
    out: list[Glyph] = []
    held: Glyph | None = None
    for g in glyphs:
        if held is not None:
            over = min(held.right, g.right) - max(held.left, g.left) > 0.5 * (held.right - held.left)
            letter = {"ı": "i", "ȷ": "j"}.get(g.text, g.text)
            whole = unicodedata.normalize("NFC", letter + _ACCENTS[held.text])
            if over and len(whole) == 1 and whole.isalpha():
                out.append(g._replace(text=whole))
                held = None
                continue
            out.append(held)
            held = None
        if g.text in _ACCENTS:
            held = g
        else:
            out.append(g)
    return [*out, held] if held is not None else out


def _with_ligatures(pages: list[list[Glyph]]) -> list[list[Glyph]]:
    """The pages with "de\u00dened" and "in\u00dfuence" put right, where the document is spelt so throughout."""
    inside = sum(
        1
        for page in pages
        for a, b, c in zip(page, page[1:], page[2:], strict=False)
        if b.text == "Þ" and a.text.islower() and c.text.islower()
    )
    if inside < _SURE:
        return pages
    return [[g._replace(text=_MACINTOSH.get(g.text, g.text)) for g in page] for page in pages]


def _pages(data: bytes, name: str) -> Iterator[list[Glyph]]:
    import pypdfium2
    from pypdfium2 import raw

    begun = time.process_time()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise UnreadableInput(f"{name} is protected by a password: save it without one.") from error
        raise UnreadableInput(
            f"{name} is damaged or cut short: it cannot be opened as a PDF; ask for it again."
        ) from error
    try:
        count = len(document)
        if count == 0:
            raise UnreadableInput(f"{name} is a PDF without pages.")
        if count > MAX_PAGES:
            raise UnreadableInput(
                f"{name} has {count} pages, more than the {MAX_PAGES} that are read: give the manuscript alone."
            )
        for number in range(count):
            if time.process_time() - begun > MAX_SECONDS:
                raise UnreadableInput(f"{name} takes too long to read ({number} of {count} pages): give the Word file.")
            try:
                page = document[number]
                text = page.get_textpage()
            except pypdfium2.PdfiumError:
                yield []
                continue
            glyphs = _glyphs(text.raw, min(text.count_chars(), MAX_GLYPHS), raw)
            text.close()
            page.close()
            yield glyphs
    finally:
        document.close()


def _glyphs(page: Any, count: int, raw: Any) -> list[Glyph]:
    box, x, y, matrix = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    by_angle: dict[int, list[Glyph]] = {}
    unicode, generated, font_size = raw.FPDFText_GetUnicode, raw.FPDFText_IsGenerated, raw.FPDFText_GetFontSize
    loose, origin, matrix_of = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin, raw.FPDFText_GetMatrix
    for i in range(count):
        code = unicode(page, i)
        if code in _WHITE and generated(page, i):
            continue
        if not (loose(page, i, box) and origin(page, i, x, y) and matrix_of(page, i, matrix)):
            continue
        # the font's box depends on the letter in some files; the size is what the text is scaled to
        size = font_size(page, i) * math.hypot(matrix.b, matrix.d)
        turn = _turn(matrix.a, matrix.b)
        left, right, base = box.left, box.right, y.value
        if turn == 1:
            left, right, base = box.bottom, box.top, -x.value
        elif turn == 2:
            left, right, base = -box.right, -box.left, -y.value
        elif turn == 3:
            left, right, base = -box.top, -box.bottom, x.value
        if size > 0.5:
            by_angle.setdefault(turn, []).append(Glyph(_character(code), left, right, base, size))
    # a page is read in the direction of most of its text: wide tables are turned, marginal notes are not text
    upright = max((turn for turn in by_angle if turn < 4), key=lambda turn: len(by_angle[turn]), default=4)
    return by_angle.get(upright, [])


def _turn(a: float, b: float) -> int:
    """The direction of a line of text: 0 upright, 1 upwards, 2 upside down, 3 downwards, 4 slanted (a stamp)."""
    if abs(b) < 0.08 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) < 0.08 * abs(b):
        return 1 if b > 0 else 3
    return 4


def _character(code: int) -> str:
    if code in _LINE_END_HYPHENS:
        return "-"
    if code in _LIGATURES:
        return _LIGATURES[code]
    if code in {0x09, 0x0A, 0x0D, 0xA0}:
        return " "
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code in {0xFFFD, 0xFFFF} or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


def _tell(flow: Flow, lines: list[Line]) -> None:
    for line in lines:
        flow.gap("\n\n" if line.opens else "\n")
        for text, raised in line.pieces:
            flow.write(text, raised=raised)
