"""What the tagger sees of a token: itself, its neighbours, where it stands, the stretch it stands in.

Feature groups follow Councill, Giles and Kan (ParsCit, LREC 2008) and Lopez (GROBID, ECDL 2009), without their
dictionaries. Nearly every feature is a byte string made once and found again in a table: the same few thousand
words, class sequences and positions make up all references.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from refcheck.parsing.tokens import Token

_WORDS = {
    "mon": "jan january feb february mar march apr april may jun june jul july aug august sep sept"
    " september oct october nov november dec december janvier février mars avril mai juin juillet août"
    " septembre octobre novembre décembre"
    " januar februar märz juni juli oktober dezember enero febrero marzo abril mayo junio julio agosto septiembre"
    " octubre noviembre diciembre spring summer autumn fall winter",
    "vol": "vol volume vols volumes band bd tome jahrgang jg 제 第 том т",
    "iss": "no nr num number issue iss heft fasc nº n° № вып",
    "sup": "suppl supplement supp pt part spec",
    "pp": "pp p pages page pgs seiten s с стр 쪽 页 art article",
    "ed": "ed eds editor editors edited hrsg hg éd éds editeur editeurs coord org orgs herausgegeben",
    "edn": "edn edition auflage aufl édition edición",
    "in": "in dans em en im",
    "et": "et",
    "al": "al coll",
    "and": "and und y e og och & и et",
    "conf": "proc proceedings conference conf symposium symp workshop meeting congress kongress actes colloque annual"
    " international",
    "jou": "journal j rev review reviews revue zeitschrift annals ann bulletin bull transactions trans letters lett"
    " archives arch acta quarterly magazine int science sci res research medicine med physics phys chem chemistry"
    " biol biology nature am eur br lancet plos clin nat natl",
    "uni": "university universität université universidad universidade univ institute institut department dept"
    " laboratory school college faculty",
    "pub": "press publisher publishers publishing verlag springer elsevier wiley sons blackwell cambridge oxford"
    " routledge mcgraw academic sage éditions editions kluwer dover birkhäuser north holland gallimard puf seuil",
    "the": "thesis phd dissertation thèse mémoire diss diplomarbeit master msc",
    "rep": "report rep tech technical memo working paper preprint rapport tr",
    "id": "doi pmid pubmed pmcid pmc medline arxiv isbn issn",
    "web": "available retrieved accessed access from online internet url http https cited consulté abgerufen"
    " disponible website homepage epub",
    "trl": "translated translator trad übers traduit",
    "prs": "submitted forthcoming appear unpublished accepted preparation communication personal",
    "ser": "lecture notes series lncs ser collection",
    "jr": "jr sr ii iii iv",
    "grp": "collaboration group committee consortium investigators",
    "fn": "the of and for a an on der die das des le la les du with to by from using at as is are die im zur et",
    "par": "van von der den de del della di da dos das zu ter ten bin ibn el",
}
_CLASS: dict[str, str] = {}
for _name, _list in _WORDS.items():
    for _word in _list.split():
        _CLASS.setdefault(_word, _name)

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_QUOTES = frozenset('"“”«»„‟')
_STOPS = frozenset('.,;:()[]"“”«»?!')


class _Kind(NamedTuple):
    """All that can be said of a token without its neighbours."""

    cls: str  # class used in sequences: initial, capitalised, lower, year, n-digit number, keyword, the mark itself
    here: list[bytes]
    left: tuple[list[bytes], ...]  # features it lends to the token 1, 2, 3 to its right
    right: tuple[list[bytes], ...]  # … to its left


_EDGE = _Kind(
    "^",
    [],
    ([b"-1^"], [b"-2^"], [b"-3^"]),
    ([b"+1$"], [b"+2$"], [b"+3$"]),
)
_KINDS: dict[tuple[str, str], _Kind] = {}
_GRAMS: dict[tuple[str, ...], list[bytes]] = {}
_STATES: dict[tuple[object, ...], list[bytes]] = {}
_CACHE = 12_000  # entries; about 15 MB


def _shape(text: str) -> str:
    shape = "".join("X" if c.isupper() else "d" if c.isdigit() else "x" if c.isalpha() else c for c in text[:12])
    return re.sub(r"(.)\1{2,}", r"\1\1\1", shape)[:7]


def _coarse(text: str, lower: str) -> str:
    first = text[0]
    if text.isdigit():
        return "Y" if len(text) == 4 and _YEAR.fullmatch(text) else f"{min(len(text), 7)}"
    if first.isalpha():
        if _CJK.match(first):
            return "k" if len(text) < 5 else "K"
        if len(text) == 1:
            return "I" if first.isupper() else "i"
        if text.isupper():
            return "II" if len(text) < 4 else "UU"
        if first.isupper():
            return "C"
        return "l"
    return text if len(text) == 1 else "o"


def _kind(text: str, identifier: str) -> _Kind:
    key = (text, identifier)
    kind = _KINDS.get(key)
    if kind is None:
        kind = _make_kind(text, identifier)
        if len(_KINDS) > _CACHE:
            _KINDS.clear()
        _KINDS[key] = kind
    return kind


def _make_kind(text: str, identifier: str) -> _Kind:
    if identifier:
        word = cls = coarse = identifier.upper()
        keyword = "-"
        here = ["w=" + word]
    else:
        lower = text.lower()
        coarse = _coarse(text, lower)
        keyword = _CLASS.get(lower, "-")
        word = f"D{min(len(text), 7)}" if text.isdigit() else lower[:24]
        # A keyword says more than its shape, but "J" the initial and "in" the word must stay apart from "j", "IN".
        cls = keyword + ("" if coarse in ("l", "i") else coarse) if keyword != "-" else coarse
        here = ["w=" + word]
        if text[0].isalpha():
            here += ["p=" + lower[:3], "s=" + lower[-3:], "t=" + lower[-2:]]
            here.append("h=" + _shape(text))
        elif text.isdigit():
            here.append("d=" + text[:2] if len(text) == 4 else "d=-")
    here += ["c=" + cls, "y=" + coarse, "k=" + keyword]
    context = [(f"w{{}}{word}", f"c{{}}{cls}", f"y{{}}{coarse}"), (f"w{{}}{word}", f"c{{}}{cls}"), (f"c{{}}{cls}",)]

    def lend(sign: str) -> tuple[list[bytes], ...]:
        return tuple(
            [f.replace("{}", f"{sign}{d}=", 1).encode() for f in group] for d, group in enumerate(context, start=1)
        )

    return _Kind(cls, [f.encode() for f in here], lend("-"), lend("+"))


def _grams(a: str, b: str, c: str, d: str, e: str) -> list[bytes]:
    key = (a, b, c, d, e)
    grams = _GRAMS.get(key)
    if grams is None:
        grams = [
            f"1={b}|{c}".encode(),
            f"2={c}|{d}".encode(),
            f"3={b}|{c}|{d}".encode(),
            f"4={a}|{b}|{c}".encode(),
            f"5={c}|{d}|{e}".encode(),
            f"6={a}|{b}|{c}|{d}|{e}".encode(),
        ]
        if len(_GRAMS) > _CACHE:
            _GRAMS.clear()
        _GRAMS[key] = grams
    return grams


def _state(*state: object) -> list[bytes]:
    known = _STATES.get(state)
    if known is None:
        cls, blank, deep, quoted, sentence, since_stop, year, since_year, position = state
        known = [
            f"b={blank}{cls}".encode(),
            f"(={deep}{cls}".encode(),
            f"q={quoted}{cls}".encode(),
            f"n={sentence}{cls}".encode(),
            f"l={since_stop}".encode(),
            f"yc={since_year}{cls}".encode(),
            f"yn={year}{sentence}".encode(),
            f"P={position}".encode(),
            f"Pc={position}{cls}".encode(),
        ]
        if len(_STATES) > _CACHE:
            _STATES.clear()
        _STATES[state] = known
    return known


def features(text: str, tokens: Sequence[Token]) -> list[list[bytes]]:
    """The features of every token of one entry.

    >>> from refcheck.parsing.tokens import tokenise
    >>> rows = features("Lee J 2020", tokenise("Lee J 2020"))
    >>> len(rows), b"c=Y" in rows[2]
    (3, True)
    """
    n = len(tokens)
    kinds = [_kind(t.text, t.kind) for t in tokens]
    classes = ["^^", "^", *(k.cls for k in kinds), "$", "$$"]
    stretches = _stretches(tokens, kinds)
    style = _style(text, tokens, kinds)
    styles: dict[str, list[bytes]] = {}
    padded = [_EDGE, _EDGE, _EDGE, *kinds, _EDGE, _EDGE, _EDGE]
    rows: list[list[bytes]] = []
    deep = quoted = sentence = since_stop = year = 0
    since_year = -1
    last_end = 0
    for i, token in enumerate(tokens):
        kind = kinds[i]
        cls = kind.cls
        mark = token.text
        if mark in "([":
            deep += 1
        elif mark in _QUOTES:
            quoted ^= 1
        blank = "_" if token.start > last_end else "."
        follows = tokens[i + 1].start if i + 1 < n else token.end + 1
        if follows > token.end:
            blank += "_"
        position = str(i) if i < 6 else f"e{n - i}" if n - i < 8 else f"m{i * 6 // n}"
        row = [
            *kind.here,
            *padded[i + 2].left[0],
            *padded[i + 4].right[0],
            *padded[i + 1].left[1],
            *padded[i + 5].right[1],
            *padded[i].left[2],
            *padded[i + 6].right[2],
            *_grams(*classes[i : i + 5]),
            *_state(
                cls, blank, min(deep, 2), quoted, min(sentence, 6),
                since_stop if since_stop < 6 else 6 + min(since_stop - 6, 24) // 6,
                year, min(since_year, 5), position,
            ),
            *stretches[i],
        ]  # fmt: skip
        by_style = styles.get(cls)
        if by_style is None:
            by_style = styles[cls] = [f"{s}/{cls}".encode() for s in style]
        row += by_style
        rows.append(row)
        if mark in ")]":
            deep = max(0, deep - 1)
        if mark == "." and follows > token.end and not (i and kinds[i - 1].cls in ("I", "i")):
            sentence += 1
            since_stop = 0
        else:
            since_stop += 1
        if cls == "Y":
            year, since_year = 1, 0
        elif since_year >= 0:
            since_year += 1
        last_end = token.end
    return rows


def _stretches(tokens: Sequence[Token], kinds: Sequence[_Kind]) -> list[list[bytes]]:
    """Features of the stretch between two marks that a token stands in: what opens it, what closes it, its make-up."""
    n = len(tokens)
    rows: list[list[bytes]] = [[]] * n
    i = 0
    number = 0
    while i < n:
        if tokens[i].text in _STOPS:
            i += 1
            continue
        j = i
        capitals = lower = digits = 0
        seen = ""
        while j < n and tokens[j].text not in _STOPS:
            cls = kinds[j].cls
            if cls[-1:] in ("C", "U", "I"):
                capitals += 1
            elif cls == "l" or (cls[:1].islower() and cls[-1:].islower()):
                lower += 1
            elif cls[:1].isdigit() or cls == "Y":
                digits += 1
            if not seen and cls[:3] in ("jou", "con", "pub", "uni", "the", "rep"):
                seen = cls[:3]
            j += 1
        length = j - i
        before = kinds[i - 1].cls if i else "^"
        after = kinds[j].cls if j < n else "$"
        beyond = kinds[j + 1].cls if j + 1 < n else "$"
        size = length if length < 4 else 4 + min(length - 4, 16) // 4
        mix = f"{min(capitals, 3)}{min(lower, 3)}{min(digits, 2)}"
        rows_here = [
            f"Sx={before}|{after}|{beyond}".encode(),
            f"Sa={after}|{beyond}".encode(),
            f"Sm={mix}".encode(),
            f"Sma={mix}{after}{beyond}".encode(),
            f"Ss={size}{seen}".encode(),
            f"Sn={min(number, 8)}{size}".encode(),
            f"Sf={kinds[i].cls}|{kinds[j - 1].cls}|{after}".encode(),
        ]
        for k in range(i, j):
            rows[k] = rows_here
        number += 1
        i = j
    return rows


def _style(text: str, tokens: Sequence[Token], kinds: Sequence[_Kind]) -> list[str]:
    """The layout of the whole entry, told by a few signs."""
    n = len(tokens)
    years = [i for i, k in enumerate(kinds) if k.cls == "Y"]
    if years:
        i = years[0]
        before = kinds[i - 1].cls if i else "^"
        after = kinds[i + 1].cls if i + 1 < n else "$"
        where = f"G{i * 4 // n}{before if before in '([,.;:' else 'w'}{after if after in ')],.;:' else 'w'}"
        tail = f"H{min(3, n - 1 - years[-1])}"
    else:
        where, tail = "G-", "H-"
    first = 0
    while first < min(n, 6) and (tokens[first].text.isdigit() or tokens[first].text in "[]()."):
        first += 1
    opening = "|".join(k.cls for k in kinds[first : first + 3])
    marks = ("q" if any(q in text for q in '"“«') else "") + (";" if ";" in text else "")
    return [where, tail, "O" + opening, f"M{marks}{min(4, n // 20)}"]
