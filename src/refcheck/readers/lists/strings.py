"""Reference strings without a manuscript -> Manuscript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from refcheck.model import Manuscript, Reference, Region, Scheme, Span
from refcheck.parsing.fields.entry import parse_entry


def read_string(text: str) -> Reference:
    """One reference string; spans are offsets into it.

    >>> read_string("Wu P, Zhang B. MSC-exosome. Cytotherapy. 2018 Mar;20(3):291-301.").volume
    '20'
    """
    return parse_entry(text)


def read_strings(strings: Sequence[str], name: str = "references") -> Manuscript:
    """A list of reference strings as a manuscript that is only a list, numbered from 1; it has no callouts."""
    text = "\n".join(strings)
    references = []
    start = 0
    for number, string in enumerate(strings, 1):
        reference = parse_entry(string, start=start)
        references.append(replace(reference, number=number) if reference.number is None else reference)
        start += len(string) + 1
    return Manuscript(
        name=name,
        text=text,
        references=tuple(references),
        regions=(Region(kind="references", span=Span(0, len(text))),),
        scheme=Scheme.UNCLEAR,
        scheme_reason="a list of references alone has no callouts",
        format="strings",
    )
