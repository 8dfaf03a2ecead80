"""PDF pages put back into text: order, raised figures, what does not belong to the text."""

import io
import zlib

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from tests.readers.building import ENTRIES, lines, pdf

from refcheck.errors import UnreadableInput
from refcheck.model import Scheme
from refcheck.readers.pdf.characters import MAX_PAGES, with_accents
from refcheck.readers.pdf.document import read_pdf, read_pdf_here
from refcheck.readers.pdf.layout import Glyph, segments_of

LIST = ["References", "", *(f"{n}. {e}" for n, e in enumerate(ENTRIES, 1))]
WORDS = "the healing of skin depends on cells that are told by small vesicles what to do in each phase of it".split()


def prose(count: int, width: int = 60, start: int = 0) -> list[str]:
    """Lines of running text of about this width."""
    out, line, at = [], "", start
    while len(out) < count:
        word = WORDS[at % len(WORDS)]
        at += 1
        if len(line) + len(word) + 1 > width:
            out.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return out


def test_lines_paragraphs_and_line_end_hyphens_are_kept() -> None:
    page = lines(["Skin heals in four phases [1], and exo-", "somes take part [2, 3].", "", "It scars.", "", *LIST])
    text = read_pdf_here(pdf([page]), "m.pdf").text
    assert text.startswith(
        "Skin heals in four phases [1], and exo-\nsomes take part [2, 3].\n\nIt scars.\n\nReferences"
    )


def test_two_columns_are_read_one_after_the_other() -> None:
    left = ["Alpha [1] begins the left column here", *prose(40, 38), "and omega [2] closes the left column."]
    right = ["Then the right column goes on with [3]", *prose(30, 38), "", *(x[:40] for x in LIST[:1])]
    entries = [part for e in LIST[2:] for part in (e[:36], e[36:])]
    title = [(72.0, 800.0, 14.0, "A title that spans both of the columns of this page, from left to right")]
    page = title + lines(left, x=60, top=770) + lines([*right, *entries], x=320, top=770)
    text = " ".join(read_pdf_here(pdf([page]), "m.pdf").text.split())
    places = [text.index(x) for x in ("A title", "Alpha [1]", "omega [2]", "Then the right", "References", "Okafor")]
    assert places == sorted(places)


def test_raised_figures_are_told_by_size_and_baseline() -> None:
    page = [
        (72, 760, 11, "Skin heals."), (126, 764, 7, "1,2"), (140, 760, 11, "It took 10"), (189, 764, 7, "3"),
        (195, 760, 11, "cells of H"), (243, 757, 7, "2"), (248, 760, 11, "O. Scars form."), (316, 764, 7, "3"),
        *lines(LIST, top=700),
    ]  # fmt: skip
    manuscript = read_pdf_here(pdf([page]), "m.pdf")
    assert [manuscript.text[slice(*s)] for s in manuscript.superscripts] == ["1,2", "3", "3"]
    assert manuscript.scheme is Scheme.SUPERSCRIPT


def review_pages(count: int = 4) -> list[list[tuple[float, float, float, str]]]:
    pages = []
    for number in range(count):
        text = prose(40, start=7 * number)
        text[5] = f"as {'many some few most'.split()[number]} of them said [{min(number + 1, 3)}] in the text"
        page = lines(text if number < count - 1 else [*text[:10], "", *LIST])
        page += [(40, 770 - 14 * i, 8, str(40 * number + i + 1)) for i in range(40)]
        page += [(72, 815, 8, "Lee et al. Exosomes in practice"), (280, 30, 8, f"Page {number + 1} of {count}")]
        page += [(230, 15, 8, "For Peer Review")]
        pages.append(page)
    return pages


