"""A manuscript in Markdown as the Word file an author might send."""

from __future__ import annotations

import io

import docx


def as_word(text: str) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        if line.strip():
            document.add_paragraph(line.removeprefix("- ").replace("*", ""))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
