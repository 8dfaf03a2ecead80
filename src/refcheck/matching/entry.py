"""A printed entry made ready for the guided reading: its words and numbers, where they stand, and whose they are.

Every position here is an offset into the *readable* text (`text.unwrap`); `Entry.span` leads back to the manuscript.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from refcheck.identifiers import find_arxiv, find_dois, find_pmcid, find_pmid, find_url
from refcheck.model import Reference, Span
from refcheck.text import Trace, fold, unwrap, words


class Word(NamedTuple):
    """A run of letters and digits, folded, with its place in the readable text."""

    text: str
    start: int
    end: int


# An apostrophe belongs to a word ("Crohn's", "L'Encéphale"), but for a closing quote that the next word has run into.
_WORD = re.compile(r"[^\W\d_]{1,2}['’ʼ][^\W_]+|[^\W_]+(?:['’ʼ](?![A-ZÀ-ÖØ-Þ])[^\W_]+)*")
# Words run together by extraction, told by their capitals: "anetodermaArchives", "ECMWFGeoscientific"; and a journal
# with all its numbers: "Biol20034140156".
_RUN_TOGETHER = re.compile(
    r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{2})|(?<=[A-Z]{2})(?=[A-Z][a-z]{3})|(?<=[a-z]{3})(?=[A-Z]{3})"
    r"|(?<=[a-z]{3})(?=\d{7})"
)
_NUMBER = re.compile(r"(?<![^\W_])[^\W\d_]{0,6}\d[^\W_]{0,20}(?:\.\d{1,6}(?!\d))?")
# "[cited 2020 May 3]", "Accessed 3 May 2020", "Retrieved May 3, 2020, from": dates of a look, not of the work.
_ACCESS = re.compile(
    r"(?i)\b(?:cited|accessed|retrieved|consulted|consulté|abgerufen|zugriff|available (?:from|at)|last visited)\b"
    r"(?=[^\]);]{0,30}\b(?:19|20)\d\d\b)[^\]);]{0,40}\]?"
)


def _runs_into(name: tuple[str, ...], rest: str, following: str) -> bool:
    """Whether what is left of a word begins a container's name; one or two letters do with the next word ("J Econ")."""
    together = "".join(name)
    if len(rest) > 2:
        return together.startswith(rest) or rest.startswith(together)
    return name[0].startswith(rest) and any(len(rest + following) > 2 and w.startswith(following) for w in name[1:3])


# Fields whose values stand for the reference where only its source is known.
_PRINTED = ("authors", "title", "container", "year", "volume", "issue", "pages", "editors", "publisher", "series")


