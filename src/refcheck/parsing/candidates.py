"""Everything in a text that has the form of a callout, scheme by scheme, with what speaks against it.

`sure` candidates stand where nothing but a callout stands; the others follow a number, a unit or the like. What can
be no callout at all (an equation, a dose, an isotope, an interval) is not yielded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refcheck.model import Span
from refcheck.parsing.numbers import BLANK, DASH, LIST, LOCATOR, PREFIX, WIDEST_RANGE, expand


class Candidate(NamedTuple):
    """Something in the form of a callout."""

    span: Span
    numbers: tuple[int, ...]
    sure: bool = True
    problem: str = ""
    solid: bool = False  # so plainly a callout that a number beyond the list is a missing reference


_BRACKET = re.compile(rf"\\?[\[［]{BLANK}(?P<pre>{PREFIX})(?P<list>{LIST}){LOCATOR}{BLANK}\\?[\]］]", re.IGNORECASE)
_PAREN = re.compile(rf"[(（]{BLANK}(?P<pre>{PREFIX})(?P<list>{LIST}){LOCATOR}{BLANK}[)）]", re.IGNORECASE)
_BRIDGE = re.compile(rf"{BLANK}{DASH}{{1,2}}{BLANK}")
_UNITS = (
    r"(?:mm|cm|km|nm|[µμ]m|m|s|h|min|kg|mg|[µμ]g|g|ml|mL|[µμ]l|L|l|years?|yrs?|months?|weeks?|days?|hours?|%|°|mmol|mM|[µμ]M|nM|Hz|kHz|MHz"
    r"|patients?|cases?|participants?|items?|points?|times)"
)
_UNIT_AFTER = re.compile(rf"\s{{0,2}}{_UNITS}(?![^\W_])")
_INTERVAL_BEFORE = re.compile(
    r"(?:[∈=≈<>≤≥×∪∩\\]|\b(?:interval|range|ranges|ranging|between|from)\b)\s{0,2}$", re.IGNORECASE
)
_CHEMISTRY_AFTER = re.compile(
    r"-?(?:\w{0,12}(?:arene|helicene|rotaxane|catenane|annulene|radialene|phane|crown)|bicyclo|cyclo|imidazo|pyrid|pyrim|thia|benz|furan|indol|quinol)"
)
_THING_BEFORE = re.compile(
    r"\b(?:eqn?s?|equations?|formulae?|formulas?|figs?|figures?|sect?(?:ions?)?s?|tables?|steps?|append(?:ix|ices)|schemes?|charts?|boxe?s?|chapters?|items?"
    r"|lines?|rows?|columns?|panels?|parts?|tel|fax|phone|vol|volume|no|class|stage|grade|type|phase|level|CI|IQR|SD|SE|SEM|mean|median|range|ages?|OR|RR|HR"
    r"|theorems?|lemmas?|propositions?|corollar(?:y|ies)|examples?|cases?|questions?|conditions?|assumptions?|hypothes[ie]s|rules?|problems?|algorithms?|models?|reactions?"
    r"|gl|gleichung|abb|abbildung|tabelle|équation|ecuación|equação|figura|tabla|tabela)\.?[\s,:]{0,3}$",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"\d\s{0,2}$")
_LOCATOR_AFTER = re.compile(r"\s{0,2}:\s{0,2}[a-zA-Z]?\d|\s{0,1}\d{2,}")


def brackets(text: str) -> Iterator[Candidate]:
    """`[1]`, `[2, 5–7]`, `[3, p. 4]`, and the bridged `[1]–[3]` as one."""
    pending: Candidate | None = None
    for m in _BRACKET.finditer(text):
        left, right = text[max(0, m.start() - 16) : m.start()], text[m.end() : m.end() + 24]
        values = expand(m.group("list"))
        if (
            not values.values
            or _UNIT_AFTER.match(right)
            or _INTERVAL_BEFORE.search(left)
            or _CHEMISTRY_AFTER.match(right)
            or (right[:1] in {"(", "{"} and text[m.start() - 1 : m.start()] not in {"", " "})
            or all(1500 < n < 2100 for n in values.values)
            or re.search(r"(?<![^\W_])[a-z]$", left)
        ):
            if pending:
                yield pending
            pending = None
            continue
        here = Candidate(Span(m.start(), m.end()), values.values, True, values.problem, True)
        if pending and (bridged := _bridged(text, pending, here)):
            pending = bridged
            continue
        if pending:
            yield pending
        pending = here
    if pending:
        yield pending


def _bridged(text: str, first: Candidate, second: Candidate) -> Candidate | None:
    between = text[first.span.end : second.span.start]
    if len(between) > 8 or not _BRIDGE.fullmatch(between) or not first.numbers or not second.numbers:
        return None
    low, high = first.numbers[-1], second.numbers[0]
    span = Span(first.span.start, second.span.end)
    if low < high <= low + WIDEST_RANGE:
        inner = tuple(range(low + 1, high))
        return Candidate(span, first.numbers + inner + second.numbers, True, first.problem or second.problem, True)
    problem = "reversed range" if high <= low else "range too wide"
    return Candidate(span, first.numbers + second.numbers, True, problem, True)


def parentheses(text: str) -> Iterator[Candidate]:
    """`(1)`, `(2, 5–7)`, `(see refs. 3, 4)`, and the bridged `(9)-(16)` as one."""
    found = list(_PAREN.finditer(text))
    enumerated = _enumerations(text, found)
    pending: Candidate | None = None
    for m in found:
        left, right = text[max(0, m.start() - 32) : m.start()], text[m.end() : m.end() + 16]
        values = expand(m.group("list"))
        if (
            m.start() in enumerated
            or not values.values
            or (not m.group("pre").strip() and _THING_BEFORE.search(left))
            or _UNIT_AFTER.match(right)
            or _LOCATOR_AFTER.match(right)
            or all(1500 < n < 2100 for n in values.values)
        ):
            continue
        prefixed = bool(m.group("pre").strip())
        sure = prefixed or not (_NUMBER_BEFORE.search(left) or re.search(r"(?<![^\W_])[a-zA-Z]$|[=∈±×]\s?$", left))
        here = Candidate(Span(m.start(), m.end()), values.values, sure, values.problem, False)
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
    opened = False
    for m in found:
        inner = m.group("list").strip()
        left = text[max(0, m.start() - 12) : m.start()]
        worded = bool(re.match(r"\s+[^\W\d_]", text[m.end() : m.end() + 4]))
        if inner == "1" and worded:
            if opened and len(run) >= 2:
                out.update(run)
            run, opened = [m.start()], bool(re.search(r"(?:[:;—–-]|^|\n)\s*$", left))
        elif (
            run
            and inner == str(len(run) + 1)
            and worded
            and re.search(r"(?:[:;,.]|\n|\b(?:and|or|und|et|y))\s*$", left)
        ):
            run.append(m.start())
        elif inner == "1":
            run = []
    if opened and len(run) >= 2:
        out.update(run)
    return out


_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾˒", "0123456789-+(),")
_TAGGED = re.compile(r"<sup>([^<>]{1,200})</sup>|\^([\d,;–—‐‑ -]{1,60})\^", re.IGNORECASE)
_UNICODE = re.compile(rf"[{_SUPERSCRIPTS}](?:[{_SUPERSCRIPTS}⁻,;–—‐‑˒-]{{0,40}}[{_SUPERSCRIPTS}])?[⁺⁻]?")
_PAGED = rf"{LIST}(?:\(\s?pp?\.?\s?\d{{1,5}}(?:{DASH}\d{{1,5}})?\))?"
_RAISED_LIST = re.compile(
    rf"{BLANK}[\[(〔（]?{BLANK}({_PAGED}(?:{BLANK}[,;]{BLANK}{_PAGED}){{0,20}}){BLANK}[\])〕）]?{BLANK}[.,]?{BLANK}"
)
# What carries an exponent or a mark instead of a callout: units, single letters, ten, chemical symbols.
_EXPONENT_BEFORE = re.compile(
    r"(?:\d|[×x]\s{0,2}10|(?<![^\W_])(?:[kcmdnµμ]?m|km|ft|in|s|h|[A-Z]|[a-zα-ω]|χ|kg/m|g/m|W/m|mg/m|/m|/cm|/mm|/kg|cells/mm|mm|cm))$"
)
_ISOTOPE_LEFT = re.compile(r"(?:^|[\s,(\[–-])$")


def raised(text: str, superscripts: Sequence[Span]) -> Iterator[Candidate]:
    """Raised numbers: true superscripts, `<sup>`, Unicode digits; or glued to the word, as plain text leaves them."""
    spans = [(s.start, s.end, text[s.start : s.end]) for s in _joined(text, superscripts)]
    spans += [(m.start(), m.end(), m.group(1) or m.group(2)) for m in _TAGGED.finditer(text)]
    spans += [(m.start(), m.end(), m.group().translate(_TO_PLAIN)) for m in _UNICODE.finditer(text)]
    true = [c for a, b, inner in sorted(spans) if (c := _raised_one(text, a, b, inner))]
    if true:
        yield from true
        return
    yield from glued(text)


def _raised_one(text: str, a: int, b: int, inner: str) -> Candidate | None:
    m = _RAISED_LIST.fullmatch(inner)
    if not m:
        return None
    values = expand(m.group(1))
    left = re.sub(r"</?sup>", "", text[max(0, a - 20) : a])
    right = text[b : b + 3]
    if not values.values or (_ISOTOPE_LEFT.search(left) and re.match(r"[^\W\d_]", right) and right[:1].isupper()):
        return None
    if not left.strip():
        return None
    doubtful = bool(_EXPONENT_BEFORE.search(left))
    return Candidate(Span(a, b), values.values, not doubtful, values.problem, not doubtful)


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Raised runs that only a comma, a dash or a blank keeps apart are one callout (Word splits runs at will)."""
    out: list[Span] = []
    for s in sorted(spans):
        if out and s.start - out[-1].end <= 2 and not text[out[-1].end : s.start].strip(" ,;-–\u2009"):
            out[-1] = Span(out[-1].start, max(s.end, out[-1].end))
        else:
            out.append(Span(*s))
    return out


