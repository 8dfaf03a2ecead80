"""Does the entry print the recorded authors, the first one first?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from refcheck.matching.entry import Entry
from refcheck.model import Agreement, Level, Name, Work
from refcheck.text import fold, words
from refcheck.words import DEGREES, FOLDED_PARTICLES, GENERATIONS

_SUFFIXES = frozenset(f"{GENERATIONS} {DEGREES}".split())


# A surname with its initials run into it by extraction ("MunkhdorjB") or read with it ("Awangku Metosen ANSB").
_GLUED_INITIALS = re.compile(r"(.{2,40}[^\W\d_A-Z])\s?[A-Z]{1,4}\b")


class AuthorReading(NamedTuple):
    """How the authors agree. `first`: same, spelling, order, other, unprinted, unrecorded.

    `shared` is the share (0–1) of the printed surnames that are recorded ones.
    """

    agreement: Agreement | None
    first: str
    shared: float
    printed: int


@lru_cache(maxsize=32768)
def surname_keys(family: str) -> frozenset[str]:
    """The forms in which a surname may be printed, run together without accents.

    Particles may be kept or dropped, of a compound either end or both may be printed, umlauts may be written as two
    letters or as the plain vowel.

    >>> sorted(surname_keys("Dal Prà"))
    ['dalpra', 'pra']
    >>> "mueller" in surname_keys("Müller"), "muller" in surname_keys("Müller")
    (True, True)
    >>> "oliveira" in surname_keys("de Oliveira Silva"), "silva" in surname_keys("de Oliveira Silva")
    (True, True)
    """
    out = set()
    for form in {family, _umlauts(family)}:
        parts = [w for w in words(form) if w not in _SUFFIXES] or list(words(form))
        bare = [w for w in parts if w not in FOLDED_PARTICLES] or parts
        out.add("".join(parts))
        out.add("".join(bare))
        if len(bare) > 1:
            out.update(w for w in (bare[0], bare[-1], "".join(bare[:2]), "".join(bare[-2:])) if len(w) > 1)
    return frozenset(x for x in out if x)


def _umlauts(name: str) -> str:
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe",
                           "å": "aa", "Å": "Aa"})  # fmt: skip
    return name.translate(table)


@lru_cache(maxsize=32768)
def _acronym(name: str) -> str:
    return "".join(w[0] for w in words(name) if w not in ("of", "the", "and", "for", "de", "la"))


def same_name(printed: Name, recorded: Name) -> bool:
    """Whether a printed name can be the recorded one, whatever its order, initials and accents.

    >>> same_name(Name(family="Prà", given="ID"), Name(family="Dal Prà", given="Ilaria"))
    True
    >>> same_name(Name(family="Xing", given="Chen"), Name(family="Chen", given="Xing"))
    True
    >>> same_name(Name(family="Sung", given="T"), Name(family="Sun", given="Ting"))
    False
    """
    if surname_keys(printed.family) & surname_keys(recorded.family):
        return True
    glued = _GLUED_INITIALS.match(printed.family)
    if glued and surname_keys(glued.group(1)) & surname_keys(recorded.family):
        return True
    if not recorded.given and not printed.given:
        acronym = _acronym(recorded.family)
        return len(acronym) > 2 and acronym == "".join(words(printed.family))
    # Given and family name changed places, or a compound surname was cut elsewhere.
    mine, theirs = set(words(printed.family)), set(words(f"{recorded.family} {recorded.given}"))
    long = {w for w in mine if len(w) > 2 and w not in FOLDED_PARTICLES}
    if long and long <= theirs:
        initials = {w[0] for w in theirs}
        return all(w in theirs or (len(w) <= 3 and set(w) <= initials) for w in words(printed.given))
    return False


def compare_authors(entry: Entry, work: Work, title: tuple[int, int] = (0, 0)) -> AuthorReading:
    """Compare the recorded authors (or, for a book without authors, its editors) with the entry.

    `title` is where the recorded title stands in the readable text.
    """
    recorded = work.authors or work.editors
    printed = entry.reference.authors
    if not recorded:
        return AuthorReading(None, "unrecorded", 0.0, len(printed))
    if not printed:
        return _unread(entry, recorded)
    shared = _shared(printed, recorded)
    first = recorded[0]
    if same_name(printed[0], first) or _printed_first(entry, first):
        return _with_co_authors(entry, printed, recorded, shared, work)
    if _second_work(entry, first, title):
        return AuthorReading(None, "same", shared, len(printed))
    place = next((i for i, name in enumerate(printed) if same_name(name, first)), None)
    if work.editors and work.authors and any(same_name(printed[0], e) for e in work.editors):
        note = _agreement(entry, Level.NOTE, printed[0], first, 0.8, "editor printed as author", "editor")
        return AuthorReading(note, "same", shared, len(printed))
    if (
        not (printed[0].given or _undivided(printed[0].family))
        and (first.given or len(words(first.family)) == 1)
        and sum(len(w) > 3 for w in words(printed[0].family)) > 1
    ):
        note = _agreement(entry, Level.NOTE, printed[0], first, 0.4, "a group is printed as author", "group")
        return AuthorReading(note, "other", shared, len(printed))
    if not first.given and len(words(first.family)) > 1 and not _undivided(first.family):
        # A group is recorded, a person is printed (or the other way round in words): not a matter of surnames.
        if any(same_name(printed[0], name) for name in recorded[1:]):
            return AuthorReading(None, "same", shared, len(printed))
        return AuthorReading(
            _agreement(entry, Level.NOTE, printed[0], first, 0.4, "a group is recorded as author", "group"),
            "other", shared, len(printed))  # fmt: skip
    if place is not None:
        reason = f"recorded first author is printed in place {place + 1}"
        return AuthorReading(
            _agreement(entry, Level.DIFFERS, printed[0], first, 0.6, reason, "first author"),
            "order", shared, len(printed))  # fmt: skip
    likeness = _likeness(printed[0], first)
    kind, reason = ("spelling", "spelling") if _misspelt(printed[0], first) else ("other", "another first author")
    return AuthorReading(
        _agreement(entry, Level.DIFFERS, printed[0], first, likeness, reason, "first author"),
        kind,
        shared,
        len(printed),
    )


# The commonest family names of Korea and China (Statistics Korea, census 2015; Ministry of Public Security, 2019), as
# they are spelt in Latin letters: names recorded whole, as some registries of both countries do, are told by them.
_EAST_ASIAN = frozenset(
    "kim lee park choi jung jeong kang cho jo yoon yun jang lim im han oh seo shin kwon hwang ahn song ryu yoo hong "
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang".split()
)


def _undivided(name: str) -> bool:
    """Whether a name recorded whole is a person's: "ChungSil Kim", "Cho, Sun-Bai"."""
    parts = [fold(p) for p in re.split(r"[\s,]+", name) if p]
    return 2 <= len(parts) <= 3 and (parts[0] in _EAST_ASIAN or parts[-1] in _EAST_ASIAN)


