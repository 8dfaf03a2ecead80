"""What the pages of refcheck are made of: escaping, links, marks, and a frame that loads nothing from outside.

All foreign text passes `escaped`; links are made by `link` alone, which lets nothing but http and https through. The
content security policy admits the one style sheet and the one script of a page by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import urlsplit

from refcheck.model import Span
from refcheck.text import printable


def document(title: str, body: str, *, script: bool = True) -> str:
    """A whole page around a body of markup; the title is foreign text. The script is that of the report."""
    end = f"<script>{asset('report.js')}</script>\n" if script else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(content_security_policy())}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{escaped(title)}</title>\n'
        f"<style>{asset('report.css')}</style>\n</head>\n<body>\n{body}{end}</body>\n</html>\n"
    )


def content_security_policy() -> str:
    """The policy of the page: its own style and script by hash, nothing from anywhere else."""

    def digest(name: str) -> str:
        return base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src 'sha256-{digest('report.css')}'; script-src 'sha256-{digest('report.js')}'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def asset(name: str) -> str:
    """A style sheet or script of this package, as text."""
    return (files("refcheck.renderers.reports") / name).read_text(encoding="utf-8")


@cache
def version() -> str:
    """The version of this program, as it is installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("manuscript-refcheck")
    except PackageNotFoundError:  # run from a folder of files
        return "(not installed)"


def escaped(text: str) -> str:
    """Foreign text, safe between tags and in a quoted attribute."""
    return escape(printable(text), quote=True)


def link(url: str, text: str) -> str:
    """A link that opens apart and tells nothing about us; only the text where the address is not http(s)."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.netloc)
    except ValueError:
        sound = False
    return (
        f'<a href="{escaped(url)}" rel="noopener noreferrer" target="_blank">{escaped(text)}</a>'
        if sound
        else escaped(text)
    )


def mark(text: str, span: Span, spots: Sequence[tuple[Span, str]]) -> str:
    """A stretch of text as HTML, with `spots` (in any order, overlapping or not) marked, each with what is to stand
    above it (or nothing).

    >>> mark("a <b> c", Span(0, 7), [(Span(2, 4), ""), (Span(3, 5), "")])
    'a <mark>&lt;b</mark><mark>&gt;</mark> c'
    >>> mark("in 2022", Span(0, 7), [(Span(3, 7), "2023")])
    'in <ruby><mark>2022</mark><rp> (recorded: </rp><rt>2023</rt><rp>)</rp></ruby>'
    """
    out: list[str] = []
    position = span.start
    for (start, end), above in sorted(spots):
        start, end = max(start, position), min(end, span.end)
        if start >= end:
            continue
        marked = f"<mark>{escaped(text[start:end])}</mark>"
        if above:
            marked = f"<ruby>{marked}<rp> (recorded: </rp><rt>{escaped(above)}</rt><rp>)</rp></ruby>"
        out += [escaped(text[position:start]), marked]
        position = end
    return "".join(out) + escaped(text[position : span.end])
