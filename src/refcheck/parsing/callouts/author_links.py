"""Which entry of the list a citation by author and year means, and what does not fit.

A name in the text can be printed in more ways than in the list, and the list can be read wrongly. So a work counts as
"not listed" only where nothing in any entry speaks for it, and where several entries fit, none is chosen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import DamerauLevenshtein

from refcheck.model import Callout, CitedWork, Reference, Span
from refcheck.parsing.callouts.author_year import Citation, Printed, citations
from refcheck.text import compact, fold
from refcheck.words import GROUP_WORDS, NO_SURNAMES

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_HEAD = 400  # characters of an entry in which its authors and year are looked for where its fields say nothing
_AROUND = 160  # characters before a year in which the name of a group is looked for
_SHORT = re.compile(r"[(\[]([A-Z][A-Za-z&-]{1,11})[)\]]")
_ACRONYM = re.compile(r"[A-Z0-9&/-]{2,}s?")
_PLACE = re.compile(r"\b(?:in|at|from|near|since|until|during|of|by|before|after|the)\s$")
_LEAD = re.compile(r"(?:^|[(\[;,]|[(\[;][^()\[\];]{0,40}?\s|\b(?:see|also|cf\.|e\.g\.,?|in|by|and)\s)\s?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What an entry of the list can be called by."""

    number: int
    keys: tuple[frozenset[str], ...]  # of each author: the forms in which the name may stand
    initials: str
    cut: bool  # the printed list of authors is cut
    years: frozenset[str]
    year: str
    letter: str
    undated: bool
    words: frozenset[str]  # of its head, folded
    name: str  # "Smith et al. 2019"


class _List:
    def __init__(self, references: Iterable[Reference]) -> None:
        self.entries = {e.number: e for r in references if (e := _entry(r))}
        self.by_first: dict[str, list[_Entry]] = defaultdict(list)
        self.by_any: dict[str, list[_Entry]] = defaultdict(list)
        self.by_year: dict[str, list[_Entry]] = defaultdict(list)
        for e in self.entries.values():
            for key in e.keys[0] if e.keys else ():
                self.by_first[key].append(e)
            for key in {k for keys in e.keys for k in keys}:
                self.by_any[key].append(e)
            for year in e.years:
                self.by_year[year].append(e)


def author_year_callouts(
    text: str, references: Sequence[Reference], kind: Callable[[int], str], unread: frozenset[str]
) -> tuple[Callout, ...]:
    """The citations of a text, each work with the entry it means, or why none could be chosen.

    `kind` tells the region of an offset, `unread` the regions that cite nothing. What has the form of a citation but
    may be something else ("Windows 2000") is left out unless it fits an entry.
    """
    listed = _List(r for r in references if r.number is not None)
    groups = _groups(references)
    found: list[Callout] = []
    for citation in citations(text):
        where = kind(citation.span.start)
        if where in unread:
            continue
        works = tuple(_linked(text, citation, printed, listed, groups) for printed in citation.works)
        found.append(_callout(text, citation.span, where, works))
    found += _of_groups(text, groups, kind, unread, [c.span for c in found if c.numbers])
    kept = _surely_citations(text, sorted(found, key=lambda c: c.span))
    return _told_apart(kept, listed)


def _callout(text: str, span: Span, where: str, works: tuple[CitedWork, ...]) -> Callout:
    numbers = tuple(dict.fromkeys(w.number for w in works if w.number is not None))
    return Callout(span=span, numbers=numbers, text=text[slice(*span)], region=where, works=works)


def _entry(r: Reference) -> _Entry | None:
    assert r.number is not None
    head = r.raw[:_HEAD]
    names = r.authors or r.editors
    years = set(_YEAR.findall(r.raw)) if not r.year else {r.year[:4], *_YEAR.findall(head)}
    letter = ""
    if r.year and (m := re.search(rf"(?<!\d){re.escape(r.year[:4])}[ -]?([a-h])(?![^\W_])", head)):
        letter = m[1]
    first = names[0] if names else None
    shown = first.family if first else " ".join(r.raw.split()[:4])
    if len(names) > 2 or r.et_al:
        shown += " et al."
    elif len(names) == 2:
        shown += f" and {names[1].family}"
    return _Entry(
        number=r.number,
        keys=tuple(_forms(n.family) for n in names),
        initials="".join(c for c in (first.given if first else "") if c.isupper()),
        cut=r.et_al,
        years=frozenset(years),
        year=r.year[:4],
        letter=letter,
        undated=not r.year or bool(re.search(r"in press|n\. ?d\.|forthcoming|submitted|to appear|in prep|accepted|review", head, re.I)),
        words=frozenset(re.findall(r"[^\W\d_]{2,}", fold(head))),
        name=f"{shown} {r.year[:4]}{letter}".strip(),
    )  # fmt: skip


