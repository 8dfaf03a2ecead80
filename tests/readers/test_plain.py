"""Plain text and Markdown: encodings, empty and binary files, superscript notations."""

from __future__ import annotations

import codecs

import pytest

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.model import Scheme
from refcheck.readers.plain import decode, read_markdown, read_plain

TEXT = "Skin heals (1).\n\nRéférences\n\n1. Müller Ä, Dal Prà I. Wound – healing. Burns. 2020;1:2-3.\n"
ENCODED = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with its mark": codecs.BOM_UTF8 + TEXT.encode(),
    "UTF-16, little end first": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16, big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-16 without its mark": TEXT.encode("utf-16-le"),
    "UTF-32": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "Windows-1252": TEXT.encode("cp1252"),
    "Latin-1": TEXT.replace("–", "-").encode("latin-1"),
    "line ends of Windows": TEXT.replace("\n", "\r\n").encode(),
    "line ends of old Macs": TEXT.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_encodings(encoding: str) -> None:
    m = read_plain(ENCODED[encoding], "m.txt")
    assert m.text == (TEXT.replace("–", "-") if encoding == "Latin-1" else TEXT)
    assert m.references[0].authors[0].family == "Müller"


def test_one_damaged_byte_does_not_change_the_encoding() -> None:
    text = "Ünïcödé wörds änd möre, ök. " * 5
    assert decode(text.encode()[:-1] + b"\xff\n", "m.txt").startswith(text[:-2])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\t \r\n", "is empty"),
        (codecs.BOM_UTF8 + b"\n", "is empty"),
        (bytes(range(256)) * 20, "binary file"),
        (b"%PDF-1.7 \x00\x01", "PDF"),
        (b"PK\x03\x04\x14\x00", ".docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as .docx"),
        (b"{\\rtf1\\ansi Hello}", "save it as .docx"),
        (b"\x89PNG\r\n\x1a\n", "image"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence_that_says_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        read_plain(data, "m.txt")
    message = str(caught.value)
    assert message.startswith("m.txt is ")
    assert says in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_text_without_a_list_is_never_clean() -> None:
    with pytest.raises(NoReferences, match=r"no reference list was found in 4 words"):
        read_plain(b"Skin heals in spring.", "m.txt")


@pytest.mark.parametrize("form", ["<sup>1,2</sup>", "^1,2^", "¹,²", "<sup>[1,2]</sup>"])
def test_superscripts_of_markdown(form: str) -> None:
    text = f"Skin heals.{form}\n\n## References\n\n1. Lee A. Skin. Burns. 2020;1:2.\n2. Wu B. Scars. Burns. 2021;2:3.\n"
    m = read_markdown(text.encode(), "m.md")
    assert m.format == "markdown"
    assert m.scheme is Scheme.SUPERSCRIPT
    assert [(c.text, c.numbers) for c in m.callouts] == [(form, (1, 2))]


def test_footnotes_of_markdown_are_a_numbered_list() -> None:
    text = (
        "Skin heals.[^1] Scars fade.[^2]\n\n[^1]: Lee A. Skin. Burns. 2020;1:2.\n[^2]: Wu B. Scars. Burns. 2021;2:3.\n"
    )
    m = read_markdown((text + "[^3]: Ito C. Hair. Burns. 2022;3:4.\n").encode(), "m.md")
    assert [r.number for r in m.references] == [1, 2, 3]
    assert [c.numbers for c in m.callouts] == [(1,), (2,)]
