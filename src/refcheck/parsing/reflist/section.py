"""Where the reference lists of a manuscript stand: by heading, or by a numbered run where there is no heading.

`find_lists` never guesses in silence: a list found without a heading, or one whose entries look odd, says so in
`reason`, which becomes the reason of its region.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from refcheck.model import Span
from refcheck.parsing.reflist.entries import Entry, numbered_run, split_entries
from refcheck.parsing.reflist.headings import ends_list, is_list_heading, list_heading_prefix
from refcheck.parsing.reflist.unnumbered import begins_with_author
from refcheck.text import fold

_DATED = re.compile(
    r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|10\.\d{4}|https?:|www\.|\bin press\b|\barxiv\b|\bforthcoming\b"
    r"|\bsubmitted\b|\bunpublished\b"
    r"|\d{1,4}\s?(?:\(\d{1,4}\)\s?)?[:,]\s?[a-z]?\d{1,6}",
    re.IGNORECASE,
)
_MOST_ENTRY = 6000  # characters: a longer "entry" is text
_USUAL_ENTRY = 1200  # characters: the median entry of a list is shorter
_LIKE = 0.5  # share of entries with a date, locator or identifier before a stretch under a heading counts as a list
_LIKE_WITHOUT_HEADING = 0.8  # the same share, where no heading says that it is one
_RUN_WITHOUT_HEADING = 3  # entries
_RUN_OF_NAMES = 4  # entries without numbers at the end of a text that has more than the list
_TAIL = 400_000  # characters at the end of a text in which a list without heading and numbers is looked for
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d[a-z]?(?!\d)")
_PLACE = re.compile(
    r"\d{1,5}\s?[(:,–—-]\s?[a-zA-Z]?\d{1,6}|10\.\d{4}|https?:|\bpress\b|\bpp?\.|\d:[a-z]?\d", re.IGNORECASE
)
_LABEL = re.compile(r"[\[(]?(\d{1,4})(?:[\])][.:]?|[.)])\s")
_LONG_RUN = 10  # entries: for a run that long the lower share is enough


class ReferenceList(NamedTuple):
    """One list: its stretch of text (heading included), its entries, and what was unsure about it."""

    span: Span
    entries: tuple[Entry, ...]
    heading: str = ""
    reason: str = ""


def find_lists(text: str) -> list[ReferenceList]:
    """All reference lists of a text, in order.

    >>> text = "Skin heals (1).\\n\\nReferences\\n\\n1. Lee A. Skin. Burns 2020;1:2.\\n\\nTable 1. Ages"
    >>> [(x.heading, [e.number for e in x.entries]) for x in find_lists(text)]
    [('References', [1])]
    """
    headings = _headings(text)
    ends = [at for at, _, _ in headings[1:]] + [len(text)]
    lists: list[ReferenceList] = []
    for (at, body, name), end in zip(headings, ends, strict=True) if headings else ():
        entries = _list_in(text, body, end)
        if entries:
            if lists:
                lists[-1] = _mended(text, lists[-1], body, entries)
            lists.append(ReferenceList(Span(at, entries[-1].span.end), tuple(entries), name))
    return _plainly_headed(lists) if lists else _without_heading(text)


def _mended(text: str, before: ReferenceList, body: int, entries: Sequence[Entry]) -> ReferenceList:
    """A list that a running head "References" cuts in two: the end of its last entry stands behind that head."""
    last, first = before.entries[-1], entries[0]
    fragment = text[body : first.span.start].rstrip()
    if last.number is None or first.number != last.number + 1 or not fragment.strip():
        return before
    last = last._replace(span=Span(last.span.start, body + len(fragment)))
    return before._replace(entries=(*before.entries[:-1], last))


def _headings(text: str) -> list[tuple[int, int, str]]:
    """Each heading of a list: where its line begins, where the list begins, and its words."""
    out = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if 2 <= len(bare) <= 120 and is_list_heading(bare):
            out.append((start, start + len(line), bare))
        elif bare and (length := list_heading_prefix(line)):
            out.append((start, start + length, line[:length].strip()))
        start += len(line) + 1
    return out


def _list_in(text: str, start: int, limit: int) -> list[Entry]:
    """The entries between a heading and the next heading of a list; none if what stands there is no list."""
    stop = _stop(text, start, limit)
    entries = _trusted(text, split_entries(text, Span(start, stop)))
    if stop < limit and entries:
        # A table or figure may float inside the list: the numbers then go on behind it.
        whole = split_entries(text, Span(start, limit))
        if len(whole) > len(entries) and _one_run(whole) and _reads_like_list(whole[len(entries) :], text, 0.8):
            entries = _trusted(text, whole)
    entries = _alphabet(text, entries)
    return entries if _reads_like_list(entries, text, _LIKE) else _beginning(text, entries)


def _alphabet(text: str, entries: list[Entry]) -> list[Entry]:
    """A list by author ends where the alphabet begins anew and what follows does not read like entries (the lives of
    the authors, an appendix)."""
    if len(entries) < _LONG_RUN or any(e.number is not None for e in entries[:_LONG_RUN]):
        return entries
    keys = [fold(text[e.body : e.body + 12].strip("*_ ")) for e in entries]
    rising = 0
    for i in range(1, len(entries)):
        if i >= _LONG_RUN - 2 and keys[i] < keys[i - 1] and rising >= 0.9 * (i - 1):
            behind = entries[i:]
            if sum(_opens_entry(text, e) for e in behind) < _LIKE * len(behind):
                return entries[:i]
        rising += keys[i] >= keys[i - 1]
    return entries


def _beginning(text: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries before what follows a list without a heading of its own (an appendix, the journal's address)."""
    looks = [_looks(text, e) for e in entries]
    end = next((i for i in range(len(looks) - 2) if not any(looks[i : i + 3])), len(looks))
    head = list(entries[:end])
    while head and head[-1].span.end - head[-1].body > _USUAL_ENTRY:  # the last one has swallowed what begins there
        head.pop()
    return head if len(head) >= _RUN_OF_NAMES and _reads_like_list(head, text, _LIKE_WITHOUT_HEADING) else []