def _forms(family: str) -> frozenset[str]:
    """The forms in which a surname may stand: whole, without its particles, each half of a double one."""
    folded = fold(family)
    words = [w for w in re.split(r"[\s’'-]+", folded) if w]
    if not words:
        return frozenset()
    out = {compact(folded), compact(words[-1])}
    out |= {compact(w) for w in words if len(w) > 3}
    out |= {compact("".join(words[i:])) for i in range(1, len(words))}
    transcribed = folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return frozenset(out | {compact(transcribed)}) - {""}


def _asked(name: str) -> list[str]:
    """The forms in which a printed name is looked up, the longest first: "In Van Smith" may be "Smith"."""
    folded = fold(name)
    words = folded.split()
    out = [compact("".join(words[i:])) for i in range(len(words))]
    out.append(compact(words[-1].split("-")[-1]) if words else "")
    out.append(compact(folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")))
    return list(dict.fromkeys(x for x in out if len(x) > 1))


def _is_one_of(name: str, keys: frozenset[str]) -> bool:
    return any(form in keys for form in _asked(name))


def _linked(
    text: str, citation: Citation, printed: Printed, listed: _List, groups: dict[str, list[_Entry]]
) -> CitedWork:
    work = CitedWork(authors=printed.authors, et_al=printed.et_al, date=printed.date, text=printed.text)
    # Words of the sentence can pass for the first author: "As in London, Smith and Lee (2019)".
    for skip in range(len(printed.authors)):
        authors = printed.authors[skip:]
        by_name = next((e for form in _asked(authors[0]) if (e := listed.by_first.get(form))), [])
        dated = [e for e in by_name if _same_date(e, printed)]
        if dated:
            return _chosen(replace(work, authors=authors), replace(printed, authors=authors), dated)
    if known := _group_before(text, citation, groups):
        dated = [e for e in known if _same_date(e, printed)]
        return _chosen(work, printed, dated) if dated else replace(work, problem="unsure")
    return _not_found(work, printed, listed)


def _same_date(entry: _Entry, printed: Printed) -> bool:
    if printed.year:
        return printed.year in entry.years if entry.years else entry.undated
    return entry.undated


def _chosen(work: CitedWork, printed: Printed, fitting: list[_Entry]) -> CitedWork:
    """One of the entries of this first author and year; none where several fit."""
    left = _of_those(fitting, lambda e: e.year == printed.year)
    left = _of_those(left, lambda e: _same_authors(e, printed))
    if len(left) > 1 and printed.initials:
        left = _of_those(left, lambda e: e.initials[:1] == printed.initials[:1])
    lettered = [e for e in left if e.letter]
    if printed.letter:
        exact = [e for e in left if e.letter == printed.letter]
        if len(exact) == 1:
            return _with_authors(replace(work, number=exact[0].number, entry=exact[0].name), printed, exact[0])
        if len(left) == 1:
            problem = "letter unused" if not lettered else "letter differs"
            return replace(work, number=left[0].number, problem=problem, entry=left[0].name)
        if not lettered:  # several of the year, and the list has no letters to tell them apart
            return replace(work, problem="letter not listed", near=_numbers(left), entry=left[0].name)
        return replace(work, problem="letter differs", near=_numbers(left), entry=left[0].name)
    if len(left) == 1:
        return _with_authors(replace(work, number=left[0].number, entry=left[0].name), printed, left[0])
    problem = "letter missing" if len(lettered) == len(left) else "several"
    return replace(work, problem=problem, near=_numbers(left), entry=left[0].name)


def _numbers(entries: Iterable[_Entry]) -> tuple[int, ...]:
    return tuple(e.number for e in entries)


def _of_those(entries: list[_Entry], fits: Callable[[_Entry], bool]) -> list[_Entry]:
    return [e for e in entries if fits(e)] or entries


def _same_authors(entry: _Entry, printed: Printed) -> bool:
    """Whether the number of authors fits, and the others that are printed."""
    count = len(entry.keys)
    others = printed.authors[1:]
    if others and not all(any(_is_one_of(o, k) for k in entry.keys[1:]) for o in others):
        return False
    if printed.et_al:
        return count > 2 or entry.cut
    return not entry.cut and count == len(printed.authors)


def _with_authors(work: CitedWork, printed: Printed, entry: _Entry) -> CitedWork:
    """Says where the authors are more, fewer or others than those of the entry."""
    count = len(entry.keys)
    others = printed.authors[1:]
    if count < 1 or entry.cut:
        return work
    if printed.et_al and count == 2 and not others:
        return replace(work, problem="et al. of two")
    if printed.et_al or count > 12:
        return work
    strangers = [o for o in others if not any(_is_one_of(o, k) for k in entry.keys)]
    if strangers and len(others) == count - 1 == 1:
        return replace(work, problem="co-author differs", printed=strangers[0])
    if not strangers and len(others) == 1 and count > 2:
        return replace(work, problem="authors left out")
    return work


def _not_found(work: CitedWork, printed: Printed, listed: _List) -> CitedWork:
    """No entry has this author and year: is there one with another year, or a name nearly the same?"""
    others = printed.authors[1:]
    first = _asked(printed.authors[0])
    head = fold(printed.authors[0]).split()[-1:] or [""]
    if printed.year and any(head[0] in e.words for e in listed.by_year.get(printed.year, ())):
        # Somewhere in an entry of this year: misread, or the second author, or an editor.
        second = [e for form in first for e in listed.by_any.get(form, ()) if printed.year in e.years]
        if others and len(second) == 1 and any(_is_one_of(o, k) for o in others for k in second[0].keys):
            return replace(work, problem="name differs", near=_numbers(second), entry=second[0].name)
        return replace(work, problem="unsure", near=_numbers(second))
    by_name = next((e for form in first if (e := listed.by_first.get(form))), [])
    same = [e for e in by_name if _same_authors(e, printed)]
    if printed.year and len(same) == 1 and (others or printed.et_al or len(by_name) == 1):
        return replace(work, problem="year differs", near=_numbers(same), entry=same[0].name)
    if not printed.year and by_name:
        return replace(work, problem="unsure", near=_numbers(by_name))
    alike = [e for e in listed.by_year.get(printed.year, ()) if e.keys and _is_alike(printed, e)]
    if len(alike) == 1:
        return replace(work, problem="name differs", near=_numbers(alike), entry=alike[0].name)
    if alike:
        return replace(work, problem="unsure", near=_numbers(alike))
    return replace(work, problem="not listed", near=_numbers(by_name))


def _is_alike(printed: Printed, entry: _Entry) -> bool:
    """Whether the first author is the entry's but for a slip of the pen: one or two letters, two changed places."""
    name = compact(fold(printed.authors[0]).split()[-1]) if printed.authors[0].split() else ""
    if len(name) < 3:
        return False
    if not _same_authors(entry, printed) and not any(
        _is_one_of(o, k) for o in printed.authors[1:] for k in entry.keys[1:]
    ):
        return False
    slips = 1 if len(name) < 7 else 2
    return any(
        abs(len(key) - len(name)) <= slips and DamerauLevenshtein.distance(name, key, score_cutoff=slips) <= slips
        for key in entry.keys[0]
        if len(key) > 2
    )


# -- groups: "World Health Organization (WHO), 2020", and works without author, cited by the first words of the title


def _groups(references: Sequence[Reference]) -> dict[str, list[_Entry]]:
    out: dict[str, list[_Entry]] = defaultdict(list)
    for r in references:
        entry = _entry(r) if r.number is not None else None
        if entry is None or (r.authors and r.authors[0].given):
            continue
        names: set[str] = set()
        if r.authors:
            family = r.authors[0].family
            names = {fold(family)}
            capitals = "".join(w[0] for w in re.findall(r"\b[A-Z]\w+", family))
            names |= {capitals.lower()} if len(capitals) > 1 else set()
        names |= {m[1].lower() for m in _SHORT.finditer(r.raw[:200])}
        if not r.authors and r.title:
            names |= {" ".join(fold(r.title).split()[:n]) for n in (3, 4, 5)} | {fold(r.title)}
        for name in names - {""}:
            out[name].append(entry)
    return out


def _group_before(text: str, citation: Citation, groups: dict[str, list[_Entry]]) -> list[_Entry]:
    """The entries of the group whose name ends where the authors of a citation end."""
    m = _YEAR.search(text, citation.span.start)
    return _named_before(text, m.start(), groups) if m else []


def _named_before(text: str, at: int, groups: dict[str, list[_Entry]]) -> list[_Entry]:
    left = re.sub(r"[\s,(\[]+$", "", text[max(0, at - _AROUND) : at])
    both = re.sub(r"\s?[(\[]([A-Z][A-Za-z&-]{1,11})[)\]]?$", "", left)
    for form in dict.fromkeys((left, both)):
        words = fold(re.sub(r"[“”\"*_)\]]", " ", re.sub(r"[’']s?$", "", form))).split()
        for n in range(min(12, len(words)), 0, -1):
            if found := groups.get(" ".join(words[-n:]).lstrip("([;")):
                return found
    return []


def _of_groups(
    text: str,
    groups: dict[str, list[_Entry]],
    kind: Callable[[int], str],
    unread: frozenset[str],
    taken: list[Span],
) -> list[Callout]:
    """Citations of groups and of works without author that the grammar of names does not see."""
    out: list[Callout] = []
    if not groups:
        return out
    ends = {s.end for s in taken} | {i for s in taken for i in range(s.start, s.end)}
    for m in _YEAR.finditer(text):
        if m.start() in ends or (where := kind(m.start())) in unread:
            continue
        dated = [e for e in _named_before(text, m.start(), groups) if m.group() in e.years]
        if not dated:
            continue
        letter = text[m.end() : m.end() + 1] if re.match(r"[a-h](?![^\W_])", text[m.end() : m.end() + 2]) else ""
        printed = Printed(authors=("",), year=m.group(), letter=letter, date=m.group() + letter)
        work = CitedWork(date=m.group() + letter, text=m.group() + letter)
        chosen = _chosen(work, printed, dated)
        if chosen.number is not None:
            out.append(_callout(text, Span(m.start(), m.end() + len(letter)), where, (chosen,)))
    return out


# -- what is surely a citation, though it fits no entry


def _surely_citations(text: str, found: list[Callout]) -> list[Callout]:
    """Without what may be something else: "Windows 2000", "(June 2020)", "Katrina (2005)"."""
    lower = set(re.findall(r"(?<![^\W\d_])[a-zß-ÿ][^\W\d_A-Z]{2,}", text))
    linked = [c for c in found if c.numbers]
    narrative = sum(text[c.span.end : c.span.end + 1] in ")]" and "(" in c.text for c in linked)
    out = []
    for c in found:
        works = tuple(
            w if w.number is not None or _is_sure(text, c, w, lower, narrative) else replace(w, problem="unsure")
            for w in c.works
        )
        if any(w.number is not None or w.problem != "unsure" or w.near for w in works):
            out.append(replace(c, works=works))
    return out


def _is_sure(text: str, c: Callout, w: CitedWork, lower: set[str], narrative: int) -> bool:
    if w.problem not in {"not listed", "year differs", "name differs"}:
        return True
    words = {x for a in w.authors for x in fold(a).replace("-", " ").split()}
    if words & GROUP_WORDS or any(_ACRONYM.fullmatch(x) for a in w.authors for x in a.split()):
        return False
    last = w.authors[0].split()[-1]
    if fold(last) in NO_SURNAMES or last.lower() in lower or len(last) < 2:
        return False
    if w.et_al or w.problem == "name differs":
        return True
    if len(w.authors) > 1:
        return not any(fold(a.split()[-1]) in NO_SURNAMES or a.split()[-1].lower() in lower for a in w.authors)
    if len(w.authors[0].split()) > 1 and not re.match(r"[a-z]", w.authors[0]):
        return False
    before, after = text[max(0, c.span.start - 60) : c.span.start], text[c.span.end : c.span.end + 1]
    if "(" in c.text or "[" in c.text:  # Smith (2019)
        return after in set(")]") and narrative >= 3 and not _PLACE.search(before)
    inside = before.rfind("(") > before.rfind(")") or before.rfind("[") > before.rfind("]")
    return inside and after in set(");],") and bool(_LEAD.search(before))


def _told_apart(found: list[Callout], listed: _List) -> tuple[Callout, ...]:
    """Another year is a slip only where the entry of that year is cited nowhere else; else the work is missing."""
    cited = {n for c in found for n in c.numbers}
    out = []
    for c in found:
        works = tuple(
            replace(w, problem="not listed")
            if w.problem == "year differs" and cited.issuperset(w.near) and not _is_near(w, listed)
            else w
            for w in c.works
        )
        out.append(replace(c, works=works))
    return tuple(out)


def _is_near(w: CitedWork, listed: _List) -> bool:
    """Whether one digit, or one year more or less, makes the other year."""
    entry = listed.entries[w.near[0]]
    year = w.date[:4]
    if not (year.isdigit() and entry.year.isdigit()):
        return False
    return abs(int(year) - int(entry.year)) == 1 or sum(a != b for a, b in zip(year, entry.year, strict=False)) == 1
