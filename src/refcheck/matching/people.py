"""Does the entry print the recorded authors, the first one first?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rapidfuzz import fuzz

from refcheck.matching.author_lists import Lists, compare_lists
from refcheck.matching.entry import Entry
from refcheck.matching.surnames import misspelt, same_name, surname_keys
from refcheck.model import Agreement, Detail, Level, Name, Work
from refcheck.text import fold, words

#: Below this share of printed surnames that are recorded ones, the lists behind another first author are not compared.
_SHARED = 0.3
_KINDS = {
    "misspelt": "spelling", "replaced": "another co-author", "added": "co-author not recorded",
    "dropped": "co-author not printed", "order": "out of order", "initials": "other initials",
}  # fmt: skip


class AuthorReading(NamedTuple):
    """How the authors agree. `first`: same, spelling, order, other, unprinted, unrecorded.

    `shared` is the share (0–1) of the printed surnames that are recorded ones.
    """

    agreement: Agreement | None
    first: str
    shared: float
    printed: int


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
        return _with_co_authors(entry, printed, recorded, shared, compare_lists(entry, work, title))
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
    lists = compare_lists(entry, work, title) if shared >= _SHARED else Lists(())
    kind, reason = ("spelling", "spelling") if misspelt(printed[0], first) else ("other", "another first author")
    agreement = _agreement(entry, Level.DIFFERS, printed[0], first, likeness, reason, "first author")
    return AuthorReading(_with_details(agreement, lists), kind, shared, len(printed))


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
    if entry.words and start and any(entry.words[0].text.startswith(k) for k in keys if len(k) >= 5):
        return True  # the list of authors was read from its middle
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
    entry: Entry, printed: tuple[Name, ...], recorded: tuple[Name, ...], shared: float, lists: Lists
) -> AuthorReading:
    """The first author agrees: look at given names and at the other authors."""
    agreement = _given_name(entry, printed[0], recorded[0], recorded[1:])
    if agreement is not None:
        agreement = _with_details(agreement, lists)
    elif lists.details:
        agreement = _of_lists(lists)
    else:
        surname = fold(printed[0].family) == fold(recorded[0].family)
        level = Level.SAME if surname else Level.FORMATTING
        reason = "" if surname else "name printed in another form"
        agreement = _agreement(entry, level, printed[0], recorded[0], 1.0, reason, "")
    return AuthorReading(agreement, "same", shared, len(printed))


#: So many differences are told by name; the rest are counted.
_TOLD = 6
_IN_WORDS = {
    "misspelt": "“{0}” for “{1}”", "replaced": "“{0}” for “{1}”", "added": "“{0}” is not recorded",
    "dropped": "“{1}” is not printed", "order": "“{0}” is recorded in another place",
    "initials": "“{0}” for “{1}”",
}  # fmt: skip


def _of_lists(lists: Lists) -> Agreement:
    """One agreement that tells all differences between the lists behind the first author."""
    told = [d for d in lists.details if d.kind != "initials"]
    details = (*told, *(d for d in lists.details if d.kind == "initials"))
    loud = bool(told) and not lists.doubt
    shown = told or list(details)
    return Agreement(
        field="authors",
        level=Level.DIFFERS if loud else Level.NOTE,
        printed="; ".join(d.printed for d in shown[:_TOLD] if d.printed),
        recorded="; ".join(d.recorded for d in shown[:_TOLD] if d.recorded),
        score=0.8 if told else 0.9,
        reason=_told(details, lists.doubt, alone=len(details) == 1),
        part="co-author" if told else "initials",
        span=next((d.span for d in shown if d.span), None),
        details=details,
    )


def _told(details: Sequence[Detail], doubt: str = "", *, alone: bool = False) -> str:
    """The differences in words, each with its place in the printed list."""
    if alone and not doubt:
        d = details[0]
        return f"{_KINDS[d.kind]}, place {d.place}"
    out = [f"place {d.place}: {_IN_WORDS[d.kind].format(d.printed, d.recorded)}" for d in details]
    more = [f"and {len(out) - _TOLD} more"] if len(out) > _TOLD else []
    return "; ".join([*([doubt] if doubt else []), *out[:_TOLD], *more])


def _with_details(agreement: Agreement, lists: Lists) -> Agreement:
    """What differs in the first author, with what differs behind."""
    behind = tuple(d for d in lists.details if d.place > 1 and d.kind != "initials")
    if not behind or lists.doubt:
        return agreement
    reason = "; ".join(filter(None, (agreement.reason, _told(behind))))
    return replace(agreement, reason=reason, details=behind)


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
