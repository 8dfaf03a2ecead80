"""Stretches of an entry under one label, with their true edges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from refcheck import text
from refcheck.parsing.fields.tagger import OUTSIDE
from refcheck.parsing.fields.tokens import Token
from refcheck.words import EDITOR_MARKS


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

    >>> from refcheck.parsing.fields.tokens import tokenise
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


# Places and years that belong to a journal's name in MEDLINE ("Int J Obes (Lond)", "Spine (Phila Pa 1976)", "Obesity
# (Silver Spring)", "J Am Pharm Assoc (2003)") or that are printed behind it ("Proc Natl Acad Sci USA").
_PLACE_IN_NAME = re.compile(
    r"\.?\s?(?:U\.?\s?S\.?\s?A\b\.?|U\.?\s?K\b\.?|N\.?\s?Y\b\.?"
    r"|\([A-Z][a-z-]{1,20}\.?(?:\s[A-Z][a-z]{1,20}){0,2}(?:\s(?:18|19|20)\d\d)?\)(?=[.,;]?\s{1,2}\(?\d)"
    r"|\((?:18|19|20)\d\d\)(?=[.,;]?\s{1,2}\(?(?:18|19|20)\d\d\b))"
)


def with_places(readable: str, runs: list[Run]) -> list[Run]:
    """Journals joined with the place or year that is part of their name.

    >>> with_places("Obesity (Silver Spring) 2007", [Run("JOURNAL", 0, 7), Run("PLACE", 9, 22), Run("DATE", 24, 28)])
    [Run(label='JOURNAL', start=0, end=23), Run(label='DATE', start=24, end=28)]
    """
    out: list[Run] = []
    end = 0
    for run in runs:
        if run.end <= end and run.label in ("PLACE", "PUBLISHER", "NOTE", "DATE", "JOURNAL", "BOOK"):
            continue
        if run.label == "JOURNAL" and (m := _PLACE_IN_NAME.match(readable, run.end)):
            end = m.end()
            run = Run("JOURNAL", run.start, end)
        out.append(run)
    return out


EDITOR_MARK = re.compile(rf"(?i)[\s,.(\[]{{0,4}}{text.any_of(EDITOR_MARKS)}\b")
_PAGES = re.compile(r"[A-Za-z]?\d{1,6}(?:\s?[-–—]\s?[A-Za-z]?\d{1,6})?")
_RANGE = re.compile(r"[A-Za-z]?\d{1,6}\s?[-–—]\s?[A-Za-z]?\d{1,6}")
_BARE_GAP = re.compile(r"(?i)[\s,.]{0,3}(?:(?:vol|jg|bd|band|t|tome)\b[.\s]{0,2})?")
_BEFORE_VOLUME = frozenset(["PUBLISHER", "SERIES", "GENRE"])


def with_usual_order(readable: str, runs: list[Run]) -> list[Run]:
    """The runs with labels put right that the order of fields contradicts: who opens an entry without being called
    editor is its author; what stands right before a volume is a journal, what follows it after a colon are pages, and
    so is a second volume; a publisher before the place of the publisher is a book.

    >>> with_usual_order("Lee J (1979) On wounds", [Run("EDITOR", 0, 5), Run("DATE", 7, 11), Run("TITLE", 13, 22)])[0]
    Run(label='AUTHOR', start=0, end=5)
    """
    seen = {run.label for run in runs}
    out = list(runs)
    for k, run in enumerate(runs):
        after = runs[k + 1] if k + 1 < len(runs) else run
        gap = readable[run.end : after.start]
        if run.label == "EDITOR" and k == 0 and "AUTHOR" not in seen and not EDITOR_MARK.match(readable, run.end):
            out[k] = run._replace(label="AUTHOR")
        elif (
            (run.label, after.label, gap.strip()) in (("VOLUME", "NOTE", ":"), ("VOLUME", "VOLUME", ","))
            and "PAGES" not in seen
            and _PAGES.fullmatch(readable, after.start, after.end)
        ):
            out[k + 1] = after._replace(label="PAGES")
        elif (
            run.label == "PUBLISHER"
            and k
            and runs[k - 1].label == "TITLE"
            and not seen & {"JOURNAL", "BOOK"}
            and [r.label for r in runs[k + 1 : k + 3]] == ["PLACE", "PUBLISHER"]
        ):
            out[k] = run._replace(label="BOOK")
        elif run.label == "GENRE" and "PAGES" not in seen and _RANGE.fullmatch(readable, run.start, run.end):
            out[k] = run._replace(label="PAGES")
        elif (
            run.label in _BEFORE_VOLUME
            and after.label == "VOLUME"
            and _BARE_GAP.fullmatch(gap)
            and not seen & {"JOURNAL", "BOOK"}
        ):
            out[k] = run._replace(label="JOURNAL")
    return out


_MARKED_BOOK = re.compile(
    r"(?:(?<=[.?!,;])|\s?[–-])\s?(?:In|Dans|En|Em)(?::\s?|\s(?=[A-Z\d]))|\s(?:In|in)\s?:\s?"
    r"|(?<=[.,])\s?(?=Proc(?:eedings of|\s?\.))"
)


def with_marked_book(readable: str, runs: list[Run]) -> list[Run]:
    """A title that goes on past "In:", parted there, where no journal or book was seen.

    >>> with_marked_book("Talking In: A Guide to Care. 2003", [Run("TITLE", 0, 27), Run("DATE", 29, 33)])
    [Run(label='TITLE', start=0, end=7), Run(label='BOOK', start=12, end=27), Run(label='DATE', start=29, end=33)]
    """
    if any(run.label in ("JOURNAL", "BOOK") for run in runs):
        return runs
    for k, run in enumerate(runs):
        if run.label == "TITLE" and (m := _MARKED_BOOK.search(readable, run.start + 5, run.end)) and m.end() < run.end:
            parted = [Run("TITLE", run.start, m.start()), Run("BOOK", m.end(), run.end)]
            return [*runs[:k], *parted, *runs[k + 1 :]]
    return runs


# A name in Han, kana or Hangul that opens an entry: before a comma or a year.
_EASTERN_NAME = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,6}(?: [\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,3})?"
    r"(?=\s?[,、，(（]?\s?\(?(?:1[89]|20)\d\d(?!\d)|\s?[,、，])"
)


# ". 이건호, . 정완규": names without given name in a style that sets initials before them.
_EASTERN_NAMES = re.compile(r"[.\s]{0,3}((?:[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,6}[,.\s]{1,4})+)")


def with_eastern_author(readable: str, runs: list[Run]) -> list[Run]:
    """The runs with a name in an East Asian script as author, where the entry opens with one and no author was seen.

    >>> with_eastern_author("小林行雄, 1962", [Run("TITLE", 0, 4), Run("DATE", 6, 10)])
    [Run(label='AUTHOR', start=0, end=4), Run(label='DATE', start=6, end=10)]
    """
    named = _EASTERN_NAMES.match(readable) if runs and runs[0].label == "AUTHOR" else None
    if named and named.start(1) < runs[0].start < named.end():
        return [runs[0]._replace(start=named.start(1)), *runs[1:]]
    if not readable or readable[0] < "\u3040" or any(run.label in ("AUTHOR", "EDITOR") for run in runs):
        return runs
    m = _EASTERN_NAME.match(readable)
    if not m:
        return runs
    clipped = [run._replace(start=max(run.start, m.end())) for run in runs if run.end > m.end()]
    return [Run("AUTHOR", 0, m.end()), *clipped]


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
