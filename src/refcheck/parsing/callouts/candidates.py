"""Everything in a text that has the form of a callout, scheme by scheme, with what speaks against it.

`sure` candidates stand where nothing but a callout stands; the others follow a number, a unit or the like. What can
be no callout at all (an equation, a dose, an isotope, an interval) is not yielded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refcheck.model import Span
from refcheck.parsing.callouts.numbers import BLANK, DASH, LIST, LOCATED_LIST, LOCATOR, PREFIX, WIDEST_RANGE, expand


class Candidate(NamedTuple):
    """Something in the form of a callout."""

    span: Span
    numbers: tuple[int, ...]
    sure: bool = True
    problem: str = ""
    solid: bool = False  # so plainly a callout that a number beyond the list is a missing reference
    placed: bool = False  # a number beyond the list is one only where the order of citation leaves a gap for it


_BRACKET = re.compile(
    rf"\\?[\[［]\^?{BLANK}(?P<pre>{PREFIX})(?P<list>{LOCATED_LIST}){LOCATOR}{BLANK}\\?[\]］]", re.IGNORECASE
)
_PAREN = re.compile(rf"[(（]{BLANK}(?P<pre>{PREFIX})(?P<list>{LIST}){LOCATOR}{BLANK}[)）]", re.IGNORECASE)
_BRIDGE = re.compile(rf"{BLANK}{DASH}{{1,2}}{BLANK}")
_UNITS = (
    r"(?:mm|cm|km|nm|[µμ]m|m|s|h|min|kg|mg|[µμ]g|g|ml|mL|[µμ]l|L|l|years?|yrs?|months?|weeks?|days?|hours?|%|°|mmol|mM|[µμ]M|nM|Hz|kHz|MHz"
    r"|patients?|cases?|participants?|items?|points?|times)"
)
UNIT_AFTER = re.compile(rf"\s{{0,2}}{_UNITS}(?![^\W_])")
_SET_BEFORE = re.compile(r"[∈=≈<>≤≥×∪∩\\]\s{0,2}$")
_INTERVAL_BEFORE = re.compile(r"\b(?:intervals?|ranges?|ranging|between)\s{0,2}$", re.IGNORECASE)
_PAIR = re.compile(r"\d{1,4}\s{0,2}[,;]\s{0,2}\d{1,4}")
_CHEMISTRY_AFTER = re.compile(
    r"-?(?:\w{0,12}(?:arene|helicene|rotaxane|catenane|annulene|radialene|phane|crown)"
    r"|bicyclo|cyclo|imidazo|pyrid|pyrim|thia|benz|furan|indol|quinol)"
)
# Directions in crystals: [100], [111], [210].
_MILLER = re.compile(r"[0-3]{3}")
# What is counted by a number in parentheses: always (the first), or possibly (the second).
_THING_BEFORE = re.compile(
    r"\b(?:eqn?s?\.?|equations?|formulae?|formulas?|figs?\.?|figures?|sects?\.?|secs?\.?|tabs?\.|tables?|app\.|chaps?\.|vols?\.?|volume|no\.|CI|IQR|SD|SE|SEM|gl\.|gleichung(?:en)?|abb\.|abbildung(?:en)?|tabellen?|équations?"
    r"|ecuaci(?:ón|ones)|equaç(?:ão|ões)|figuras?|tablas?|tabelas?)[\s,:]{0,3}$",
    re.IGNORECASE,
)
# A telephone number may stand in parentheses; several numbers parted by commas are none.
_CALLED_BEFORE = re.compile(r"\b(?:tel\.?|fax|phone)[\s,:]{0,3}$", re.IGNORECASE)
_AND_ALSO = re.compile(r"\s{0,2}(?:,|and|&|or|to|through|-|–|und|et|y|e|,\s?and)\s{0,2}")
_FEW_THINGS_BEFORE = re.compile(
    r"\b(?:sections?|append(?:ix|ices)|schemes?|charts?|box(?:es)?|chapters?|steps?)[\s,:]{0,3}$", re.IGNORECASE
)
_PERHAPS_THING_BEFORE = re.compile(
    r"\b(?:steps?|theorems?|lemmas?|propositions?|corollar(?:y|ies)|algorithms?|lines?|rows?|columns?|panels?|items?|parts?|class|stage|grade|type|phase|level|mean|median|range|ages?|OR|RR|HR|no|examples?|cases?|questions?"
    r"|conditions?|assumptions?|hypothes[ie]s|rules?|problems?|models?|reactions?|criteri(?:on|a)|compounds?|complex(?:es)?|scores?)"
    r"[\s,:]{0,3}$",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(r"\b(?:mean|median|range|OR|RR|HR|scores?)[\s,:]{0,3}$", re.IGNORECASE)
# A figure of its own before the number ("5 (2)"), not the end of a name ("WSM1497 (5)") and not a year.
_NUMBER_BEFORE = re.compile(r"(?:^|[^\w.-])[\d.,]{0,12}\d\s{0,2}$")
# A figure that belongs to the word before it: "type 2 (4)", "grade 3 (7)", "day 1 (9)".
_NAMED_BY_NUMBER = re.compile(
    r"\b(?:types?|grades?|stages?|phases?|class|groups?|levels?|days?|weeks?|months?|arms?|tiers?|versions?|cohorts?|visits?"
    r"|cycles?|periods?|generations?|clusters?|category|horizon|factor)\s(?:\d{1,2}|[IVX]{1,4})[a-z]?\s{0,2}$",
    re.IGNORECASE,
)
_FEW = 12  # a single number up to this may count items, models, conditions …; a larger one hardly
_DISPLAYED = re.compile(
    r"(?m)^(?:[^\n=]{0,160}=[^\n]{0,160})?[ \t]{1,40}\((\d{1,3})\)[ \t.,]{0,3}$|^\((\d{1,3})\)[ \t]{0,3}$"
)
_YEAR_BEFORE = re.compile(r"\b(?:19|20)\d\d\s{0,2}$")
_LETTER_BEFORE = re.compile(r"(?<![^\W_])[a-z]$")
_LOCATOR_AFTER = re.compile(r"\s{0,2}:\s{0,2}[a-zA-Z]?\d|\s{0,1}\d{2,}")
_JOINT = re.compile(r"[^\S\n]?,?[^\S\n]?\n?")
_NOUN_USE = re.compile(r"\b(?:in|by|of|from|to|and|see|also|with|than|as|on|e\.g\.,?)\s$", re.IGNORECASE)


def brackets(text: str) -> Iterator[Candidate]:
    """`[1]`, `[2, 5–7]`, `[3, p. 4]`; the bridged `[1]–[3]` as one, and `humans [16], [17]` as one group.

    After a preposition brackets are nouns, each for itself: "as in [1], [2]".
    """
    pending: Candidate | None = None
    for m in _BRACKET.finditer(text):
        left, right = text[max(0, m.start() - 16) : m.start()], text[m.end() : m.end() + 24]
        values = expand(m.group("list"))
        pair = bool(_PAIR.fullmatch(m.group("list").strip()))
        if (
            not values.values
            or UNIT_AFTER.match(right)
            or (pair and _SET_BEFORE.search(left))
            or (left[-1:] == "[" and right[:1] == "]")
            or _CHEMISTRY_AFTER.match(right)
            or (left[-1:].isalnum() and right[:1] in {"(", "{"})
            or all(1500 < n < 2100 for n in values.values)
        ):
            continue
        sure = not ((pair and _INTERVAL_BEFORE.search(left)) or _LETTER_BEFORE.search(left) or _SET_BEFORE.search(left))
        solid = sure and not _MILLER.fullmatch(m.group("list"))
        here = Candidate(Span(m.start(), m.end()), values.values, sure, values.problem, solid)
        if pending and (joined := _bridged(text, pending, here) or _side_by_side(text, pending, here)):
            pending = joined
            continue
        if pending:
            yield pending
        pending = here
    if pending:
        yield pending


def _side_by_side(text: str, first: Candidate, second: Candidate) -> Candidate | None:
    between = text[first.span.end : second.span.start]
    if len(between) > 3 or not _JOINT.fullmatch(between) or not (first.sure and second.sure):
        return None
    if _NOUN_USE.search(text[max(0, first.span.start - 8) : first.span.start]):
        return None
    span = Span(first.span.start, second.span.end)
    return Candidate(span, first.numbers + second.numbers, True, first.problem or second.problem, True)


def _bridged(text: str, first: Candidate, second: Candidate) -> Candidate | None:
    between = text[first.span.end : second.span.start]
    if len(between) > 8 or not _BRIDGE.fullmatch(between) or not first.numbers or not second.numbers:
        return None
    low, high = first.numbers[-1], second.numbers[0]
    span = Span(first.span.start, second.span.end)
    sure, solid = first.sure and second.sure, first.solid
    if low < high <= low + WIDEST_RANGE:
        inner = tuple(range(low + 1, high))
        return Candidate(
            span, first.numbers + inner + second.numbers, sure, first.problem or second.problem, solid, first.placed
        )
    problem = "reversed range" if high <= low else "range too wide"
    return Candidate(span, first.numbers + second.numbers, sure, problem, solid, first.placed)


def parentheses(text: str) -> Iterator[Candidate]:
    """`(1)`, `(2, 5–7)`, `(see refs. 3, 4)`, and the bridged `(9)-(16)` as one."""
    found = list(_PAREN.finditer(text))
    enumerated = _enumerations(text, found)
    equations = {int(m.group(1) or m.group(2)) for m in _DISPLAYED.finditer(text)}
    pending: Candidate | None = None
    things_end = 0
    for m in found:
        left, right = text[max(0, m.start() - 32) : m.start()], text[m.end() : m.end() + 16]
        values = expand(m.group("list"))
        prefixed = bool(m.group("pre").strip())
        if not values.values:
            continue
        few = len(values.values) == 1 and values.values[0] <= _FEW
        if not prefixed and (
            _THING_BEFORE.search(left)
            or (len(values.values) == 1 and _CALLED_BEFORE.search(left))
            or (max(values.values) <= _FEW and _FEW_THINGS_BEFORE.search(left))
            or (things_end and m.start() - things_end < 12 and _AND_ALSO.fullmatch(text[things_end : m.start()]))
        ):
            things_end = m.end()  # "Eqs. (43) and (44)"
            continue
        if (
            m.start() in enumerated
            or UNIT_AFTER.match(right)
            or _LOCATOR_AFTER.match(right)
            or all(1500 < n < 2100 for n in values.values)
        ):
            continue
        doubt = (
            (_NUMBER_BEFORE.search(left) and not (_YEAR_BEFORE.search(left) or _NAMED_BY_NUMBER.search(left)))
            or (few and _PERHAPS_THING_BEFORE.search(left))
            or (len(values.values) == 1 and values.values[0] in equations)
            or (not few and _RANGE_BEFORE.search(left))
            or re.search(r"(?<![^\W_])[a-zA-Z]$|[=∈±×]\s?$", left)
        )
        closes = not doubt and right[:1] in {".", ",", ";"}
        here = Candidate(Span(m.start(), m.end()), values.values, prefixed or not doubt, values.problem, closes, True)
        if pending and (bridged := _bridged(text, pending, here)):
            pending = bridged
            continue
        if pending:
            yield pending
        pending = here
    if pending:
        yield pending


def _enumerations(text: str, found: Sequence[re.Match[str]]) -> set[int]:
    """Starts of `(1) …, (2) …, and (3) …` that count things in a sentence, not references."""
    out: set[int] = set()
    run: list[int] = []
    for m in found:
        inner = m.group("list").strip()
        left = text[max(0, m.start() - 12) : m.start()]
        worded = bool(re.match(r"\s+[^\W\d_]", text[m.end() : m.end() + 4]))
        if inner == "1":
            if len(run) >= 2:
                out.update(run)
            run = [m.start()] if worded else []
        elif (
            run
            and inner == str(len(run) + 1)
            and worded
            and re.search(r"(?:[:;,.]|\n|\b(?:and|or|und|et|y))\s*$", left)
        ):
            run.append(m.start())
    if len(run) >= 2:
        out.update(run)
    return out


_AFTER_STOP = LIST.replace(r"(?<![\d.])", "", 1)  # "Ref.22" without a blank
_WORDS = re.compile(
    rf"(?<![^\W_])(?:refs?\.?|references?|citations?)\s{{0,2}}(?:nos?\.\s?|numbers?\s)?\[?(?P<list>{_AFTER_STOP})\]?(?!\s?%|[.,]\d|[^\W_])",
    re.IGNORECASE,
)


def in_words(text: str) -> Iterator[Candidate]:
    """`refs 3 and 4`, `reference 7`."""
    for m in _WORDS.finditer(text):
        values = expand(m.group("list"))
        if values.values and not UNIT_AFTER.match(text, m.end()):
            yield Candidate(Span(m.start(), m.end()), values.values, True, values.problem, False)
