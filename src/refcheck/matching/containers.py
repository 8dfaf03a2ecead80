"""Is the printed journal, book or proceedings the recorded one?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from rapidfuzz import fuzz

from refcheck.matching.acronyms import acronym_in, own_acronyms
from refcheck.matching.entry import Entry
from refcheck.matching.journal_sections import sectioned
from refcheck.matching.journals import (
    ANOTHER_SECTION,
    SMALL_WORDS,
    container_level,
    misspelt_name,
    names_alike,
    telling_words,
    word_abbreviates,
)
from refcheck.model import Agreement, Level, Work
from refcheck.text import words
from refcheck.words import MONTHS, SEASONS, SHORT_MONTHS


class ContainerReading(NamedTuple):
    """How the container agrees. kind: same, abbreviated, like (books, proceedings), differs, unprinted, unrecorded."""

    agreement: Agreement | None
    kind: str
    publisher: str = ""  # whether the recorded publisher is printed: same, other


def compare_container(entry: Entry, work: Work, title: tuple[int, int] = (0, 0)) -> ContainerReading:
    """Compare the printed container with every name the record has for it.

    `title` is where the recorded title stands in the readable text.
    """
    publisher = "".join(telling_words(work.publisher)[:2]) if work.publisher else ""
    seen = "same" if publisher and publisher in entry.compact else "other"
    reading = _compare(entry, work, title)
    if reading.kind == "unprinted" and (found := _in_between(entry, work, title)):
        printed = entry.text[slice(*found)]
        level, reason = container_level(printed, _names(work))
        agreement = Agreement(
            field="container", level=level, printed=printed, recorded=work.container,
            score=float(level is not Level.DIFFERS), reason=reason or "another journal", span=entry.span(*found),
        )  # fmt: skip
        reading = ContainerReading(agreement, "differs" if level is Level.DIFFERS else "abbreviated")
    return reading._replace(publisher=seen)


def known_otherwise(reading: ContainerReading, work: Work) -> ContainerReading:
    """The reading where title, year, volume and first page agree: a name of like wording is taken for another name of
    the journal (a former one, mostly), and told as a note.
    """
    a = reading.agreement
    if a is None or reading.kind != "differs" or a.reason == ANOTHER_SECTION:
        return reading
    if not any(names_alike(a.printed, name) for name in _names(work)):
        return reading
    told = replace(a, level=Level.NOTE, reason="all else agrees: a former name of the journal?", score=0.5)
    return reading._replace(agreement=told)


def _names(work: Work) -> list[str]:
    return [n for n in dict.fromkeys((work.container, *work.also.get("container", ()), work.series)) if n]


def _compare(entry: Entry, work: Work, title: tuple[int, int]) -> ContainerReading:
    names = _names(work)
    if not names:
        return ContainerReading(None, "unrecorded")
    zone = entry.zones.get("container")
    within = zone is not None and title[0] <= zone[0] and zone[1] <= title[1]  # a part of the title was taken for it
    printed = "" if within else entry.reference.container
    if printed:
        level, reason = container_level(printed, names)
        if (
            reason != ANOTHER_SECTION
            and (letter := _section_before_volume(entry))
            and any(sectioned(n).section for n in names)
        ):
            level, reason = container_level(f"{printed} {letter}", names)
        if reason == ANOTHER_SECTION:
            return ContainerReading(_agreement(entry, printed, names[0], level, reason, 0.0), "differs")
        if level is Level.DIFFERS:
            cut = [entry.text[c : zone[1]] for c in entry.cuts if zone and zone[0] < c < zone[1]]
            for rest in (*cut, *_after_title(printed, work), *_with_words_before(entry, zone)):
                again = container_level(rest, names)
                if again[0] is not Level.DIFFERS:
                    printed, (level, reason) = rest, again
                    break
        if level is Level.DIFFERS and work.publisher:
            printed = _without_publisher(printed, work.publisher)
            level, reason = container_level(printed, names)
        if reason == "spelling" and misspelt_name(printed, names):
            told = replace(_agreement(entry, printed, names[0], Level.DIFFERS, "spelling", 0.9), part="spelling")
            return ContainerReading(told, "abbreviated")
        if level is not Level.DIFFERS:
            kind = "same" if level is Level.SAME else "abbreviated" if level is Level.FORMATTING else "like"
            return ContainerReading(_agreement(entry, printed, names[0], level, reason), kind)
    found = _guided(entry, names, title)
    if found and zone and printed and _goes_on(entry, found, zone):
        found = None
    found = found or (_cut_short(entry, printed, names) if printed else None)
    if found and not (printed and _in_publisher(entry, work, found)):
        agreement = Agreement(
            field="container", level=Level.FORMATTING, printed=entry.text[found[0] : found[1]], recorded=names[0],
            reason="journal abbreviated", span=entry.span(*found),
        )  # fmt: skip
        return ContainerReading(agreement, "abbreviated")
    if not printed:
        return ContainerReading(None, "unprinted")
    if not _is_name(printed) or (zone and _same_as_title(entry, work, zone)):
        return ContainerReading(None, "unprinted")
    if work.type not in ("article-journal", ""):
        likeness = max(_book_likeness(printed, n) for n in names)
        if likeness >= 0.5:
            return ContainerReading(
                _agreement(entry, printed, names[0], Level.NOTE, "another form of the name", likeness), "like"
            )
        acronym = acronym_in(printed)
        if acronym and not any(own_acronyms(n) for n in names):
            reason = "an acronym that the recorded name does not show"
            return ContainerReading(_agreement(entry, printed, names[0], Level.NOTE, reason, 0.5), "like")
    if misspelt_name(printed, names):
        return ContainerReading(
            replace(_agreement(entry, printed, names[0], Level.DIFFERS, "spelling", 0.9), part="spelling"), "like"
        )
    if work.genre == "preprint" and not work.container:
        return ContainerReading(None, "differs")  # which of several servers holds it is not known: nothing to correct
    return ContainerReading(_agreement(entry, printed, names[0], Level.DIFFERS, "another journal", 0.0), "differs")


def _book_likeness(printed: str, recorded: str) -> float:
    """Share of the telling words of the shorter name that the other one has, in any order (books, proceedings)."""
    a, b = telling_words(printed), telling_words(recorded)
    if not a or not b:
        return 0.0
    short, long = sorted((a, b), key=len)
    return sum(any(word_abbreviates(w, x) or word_abbreviates(x, w) for x in long) for w in short) / len(short)


def _guided(entry: Entry, names: Sequence[str], title: tuple[int, int]) -> tuple[int, int] | None:
    """A run of words outside the title that prints one of the names, in full or abbreviated.

    A name of one word must stand by itself, outside authors and container: "Pain" is not "European Journal of Pain".
    """
    # Where the recorded title stands is known better than where a title was read.
    title = entry.zones.get("title", title) if title == (0, 0) else title
    wide = [w for w in entry.words if not title[0] <= w.start < title[1]]
    apart = [w for w in wide if not entry.in_zone(w.start, "authors", "container")]
    for name in names:
        theirs = telling_words(name)
        spoken = wide if len(theirs) > 1 else apart
        texts = [w.text for w in spoken]
        if not theirs or (len(theirs) == 1 and len(theirs[0]) < 3):
            continue
        for i, word in enumerate(texts):
            if word in SMALL_WORDS or not word_abbreviates(word, theirs[0]) or len(word) > len(theirs[0]):
                continue
            end = _follows(texts, i, theirs)
            if end and (len(theirs) > 1 or texts[i] == theirs[0]):
                return spoken[i].start, spoken[end - 1].end
    return None


# Words that make another journal's name of a journal's name: "Phys Rev" is not "Phys Rev Lett".
_CONTINUES = frozenset(
    "lett letters res research rep report reports rev review reviews commun communications methods protocols "
    "interv interventions imaging genetics genomics".split()
)


def _goes_on(entry: Entry, found: tuple[int, int], zone: tuple[int, int]) -> bool:
    """Whether the printed name goes on behind the one that was found in it, to another journal's."""
    behind = [w for w in entry.words if found[1] <= w.start < zone[1]]
    return zone[0] <= found[0] and bool(behind) and behind[0].text in _CONTINUES


