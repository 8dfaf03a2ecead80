"""REF1, first half: the numbers of the list and the callouts that cite them. No look-up is needed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from refcheck.model import Callout, Finding, Manuscript, Match, Reference, Region, Scheme, Severity, Span
from refcheck.rules.entries import called
from refcheck.rules.table import Rule, manuscript_rule

_NUMERIC = frozenset({Scheme.BRACKET, Scheme.PAREN, Scheme.SUPERSCRIPT})
_RAISED_MARK = re.compile(r"<sup>|\^|[⁰¹²³⁴⁵⁶⁷⁸⁹]", re.IGNORECASE)

_AHEAD = 40  # characters: "[see refs. ", or the other numbers of the same callout


@manuscript_rule("REF101", "numbering-gap", Severity.ERROR)
def numbering_gap(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """The printed numbers of the list do not run 1, 2, 3 …

    Why: a number that is missing, printed twice or begun again leaves callouts that point nowhere or at two works.
    What counts as right: consecutive numbers from 1. A second list under its own heading may begin again (a note says
    that its numbers are then ambiguous); a list without printed numbers is not judged.
    Example: entries printed 1, 2, 4, 4 → "number 3 is missing", "number 4 is printed twice".
    Source: ICMJE Recommendations IV.A.3.g, "References should be numbered consecutively".
    """
    lists = [r.span for r in manuscript.regions if r.kind == "references"]
    before: Reference | None = None
    seen: set[int] = set()
    for r in manuscript.references:
        if r.number is None or not r.label:
            continue
        expected = before.number + 1 if before and before.number is not None else 1
        at = r.span
        if r.number == expected:
            pass
        elif before and r.number == 1 and _other_list(lists, before.span, at):
            yield rule.finding(
                "A second list begins again at 1: its callouts cannot be told from those of the first list.",
                severity=Severity.NOTE,
                number=1,
                span=at,
                printed=r.label,
            )
            seen = set()
        elif r.number in seen:
            yield rule.finding(
                "The list begins again at 1: its callouts are ambiguous."
                if r.number == 1 and before and before.number != 1
                else f"The number {r.number} is printed before more than one reference.",
                number=r.number,
                span=at,
                printed=r.label,
            )
        elif r.number > expected:
            missing = f"{expected}" if r.number == expected + 1 else f"{expected}–{r.number - 1}"
            word = "number" if r.number == expected + 1 else "numbers"
            after = f"after reference {before.number}" if before else "at the beginning of the list"
            yield rule.finding(
                f"The list has no {word} {missing} ({after}).", number=r.number, span=at, printed=r.label
            )
        else:
            yield rule.finding(
                f"Reference {r.number} is printed after reference {expected - 1}.",
                number=r.number,
                span=at,
                printed=r.label,
            )
        seen.add(r.number)
        before = r


def _other_list(lists: Sequence[Span], a: Span, b: Span) -> bool:
    return not any(s.start <= a.start < s.end and s.start <= b.start < s.end for s in lists)


@manuscript_rule("REF102", "uncited-reference", Severity.ERROR)
def uncited_reference(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """A reference of the list is cited nowhere in the manuscript.

    Why: every reference must be cited in the text, a table, a legend, a box or a footnote; an uncited one is a slip of
    the last revision, or its callout was lost.
    What counts as cited: any callout, ranges included, anywhere but in the list and in affiliations. It is an error
    only where the callouts are clear and every part of the manuscript could be read; one note where superscripts were
    lost in the file; one note instead of many where more than half of the list seems uncited. Author–year manuscripts
    are not judged.
    Example: [1], [2,4] and a list of four → reference 3.
    Source: AMA Manual of Style 11, 3.6; ICMJE Recommendations IV.A.3.g.
    """
    if manuscript.scheme not in _NUMERIC and manuscript.scheme is not Scheme.KEY:
        return
    cited = {n for c in manuscript.callouts for n in c.numbers}
    keys = {k for c in manuscript.callouts for k in c.keys}
    listed = [r for r in manuscript.references if r.number is not None or r.key]
    uncited = [r for r in listed if r.number not in cited and not (r.key and r.key in keys)]
    if not uncited:
        return
    if len(uncited) > max(1, len(listed) // 2):
        yield rule.finding(
            f"Only {len(listed) - len(uncited)} of {len(listed)} references are cited in a form that could be read: "
            "the others were not judged.",
            severity=Severity.NOTE,
        )
        return
    if _flattened(manuscript):
        numbers = ", ".join(str(r.number) for r in uncited)
        yield rule.finding(
            f"No callout was found for reference{'' if len(uncited) == 1 else 's'} {numbers}; superscripts are "
            "lost in this file, so some may have been overlooked.",
            severity=Severity.NOTE,
            number=uncited[0].number,
            span=uncited[0].span,
        )
        return
    severity, hint = rule.severity, ""
    if any(r.kind == "unreadable" for r in manuscript.regions):
        severity, hint = Severity.NOTE, " in what could be read of the manuscript"
    for r in uncited:
        yield rule.finding(
            f"{called(r)} is not cited{hint}.", severity=severity, number=r.number, span=r.span, printed=r.label
        )


def _flattened(manuscript: Manuscript) -> bool:
    """Whether superscript callouts were read from plain digits, as text extraction leaves them."""
    return (
        manuscript.scheme is Scheme.SUPERSCRIPT
        and not manuscript.superscripts
        and not any(_RAISED_MARK.search(c.text) for c in manuscript.callouts)
    )


@manuscript_rule("REF103", "missing-reference", Severity.ERROR)
def missing_reference(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """A callout names a reference that the list does not hold.

    Why: the reader cannot find the source; a reference was deleted, or the numbers shifted.
    What counts: a number in a callout that stands before no entry of the list. Author–year manuscripts are not judged.
    Example: "[7]" with a list of six.
    Source: AMA Manual of Style 11, 3.6; ICMJE Recommendations IV.A.3.g.
    """
    if manuscript.scheme not in _NUMERIC and manuscript.scheme is not Scheme.KEY:
        return
    listed = {r.number for r in manuscript.references}
    keys = {r.key for r in manuscript.references}
    for c in manuscript.callouts:
        for n in dict.fromkeys(c.numbers):
            if n not in listed:
                yield rule.finding(
                    f"Reference {n} is cited, but the list holds no such number.",
                    number=n,
                    span=c.span,
                    printed=c.text,
                )
        if manuscript.scheme is Scheme.KEY:
            for key in c.keys:
                if key not in keys:
                    yield rule.finding(f"The key {key} is cited, but not listed.", span=c.span, printed=key)


@manuscript_rule("REF104", "out-of-order-citation", Severity.WARNING)
def out_of_order_citation(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """References are not numbered in the order in which they are first cited.

    Why: numbered lists run in the order of first mention; 96 % of numeric journal styles ask for it.
    What counts as right: first mentions that rise. Numbers within one callout have no order; references cited only in
    a table or a legend count at the first mention of that table or figure. Off for alphabetical lists, wherever the
    order of the list is unclear, and where superscripts were lost in the file. The finding holds the
    renumbering that would mend it (old→new).
    Example: [1], [3], [2] → "2→3, 3→2".
    Source: ICMJE Recommendations IV.A.3.g; counted over 957 numeric CSL styles.
    """
    if manuscript.scheme not in _NUMERIC or manuscript.order != "citation" or _flattened(manuscript):
        return
    first: dict[int, Callout] = {}
    broken: tuple[int, Callout] | None = None
    top = 0
    listed = {r.number for r in manuscript.references}
    for callout in _in_reading_order(manuscript):
        for n in sorted(set(callout.numbers)):
            if n in first or n not in listed:
                continue
            first[n] = callout
            if n < top and broken is None:
                broken = (n, callout)
            top = max(top, n)
    if not broken:
        return
    number, callout = broken
    order = list(first)
    new = dict(zip(order, sorted(order), strict=True))  # uncited ones keep their number
    moved = [f"{old}→{to}" for old, to in sorted(new.items()) if old != to]
    shown = ", ".join(moved[:40]) + (f" and {len(moved) - 40} more" if len(moved) > 40 else "")
    neighbour = order[order.index(number) - 1]
    yield rule.finding(
        f"Reference {number} is first cited after reference {neighbour}. In the order of first citation: {shown}.",
        number=number,
        span=callout.span,
        printed=callout.text,
    )


def _in_reading_order(manuscript: Manuscript) -> list[Callout]:
    """Callouts as a reader meets them: those of a table or figure at its first mention."""
    floats = [r for r in manuscript.regions if r.kind in {"table", "legend"} and r.label]
    starts = [r.span.start for r in floats]
    mentions: dict[str, int] = {}

    def place(c: Callout) -> int:
        i = bisect_right(starts, c.span.start) - 1
        if i < 0 or floats[i].span.end <= c.span.start:
            return c.span.start
        label = floats[i].label
        if label not in mentions:
            mentions[label] = _first_mention(manuscript.text, floats[i], floats)
        return mentions[label]

    return sorted(manuscript.callouts, key=place)


def _first_mention(text: str, region: Region, floats: Sequence[Region]) -> int:
    kind, _, number = region.label.rpartition(" ")
    word = {"fig": r"fig(?:ure)?s?\.?", "tab": r"tables?"}.get(kind.lower()[:3], re.escape(kind))
    before = r"(?:[A-Z]?\d{1,3}[A-Za-z]?\s?(?:,|and|&|-|–|to)\s?){0,4}"
    mention = re.compile(rf"\b{word}[\s\u00a0]{{0,3}}{before}{re.escape(number)}(?!\d)", re.IGNORECASE)
    for m in mention.finditer(text):
        if not any(r.span.start <= m.start() < r.span.end for r in floats):
            return m.start()
    return region.span.start


@manuscript_rule("REF107", "reversed-range", Severity.ERROR)
def reversed_range(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """A range in a callout runs backwards, or is too wide to be meant.

    Why: "[9–7]" or "[3–133]" is a slip of the pen, and the references between stay unchecked.
    What counts: the second number is not larger than the first; or the range spans more than 50 references.
    Example: "[12-10]".
    Source: editors' practice.
    """
    for c in manuscript.callouts:
        if c.problem:
            what = "runs backwards" if c.problem == "reversed range" else "is wider than 50 references"
            yield rule.finding(
                f"The range in the callout {c.text} {what}.",
                number=c.numbers[0] if c.numbers else None,
                span=c.span,
                printed=c.text,
            )


@manuscript_rule("REF110", "mixed-callout-styles", Severity.NOTE)
def mixed_callout_styles(rule: Rule, manuscript: Manuscript, matches: Sequence[Match]) -> Iterable[Finding]:
    """Some callouts are printed in another form than the rest.

    Why: "[3]" among superscripts is a leftover of another journal's style, and easily overlooked in renumbering.
    What counts: a callout in brackets, parentheses or superscript that cites a reference, in a manuscript that uses
    another of these forms. "Reference 7" in words fits every style.
    Example: "healing.<sup>1</sup> … scars [2]".
    Source: AMA Manual of Style 11, 3.6; ICMJE Recommendations IV.A.3.g.
    """
    if manuscript.scheme not in _NUMERIC:
        return
    ends = [r.span.end for r in manuscript.regions if r.kind == "references"]
    second = ends[0] if len(ends) > 1 else len(manuscript.text)  # a supplement with a list of its own has its own form
    for c in manuscript.callouts:
        form = _form(c, manuscript)
        if form and form is not manuscript.scheme and c.span.start < second:
            yield rule.finding(
                f"The callout {c.text} is in {form.value} form; the manuscript uses {manuscript.scheme.value} form.",
                number=c.numbers[0] if c.numbers else None,
                span=c.span,
                printed=c.text,
            )


def _form(c: Callout, manuscript: Manuscript) -> Scheme | None:
    if any(s.start < c.span.end and c.span.start < s.end for s in manuscript.superscripts):
        return Scheme.SUPERSCRIPT
    opening = c.text.lstrip("\\")[:1]
    if opening.isdigit():  # a tag holds the number alone: its bracket stands ahead of the tag
        opening = _opened_ahead(c, manuscript) or opening
    forms = {"[": Scheme.BRACKET, "［": Scheme.BRACKET, "(": Scheme.PAREN, "（": Scheme.PAREN, "<": Scheme.SUPERSCRIPT}
    return forms.get(opening) or (Scheme.SUPERSCRIPT if _RAISED_MARK.match(opening) or opening.isdigit() else None)


def _opened_ahead(c: Callout, manuscript: Manuscript) -> str:
    """The bracket or parenthesis that is still open where a callout begins, within its line; "" where none is."""
    ahead = manuscript.text[max(0, c.span.start - _AHEAD) : c.span.start].rpartition("\n")[2]
    closed = 0
    for sign in reversed(ahead):
        if sign in "])］）":
            closed += 1
        elif sign in "[(［（":
            if not closed:
                return sign
            closed -= 1
    return ""
