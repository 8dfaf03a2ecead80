"""Two wordings of a title, word by word: what is the same, what is only printed otherwise, what differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from refcheck.matching.damage import lost_ligature

# Words that carry no content of their own: English, German, French, Spanish, Italian and Portuguese articles,
# prepositions and conjunctions.
FUNCTION_WORDS = frozenset(
    "a an the of and or in on at by for from to with as is are be its via into per und der die das des dem den "
    "von im zur zum für fur mit bei le la les l de du d des et en au aux un une sur pour par dans el los las del y e "
    "con por para una il lo gli i della delle dei di da do dos das no na nos nas o os s amp".split()
) - {"i", "no", "o", "e", "s"}

# Words that turn a statement round or set one part of a work apart from another: never a matter of spelling.
NEGATIONS = frozenset("not no non without never nor neither lack absence failure fails failed against".split())
_PARTS = frozenset(
    "i ii iii iv v vi vii viii ix x xi xii one two three four five six seven eight nine ten first second third "
    "fourth fifth reply response comment correction erratum corrigendum addendum retraction retracted withdrawn "
    "author editorial letter commentary rebuttal".split()
)
# Prefixes that make another word of a word, mostly its opposite.
_TURNING = (
    "in un non a an dis im ir il anti hyper hypo pre post inter intra macro micro over under mono poly multi uni "
    "extra super sub de re co counter pro homo hetero endo exo up down".split()
)


@lru_cache(maxsize=32768)
def spelling(word: str) -> str:
    """British and American spellings of a folded word brought together; not a word itself.

    The pairs are those of the usual lists (Oxford spelling, Webster): ae/oe–e, our–or, ise–ize, yse–yze, re–er,
    ll–l, ogue–og, ence–ense, sulph–sulf, gramme–gram.

    >>> spelling("haemorrhage") == spelling("hemorrhage"), spelling("tumour") == spelling("tumor")
    (True, True)
    >>> spelling("centre") == spelling("center"), spelling("modelling") == spelling("modeling")
    (True, True)
    """
    given = word
    if len(word) < 5:
        return {"grey": "gray", "tyre": "tire", "vs": "versus", "v": "versus"}.get(word, word)
    for old, new in (("ae", "e"), ("oe", "e"), ("ue", "u"), ("our", "or"), ("isation", "ization"), ("ising", "izing"),
                     ("ised", "ized"), ("iser", "izer"), ("ises", "izes"), ("yse", "yze"), ("ysing", "yzing"),
                     ("ll", "l"), ("sulph", "sulf"), ("ogue", "og"), ("gramme", "gram"), ("aluminium", "aluminum"),
                     ("mould", "mold"), ("sceptic", "skeptic"), ("enrol", "enrol")):  # fmt: skip
        if old in word:
            word = word.replace(old, new)
    if word.endswith("ise"):
        word = word[:-3] + "ize"
    elif word.endswith("re") and word[-3] in "tb":
        word = word[:-2] + "er"
    elif word.endswith("ence"):
        word = word[:-4] + "ense"
    return word if word == given else spelling(word)  # "aae" loses both its a


def is_sharp(word: str) -> bool:
    """Whether a word must be printed exactly: numbers, numerals, negations, the marks of parts and replies.

    >>> is_sharp("ii"), is_sharp("24"), is_sharp("not"), is_sharp("therapy")
    (True, True, True, False)
    """
    return word in _PARTS or word in NEGATIONS or any(c.isdigit() for c in word)


@lru_cache(maxsize=32768)
def near(a: str, b: str) -> bool:
    """Whether one word is a slip or another form of the other (plural, a letter more or less), not another word.

    0.8 is the usual threshold for word typos in record linkage (about one letter in five).

    >>> near("therapies", "therapy"), near("effective", "ineffective"), near("oncology", "radiology")
    (True, False, False)
    """
    if min(len(a), len(b)) < 4 or fuzz.ratio(a, b) < (70 if a[:5] == b[:5] else 80):
        return False
    if is_sharp(a) or is_sharp(b):
        return False
    short, long = sorted((a, b), key=len)
    if long.endswith(short) and long[: len(long) - len(short)] in _TURNING:
        return False
    for x in _TURNING:
        if a.startswith(x):
            rest = a[len(x) :]
            if len(rest) >= 4 and b.endswith(rest) and b[: len(b) - len(rest)] in _TURNING:
                return False
    return True


_VALUES = {word: str(i) for i, word in enumerate("zero one two three four five six seven eight nine ten".split())} | {
    word: str(i) for i, word in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), 1)
}


def _value(word: str) -> str:
    """A number word or numeral as figures: “Part II” and “Part 2” are one."""
    return _VALUES.get(word, word)


def _turns(recorded: Sequence[str], printed: Sequence[str]) -> bool:
    mine, theirs = ({_value(w) for w in words if is_sharp(w)} for words in (printed, recorded))
    if mine and theirs:
        return mine != theirs
    return bool((mine | theirs) & NEGATIONS)


def _short_for(short: Sequence[str], long: Sequence[str]) -> bool:
    """One word of few letters that stands for several: HPV for human papillomavirus."""
    telling = [w for w in long if w not in FUNCTION_WORDS]
    if len(short) != 1 or len(telling) < 2 or not 1 < len(short[0]) < 7:
        return False
    letters, initials = iter("".join(telling)), iter(short[0])
    return all(w[0] in initials for w in telling) and all(c in letters for c in short[0])


class Difference(NamedTuple):
    """One place where two wordings part: recorded words and printed words (either may be empty)."""

    recorded: tuple[str, ...]
    printed: tuple[str, ...]
    at: int  # index of the first printed word concerned
    edge: str  # "start", "end" or "" (inside)


class Wording(NamedTuple):
    """The outcome of comparing recorded words with printed words."""

    content: tuple[Difference, ...]  # words of content that differ
    sharp: bool  # numbers, negations or part marks differ
    turned: bool  # one number or part mark stands for another, or a negation on one side alone: another work
    slips: tuple[Difference, ...]  # other forms or misspellings of the same word
    function: int  # function words that differ
    spelled: bool  # British against American spelling, joined or parted words
    same: int  # recorded words printed as recorded (or as another form of them)


# Stretches with more pairs of words than this are other titles altogether, not variants to be told apart.
_MANY = 100


def _spelt_otherwise(recorded: str, printed: str) -> bool:
    return (
        spelling(recorded) == spelling(printed)
        or _value(recorded) == _value(printed)
        or lost_ligature(printed, recorded)
    )


def _pairs(recorded: Sequence[str], printed: Sequence[str]) -> tuple[list[str], list[str], list[tuple[str, str]], bool]:
    """What is left of two stretches once equal, respelt and near words are taken out; the near ones; any respelling."""
    left, rest, slips, respelt = list(recorded), list(printed), [], False
    tests = ("equal", "spelling", "near") if len(recorded) * len(printed) <= _MANY else ("equal",)
    for test in tests:
        for a in list(left):
            for b in rest:
                if (
                    (test == "equal" and a == b)
                    or (
                        test == "spelling"
                        and (spelling(a) == spelling(b) or _value(a) == _value(b) or lost_ligature(b, a))
                    )
                    or (test == "near" and near(a, b))
                ):
                    left.remove(a)
                    rest.remove(b)
                    respelt |= test == "spelling"
                    if test == "near":
                        slips.append((a, b))
                    break
    return left, rest, slips, respelt


# Recorded Greek letters that extraction loses in print: "TCR v diversity" for TCR vβ.
_LOST = re.compile("alpha|beta|gamma|delta|kappa|lambda|omega")


#: An isotope, its mass before or behind the symbol: "38ca", "ca38", "99mtc".
_ISOTOPE = re.compile(r"(?P<mass>\d{1,3}m?)(?P<symbol>[a-z]{1,2})|(?P<symbol2>[a-z]{1,2})(?P<mass2>\d{1,3}m?)")


def _isotope(joined: str) -> tuple[str, str] | None:
    m = _ISOTOPE.fullmatch(joined)
    return (m["mass"] or m["mass2"], m["symbol"] or m["symbol2"]) if m else None


def _joined_alike(recorded: Sequence[str], printed: Sequence[str]) -> bool:
    a, b = "".join(recorded), "".join(printed)
    if a and b and len(a) == len(b) and (isotope := _isotope(a)):
        return isotope == _isotope(b)
    return (
        a == b
        or spelling(a) == spelling(b)
        or lost_ligature(b, a)
        or a.replace("beta", "ss") == b
        or (b != "" and _LOST.sub("", a) == b)
    )


def compare_wording(recorded: Sequence[str], printed: Sequence[str]) -> Wording:
    """Compare the words of a recorded title with the printed ones.

    >>> w = compare_wording("a tool for measuring pain".split(), "an instrument for measuring pain".split())
    >>> [(d.recorded, d.printed) for d in w.content]
    [(('tool',), ('instrument',))]
    >>> compare_wording("wound healing in mice".split(), "wound heal ing in mice".split()).content
    ()
    """
    operations = Levenshtein.opcodes(recorded, printed)
    blocks: list[list[int]] = []
    same = 0
    for op in operations:
        if op.tag == "equal":
            same += op.src_end - op.src_start
            continue
        if blocks and blocks[-1][1] == op.src_start and blocks[-1][3] == op.dest_start:
            blocks[-1][1], blocks[-1][3] = op.src_end, op.dest_end
        else:
            blocks.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    content, slips, function, sharp, turned, spelled = [], [], 0, False, False, False
    for i1, i2, j1, j2 in blocks:
        a, b = list(recorded[i1:i2]), list(printed[j1:j2])
        if a and b and _joined_alike(a, b):
            spelled = True
            same += len(a)
            continue
        left, rest, near_pairs, respelt = _pairs(a, b)
        spelled |= respelt
        same += len(a) - len(left)
        edge = "start" if j1 == 0 and i1 == 0 else "end" if i2 == len(recorded) and j2 == len(printed) else ""
        if near_pairs:
            slips.append(Difference(tuple(x for x, _ in near_pairs), tuple(y for _, y in near_pairs), j1, edge))
        if left and rest and _joined_alike(left, rest):
            spelled = True
            same += len(left)
            continue
        if _short_for(left, rest) or _short_for(rest, left):
            slips.append(Difference(tuple(left), tuple(rest), j1, edge))
            same += len(left)
            continue
        kept_left = tuple(w for w in left if w not in FUNCTION_WORDS)
        kept_rest = tuple(w for w in rest if w not in FUNCTION_WORDS)
        function += len(left) + len(rest) - len(kept_left) - len(kept_rest)
        if kept_left or kept_rest:
            content.append(Difference(kept_left, kept_rest, j1, edge))
            if any(is_sharp(w) for w in kept_left + kept_rest):
                sharp = True
                turned |= _turns(kept_left, kept_rest)
    return Wording(tuple(content), sharp, turned, tuple(slips), function, spelled, same)


# A full stop after an initial or a short word ("N. L. Bowen", "vs. placebo") ends nothing.
_BREAK = re.compile(r"\s{0,3}(?:[:?!;]|(?<=[^\W\d_]{4})\.(?=\s)|\s[-–—]\s|[–—])\s{0,3}")


def main_titles(title: str) -> tuple[str, ...]:
    """A title cut at each place where a subtitle may begin, shortest first, without the title itself.

    >>> main_titles("Overcome the barriers of the skin: exosome therapy")
    ('Overcome the barriers of the skin',)
    """
    return tuple(title[: m.start()] for m in _BREAK.finditer(title) if m.start() >= 8 and m.end() < len(title))
