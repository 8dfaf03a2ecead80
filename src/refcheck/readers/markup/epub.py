"""EPUB books -> Manuscript: the pages in reading order, read as HTML into one text."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from lxml import etree

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.archive import Parts
from refcheck.readers.flow import Flow, read_flow
from refcheck.readers.markup.html import tell_page

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_PAGES = frozenset(["application/xhtml+xml", "text/html"])
MAX_PAGES = 1_000


def read_epub(data: bytes, name: str) -> Manuscript:
    """Read an e-book; its table of contents is left out.

    Raises:
        UnreadableInput: damaged, protected, or without pages.
        NoReferences: there is no reference list in it.
    """
    parts = Parts(data, name, "EPUB file")
    if parts.read("META-INF/encryption.xml") and parts.read("META-INF/rights.xml"):
        raise UnreadableInput(f"{name} is protected against copying: give the manuscript as .docx or PDF.")
    flow = Flow()
    for page in _pages(parts):
        content = parts.read(page)
        if content:
            flow.gap()
            tell_page(flow, content, f"{name} ({page})")
    if not flow.text:
        raise UnreadableInput(f"{name} is an e-book without pages of text: give the manuscript as .docx or PDF.")
    return read_flow(flow, name, "epub")


def _pages(parts: Parts) -> list[str]:
    """The members that hold the pages, in the order of the package's spine."""
    container = parts.xml("META-INF/container.xml")
    root = container.find(f".//{_CONTAINER}rootfile") if container is not None else None
    path = root.get("full-path") or "" if root is not None else ""
    package = parts.xml(path)
    if package is None:
        raise UnreadableInput(f"{parts.name} does not say where its pages are: it is no EPUB file, or damaged.")
    items: dict[str, str] = {}
    for item in package.iter("{*}item"):
        kind, properties = item.get("media-type") or "", (item.get("properties") or "").split()
        if kind in _PAGES and "nav" not in properties:
            items[item.get("id") or ""] = _within(path, item.get("href") or "")
    order = [items[i] for x in _spine(package) if (i := x.get("idref") or "") in items]
    return list(dict.fromkeys(order))[:MAX_PAGES]


def _spine(package: etree._Element) -> list[etree._Element]:
    return list(package.iter("{*}itemref"))


def _within(package: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(href.partition("#")[0])))
