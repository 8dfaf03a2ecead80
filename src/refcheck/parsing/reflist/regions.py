"""What each stretch of a plain text is: title page, abstract, body, tables, legends, the list, what follows it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from refcheck.model import Region, Span
from refcheck.parsing.reflist.headings import opens_text

_FRONT_MOST = 12_000  # characters before which a title page must have ended
_CAPTION = re.compile(
    r"(?m)^[#*_>\s]{0,6}(?P<label>(?:Supplementary |Extended Data )?(?P<kind>Table|Figure|Fig\.?|Box"
    r"|Tabelle|Abbildung|Tableau|Tabla|Tabela|Tabella|Figura)"
    r"\s{1,2}[A-Z]?\d{1,3})\b(?=\s{0,2}[.:|–—*_]|\s{1,2}[A-Z]|\s*$)"
)
_AFFILIATION = re.compile(
    r"\b(?:universit\w{1,4}|università|universidad\w{0,4}|department|dept|dipartimento|departamento|département|institut\w{0,3}|istituto|instituto|hospital|ospedale|hôpital"
    r"|klinik\w{0,3}|clinic|clinica|school of|faculty|facult[éà]|facoltà|facultad|college|laborator\w{1,4}"
    r"|centre for|center for|academy of|ministry of|e-?mail|correspond\w{1,6})\b|@",
    re.IGNORECASE,
)
_AFFILIATION_MOST = 400  # characters of a line of affiliations
_PROSE = 150  # characters of a line that is running text
_ROW_MOST = 120  # characters of a row whose cells no tab, bar or wide blank divides
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n")


def find_regions(text: str, known: Sequence[Region]) -> list[Region]:
    """The regions a reader knows and those that plain text shows, sorted by place.

    >>> text = "Skin\\n\\nA. Lee1,2\\n\\nAbstract\\n\\nSkin heals.\\n\\nTable 1. Ages\\n\\n4 5"
    >>> [r.kind for r in find_regions(text, [])]
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
        captions = [m for m in _CAPTION.finditer(text) if not any(s.start <= m.start() < s.end for s in lists)]
        starts = sorted([*(m.start() for m in captions), *(s.start for s in lists), len(text)])
        for m in captions:
            limit = starts[bisect_right(starts, m.start())]
            gap = _PARAGRAPH_END.search(text, m.end(), limit)
            kind = "table" if m.group("kind").lower().startswith("tab") else "legend"
            end = gap.start() if gap else limit
            if gap and kind == "table":
                end = _rows_end(text, end, limit)
            out.append(Region(kind=kind, span=Span(m.start("label"), end), label=m.group("label")))
    return sorted(out, key=lambda r: r.span)


def _rows_end(text: str, start: int, limit: int) -> int:
    """Where the rows of a table end: at the first paragraph that is prose."""
    end = at = start
    for m in _PARAGRAPH_END.finditer(text, start, limit):
        if m.start() > at:
            if not _row(text[at : m.start()]):
                return end
            end = m.start()
        at = m.end()
    return limit if at < limit and _row(text[at:limit]) else end


def _row(paragraph: str) -> bool:
    words = paragraph.strip()
    cells = "\t" in words or "|" in words or bool(re.search(r"\S {3,}\S", words))
    return cells or (len(words) < _ROW_MOST and not words.endswith(".") and not words.startswith("#"))


def _front(text: str, limit: int) -> int:
    """Where the title page ends: at the abstract, introduction or keywords, else after the affiliations."""
    at = end = long = prose = 0
    for line in text[: min(limit, _FRONT_MOST)].split("\n"):
        bare = line.strip()
        if bare and at and opens_text(line):
            return at
        affiliation = bool(_AFFILIATION.search(bare)) and not bare.endswith((").", "]."))
        if len(bare) > _AFFILIATION_MOST and not affiliation:
            long += 1
        if len(bare) > _PROSE and bare.endswith(".") and not affiliation:
            prose += 1
        if long > 1 or prose > 2:
            break  # the text has begun
        if affiliation and not long and len(bare) <= _AFFILIATION_MOST:
            end = at + len(line)
        at += len(line) + 1
    return end
