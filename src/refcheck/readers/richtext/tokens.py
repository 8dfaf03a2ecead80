"""The pieces of a rich-text file: braces, control words, bytes and text (RTF specification 1.9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\(?:(?P<word>[a-z]{1,32})(?P<value>-?\d{1,10})? ?|'(?P<hex>[0-9a-fA-F]{2})|(?P<sign>[^a-z]))"
    rb"|(?P<brace>[{}])|[\r\n\x00]+|(?P<text>[^\\{}\r\n\x00]+)",
    re.IGNORECASE,
)


class Token(NamedTuple):
    """One piece. `kind` is "{", "}", "word" (a control word or sign), "bytes" (characters in the code page)."""

    kind: str
    word: str = ""
    value: int | None = None
    data: bytes = b""


def tokens_of(data: bytes) -> Iterator[Token]:
    """The pieces in order; binary data is passed over. Total and linear.

    >>> [t.word or t.data or t.kind for t in tokens_of(rb"{\\rtf1 A\\'e9\\par}")]
    ['{', 'rtf', b'A', b'\\xe9', 'par', '}']
    """
    at = 0
    while (m := _TOKEN.search(data, at)) is not None:
        at = m.end()
        if (word := m["word"]) is not None:
            value = int(m["value"]) if m["value"] else None
            if word == b"bin" and value:
                at += max(0, value)
                continue
            yield Token("word", word.decode(), value)
        elif (code := m["hex"]) is not None:
            yield Token("bytes", data=bytes([int(code, 16)]))
        elif (sign := m["sign"]) is not None:
            yield Token("word", sign.decode("latin-1"))
        elif (brace := m["brace"]) is not None:
            yield Token(brace.decode())
        elif m["text"] is not None:
            yield Token("bytes", data=m["text"])
