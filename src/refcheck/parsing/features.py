"""What the tagger sees of a token: itself, its neighbours, where it stands, the stretch it stands in.

Feature groups follow Councill, Giles and Kan (ParsCit, LREC 2008) and Lopez (GROBID, ECDL 2009), without their
dictionaries. Nearly every feature is a byte string made once and found again in a table: the same few thousand
words, class sequences and positions make up all references. Features that the model gives no weight are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

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
_TELLING = frozenset(["jou", "con", "pub", "uni", "the", "rep"])
_STOPS = frozenset('.,;:()[]"“”«»?!')


_K = TypeVar("_K")
_V = TypeVar("_V")


class _Kind(NamedTuple):
    """All that can be said of a token without its neighbours."""

    cls: str  # class used in sequences: initial, capitalised, lower, year, n-digit number, keyword, the mark itself
    here: list[bytes]
    left: tuple[list[bytes], ...]  # features it lends to the token 1, 2, 3 to its right
    right: tuple[list[bytes], ...]  # … to its left


def _shape(text: str) -> str:
    shape = "".join("X" if c.isupper() else "d" if c.isdigit() else "x" if c.isalpha() else c for c in text[:12])
    return re.sub(r"(.)\1{2,}", r"\1\1\1", shape)[:7]


def _coarse(text: str) -> str:
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
        return "C" if first.isupper() else "l"
    return text if len(text) == 1 else "o"


class FeatureTable:
    """Makes the features of references, and remembers what it made.

    Args:
        weighted: the features that the model gives a weight; None keeps all (for training).

    >>> from refcheck.parsing.tokens import tokenise
    >>> rows = FeatureTable()("Lee J 2020", tokenise("Lee J 2020"))
    >>> len(rows), b"c=Y" in rows[2]
    (3, True)
    """

    CACHE = 10_000  # entries of each table; all of them together stay below 20 MB

    def __init__(self, weighted: frozenset[bytes] | None = None) -> None:
        self._weighted = weighted
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._contexts: dict[tuple[str, str, str], _Kind] = {}
        self._grams: dict[tuple[str, ...], list[bytes]] = {}
        self._states: dict[tuple[str | int, ...], list[bytes]] = {}
        self._stretch_rows: dict[tuple[str | int, ...], list[bytes]] = {}
        self._style_rows: dict[tuple[str, str], list[bytes]] = {}
        self._edge = _Kind(
            "^",
            [],
            tuple(self._kept([f"-{d}^"]) for d in (1, 2, 3)),
            tuple(self._kept([f"+{d}$"]) for d in (1, 2, 3)),
        )

    def _kept(self, made: Iterable[str]) -> list[bytes]:
        rows = [f.encode() for f in made]
        weighted = self._weighted
        return rows if weighted is None else [f for f in rows if f in weighted]

    def _kind(self, text: str, identifier: str) -> _Kind:
        if identifier:
            word = cls = coarse = identifier.upper()
            keyword = "-"
            here = ["w=" + word]
        else:
            lower = text.lower()
            coarse = _coarse(text)
            keyword = _CLASS.get(lower, "-")
            word = f"D{min(len(text), 7)}" if text.isdigit() else lower[:24]
            # A keyword says more than its shape, but "J" the initial and "in" the word must stay apart from "j", "IN".
            cls = coarse if keyword == "-" else keyword if coarse in ("l", "i") else keyword + coarse
            here = ["w=" + word]
            if text[0].isalpha():
                here += ["p=" + lower[:3], "s=" + lower[-3:], "t=" + lower[-2:], "h=" + _shape(text)]
            elif text.isdigit():
                here.append("d=" + text[:2] if len(text) == 4 else "d=-")
        shared = self._contexts.get((cls, coarse, keyword))
        if shared is None:
            shared = self._contexts[cls, coarse, keyword] = _Kind(
                cls,
                self._kept(["c=" + cls, "y=" + coarse, "k=" + keyword]),
                tuple(self._kept([f"c-{d}={cls}", f"y-{d}={coarse}"][: 2 if d == 1 else 1]) for d in (1, 2, 3)),
                tuple(self._kept([f"c+{d}={cls}", f"y+{d}={coarse}"][: 2 if d == 1 else 1]) for d in (1, 2, 3)),
            )
        left, right = shared.left, shared.right
        if lent := self._kept([f"w-1={word}", f"w-2={word}", f"w+1={word}", f"w+2={word}"]):
            by = {f[1:3]: f for f in lent}
            left = (_with(left[0], by.get(b"-1")), _with(left[1], by.get(b"-2")), left[2])
            right = (_with(right[0], by.get(b"+1")), _with(right[1], by.get(b"+2")), right[2])
        return _Kind(cls, self._kept(here) + shared.here, left, right)

    def _gram(self, a: str, b: str, c: str, d: str, e: str) -> list[bytes]:
        return self._kept(
            (f"1={b}|{c}", f"2={c}|{d}", f"3={b}|{c}|{d}", f"4={a}|{b}|{c}", f"5={c}|{d}|{e}", f"6={a}|{b}|{c}|{d}|{e}")
        )

    def _state(self, state: tuple[str | int, ...]) -> list[bytes]:
        cls, blank, deep, quoted, sentence, since_stop, year, since_year, position = state
        return self._kept(
            (
                f"b={blank}{cls}",
                f"(={deep}{cls}",
                f"q={quoted}{cls}",
                f"n={sentence}{cls}",
                f"l={since_stop}",
                f"yc={since_year}{cls}",
                f"yn={year}{sentence}",
                f"P={position}",
                f"Pc={position}{cls}",
            )
        )

    def __call__(self, text: str, tokens: Sequence[Token]) -> list[list[bytes]]:
        """The features of every token of one entry."""
        n = len(tokens)
        known = self._kinds
        kinds: list[_Kind] = []
        for token in tokens:
            key = (token.text, token.kind)
            kind = known.get(key)
            if kind is None:
                kind = _put(known, key, self._kind(*key))
            kinds.append(kind)
        classes = ["^^", "^", *[k.cls for k in kinds], "$", "$$"]
        stretches = self._stretches(tokens, kinds)
        style = _style(text, tokens, kinds)
        styles: dict[str, list[bytes]] = {}
        grams, states = self._grams, self._states
        edge = self._edge
        padded = [edge, edge, edge, *kinds, edge, edge, edge]
        rows: list[list[bytes]] = []
        deep = quoted = sentence = since_stop = year = 0
        since_year = -1
        last_end = 0
        for i, token in enumerate(tokens):
            cls = kinds[i].cls
            mark, start, end, _ = token
            if mark in "([":
                deep += 1
            elif mark in _QUOTES:
                quoted ^= 1
            apart = i + 1 == n or tokens[i + 1].start > end
            gram = tuple(classes[i : i + 5])
            by_gram = grams.get(gram)
            if by_gram is None:
                by_gram = _put(grams, gram, self._gram(*gram))
            state = (
                cls,
                ("__" if apart else "_") if start > last_end else ("._" if apart else "."),
                deep if deep < 2 else 2,
                quoted,
                sentence if sentence < 6 else 6,
                since_stop if since_stop < 6 else 6 + (since_stop - 6 if since_stop < 30 else 24) // 6,
                year,
                since_year if since_year < 5 else 5,
                i if i < 6 else f"e{n - i}" if n - i < 8 else f"m{i * 6 // n}",
            )
            by_state = states.get(state)
            if by_state is None:
                by_state = _put(states, state, self._state(state))
            by_style = styles.get(cls)
            if by_style is None:
                by_style = styles[cls] = self._styled(style, cls)
            rows.append(
                [
                    *kinds[i].here,
                    *padded[i + 2].left[0],
                    *padded[i + 4].right[0],
                    *padded[i + 1].left[1],
                    *padded[i + 5].right[1],
                    *padded[i].left[2],
                    *padded[i + 6].right[2],
                    *by_gram,
                    *by_state,
                    *stretches[i],
                    *by_style,
                ]
            )
            if mark in ")]" and deep:
                deep -= 1
            if mark == "." and apart and not (i and kinds[i - 1].cls in ("I", "i")):
                sentence += 1
                since_stop = 0
            else:
                since_stop += 1
            if cls == "Y":
                year, since_year = 1, 0
            elif since_year >= 0:
                since_year += 1
            last_end = end
        return rows

    def _styled(self, style: Sequence[str], cls: str) -> list[bytes]:
        row: list[bytes] = []
        for sign in style:
            key = (sign, cls)
            made = self._style_rows.get(key)
            if made is None:
                made = _put(self._style_rows, key, self._kept((f"{sign}/{cls}",)))
            row += made
        return row

    def _stretches(self, tokens: Sequence[Token], kinds: Sequence[_Kind]) -> list[list[bytes]]:
        """Features of the stretch between two marks that a token stands in: what opens and closes it, its make-up."""
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
                ending = cls[-1]
                if ending in "CUI":
                    capitals += 1
                elif cls == "Y" or cls[0].isdigit():
                    digits += 1
                elif ending.islower():
                    lower += 1
                if not seen and cls[:3] in _TELLING:
                    seen = cls[:3]
                j += 1
            length = j - i
            key = (
                kinds[i - 1].cls if i else "^",
                kinds[j].cls if j < n else "$",
                kinds[j + 1].cls if j + 1 < n else "$",
                length if length < 4 else 4 + (length - 4 if length < 20 else 16) // 4,
                f"{capitals if capitals < 3 else 3}{lower if lower < 3 else 3}{digits if digits < 2 else 2}",
                seen,
                number if number < 8 else 8,
                kinds[i].cls,
                kinds[j - 1].cls,
            )
            made = self._stretch_rows.get(key)
            if made is None:
                made = _put(self._stretch_rows, key, self._stretch(key))
            rows[i:j] = [made] * length
            number += 1
            i = j
        return rows

    def _stretch(self, key: tuple[str | int, ...]) -> list[bytes]:
        before, after, beyond, size, mix, seen, number, first, last = key
        return self._kept(
            (
                f"Sx={before}|{after}|{beyond}",
                f"Sa={after}|{beyond}",
                f"Sm={mix}",
                f"Sma={mix}{after}{beyond}",
                f"Ss={size}{seen}",
                f"Sn={number}{size}",
                f"Sf={first}|{last}|{after}",
            )
        )


def _with(row: list[bytes], feature: bytes | None) -> list[bytes]:
    return row if feature is None else [*row, feature]


def _put(table: dict[_K, _V], key: _K, value: _V) -> _V:
    if len(table) >= FeatureTable.CACHE:
        table.clear()
    table[key] = value
    return value


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
