"""Which words of the author's list to change, and which differences to leave: the judgement behind `corrected_list`.

A correction is made only where one record is certain, the sources do not contradict each other, and the finding is a
difference in one field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from refcheck.identifiers import valid_doi
from refcheck.model import Finding, Level, Match, Name, Report, Severity, Span, Work
from refcheck.renderers.data.exports import latex
from refcheck.renderers.editing.author_corrections import author_corrections
from refcheck.renderers.triage import Entry, tight, triage
from refcheck.renderers.word_changes import changes
from refcheck.text import dashes, fold, plain, printable, squeeze, unwrap

#: Below this probability that the record is the one meant, nothing is corrected. Entries with one detail that differs
#: lie above it, entries with several below: those are for people.
SURE = 0.95

_FIELDS = {
    "REF301": "title", "REF302": "authors", "REF303": "year", "REF304": "container", "REF305": "volume",
    "REF306": "issue", "REF307": "pages", "REF202": "doi", "REF203": "doi", "REF207": "doi",
}  # fmt: skip
# What an entry has to say about a work, all of it as recorded, before its DOI is called another's.
_DESCRIBING = frozenset(("authors", "title", "year"))
# Why nothing was corrected although the record is certain: of a DOI, of any other field.
_UNPLACED = {True: "it is not certain which DOI is meant", False: "the place of the change is not certain"}
_RANGE = re.compile(r"(\w{1,20})(\s{0,3}[-\u2010-\u2015\u2212]{1,3}\s{0,3})(\w{1,20})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One stretch of the manuscript's text and what to print in its place."""

    span: Span
    printed: str
    corrected: str
    finding: Finding
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A difference that was not corrected, and why."""

    finding: Finding
    entry: Entry
    why: str


def corrections(report: Report) -> tuple[tuple[Correction, ...], tuple[Left, ...]]:
    """The corrections in the order of the text (they never overlap), and the differences left alone."""
    made: list[Correction] = []
    left: list[Left] = []
    for entry in triage(report).entries:
        for finding in entry.findings:
            if finding.code not in _FIELDS or finding.severity is Severity.NOTE:
                continue
            found = list(_of(report, entry, finding))
            why = _obstacle(entry.match) or ("" if found else _UNPLACED[_FIELDS[finding.code] == "doi"])
            if not why and any(a.span.start < b.span.end and b.span.start < a.span.end for a in found for b in made):
                why = "it overlaps another correction"
            if why:
                left.append(Left(finding=finding, entry=entry, why=why))
            else:
                made.extend(found)
    return tuple(sorted(made, key=lambda c: c.span)), tuple(left)


def _obstacle(match: Match | None) -> str:
    if match is None or match.work is None:
        return "no single record"
    if match.confidence < SURE:
        return "the record is not certain enough"
    return "the sources do not agree" if match.disagreement else ""


def _of(report: Report, entry: Entry, finding: Finding) -> Iterator[Correction]:
    span = tight(report, finding)
    work = entry.match.work if entry.match else None
    text = report.manuscript.text
    details = next((a.details for a in entry.match.agreements if a.field == "authors"), ()) if entry.match else ()
    if _FIELDS[finding.code] == "doi":
        yield from _doi(text, entry, finding)
        return
    if finding.code == "REF302" and work is not None and details and _co_authors_alone(entry):
        for part, new in author_corrections(text, entry.reference, work, details):
            yield Correction(span=part, printed=text[slice(*part)], corrected=new, finding=finding, entry=entry)
        return
    if span is None or work is None or not finding.recorded:
        return
    field = _FIELDS[finding.code]
    recorded = _recorded(field, text[slice(*span)], finding, work)
    if not recorded:
        return
    tex = report.manuscript.format == "bibtex"
    for part, new in _stretches(field, text, span, recorded, tex=tex):
        old = text[slice(*part)]
        if old != new:
            yield Correction(span=part, printed=old, corrected=new, finding=finding, entry=entry)


def _doi(text: str, entry: Entry, finding: Finding) -> Iterator[Correction]:
    """The recorded DOI for one that is unknown, malformed or another work's, where every part of the entry that was
    compared agrees with the record, so that the DOI alone is at odds with it.
    """
    match, start = entry.match, entry.reference.span.start
    work = match.work if match else None
    if match is None or work is None or not valid_doi(work.doi) or finding.printed.lower() == work.doi:
        return
    compared = {a.field: a.level for a in match.agreements if a.field != "doi"}
    if not compared.keys() >= _DESCRIBING or Level.DIFFERS in compared.values():
        return
    raw = text[slice(*entry.reference.span)]
    if not finding.printed or raw.lower().count(finding.printed.lower()) != 1:
        return
    at = start + raw.lower().index(finding.printed.lower())
    span = Span(at, at + len(finding.printed))
    yield Correction(span=span, printed=text[slice(*span)], corrected=work.doi, finding=finding, entry=entry)


def _co_authors_alone(entry: Entry) -> bool:
    """Whether the first author agrees, and the differences are in the authors behind."""
    agreements = entry.match.agreements if entry.match else ()
    return any(a.field == "authors" and a.part == "co-author" for a in agreements)


def _recorded(field: str, printed: str, finding: Finding, work: Work) -> str:
    """What should be printed in full, in the author's manner where the record knows it; "" where it is not certain."""
    recorded = printable(plain(finding.recorded))
    if field == "container":
        names = [recorded, *(plain(n) for n in work.also.get("container", ()))]
        return max(names, key=lambda n: SequenceMatcher(None, fold(n), fold(printed)).ratio())
    if field == "authors":
        return _family(printed, finding, work.authors)
    return recorded


