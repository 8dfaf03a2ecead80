"""Plain text and Markdown, in whatever encoding they arrive."""

from __future__ import annotations

import codecs

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.parsing import read_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the first bytes say a file is, and what to do about it.
_KNOWN_FILES = (
    (b"%PDF", "a PDF file: give it the suffix .pdf"),
    (b"PK\x03\x04", "a ZIP container: if it is a Word file, give it the suffix .docx"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Office file (.doc): save it as .docx"),
    (b"{\\rtf", "a rich-text file (.rtf): save it as .docx"),
    (b"\x89PNG", "an image: give the text itself"),
    (b"\xff\xd8\xff", "an image: give the text itself"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
)
_SAMPLE = 65_536  # bytes, or characters: the beginning, by which text is told from anything else
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
_FEW_DAMAGED = 10  # one damaged place among so many letters beyond ASCII leaves a file UTF-8
_MOST_CONTROLS = 0.005  # share of control bytes above which a file is not text


def decode(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 by their marks, else UTF-8, else Windows-1252.

    Line ends become "\\n". Raises UnreadableInput, in one sentence that says what to do, for an empty or binary file.

    >>> decode(b"\\xef\\xbb\\xbfna\\xc3\\xafve\\r\\n", "m.txt"), decode("naïve".encode("cp1252"), "m.txt")
    ('naïve\\n', 'naïve')
    """
    if not data.strip():
        raise UnreadableInput(f"{name or 'the input'} is empty: give a manuscript with its reference list.")
    for start, what in _KNOWN_FILES:
        if data.startswith(start):
            raise UnreadableInput(f"{name or 'the input'} is not text but {what}.")
    text = _decoded(data, name)
    if not text.strip():
        raise UnreadableInput(f"{name or 'the input'} is empty: give a manuscript with its reference list.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    sample = data[:_SAMPLE]
    zeros = sample.count(0)
    if zeros > len(sample) // 4:
        # UTF-16 without its mark: every other byte of Latin text is zero.
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if max(even, odd) > 10 * (min(even, odd) + 1) or min(even, odd) == 0:
            return data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > max(1, _MOST_CONTROLS * len(sample)):
        raise UnreadableInput(
            f"{name or 'the input'} is not text but a binary file: save the manuscript as .docx, .pdf, .txt or .md."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", errors="replace")
    damaged, letters = text.count("\ufffd"), sum(1 for c in text[:_SAMPLE] if c > "\x7f")
    if damaged * _FEW_DAMAGED <= letters:
        return text  # UTF-8 with a few damaged places
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_plain(data: bytes, name: str) -> Manuscript:
    """Read a plain text file. Raises UnreadableInput, and NoReferences where no list is found."""
    return read_text(decode(data, name), name=name, format="text")


def read_markdown(data: bytes, name: str) -> Manuscript:
    """Read a Markdown file: emphasis, links, `<sup>` and `^1,2^` are read as what they mean."""
    return read_text(decode(data, name), name=name, format="markdown")