_TIGHT = rf"[1-9]\d{{0,2}}(?:\s?{DASH}\s?[1-9]\d{{0,2}})?"
_GLUED = re.compile(
    rf"(?P<left>[^\W\d_]{{3,40}}|[^\W\d_][.,;:!?]|[)\]”’\"'»%][.,;:]?)(?P<list>{_TIGHT}(?:\s?,\s?{_TIGHT}){{0,40}})"
    rf"(?=[\s.,;:!?)\]”’\"»—–]|$)(?!\s?%|[.,]\d|\s?{DASH}\s?\d)"
)


def glued(text: str) -> Iterator[Candidate]:
    """Numbers glued to a word or its punctuation: `healing1,2` or `scars.3–5`."""
    for m in _GLUED.finditer(text):
        left = m.group("left")
        word = left.rstrip(".,;:!?)]”’\"'»%")
        if len(word) >= 3 and not (word[1:].islower() and word[-1].islower()):
            continue
        if re.match(r"(?i)(?:fig|figs|table|eq|ref|refs|no|vol|sect?|chap|appendix|step|page|pp)\.$", left):
            continue
        values = expand(m.group("list"))
        if values.values:
            a, b = m.span("list")
            yield Candidate(Span(a, b), values.values, not left.endswith(("%",)), values.problem, False)


_WORDS = re.compile(
    rf"(?<![^\W_])(?:refs?\.?|references?|citations?)\s{{0,2}}(?:nos?\.\s?|numbers?\s)?\[?(?P<list>{LIST})\]?(?!\s?%|[.,]\d|[^\W_])",
    re.IGNORECASE,
)


def in_words(text: str) -> Iterator[Candidate]:
    """`refs 3 and 4`, `reference 7`."""
    for m in _WORDS.finditer(text):
        values = expand(m.group("list"))
        if values.values and not _UNIT_AFTER.match(text, m.end()):
            yield Candidate(Span(m.start(), m.end()), values.values, True, values.problem, False)