def test_line_numbers_heads_feet_and_stamps_are_removed() -> None:
    manuscript = read_pdf_here(pdf(review_pages()), "m.pdf")
    for word in ("Lee et al. Exo", "Page", "For Peer Review"):
        assert word not in manuscript.text
    assert not any(line.strip().isdigit() for line in manuscript.text.split("\n"))
    assert [r.raw for r in manuscript.references] == [f"{n}. {e}" for n, e in enumerate(ENTRIES, 1)]
    assert [c.numbers for c in manuscript.callouts] == [(1,), (2,), (3,), (3,)]


def test_numbers_that_hang_beside_the_list_are_no_line_numbers() -> None:
    first = lines([*prose(30), "as was seen before [1, 2, 3]."])
    second = [(72.0, 770.0, 11.0, "References")]
    for i, entry in enumerate(ENTRIES * 4):
        y = 742.0 - 14 * i
        second += [(60, y, 11, f"{i + 1}"), (90, y, 11, entry)]
    text = read_pdf_here(pdf([first, first, second]), "m.pdf").text
    assert "\n12 Okafor D" in text


def test_turned_text_in_the_margin_is_left_out() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for x, y, size, line in lines(["Skin heals [1-3].", "", *LIST]):
        canvas.setFont("Times-Roman", size)
        canvas.drawString(x, y, line)
    canvas.rotate(90)
    canvas.drawString(300, -20, "arXiv:2401.00001v1 [q-bio]")
    canvas.save()
    assert "arXiv" not in read_pdf_here(out.getvalue(), "m.pdf").text


def test_a_page_turned_as_a_whole_is_read() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.translate(A4[0], 0)
    canvas.rotate(90)
    for x, y, size, line in lines(["Skin heals [1-3].", "", *LIST], top=500):
        canvas.setFont("Times-Roman", size)
        canvas.drawString(x, y, line)
    canvas.save()
    manuscript = read_pdf_here(out.getvalue(), "m.pdf")
    assert [r.year for r in manuscript.references] == ["2020", "2021", "2019"]


def test_a_list_with_hanging_indents_is_cut_into_entries() -> None:
    page = lines(["Lee (2020) and Wu (2021) agree; so does Okafor (2019).", "", "References"])
    y = 715.0
    for first, second in (
        ("Lee A, Kim B. Exosomes in the repair of skin after burns and frost,", "with scars. Burns. 2020;1:3-9."),
        ("Okafor D, Dal Pra I. Stem cells of hair and their place in wounds of", "the scalp. Dermatol. 2019;7:100-8."),
        ("Wu C, Ma D. Scars and how they heal when they are kept moist for all", "of two weeks. Wound. 2021;4:55-61."),
        ("Xi E, Li F. Fibroblasts and what they do when they are told to stop it", "at once. Cells. 2022;5:65-71."),
    ):  # fmt: skip
        page += [(72, y, 11, first), (92, y - 14, 11, second)]
        y -= 28
    manuscript = read_pdf_here(pdf([page]), "m.pdf")
    assert [r.authors[0].family for r in manuscript.references] == ["Lee", "Okafor", "Wu", "Xi"]


def test_the_letters_of_a_ligature_share_a_box() -> None:
    glyphs = [Glyph("e", 100, 105, 700, 10), Glyph("f", 105, 115, 700, 10), Glyph("f", 105, 115, 700, 10)]
    glyphs.append(Glyph("e", 114.5, 119, 700, 10))
    assert [s.text for s in segments_of(glyphs)] == ["effe"]


def test_ligatures_that_come_as_one_wrong_letter() -> None:
    odd = ["Skin is deÞned by its inßuence, as conÞrmed [1, 2]. Þrst we saw [3]."]
    assert read_pdf_here(pdf([lines([*odd, "", *LIST])]), "m.pdf").text.startswith(
        "Skin is defined by its influence, as confirmed [1, 2]. first we saw [3]."
    )
    own = ["Þórður Straße and Þingvellir grew [1, 2, 3]."]
    assert read_pdf_here(pdf([lines([*own, "", *LIST])]), "m.pdf").text.startswith("Þórður Straße and Þingvellir")


