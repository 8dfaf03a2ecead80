"""How an entry is laid out: the stretches between its marks, what lies ahead of each, the signs of its style."""

from __future__ import annotations

from collections.abc import Sequence

from refcheck.parsing.fields.tokens import Token

_TELLING = frozenset(["jou", "con", "pub", "uni", "the", "rep"])
_STOPS = frozenset('.,;:()[]"“”«»?!')

Stretch = tuple[int, int, str, str]  # start, end (in tokens), make-up, telling word


def stretches(tokens: Sequence[Token], classes: Sequence[str]) -> list[Stretch]:
    """The stretches between two marks. Make-up: how many capitals (at most 3), words in small letters (3) and numbers
    (2) there are.

    >>> from refcheck.parsing.fields.tokens import tokenise
    >>> stretches(tokenise("On wounds. Burns 9"), ["C", "l", ".", "C", "1"])
    [(0, 2, '110', ''), (3, 5, '101', '')]
    """
    n = len(tokens)
    found: list[Stretch] = []
    i = 0
    while i < n:
        if tokens[i][0] in _STOPS:
            i += 1
            continue
        j = i
        capitals = lower = digits = 0
        seen = ""
        while j < n and tokens[j][0] not in _STOPS:
            cls = classes[j]
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
        mix = f"{capitals if capitals < 3 else 3}{lower if lower < 3 else 3}{digits if digits < 2 else 2}"
        found.append((i, j, mix, seen))
        i = j
    return found


def ahead(found: Sequence[Stretch], classes: Sequence[str]) -> list[tuple[int, int, int]]:
    """For each stretch, how many stretches, and how many sentences, there are from it to the next with a number; how
    many stretches are left."""
    rows: list[tuple[int, int, int]] = []
    stops = sentences = 0
    seen = False
    n = len(classes)
    for k in range(len(found) - 1, -1, -1):
        _, j, mix, _ = found[k]
        if j < n and classes[j] == "." and classes[j - 1] not in ("I", "i"):
            sentences += 1
        if mix[2] != "0":
            stops = sentences = 0
            seen = True
        left = len(found) - 1 - k
        rows.append(
            (
                (stops if stops < 5 else 5) + (0 if seen else 6),
                (sentences if sentences < 4 else 4) + (0 if seen else 5),
                left if left < 6 else 6,
            )
        )
        stops += 1
    rows.reverse()
    return rows


def style(text: str, tokens: Sequence[Token], classes: Sequence[str]) -> list[str]:
    """The layout of the whole entry, told by a few signs."""
    n = len(tokens)
    years = [i for i, cls in enumerate(classes) if cls == "Y"]
    if years:
        i = years[0]
        before = classes[i - 1] if i else "^"
        after = classes[i + 1] if i + 1 < n else "$"
        where = f"G{i * 4 // n}{before if before in '([,.;:' else 'w'}{after if after in ')],.;:' else 'w'}"
        tail = f"H{min(3, n - 1 - years[-1])}"
    else:
        where, tail = "G-", "H-"
    first = 0
    while first < min(n, 6) and (tokens[first].text.isdigit() or tokens[first].text in "[]()."):
        first += 1
    opening = "|".join(classes[first : first + 3])
    marks = ("q" if any(q in text for q in '"“«') else "") + (";" if ";" in text else "")
    return [where, tail, "O" + opening, f"M{marks}{min(4, n // 20)}"]
