"""XML files are told apart by their root: JATS, TEI, a library of EndNote, an XHTML page."""

from __future__ import annotations

from lxml import etree

from refcheck.model import Manuscript
from refcheck.readers.archive import parse_xml
from refcheck.readers.lists.endnote import read_endnote
from refcheck.readers.markup.html import read_html
from refcheck.readers.markup.jats import read_article
from refcheck.readers.markup.tei import read_tei


def read_xml(data: bytes, name: str) -> Manuscript:
    """Read an XML file, whatever of these it is.

    Raises:
        UnreadableInput: not well-formed, not safe, or of another kind.
        NoReferences: there is no reference list in it.
    """
    root = parse_xml(data, name)
    tag = etree.QName(root).localname
    if tag in {"TEI", "teiCorpus", "TEI.2"}:
        return read_tei(root, name)
    if tag in {"xml", "records"} and next(root.iter("record"), None) is not None:
        return read_endnote(root, name)
    if tag == "html":
        return read_html(data, name)
    return read_article(root, name)