_SECTION_AND_VOLUME = re.compile(r"([A-L])\s?\d{1,4}$")


def _section_before_volume(entry: Entry) -> str:
    """The section letter that crystallographers print before the volume: "Acta Cryst. D66"."""
    m = _SECTION_AND_VOLUME.match(entry.reference.volume)
    return m[1] if m else ""


def _cut_short(entry: Entry, printed: str, names: Sequence[str]) -> tuple[int, int] | None:
    """The blind reading took only a part of a long name that stands in the entry in full."""
    mine = telling_words(printed)
    for name in names:
        theirs = telling_words(name)
        if mine and len(theirs) > 2 and all(w in theirs for w in mine):
            for first, last in entry.find_compact("".join(words(name))):
                return entry.words[first].start, entry.words[last - 1].end
    return None


def _follows(texts: Sequence[str], i: int, theirs: Sequence[str]) -> int:
    """Past the last word of a run that begins at `i` and spells `theirs` word by word; 0 if it does not."""
    j = 0
    while i < len(texts) and j < len(theirs):
        if texts[i] in SMALL_WORDS:
            i += 1
            continue
        if len(texts[i]) > len(theirs[j]) or not word_abbreviates(texts[i], theirs[j]):
            return 0
        i, j = i + 1, j + 1
    return i if j == len(theirs) else 0


def _in_publisher(entry: Entry, work: Work, found: tuple[int, int]) -> bool:
    """Whether a name was found only as a part of its publisher's: "Nature" in "Nature Publishing Group"."""
    publisher = words(work.publisher)
    return len(publisher) > 1 and any(
        entry.words[first].start <= found[0] and found[1] <= entry.words[last - 1].end
        for first, last in entry.find_compact("".join(publisher))
    )


