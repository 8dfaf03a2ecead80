"""The part of an entry in which its authors stand, and what its text says of a difference between two lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refcheck.matching.entry import Entry
from refcheck.matching.surnames import same_name, surname_keys
from refcheck.model import Name, Work
from refcheck.text import compact, words
from refcheck.words import FOLDED_PARTICLES

_RUN_IN = re.compile(r"[a-zß-öø-ÿ][A-Z]{1,3}\b")


class AuthorRegion:
    """The part of the entry in which authors stand, and what its text says of a difference."""

    def __init__(self, entry: Entry, title: tuple[int, int]) -> None:
        start, end = entry.zones.get("authors", (0, len(entry.text)))
        if title[0] > start:
            end = max(end, title[0]) if title[0] - end < 400 else end
            end = min(end, title[0])
        elif title == (0, 0) and "title" not in entry.zones:
            end = len(entry.text)
        self.entry = entry
        self.start, self.end = start, end
        self.text = entry.text[start : min(end + 40, max(end, title[0] or end + 40))]
        self.words = [w.text for w in entry.words if start <= w.start < end]
        self.compact = "".join(self.words)

    def spoken(self, name: Name) -> int:
        """How often the surname stands among the authors, run together from one to four words."""
        keys = surname_keys(name.family)
        found, i = 0, 0
        while i < len(self.words):
            size = next(
                (k for k in (4, 3, 2, 1) if "".join(self.words[i : i + k]) in keys and i + k <= len(self.words)), 0
            )
            found += bool(size)
            i += size or 1
        if not found and _RUN_IN.search(self.text):  # surname and initials run together: "MoeI"
            found = sum(any(w.startswith(k) and len(w) - len(k) <= 3 for w in self.words) for k in keys if len(k) > 2)
        if not found:
            found = sum(len(k) > 5 and k in self.compact and not self._within_a_word(k) for k in keys)
        return found

    def _within_a_word(self, key: str) -> bool:
        """Whether a surname stands only within a longer one: Roberts in Robertson."""
        return any(key in w and key != w for w in self.words) and not _RUN_IN.search(self.text)

    def spoken_behind(self, name: Name) -> bool:
        """Whether the surname stands behind the title, with an initial at its side."""
        keys = {k for k in surname_keys(name.family) if len(k) > 2}
        initial = name.given[:1].lower()
        behind = [w.text for w in self.entry.words if w.start >= self.end]
        return any(
            w in keys and initial in (near[:1] for near in behind[max(0, i - 2) : i + 2] if near != w)
            for i, w in enumerate(behind)
        )

    def shows(
        self,
        kind: str,
        mine: Name | None,
        theirs: Name | None,
        printed: Sequence[Name],
        recorded: Sequence[Name],
        work: Work,
    ) -> bool:
        """Whether the text itself shows the difference."""
        if kind in ("initials", "order"):
            return True
        if theirs is not None:
            keys = surname_keys(theirs.family)
            namesakes = sum(bool(keys & surname_keys(r.family)) for r in recorded)
            if self.spoken(theirs) >= namesakes:
                return False
        if mine is None:
            if theirs is not None and self.spoken_behind(theirs):
                return False  # an editor, or a second list of authors
            return theirs is not None and (bool(theirs.given) or len(words(theirs.family)) == 1)
        if kind == "misspelt":
            return True
        namesakes = sum(same_name(mine, r) for r in recorded)
        if namesakes:  # "Li X, Li Y" for one recorded Li; "Pinho e Melo", read as two, is one
            return sum(same_name(mine, p) for p in printed) > namesakes
        return self._is_stranger(mine, recorded, work)

    def _is_stranger(self, mine: Name, recorded: Sequence[Name], work: Work) -> bool:
        """Whether a printed name is a person's, and none that the record has in another form."""
        own = words(mine.family)
        bare = "".join(w for w in own if w not in FOLDED_PARTICLES) or "".join(own)
        if not mine.given or len(own) > 3 or len(bare) < 2 or mine.family in FOLDED_PARTICLES:
            return False
        everybody = {w for r in (*recorded, *work.authors) for w in words(f"{r.family} {r.given}")}
        telling = [w for w in words(f"{mine.family} {mine.given}") if len(w) > 2] or list(own)
        held = {w[:4] for c in (work.container, *work.also.get("container", ())) for w in words(c)}
        titled = set(words(work.title))
        if all(w in everybody for w in telling) or all(w in titled for w in telling):
            return False
        return not {w[:4] for w in telling} <= held and compact(mine.family) not in compact(work.publisher)

    def spans(self, names: Sequence[Name]) -> list[tuple[int, int] | None]:
        """Where each name stands in the readable text, surname and given name together."""
        out: list[tuple[int, int] | None] = []
        at = self.start
        for name in names:
            family = self.entry.text.find(name.family, at, self.end + 1) if name.family else -1
            if family < 0:
                out.append(None)
                continue
            start, end = family, family + len(name.family)
            if name.given:
                before = self.entry.text.rfind(name.given, at, family)
                after = self.entry.text.find(name.given, end, end + len(name.given) + 4)
                if after >= 0:
                    end = after + len(name.given)
                elif before >= 0 and not self.entry.text[before + len(name.given) : family].strip():
                    start = before
            out.append((start, end))
            at = end
        return out