def _likeness(printed: Name, recorded: Name) -> float:
    keys = surname_keys(recorded.family)
    return max(fuzz.ratio("".join(words(printed.family)), k) for k in keys) / 100 if keys else 0.0


def _misspelt(printed: Name, recorded: Name) -> bool:
    """One surname is the other with a letter or two amiss (one in short ones)."""
    mine = "".join(words(printed.family))
    return any(
        OSA.distance(mine, key) <= (2 if min(len(mine), len(key)) > 5 else 1) for key in surname_keys(recorded.family)
    )


def _shared(printed: tuple[Name, ...], recorded: tuple[Name, ...]) -> float:
    keys = frozenset().union(*(surname_keys(n.family) for n in recorded))
    return sum(bool(surname_keys(n.family) & keys) for n in printed) / len(printed)


def _unread(entry: Entry, recorded: tuple[Name, ...]) -> AuthorReading:
    """No author was read blindly: is the recorded first surname among the first words of the entry?"""
    if _printed_first(entry, recorded[0]):
        return AuthorReading(None, "same", 1.0, 0)
    return AuthorReading(None, "unprinted", 0.0, 0)


def _printed_first(entry: Entry, first: Name) -> bool:
    """The guided reading: the recorded surname stands where the first author is printed.

    That is before the second printed name begins, so that a surname that comes later does not count.
    """
    names = entry.reference.authors
    zone = entry.zones.get("authors")
    start = entry.words_in(zone)[0] if zone else 0
    span = 3
    if names:
        span = len(words(names[0].family)) + len(words(names[0].given))
    limit = start + max(span, 1)
    keys = surname_keys(first.family)
    window = [w.text for w in entry.words[start : min(limit + 1, start + 7)]]
    inside = window[: max(span, 1)]
    for i in range(len(inside)):
        for j in range(i + 1, min(len(window), i + 4) + 1):
            if j <= len(inside) + (1 if len(names) <= 1 else 0) and "".join(window[i:j]) in keys:
                return True
    # Surname and initials run together by extraction: "MunkhdorjB".
    return any(w.startswith(k) and 0 < len(w) - len(k) <= 3 for w in inside[:1] for k in keys if len(k) >= 5)


