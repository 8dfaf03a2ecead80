"""bytes -> Manuscript. `READERS` maps a suffix to the function that reads such a file; `read` also looks inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.plain import decode, read_plain

Reader = Callable[[bytes, str], Manuscript]


def _from(module: str, function: str) -> Reader:
    """A reader that is imported when it is first used: a list of strings does not wait for what opens PDF files."""

    def read_it(data: bytes, name: str) -> Manuscript:
        return cast(Reader, getattr(import_module(f"refcheck.readers.{module}"), function))(data, name)

    return read_it


READERS: Mapping[str, Reader] = {
    ".docx": _from("word.document", "read_docx"),
    ".doc": _from("word.old", "read_doc"),
    ".odt": _from("opendocument.document", "read_odt"),
    ".fodt": _from("opendocument.document", "read_fodt"),
    ".rtf": _from("richtext.document", "read_rtf"),
    ".pdf": _from("pdf.document", "read_pdf"),
    ".tex": _from("markup.latex", "read_latex"),
    ".bib": _from("lists.bibtex", "read_bibtex"),
    ".ris": _from("lists.ris", "read_ris"),
    ".nbib": _from("lists.ris", "read_nbib"),
    ".json": _from("lists.ris", "read_csl_json"),
    ".jsonl": _from("lists.lines", "read_jsonl"),
    ".ndjson": _from("lists.lines", "read_jsonl"),
    ".html": _from("markup.html", "read_html"),
    ".htm": _from("markup.html", "read_html"),
    ".xml": _from("markup.xml", "read_xml"),
    ".nxml": _from("markup.xml", "read_xml"),
    ".jats": _from("markup.xml", "read_xml"),
    ".tei": _from("markup.xml", "read_xml"),
    ".md": _from("markup.markdown", "read_pandoc"),
    ".markdown": _from("markup.markdown", "read_pandoc"),
    ".qmd": _from("markup.markdown", "read_pandoc"),
    ".rmd": _from("markup.markdown", "read_pandoc"),
    ".ipynb": _from("markup.notebook", "read_notebook"),
    ".rst": _from("markup.restructured", "read_rst"),
    ".epub": _from("markup.epub", "read_epub"),
    ".txt": read_plain,
    ".text": read_plain,
    "": read_plain,
}

# These may keep their list in a file of its own.
_WITH_FOLDER = {
    ".tex": ("markup.latex", "read_latex"),
    ".md": ("markup.markdown", "read_pandoc"),
    ".markdown": ("markup.markdown", "read_pandoc"),
    ".qmd": ("markup.markdown", "read_pandoc"),
    ".rmd": ("markup.markdown", "read_pandoc"),
    ".ipynb": ("markup.notebook", "read_notebook"),
    ".rst": ("markup.restructured", "read_rst"),
}

# A manuscript with its pictures has some tens of megabytes.
MAX_BYTES = 200_000_000
_BINARY = {
    ".docx": "a Word file",
    ".doc": "a Word file",
    ".odt": "an OpenDocument file",
    ".epub": "an e-book",
    ".pdf": "a PDF file",
}
_REFUSED = {
    ".pages": "is an Apple Pages file: export it as .docx",
    ".ps": "is a PostScript file: convert it to PDF",
    ".gz": "is a gzip archive: unpack it first",
    ".png": "is a picture: give the manuscript as .docx or PDF",
    ".jpg": "is a picture: give the manuscript as .docx or PDF",
    ".bbl": "is a bibliography without its text: give the .tex file, beside which it is found",
}
# What the first bytes say, whatever the name (magic numbers of the formats' own specifications).
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),  # OLE2: an old .doc, or a protected .docx; its reader says which
    (b"{\\rtf", ".rtf"),
    (b"%!PS", ".ps"),
    (b"\x1f\x8b", ".gz"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
)
_CONTENT = (
    (
        re.compile(r'\{\s{0,99}"(?:cells|nbformat|worksheets)"|\{\s{0,99}"metadata": \{[^\0]{0,3000}"kernelspec"'),
        ".ipynb",
    ),
    (re.compile(r"(?:<\?xml[^>]{0,200}\?>\s{0,99})?<office:document\b"), ".fodt"),
    (re.compile(r"(?:<\?xml[^>]{0,200}\?>\s{0,99})?<TEI\b"), ".tei"),
    (re.compile(r"(?:<\?xml[^>]{0,200}\?>\s{0,99})?(?:<!DOCTYPE html|<html)\b", re.IGNORECASE), ".html"),
    (re.compile(r"<\?xml\b|<!DOCTYPE\s|<article\b"), ".xml"),
    (re.compile(r"TY  ?- {0,2}[A-Z]"), ".ris"),
    (re.compile(r"PMID ?- \d"), ".nbib"),
    (re.compile(r"(?:%[^\n]{0,999}\n\s{0,99}){0,50}@[A-Za-z]{3,20}\s{0,9}[{(]"), ".bib"),
    (re.compile(r"(?:%[^\n]{0,999}\n\s{0,99}){0,50}\\(?:documentclass|documentstyle|begin\{document\})"), ".tex"),
    (re.compile(r'\[\s{0,99}\{\s{0,99}"'), ".json"),
)


def read(source: str | Path | bytes, name: str = "") -> Manuscript:
    """Read a manuscript or a reference list from a path, or from bytes that are called `name`.

    What the first bytes show counts for more than the suffix: a Word file called `.txt` is read as a Word file, and
    a text called `.docx` is refused with the reason.

    Raises:
        UnreadableInput: missing, damaged, protected, too large, or of a kind that is not read.
        NoReferences: read, but there is no reference list in it.

    >>> read(b"Skin heals (1).\\n\\nReferences\\n1. Lee A. Skin. Burns. 2020;1:2-3.", "m.txt").references[0].year
    '2020'
    """
    folder: Path | None = None
    if isinstance(source, bytes):
        data = source
    else:
        path = Path(source)
        name = name or path.name
        folder = path.parent
        data = _load(path)
    name = name or "the input"
    if not data.strip():
        raise UnreadableInput(f"{name} is empty: give a manuscript with its reference list.")
    if len(data) > MAX_BYTES:
        raise UnreadableInput(
            f"{name} has more than {MAX_BYTES // 1_000_000} MB: save the manuscript without pictures."
        )
    kind = kind_of(data, name)
    if kind in _REFUSED:
        raise UnreadableInput(f"{name} {_REFUSED[kind]}.")
    if folder is not None and kind in _WITH_FOLDER:
        module, function = _WITH_FOLDER[kind]
        beside = getattr(import_module(f"refcheck.readers.{module}"), function)
        return cast(Manuscript, beside(data, name, folder))
    return READERS[kind](data, name)


def kind_of(data: bytes, name: str) -> str:
    """The suffix that fits a file: by its first bytes where they tell, else by its name.

    Raises:
        UnreadableInput: the name promises a Word or PDF file, and there is something else inside.

    >>> kind_of(b"%PDF-1.7 ...", "manuscript.txt"), kind_of(b"Skin heals.", "manuscript.md")
    ('.pdf', '.md')
    """
    suffix = Path(name).suffix.lower()
    inside = _sniff(data)
    if inside:
        # XML, JSON and Markdown can hold many things: among texts, a known suffix is believed
        texts = inside not in _BINARY and inside not in _REFUSED
        return suffix if texts and suffix in READERS and suffix not in {*_BINARY, "", ".txt", ".text"} else inside
    if suffix in _BINARY and data.strip():
        raise UnreadableInput(
            f"{name} is not {_BINARY[suffix]}, or it is damaged from the first byte on: ask for it again; if it "
            "is plain text, name it .txt."
        )
    if suffix in READERS or suffix in _REFUSED:
        return suffix
    return ""


def _sniff(data: bytes) -> str:
    """The suffix that the content shows, "" where it shows none."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if (
        b"%PDF-" in data[:1024]
    ):  # readers of PDF accept up to 1,024 bytes before the header (ISO 32000-1, annex H.3.4.1)
        return ".pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        head = data[:200]
        office = b"[Content_Types].xml" in data
        if b"mimetypeapplication/vnd.oasis" in head:
            return ".odt"
        if b"mimetypeapplication/epub" in head or (b"META-INF/container.xml" in data and not office):
            return ".epub"
        return ".odt" if b"content.xml" in data and not office else ".docx"
    head = data[:4096].replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").lstrip()
    text = head.decode("utf-8", "replace")
    return next((kind for pattern, kind in _CONTENT if pattern.match(text)), "")


def _load(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableInput(f"{path} is a folder: give a file.")
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableInput(
                f"{path.name} has more than {MAX_BYTES // 1_000_000} MB: save the manuscript without pictures."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableInput(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{path} cannot be read ({error}).") from None


__all__ = ["READERS", "Reader", "decode", "kind_of", "read"]