def test_the_type_size_is_that_of_the_scaled_page() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.scale(0.5, 0.5)
    page = [(72, 760, 11, "Skin heals."), (126, 764, 7, "1,2"), (160, 760, 11, "Hair."), (187, 764, 7, "3")]
    for x, y, size, line in [*page, *lines(LIST, top=700)]:
        canvas.setFont("Times-Roman", 2 * size)
        canvas.drawString(2 * x, 2 * y, line)
    canvas.save()
    manuscript = read_pdf_here(out.getvalue(), "m.pdf")
    assert [manuscript.text[slice(*s)] for s in manuscript.superscripts] == ["1,2", "3"]


def test_a_scan_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="scan"):
        read_pdf_here(pdf([[(72, 30, 9, "1")], [(72, 30, 9, "2")]]), "m.pdf")


def test_a_page_without_text_is_told() -> None:
    manuscript = read_pdf_here(pdf([lines([*prose(30), "so [1-3]."]), [], lines(LIST)]), "m.pdf")
    assert [r.reason for r in manuscript.regions if r.kind == "unreadable"] == [
        "page 2 has no text: it may be a picture or a scan"
    ]


def test_a_protected_file_is_refused() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(72, 700, "Skin")
    canvas.save()
    with pytest.raises(UnreadableInput, match="password"):
        read_pdf_here(out.getvalue(), "m.pdf")


def test_too_many_pages_are_refused_at_once() -> None:
    with pytest.raises(UnreadableInput, match=f"more than the {MAX_PAGES}"):
        read_pdf_here(pdf([[]] * (MAX_PAGES + 1)), "m.pdf")


def test_the_worker_reads_alike() -> None:
    data = pdf([lines([*prose(30), "so [1-3]."]), [], lines(LIST)])
    assert read_pdf(data, "m.pdf") == read_pdf_here(data, "m.pdf")


def test_the_worker_hands_on_what_it_refuses() -> None:
    with pytest.raises(UnreadableInput, match=r"^m\.pdf is damaged or cut short"):
        read_pdf(b"%PDF-1.4", "m.pdf")


def test_a_page_that_unpacks_without_end_is_stopped() -> None:
    packer = zlib.compressobj()
    start = packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(start + block * 900)  # 900 MB in a few kilobytes
    body = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    data = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(body, 1))
    data += b"trailer << /Size 5 /Root 1 0 R >>\n%%EOF"
    assert len(data) < 20_000
    with pytest.raises(UnreadableInput, match="more time or memory than a manuscript does"):
        read_pdf(data, "m.pdf")


def test_accents_that_stand_by_themselves_belong_to_the_letter_under_them() -> None:
    def told(*glyphs: tuple[str, float, float]) -> str:
        return "".join(g.text for g in with_accents([Glyph(text, a, b, 700, 11) for text, a, b in glyphs]))

    assert told(("C", 0, 7), ("´", 7.6, 11.2), ("e", 7.2, 12), ("l", 12, 15)) == "Cél"
    assert told(("R", 0, 7), ("¨", 7.1, 11), ("ı", 7.4, 10.6)) == "Rï"
    assert told(("x", 0, 5), ("´", 5, 9), ("y", 9, 14), ("¨", 14, 18)) == "x´y¨"


def test_a_list_with_hanging_indents_that_begins_at_the_foot_of_a_page() -> None:
    names = ("Adams", "Baker", "Clark", "Davis")
    page = lines([*prose(36), "as was seen before (Adams, 2010; Baker, 2011; Clark, 2012; Davis, 2013).", "References"])
    y = min(piece[1] for piece in page) - 14
    for i, name in enumerate(names):
        page += [
            (72, y, 11, f"{name} A, Evans B. {2010 + i}. The healing of skin and what depends on it, as told by small"),
            (90, y - 14, 11, f"vesicles in each phase. Journal of Skin {i + 3}:{i}1–{i}9."),
        ]
        y -= 28
    manuscript = read_pdf_here(pdf([page]), "m.pdf")
    assert [r.authors[0].family for r in manuscript.references] == list(names)