def _second_work(entry: Entry, first: Name, title: tuple[int, int]) -> bool:
    """Whether the entry holds two works, and the recorded one is the second: its first author stands between the
    authors that were read and the recorded title."""
    zone = entry.zones.get("authors")
    if zone is None or title[0] - zone[1] < 40:
        return False
    keys = surname_keys(first.family)
    return any(w.text in keys for w in entry.words if zone[1] <= w.start < title[0])


def _with_co_authors(
    entry: Entry, printed: tuple[Name, ...], recorded: tuple[Name, ...], shared: float, work: Work
) -> AuthorReading:
    """The first author agrees: look at given names and at the other authors."""
    agreement = _given_name(entry, printed[0], recorded[0], recorded[1:])
    if agreement is None:
        agreement = _co_author(entry, printed, recorded, work)
    if agreement is None:
        surname = fold(printed[0].family) == fold(recorded[0].family)
        level = Level.SAME if surname else Level.FORMATTING
        reason = "" if surname else "name printed in another form"
        agreement = _agreement(entry, level, printed[0], recorded[0], 1.0, reason, "")
    return AuthorReading(agreement, "same", shared, len(printed))


def _given_name(entry: Entry, printed: Name, recorded: Name, others: tuple[Name, ...]) -> Agreement | None:
    """Full given names that have nothing in common (initials alone are not judged: too many ways to write them)."""
    mine, theirs = words(printed.given), words(recorded.given)
    if not mine or not theirs or printed.given.isupper() or max(map(len, mine)) < 4 or max(map(len, theirs)) < 4:
        return None
    if fold(printed.family) != fold(recorded.family) or mine[0][0] != theirs[0][0]:
        return None
    if mine[0] == theirs[0] or mine[0].startswith(theirs[0]) or theirs[0].startswith(mine[0]):
        return None
    if len(mine[0]) < 4 or len(theirs[0]) < 4 or fuzz.ratio(mine[0], theirs[0]) >= 60:
        return None
    if any(mine[0] in surname_keys(n.family) for n in others):
        return None  # the next author's surname, as labels of author-date lists print it
    return _agreement(entry, Level.DIFFERS, printed, recorded, 0.7, "another given name", "given name")


def _co_author(entry: Entry, printed: tuple[Name, ...], recorded: tuple[Name, ...], work: Work) -> Agreement | None:
    """A printed co-author whom the record does not have, where the record has another in that place."""
    if len(printed) < 2 or len(recorded) < 2 or entry.reference.confidence < 0.5:
        return None
    held = {w[:4] for c in (work.container, *work.also.get("container", ())) for w in words(c)}
    titled = set(words(work.title))
    everybody = {w for r in recorded for w in words(f"{r.family} {r.given}")}
    for i, name in enumerate(printed[1:], 1):
        if any(same_name(name, r) or _likeness(name, r) >= 0.8 for r in recorded):
            continue
        own = words(name.family)
        if (
            not name.given
            or len(own) > 2
            or len("".join(own)) < 3
            or own[0] in FOLDED_PARTICLES
            or {w[:4] for w in words(f"{name.family} {name.given}")} & held
        ):
            continue
        telling = [w for w in words(f"{name.family} {name.given}") if len(w) > 2]
        if all(w in everybody for w in telling) or all(w in titled for w in telling):
            continue  # names of the list put together otherwise by the reading, or words of the title
        expected = recorded[min(i, len(recorded) - 1)]
        spoken = {w.text for w in entry.words}
        keys = surname_keys(expected.family)
        if any(k in spoken or (len(k) > 4 and k in entry.compact) for k in keys) and len(printed) <= len(recorded):
            continue
        if sum(any(same_name(p, r) for r in recorded) for p in printed) < len(printed) - 1:
            return None  # more than one stranger: the reading of the list is not sure enough
        reason = "co-author not recorded" if i >= len(recorded) else "another co-author"
        return _agreement(entry, Level.DIFFERS, name, expected, 0.8, reason, "co-author")
    return None


def _show(name: Name) -> str:
    return " ".join(x for x in (name.family, name.given) if x)


def _agreement(
    entry: Entry, level: Level, printed: Name, recorded: Name, score: float, reason: str, part: str
) -> Agreement:
    start, _ = entry.zones.get("authors", (0, 0))
    at = entry.text.find(printed.family, start) if printed.family else -1
    span = entry.span(at, at + len(printed.family)) if at >= 0 else entry.reference.spans.get("authors")
    return Agreement(
        field="authors", level=level, printed=_show(printed), recorded=_show(recorded), score=score, reason=reason,
        part=part, span=span,
    )  # fmt: skip
