"""Is the printed journal, book or proceedings the recorded one?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from refcheck.matching.entry import Entry
from refcheck.model import Agreement, Level, Work
from refcheck.text import words

# Words that ISO 4 leaves out of abbreviated titles.
_SMALL = frozenset(
    "the of and for in on an at to a as de la le les des du et der die das und fur e y el los las del della di do da "
    "dos en i och og van het amp with by from".split()
)

# Names under which journals are cited that no abbreviation rule explains: acronyms and former names, as the journals
# themselves or the NLM Catalog give them (folded, run together without small words).
_ALIASES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split("|"))
    for group in (
        "bmj|britishmedicaljournal|brmedj|bmjbritishmedicaljournal|bmjclinicalresearched",
        "pnas|proceedingsnationalacademysciences|proceedingsnationalacademysciencesunitedstatesamerica"
        "|procnatlacadsci|procnatlacadsciusa|procnatlacadscius|proceedingsnationalacademysciencesusa"
        "|procnatacadsci|procnatacadsciusa",
        "nejm|newenglandjournalmedicine|nengljmed|newengljmed",
        "jama|journalamericanmedicalassociation|jamajournalamericanmedicalassociation|jammedassoc",
        "jacs|journalamericanchemicalsociety|jamchemsoc",
        "mnras|monthlynoticesroyalastronomicalsociety|monnotrastronsoc|monnotroyastronsoc",
        "apj|astrophysicaljournal|astrophysj",
        "apjl|astrophysicaljournalletters|astrophysjlett",
        "apjs|astrophysicaljournalsupplementseries|astrophysjsuppl|astrophysjsupplser",
        "aj|astronomicaljournal|astronj",
        "aa|astronomyastrophysics|astronastrophys",
        "prl|physicalreviewletters|physrevlett",
        "jgr|journalgeophysicalresearch|jgeophysres",
        "grl|geophysicalresearchletters|geophysreslett",
        "jcp|journalchemicalphysics|jchemphys",
        "cacm|communicationsacm|communacm",
        "tcs|theoreticalcomputerscience|theorcomputsci",
        "embojournal|emboj|europeanmolecularbiologyorganizationjournal",
        "fasebjournal|fasebj",
        "plosone|plos1|publiclibraryscienceone",
        "eos|eostransactionsamericangeophysicalunion|transactionsamericangeophysicalunion|eostransagu|eostransamgeophysunion",
        "angewandtechemieinternationaledition|angewchemintedengl|angewandtechemieinternationaleditionenglish"
        "|angewchemieinternationaledition|angewchemieint|angewchemint|angewchemieintl|angewchem|angewandtechemie",
        "jamadermatology|archivesdermatology|archdermatol",
        "jamainternalmedicine|archivesinternalmedicine|archinternmed",
        "jamapediatrics|archivespediatricsadolescentmedicine|archpediatradolescmed",
        "jamapsychiatry|archivesgeneralpsychiatry|archgenpsychiatry",
        "jamasurgery|archivessurgery|archsurg",
        "jamaneurology|archivesneurology|archneurol",
        "jamaophthalmology|archivesophthalmology|archophthalmol",
        "jamaotolaryngologyheadnecksurgery|archivesotolaryngologyheadnecksurgery|archotolaryngolheadnecksurg",
        "mmwr|morbiditymortalityweeklyreport|mmwrmorbmortalwklyrep|morbmortalwklyrep",
    )
)
_ALIAS_OF = {name: i for i, group in enumerate(_ALIASES) for name in group}


class ContainerReading(NamedTuple):
    """How the container agrees. kind: same, abbreviated, like (books, proceedings), differs, unprinted, unrecorded."""

    agreement: Agreement | None
    kind: str
    publisher: str = ""  # whether the recorded publisher is printed: same, other


def compare_container(entry: Entry, work: Work, title: tuple[int, int] = (0, 0)) -> ContainerReading:
    """Compare the printed container with every name the record has for it.

    `title` is where the recorded title stands in the readable text.
    """
    publisher = "".join(_bare(work.publisher)[:2]) if work.publisher else ""
    seen = "same" if publisher and publisher in entry.compact else "other"
    reading = _compare(entry, work, title)
    if reading.kind == "unprinted" and (found := _before_publisher(entry, work, title)):
        printed = entry.text[slice(*found)]
        level, reason = container_level(printed, _names(work))
        agreement = Agreement(
            field="container", level=level, printed=printed, recorded=work.container,
            score=float(level is not Level.DIFFERS), reason=reason or "another container", span=entry.span(*found),
        )  # fmt: skip
        reading = ContainerReading(agreement, "differs" if level is Level.DIFFERS else "abbreviated")
    return reading._replace(publisher=seen)


def _names(work: Work) -> list[str]:
    return [n for n in dict.fromkeys((work.container, *work.also.get("container", ()), work.series)) if n]


def _compare(entry: Entry, work: Work, title: tuple[int, int]) -> ContainerReading:
    names = _names(work)
    if not names:
        return ContainerReading(None, "unrecorded")
    printed = entry.reference.container
    zone = entry.zones.get("container")
    if printed:
        level, reason = container_level(printed, names)
        if level is Level.DIFFERS and (rest := _after_title(printed, work)):
            again = container_level(rest, names)
            if again[0] is not Level.DIFFERS:
                printed, (level, reason) = rest, again
        if level is Level.DIFFERS and work.publisher:
            printed = _without_publisher(printed, work.publisher)
            level, reason = container_level(printed, names)
        if level is not Level.DIFFERS:
            kind = "same" if level is Level.SAME else "abbreviated" if level is Level.FORMATTING else "like"
            return ContainerReading(_agreement(entry, printed, names[0], level, reason), kind)
    found = _guided(entry, names, title) or (_cut_short(entry, printed, names) if printed else None)
    if found:
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
    return ContainerReading(_agreement(entry, printed, names[0], Level.DIFFERS, "another container", 0.0), "differs")


def container_level(printed: str, recorded: Sequence[str]) -> tuple[Level, str]:
    """How a printed container name agrees with the recorded ones, and why.

    >>> container_level("Biomater. Res.", ["Biomaterials Research"])
    (<Level.FORMATTING: 'formatting'>, 'journal abbreviated')
    >>> container_level("Cytotherapy", ["Cytokine"])[0]
    <Level.DIFFERS: 'differs'>
    """
    level, reason = _level(_bare(printed), printed, recorded)
    if level is Level.DIFFERS and (parted := _CAMEL.sub(" ", printed)) != printed:
        level, reason = _level(_bare(parted), printed, recorded)
    return level, reason


# Words that extraction has run together: "Postgrad MedJ".
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _level(bare: tuple[str, ...], printed: str, recorded: Sequence[str]) -> tuple[Level, str]:
    best = (Level.DIFFERS, "")
    for name in (*recorded, *(part for n in recorded for part in _sections(n))):
        theirs = _bare(name)
        if not bare or not theirs:
            continue
        if bare == theirs or "".join(bare) == "".join(theirs):
            return (Level.SAME, "") if printed == name else (Level.FORMATTING, "")
        if abbreviates(bare, theirs) or abbreviates(theirs, bare):
            best = (Level.FORMATTING, "journal abbreviated")
            continue
        mine, other = "".join(bare), "".join(theirs)
        a, b = _ALIAS_OF.get(mine), _ALIAS_OF.get(other)
        if a is not None and a == b:
            best = (Level.FORMATTING, "known under both names")
        elif len(mine) >= 8 and fuzz.ratio(mine, other) >= 90 and mine[:3] == other[:3]:
            best = (Level.FORMATTING, "spelling")
        elif best[0] is Level.DIFFERS and _part_of(bare, theirs):
            best = (Level.FORMATTING, "name printed in part")
        elif best[0] is Level.DIFFERS and _but_for_journal(bare, theirs):
            best = (Level.NOTE, "one name has Journal before it")
        elif best[0] is Level.DIFFERS and _acronym_of(mine, theirs):
            best = (Level.FORMATTING, "acronym")
    return best


def _sections(name: str) -> list[str]:
    """The parts of a double name of which either may be printed: "Al-Muyassar: Journal of Arabic Education"."""
    sections = re.split(r"\s*[:=/]\s+", name)
    return [s for s in sections if len(_bare(s)) > 1] if len(sections) > 1 else []


@lru_cache(maxsize=16384)
def _bare(name: str) -> tuple[str, ...]:
    """The telling words of a container name: no small words, no place in brackets, no leading "In"."""
    cut = re.sub(r"\([^()]{1,40}\)\s*$|\[[^\[\]]{1,40}\]?\s*$", "", name).strip() or name
    cut = re.sub(r"(?i)^\s*in\s*:?\s+(?=\w)", "", cut)
    cut = re.sub(r"(?<=[^\W\d_])\W+(?:1[5-9]|20)\d\d$", "", cut)  # a year that was read with the name
    return tuple(w for w in words(cut) if w not in _SMALL) or words(name)


def abbreviates(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one name is the other abbreviated: each word a prefix (or contraction) of the next one, to the last.

    >>> abbreviates(("proc", "natl", "acad", "sci"), ("proceedings", "national", "academy", "sciences"))
    True
    >>> abbreviates(("nature",), ("nature", "genetics"))
    False
    """
    if len(short) > len(long):
        return _run_together(short, long)
    j = 0
    for i, word in enumerate(short):
        while j < len(long) and not _word_abbreviates(word, long[j]):
            j += 1
            if i == 0:
                return False  # the first word is never left out, but for an article
        if j == len(long):
            return _run_together(short, long)
        j += 1
    if j < len(long):
        return False
    return len(long) - len(short) <= max(2, len(long) // 3)


def _run_together(short: Sequence[str], long: Sequence[str]) -> bool:
    """Words printed apart that are recorded together, or the reverse: "Clin Neuro Physiol", "Biomedcentral"."""
    mine, theirs = "".join(short), "".join(long)
    return len(mine) > 7 and len(mine) >= 0.9 * len(theirs) and fuzz.ratio(mine, theirs) >= 92


@lru_cache(maxsize=65536)
def _word_abbreviates(short: str, long: str) -> bool:
    if long.startswith(short) or short.startswith(long):
        return True
    if len(short) < 2 or len(short) > len(long) or short[0] != long[0]:
        return False
    # Contractions of ISO 4 keep letters in order and mostly the last one: natl, intl, engl, dtsch, z., Jpn, Wkly.
    if len(short) > 6 and len(short) < 0.6 * len(long):
        return False
    position = 0
    for c in short:
        position = long.find(c, position) + 1
        if not position:
            return False
    return short[:2] == long[:2] or len(short) <= 5


def _part_of(short: Sequence[str], long: Sequence[str]) -> bool:
    """A section or subtitle that the printed name leaves out: "J Geophys Res" of "… Solid Earth" has three words.

    Only names of at least three words are taken so; "Nature" is not "Nature Genetics".
    """
    if len(short) < 3 or len(short) >= len(long):
        return False
    return all(_word_abbreviates(a, b) for a, b in zip(short, long, strict=False))


def _but_for_journal(a: Sequence[str], b: Sequence[str]) -> bool:
    """Names of two words or more that differ by a leading “Journal of”: former and present names of many journals."""
    mine, theirs = (tuple(x[1:]) if x[0] == "journal" else tuple(x) for x in (a, b))
    short, long = sorted((mine, theirs), key=len)
    return (mine, theirs) != (tuple(a), tuple(b)) and len(short) > 1 and long[: len(short)] == short


def _acronym_of(short: str, long: Sequence[str]) -> bool:
    return 3 <= len(short) <= 6 and len(long) >= 3 and short == "".join(w[0] for w in long)


def _book_likeness(printed: str, recorded: str) -> float:
    """Share of the telling words of the shorter name that the other one has, in any order (books, proceedings)."""
    a, b = _bare(printed), _bare(recorded)
    if not a or not b:
        return 0.0
    short, long = sorted((a, b), key=len)
    return sum(any(_word_abbreviates(w, x) or _word_abbreviates(x, w) for x in long) for w in short) / len(short)


def _guided(entry: Entry, names: Sequence[str], title: tuple[int, int]) -> tuple[int, int] | None:
    """A run of words outside the title that prints one of the names, in full or abbreviated.

    A name of one word must stand by itself, outside authors and container: "Pain" is not "European Journal of Pain".
    """
    if title == (0, 0):
        title = entry.zones.get("title", title)
    wide = [w for w in entry.words if not title[0] <= w.start < title[1]]
    apart = [w for w in wide if not entry.in_zone(w.start, "title", "authors", "container")]
    for name in names:
        theirs = _bare(name)
        spoken = wide if len(theirs) > 1 else apart
        texts = [w.text for w in spoken]
        if not theirs or (len(theirs) == 1 and len(theirs[0]) < 3):
            continue
        for i, word in enumerate(texts):
            if word in _SMALL or not _word_abbreviates(word, theirs[0]) or len(word) > len(theirs[0]):
                continue
            end = _follows(texts, i, theirs)
            if end and (len(theirs) > 1 or texts[i] == theirs[0]):
                return spoken[i].start, spoken[end - 1].end
    return None


def _cut_short(entry: Entry, printed: str, names: Sequence[str]) -> tuple[int, int] | None:
    """The blind reading took only a part of a long name that stands in the entry in full."""
    mine = _bare(printed)
    for name in names:
        theirs = _bare(name)
        if mine and len(theirs) > 2 and all(w in theirs for w in mine):
            for first, last in entry.find_compact("".join(words(name))):
                return entry.words[first].start, entry.words[last - 1].end
    return None


def _follows(texts: Sequence[str], i: int, theirs: Sequence[str]) -> int:
    """Past the last word of a run that begins at `i` and spells `theirs` word by word; 0 if it does not."""
    j = 0
    while i < len(texts) and j < len(theirs):
        if texts[i] in _SMALL:
            i += 1
            continue
        if len(texts[i]) > len(theirs[j]) or not _word_abbreviates(texts[i], theirs[j]):
            return 0
        i, j = i + 1, j + 1
    return i if j == len(theirs) else 0


def _is_name(printed: str) -> bool:
    """Whether the printed text can be the name of a container at all, not a leftover of the reading."""
    letters = [w for w in words(printed) if w.isalpha()]
    return bool(letters) and sum(map(len, letters)) >= 3


def _after_title(printed: str, work: Work) -> str:
    """A printed container without the end of the title that the blind reading put to it; "" where there is none."""
    title = set(words(work.title))
    if not title:
        return ""
    head, stop, tail = printed.rpartition(". ")
    if stop and head and set(words(head)) <= title:
        return tail
    first, blank, rest = printed.partition(" ")
    return rest if blank and words(first) and set(words(first)) <= title and words(first)[0] not in _SMALL else ""


def _before_publisher(entry: Entry, work: Work, title: tuple[int, int]) -> tuple[int, int] | None:
    """What stands between the recorded title and the recorded publisher, where no container was read at all.

    Styles that print both ("Title. Journal. Publisher; 2014") leave nothing else there.
    """
    publisher = "".join(words(work.publisher)[:2])
    if title == (0, 0) or len(publisher) < 5 or work.type != "article-journal":
        return None
    start = entry.words_in((title[1], len(entry.text)))[0]
    for first, _ in entry.find_compact(publisher):
        between = entry.words[start:first]
        letters = sum(len(w.text) for w in between)
        if len(between) <= 12 and letters > 4 and not any(c.isdigit() for w in between for c in w.text):
            return between[0].start, between[-1].end
    return None


def _without_publisher(printed: str, publisher: str) -> str:
    """A printed container without the publisher that the blind reading put to it; "" if it is the publisher alone."""
    mine, theirs = "".join(_bare(printed)), "".join(_bare(publisher))
    if mine in theirs or fuzz.ratio(mine, theirs) >= 85:
        return ""
    for cut in re.finditer(r"[.,;:]?\s+", printed):
        tail = "".join(_bare(printed[cut.end() :]))
        if tail and (tail == theirs or (len(tail) > 4 and fuzz.ratio(tail, theirs) >= 85)):
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
