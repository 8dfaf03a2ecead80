"""LaTeX sources -> Manuscript: `\\cite` keys are resolved against `\\bibitem`, the `.bbl` or the `.bib` beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from refcheck.errors import NoReferences, RefcheckError
from refcheck.model import Callout, Manuscript, Reference, Region, Scheme, Span
from refcheck.parsing import parse_entry, read_text
from refcheck.readers.flow import Flow, region_kinds
from refcheck.readers.lists.bibtex import parse_bibtex
from refcheck.readers.plain import decode
from refcheck.readers.printed import print_biblio, shifted
from refcheck.readers.tex import brace_ends, decode_latex
from refcheck.text import fold, squeeze

MAX_INCLUDED = 20_000_000  # characters of all included files together
MAX_FILES = 200  # included files
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%[^\n]*")
# \cite, \citep, \parencite, \textcite, \autocite, \footcite, \supercite, \Citet* … with up to three options,
# and the multicite commands of biblatex: \cites{a}[12]{b}
_CITE = re.compile(
    r"\\(?!citestyle|citename|citeindex|citereset)(?P<command>[A-Za-z]{0,12}[cC]ite[A-Za-z]{0,12})\*?"
    r"(?P<arguments>(?:\s{0,9}\[[^\[\]]{0,500}\]){0,3}\s{0,9}\{[^{}]{1,5000}\}"
    r"(?:(?<=\})(?:\[[^\[\]]{0,500}\]){0,2}\{[^{}]{1,500}\}){0,20})"
)
_KEYS = re.compile(r"\{([^{}]*)\}")
_INCLUDE = re.compile(r"\\(?:input|include|subfile)\s{0,5}\{([^{}\n]{1,300})\}")
_BIBLIOGRAPHY = re.compile(r"\\(?:bibliography|addbibresource)(?:\[[^\]]{0,200}\])?\s{0,5}\{([^{}]{1,1000})\}")
_SORTED = re.compile(
    r"\\bibliographystyle\{[^{}]*?(?:plain|alpha|abbrv|acm|siam|apalike|agsm|chicago|apa)[^{}]*\}|sorting\s?=\s?n[ty]"
)
_ITEM = re.compile(r"\\bibitem\s{0,5}")
_LIST = re.compile(r"\\begin\{thebibliography\}")
_HEADING = re.compile(r"\\(?:part|chapter|(?:sub){0,2}section|paragraph)\*?\s{0,5}(?:\[[^\[\]]{0,300}\])?\s{0,5}(?=\{)")
_FLOAT = re.compile(r"\\(begin|end)\{(table|figure|longtable|sidewaystable|abstract)\*?\}")
_BREAK = re.compile(r"\n[ \t]*\n\s*|\\par\b\s*")


@dataclass(slots=True)
class _Source:
    """A LaTeX file and what stands beside it."""

    text: str
    folder: Path | None
    bibliographies: list[str] = field(default_factory=list)
    stem: str = ""


def read_latex(data: bytes, name: str, folder: Path | None = None) -> Manuscript:
    """Read a LaTeX source; included files, the `.bbl` and the `.bib` are looked for in `folder` and nowhere else.

    A callout stands in the text as its numbers in brackets, and knows its keys. The list is in the order of the
    `.bbl` or of `\\bibitem`; without them, of the `.bib`: only what is cited, by first citation or by author as the
    style has it.

    Raises:
        UnreadableInput: not text.
        NoReferences: neither `\\bibitem` nor a `.bbl` or `.bib` file with what is cited.
    """
    source = _Source(_included(_COMMENT.sub("", decode(data, name)), folder), folder, stem=Path(name).stem)
    for m in _BIBLIOGRAPHY.finditer(source.text):
        source.bibliographies += [part.strip() for part in m.group(1).split(",")]
    begin = source.text.find("\\begin{document}")
    body = source.text[begin + len("\\begin{document}") if begin >= 0 else 0 :].split("\\end{document}")[0]
    opening = _LIST.search(body)
    listed = ""
    if opening:
        end = body.find("\\end{thebibliography}", opening.start())
        end = len(body) if end < 0 else end
        listed = body[opening.end() : end]
        body = body[: opening.start()] + "\n\n" + body[end:].removeprefix("\\end{thebibliography}")
    else:
        listed = next((t for f in _beside(source, [source.stem], ".bbl") if "\\bibitem" in (t := f)), "")
    cited = [key for m in _CITE.finditer(body) for key in _keys(m)]
    entries = list(_items(listed)) if listed else _from_bib(source, cited, bool(_SORTED.search(source.text)))
    if not entries and not cited:
        # pandoc, and authors without BibTeX, print the list and the callouts as they are
        plain = Flow()
        _tell_body(plain, body, {})
        if plain.text:
            return read_text(plain.text, name=name, format="latex", regions=_in_order(plain))
    if not entries:
        raise NoReferences(
            f"{name} has no \\bibitem list, and no .bbl or .bib file with the works cited was found beside it: "
            "give the .bbl or .bib file in the same folder."
        )
    numbers = {key: i for i, (key, _) in reversed(list(enumerate(entries, 1)))}
    flow = Flow()
    callouts = _tell_body(flow, body, numbers)
    references = _tell_list(flow, entries)
    text = flow.text
    if not callouts:
        return read_text(text, name=name, format="latex", regions=tuple(flow.regions), references=references)
    regions = _in_order(flow)
    kinds = region_kinds(regions, [c.span.start for c in callouts])
    placed = tuple(replace(c, region=kind) for c, kind in zip(callouts, kinds, strict=True))
    return Manuscript(
        name=name, text=text, references=references, callouts=placed, regions=regions, scheme=Scheme.KEY,
        scheme_reason=f"{len(callouts)} \\cite commands", format="latex",
        order="alphabetical" if _is_sorted(references) else "citation",
    )  # fmt: skip


def _in_order(flow: Flow) -> tuple[Region, ...]:
    return tuple(sorted(flow.regions, key=lambda r: (r.span.start, -r.span.end)))


def _included(text: str, folder: Path | None, depth: int = 0, budget: list[int] | None = None) -> str:
    """The source with \\input and \\include files put in, as far as they lie in the folder."""
    budget = [MAX_INCLUDED, MAX_FILES] if budget is None else budget
    if folder is None or depth > 5:
        return text

    def put_in(m: re.Match[str]) -> str:
        found = read_beside(folder, m.group(1).strip(), ".tex")
        budget[0] -= len(found)
        budget[1] -= 1
        if not found or min(budget) < 0:
            return ""
        return _included(_COMMENT.sub("", found), folder, depth + 1, budget)

    return _INCLUDE.sub(put_in, text)


def read_beside(folder: Path, name: str, suffix: str) -> str:
    """The text of a file inside the folder; "" where there is none, or where the name leads outside."""
    path = folder / name
    if not path.suffix or (path.suffix != suffix and not path.is_file()):
        path = folder / (name + suffix)
    try:
        if path.resolve().is_relative_to(folder.resolve()) and path.is_file() and path.stat().st_size < MAX_INCLUDED:
            return decode(path.read_bytes(), path.name)
    except (OSError, ValueError, RefcheckError):
        return ""
    return ""


def _beside(source: _Source, names: Sequence[str], suffix: str) -> Iterator[str]:
    if source.folder is not None:
        for name in names:
            if text := read_beside(source.folder, name, suffix):
                yield text


def _keys(m: re.Match[str]) -> list[str]:
    return [key.strip() for group in _KEYS.findall(m.group("arguments")) for key in group.split(",") if key.strip()]


def _items(listed: str) -> Iterator[tuple[str, Reference]]:
    """The entries of a thebibliography environment, decoded and read."""
    marks = list(_ITEM.finditer(listed))
    for m, following in zip(marks, [*marks[1:], None], strict=False):
        item = listed[m.end() : following.start() if following else len(listed)].split("\\end{thebibliography}")[0]
        if item.startswith("["):
            closing = _option_end(item)
            item = item[closing:].lstrip()
        close = brace_ends(item).get(0)
        if close is None:
            continue
        line = squeeze(decode_latex(item[close:]))
        yield item[1 : close - 1].strip(), replace(parse_entry(line), raw=line)


def _option_end(item: str) -> int:
    """The place after "[…]", whose braces may hold brackets."""
    depth = 0
    for i, c in enumerate(item[:3000]):
        depth += (c == "{") - (c == "}")
        if c == "]" and depth <= 0:
            return i + 1
    return 0


def _from_bib(source: _Source, cited: Sequence[str], by_author: bool) -> list[tuple[str, Reference]]:
    known: dict[str, Reference] = {}
    for text in _beside(source, source.bibliographies, ".bib"):
        for reference in parse_bibtex(text):
            known.setdefault(reference.key, reference)
    wanted = list(known) if "*" in cited else list(dict.fromkeys(key for key in cited if key in known))
    if by_author:
        wanted.sort(key=lambda key: fold(known[key].authors[0].family if known[key].authors else known[key].title))
    return [(key, known[key]) for key in wanted]


def _tell_body(flow: Flow, body: str, numbers: dict[str, int]) -> list[Callout]:
    callouts: list[Callout] = []
    marks = sorted([*_CITE.finditer(body), *_HEADING.finditer(body), *_FLOAT.finditer(body)], key=lambda m: m.start())
    at = 0
    ends = brace_ends(body)
    floats: list[tuple[str, int]] = []
    for m in marks:
        if m.start() < at:
            continue
        _tell(flow, body[at : m.start()])
        at = m.end()
        if m.re is _HEADING:
            end = ends.get(at)
            if end is not None:
                flow.gap()
                _tell(flow, body[at:end])
                flow.gap()
                at = end
        elif m.re is _FLOAT:
            flow.gap()
            if m.group(1) == "begin":
                floats.append((m.group(2), flow.length))
            elif floats:
                kind, start = floats.pop()
                kind = "abstract" if kind == "abstract" else "legend" if kind == "figure" else "table"
                if start < flow.length:
                    flow.regions.append(Region(kind=kind, span=Span(start, flow.length)))
        else:
            keys = [k for k in _keys(m) if k != "*"]
            if m.group("command") == "nocite" or not keys:
                continue
            found = tuple(dict.fromkeys(numbers[k] for k in keys if k in numbers))
            start = flow.settle()
            shown = "[" + ", ".join(str(numbers.get(k, k)) for k in keys) + "]"
            flow.write(shown)
            span = Span(start, flow.length)
            callouts.append(Callout(span=span, numbers=found, text=shown, keys=tuple(dict.fromkeys(keys))))
    _tell(flow, body[at:])
    return callouts


def _tell(flow: Flow, source: str) -> None:
    at = 0
    for m in _BREAK.finditer(source):
        flow.write_inline(decode_latex(source[at : m.start()]))
        flow.gap()
        at = m.end()
    flow.write_inline(decode_latex(source[at:]))


def _tell_list(flow: Flow, entries: Sequence[tuple[str, Reference]]) -> tuple[Reference, ...]:
    flow.gap()
    flow.write("References")
    flow.gap()
    out = []
    with flow.region("references"):
        for number, (key, read) in enumerate(entries, 1):
            flow.gap("\n")
            flow.write(f"{number}. ")
            line, spans = read.raw, dict(read.spans)
            if read.raw.lstrip().startswith("@"):  # from a .bib: printed, as its source is no entry of a list
                line, spans = print_biblio(read, et_al=read.et_al)
            start = flow.length
            flow.write(line)
            span = Span(start, flow.length)
            out.append(replace(read, number=number, key=key, raw=line, span=span, spans=shifted(spans, start)))
    return tuple(out)


def _is_sorted(references: Sequence[Reference]) -> bool:
    heads = [fold(r.authors[0].family) for r in references if r.authors]
    return len(heads) >= 3 and sum(a <= b for a, b in pairwise(heads)) >= 0.9 * (len(heads) - 1)
