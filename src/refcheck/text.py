"""Printed text made comparable: what two printings of the same words have in common.

Everything here is `str -> str` (or a `Trace`, which also knows where each character came from) and total:
no input raises, no regular expression needs more than linear time.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from refcheck.model import Span

# All characters that print as a hyphen, dash or minus (Unicode Pd plus U+2212, U+2043, U+00AD).
DASHES = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_DASH = re.compile(f"[{DASHES}]")

# Face markup that Crossref's deposit schema allows in titles (b i em strong sub sup scp tt u ovl font, MathML)
# and what JATS and HTML sources add to it.
_TAG = re.compile(
    r"</?(?:mml:[a-z]{1,20}|jats:[a-z-]{1,20}|inline-formula|tex-math|alternatives|math|m[a-z]{1,10}|semantics"
    r"|i|b|em|strong|sub|sup|scp|sc|tt|u|ovl|font|span|p|br|title|italic|bold|ital|it"
    r"|emph|inf|subtitle|underline|monospace|roman|sans-serif|small|named-content|styled-content|xref|fn|break)(?:\s[^<>]{0,4000})?/?>",
    re.IGNORECASE,
)
_TEX_ANNOTATION = re.compile(r"<(tex-math|annotation|mml:annotation)\b[^<>]{0,200}>[^<>]{0,2000}</\1>", re.IGNORECASE)

# Letters that Unicode does not decompose, and the plain letters that typists use for them.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i",
        "ŋ": "n", "ſ": "s", "ə": "e", "’": "'", "‘": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'",
    }
)  # fmt: skip

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "µ": "mu", "μ": "mu",
    "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau",
    "∆": "delta", "∑": "sigma", "∏": "pi", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_TABLE = str.maketrans(_GREEK)


class Trace(NamedTuple):
    """Text made readable, with the place of each character in the original.

    `at[i]` is the offset, in the original, of `text[i]`; it has one more item than `text`, the end.
    """

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the original (half-open).

        >>> t = unwrap("wound heal-\\ning, 2020")
        >>> t.text, t.span(6, 13)
        ('wound healing, 2020', Span(start=6, end=15))
        """
        if end <= start:
            return Span(self.at[start], self.at[start])
        return Span(self.at[start], self.at[end - 1] + 1)


def any_of(*tables: str) -> str:
    """A regular expression for one of the words of `tables` (words parted by blanks), the longest first.

    >>> any_of("p pp page", "s")
    '(?:page|pp|p|s)'
    """
    found = dict.fromkeys(re.escape(word) for table in tables for word in table.split())
    return f"(?:{'|'.join(sorted(found, key=len, reverse=True))})"


def squeeze(text: str) -> str:
    """One blank where there was any white space; none at the ends.

    >>> squeeze("  a \\n b\\u00a0c ")
    'a b c'
    """
    return " ".join(text.split())


# UTF-8 that was taken for Latin-1 when it was deposited: "Childrenâ\x80\x99s".
_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf]")


def plain(text: str) -> str:
    """Markup and entities taken away, as Crossref titles need it (entities can be escaped twice).

    >>> plain("Burns &amp;amp; Trauma: H<sub>2</sub>O in <i>E.  coli</i>")
    'Burns & Trauma: H2O in E. coli'
    >>> plain("Burns<subtitle>A Trial</subtitle>")
    'Burns: A Trial'
    """
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if _MOJIBAKE.search(text):
        with suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
    if "<" in text:
        text = _TAG.sub("", _TEX_ANNOTATION.sub("", text.replace("<subtitle>", ": ")))
    return squeeze(text)


def dashes(text: str) -> str:
    """Every dash as a hyphen.

    >>> dashes("258–84")
    '258-84'
    """
    return _DASH.sub("-", text)


# UTF-8 that was read as Latin-1 or Windows-1252: the first byte of an accented or Greek letter, a dash or a quote, and
# what the bytes after it look like. No text has a capital "Ã" before a sign.
_LATER_BYTE = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MISREAD = re.compile(rf"[ÂÃÄÅÎÏ]{_LATER_BYTE}|â{_LATER_BYTE}{{2}}")


def _reread(misread: str) -> str:
    """The one character whose UTF-8 was read byte by byte; "" where these are no such bytes."""
    try:
        return b"".join(c.encode("latin-1" if c < "\u0100" else "cp1252") for c in misread).decode()
    except UnicodeError:
        return ""


def mended(text: str) -> str:
    """Letters of a wrong encoding put right; most texts come back as they are.

    >>> mended("PÃ©diatrie 12â€“14")
    'Pédiatrie 12–14'
    """
    return text if text.isascii() else _MISREAD.sub(lambda m: _reread(m.group()) or m.group(), text)


_SIGNS = str.maketrans("", "", "™℠")  # decomposed they would be letters, which print seldom repeats


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents, ligatures, Greek letters, typographic variants or the letters of a wrong encoding;
    punctuation is kept.

    >>> fold("Øyvind Müller’s ﬁbroblasts: β-cells, StudentBodies™")
    "oyvind muller's fibroblasts: beta-cells, studentbodies"
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", mended(text).translate(_SIGNS)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _DASH.sub("-", text.translate(_LETTERS).translate(_GREEK_TABLE))