@dataclass(frozen=True)
class Entry:
    """One reference, as printed and as read blindly, with what the guided reading needs computed once."""

    reference: Reference
    #: Offsets in the readable text at which a word is to be parted, though nothing in print says so.
    cuts: frozenset[int] = frozenset()
    trace: Trace = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "trace", unwrap(self.reference.raw))

    @property
    def text(self) -> str:
        """The entry as one readable line."""
        return self.trace.text

    def span(self, start: int, end: int) -> Span:
        """Offsets in the readable text, as a span of the manuscript."""
        a, b = self.trace.span(start, end)
        offset = self.reference.span.start
        return Span(a + offset, b + offset)

    def place(self, span: Span) -> tuple[int, int]:
        """A span of the manuscript as offsets in the readable text."""
        at, offset = self.trace.at, self.reference.span.start
        start, end = bisect_left(at, span[0] - offset), bisect_left(at, span[1] - offset)
        return start, min(end, len(self.text))

    @cached_property
    def zones(self) -> Mapping[str, tuple[int, int]]:
        """Where each field was read blindly, in the readable text."""
        places = {name: self.place(span) for name, span in self.reference.spans.items()}
        return {name: (a, b) for name, (a, b) in places.items() if a < b}

    @cached_property
    def hidden(self) -> tuple[tuple[int, int], ...]:
        """What is nobody's volume or title: the list number, identifiers, addresses, dates of access; in BibTeX source
        everything but the values of fields (abstracts and notes are no part of the reference).
        """
        if self.is_source:
            return self._between_fields()
        out = [f.span for f in find_dois(self.text)]
        label = self.reference.label
        if label and self.reference.raw.startswith(label):
            out.append(Span(0, bisect_left(self.trace.at, len(label))))
        for find in (find_url, find_pmid, find_pmcid, find_arxiv):
            found = find(self.text)
            if found:
                out.append(found.span)
        out.extend(Span(*m.span()) for m in _ACCESS.finditer(self.text))
        return tuple(sorted((s.start, s.end) for s in out))

    @property
    def is_source(self) -> bool:
        """Whether the entry is BibTeX source, not a printed line."""
        return self.reference.raw.lstrip().startswith("@")

    def _between_fields(self) -> tuple[tuple[int, int], ...]:
        out, position = [], 0
        for start, end in sorted(self.zones[name] for name in _PRINTED if name in self.zones):
            if start > position:
                out.append((position, start))
            position = max(position, end)
        return (*out, (position, len(self.text)))

    def is_hidden(self, position: int) -> bool:
        """Whether a position lies in an identifier, an address or a date of access."""
        return any(a <= position < b for a, b in self.hidden)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words outside identifiers, folded ("TNF-α" is two: tnf, alpha)."""
        hidden = self.hidden
        out = []
        for m in _WORD.finditer(self.text):
            if hidden and self.is_hidden(m.start()):
                continue
            start = m.start()
            for part in self._parts(m):
                word = fold(part).replace("'", "")
                if word:
                    out.append(Word(word, start, start + len(part)))
                start += len(part)
        return tuple(out)

    def _parts(self, word: re.Match[str]) -> Iterator[str]:
        """The pieces of a run of letters and digits: parted at its capitals, and where a record says so."""
        ends = [*sorted(c for c in self.cuts if word.start() < c < word.end()), word.end()]
        for start, end in pairwise([word.start(), *ends]):
            yield from _RUN_TOGETHER.split(self.text[start:end])

    @cached_property
    def joined(self) -> str:
        """The words with single blanks."""
        return " ".join(w.text for w in self.words)

    @cached_property
    def compact(self) -> str:
        """The words without any gap: hyphens, blanks and punctuation cost nothing."""
        return "".join(w.text for w in self.words)

    @cached_property
    def _compact_starts(self) -> list[int]:
        out, n = [], 0
        for w in self.words:
            out.append(n)
            n += len(w.text)
        return out

    def find_compact(self, needle: str) -> Iterator[tuple[int, int]]:
        """Word ranges (first, past the last) whose letters, run together, are `needle`.

        The range begins and ends with a word; initials or a year may have run into the first one ("2009SNP"), a year
        into the last one ("Concept2015").
        """
        starts = self._compact_starts
        position = self.compact.find(needle) if needle else -1
        while position >= 0:
            first = bisect_right(starts, position) - 1
            end = position + len(needle)
            last = bisect_left(starts, end)
            if self._begins_at(first, position - starts[first]) and self._ends_at(last, end):
                yield first, last
            position = self.compact.find(needle, position + 1)

    def _begins_at(self, index: int, offset: int) -> bool:
        if not offset:
            return True
        before = self.text[self.words[index].start :][:offset]
        return before.isdigit() or (before.isupper() and offset <= 4)

    def _ends_at(self, last: int, end: int) -> bool:
        starts = self._compact_starts
        if last == len(starts) and end == len(self.compact):
            return True
        if last < len(starts) and starts[last] == end:
            return True
        rest = self.compact[end : starts[last] if last < len(starts) else len(self.compact)]
        return rest.isdigit() and len(rest) == 4

    def parted(self, title: str, containers: Iterable[str]) -> Entry:
        """The entry with the recorded title parted from the recorded container that has run into its last word
        ("ANTIBODIESJAMA Neurol", "Cyberneticsjournalofdigitaldesign"); this very entry where nothing of the kind is.
        """
        last = fold(words(title)[-1]) if words(title) else ""
        if (len(last) < 3 and not last.isdigit()) or last not in self.compact:
            return self
        names = [words(name) for name in containers if words(name)]
        for w, following in zip(self.words, [*self.words[1:], None], strict=True):
            rest = w.text.removeprefix(last)
            if not rest or rest == w.text or w.end - w.start != len(w.text):
                continue
            if any(_runs_into(name, rest, following.text if following else "") for name in names):
                return Entry(self.reference, self.cuts | {w.start + len(last)})
        return self

    def words_in(self, zone: tuple[int, int] | None) -> tuple[int, int]:
        """The range of words (first, past the last) inside a zone of the readable text."""
        if zone is None:
            return (0, 0)
        first = next((i for i, w in enumerate(self.words) if w.start >= zone[0]), len(self.words))
        last = next((i for i, w in enumerate(self.words) if w.start >= zone[1]), len(self.words))
        return first, max(first, last)

    @cached_property
    def numbers(self) -> tuple[Word, ...]:
        """Everything with digits in it outside identifiers, lower case, leading zeros kept."""
        hidden = self.hidden
        return tuple(
            Word(m.group().lower(), m.start(), m.end())
            for m in _NUMBER.finditer(self.text)
            if not (hidden and self.is_hidden(m.start()))
        )

    def in_zone(self, position: int, *names: str) -> bool:
        """Whether a position lies where one of these fields was read."""
        zones = self.zones
        return any(name in zones and zones[name][0] <= position < zones[name][1] for name in names)
