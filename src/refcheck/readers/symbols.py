"""Characters of Word's symbol fonts, in Unicode."""

from __future__ import annotations

# Adobe Symbol encoding (unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt), the part that manuscripts use.
_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SYMBOL = {0x41 + i: c for i, c in enumerate(_GREEK)}
_SYMBOL |= {0x61 + i: c for i, c in enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ")}
_SYMBOL |= {
    0x2D: "−", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈",
    0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD6: "√", 0xE2: "®", 0xE3: "©", 0xE4: "™",
}  # fmt: skip
UNKNOWN = "\ufffd"


def symbol(font: str, code: str) -> str:
    """What `w:sym` prints; U+FFFD where it is not known (a letter must not vanish unseen).

    >>> symbol("Symbol", "F061"), symbol("Symbol", "F02D"), symbol("Times", "2013"), symbol("Wingdings", "F0E8")
    ('α', '−', '–', '\ufffd')
    """
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    if 0xF000 <= number <= 0xF0FF:  # symbol fonts live in the private use area
        number -= 0xF000
        plain = chr(number) if 0x20 <= number < 0x41 and font.lower() == "symbol" else UNKNOWN
        return _SYMBOL.get(number, plain) if font.lower() == "symbol" else UNKNOWN
    if not 0x20 <= number < 0x110000 or 0xD800 <= number < 0xE000:
        return UNKNOWN
    return _SYMBOL.get(number, chr(number)) if font.lower() == "symbol" else chr(number)
