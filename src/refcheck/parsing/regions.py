"""What each stretch of a plain text is: title page, abstract, body, tables, legends, the list, what follows it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refcheck.model import Region, Span
from refcheck.parsing.headings import opens_text

_FRONT_MOST = 12_000  # characters before which a title page must have ended
_CAPTION = re.compile(
    r"(?m)^[#*_>\s]{0,6}(?P<label>(?:Supplementary |Extended Data )?(?P<kind>Table|Figure|Fig\.?|Box|Tabelle|Abbildung|Tableau|Tabla|Tabela|Tabella|Figura)"
    r"\s{1,2}[A-Z]?\d{1,3})\b(?=\s{0,2}[.:|–—*_]|\s{1,2}[A-Z]|\s*$)"
)
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n")


def find_regions(text: str, known: Sequence[Region]) -> list[Region]:
    """The regions a reader knows and those that plain text shows, sorted by place.

    >>> [r.kind for r in find_regions("Skin\\n\\nA. Lee1,2\\n\\nAbstract\\n\\nSkin heals.\\n\\nTable 1. Ages\\n\\n4 5", [])]
    ['title', 'table']
    """
    out = list(known)
    kinds = {r.kind for r in known}
    lists = [r.span for r in known if r.kind == "references"]
    if not kinds & {"title", "affiliations", "abstract", "body"}:
        end = _front(text, min((s.start for s in lists), default=len(text)))
        if end:
            out.append(Region(kind="title", span=Span(0, end)))
    if not kinds & {"table", "legend"}:
        for m in _CAPTION.finditer(text):
            if any(s.start <= m.start() < s.end for s in lists):
                continue
            gap = _PARAGRAPH_END.search(text, m.end())
            kind = "table" if m.group("kind").lower().startswith("tab") else "legend"
            end = gap.start() if gap else len(text)
            out.append(Region(kind=kind, span=Span(m.start("label"), end), label=m.group("label")))
    return sorted(out, key=lambda r: r.span)


def _front(text: str, limit: int) -> int:
    """Where the title page ends: at the abstract, introduction or keywords, if one of them is near the beginning."""
    at = 0
    for line in text[: min(limit, _FRONT_MOST)].split("\n"):
        if line.strip() and opens_text(line):
            return at
        at += len(line) + 1
    return 0
