"""One text -> one `Manuscript`: the list, its entries and their fields, the regions, the callouts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from refcheck.errors import NoReferences
from refcheck.model import Callout, Manuscript, Reference, Region, Scheme, Span
from refcheck.parsing.callouts.author_links import author_year_callouts
from refcheck.parsing.callouts.scheme import UNREAD, Places, find_callouts
from refcheck.parsing.callouts.supplementary import LABEL, supplementary_callouts
from refcheck.parsing.fields.entry import parse_entry
from refcheck.parsing.reflist.entries import Entry
from refcheck.parsing.reflist.joined_works import split_parts
from refcheck.parsing.reflist.label_keys import key_callouts
from refcheck.parsing.reflist.noise import hushed
from refcheck.parsing.reflist.regions import find_regions
from refcheck.parsing.reflist.section import ReferenceList, find_lists
from refcheck.text import fold

_REPEATED_AUTHOR = re.compile(r"[*_]{0,2}(?:[—–―⸺⸻]{1,4}|-{2,6}|_{2,10})[\s.,:]{1,3}")


def read_text(
    text: str,
    *,
    name: str = "",
    format: str = "text",
    superscripts: Sequence[Span] = (),
    regions: Sequence[Region] = (),
    references: Sequence[Reference] | None = None,
) -> Manuscript:
    """The manuscript that a text holds.

    A reader that knows the list already hands it over as `references` (with spans into `text`), and what it knows of
    the layout as `regions`; the rest is found here. Raises NoReferences where no list is found: such a manuscript must
    never pass for clean.

    >>> m = read_text("Skin heals (1).\\n\\nReferences\\n\\n1. Lee A. Skin. Burns. 2020;1:2-3.")
    >>> m.scheme.value, [r.number for r in m.references], [c.numbers for c in m.callouts]
    ('paren', [1], [(1,)])
    """
    lists: list[ReferenceList] = []
    if references is None:
        lists = find_lists(text)
        if not lists:
            raise NoReferences(_nothing(text, name))
        references = _references(text, lists)
    elif not references:
        raise NoReferences(_nothing(text, name))
    known = [*regions, *(Region(kind="references", span=x.span, reason=x.reason) for x in lists)]
    if not lists and not any(r.kind == "references" for r in regions):
        known += [Region(kind="references", span=r.span) for r in references if r.span.end > r.span.start]
    everything = find_regions(text, known)
    scheme, reason, callouts = find_callouts(
        text,
        len(references),
        regions=everything,
        superscripts=superscripts,
        numbers=[r.number for r in references if r.number is not None and not _is_apart(r)],
    )
    apart = {r.key: r.number for r in references if _is_apart(r) and r.number is not None}
    keys = {r.key: r.number for r in references if lists and r.key and r.number is not None and not _is_apart(r)}
    if keys and (by_key := key_callouts(text, keys, Places(everything).kind, UNREAD)):
        callouts, scheme, reason = by_key, Scheme.KEY, f"{len(by_key)} citations by the keys of the list"
    elif scheme is Scheme.AUTHOR_YEAR:
        callouts = author_year_callouts(text, references, Places(everything).kind, UNREAD)
        reason += f", {sum(bool(c.numbers) for c in callouts)} of them matched to the list"
    if apart:
        more = supplementary_callouts(text, apart, Places(everything).kind, UNREAD)
        callouts = tuple(sorted((*callouts, *more), key=lambda c: c.span))
    return Manuscript(
        name=name,
        text=text,
        references=tuple(references),
        callouts=callouts,
        regions=tuple(everything),
        scheme=scheme,
        scheme_reason=reason,
        order=list_order(references, callouts, scheme),
        superscripts=tuple(superscripts),
        format=format,
    )


def _is_apart(reference: Reference) -> bool:
    """Whether a reference belongs to a list of its own: that of a supplement."""
    return bool(reference.key) and LABEL.match(f"{reference.key}. ") is not None


def _nothing(text: str, name: str) -> str:
    words = len(text.split())
    what = f"{name}: " if name else ""
    return (
        f'{what}no reference list was found in {words} words of text; put the heading "References" on a line of its '
        "own before the list, or give the references alone, one a line."
    )


def _references(text: str, lists: Sequence[ReferenceList]) -> list[Reference]:
    out: list[Reference] = []
    position = 0
    for found in lists:
        quiet = hushed(text, found.span)
        for entry in found.entries:
            position += 1
            body = quiet[entry.body - found.span.start : entry.span.end - found.span.start]
            out.append(_reference(text, entry, body, position, out[-1] if out else None))
    return out


def _reference(text: str, entry: Entry, body: str, position: int, before: Reference | None) -> Reference:
    number = position if entry.number is None else entry.number
    key = entry.label.strip("[]") if entry.number is None else ""
    label, start = entry.label, entry.body
    if entry.number is None and not label and (m := LABEL.match(body)):
        label, key, start, body = m.group().strip(), m["key"], start + m.end(), body[m.end() :]
    pieces = split_parts(body)
    read = parse_entry(body, start=start, number=number, label=label, key=key)
    parts = tuple(
        replace(parse_entry(body[a:b], start=start + a, number=number), raw=text[start + a : start + b])
        for a, b in pieces
    )
    if parts:
        read = replace(parts[0], parts=parts)
    if before and _REPEATED_AUTHOR.match(body) and before.authors:
        read = replace(read, authors=before.authors)
    return replace(read, raw=text[entry.span.start : entry.span.end], span=entry.span, number=number, label=label)


def list_order(references: Sequence[Reference], callouts: Sequence[Callout], scheme: Scheme) -> str:
    """How a list is ordered: "citation", "alphabetical" or "unclear"."""
    heads = [fold(r.authors[0].family) for r in references if r.authors]
    rising = sum(a <= b for a, b in itertools.pairwise(heads))
    alphabetical = len(heads) >= 5 and rising >= 0.9 * (len(heads) - 1)
    if scheme is Scheme.AUTHOR_YEAR:
        return "alphabetical" if alphabetical else "unclear"
    first: list[int] = []
    for c in callouts:
        first += [n for n in c.numbers if n not in first]
    steps = sum(a < b for a, b in itertools.pairwise(first))
    in_order = len(first) >= 2 and steps >= 0.8 * (len(first) - 1)
    if in_order:
        return "citation"
    if alphabetical:
        return "alphabetical"
    return "unclear" if len(first) < 2 or steps < 0.6 * (len(first) - 1) else "citation"
