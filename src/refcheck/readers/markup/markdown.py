"""Markdown with pandoc citations: `[@key]` is resolved against the bibliography that the header names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from refcheck.errors import NoReferences, RefcheckError
from refcheck.model import Callout, Manuscript, Reference, Region, Scheme, Span
from refcheck.readers.flow import overlaps
from refcheck.readers.lists.bibtex import parse_bibtex
from refcheck.readers.lists.ris import read_csl_json
from refcheck.readers.markup.latex import read_beside
from refcheck.readers.plain import decode, read_markdown
from refcheck.readers.printed import printed_list

_HEADER = re.compile(r"---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_BIBLIOGRAPHY = re.compile(r"(?m)^bibliography:[ \t]*(\S[^\n]{0,500})?((?:\n[ \t]*-[ \t]*[^\n]{1,300}){0,50})")
# pandoc's manual, "Citation syntax": a key begins with a letter, digit or _, and may hold inner punctuation; or {…}
_KEY = re.compile(r"(?<![\w@.+-])-?@(?:\{([^{}\n]{1,200})\}|(\w(?:[\w:.#$%&+?<>~/-]{0,100}\w)?))")
_GROUP = re.compile(r"\[[^\[\]]{0,1000}\]")
_CODE = re.compile(r"(?ms)^(```|~~~).*?^\1|`[^`\n]{1,500}`")


def read_pandoc(data: bytes, name: str, folder: Path | None = None) -> Manuscript:
    """Read Markdown. Where it cites by key and names a bibliography that lies in `folder`, the works cited are the
    list, printed at the end of the text in the order of citation; else it is read as any Markdown.

    Raises:
        UnreadableInput: not text.
        NoReferences: there is no reference list in it.
    """
    text = decode(data, name)
    named = _named(text) if "@" in text else []
    callouts = list(_callouts(text)) if named else []
    if not callouts:
        return read_markdown(data, name)
    known = _bibliography(named, folder)
    cited = list(dict.fromkeys(key for c in callouts for key in c.keys))
    if not any(key in known for key in cited):
        files = ", ".join(named)[:200]
        raise NoReferences(
            f"{name} cites by key, but no work cited was found in its bibliography ({files}): give that file in the "
            "same folder."
        )
    listed = [(key, known[key]) for key in cited if key in known]
    heading = "\n\nReferences\n\n"
    printed, references = printed_list(listed, len(text) + len(heading))
    numbers = {r.key: r.number for r in references}
    whole = text + heading + printed
    return Manuscript(
        name=name,
        text=whole,
        references=references,
        callouts=tuple(
            Callout(
                span=c.span, text=c.text, keys=c.keys,
                numbers=tuple(n for key in c.keys if (n := numbers.get(key)) is not None),
            )
            for c in callouts
        ),
        regions=(Region(kind="references", span=Span(len(text) + len(heading), len(whole))),),
        scheme=Scheme.KEY,
        scheme_reason=f"{len(callouts)} citations by key",
        order="citation",
        format="markdown",
    )  # fmt: skip


def _named(text: str) -> list[str]:
    """The bibliography files that the header names."""
    header = _HEADER.match(text)
    found = _BIBLIOGRAPHY.search(header.group(1)) if header else None
    if found is None:
        return []
    names = re.split(r"[,\[\]\n]|(?<!\S)-(?=\s)", f"{found.group(1) or ''}\n{found.group(2) or ''}")
    return [bare for name in names if (bare := name.strip().strip("'\""))]


def _bibliography(names: Sequence[str], folder: Path | None) -> dict[str, Reference]:
    known: dict[str, Reference] = {}
    for name in names:
        source = read_beside(folder, name, ".bib") if folder is not None else ""
        if not source:
            continue
        try:
            as_json = name.endswith(".json")
            entries = read_csl_json(source.encode(), name).references if as_json else parse_bibtex(source, name)
        except RefcheckError:
            continue
        for reference in entries:
            known.setdefault(reference.key, reference)
    return known


def _callouts(text: str) -> Iterator[Callout]:
    """Groups in brackets, and keys in the running text; code is passed over."""
    hidden = [Span(*m.span()) for m in _CODE.finditer(text)]
    header = _HEADER.match(text)
    at = header.end() if header else 0

    def keys_of(piece: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((a or b).rstrip(".:,;?") for a, b in _KEY.findall(piece)))

    marks = [m for m in _GROUP.finditer(text, at) if keys_of(m.group())]
    inside = [Span(*m.span()) for m in marks]
    marks += [m for m in _KEY.finditer(text, at) if not overlaps(inside, Span(*m.span()))]
    for m in sorted(marks, key=lambda m: m.start()):
        if overlaps(hidden, Span(m.start(), m.start() + 1)):
            continue
        yield Callout(span=Span(*m.span()), numbers=(), text=m.group(), keys=keys_of(m.group()))