def _is_name(printed: str) -> bool:
    """Whether the printed text can be the name of a container at all, not a leftover of the reading."""
    letters = [w for w in words(printed) if w.isalpha() and w not in _NO_NAME]
    return bool(letters) and sum(map(len, letters)) >= 3


def _after_title(printed: str, work: Work) -> Iterator[str]:
    """A printed container without the end of the title, or of the authors, that the blind reading put to it: what is
    left without words that are known from there, fewest words taken off first."""
    known = set(words(work.title)).union(*(words(f"{n.family} {n.given}") for n in work.authors))
    head, stop, tail = printed.rpartition(". ")
    if stop and head and all(w in known or len(w) == 1 for w in words(head)):
        yield tail
    rest = printed
    for _ in range(_KNOWN_MOST):
        first, blank, rest = rest.partition(" ")
        beginning = words(first)
        initial = len(first.rstrip(".,")) == 1
        if not blank or not beginning or not (initial or set(beginning) <= known):
            return
        if not initial and beginning[0] not in SMALL_WORDS:
            yield rest


def _with_words_before(entry: Entry, zone: tuple[int, int] | None) -> Iterator[str]:
    """A printed container with the one and the two words right before it, which the blind reading put to the title."""
    end = zone[0] if zone else 0
    for word in [w for w in entry.words if w.end <= end][:-3:-1]:
        if entry.text[word.end : end].strip():
            return
        end = word.start
        yield entry.text[end : zone[1] if zone else 0]


_KNOWN_MOST = 6  # words of the title or of the last author that are taken off a container at most

# Words between a title and its year that are no journal's name: states of publication, months, marks of volumes.
_NO_NAME = frozenset(
    "press epub online ahead print published preprint forthcoming accepted submitted in vol volume no issue pp p bd "
    f"available retrieved cited doi {MONTHS['en'].lower()} {SHORT_MONTHS} {SEASONS}".split()
)


def _in_between(entry: Entry, work: Work, title: tuple[int, int]) -> tuple[int, int] | None:
    """What stands between the recorded title and the recorded publisher, or the year or volume, where no container
    was read at all: styles leave nothing else there ("Title. Journal. Publisher; 2014", "Title, Journal, 2014, 41").
    """
    if title == (0, 0) or work.type != "article-journal":
        return None
    start = entry.words_in((title[1], len(entry.text)))[0]
    ends = [a for name in ("year", "volume") if (a := entry.zones.get(name, (0, 0))[0]) > title[1]]
    end = entry.words_in((min(ends), len(entry.text)))[0] if ends else 0
    publisher = "".join(words(work.publisher)[:2])
    if len(publisher) > 4:
        end = next((first for first, _ in entry.find_compact(publisher) if first >= start), end)
    between = entry.words[start:end]
    if not 1 <= len(between) <= 12 or any(w.text in _NO_NAME or any(c.isdigit() for c in w.text) for w in between):
        return None
    gap = entry.text[title[1] : between[0].start].strip(" ”\"’')]")
    if not gap or gap[0] not in ".,;?!" or not _may_be_named(between[0].text if len(between) == 1 else "", work):
        return None
    return between[0].start, between[-1].end


def _may_be_named(word: str, work: Work) -> bool:
    """A short name of one word may be any abbreviation whose letters stand in the recorded name in this order."""
    if not word or len(word) > 5:
        return True
    letters = iter("".join(words(work.container)))
    return len(word) > 2 and not all(c in letters for c in word)


def _without_publisher(printed: str, publisher: str) -> str:
    """A printed container without the publisher that the blind reading put to it; "" if it is the publisher alone."""
    mine, theirs = "".join(telling_words(printed)), "".join(telling_words(publisher))
    if mine in theirs or fuzz.ratio(mine, theirs) >= 85:
        return ""
    for cut in re.finditer(r"[.,;:]\s{0,2}|\s+", printed):
        last = telling_words(printed[cut.end() :])
        tail = "".join(last)
        cut_off = len(tail) > 4 and last == telling_words(publisher)[: len(last)]  # "Hindawi" of "Hindawi Limited"
        if tail and (tail == theirs or cut_off or (len(tail) > 4 and fuzz.ratio(tail, theirs) >= 85)):
            return printed[: cut.start()]
    return printed


def _same_as_title(entry: Entry, work: Work, zone: tuple[int, int]) -> bool:
    """The blind reading took the title for a container (books)."""
    return fuzz.ratio("".join(words(entry.text[slice(*zone)])), "".join(words(work.title))) >= 80


def _agreement(entry: Entry, printed: str, recorded: str, level: Level, reason: str, score: float = 1.0) -> Agreement:
    return Agreement(
        field="container", level=level, printed=printed, recorded=recorded, score=score, reason=reason,
        span=entry.reference.spans.get("container"),
    )  # fmt: skip
