"""Does the entry print the recorded title? Blind reading and guided search together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz import fuzz

from refcheck.matching.entry import Entry
from refcheck.matching.title_parts import SUBTITLE, is_a_part, is_torn
from refcheck.matching.wording import FUNCTION_WORDS, Wording, compare_wording, is_sharp, main_titles
from refcheck.model import Agreement, Level, Work
from refcheck.text import words

#: Words besides authors' names that the blind reading may have put before a title: a year, a list number.
_BEFORE_MOST = 3


class TitleReading(NamedTuple):
    """How the title agrees, for the report (`agreement`) and for the question which record is meant (`kind`).

    kind: same, formatting, subtitle (the printed one is cut), extended (the printed one goes on), near (slips),
    words (content words differ), sharp (a number, negation or part mark differs), translated (printed in square
    brackets, as cataloguers give a translation), other, unprinted, unrecorded.
    """

    agreement: Agreement | None
    kind: str
    score: float  # 0–1 likeness of the wordings
    length: int  # words of content in the recorded title
    zone: tuple[int, int] = (0, 0)  # where it stands in the readable text
    turned: bool = False  # another number, part or phase, or a negation more or less: the title of another work


# "[Review]", "[in German]", "[Internet]", "(Review)" after a title: cataloguers' notes (NLM, Citing Medicine ch. 1).
_NOTES = re.compile(
    r"(?i)\s*[\[(](?:review|internet|in [a-z]{4,12}|article|abstract|letter|editorial|[a-z]{4,12} language)[\])]\.?"
)
# The word that begins the book or proceedings a work stands in.
_IN = re.compile(r"[.,;]?\s*(?:In|in|IN)\s?:?\s")
# The least run of letters for which a hit anywhere in the entry is no accident.
_LONG_ENOUGH = 18


def compare_title(entry: Entry, work: Work) -> TitleReading:
    """Compare the recorded title with the entry."""
    zone = entry.zones.get("title")
    blind = entry.words_in(zone)
    best: TitleReading | None = None
    for variant, how in _variants(work):
        reading = _compare_variant(entry, variant, how, blind, work)
        if best is None or _rank(reading) > _rank(best):
            best = reading
        if best.kind in ("same", "formatting"):
            break
    if best is None:
        return TitleReading(None, "unrecorded", 0.0, 0)
    found = best.agreement.span if best.agreement and best.kind != "other" else None
    return best._replace(zone=entry.place(found)) if found else best


_ORDER = (
    "unrecorded",
    "unprinted",
    "other",
    "words",
    "sharp",
    "translated",
    "near",
    "extended",
    "subtitle",
    "formatting",
    "same",
)


def _rank(reading: TitleReading) -> tuple[float, ...]:
    if reading.kind in ("words", "sharp", "other"):
        return (2, reading.score)
    return (_ORDER.index(reading.kind), reading.score)


def _variants(work: Work) -> Iterator[tuple[str, str]]:
    if work.title:
        yield work.title, ""
    for title in work.also.get("title", ()):
        yield title, ""
    for subtitle in work.also.get("subtitle", ()):
        yield f"{work.title}: {subtitle}", ""
    for title in work.also.get("original_title", ()):
        yield title, "original title"


def _compare_variant(entry: Entry, title: str, how: str, blind: tuple[int, int], work: Work) -> TitleReading:
    recorded = words(title)
    length = sum(w not in FUNCTION_WORDS for w in recorded)
    if not recorded:
        return TitleReading(None, "unrecorded", 0.0, 0)
    needle = "".join(recorded)
    for first, last in entry.find_compact(needle):
        if len(needle) < _LONG_ENOUGH and (
            not _overlaps((first, last), blind) or _inside_container(entry, work, (first, last))
        ):
            continue
        tail = _goes_on(entry, (first, last), blind, work)
        if tail:
            agreement = _agreement(entry, first, last, title, Level.NOTE, 0.95, f"printed title goes on: “{tail}”")
            another = blind[0] >= first and is_a_part(tail)
            if work.type == "book" and not another and SUBTITLE.match(entry.text, entry.words[last - 1].end):
                return TitleReading(agreement, "formatting", 0.95, length)  # a book recorded without its subtitle
            likeness = fuzz.ratio(" ".join(recorded), " ".join(w.text for w in entry.words[slice(*blind)])) / 100
            kind = "sharp" if another else "formatting" if is_torn(title) and length >= 4 else "extended"
            return TitleReading(agreement, kind, likeness, length, turned=another)
        same = entry.text[entry.words[first].start : entry.words[last - 1].end] == title.rstrip(".")
        level = Level.SAME if same and not how else Level.FORMATTING
        return TitleReading(_agreement(entry, first, last, title, level, 1.0, how), level.value, 1.0, length)
    names = {w for n in (*work.authors, *work.editors) for w in words(f"{n.family} {n.given}")}
    for head in reversed(main_titles(title)):
        needle = "".join(words(head))
        for first, last in entry.find_compact(needle):
            if sum(w.text not in names for w in entry.words[blind[0] : first]) > _BEFORE_MOST:
                continue  # words out of the middle of a longer title
            if _overlaps((first, last), blind) and _ends(entry, last, title[len(head) :], last >= blind[1], work):
                reason = "subtitle not printed"
                agreement = _agreement(entry, first, last, title, Level.FORMATTING, 0.97, reason)
                return TitleReading(agreement, "subtitle", 0.97, length)
    return _align(entry, title, recorded, length, blind, work)


def _ends(entry: Entry, last: int, tail: str, read_so: bool, work: Work) -> bool:
    """Whether the printed title ends before its recorded subtitle.

    That is so if the words that follow are not those of the subtitle (unless they are the container's), and the blind
    reading ends there too or a full stop or comma follows.
    """
    rest = entry.text[entry.words[last - 1].end :].lstrip("”\"’')")
    theirs = words(tail)
    if _IN.match(rest) and theirs[:1] != ("in",):
        return True
    telling = [w for w in theirs if w not in FUNCTION_WORDS] or list(theirs)
    held = {w for name in (work.container, *work.also.get("container", ())) for w in words(name)}
    following = {w.text for w in entry.words[last : last + len(theirs) + 2]} - held
    return (read_so or rest[:1] in (".", ",")) and sum(w in following for w in telling) < 0.3 * len(telling)


def _overlaps(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _goes_on(entry: Entry, found: tuple[int, int], blind: tuple[int, int], work: Work) -> str:
    """Words of content that the blind reading counts to the title beyond the recorded one, not explained otherwise."""
    if blind[0] >= blind[1] or not _overlaps(found, blind):
        return ""
    if found[1] >= blind[1] and found[0] <= blind[0]:
        return ""
    explained = (
        work.container, *work.also.get("container", ()), *work.also.get("subtitle", ()), work.series, work.genre,
        work.publisher, work.edition, work.volume, work.issue,
    )  # fmt: skip
    others = set(words(" ".join(explained)))
    others.update(w for n in (*work.authors, *work.editors) for w in words(n.family))
    beyond = [*range(blind[0], min(found[0], blind[1])), *range(max(found[1], blind[0]), blind[1])]
    text = entry.text
    notes = [m.span() for m in _NOTES.finditer(text)]
    extra = [
        entry.words[i]
        for i in beyond
        if not any(a <= entry.words[i].start < b for a, b in notes)
    ]  # fmt: skip
    telling = [w for w in extra if w.text not in FUNCTION_WORDS and w.text not in others]
    if not telling or (len(telling) == 1 and not is_sharp(telling[0].text) and len(telling[0].text) < 3):
        return ""
    return text[extra[0].start : extra[-1].end]


def _agreement(
    entry: Entry, first: int, last: int, recorded: str, level: Level, score: float, reason: str = ""
) -> Agreement:
    start, end = entry.words[first].start, entry.words[last - 1].end
    return Agreement(
        field="title",
        level=level,
        printed=entry.text[start:end],
        recorded=recorded,
        score=score,
        reason=reason,
        span=entry.span(start, end),
    )


def _align(
    entry: Entry, title: str, recorded: tuple[str, ...], length: int, blind: tuple[int, int], work: Work
) -> TitleReading:
    """The recorded title is not printed as it is: find the printed stretch that is most like it, and compare."""
    all_words = [w.text for w in entry.words]
    target = " ".join(recorded)
    ranges = []
    if blind[0] < blind[1]:
        ranges.append(blind)
        if fuzz.ratio(target, " ".join(all_words[slice(*blind)])) < 90:
            guided = _guided(entry, target)
            if guided:
                ranges.append(guided)
    elif (guided := _guided(entry, target)) and _likely(all_words[slice(*guided)], recorded):
        ranges.append(guided)
    best: tuple[float, int, int] | None = None
    for first, last in ranges:
        first, last = _stretch(all_words, first, last, recorded)
        score = fuzz.ratio(target, " ".join(all_words[first:last])) / 100
        if best is None or score > best[0]:
            best = (score, first, last)
    if best is None:
        return TitleReading(None, "unprinted", 0.0, length)
    score, first, last = best
    if score < 0.8 and _inside_container(entry, work, (first, last)):
        return TitleReading(None, "unprinted", score, length)
    wording = None
    if score >= 0.5 or _in_common(all_words[first:last], recorded) >= 0.3:
        wording = compare_wording(recorded, all_words[first:last])
    if wording is None or (wording.same < 0.35 * len(recorded) and score < 0.5):
        if blind[0] >= blind[1] or _is_container(entry, work, blind):
            return TitleReading(None, "unprinted", score, length)
        if entry.text[: entry.words[blind[0]].start].endswith("["):
            agreement = _agreement(entry, *blind, title, Level.NOTE, score, "translated title")
            return TitleReading(agreement, "translated", score, length)
        agreement = _agreement(entry, *blind, title, Level.DIFFERS, score, "another title")
        return TitleReading(agreement, "other", score, length)
    return _told(entry, title, first, last, length, score, wording, blind)


def _guided(entry: Entry, target: str) -> tuple[int, int] | None:
    """The words of the entry that are most like the recorded title, by local alignment of the characters."""
    joined = entry.joined
    if not joined:
        return None
    found = fuzz.partial_ratio_alignment(target, joined, score_cutoff=60)
    if found is None:
        return None
    first = joined.count(" ", 0, found.dest_start)
    last = joined.count(" ", 0, max(found.dest_end - 1, 0)) + 1
    return first, min(last, len(entry.words))


def _likely(printed: list[str], recorded: tuple[str, ...]) -> bool:
    """Where no title was read blindly, only a stretch with most of the recorded words is taken for it."""
    return _in_common(printed, recorded) >= 0.6


def _in_common(printed: list[str], recorded: tuple[str, ...]) -> float:
    """Share of the recorded words that are printed, in any order."""
    return sum(w in printed for w in recorded) / len(recorded)


def _stretch(all_words: list[str], first: int, last: int, recorded: tuple[str, ...]) -> tuple[int, int]:
    """Move the ends of a range to where the recorded title begins and ends, if its end words stand close by."""
    n = len(all_words)
    head = recorded[:3]
    for i in range(max(0, first - 4), first):
        if all_words[i] == head[0] and (len(head) < 2 or (i + 1 < n and all_words[i + 1] == head[1])):
            first = i
            break
    for j in range(min(n, last + 4), last, -1):
        if all_words[j - 1] == recorded[-1] and (len(recorded) < 2 or all_words[j - 2] == recorded[-2]):
            last = j
            break
    return first, last


def _is_container(entry: Entry, work: Work, blind: tuple[int, int]) -> bool:
    """The blind reading took the book or journal for the title: the style prints no title."""
    printed = " ".join(w.text for w in entry.words[slice(*blind)])
    return any(
        fuzz.ratio(printed, " ".join(words(c))) >= 80
        for c in (work.container, work.series, *work.also.get("container", ()))
        if c
    )


def _inside_container(entry: Entry, work: Work, stretch: tuple[int, int]) -> bool:
    """The stretch is a part of the recorded book's or journal's name: the style prints no title."""
    for name in (work.container, *work.also.get("container", ())):
        for first, last in entry.find_compact("".join(words(name))):
            if first <= stretch[0] < last and stretch[1] <= last + 1:
                return True
    return False


def _told(
    entry: Entry, title: str, first: int, last: int, length: int, score: float, wording: Wording, blind: tuple[int, int]
) -> TitleReading:
    content = list(wording.content)
    beyond = {w.text for w in entry.words[last : last + 3]} | {w.text for w in entry.words[max(0, first - 3) : first]}
    cut_short = False
    serious = []
    for d in content:
        if d.edge and not d.recorded:
            continue  # words beyond the recorded title: the reading of its bounds is not sure enough to say more
        if d.edge == "end" and not d.printed and _at_break(title, d.recorded):
            cut_short = True
            continue
        if d.edge and not d.printed and all(w in beyond for w in d.recorded):
            continue  # the end of the printed title was read too narrowly
        serious.append(d)
    if serious:
        reason = "; ".join(_reason(d) for d in serious[:4])
        kind = "sharp" if wording.sharp and len(serious) <= 2 else "words"
        agreement = _agreement(entry, first, last, title, Level.DIFFERS, score, reason)
        return TitleReading(agreement, kind, score, length, turned=wording.turned)
    if wording.slips:
        reason = "; ".join(_reason(d) for d in wording.slips[:4])
        return TitleReading(_agreement(entry, first, last, title, Level.NOTE, score, reason), "near", score, length)
    if content and not cut_short:
        more = [d for d in content if d.edge and not d.recorded]
        if more and blind[0] < blind[1]:
            reason = "printed title goes on: “" + " ".join(w for d in more for w in d.printed) + "”"
            reading = _agreement(entry, first, last, title, Level.NOTE, score, reason)
            return TitleReading(reading, "extended", score, length)
    if cut_short:
        agreement = _agreement(entry, first, last, title, Level.FORMATTING, score, "subtitle not printed")
        return TitleReading(agreement, "subtitle", score, length)
    reason = "spelling" if wording.spelled else "small words" if wording.function else ""
    level = Level.NOTE if wording.function > 1 else Level.FORMATTING
    return TitleReading(_agreement(entry, first, last, title, level, score, reason), "formatting", score, length)


def _at_break(title: str, tail: tuple[str, ...]) -> bool:
    """Whether the words left out at the end are the subtitle and nothing more."""
    return any(
        tuple(w for w in words(title[len(head) :]) if w not in FUNCTION_WORDS) == tail for head in main_titles(title)
    )


def _reason(d: tuple[tuple[str, ...], tuple[str, ...], int, str]) -> str:
    recorded, printed = " ".join(d[0]), " ".join(d[1])
    if not printed:
        return f"“{recorded}” is recorded, not printed"
    if not recorded:
        return f"“{printed}” is printed, not recorded"
    return f"“{printed}” printed, “{recorded}” recorded"
