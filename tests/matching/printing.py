"""Entries printed for a test, with a blind reading that is exact by construction."""

from __future__ import annotations

from typing import Any

from refcheck.model import Name, Reference, Span

BASE: dict[str, Any] = {
    "authors": (Name(family="Sun", given="T"), Name(family="Li", given="M"), Name(family="Liu", given="Q")),
    "title": "Insights into optimizing exosome therapies for acute skin wound healing",
    "container": "Biomater Res",
    "year": "2011",
    "volume": "7",
    "issue": "2",
    "pages": "258-284",
    "doi": "",
}


def printed(**fields: Any) -> Reference:
    """A Vancouver-like entry with these fields (the others from BASE); an empty field is not printed."""
    values = {**BASE, **fields}
    raw, spans = "", {}

    def put(name: str, text: str, before: str = "", after: str = "") -> None:
        nonlocal raw
        if not text:
            return
        raw += before
        spans[name] = Span(len(raw), len(raw) + len(text))
        raw += text + after

    et_al = bool(values.pop("et_al", ""))
    names = ", ".join(f"{n.family} {n.given}".strip() for n in values["authors"])
    put("authors", names, after=", et al. " if et_al else ". ")
    put("title", values["title"], after=". ")
    put("container", values["container"], after=". ")
    put("year", values["year"])
    put("volume", values["volume"], before=";")
    put("issue", values["issue"], before="(", after=")")
    put("pages", values["pages"], before=":")
    put("doi", values["doi"], before=". doi:")
    raw += "."
    return Reference(raw=raw, span=Span(0, len(raw)), spans=spans, type="article-journal", et_al=et_al, **values)
