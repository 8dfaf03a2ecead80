"""Labels put right by what stands around a stretch: one title, what it stands in, and who is called editor."""

from __future__ import annotations

import itertools
import re

from refcheck import text
from refcheck.parsing.fields.runs import Run
from refcheck.words import EDITOR_MARKS, IN_MARKS

_OPENED_AS_EDITORS = re.compile(
    rf"(?i)[\s,.]{{0,2}}[(\[]\s?{text.any_of(EDITOR_MARKS)}\b|,?\s(?:eds\b|editors?\b|hrsg\b)"
)
_IN_MARK = re.compile(rf"(?i)\b{text.any_of(IN_MARKS)}\b[\s:,\]“\"‘]{{0,4}}$")


_MEETING = re.compile(
    r"(?i)\(?proc|(?:the )?(?:\d{4} )?(?:\d{1,2}(?:st|nd|rd|th) )?(?:\w+ ){0,6}(?:conf|symp|workshop)"
)


def with_editors(readable: str, runs: list[Run]) -> list[Run]:
    """Who opens an entry and is called editor there is its editor; the book that follows is then its title.

    >>> with_editors("Lee J (Eds.). Skin. 2003", [Run("AUTHOR", 0, 5), Run("BOOK", 14, 18), Run("DATE", 20, 24)])[:2]
    [Run(label='EDITOR', start=0, end=5), Run(label='TITLE', start=14, end=18)]
    """
    out = list(runs)
    if out and out[0].label == "AUTHOR" and _OPENED_AS_EDITORS.match(readable, out[0].end):
        out[0] = out[0]._replace(label="EDITOR")
    if any(run.label == "TITLE" for run in out):
        return out
    for k, run in enumerate(out):
        if run.label == "BOOK":
            first = out[k - 1] if k > 1 and out[k - 1].label == "EDITOR" else run
            inside = _IN_MARK.search(readable, max(0, first.start - 9), first.start)
            if not inside and (out[0].label == "EDITOR" or not _MEETING.match(readable, run.start)):
                out[k] = run._replace(label="TITLE")
            break
    return out


# A word in small letters that is no part of a name: "Senatsverwaltung für Umweltschutz".
_WORDED = re.compile(r"(?<!\S)(?!(?:and|und|et|van|von|der|den|de|del|dos|das|da|di|la|le|bin|al)\b)[a-zß-ÿ]{2,}")


_BOOK_AND_EDITORS = re.compile(
    r"([^\W\d_][^\s.]{0,30}(?:\s[^\s.]{1,30}){1,12}),\s(?=[A-Z]\.(?:[-\s]{0,2}[A-Z]\.){0,3}\s[A-Z][a-zà-ÿ]+(?:$|,|\sand|\s&))"
)


def with_one_title(readable: str, runs: list[Run]) -> list[Run]:
    """A second title, where no journal or book was seen, is what the first one stands in; so is one read as a name.

    >>> with_one_title("Skin, in: Burns, 2003", [Run("TITLE", 0, 4), Run("TITLE", 10, 15), Run("DATE", 17, 21)])[1]
    Run(label='BOOK', start=10, end=15)
    """
    for k, run in enumerate(runs):
        if k > 1 and run.label == "EDITOR" and not any(r.label in ("JOURNAL", "BOOK") for r in runs):
            inside = _IN_MARK.search(readable, max(0, run.start - 9), run.start)
            if inside and (m := _BOOK_AND_EDITORS.match(readable, run.start, run.end)):
                return [*runs[:k], Run("BOOK", *m.span(1)), run._replace(start=m.end()), *runs[k + 1 :]]
    titles = [k for k, run in enumerate(runs) if run.label == "TITLE"]
    if len(titles) < 2 or any(run.label in ("JOURNAL", "BOOK") for run in runs):
        return runs
    out = list(runs)
    first, second = titles[0], titles[1]
    if first == 0 and second == 2 and runs[1].label == "DATE":
        head = readable[out[0].start : out[0].end]
        if ". " not in head:
            out[0] = out[0]._replace(label="GROUP" if _WORDED.search(head) else "AUTHOR")
    elif runs[second - 1].label in ("EDITOR", "PAGES") or _IN_MARK.search(
        readable, runs[first].end, runs[second].start
    ):
        out[second] = out[second]._replace(label="BOOK")
    return out


_INITIALS_FIRST = re.compile(r"[^\W\d_a-z]\.")
_INITIALS_LAST = re.compile(r"(?:^|[\s,.])[^\W\d_a-z]\.?(?:-?[^\W\d_a-z]\.?){0,2}$")
_SURNAME = re.compile(r"[^\W\d_a-z][\w'’-]{1,20}(?:\s[^\W\d_a-z][\w'’-]{1,20}){0,2}")


