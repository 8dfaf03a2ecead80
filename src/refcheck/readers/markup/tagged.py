"""Cross-references to the list that are tagged as such (JATS, TEI) -> callouts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from refcheck.model import Callout, Manuscript, Reference, Region, Scheme, Span
from refcheck.parsing import find_callouts, read_text
from refcheck.parsing.manuscript import list_order
from refcheck.readers.flow import Flow, overlaps, region_kinds

# What may stand between two cross-references of one callout: "1, 2", "1–3", "[1], [2]", "1 and 2".
_BETWEEN = re.compile(r"[\s,;.&/\[\]()\u2010-\u2015\u2212-]{0,8}(?:(?:and|to|through|e|y|et|und)[\s\[(]{1,3})?")
_RANGE = re.compile(r"[\u2010-\u2015\u2212-]|\b(?:to|through)\b")
_DASH = re.compile(r"\s*[\u2010-\u2015\u2212-]\s*")
_WIDEST = 100  # entries between the ends of a range


class Mark(NamedTuple):
    """A cross-reference to the list."""

    span: Span
    ids: tuple[str, ...]
    raised: bool


def read_tagged(
    flow: Flow,
    marks: Sequence[Mark],
    references: tuple[Reference, ...],
    numbers: Mapping[str, int],
    name: str,
    format: str,
) -> Manuscript:
    """The manuscript that a flow holds, its list and its cross-references being known; `numbers` are those of ids."""
    text = flow.text
    regions = tuple(sorted(flow.regions, key=lambda r: (r.span.start, -r.span.end)))
    callouts = _callouts(text, marks, numbers)
    kinds = region_kinds(regions, [c.span.start for c in callouts])
    callouts = tuple(replace(c, region=kind) for c, kind in zip(callouts, kinds, strict=True))
    scheme, why = _scheme(text, callouts, marks)
    superscripts = tuple(flow.superscripts)
    if not callouts:
        return read_text(
            text, name=name, format=format, superscripts=superscripts, regions=regions, references=references
        )
    if scheme is not Scheme.AUTHOR_YEAR:
        callouts = _with_untagged(text, callouts, references, regions, superscripts)
    return Manuscript(
        name=name, text=text, references=references, callouts=callouts, regions=regions, scheme=scheme,
        scheme_reason=why, order=list_order(references, callouts, scheme), superscripts=superscripts, format=format,
    )  # fmt: skip


def _callouts(text: str, marks: Sequence[Mark], numbers: Mapping[str, int]) -> tuple[Callout, ...]:
    out: list[Callout] = []
    group: list[Mark] = []
    for mark in marks:
        if group and _BETWEEN.fullmatch(text, group[-1].span.end, mark.span.start) is None:
            out.append(_callout(text, group, numbers))
            group = []
        group.append(mark)
    if group:
        out.append(_callout(text, group, numbers))
    return tuple(c for c in out if c.numbers)


def _callout(text: str, group: Sequence[Mark], numbers: Mapping[str, int]) -> Callout:
    named: list[int] = []
    problem = ""
    end = group[0].span.start
    reaching = False
    for mark in group:
        shown = text[slice(*mark.span)]
        reaching = reaching or bool(_RANGE.search(text[end : mark.span.start]))
        cited = [numbers[i] for i in mark.ids if i in numbers]
        if not cited:
            cited = [int(n) for n in re.findall(r"(?<!\d)\d{1,3}(?!\d)", shown)]
        if reaching and named and cited:
            first, last = named[-1], cited[0]
            if first > last:
                problem = "reversed range"
            elif last - first > _WIDEST:
                problem = "range too wide"
            else:
                named += range(first + 1, last)
        named += cited
        reaching = _DASH.fullmatch(shown) is not None
        end = mark.span.end
    span = Span(group[0].span.start, end)
    return Callout(
        span=span, numbers=tuple(dict.fromkeys(named)), text=text[slice(*span)], problem=problem
    )  # fmt: skip


def _scheme(text: str, callouts: tuple[Callout, ...], marks: Sequence[Mark]) -> tuple[Scheme, str]:
    """How the callouts are printed, by vote."""
    votes: Counter[Scheme] = Counter()
    raised = {m.span.start for m in marks if m.raised}
    for c in callouts:
        around = text[max(0, c.span.start - 2) : c.span.start] + c.text[:1]
        if re.search(r"[^\W\d_]{2}|\b(?:1[89]|20)\d\d", c.text):
            votes[Scheme.AUTHOR_YEAR] += 1
        elif c.span.start in raised:
            votes[Scheme.SUPERSCRIPT] += 1
        elif "[" in around:
            votes[Scheme.BRACKET] += 1
        elif "(" in around:
            votes[Scheme.PAREN] += 1
    if not votes:
        return Scheme.UNCLEAR, "the callouts are tagged, but printed without brackets, parentheses or raised figures"
    scheme, count = votes.most_common(1)[0]
    return scheme, f"{count} of {len(callouts)} tagged callouts are printed so"


def _with_untagged(
    text: str,
    callouts: tuple[Callout, ...],
    references: tuple[Reference, ...],
    regions: tuple[Region, ...],
    superscripts: tuple[Span, ...],
) -> tuple[Callout, ...]:
    """Add callouts that were typed without a tag, where they name a reference that no tag cites."""
    cited = {n for c in callouts for n in c.numbers}
    known = [r.number for r in references if r.number is not None]
    if cited.issuperset(known):
        return callouts
    _, _, typed = find_callouts(text, len(known), regions=regions, superscripts=superscripts, numbers=known)
    spans = [c.span for c in callouts]
    more = [c for c in typed if not cited.issuperset(c.numbers) and not overlaps(spans, c.span)]
    return tuple(sorted((*callouts, *more), key=lambda c: c.span))
