"""Superscript numbers as candidates for callouts: true ones, and what text extraction makes of them.

Plain text leaves them glued to the word (`healing1,2`) or a blank apart from it (`repellents 15 and`). Exponents,
charges, isotopes and the marks of affiliations are told from callouts by what stands before and after.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from refcheck.model import Span
from refcheck.parsing.callouts.candidates import UNIT_AFTER, Candidate
from refcheck.parsing.callouts.numbers import BLANK, DASH, LIST, WIDEST_RANGE, expand

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾˒", "0123456789-+(),")
_TAGGED = re.compile(r"<sup>([^<>]{1,200})</sup>|\^([\d,;–—‐‑ -]{1,60})\^", re.IGNORECASE)
_UNICODE = re.compile(rf"[{_SUPERSCRIPTS}](?:[{_SUPERSCRIPTS}⁻,;–—‐‑˒-]{{0,40}}[{_SUPERSCRIPTS}])?[⁺⁻]?")
_PAGED = rf"{LIST}(?:\(\s?pp?\.?\s?\d{{1,5}}(?:{DASH}\d{{1,5}})?\))?"
_RAISED_LIST = re.compile(
    rf"{BLANK}[\[(〔（]?{BLANK}({_PAGED}(?:{BLANK}[,;]{BLANK}{_PAGED}){{0,20}}){BLANK}[\])〕）]?{BLANK}[.,]?{BLANK}"
)
# What carries an exponent or a mark instead of a callout: numbers, units, single letters, ten, chemical symbols.
_EXPONENT_BEFORE = re.compile(
    r"(?:\d|[×x]\s{0,2}10|(?<![^\W_])(?:[kcmdnµμ]?m|km|ft|in|s|h|[A-Z]|[a-zα-ω]|χ|kg/m|g/m|W/m|mg/m|/m|/cm|/mm|/kg|cells/mm|mm|cm))$"
)
# Digits that are no figure of their own: a year, or the end of a name ("LDN-27219", "COVID-19", "OBP1").
_NO_FIGURE_BEFORE = re.compile(r"(?<![\d.])(?:19|20)\d\d$|[^\W\d_][-–]?\d{1,6}$")
_LARGEST_POWER = 4  # of a unit or a symbol: m², cm³, σ⁴
# The mark of an affiliation: after a full name, before the next name or the end of the line.
_NAME_BEFORE = re.compile(r"[^\W\d_a-zß-ÿ][\w.'’-]{0,20} [^\W\d_a-zß-ÿ][\w'’-]{1,30}$")
_NAME_AFTER = re.compile(r"\s{0,2}(?:,\s?(?:and |& )?[^\W\d_a-zß-ÿ]|(?:and|&)\s[^\W\d_a-zß-ÿ]|<sup>|[\n*†‡§]|$)")
_FRONT = 5000  # characters within which a list of authors stands
_ISOTOPE_LEFT = re.compile(r"(?:^|[\s,(\[–-])$")


def raised(text: str, superscripts: Sequence[Span]) -> Iterator[Candidate]:
    """Raised numbers: true superscripts, `<sup>`, `^1,2^`, Unicode digits."""
    spans = [(s.start, s.end, text[s.start : s.end].translate(_TO_PLAIN)) for s in _joined(text, superscripts)]
    spans += [(m.start(), m.end(), m.group(1) or m.group(2)) for m in _TAGGED.finditer(text)]
    spans += [(m.start(), m.end(), m.group().translate(_TO_PLAIN)) for m in _UNICODE.finditer(text)]
    for a, b, inner in sorted(spans):
        if c := _raised_one(text, a, b, inner):
            yield c


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
    doubtful = _perhaps_exponent(left, values.values) or _marks_author(text, a, b, left)
    return Candidate(Span(a, b), values.values, not doubtful, values.problem, not doubtful)


def _marks_author(text: str, a: int, b: int, left: str) -> bool:
    return a < _FRONT and bool(_NAME_BEFORE.search(left) and _NAME_AFTER.match(text, b))


def _perhaps_exponent(left: str, numbers: tuple[int, ...]) -> bool:
    """Whether one raised number may be a power: of ten and other figures, or a small one of a unit or a symbol."""
    if len(numbers) > 1 or not (m := _EXPONENT_BEFORE.search(left)):
        return False
    if m.group()[-1].isdigit():
        return not _NO_FIGURE_BEFORE.search(left)
    return numbers[0] <= _LARGEST_POWER


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
_TIGHT_LIST = rf"{_TIGHT}(?:\s?,\s?{_TIGHT}){{0,40}}"
_NO_FIGURE = rf"(?!\s?%|[.,]\d|\s?{DASH}\s?\d)"
# Searches begin at a digit; what stands before it is looked at afterwards, which keeps long texts fast.
_GLUED = re.compile(
    rf"(?:(?<=[^\W\d_])|(?<=[.,;:!?)\]”’\"'»%])|(?<=[^\d](?:19|20)\d\d))(?P<list>{_TIGHT_LIST})"
    rf"(?:\)(?P<more>[,–-])\((?P<list2>{_TIGHT}))?(?=[\s.,;:!?()\]”’\"»—–]|$){_NO_FIGURE}"
)
_GLUED_LEFT = re.compile(r"(?:[^\W\d_]{2,40}|[^\W\d_][.,;:!?]|[)\]”’\"'»%][.,;:]?|(?<!\d)(?:19|20)\d\d[.,;]?)$")
_SPACED = re.compile(rf"(?<=[ \u00a0])(?P<list>{_TIGHT_LIST})(?=\s?[.,;)]|[ \u00a0][a-zA-Z(]|\s{{0,2}}\n){_NO_FIGURE}")
_SPACED_LEFT = re.compile(r"(?:[^\W\d_]{2,40}|[)\]”’\"'»%.,;]|\w)$")
_TOKEN = re.compile(r"\w+")
_WORD_TIMES = 3  # how often an acronym stands alone before a number glued to it counts as a callout
_LEFT_MOST = 42  # characters before a number that are looked at
# Words that stand before a number that counts something.
_COUNTING = frozenset(
    """
    of to with in at by for from the a an and or is was are were be than about least most only all between over
    under after before until up every each per other both our these those their its ph day days week weeks month
    year years fig figs table eq ref refs no nos vol sec sect chap appendix step page pages pp version ca approx
    approximately nearly almost equal exactly x n p r t df then into within during score scores grade stage type
    phase class level group groups chromosome exon site
    """.split()
)
# Words that are written together with a number that counts them: "Figure1", "Group2".
_COUNTED = frozenset(
    """
    figure fig figura abbildung table tabla tabela tabelle cluster group day week month type phase grade stage step
    experiment model study trial case patient dataset plot site panel box appendix section equation eq chapter class
    subject sample line version level exon intron chromosome
    """.split()
)
_SHORT_WORDS = frozenset(
    ["in", "of", "by", "to", "as", "or", "al", "on", "is", "it", "us", "do", "up", "so", "di", "de"]
)
_ENUMERATOR = re.compile(r"[A-Z][a-zà-ÿ]+|[A-Z]{1,2}|pH")
_ABBREVIATED = frozenset("fig figs eq eqs ref refs no nos vol sec sect chap app tab p pp ver v ca approx".split())


def glued(text: str) -> Iterator[Candidate]:
    """Numbers glued to a word or its punctuation, as plain text leaves superscripts: `healing1,2` or `scars.3–5`."""
    tokens: Counter[str] | None = None
    for m in _GLUED.finditer(text):
        at = m.start()
        before = _GLUED_LEFT.search(text[max(0, at - _LEFT_MOST) : at])
        if not before:
            continue
        left = before.group()
        if left.endswith(".") and _word_before(text, at - 1) in _ABBREVIATED:
            continue
        values = expand(m.group("list"))
        numbers, end = values.values, m.end("list")
        if m.group("list2"):
            rest = expand(m.group("list2")).values
            ranged = m.group("more") != "," and numbers and rest and 0 < rest[0] - numbers[-1] <= WIDEST_RANGE
            numbers += (*range(numbers[-1] + 1, rest[0]), *rest) if ranged else rest
            end = m.end("list2")
        if not numbers or UNIT_AFTER.match(text, end):
            continue
        sure = _ends_words(left, len(numbers)) or _closes_words(text, at - len(left))
        if not sure and left.isalpha() and left.lower() not in _COUNTED:
            # "ATLAS39" is a callout where ATLAS is a word of the text and "ATLAS39" is not.
            tokens = tokens if tokens is not None else Counter(_TOKEN.findall(text))
            whole = _TOKEN.match(text, at - len(left))
            sure = tokens[left] >= _WORD_TIMES and whole is not None and tokens[whole.group()] == 1
        yield Candidate(Span(at, end), numbers, sure, values.problem)


def _ends_words(left: str, count: int) -> bool:
    """Whether what stands before glued numbers is running text, and not the name of a gene or the like ("Kip1")."""
    word = left.rstrip(".,;:!?)]”’\"'»%")
    if word.lower() in _COUNTED:
        return word.islower() and count > 1
    if len(word) < 2:
        return left[0] not in "%)"
    if word.islower():
        return len(word) >= 3 or word in _SHORT_WORDS
    return count > 1 or (len(word) > 4 and word[1:].islower())


def _closes_words(text: str, at: int) -> bool:
    """Whether the parenthesis that closes at an offset stands apart from the word before it: not "Ca3(PO4)2"."""
    if text[at] not in ")]":
        return False
    opening = text.rfind("(" if text[at] == ")" else "[", max(0, at - 200), at)
    return opening > 0 and not text[opening - 1].isalnum()


def _word_before(text: str, at: int) -> str:
    start = at
    while start > 0 and at - start < 12 and text[start - 1].isalpha():
        start -= 1
    return text[start:at].lower()


def spaced(text: str) -> Iterator[Candidate]:
    """Numbers a blank apart from the word, as some extractions leave superscripts: `insect repellents 15 and`.

    A number after a word that counts ("of 5", "Plot 2", "pH 7") is none; those before a punctuation mark are sure.
    """
    for m in _SPACED.finditer(text):
        before = _SPACED_LEFT.search(text[max(0, m.start() - _LEFT_MOST) : m.start() - 1])
        if not before or before.group().lower() in _COUNTING or _ENUMERATOR.fullmatch(before.group()):
            continue
        values = expand(m.group("list"))
        if values.values and not values.problem and not UNIT_AFTER.match(text, m.end()):
            closed = bool(re.match(r"\s?[.,;)]|\s{0,2}\n", text[m.end() : m.end() + 3])) or len(values.values) > 1
            yield Candidate(Span(*m.span("list")), values.values, closed)