def with_surname(readable: str, runs: list[Run]) -> list[Run]:
    """The surname of the last author, in a list with initials first, that was taken for the title.

    >>> with_surname("M. Lee, J.-M. El Hage, Burns 9", [Run("AUTHOR", 0, 12), Run("TITLE", 14, 21)])
    [Run(label='AUTHOR', start=0, end=21)]
    """
    for k, (run, after) in enumerate(itertools.pairwise(runs)):
        if run.label == "AUTHOR" and after.label == "TITLE":
            first = _INITIALS_FIRST.match(readable, run.start)
            last = _INITIALS_LAST.search(readable[max(run.start, run.end - 12) : run.end])
            parted = readable[run.end : after.start] in (". ", " ") and readable[after.end : after.end + 1] == ","
            if first and last and parted and _SURNAME.fullmatch(readable, after.start, after.end):
                return [*runs[:k], run._replace(end=after.end), *runs[k + 2 :]]
            return runs
    return runs


_IN_COLON = re.compile(r"(?:^|[\s,.;])(?:[Ii][Nn]|[Dd]ans):[\s,“\"‘«]{0,4}$|[.;]\sIn\s$")


def with_marked_place(readable: str, runs: list[Run]) -> list[Run]:
    """What stands behind "in:" is what a work stands in, and what was taken for its journal before is its title.

    >>> with_marked_place("Brown S, in: Burns", [Run("AUTHOR", 0, 7), Run("TITLE", 13, 18)])[1]
    Run(label='BOOK', start=13, end=18)
    """
    labels = [run.label for run in runs]
    for k, run in enumerate(runs):
        before = readable[max(0, run.start - 9) : run.start]
        if run.label == "SERIES" and _IN_MARK.search(before) and not {"JOURNAL", "BOOK"} & set(labels):
            return [*runs[:k], run._replace(label="BOOK"), *runs[k + 1 :]]
        if not k or not _IN_COLON.search(before):
            continue
        if run.label == "TITLE" and labels[:k] in (["AUTHOR"], ["NUMBER", "AUTHOR"]) and "BOOK" not in labels:
            return [*runs[:k], run._replace(label="BOOK"), *runs[k + 1 :]]
        if run.label == "BOOK" and "TITLE" not in labels and labels[:k].count("JOURNAL") == 1:
            first = labels.index("JOURNAL")
            return [*runs[:first], runs[first]._replace(label="TITLE"), *runs[first + 1 :]]
    return runs


_LOWER_WORD = re.compile(r"\s[a-zß-ÿ]{2}")


# Journals whose name opens with a word that announces books, or ends in a year: "In Vitro Cell Dev Biol",
# "Periodontol 2000".
_IN_NAME = re.compile(r"\bIn\s$")
_LATIN = re.compile(r"(?:Vivo|Vitro|Silico)\b")
_YEAR_IN_NAME = re.compile(r"\.?\s(?:19|20)00(?=[.,;]?\s\(?(?:19|20)\d\d\b)")


def with_whole_name(readable: str, runs: list[Run]) -> list[Run]:
    """Journals with the "In" or the year that is part of their name.

    >>> with_whole_name("Periodontol 2000 2003", [Run("JOURNAL", 0, 11), Run("DATE", 12, 21)])
    [Run(label='JOURNAL', start=0, end=16), Run(label='DATE', start=17, end=21)]
    """
    out: list[Run] = []
    for run in runs:
        behind = out and out[-1].label == "JOURNAL" and run.label == "DATE"
        if behind and (m := _YEAR_IN_NAME.match(readable, out[-1].end)):
            out[-1] = out[-1]._replace(end=m.end())
            run = run._replace(start=m.end() + 1)
        elif run.label in ("JOURNAL", "BOOK") and _LATIN.match(readable, run.start):
            m = _IN_NAME.search(readable, max(0, run.start - 4), run.start)
            run = Run("JOURNAL", m.start(), run.end) if m else run
        out.append(run)
    return out


# "InHandbook of …" (a blank that the style left out), "dans les actes du colloque …", "… içinde": words that say where
# a chapter stands and are no part of the book's name.
_NO_NAME_BEFORE = re.compile(r"In(?=[A-Z][\w-]*\s)|(?:les\s)?[Aa]ctes\sdu\scolloque\s(?:de\s)?(?=[A-Z\d])")
_END_OF_BRACKETS = re.compile(r"([^()]{1,60}\))[.,]?\s(?=\w)")  # "… complexes (M = Zn, Cd) Polyhedron"
_IN_YEAR = re.compile(r"\s\(((?:19|20)\d\d)$")  # "Proceedings … on Robotics (2018), 3803-10"
_NO_NAME_BEHIND = re.compile(r"\siçinde(?:\s?[.,])?$")
_CLOSED = re.compile(r"[”»\"]\s?,?\s?(?=[IVXLC\d]{1,9}$)")