def _family(printed: str, finding: Finding, authors: Sequence[Name]) -> str:
    """The recorded surname, where the printed one is the same person's: the same first initial."""
    name = next((a for a in authors if squeeze(f"{a.family} {a.given}") == squeeze(finding.recorded)), None)
    given = finding.printed.removeprefix(printed).strip()
    if name is None or not given or not name.given or fold(given)[0] != fold(name.given)[0]:
        return ""
    return name.family


def _stretches(field: str, text: str, span: Span, recorded: str, *, tex: bool) -> Iterator[tuple[Span, str]]:
    printed = text[slice(*span)]
    if field == "pages":
        yield span, _pages(printed, recorded)
        return
    line = unwrap(printed)
    if field == "title":
        recorded = _cased(line.text, recorded)
    found = []
    for change in changes(line.text, recorded):
        old, new = change.printed, change.recorded
        if old.start == old.end:  # words are missing: they come with what parts them from the word before
            new = _with_gap(recorded, new)
        elif new.start == new.end:  # words are too many: they go with it
            old = _with_gap(line.text, old)
        words = recorded[slice(*new)]
        found.append((line.span(*old), _latex(words) if tex else words))
    if tex and not all(_balanced(printed[slice(*part)]) for part, _ in found):
        # The changed words begin inside a group of braces and end outside it.
        if _balanced(printed):
            yield span, latex(recorded)
        return
    for part, words in found:
        yield Span(span.start + part.start, span.start + part.end), words


def _with_gap(text: str, words: Span) -> Span:
    """Words and the signs between them and the word before, or after where there is none before."""
    start, end = words
    while start and not text[start - 1].isalnum():
        start -= 1
    if start:
        return Span(start, end)
    while end < len(text) and not text[end].isalnum():
        end += 1
    return Span(words.start, end)


def _latex(text: str) -> str:
    """Words for a BibTeX value, with the blanks at their ends.

    >>> _latex(" & more")
    ' \\\\& more'
    """
    return text[: len(text) - len(text.lstrip())] + latex(text) + text[len(text.rstrip()) :]


def _balanced(text: str) -> bool:
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def _pages(printed: str, recorded: str) -> str:
    """Recorded pages in the printed manner: its dash, and last pages cut short where the author cuts them.

    >>> _pages("258–84", "259-284"), _pages("e17", "e247"), _pages("12--20", "13-21")
    ('259–84', 'e247', '13--21')
    """
    first, _, last = (part.strip() for part in dashes(recorded).partition("-"))
    found = _RANGE.match(printed.strip())
    if not found:
        return recorded if "-" in dashes(printed) else first
    if not last:
        return first
    cut = len(found[1]) - len(found[3])
    if cut > 0 and len(first) == len(last) and first[:cut] == last[:cut]:
        last = last[cut:]
    return first + found[2] + last


def _cased(printed: str, recorded: str) -> str:
    """A recorded title in small letters or in Capitals, as the author prints titles.

    >>> _cased("Adipose vesicles promote repair", "Adipose Vesicles Promote DNA Healing")
    'Adipose vesicles promote DNA healing'
    >>> _cased("Adipose Vesicles Promote Repair", "Adipose vesicles promote healing with mRNA")
    'Adipose Vesicles Promote Healing With mRNA'
    """
    mine, theirs = _capitalised(printed), _capitalised(recorded)
    head, blank, rest = recorded.partition(" ")
    if mine <= 0.4 and theirs >= 0.6:
        rest = re.sub(r"\b[A-Z](?=[a-z]{3})[a-z]+\b", lambda m: m.group().lower(), rest)
    elif mine >= 0.6 and theirs <= 0.4:
        rest = re.sub(r"\b[a-z]{4,}\b", lambda m: m.group().capitalize(), rest)
    return head + blank + rest


def _capitalised(title: str) -> float:
    longer = [w for w in title.split()[1:] if len(w) > 3 and w[0].isalpha()]
    return sum(w[0].isupper() for w in longer) / len(longer) if longer else 0.0
