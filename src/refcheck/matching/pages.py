"""Do the printed pages, or the article number, agree with the recorded ones?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from refcheck.matching.entry import Entry, Word
from refcheck.matching.numerals import Pages, is_slip, numbering, page_range, roman, same_page
from refcheck.matching.placed_numbers import Ground, agree, said_otherwise
from refcheck.model import Agreement, Level, Work
from refcheck.text import dashes


def compare_pages(ground: Ground, work: Work, out: list[Agreement]) -> tuple[str, str]:
    """Compare first and last page, put what is to be told of them to `out`, and say how each agrees (see Numbers)."""
    entry, recorded = ground.entry, ground.pages
    if not recorded:
        return "unrecorded", "unrecorded"
    shown = work.pages or work.also.get("pages", ("",))[0]
    text = ground.blind("pages")
    if text and numbering(text) in (numbering(work.volume), numbering(work.issue)) and len(numbering(text)) > 1:
        text = ""  # a double volume or issue ("334-335") that was read as pages
    elif text and numbering(text) == numbering(work.issue) and not ground.blind("issue") and len(ground.pages) == 1:
        text = ""  # "113:7" with no pages behind it
    printed = _unglued(page_range(text), ground, text)
    volume = ground.recorded["volume"]
    glued = [year + volume for year in ("", *ground.years)] if volume and "volume" not in ground.taken.values() else []
    if any(printed.first == head + p.first for head in glued for p in recorded):
        out.append(agree(entry, "pages", Level.FORMATTING, shown, "volume and pages run together"))
        return "same", "unprinted"
    if printed.first:
        for pages in recorded:
            kind = same_page(printed.first, pages.first)
            if kind:
                return kind, _compare_last(entry, printed, pages, shown, kind, out)
    # Of discontinuous pages ("8-8, 11") another stretch may be printed first, but is no guide to a first page.
    heads = {page_range(p).first for p in (work.pages, *work.also.get("pages", ()))}
    for pages in recorded:
        if printed.first and pages.first not in heads:
            continue
        for at in ground.free(pages.first, "pages"):
            inside = entry.in_zone(at.start, "pages")
            if printed.first and (not _begins(entry, at) or (printed.last and not inside)):
                continue
            out.append(agree(entry, "pages", Level.FORMATTING, shown, "", at=at))
            return "same", "unprinted"
    if ground.grouped != (0, 0):
        return _compare_grouped(ground, shown, out)
    behind = None if text else _only_range(ground) or _behind_volume(ground)
    if behind:
        printed = page_range(behind.text)
    if not printed.first or (not any(c.isdigit() for c in printed.first) and roman(printed.first) is None):
        return "unprinted", "unprinted"
    if printed.first == "1" and printed.last and not ground.blind("volume"):
        out.append(
            agree(
                entry, "pages", Level.NOTE, shown, "counted from 1, as before an issue is made up", score=0.5, at=behind
            )
        )
        return "unprinted", "unprinted"
    if _other_kind(printed, recorded):
        out.append(agree(entry, "pages", Level.NOTE, shown, "article number in place of pages", score=0.5, at=behind))
        return "unprinted", "unprinted"
    out.append(agree(entry, "pages", Level.DIFFERS, shown, part="first page", score=0.0, at=behind))
    kind = "slip" if any(is_slip(printed.first, p.first) for p in recorded) else "differs"
    return kind, "same" if any(p.last and p.last == printed.last for p in recorded) else "differs"


_JOINT = re.compile(r"\)?[\s,:;.]{1,3}(?:pp?\.?\s?)?")


def _behind_volume(ground: Ground) -> Word | None:
    """A number of two digits or more that stands right behind the agreeing volume or issue, and was read as nothing.

    There is only one thing that it can be: "JAMA Neurol 2013, 70 (9), 1912".
    """
    entry = ground.entry
    ends = [w.end for w in entry.numbers if ground.taken.get(w.start) in ("volume", "issue")]
    if not ends and len(places := ground.free(ground.recorded["volume"], "volume")) == 1:
        ends = [places[0].end]
    behind = next((w for w in entry.numbers if ends and w.start >= max(ends)), None)
    if behind is None or not behind.text.isdigit() or len(behind.text) < 2:
        return None
    known = behind.text in ground.years or behind.text in ground.recorded.values() or behind.start in ground.taken
    read = entry.in_zone(behind.start, "year", "volume", "issue", "title", "publisher", "series")
    if known or read or not _JOINT.fullmatch(entry.text[max(ends) : behind.start]):
        return None
    return None if dashes(entry.text[behind.end :].lstrip()[:1]) in ("-", "%", "/") else behind


_FROM_TO = re.compile(r"(?<![\w-])(\d{1,6})-(\d{1,6})(?![\w-])")


def _only_range(ground: Ground) -> Word | None:
    """The only range of numbers outside title and authors, where no pages were read: "Landscapes 279–390 (1988)"."""
    entry = ground.entry
    found = []
    for m in _FROM_TO.finditer(dashes(entry.text)):
        start, end = m.span()
        years = all(len(n) == 4 and n[:2] in ("18", "19", "20") for n in m.groups())
        taken = any(start <= at < end for at in ground.taken)
        inside = entry.in_zone(start, "title", "authors", "year", "volume", "issue", "series")
        inside |= said_otherwise(entry.text, start, end)
        if not (years or taken or inside or ground.title[0] <= start < ground.title[1] or entry.is_hidden(start)):
            found.append(Word(m.group(), start, end))
    if len(found) != 1:
        return None
    volume, issue = ground.recorded["volume"], ground.recorded["issue"]
    first = page_range(found[0].text).first
    together = bool(volume) and any(first in (volume + p.first, volume + issue + p.first) for p in ground.pages)
    return None if together or numbering(found[0].text) in (numbering(volume), numbering(issue)) else found[0]


def _compare_grouped(ground: Ground, shown: str, out: list[Agreement]) -> tuple[str, str]:
    """Pages with thousands separators, one of which is as recorded: is the first one, too, where it has as many?"""
    start, end = ground.grouped
    first = re.match(r"(\d{1,2})[,.]\s?(\d{3})(?!\d)", ground.entry.text[start:end])
    if first and all(first[1] + first[2] != p.first for p in ground.pages):
        at = Word(first[1] + first[2], start, end)
        out.append(agree(ground.entry, "pages", Level.DIFFERS, shown, part="first page", score=0.0, at=at))
        return "differs", "same"
    out.append(agree(ground.entry, "pages", Level.FORMATTING, shown))
    return "same", "unprinted"


def _unglued(printed: Pages, ground: Ground, text: str) -> Pages:
    """Pages whose last number has the year run into it by extraction: "712-31987" for 712–3, 1987."""
    for year in ground.years:
        if text.endswith(year) and len(text) > len(year):
            cut = page_range(text[: -len(year)])
            if any(cut.first == p.first and cut.last in (p.last, "") for p in ground.pages):
                return cut
    return printed


def _compare_last(entry: Entry, printed: Pages, recorded: Pages, shown: str, kind: str, out: list[Agreement]) -> str:
    if kind == "near":
        out.append(agree(entry, "pages", Level.NOTE, shown, "a letter before the number", score=0.9))
        return "unprinted"
    if not printed.last or not recorded.last:
        reason = "first page only" if recorded.last else ""
        level = Level.FORMATTING if recorded.last else Level.SAME
        out.append(agree(entry, "pages", level, shown, reason))
        return "unprinted" if not printed.last else "unrecorded"
    raw = re.split(r"[-–—]+", dashes(entry.reference.pages))[-1].strip(" .,;").lower()
    digits = re.sub(r"\D", "", recorded.last)
    same = (
        printed.last == recorded.last
        or raw == recorded.last
        or (raw.isdigit() and len(raw) < len(digits) and digits.endswith(raw))
        or re.sub(r"[a-z]", "", printed.last) == digits
        or recorded.last == recorded.first
    )
    if same:
        exact = dashes(entry.reference.pages) == dashes(shown)
        out.append(agree(entry, "pages", Level.SAME if exact else Level.FORMATTING, shown))
        return "same"
    if any(w.text.lstrip("0") == recorded.last for w in entry.numbers if entry.in_zone(w.start, "pages")):
        out.append(agree(entry, "pages", Level.FORMATTING, shown))
        return "same"
    out.append(agree(entry, "pages", Level.DIFFERS, shown, part="last page", score=0.5))
    return "differs"


def _begins(entry: Entry, at: Word) -> bool:
    """Whether a number may be a first page: not what stands after a dash."""
    before = entry.text[max(0, at.start - 2) : at.start]
    return dashes(before)[-1:] != "-" and dashes(before).rstrip()[-1:] != "-"


def _other_kind(printed: Pages, recorded: Sequence[Pages]) -> bool:
    """An article number where the record counts pages within the article ("1-12"), or the reverse."""
    single = not printed.last
    counted = [p for p in recorded if p.first == "1"]
    if single and counted:
        return not any(_within(printed.first, p) for p in counted)
    return printed.first == "1" and bool(printed.last) and all(not p.last for p in recorded)


def _within(page: str, pages: Pages) -> bool:
    """Whether a number is one of the pages: then it is meant for a page, not for an article number."""
    return page.isdigit() and pages.last.isdigit() and int(page) <= int(pages.last)
