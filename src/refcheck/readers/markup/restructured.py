"""reStructuredText -> Manuscript. docutils parses it; nothing that a text asks to include or to run is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import frontend, nodes
from docutils.parsers.rst import Parser
from docutils.utils import new_document

from refcheck.errors import UnreadableInput
from refcheck.model import Callout, Manuscript, Span
from refcheck.readers.counters import numeral
from refcheck.readers.flow import Flow, read_flow
from refcheck.readers.markup.markdown import only_beside, read_keyed
from refcheck.readers.plain import decode

MAX_CHARACTERS = 1_000_000  # docutils reads some 200,000 a second
# Roles of sphinxcontrib-bibtex: :cite:`lee2020,wu2021`, :cite:p:`…`, :footcite:t:`…`.
_CITE = re.compile(r":(?:foot)?cite(?::[a-z]{1,20})?:`([^`\n]{1,500})`")
_BIBLIOGRAPHY = re.compile(r"(?m)^\s{0,9}\.\. bibliography::[ \t]*(\S[^\n]{0,500})?$")
_ROLE = re.compile(r":[\w:+.-]{1,40}:`([^`]{0,500})`")
_TARGET = re.compile(r"\s*<[^<>]{0,300}>$")
_FORMS = {
    "arabic": "decimal", "loweralpha": "lowerLetter", "upperalpha": "upperLetter", "lowerroman": "lowerRoman",
    "upperroman": "upperRoman",
}  # fmt: skip
# No file is read or written, no markup of another kind is let through, and errors are left in the tree.
_SAFELY = {
    "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 6,
    "_disable_config": True, "line_length_limit": MAX_CHARACTERS, "warning_stream": False,
}  # fmt: skip
_LEFT_OUT = (
    nodes.comment, nodes.system_message, nodes.substitution_definition, nodes.target, nodes.raw, nodes.docinfo,
    nodes.image, nodes.doctest_block, nodes.meta, nodes.pending,
)  # fmt: skip
_BLOCKS = (nodes.Body, nodes.title, nodes.subtitle, nodes.section, nodes.topic, nodes.sidebar, nodes.legend)


class _Teller:
    def __init__(self) -> None:
        self.flow = Flow()
        self.callouts: list[Callout] = []

    def tell(self, node: nodes.Node, raised: bool = False) -> None:
        if isinstance(node, nodes.Text):
            self.flow.write_inline(node.astext(), raised=raised)
        elif isinstance(node, _LEFT_OUT) or (isinstance(node, nodes.literal_block) and "code" in node["classes"]):
            return
        elif isinstance(node, nodes.problematic):
            self._unknown_role(node.astext(), raised)
        elif isinstance(node, nodes.footnote_reference | nodes.citation_reference):
            self.flow.write(f"[{node.astext()}]")
        elif isinstance(node, nodes.footnote | nodes.citation):
            self._entry(node)
        elif isinstance(node, nodes.enumerated_list):
            self._enumerated(node)
        elif isinstance(node, nodes.table):
            self.flow.gap()
            with self.flow.region("table"):
                self._children(node, raised)
            self.flow.gap()
        elif isinstance(node, nodes.row | nodes.list_item | nodes.line | nodes.definition_list_item):
            self.flow.gap("\n")
            self._children(node, raised)
            self.flow.gap("\n")
        elif isinstance(node, nodes.entry):
            self._children(node, raised)
            self.flow.gap("\t")
        elif isinstance(node, nodes.paragraph) and isinstance(node.parent, nodes.list_item | nodes.entry):
            self._children(node, raised)
            self.flow.gap("\n")
        elif isinstance(node, _BLOCKS):
            self.flow.gap()
            self._children(node, raised)
            self.flow.gap()
        else:
            self._children(node, raised or isinstance(node, nodes.superscript))

    def _children(self, node: nodes.Node, raised: bool) -> None:
        for child in node.children:
            self.tell(child, raised)

    def _unknown_role(self, text: str, raised: bool) -> None:
        """A role of Sphinx or of an extension: a citation is a callout, of any other its text is shown."""
        if m := _CITE.fullmatch(text):
            keys = tuple(dict.fromkeys(k.strip() for k in m[1].split(",") if k.strip()))
            start = self.flow.settle()
            self.flow.write(text)
            self.callouts.append(Callout(span=Span(start, self.flow.length), numbers=(), text=text, keys=keys))
        else:
            m = _ROLE.fullmatch(text)
            self.flow.write_inline(_TARGET.sub("", m[1]) if m else text, raised=raised)

    def _entry(self, node: nodes.Element) -> None:
        label = node.children[0].astext() if isinstance(node.children[0], nodes.label) else ""
        self.flow.gap()
        self.flow.write(f"[{label}] ")
        for child in node.children[1 if label else 0 :]:
            self._children(child, False)
            self.flow.gap(" ")
        self.flow.gap()

    def _enumerated(self, node: nodes.enumerated_list) -> None:
        form = _FORMS.get(node.get("enumtype", ""), "decimal")
        start = int(node.get("start", 1))
        self.flow.gap()
        for number, item in enumerate(node.children, start):
            self.flow.gap("\n")
            self.flow.write(f"{node.get('prefix', '')}{numeral(number, form)}{node.get('suffix', '') or '.'} ")
            self._children(item, False)
        self.flow.gap()


def read_rst(data: bytes, name: str, folder: Path | None = None) -> Manuscript:
    """Read reStructuredText: footnotes and citations by number or name, lists, and keys of sphinxcontrib-bibtex, whose
    bibliography is looked for in `folder`.

    Raises:
        UnreadableInput: not text, too large, or nested too deep.
        NoReferences: there is no reference list in it.
    """
    text = decode(data, name)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableInput(
            f"{name} holds more than {MAX_CHARACTERS:,} characters of reStructuredText: give the manuscript alone."
        )
    settings = frontend.get_default_settings(Parser)
    vars(settings).update(_SAFELY)
    document = new_document(name, settings)
    teller = _Teller()
    try:
        Parser().parse(text, document)
        teller.tell(document)
    except (RecursionError, ValueError, AttributeError, TypeError, LookupError, AssertionError) as error:
        raise UnreadableInput(
            f"{name} cannot be read as reStructuredText (docutils gives up on it): give the manuscript as plain text "
            "(.txt)."
        ) from error
    if teller.callouts:
        named = list(_named(text)) or only_beside(folder)
        return read_keyed(teller.flow.text, teller.callouts, named, name, folder, "rst")
    return read_flow(teller.flow, name, "rst")


def _named(text: str) -> Iterator[str]:
    for m in _BIBLIOGRAPHY.finditer(text):
        yield from (m[1] or "").split()