def with_bare_name(readable: str, runs: list[Run]) -> list[Run]:
    """Journals and books without the words that only say that they are the place, and quoted ones without the volume.

    >>> with_bare_name("Skin. InHandbook of Burns. 2003", [Run("TITLE", 0, 4), Run("BOOK", 6, 25)])[1]
    Run(label='BOOK', start=8, end=25)
    """
    out: list[Run] = []
    for run in runs:
        if run.label in ("JOURNAL", "BOOK") and run.end - run.start > 12:
            if out and out[-1].label == "TITLE" and (m := _END_OF_BRACKETS.match(readable, run.start, run.end)):
                out[-1] = out[-1]._replace(end=m.end(1))
                run = run._replace(start=m.end())
            if out and (m := _NO_NAME_BEFORE.match(readable, run.start, run.end)):
                run = run._replace(start=m.end())
            inner = run.end - (readable[run.end - 1] == ")")
            if run.label == "BOOK" and (m := _IN_YEAR.search(readable[max(0, inner - 6) : inner])):
                run = run._replace(end=inner - len(m[0]))
            if m := _NO_NAME_BEHIND.search(readable, run.end - 10, run.end):
                run = run._replace(end=m.start())
            elif m := _CLOSED.search(readable, max(run.start, run.end - 12), run.end):
                out.append(run._replace(end=m.start()))
                run = Run("VOLUME", m.end(), run.end)
        out.append(run)
    return out


# How lawyers cite: ", 9 Space Pol'y 319 (1993)".
_BY_LAW = re.compile(
    r",\s(\d{1,3})\s([A-Z][^\W\d_]*\.?(?:['’&.\s-]{1,3}[^\W\d_]+\.?){1,8})\s(\d{1,5})\s?\(((?:1[89]|20)\d\d)\)\.?$"
)


def with_law_review(readable: str, runs: list[Run]) -> list[Run]:
    """Volume, journal, page and year of an entry that ends as lawyers cite.

    >>> with_law_review("J. Lee, Wounds, 9 Space Pol'y 319 (1993).", [Run("AUTHOR", 0, 6), Run("TITLE", 8, 26)])[1:3]
    [Run(label='TITLE', start=8, end=14), Run(label='VOLUME', start=16, end=17)]
    """
    m = _BY_LAW.search(readable, max(0, len(readable) - 90))
    if not m or not any(run.label == "TITLE" and run.start < m.start() for run in runs):
        return runs
    before = [run._replace(end=min(run.end, m.start())) for run in runs if run.start < m.start()]
    parts = (Run(label, *m.span(k)) for k, label in enumerate(("VOLUME", "JOURNAL", "PAGES", "DATE"), start=1))
    return [*before, *parts]


# What a title ends in, and a journal begins with: "… in bacteria Korean" "J Lab Med", "… Methodik. Mitt" "Verein."
_BEFORE_J = re.compile(r"(?<=[a-z)])\s(?=[A-Z][a-z]{1,11}$)")
_J = re.compile(r"J\.?\s[A-Z]")
_BEGINNING = re.compile(r"Proc|Trans|Ann|Bull|Rev|Acta|Mem|Arch")  # "Proc. SPIE": no title
_ABBREVIATED_END = re.compile(r"(?<=[a-z)?])[.?](?:\s?[-–])?\s(?=[A-Z][a-z]{1,6}$)")
_ABBREVIATED = re.compile(r"(?:[A-Z][\w-]*\.?\s)*[A-Z][a-z]+\.\s[A-Z]")


def with_first_word(readable: str, runs: list[Run]) -> list[Run]:
    """Journals with the first word of their name, where it was taken for the last one of the title.

    >>> with_first_word("On care Korean J Lab Med 31", [Run("TITLE", 0, 14), Run("JOURNAL", 15, 24)])
    [Run(label='TITLE', start=0, end=7), Run(label='JOURNAL', start=8, end=24)]
    """
    for k, (run, after) in enumerate(itertools.pairwise(runs)):
        if run.label == "TITLE" and after.label == "JOURNAL":
            gap = readable[run.end : after.start]
            if gap == ". " and _BEGINNING.fullmatch(readable, run.start, run.end):
                return [*runs[:k], after._replace(start=run.start), *runs[k + 2 :]]
            m = None
            if gap == " " and _J.match(readable, after.start):
                m = _BEFORE_J.search(readable, max(run.start, run.end - 14), run.end)
            elif gap == ". " and _ABBREVIATED.match(readable, after.start, after.end):
                m = _ABBREVIATED_END.search(readable, max(run.start, run.end - 12), run.end)
            if m and m.start() > run.start:
                return [*runs[:k], run._replace(end=m.start()), after._replace(start=m.end()), *runs[k + 2 :]]
            return runs
    return runs


