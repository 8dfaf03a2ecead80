"""A manuscript whose reference manager has not been asked for its list yet: the fields hold the works cited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from refcheck.errors import NoReferences
from refcheck.model import Biblio, Manuscript, Region, Span
from refcheck.parsing import read_text
from refcheck.readers.flow import Flow, read_flow
from refcheck.readers.manager_fields import MAX_FIELDS, Field, cited_works, numbers_shown, with_fields
from refcheck.readers.printed import printed_list
from refcheck.text import compact

_NO_SOURCES: Mapping[str, Biblio] = MappingProxyType({})


def read_with_fields(
    flow: Flow, name: str, format: str, fields: Sequence[Field], sources: Mapping[str, Biblio] = _NO_SOURCES
) -> Manuscript:
    """The manuscript that a flow holds, with what its fields carry; where it has no list, the fields make one.

    Raises:
        NoReferences: there is no list, and none can be made whose numbers are those that the fields show.
    """
    try:
        manuscript = read_flow(flow, name, format)
    except NoReferences:
        works = _numbered(flow.text, fields, sources)
        if not works:
            raise
        manuscript = _listed(flow, name, format, works)
    return with_fields(manuscript, fields, sources)


def _numbered(text: str, fields: Sequence[Field], sources: Mapping[str, Biblio]) -> list[Biblio]:
    """The works cited, by the numbers that the fields show; [] where these do not fit together."""
    works: dict[str, Biblio] = {}
    shown: dict[str, int] = {}
    for field in fields[:MAX_FIELDS]:
        cited = cited_works(field, sources)
        for work in cited:
            if key := _key(work):
                works.setdefault(key, work)
        numbers = numbers_shown(text[slice(*field.span)])
        if len(numbers) != 1 or len(cited) != 1 or not (key := _key(cited[0])):
            continue
        if shown.setdefault(key, numbers[0]) != numbers[0]:
            return []
    by_citation = {key: number for number, key in enumerate(works, 1)}
    if all(by_citation[key] == number for key, number in shown.items()):
        return list(works.values())
    if sorted(shown.values()) == list(range(1, len(works) + 1)):
        return [works[key] for key in sorted(shown, key=lambda key: shown[key])]
    return []


def _key(work: Biblio) -> str:
    return work.doi or (f"{compact(work.title)} {work.year}" if work.title else "")


def _listed(flow: Flow, name: str, format: str, works: Sequence[Biblio]) -> Manuscript:
    """The list printed at the end of the text."""
    text = flow.text + "\n\nReferences\n\n"
    printed, references = printed_list([("", work) for work in works], len(text))
    references = tuple(replace(r, embedded=work) for r, work in zip(references, works, strict=True))
    region = Region(
        kind="references",
        span=Span(flow.length, len(text) + len(printed)),  # with the heading, which is no callout
        reason="the file has no list: it was made from the fields of a reference manager",
    )
    regions = (*(r for r in flow.regions if r.kind != "references"), region)
    return read_text(
        text + printed, name=name, format=format, superscripts=tuple(flow.superscripts), regions=regions,
        references=references,
    )  # fmt: skip
