"""What the tagger sees of a token: itself, its neighbours, where it stands, the stretch it stands in.

Feature groups follow Councill, Giles and Kan (ParsCit, LREC 2008) and Lopez (GROBID, ECDL 2009), without their
dictionaries. Nearly every feature is a byte string made once and found again in a table: the same few thousand
words, class sequences and positions make up all references. Features that the model gives no weight are left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from refcheck.parsing.fields.keywords import CLASS_OF
from refcheck.parsing.fields.layout import ahead, stretches, style
from refcheck.parsing.fields.shapes import coarse_class, shape
from refcheck.parsing.fields.tokens import Token

_QUOTES = frozenset('"“”«»„‟')

_K = TypeVar("_K")
_V = TypeVar("_V")


Row = tuple[bytes, ...]  # of tuples of bytes alone, the garbage collector need not keep track
_NO_PAIR: tuple[Row, Row] = ((), ())


class _Kind(NamedTuple):
    """All that can be said of a token without its neighbours, and what it tells of those 1, 2, 3 tokens away."""

    cls: str  # class used in sequences: initial, capitalised, lower, year, n-digit number, keyword, the mark itself
    here: Row
    after1: Row  # for the token behind it
    after2: Row
    after3: Row
    before1: Row  # for the token before it
    before2: Row
    before3: Row


class FeatureTable:
    """Makes the features of references, and remembers what it made.

    Args:
        weighted: the features that the model gives a weight; None keeps all (for training).

    >>> from refcheck.parsing.fields.tokens import tokenise
    >>> rows = FeatureTable()("Lee J 2020", tokenise("Lee J 2020"))
    >>> len(rows), b"c=Y" in rows[2]
    (3, True)
    """

    CACHE = 20_000  # entries of each table; all of them together stay below 30 MB

    def __init__(self, weighted: frozenset[bytes] | None = None) -> None:
        self._weighted = {f.decode(): f for f in weighted} if weighted is not None else None
        # Words that tell something of their neighbours.
        self._lending = frozenset(f[4:] for f in self._weighted or () if f.startswith(("w-", "w+")))
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._shared: dict[tuple[str, str, str], _Kind] = {}
        self._grams: dict[tuple[str, str, str], tuple[Row, Row, Row]] = {}
        self._states: dict[tuple[str | int, ...], Row] = {}
        self._stretch_rows: dict[tuple[str | int, ...], Row] = {}
        self._style_rows: dict[tuple[str, str], Row] = {}
        self._ahead_rows: dict[tuple[int, int, int, str, str, str], Row] = {}
        self._pairs: dict[tuple[str, str], tuple[Row, Row]] = {}
        for f in self._weighted or ():
            if f.startswith(("B-=", "B+=")):
                first, second = f[3:].split("|")
                behind, before = self._pairs.get((first, second), _NO_PAIR)
                made = (f.encode(),)
                self._pairs[first, second] = (made, before) if f[1] == "-" else (behind, made)
        self._left_edge = tuple(self._kept((f"-{d}^",)) for d in (1, 2, 3))
        self._right_edge = tuple(self._kept((f"+{d}$",)) for d in (1, 2, 3))

    def _kept(self, made: Sequence[str]) -> Row:
        weighted = self._weighted
        if weighted is None:
            return tuple(f.encode() for f in made)
        return tuple([kept for f in made if (kept := weighted.get(f)) is not None])

    def _kind(self, text: str, identifier: str) -> _Kind:
        if identifier:
            word = cls = coarse = identifier.upper()
            keyword = "-"
            here = ["w=" + word]
        else:
            lower = text.lower()
            coarse = coarse_class(text)
            keyword = CLASS_OF.get(lower, "-")
            word = f"D{min(len(text), 7)}" if text.isdigit() else lower[:24]
            # A keyword says more than its shape; but "J", "P", "ED" are initials first, whatever else they abbreviate.
            cls = coarse if keyword == "-" or coarse in ("I", "II") else keyword if coarse in "li" else keyword + coarse
            here = ["w=" + word]
            if text[0].isalpha():
                here += ["p=" + lower[:3], "s=" + lower[-3:], "t=" + lower[-2:], "h=" + shape(text)]
            elif text.isdigit():
                here.append("d=" + text[:2] if len(text) == 4 else "d=-")
        key = (cls, coarse, keyword)
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = _Kind(
                cls,
                self._kept(("c=" + cls, "y=" + coarse, "k=" + keyword)),
                self._kept((f"c-1={cls}",)),
                self._kept((f"c-2={cls}",)),
                self._kept((f"c-3={cls}",)),
                self._kept((f"c+1={cls}",)),
                self._kept((f"c+2={cls}",)),
                self._kept((f"c+3={cls}",)),
            )
        own = self._kept(here) + shared[1]
        if self._weighted is not None and word not in self._lending:
            return _Kind(cls, own, *shared[2:])
        a, b, c, d = (self._kept((f"w{at}={word}",)) for at in ("-1", "-2", "+1", "+2"))
        _, _, after1, after2, after3, before1, before2, before3 = shared
        return _Kind(cls, own, after1 + a, after2 + b, after3, before1 + c, before2 + d, before3)

    def _gram(self, a: str, b: str, c: str) -> tuple[Row, Row, Row]:
        """What three classes in a row tell of the last, the middle and the first of them."""
        return (
            self._kept((f"4={a}|{b}|{c}",)),
            self._kept((f"1={a}|{b}", f"2={b}|{c}", f"3={a}|{b}|{c}")),
            self._kept((f"5={a}|{b}|{c}",)),
        )

    def _state(self, state: tuple[str | int, ...]) -> Row:
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
        if not tokens:
            return []
        known = self._kinds
        kinds: list[_Kind] = []
        for token in tokens:
            key = (token[0], token[3])
            kind = known.get(key)
            if kind is None:
                kind = _put(known, key, self._kind(*key))
            kinds.append(kind)
        classes, here, after1, after2, after3, before1, before2, before3 = zip(*kinds, strict=True)
        left1, left2, left3 = self._left_edge
        right1, right2, right3 = self._right_edge
        rows = [
            [*a, *b, *c, *d, *e, *f, *g, *h, *i, *j, *k, *m, *n]
            for a, b, c, d, e, f, g, h, i, j, k, m, n in zip(
                here,
                (left1, *after1),
                (*before1[1:], right1),
                (left2, left2, *after2),
                (*before2[2:], right2, right2),
                (left3, left3, left3, *after3),
                (*before3[3:], right3, right3, right3),
                self._sequences(classes),
                self._places(tokens, classes),
                self._stretches(tokens, classes),
                self._styles(text, tokens, classes),
                *self._words(tokens),
                strict=False,  # the shifted ones are longer; `here` has one item a token
            )
        ]
        self._repeats(tokens, classes, rows)
        return rows

    def _words(self, tokens: Sequence[Token]) -> tuple[Sequence[Row], Sequence[Row]]:
        """Each word with the one before it and the one behind it."""
        words = [t[0].lower() if t[0][:1].isalpha() and not t[3] else "" for t in tokens]
        made = self._pair if self._weighted is None else self._pairs.get
        found = [made(pair) or _NO_PAIR for pair in itertools.pairwise(["", *words, ""])]
        behind, before = zip(*found, strict=True)
        return behind[:-1], before[1:]

    def _pair(self, pair: tuple[str, str]) -> tuple[Row, Row] | None:
        """What two words in a row tell of the second and of the first of them."""
        a, b = pair
        return ((f"B-={a}|{b}".encode(),), (f"B+={a}|{b}".encode(),)) if a and b else None

    def _repeats(self, tokens: Sequence[Token], classes: Sequence[str], rows: list[list[bytes]]) -> None:
        """Which of several years a year is; what repeats the word that opens the entry ("Lee 2012: Lee J., …")."""
        years = [i for i, cls in enumerate(classes) if cls == "Y"]
        if len(years) > 1:
            last = len(years) - 1
            first = tokens[years[0]][0]
            for k, i in enumerate(years):
                place = "first" if not k else "last" if k == last else "mid"
                same = "=" if k and tokens[i][0] == first else ""
                rows[i] += self._kept((f"Y={place}{same}", f"Yb={place}{same}{classes[i - 1] if i else '^'}"))
        opening = tokens[0][0]
        if len(opening) > 2 and opening[0].isalpha():
            for i in range(2, min(len(tokens), 30)):
                if tokens[i][0] == opening:
                    rows[i] += self._kept(("R",))
                    rows[0] += self._kept(("R0",))
                    break

    def _sequences(self, classes: Sequence[str]) -> list[Row]:
        grams = self._grams
        found = []
        for gram in zip(("^^", "^", *classes), ("^", *classes, "$"), (*classes, "$", "$$"), strict=True):
            known = grams.get(gram)
            found.append(_put(grams, gram, self._gram(*gram)) if known is None else known)
        return [
            (*before[0], *around[1], *behind[2])
            for before, around, behind in zip(found[:-2], found[1:-1], found[2:], strict=True)
        ]

    def _places(self, tokens: Sequence[Token], classes: Sequence[str]) -> list[Row]:
        """Where each token stands: in brackets, in quotes, in which sentence, how far behind the year."""
        states = self._states
        n = len(tokens)
        rows: list[Row] = []
        deep = quoted = sentence = since_stop = year = 0
        since_year = -1
        last_end = 0
        before = ""
        for i, (mark, start, end, _) in enumerate(tokens):
            cls = classes[i]
            if mark in "([":
                deep += 1
            elif mark in _QUOTES:
                quoted ^= 1
            apart = i + 1 == n or tokens[i + 1][1] > end
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
            row = states.get(state)
            rows.append(_put(states, state, self._state(state)) if row is None else row)
            if mark in ")]" and deep:
                deep -= 1
            if mark == "." and apart and before != "I" and before != "i":
                sentence += 1
                since_stop = 0
            else:
                since_stop += 1
            if cls == "Y":
                year, since_year = 1, 0
            elif since_year >= 0:
                since_year += 1
            last_end = end
            before = cls
        return rows

    def _styles(self, text: str, tokens: Sequence[Token], classes: Sequence[str]) -> list[Row]:
        signs = style(text, tokens, classes)
        by_class = {cls: self._styled(signs, cls) for cls in set(classes)}
        return [by_class[cls] for cls in classes]

    def _styled(self, style: Sequence[str], cls: str) -> Row:
        row: Row = ()
        for sign in style:
            key = (sign, cls)
            made = self._style_rows.get(key)
            if made is None:
                made = _put(self._style_rows, key, self._kept((f"{sign}/{cls}",)))
            row += made
        return row

    def _stretches(self, tokens: Sequence[Token], classes: Sequence[str]) -> list[Row]:
        """Features of the stretch between two marks that a token stands in: what opens and closes it, its make-up, and
        the make-up of its neighbours."""
        n = len(tokens)
        found = stretches(tokens, classes)
        rows: list[Row] = [()] * n
        last = len(found) - 1
        far_ahead = ahead(found, classes)
        for k, (i, j, mix, seen) in enumerate(found):
            length = j - i
            key = (
                classes[i - 1] if i else "^",
                classes[j] if j < n else "$",
                classes[j + 1] if j + 1 < n else "$",
                length if length < 4 else 4 + (length - 4 if length < 20 else 16) // 4,
                mix,
                seen,
                k if k < 8 else 8,
                classes[i],
                classes[j - 1],
                found[k - 1][2] if k else "^",
                found[k + 1][2] + found[k + 1][3] if k < last else "$",
            )
            made = self._stretch_rows.get(key)
            if made is None:
                made = _put(self._stretch_rows, key, self._stretch(key))
            far = (*far_ahead[k], mix, key[0], key[1])
            beyond = self._ahead_rows.get(far)
            if beyond is None:
                beyond = _put(self._ahead_rows, far, self._ahead(*far))
            if length > 1:
                first, final = tokens[i][0].lower(), tokens[j - 1][0].lower()
                edges = (f"Sw={first if first[:1].isalpha() else ''}", f"Sv={final if final[:1].isalpha() else ''}")
                rows[i:j] = [(*made, *self._kept(edges), *beyond)] * length
            else:
                rows[i] = made + beyond
        return rows

    def _ahead(self, stops: int, sentences: int, left: int, mix: str, before: str, after: str) -> Row:
        """What the number of stretches and sentences from a stretch to the next number tells of it."""
        return self._kept(
            (
                f"Sr={stops}",
                f"Sd={sentences}{before}",
                f"Sdm={sentences}{mix}{after}",
                f"Sl={left}{stops}",
                f"Sls={left}{sentences}{mix}",
            )
        )

    def _stretch(self, key: tuple[str | int, ...]) -> Row:
        before, after, beyond, size, mix, seen, number, first, last, previous, following = key
        return self._kept(
            (
                f"Sx={before}|{after}|{beyond}",
                f"Sa={after}|{beyond}",
                f"Sm={mix}",
                f"Sma={mix}{after}{beyond}",
                f"Ss={size}{seen}",
                f"Sn={number}{size}",
                f"Sf={first}|{last}|{after}",
                f"Sp={previous}{before}{mix}",
                f"Sq={mix}{after}{following}",
            )
        )


def _put(table: dict[_K, _V], key: _K, value: _V) -> _V:
    if len(table) >= FeatureTable.CACHE:
        table.clear()
    table[key] = value
    return value
