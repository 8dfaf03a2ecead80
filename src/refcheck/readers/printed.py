"""Fields that come without a printed form (element citations, RIS, CSL JSON), printed in one plain style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields as dataclass_fields

from refcheck.model import Biblio, Manuscript, Name, Reference, Region, Span

_FIELDS = tuple(f.name for f in dataclass_fields(Biblio))


def print_biblio(biblio: Biblio, *, et_al: bool = False) -> tuple[str, dict[str, Span]]:
    """The work as one line in the order of the Vancouver style, and where each field stands in it.

    >>> work = Biblio(authors=(Name(family="Wu", given="P"),), title="Skin", container="J", year="2018",
    ...               volume="20", issue="3", pages="291-301", doi="10.1000/x")
    >>> line, spans = print_biblio(work)
    >>> line, line[slice(*spans["issue"])]
    ('Wu P. Skin. J. 2018;20(3):291-301. doi:10.1000/x', '3')
    """
    line = ""
    spans: dict[str, Span] = {}

    def put(before: str, text: str, field: str, after: str = "") -> None:
        nonlocal line
        if not text:
            return
        line += before if line else ""
        spans.setdefault(field, Span(len(line), len(line) + len(text)))
        line += text + after

    def stop() -> str:
        return " " if line.endswith((".", "?", "!")) else ". "

    authors = ", ".join(map(print_name, biblio.authors))
    put("", authors, "authors", ", et al" if et_al and authors else "")
    put(stop(), biblio.title, "title")
    if biblio.editors:
        put(f"{stop()}In: ", ", ".join(map(print_name, biblio.editors)), "editors", ", editors")
    put(stop(), biblio.container, "container")
    put(stop(), biblio.edition, "edition")
    put(stop(), biblio.genre, "genre")
    put(stop(), biblio.place, "place")
    put(": " if biblio.place else stop(), biblio.publisher, "publisher")
    put("; " if biblio.publisher else stop(), biblio.year, "year")
    put(";" if biblio.year else stop(), biblio.volume, "volume")
    put("(" if biblio.volume else ";(", biblio.issue, "issue", ")")
    put(":" if biblio.volume or biblio.issue else stop(), biblio.pages, "pages")
    put(f"{stop()}doi:", biblio.doi, "doi")
    put(f"{stop()}PMID: ", biblio.pmid, "pmid")
    put(f"{stop()}arXiv:", biblio.arxiv, "arxiv")
    put(stop(), biblio.url if not biblio.doi else "", "url")
    return line, spans


def print_name(name: Name) -> str:
    """A name as Vancouver prints it.

    >>> print_name(Name(family="Dal Prà", given="I", suffix="Jr"))
    'Dal Prà I Jr'
    """
    return " ".join(part for part in (name.family, name.given, name.suffix) if part)


def reference_of(biblio: Biblio, **more: object) -> Reference:
    """A reference that has the fields of `biblio`; `more` are the other fields of `Reference`."""
    return Reference(**{name: getattr(biblio, name) for name in _FIELDS}, **more)  # type: ignore[arg-type]


def shifted(spans: dict[str, Span], by: int) -> dict[str, Span]:
    """Spans of a line, as spans of the text in which the line begins at `by`."""
    return {field: Span(span.start + by, span.end + by) for field, span in spans.items()}


def list_alone(text: str, references: Sequence[Reference], name: str, format: str) -> Manuscript:
    """A file that is a reference list and nothing else: it has no callouts, and says why."""
    return Manuscript(
        name=name,
        text=text,
        references=tuple(references),
        regions=(Region(kind="references", span=Span(0, len(text))),),
        scheme_reason="a reference list alone has no callouts",
        format=format,
    )


def printed_list(works: Iterable[tuple[str, Biblio]], start: int = 0) -> tuple[str, tuple[Reference, ...]]:
    """Works (with their keys) printed as a numbered list, and the references in it; the text begins at `start`.

    >>> text, references = printed_list([("lee", Biblio(title="Skin", year="2020"))])
    >>> text, references[0].raw, references[0].key
    ('1. Skin. 2020\\n', 'Skin. 2020', 'lee')
    """
    references = []
    pieces = []
    for number, (key, biblio) in enumerate(works, 1):
        label = f"{number}. "
        cut = isinstance(biblio, Reference) and biblio.et_al
        line, spans = print_biblio(biblio, et_al=cut)
        begin = start + len(label)
        references.append(
            reference_of(
                biblio, number=number, key=key, raw=line, label=f"{number}.", span=Span(begin, begin + len(line)),
                spans=shifted(spans, begin), confidence=1.0 if line else 0.0, et_al=cut,
            )
        )  # fmt: skip
        pieces.append(f"{label}{line}\n")
        start += len(pieces[-1])
    return "".join(pieces), tuple(references)
