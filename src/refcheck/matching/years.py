"""Does the printed year agree with one that the record vouches for?"""

from __future__ import annotations

import re

from refcheck.matching.entry import Word
from refcheck.matching.placed_numbers import Ground, agree
from refcheck.model import Agreement, Level


def compare_year(ground: Ground, out: list[Agreement]) -> str:
    """Compare the year, put what is to be told of it to `out`, and say: same, near, differs, unprinted, unrecorded."""
    entry, years = ground.entry, ground.years
    if not years:
        return "unrecorded"
    printed = ground.blind("year")[:4] or _glued_year(ground)
    beside = _beside(ground, printed)
    if beside:
        printed = beside.text
    if printed not in years and any(printed == p.first for p in ground.pages):
        printed = ""  # the first page was read as a year
    recorded = next((y for y, kind in years.items() if not kind), next(iter(years)))
    told = ", ".join(f"{kind} year {y}" if kind else f"year {y}" for y, kind in sorted(years.items()))
    if printed in years:
        same = printed == recorded
        reason = "" if same else told
        out.append(agree(entry, "year", Level.SAME if same else Level.FORMATTING, recorded, reason))
        return "same"
    for y in years:
        for at in ground.free(y, "year") if not (beside and y in ground.named) else ():
            if printed and entry.in_zone(at.start, "container", "volume", "issue", "pages"):
                continue
            out.append(agree(entry, "year", Level.FORMATTING, y, "", at=at))
            return "same"
    if not printed.isdigit():
        return "unprinted"
    gap = min(abs(int(printed) - int(y)) for y in years if y.isdigit())
    dates = told if len(years) > 1 else ""
    if gap <= 1 and _may_be_another_date(ground, printed):
        out.append(agree(entry, "year", Level.NOTE, recorded, f"one year apart ({told})", score=0.8, at=beside))
        return "near"
    if gap <= 1:
        out.append(agree(entry, "year", Level.DIFFERS, recorded, dates, "one year apart", score=0.8, at=beside))
        return "near"
    if ground.is_book:
        out.append(agree(entry, "year", Level.NOTE, recorded, "another edition or printing?", score=0.5, at=beside))
        return "near"
    out.append(agree(entry, "year", Level.DIFFERS, recorded, dates, score=0.0, at=beside))
    return "differs"


def _may_be_another_date(ground: Ground, printed: str) -> bool:
    """Whether a year may be right that is not recorded: print may have followed a date online in the next year, and
    proceedings may bear the year of the meeting in their name."""
    return printed in ground.named or any(y.isdigit() and int(printed) == int(y) + 1 for y in ground.online)


def _beside(ground: Ground, printed: str) -> Word | None:
    """The only year printed beside one that is a word of the title or of the container's name, and was read instead.

    "2013 World Ocean Atlas. Eos 2004;95:369" was published in 2004, "Surveys in Combinatorics, 1991. 1996" in 1996.
    """
    if printed and printed not in ground.named:
        return None
    places = [w for w in ground.printed_years() if ground.taken.get(w.start, "year") == "year"]
    others = [w for w in places if w.text not in ground.named]
    if len(others) != 1 or sum(w.text == printed for w in places) > 1:
        return None
    only = others[0]
    inside = ground.entry.in_zone(only.start, "container", "volume", "issue", "series")
    return None if inside or only.text in ground.recorded.values() else only


_GLUED_YEAR = re.compile(
    r"(?<![^\W_])((?:1[5-9]|20)\d\d)(?=[A-Z][a-z]{2}|年)|(?<=[^\W\d_]{3})((?:1[5-9]|20)\d\d)(?=[;,. )])"
)


def _glued_year(ground: Ground) -> str:
    """A year that has run into the word before or after it ("2018Jan;3(1)"), where no year was read blindly."""
    m = _GLUED_YEAR.search(ground.entry.text)
    if m and not ground.title[0] <= m.start() < ground.title[1] and not ground.entry.is_hidden(m.start()):
        return m.group(1) or m.group(2)
    return ""


def volume_by_year(ground: Ground, out: list[Agreement]) -> tuple[str, str] | None:
    """Year and volume where the record numbers volumes by years and the entry prints two years, one of them recorded.

    What stands before the pages is the volume, the other one is the year ("2019, 2091, 1-12", "vol. 2014, pp. 1-5,
    2017"); None where nothing of the kind is printed.
    """
    entry, volume = ground.entry, ground.recorded["volume"]
    if volume not in ground.years or "pages" not in entry.zones:
        return None
    places = [w for w in ground.printed_years() if w.text not in ground.named]
    strange = [w for w in places if w.text not in ground.years]
    if len(strange) != 1 or len({w.text for w in places}) != 2:
        return None
    pages = entry.zones["pages"][0]
    before = strange[0].end <= pages and _BEFORE_PAGES.fullmatch(entry.text[strange[0].end : pages])
    name = "volume" if before else "year"
    known = next(w for w in places if w is not strange[0])
    kinds = {name: "differs", "volume" if name == "year" else "year": "same"}
    for field, kind in sorted(kinds.items(), reverse=True):
        at, level = (strange[0], Level.DIFFERS) if kind == "differs" else (known, Level.SAME)
        if kind == "differs" and field == "year" and abs(int(at.text) - int(volume)) == 1:
            kinds["year"], level = "near", Level.NOTE
        out.append(agree(entry, field, level, volume, at=at, score=float(kind == "same")))
    return kinds["year"], kinds["volume"]


_BEFORE_PAGES = re.compile(r"[\s,:;.]*(?:\(\w{1,8}\)[\s,:;.]*)?(?:pp?\.?\s*)?")
