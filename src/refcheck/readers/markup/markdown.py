"""Markdown with pandoc citations: `[@key]` is resolved against the bibliography that the header names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from refcheck.errors import NoReferences, RefcheckError
from refcheck.model import Callout, Manuscript, Reference, Region, Scheme, Span
from refcheck.parsing import read_text
from refcheck.readers.flow import overlaps
from refcheck.readers.lists.bibtex import parse_bibtex
from refcheck.readers.lists.ris import read_csl_json
from refcheck.readers.markup.latex import read_beside
from refcheck.readers.plain import decode
from refcheck.readers.printed import printed_list

_HEADER = re.compile(r"---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_BIBLIOGRAPHY = re.compile(r"(?m)^bibliography:[ \t]*(\S[^\n]{0,500})?((?:\n[ \t]*-[ \t]*[^\n]{1,300}){0,50})")
# pandoc's manual, "Citation syntax": a key begins with a letter, digit or _, and may hold inner punctuation; or {…}
_KEY = re.compile(r"(?<![\w@.+-])-?@(?:\{([^{}\n]{1,200})\}|(\w(?:[\w:.#$%&+?<>~/-]{0,100}\w)?))")
# What Quarto and pandoc-crossref number themselves: @fig-skin, @tbl:ages.
_CROSS_REFERENCE = re.compile(
    r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|tip|nte|wrn|imp|cau|vid|supp)[-:]"
)
# MyST, and the mark that Jupyter's own converter to LaTeX knows.
_ROLE = re.compile(r"\{cite(?::[a-z:]{1,12})?\}`([^`\n]{1,500})`|<cite data-cite=[\"']([^\"'<>]{1,300})[\"']")
_OWN_LIST = re.compile(
    r"(?mi)^#{0,6}\s?\**(?:references|bibliography|literature cited)\**:?[ \t]*\n\s{0,9}(?:\[?1[\].)]|[-*]\s|\w)"
)
_SETTINGS = ("_quarto.yml", "_metadata.yml", "_bookdown.yml")
_MOST_BESIDE = 2_000  # files of a folder that are looked through
_GROUP = re.compile(r"\[[^\[\]]{0,1000}\]")
_CODE = re.compile(r"(?ms)^(```|~~~).*?^\1|`[^`\n]{1,500}`")


def read_pandoc(data: bytes, name: str, folder: Path | None = None) -> Manuscript:
    """Read Markdown, also that of Quarto and R; see `read_pandoc_text`.

    Raises:
        UnreadableInput: not text.
        NoReferences: there is no reference list in it.
    """
    return read_pandoc_text(decode(data, name), name, folder, "markdown")


def read_pandoc_text(text: str, name: str, folder: Path | None, format: str) -> Manuscript:
    """Read Markdown. Where it cites by key and names a bibliography that lies in `folder`, the works cited are the
    list, printed at the end of the text in the order of citation; else it is read as any Markdown.

    Raises NoReferences where there is no reference list in it.
    """
    by_key = "@" in text or "{cite" in text or "data-cite" in text
    named = named_in(text, folder) if by_key else []
    if by_key and not named and not _OWN_LIST.search(text):
        # a guess: it must not turn a text that has its list elsewhere into one that cites by key
        beside = only_beside(folder)
        known = _bibliography(beside, folder)
        named = beside if known and any(key in known for c in _callouts(text) for key in c.keys) else []
    callouts = list(_callouts(text)) if named else []
    if not callouts:
        return read_text(text, name=name, format=format)
    return read_keyed(text, callouts, named, name, folder, format)


def read_keyed(
    text: str, callouts: Sequence[Callout], named: Sequence[str], name: str, folder: Path | None, format: str
) -> Manuscript:
    """A text that cites by key, with the works cited printed at its end from the bibliographies `named`.

    Raises NoReferences where none of them is found.
    """
    known = _bibliography(named, folder)
    callouts = [c for c in callouts if not all(_CROSS_REFERENCE.match(k) and k not in known for k in c.keys)]
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
        format=format,
    )  # fmt: skip


def named_in(text: str, folder: Path | None) -> list[str]:
    """The bibliography files that the header names, or the settings of the project."""
    header = _HEADER.match(text)
    names = _named(header.group(1)) if header else []
    for settings in _SETTINGS if folder is not None else ():
        names = names or _named(read_beside(folder, settings, ".yml"))  # type: ignore[arg-type]
    return names


def only_beside(folder: Path | None) -> list[str]:
    """The one BibTeX file of a folder; none where there are more."""
    if folder is None:
        return []
    with suppress(OSError):
        beside = [p.name for p in islice(folder.iterdir(), _MOST_BESIDE) if p.suffix == ".bib"]
        return beside if len(beside) == 1 else []
    return []


def _named(settings: str) -> list[str]:
    found = _BIBLIOGRAPHY.search(settings)
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
    marks += list(_ROLE.finditer(text, at))
    inside = sorted([*inside, *(Span(*m.span()) for m in marks if m.re is _ROLE)])
    marks += [m for m in _KEY.finditer(text, at) if not overlaps(inside, Span(*m.span()))]
    for m in sorted(marks, key=lambda m: m.start()):
        if m.re is _ROLE:
            keys = tuple(dict.fromkeys(k.strip() for k in (m[1] or m[2]).split(",") if k.strip()))
            yield Callout(span=Span(*m.span()), numbers=(), text=m.group(), keys=keys)
            continue
        if overlaps(hidden, Span(m.start(), m.start() + 1)):
            continue
        yield Callout(span=Span(*m.span()), numbers=(), text=m.group(), keys=keys_of(m.group()))
