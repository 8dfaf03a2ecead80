"""Which code page the bytes of a rich-text file are in: that of the font, else that of the document."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass, field

from refcheck.readers.richtext.tokens import Token
from refcheck.readers.symbols import symbol

SYMBOL = "symbol"
# \fcharset of the RTF specification, "Font Table".
_CHARSETS = {
    0: "cp1252", 2: SYMBOL, 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_DOCUMENT = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


@dataclass(slots=True)
class Fonts:
    """The fonts met so far, by number."""

    document: str = "cp1252"
    _encodings: dict[int, str] = field(default_factory=dict)

    def declare(self, word: str, value: int | None) -> None:
        """Take up what the head of the file says: `\\ansi`, `\\ansicpg1250` …"""
        if word in _DOCUMENT:
            self.document = _DOCUMENT[word]
        elif word == "ansicpg" and value:
            self.document = _known(f"cp{value}") or self.document

    def add(self, number: int, charset: int) -> None:
        """A font of the font table."""
        if charset in _CHARSETS and charset:
            self._encodings[number] = _CHARSETS[charset]

    def decode(self, data: bytes, font: int) -> str:
        """The characters that bytes stand for in a font."""
        encoding = self._encodings.get(font, self.document)
        if encoding == SYMBOL:
            return "".join(chr(b) if b < 0x2D else symbol("Symbol", f"F0{b:02X}") for b in data)
        return data.decode(encoding, "replace")


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "utf-8" if encoding == "cp65001" else ""


def joined(tokens: Iterable[Token]) -> Iterable[Token]:
    """Neighbouring bytes as one piece: a letter of Chinese or Japanese is two."""
    held: list[bytes] = []
    for token in tokens:
        if token.kind == "bytes":
            held.append(token.data)
            continue
        if held:
            yield Token("bytes", data=b"".join(held))
            held = []
        yield token
    if held:
        yield Token("bytes", data=b"".join(held))
