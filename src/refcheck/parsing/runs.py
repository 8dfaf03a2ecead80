"""Stretches of an entry under one label, with their true edges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from refcheck import text
from refcheck.parsing.tagger import OUTSIDE
from refcheck.parsing.tokens import Token


class Run(NamedTuple):
    """A stretch of the readable text under one label (half-open offsets)."""

    label: str
    start: int
    end: int


# Labels whose stretch may run across a bare mark or conjunction.
_ACROSS = frozenset(["AUTHOR", "EDITOR", "TITLE", "JOURNAL", "BOOK", "PUBLISHER", "PAGES", "DATE", "SERIES", "PLACE"])
_GAP = re.compile(r"[\s.,;:&()\[\]\"“”'’/-]{0,8}(?:(?:and|et|und)[\s.,&]{0,4})?")


def labelled_runs(readable: str, tokens: Sequence[Token], labels: Sequence[str]) -> list[Run]:
    """The stretches under one label, in order; stretches that only a bare mark parts are one.

    >>> from refcheck.parsing.tokens import tokenise
    >>> entry = "Lee J, Kim H. 2020"
    >>> labelled_runs(entry, tokenise(entry), ["AUTHOR", "AUTHOR", "O", "AUTHOR", "AUTHOR", "O", "DATE"])
    [Run(label='AUTHOR', start=0, end=12), Run(label='DATE', start=14, end=18)]
    """
    runs: list[Run] = []
    for token, label in zip(tokens, labels, strict=True):
        if label == OUTSIDE:
            continue
        if runs and runs[-1].label == label:
            before = runs[-1]
            gap = readable[before.end : token.start]
            if (
                not gap.strip()
                or (label in _ACROSS and _GAP.fullmatch(gap) and (label != "PAGES" or "-" in text.dashes(gap)))
                or (label in ("VOLUME", "ISSUE") and text.dashes(gap).strip() in ("-", "/"))
            ):
                runs[-1] = Run(label, before.start, token.end)
                continue
        runs.append(Run(label, token.start, token.end))
    return runs


# Places that belong to a journal's name in MEDLINE ("Int J Obes (Lond)", "Spine (Phila Pa 1976)") and elsewhere
# ("Proc Natl Acad Sci USA").
_PLACE_IN_NAME = re.compile(
    r"(?:USA?|UK|U\.?S\.?A\.?|[A-Z]{1,2}|Lond(?:on)?|Baltimore|Bethesda|Berl|Berlin|Paris|Oxf|Oxford|Camb|Cambridge|Edinb"
    r"|Engl|Tokyo|Basel|Copenh|Wash(?:ington)?(?:,? ?D\.?C\.?)?|N\.?Y\.?|New York|Phila(?: Pa)?(?: 1976)?"
    r"|Stuttg(?:art)?|Milano|Madr|Elmsford|Orlando|Balt|Noisy-le-grand|Bp|Larchmt|1985)\.?"
)


def with_places(readable: str, runs: list[Run]) -> list[Run]:
    """Journals joined with the place that is part of their name.

    >>> with_places("Proc Natl Acad Sci USA. 1990", [Run("JOURNAL", 0, 18), Run("PLACE", 19, 22)])
    [Run(label='JOURNAL', start=0, end=22)]
    """
    out: list[Run] = []
    i = 0
    while i < len(runs):
        run = runs[i]
        i += 1
        if run.label == "JOURNAL" and i < len(runs):
            after = runs[i]
            gap = readable[run.end : after.start]
            place = readable[after.start : after.end].strip(" .()")
            if (
                after.label in ("PLACE", "PUBLISHER", "NOTE")
                and re.fullmatch(r"\.?\s?\(?", gap)
                and _PLACE_IN_NAME.fullmatch(place)
            ):
                end = after.end
                if "(" in gap and readable[end : end + 1] == ")":
                    end += 1
                run = Run("JOURNAL", run.start, end)
                i += 1
        out.append(run)
    return out


_QUOTES = "\"'“”‘’«»„‟‚`´"
_LEFT = " .,;:*_-–—/" + _QUOTES + ")]"
_RIGHT = " ,;:*_-–—/" + _QUOTES + "(["
_ABBREVIATION = re.compile(r"(?:^|[\s.(])[^\W\d_]{1,6}\.$")


def trimmed(readable: str, run: Run) -> tuple[int, int]:
    """A stretch without the marks at its edges; brackets stay where they are closed within it.

    >>> trimmed("“Wound care (in burns),” 2020", Run("TITLE", 0, 24))
    (1, 22)
    """
    start, end = run.start, run.end
    if readable[end : end + 1] == ")" and readable.count("(", start, end) > readable.count(")", start, end):
        end += 1
    while start < end:
        before = (start, end)
        while start < end and readable[start] in _LEFT:
            start += 1
        while end > start and readable[end - 1] in _RIGHT:
            end -= 1
        if (
            end > start
            and readable[end - 1] == "."
            and not (
                run.label in ("JOURNAL", "BOOK", "SERIES")
                and readable.count(".", start, end) > 1
                and _ABBREVIATION.search(readable, max(start, end - 9), end)
            )
            and run.label not in ("AUTHOR", "EDITOR")
        ):
            end -= 1
        for opening, closing in ("()", "[]"):
            opened, closed = readable.count(opening, start, end), readable.count(closing, start, end)
            if closed > opened and end > start and readable[end - 1] == closing:
                end -= 1
            elif opened > closed and end > start and readable[start] == opening:
                start += 1
            elif opened == closed == 1 and readable[start] == opening and readable[end - 1] == closing:
                start, end = start + 1, end - 1
        if (start, end) == before:
            break
    return start, end