_NOT_WORD = re.compile(r"[^\w]+|_+")


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The folded words: letters and digits, everything else is a gap (an apostrophe is nothing).

    >>> words("Crohn's disease: TNF-α (anti-inflammatory)")
    ('crohns', 'disease', 'tnf', 'alpha', 'anti', 'inflammatory')
    """
    return tuple(_NOT_WORD.sub(" ", fold(text).replace("'", "")).split())


def compact(text: str) -> str:
    """The folded letters and digits alone: blanks, hyphens and punctuation cost nothing.

    >>> compact("Anti-inflammatory e-health") == compact("Antiinflammatory ehealth")
    True
    """
    return "".join(words(text))


# Words after a hanging hyphen that show it is a real one: "pre- and post-operative".
_HANGING = frozenset(["and", "or", "to", "und", "oder", "et", "ou", "y", "o", "e", "versus", "vs", "bis"])
_LINE_HYPHEN = re.compile(r"(?<=[^\W\d_])([\u00ad\u2010-])[ \t]{0,8}(\r?\n)?[ \t]{0,8}(?=([^\W\d_]{1,40}))")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=[\w.?!)])_{1,2}(?!\w))")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}

# Anything that `unwrap` would change; most entries hold none of it.
_TO_UNWRAP = re.compile(rf"[*_<&\u00adﬀ-ﬆ]|[^\S ]|  |^ | $|[\u2010-] |{_MISREAD.pattern}")


@lru_cache(maxsize=512)
def unwrap(raw: str, *, mend: bool = True) -> Trace:
    """An entry as one readable line: hard wraps and line-end hyphens joined, Markdown emphasis, tags and entities
    taken away, ligatures spelt out, letters of a wrong encoding put right (unless `mend` is false), white space
    squeezed; with the place of every character in `raw`.

    >>> unwrap("*Exo-\\nsome* ther\\u00adapy &amp; \\u00a0skin").text
    'Exosome therapy & skin'
    >>> unwrap("PÃ©diatrie 12â€“14").text
    'Pédiatrie 12–14'
    >>> unwrap("pre- and post-treatment").text
    'pre- and post-treatment'
    """
    if not _TO_UNWRAP.search(raw):
        return Trace(raw, tuple(range(len(raw) + 1)))
    drop = bytearray(len(raw))
    replaced = _drop_markup(raw, drop)
    for m in _MISREAD.finditer(raw) if mend else ():
        if char := _reread(m.group()):
            drop[m.start() + 1 : m.end()] = b"\x01" * (len(m.group()) - 1)
            replaced[m.start()] = char
    _drop_line_ends(raw, drop)
    if not replaced and 1 not in drop and not any(c in raw for c in _LIGATURES):
        return _squeezed(raw)
    out: list[str] = []
    at: list[int] = []
    blank = True
    for i, c in enumerate(raw):
        if drop[i]:
            continue
        c = replaced.get(i, c)
        if c.isspace():
            if not blank:
                out.append(" ")
                at.append(i)
                blank = True
            continue
        blank = False
        for piece in _LIGATURES.get(c, c):
            out.append(piece)
            at.append(i)
    if out and out[-1] == " ":
        out.pop()
        at.pop()
    at.append(len(raw))
    return Trace("".join(out), tuple(at))


def _drop_markup(raw: str, drop: bytearray) -> dict[int, str]:
    """Mark emphasis, tags and entities to be dropped; returns what stands in their place."""
    replaced: dict[int, str] = {}
    marked = [_EMPHASIS] if "*" in raw or "_" in raw else []
    marked += [_TAG] if "<" in raw else []
    for pattern in marked:
        for m in pattern.finditer(raw):
            drop[m.start() : m.end()] = b"\x01" * (m.end() - m.start())
    if "&" in raw:
        for m in _ENTITY.finditer(raw):
            char = html.unescape(m.group())
            if char != m.group():
                drop[m.start() : m.end()] = b"\x01" * (m.end() - m.start())
                drop[m.start()] = 0
                replaced[m.start()] = char
    return replaced


def _drop_line_ends(raw: str, drop: bytearray) -> None:
    """Mark what parts a word at a line's end: the blank after a hyphen, and a hyphen that is not the word's own."""
    for m in _LINE_HYPHEN.finditer(raw):
        hyphen, newline, following = m.groups()
        gap = m.end() - m.end(1)
        soft = hyphen == "\u00ad"
        joined = soft or (gap and following[0].islower() and following.lower() not in _HANGING)
        if not (joined or newline):
            continue
        drop[m.end(1) : m.end()] = b"\x01" * gap
        before = raw[m.start() - 1]
        if soft or (joined and before.islower()):
            drop[m.start(1)] = 1


_RUN = re.compile(r"\S+")


def _squeezed(raw: str) -> Trace:
    """The trace of a text from which only superfluous white space has to go."""
    runs: list[str] = []
    at: list[int] = []
    end = 0
    for m in _RUN.finditer(raw):
        if runs:
            at.append(end)
        runs.append(m.group())
        end = m.end()
        at.extend(range(m.start(), end))
    at.append(len(raw))
    return Trace(" ".join(runs), tuple(at))


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Foreign text made safe for a terminal or a file of lines: control characters and bidi overrides are shown.

    >>> printable("a\\x1b[31mb")
    'a\\ufffd[31mb'
    """
    return _CONTROL.sub("\ufffd", text)


def as_json(value: Any, indent: int | None = None) -> str:
    """A value as JSON in its own letters, but what `printable` replaces is spelt as an escape: it can be shown.

    >>> as_json({"title": "Ünder \\x9b31m \\u202e"})
    '{"title": "Ünder \\\\u009b31m \\\\u202e"}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", text)
