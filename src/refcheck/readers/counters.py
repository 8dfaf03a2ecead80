"""Automatic numbers of lists, as they are printed: decimal, Roman, letters, ordinals."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numeral(number: int, form: str) -> str:
    """A number as Word's `w:numFmt` prints it; forms that are not known are printed in decimal.

    >>> [numeral(n, f) for n, f in ((4, "upperRoman"), (28, "lowerLetter"), (7, "decimalZero"), (3, "ordinal"))]
    ['IV', 'bb', '07', '3rd']
    """
    if form == "none":
        return ""
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= 780:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        letters, left = "", number
        for value, sign in _ROMAN:
            letters += sign * (left // value)
            left %= value
        return letters.upper() if form == "upperRoman" else letters
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "ordinal":
        tail = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{tail}"
    return str(number)