def _one_run(entries: Sequence[Entry]) -> bool:
    numbers = [e.number for e in entries]
    return all(a is not None and b is not None and 0 <= b - a <= 2 for a, b in itertools.pairwise(numbers))


def _stop(text: str, start: int, limit: int) -> int:
    """The first line after the first entry that opens another part of the manuscript.

    A line that ends an entry can look like that ("… Pesticide Evaluation / Scheme"): then the next number follows.
    """
    at = start
    seen = False
    last = 0
    lines = text[start:limit].split("\n")
    for i, line in enumerate(lines):
        bare = line.strip()
        if label := _LABEL.match(bare):
            last = int(label.group(1))
        elif bare and seen and ends_list(bare):
            following = _LABEL.match(next((x.strip() for x in lines[i + 1 : i + 4] if x.strip()), ""))
            goes_on = following is not None and last > 0 and int(following.group(1)) == last + 1
            if not (goes_on and bare.isalpha()):
                return at
        seen = seen or len(bare) > 20
        at += len(line) + 1
    return limit


def _trusted(text: str, entries: list[Entry]) -> list[Entry]:
    """Without what follows the list: unnumbered stretches at the end that do not look like entries."""
    out = list(entries)
    while out and out[-1].number is None and not _looks(text, out[-1]):
        out.pop()
    return out


def _looks(text: str, entry: Entry) -> bool:
    length = entry.span.end - entry.body
    return 8 <= length <= _MOST_ENTRY and bool(_DATED.search(text, entry.body, entry.span.end))


def _reads_like_list(entries: Sequence[Entry], text: str, share: float) -> bool:
    if not entries or sum(_looks(text, e) for e in entries) < share * len(entries):
        return False
    return sorted(e.span.end - e.body for e in entries)[len(entries) // 2] <= _USUAL_ENTRY


def _plainly_headed(lists: list[ReferenceList]) -> list[ReferenceList]:
    """A stretch under "Notes" or "Sources" counts only where no list has a plainer heading."""
    plain = [
        x
        for x in lists
        if not re.fullmatch(r"\W*(?:\d+\W*)?(?:end)?notes?\W*|\W*sources\W*|\W*citations?\W*", x.heading, re.I)
    ]
    return plain or lists


def _without_heading(text: str) -> list[ReferenceList]:
    run = numbered_run(text)
    share = _LIKE if len(run) >= _LONG_RUN else _LIKE_WITHOUT_HEADING
    if len(run) >= _RUN_WITHOUT_HEADING and _reads_like_list(run, text, share):
        return [_unheaded(run, "no heading was found; the list was recognised by its numbers")]
    start = text.find("\n", len(text) - _TAIL) if len(text) > _TAIL else 0
    entries = split_entries(text, Span(max(0, start), len(text)))
    if not start and entries and len(run) < len(entries) and all(_opens_entry(text, e) for e in entries):
        return [_unheaded(entries, "no heading was found; the whole text was taken for a list")]
    first = len(entries)
    while first and _opens_entry(text, entries[first - 1]):
        first -= 1
    if len(entries) - first >= _RUN_OF_NAMES:
        return [_unheaded(entries[first:], "no heading was found; the list was recognised by its authors and years")]
    return []


def _unheaded(entries: Sequence[Entry], reason: str) -> ReferenceList:
    return ReferenceList(Span(entries[0].span.start, entries[-1].span.end), tuple(entries), "", reason)


def _opens_entry(text: str, entry: Entry) -> bool:
    """Whether a stretch begins like a list of authors and holds a date and a place in a journal or a publisher."""
    return (
        entry.span.end - entry.body <= _USUAL_ENTRY
        and begins_with_author(text, entry.body)
        and bool(_YEAR.search(text, entry.body, entry.span.end))
        and bool(_PLACE.search(text, entry.body, entry.span.end))
    )