_LAST_SENTENCE = re.compile(r".*(?<=[^\W\d_]{3})[.?!]\s(?=[^\W\d_a-z])", re.DOTALL)
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_EASTERN_JOURNAL = re.compile(
    rf"[\s,、，]\s?([{_CJK}](?:[:：]?\s?[{_CJK}]){{1,15}}?)\s?[、，]?\s?"
    r"(?:第|제)?(\d{1,4}(?:[-–]\d{1,3})?)\s?(?:[卷巻권]\s?(?:第|제)?(\d{1,3})?)?[号號호]?"
    r"(?:\s?[(（][^()（）]{1,20})?$"
)
_EASTERN_PLACE = re.compile(rf"([{_CJK}]{{2,12}})\s?(\d{{1,4}}(?:[-–]\d{{1,3}})?)")
_EASTERN_VOLUME = re.compile(r"(?<!\d)(\d{1,4})\s?[卷巻권]")
_LAW_REVIEW = re.compile(r",\s(\d{1,3})\s([A-Z][\w.'’& ]{3,60}?)\s?$")


def _with_eastern_journal(readable: str, runs: list[Run]) -> list[Run]:
    seen = any(run.label == "VOLUME" for run in runs)
    for k, run in enumerate(runs):
        if (
            run.label == "TITLE"
            and not seen
            and (m := _EASTERN_JOURNAL.search(readable, max(run.start, run.end - 60), run.end))
        ):
            parted = [run._replace(end=m.start()), Run("JOURNAL", *m.span(1)), Run("VOLUME", *m.span(2))]
            if not m[3] and m[0][-1] in "号號호":
                parted[2] = Run("ISSUE", *m.span(2))
            if m[3]:
                parted.append(Run("ISSUE", *m.span(3)))
            return [*runs[:k], *parted, *runs[k + 1 :]]
        m = _EASTERN_PLACE.match(readable, run.start) if run.label in ("PAGES", "PUBLISHER", "VOLUME") else None
        if m and m.end() >= run.end:
            rest = [r for r in runs[k + 1 :] if r.start >= m.end()]
            return [*runs[:k], Run("JOURNAL", *m.span(1)), Run("VOLUME", *m.span(2)), *rest]
    return runs


def _with_eastern_volume(readable: str, runs: list[Run]) -> list[Run]:
    m = _EASTERN_VOLUME.search(readable)
    if not m or any(run.start < m.end(1) and m.start(1) < run.end for run in runs):
        return runs
    at = sum(run.start < m.start() for run in runs)
    return [*runs[:at], Run("VOLUME", *m.span(1)), *runs[at:]]


def with_container(readable: str, runs: list[Run]) -> list[Run]:
    """The journal or book that was taken for the end of the title before it, where an entry has volume or pages.

    >>> with_container("Skin grafts. Burns 9", [Run("TITLE", 0, 18), Run("VOLUME", 19, 20)])[:2]
    [Run(label='TITLE', start=0, end=11), Run(label='JOURNAL', start=13, end=18)]
    """
    labels = {run.label for run in runs}
    if max(readable, default="") >= "\u3040":
        if "JOURNAL" not in labels:
            return _with_eastern_journal(readable, runs)
        if "VOLUME" not in labels:
            return _with_eastern_volume(readable, runs)
    ranged = any(run.label == "PAGES" and "-" in text.dashes(readable[run.start : run.end]) for run in runs)
    if labels & {"JOURNAL", "BOOK", "SERIES"} or not (ranged or labels & {"VOLUME", "ISSUE"}):
        return runs
    for k, run in enumerate(runs):
        if run.label != "TITLE":
            continue
        m = _LAST_SENTENCE.match(readable, run.start, run.end)
        # "Proc. Natl. Acad. Sci" is no title, but "Exemplar Research" is one.
        if m and (_LOWER_WORD.search(m[0]) or ("PUBLISHER" in labels and m[0].count(".") == 1 and " " in m[0][:-1])):
            label = "JOURNAL" if labels & {"VOLUME", "ISSUE"} else "BOOK"
            parted = [run._replace(end=m.end() - 2), Run(label, m.end(), run.end)]
            return [*runs[:k], *parted, *runs[k + 1 :]]
        if m := _LAW_REVIEW.search(readable, max(run.start, run.end - 70), run.end):
            rest = [r._replace(label="PAGES") if r.label == "VOLUME" else r for r in runs[k + 1 :]]
            parted = [run._replace(end=m.start()), Run("VOLUME", *m.span(1)), Run("JOURNAL", *m.span(2))]
            return [*runs[:k], *parted, *rest]
        return runs
    return runs
