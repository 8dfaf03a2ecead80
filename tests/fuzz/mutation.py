"""Inputs near sound ones, for where no coverage guides: bytes changed, cut, doubled and swapped by hypothesis."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

#: What breaks readers: ends of things, numbers at their edges, controls, broken UTF-8.
_TOKENS = (
    b"", b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\r", b"\t", b"  ", b"\\",
    b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b"</", b"&", b"&#0;", b"&#x110000;", b'"', b"'", b",", b":", b"-",
    b"=", b"@", b"#", b"0", b"-1", b"9" * 30, b"1e999", b"NaN", b"null", b"true", b"\\ud800", "\u202e".encode(),
    "\u2028".encode(), "\u00b2".encode(), "\u0661".encode(), "\u0130".encode(), "\ufb01".encode(), "e\u0301".encode(),
)  # fmt: skip


@st.composite
def near(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds after a few changes; now and then bytes that have nothing to do with them."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 12)))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            data[at:to] = draw(st.sampled_from(_TOKENS))
        elif kind == 1:
            data[at:to] = draw(st.binary(max_size=6))
        elif kind == 2:
            data[at:at] = bytes(data[at:to]) * draw(st.integers(1, 6))
        else:
            other = draw(st.integers(0, len(data)))
            data[other:other] = data[at:to]
    return bytes(data)
