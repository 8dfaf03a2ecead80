"""Quotations in an entry: where a quoted title ends, and a journal that is quoted itself."""

from __future__ import annotations

import itertools
import re

from refcheck.parsing.fields.runs import Run

# Where a quotation that holds a title ends: the quotation mark has a stop before or behind it, and no subtitle follows.
_QUOTED = {
    "'": re.compile(r"[,.?!]['’](?!:)\s{0,2}|['’][,.]\s{0,2}"),
    "‘": re.compile(r"[,.?!]’(?!:)\s{0,2}|’[,.]\s{0,2}"),
    '"': re.compile(r"[,.?!][\"”](?!:)\s{0,2}|[\"”][,.]\s{0,2}"),
    "“": re.compile(r"[,.?!][\"”](?!:)\s{0,2}|[\"”][,.]\s{0,2}"),
}


def with_quoted_title(readable: str, runs: list[Run]) -> list[Run]:
    """A quoted title that runs into what follows the quotation, cut where the quotation ends.

    >>> with_quoted_title("'Wound care,' Lancet, 2003", [Run("TITLE", 1, 20), Run("DATE", 22, 26)])[:2]
    [Run(label='TITLE', start=1, end=11), Run(label='JOURNAL', start=14, end=20)]
    """
    for k, run in enumerate(runs):
        if run.label not in ("TITLE", "JOURNAL", "BOOK"):
            continue
        mark = readable[run.start] if readable[run.start] in _QUOTED else readable[run.start - 1 : run.start]
        if mark not in _QUOTED:
            continue
        m = _QUOTED[mark].search(readable, run.start + 8, run.end)
        ahead = runs[k + 1].label if k + 1 < len(runs) else ""
        if m and readable[m.start()] in "?!" and ahead in ("JOURNAL", "BOOK"):
            return runs  # a quoted question that begins the title: “Who cares?” Views of patients. J Ren Care
        if not m or m.end() >= run.end - 1 or (run.label != "TITLE" and any(r.label == "TITLE" for r in runs)):
            return runs
        after = runs[k + 1] if k + 1 < len(runs) else None
        rest = Run("JOURNAL", m.end(), run.end)
        if run.label == "TITLE" and any(r.label in ("JOURNAL", "BOOK") for r in runs):
            if after is None or after.label not in ("JOURNAL", "BOOK"):
                return runs
            return [*runs[:k], Run("TITLE", run.start, m.start()), after._replace(start=m.end()), *runs[k + 2 :]]
        return [*runs[:k], Run("TITLE", run.start, m.start()), rest, *runs[k + 1 :]]
    return runs


# Where a quotation ends that opened with this mark: an apostrophe ("O’Neill") does not end it.
_CLOSED = {
    "“": re.compile("”"),
    "«": re.compile("»"),
    "„": re.compile("[“”]"),
    "‘": re.compile(r"’(?!\w)"),
}


def with_whole_quotation(readable: str, runs: list[Run]) -> list[Run]:
    """A quoted title up to the end of the quotation, where it was broken off before.

    >>> with_whole_quotation("“Wounds (II). A note”, Lancet", [Run("TITLE", 1, 12), Run("JOURNAL", 23, 29)])
    [Run(label='TITLE', start=1, end=20), Run(label='JOURNAL', start=23, end=29)]
    """
    for k, run in enumerate(runs):
        if run.label != "TITLE":
            continue
        closed = _CLOSED.get(readable[run.start] if readable[run.start] in _CLOSED else readable[run.start - 1])
        m = closed.search(readable, run.end) if closed and run.start else None
        if m is None or closed is None or closed.search(readable, run.start + 1, run.end):
            return runs
        inside = [r for r in runs[k + 1 :] if r.start < m.start()]
        if any(r.end > m.end() or r.label in ("JOURNAL", "BOOK") for r in inside):
            return runs
        return [*runs[:k], run._replace(end=m.start()), *runs[k + 1 + len(inside) :]]
    return runs


_QUOTED_JOURNAL = re.compile(r"(?<=[^\W\d_])[,.]\s[“«„](?=[^“”«»„]{3,120}$)")
_ROMAN_BETWEEN = re.compile(r"\.?[”»“],?\s([IVXLCDM]{1,9}),\s")
_ROMAN_OR_NUMBER = re.compile(r"[”»“],?\s(?:vol\.?\s)?([IVXLCDM]{1,9}|\d{1,4})\b")


def with_quoted_journal(readable: str, runs: list[Run]) -> list[Run]:
    """A quoted journal before a volume, that was taken for the end of the title; and the Roman volume behind one.

    >>> entry = "On wounds, “Burns” XII, 3"
    >>> with_quoted_journal(entry, [Run("TITLE", 0, 17), Run("VOLUME", 19, 22)])[:2]
    [Run(label='TITLE', start=0, end=9), Run(label='JOURNAL', start=12, end=17)]
    """
    if any(mark in readable for mark in "”»“"):
        runs = [r._replace(label="VOLUME") if _is_roman(readable, r) else r for r in runs]
    for k, (run, after) in enumerate(itertools.pairwise(runs)):
        if run.label == "JOURNAL" and after.label == "VOLUME":
            if m := _ROMAN_BETWEEN.fullmatch(readable, run.end, after.start):
                return [*runs[: k + 1], Run("VOLUME", *m.span(1)), after._replace(label="ISSUE"), *runs[k + 2 :]]
            return runs
    if any(run.label in ("JOURNAL", "BOOK") for run in runs):
        return runs
    for k, run in enumerate(runs):
        if run.label == "TITLE" and _ROMAN_OR_NUMBER.match(readable, run.end):
            m = _QUOTED_JOURNAL.search(readable, run.start, run.end)
            if m:
                parted = [run._replace(end=m.start()), Run("JOURNAL", m.end(), run.end)]
                return [*runs[:k], *parted, *runs[k + 1 :]]
    return runs


def _is_roman(readable: str, run: Run) -> bool:
    """Whether a Roman number was taken for a journal ("“Animal Behaviour” LXXXV")."""
    return run.label == "JOURNAL" and bool(re.fullmatch("[IVXLCDM]{2,9}", readable[run.start : run.end]))


_INNER = re.compile(r"[\"”»]\s(?:[a-zß-ÿ]{1,4}\s)?")
_OPENED_BY = {'"': '"', "”": "“„", "»": "«"}


def with_inner_quotation(readable: str, runs: list[Run]) -> list[Run]:
    """A title that was broken off behind a quotation within it, no stop being there.

    >>> entry = 'The "Idle No More" Movement, 2013'
    >>> with_inner_quotation(entry, [Run("TITLE", 0, 17), Run("BOOK", 19, 27), Run("DATE", 29, 33)])[:1]
    [Run(label='TITLE', start=0, end=27)]
    """
    for k, (run, after) in enumerate(itertools.pairwise(runs)):
        if run.label == "TITLE" and after.label in ("JOURNAL", "BOOK"):
            gap = readable[run.end : after.start]
            if _INNER.fullmatch(gap):
                opened = max(readable.rfind(mark, run.start, run.end) for mark in _OPENED_BY[gap[0]])
                if opened > run.start + 1 and gap[0] not in readable[opened + 1 : run.end]:
                    return [*runs[:k], run._replace(end=after.end), *runs[k + 2 :]]
            return runs
    return runs
