"""All printed authors against all recorded ones, in order: who is misspelt, replaced, added, dropped or out of place.

The two lists are aligned, the cheapest way first. A difference is told only where the list as it was read and the text
itself both show it: a recorded surname that stands among the authors somewhere was read amiss, not left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refcheck.matching.author_region import AuthorRegion
from refcheck.matching.entry import Entry
from refcheck.matching.given_names import given_agree
from refcheck.matching.surnames import misspelt, same_name
from refcheck.model import Detail, Name, Work
from refcheck.text import any_of, compact, fold, words
from refcheck.words import GROUPS

# What it costs to take two names for each other, or one for nothing. A name that moved is cheaper as one too many here
# and one too few there (two gaps) than as two that replace each other; one that replaces another is cheaper than that.
_INITIALS, _SPELLING, _REPLACED, _GAP = 0.3, 0.6, 1.3, 0.7
#: Longer lists are those of collaborations, and printed in part; comparing takes time by the product of their lengths.
LONGEST = 150
#: The list is cut, in words or signs that the reading of names may not have seen: the terms "et-al" and "and others" of
#: CSL's locales, and their usual variants.
_CUT = re.compile(
    r"(?i:(?:\bet|\band|\bund|&)\.?\s?al(?:ii|iae)?\b|\bet\s(?:coll|autres)\b|\bothers\b|\bcolleagues\b|\bco-?workers\b"
    r"|\bcollaborators\b)|…|\.\s?\.\s?\.|等|ほか|и др|та ін|κ\.\s?ά|\bu\.\s?a\.|\bo\.\s?a\.|\b[mo]\.?\s?fl\b|\bmfl\b"
    r"|\bi\s(?:in|wsp|sur|sar|ost|al)\b|\be\.\s?a\.|\bu\.\s?c\.|\be\s(?:outros|altri|col|colab)\b|\by\s(?:otros|cols?)\b"
    r"|\bdkk\b|\bvd\b|\bve (?:ark|diğ)|\bym\.|\bidr\.|\bjt\b|\bir kt\b|\ba kol\b|\bés mtsai\b|\bși alții\b"
)
# APA prints the last author behind it.
_ELLIPSIS = re.compile(r"…|\.\s?\.\s?\.")
# "DanieliS. GrecoJ. P.": initials run into their surname.
_RUN_IN = re.compile(r"[^\W\d_]{2}(?<=[a-zß-öø-ÿ])[A-Z](?:\.\s?[A-Z]|[A-Z]?,\s[A-Z])")
# What no surname holds: a whole list in one field, an address, the deposit's own cut.
_DAMAGED = re.compile(r"[\d@;&/|]|,|\bet al\b|\b(?:and|und)\b", re.IGNORECASE)
_GROUP = re.compile(rf"(?i)\b{any_of(GROUPS)}\b")


#: Places in the printed and the recorded list, and what differs ("" where nothing does).
Pair = tuple[int | None, int | None, str]


class Lists(NamedTuple):
    """What differs between the lists; `doubt` says why the record may be the one that is wrong ("" where it is not)."""

    details: tuple[Detail, ...]
    doubt: str = ""


def compare_lists(entry: Entry, work: Work, title: tuple[int, int] = (0, 0)) -> Lists:
    """Compare all printed authors with all recorded ones; `title` is where the recorded title stands.

    Nothing is told of groups, of an unsure reading, or of a record whose names are no names.
    """
    printed = entry.reference.authors
    recorded = _persons(work, printed)
    if not printed or not recorded or entry.reference.confidence < 0.5 or len(printed) * len(recorded) > LONGEST**2:
        return Lists(())
    if any(_DAMAGED.search(n.family) or len(compact(n.family)) < 2 for n in recorded):
        return Lists(())
    region = AuthorRegion(entry, title)
    cut = entry.reference.et_al or bool(_CUT.search(region.text))
    listed = [n for n in printed if not _is_group(n)]
    if not listed or (_is_group(printed[0]) and not same_name(listed[0], recorded[0])):
        return Lists(())
    if _ELLIPSIS.search(region.text) and 1 < len(listed) < len(recorded) and same_name(listed[-1], recorded[-1]):
        recorded, cut = [*recorded[: len(listed) - 1], recorded[-1]], False
    if any(_holds_several(name, recorded) for name in listed):
        return Lists(())  # names that the reading has not parted
    if len(listed) < len(recorded) and _RUN_IN.search(entry.text, 0, region.end + 40):
        return Lists(())  # nor those of a list without blanks
    if _alike(listed, recorded, cut=cut):
        return Lists(())
    pairs = _moved(list(_aligned(listed, recorded, cut=cut)), listed, recorded)
    places = {id(n): i for i, n in enumerate(listed, 1)}
    spans = region.spans(listed)
    details = []
    for k, (p, r, kind) in enumerate(pairs):
        mine, theirs = (listed[p] if p is not None else None), (recorded[r] if r is not None else None)
        if not kind or not region.shows(kind, mine, theirs, listed, recorded, work):
            continue
        at = spans[p] if p is not None else None
        near = _beside(kind, k, pairs)
        beside = spans[near] if near is not None else None
        details.append(
            Detail(
                kind=kind,
                place=places[id(mine)] if mine else (r or 0) + 1,
                printed=_show(mine),
                recorded=_show(theirs),
                span=entry.span(*at) if at else None,
                beside=entry.span(*beside) if beside else None,
            )
        )
    if len(recorded) == 1 and {d.kind for d in details} <= {"added", "initials"}:
        details = [d for d in details if d.kind == "initials"]  # many deposits name the first author only
    return Lists(tuple(details), _doubt(details, listed, recorded))


def _holds_several(name: Name, recorded: Sequence[Name]) -> bool:
    """Whether what was read as one name holds the surnames of two recorded authors."""
    if len(name.family) + len(name.given) < 8:
        return False
    together = compact(f"{name.family} {name.given}")
    found = {k for r in recorded for k in (compact(r.family),) if len(k) > 2 and k in together}
    return len([k for k in found if not any(k != x and k in x for x in found)]) > 1


def _beside(kind: str, k: int, pairs: Sequence[Pair]) -> int | None:
    """The printed name behind which pair `k` is missing, or with which it has changed places."""
    place = pairs[k][1] or 0
    if kind == "dropped":
        return max((p for p, r, _ in pairs if p is not None and r is not None and r < place), default=None)
    own = pairs[k][0]
    if kind == "order" and own is not None:
        at = {p: r for p, r, _ in pairs if p is not None and r is not None}
        if own + 1 in at and at[own + 1] == place - 1:
            return own + 1
        if own - 1 in at and at[own - 1] == place + 1:
            return own - 1
    return None


def _persons(work: Work, printed: Sequence[Name]) -> list[Name]:
    """The recorded authors, without groups, and each once: deposits repeat them. Two of the same surname and initials
    may be two persons; they are, where both are printed."""
    out: list[Name] = []
    seen: Counter[tuple[str, str]] = Counter()
    for name in work.authors:
        key = (fold(name.family), fold(name.given))
        again = seen[key] and seen[key] >= sum(fold(n.family) == key[0] and given_agree(n, name) for n in printed)
        if not again and not _is_group(name):
            out.append(name)
        seen[key] += 1
    return out


def _is_group(name: Name) -> bool:
    if name.given:  # "the MSL Science Team", read as a person called Team
        return bool(_GROUP.fullmatch(name.family)) and not name.given.isupper()
    return bool(_GROUP.search(name.family)) or len(words(name.family)) > 4


def _show(name: Name | None) -> str:
    return " ".join(x for x in (name.family, name.given) if x) if name else ""


def _alike(printed: Sequence[Name], recorded: Sequence[Name], *, cut: bool) -> bool:
    """Whether the lists agree name by name: most do, and need no alignment."""
    if len(printed) > len(recorded) or (len(printed) < len(recorded) and not cut):
        return False
    return all(same_name(p, r) and given_agree(p, r) for p, r in zip(printed, recorded, strict=False))


def _cost(mine: Name, theirs: Name) -> tuple[float, str]:
    if same_name(mine, theirs):
        return (0.0, "") if given_agree(mine, theirs) else (_INITIALS, "initials")
    if misspelt(mine, theirs):
        return (_SPELLING, "misspelt") if given_agree(mine, theirs) else (_REPLACED - 0.1, "misspelt")
    return _REPLACED, "replaced"


def _aligned(printed: Sequence[Name], recorded: Sequence[Name], *, cut: bool) -> Iterator[Pair]:
    """The cheapest alignment that keeps the order of both lists, as places in each with what differs.

    Where the printed list is cut, the recorded names behind its last one cost nothing and are not told.
    """
    n, m = len(printed), len(recorded)
    costs = [[_cost(p, r) for r in recorded] for p in printed]
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            if i < n and j < m:
                best[i][j] = min(costs[i][j][0] + best[i + 1][j + 1], _GAP + best[i + 1][j], _GAP + best[i][j + 1])
            elif i < n:
                best[i][j] = _GAP * (n - i)
            else:
                best[i][j] = 0.0 if cut else _GAP * (m - j)
    i = j = 0
    while i < n or j < m:
        if i < n and j < m and best[i][j] == costs[i][j][0] + best[i + 1][j + 1]:
            yield i, j, costs[i][j][1]
            i, j = i + 1, j + 1
        elif i < n and (j == m or best[i][j] == _GAP + best[i + 1][j]):
            yield i, None, "added"
            i += 1
        else:
            if i < n or not cut:
                yield None, j, "dropped"
            j += 1


def _moved(pairs: list[Pair], printed: Sequence[Name], recorded: Sequence[Name]) -> list[Pair]:
    """The alignment, with one name too many here and the same too few there told as one that moved."""
    left = [r for _, r, kind in pairs if kind in ("dropped", "replaced")]
    behind = {r for _, r, _ in pairs if r is not None}
    left += [r for r in range(len(recorded)) if r not in behind]  # cut off
    out: list[Pair] = []
    gone: set[int] = set()

    def elsewhere(mine: Name, place: int | None) -> int | None:
        free = (x for x in left if x is not None and x != place and x not in gone)
        return next((x for x in free if same_name(mine, recorded[x]) and given_agree(mine, recorded[x])), None)

    for p, r, kind in pairs:
        found = elsewhere(printed[p], r) if p is not None and kind in ("added", "replaced", "initials") else None
        if found is None:
            out.append((p, r, kind))
            continue
        gone.add(found)
        out.append((p, found, "order"))
        if kind == "replaced":
            out.append((None, r, "dropped"))
    return [pair for pair in out if not (pair[2] == "dropped" and pair[1] in gone)]


def _doubt(details: Sequence[Detail], printed: Sequence[Name], recorded: Sequence[Name]) -> str:
    """Why the record may be the one that is wrong: deposits stop short, or sort their authors by name."""
    kinds = {d.kind for d in details if d.kind != "initials"}
    behind = list(range(len(recorded) + 1, len(printed) + 1))
    if kinds == {"added"} and len(details) > 1 and [d.place for d in details] == behind:
        return f"the record stops after {len(recorded)} authors"
    names = [fold(n.family) for n in recorded]
    if kinds == {"order"} and len(details) > 1 and len(names) > 4 and names == sorted(names):
        return "the record lists its authors by name"
    return ""
