"""HTML pages -> Manuscript: raised text, numbered lists, tables; scripts, styles and navigation are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.counters import numeral
from refcheck.readers.flow import Flow, read_flow
from refcheck.readers.plain import decode

MAX_BYTES = 40_000_000  # lxml needs about eight times as much memory
MAX_DEPTH = 200  # elements inside elements that are told apart; deeper ones are read as plain text
_SKIPPED = frozenset(["script", "style", "head", "noscript", "template", "svg", "nav", "button", "select", "textarea"])
_BLOCKS = frozenset([
    "p", "div", "section", "article", "main", "header", "footer", "aside", "h1", "h2", "h3", "h4", "h5", "h6", "ul",
    "ol", "dl", "blockquote", "figure", "figcaption", "pre", "hr", "form", "address", "body", "details", "summary",
])  # fmt: skip
_LINES = frozenset(["li", "tr", "dt", "dd"])
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s{0,3}=", re.IGNORECASE)


def read_html(data: bytes, name: str) -> Manuscript:
    """Read an HTML page; the numbers of ordered lists are printed, as a browser does.

    Raises:
        UnreadableInput: empty, too large, or not to be parsed.
        NoReferences: there is no reference list in it.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableInput(f"{name} has more than {MAX_BYTES // 1_000_000} MB: give the manuscript alone.")
    flow = Flow()
    tell_page(flow, data, name)
    if not flow.text:
        raise UnreadableInput(
            f"{name} shows no text as HTML (or nests it too deep): give the manuscript as .docx or PDF."
        )
    return read_flow(flow, name, "html")


def tell_page(flow: Flow, data: bytes, name: str) -> None:
    """Write what a page shows into a flow. Raises UnreadableInput where it is not to be parsed."""
    text = decode(data, name)
    try:
        if _CHARSET.search(data[:4096]):
            root = html.document_fromstring(data)
        else:
            text = _DECLARATION.sub("", text, count=1)
            root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise UnreadableInput(f"{name} cannot be read as HTML: save the page again, or give its text.") from error
    _tell(flow, root, False, 0, {})


def _tell(flow: Flow, element: etree._Element, raised: bool, depth: int, labels: dict[etree._Element, str]) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _SKIPPED:
        return
    if depth > MAX_DEPTH:
        flow.write_inline("".join(str(t) for t in element.itertext()), raised=raised)
        return
    if tag == "br":
        flow.gap("\n")
        return
    if tag == "table" and flow.length:
        flow.gap()
        with flow.region("table"):
            _inside(flow, element, raised, depth, labels)
        flow.gap()
        return
    if tag == "ol":
        labels.update(_labels(element))
    if tag in _BLOCKS or tag == "table":
        flow.gap()
    elif tag in _LINES:
        flow.gap("\n")
        flow.write(labels.pop(element, ""))
    elif tag in {"td", "th"}:
        flow.gap("\t")
    _inside(flow, element, raised or tag == "sup", depth, labels)
    if tag in _BLOCKS or tag == "table":
        flow.gap()
    elif tag in _LINES:
        flow.gap("\n")


def _inside(flow: Flow, element: etree._Element, raised: bool, depth: int, labels: dict[etree._Element, str]) -> None:
    flow.write_inline(element.text or "", raised=raised)
    for child in element:
        _tell(flow, child, raised, depth + 1, labels)
        flow.write_inline(child.tail or "", raised=raised)


def _labels(ordered: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The numbers that a browser prints before the items of an ordered list."""
    items = list(ordered.iterchildren("li"))
    step = 1 if ordered.get("reversed") is None else -1
    number = _whole(ordered.get("start"), 1 if step > 0 else len(items)) - step
    form = _FORMS.get(ordered.get("type") or "", "decimal")
    for item in items:
        number = _whole(item.get("value"), number + step)
        yield item, f"{numeral(number, form)}. "


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default
