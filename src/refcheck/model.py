"""Every type that crosses a wall of the house: frozen, keyword-only, without behaviour beyond a property.

Values are the text as given. An empty string means "not given". Offsets are half-open positions in
`Manuscript.text`, which is never altered once spans exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of `Manuscript.text`.

    >>> "Lancet 2020"[slice(*Span(7, 11))]
    '2020'
    """

    start: int
    end: int


class RunPlace(NamedTuple):
    """Where a stretch of `Manuscript.text` stands in a Word file (needed to write comments there).

    The text of the stretch is the text of one run from `offset` on; generated text (automatic numbers, breaks
    between paragraphs) has no place. `run` counts the `w:r` elements of the part in document order, and
    `paragraph` its `w:p` elements, both from 0.
    """

    start: int
    end: int
    part: str  # "word/document.xml", "word/footnotes.xml" …
    paragraph: int
    run: int
    offset: int  # characters of the run before this stretch


class Severity(StrEnum):
    """What a finding asks of the reader. Errors hinder retrieval, warnings are slips, notes are never alarms."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Verdict(StrEnum):
    """Which record is meant?"""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    ABSENT = "absent"  # every source answered, and none has it; never "fake"
    UNCHECKED = "unchecked"  # a source could not answer, or the kind of work is not looked up


class Level(StrEnum):
    """How well one printed field agrees with the recorded one."""

    SAME = "same"
    FORMATTING = "formatting"  # abbreviated, elided, other case or accents: nothing to do
    NOTE = "note"  # worth knowing, not an error
    DIFFERS = "differs"


class Scheme(StrEnum):
    """How a manuscript points at its reference list."""

    BRACKET = "bracket"  # [1, 2]
    PAREN = "paren"  # (1, 2)
    SUPERSCRIPT = "superscript"  # ¹,²
    AUTHOR_YEAR = "author-year"  # (Lee 2023)
    KEY = "key"  # \cite{lee2023}, [@lee2023]
    UNCLEAR = "unclear"


class DoiStatus(StrEnum):
    """What became of the DOI that the reference prints."""

    NONE = "none"  # no DOI is printed
    AGREES = "agrees"  # it names the record that is meant (or an alias of it)
    ELSEWHERE = "elsewhere"  # it names another work
    UNKNOWN = "unknown"  # the registration agencies answered: there is no such DOI
    MALFORMED = "malformed"  # it is not a DOI as printed
    UNCHECKED = "unchecked"  # nobody could be asked, or the answer settles nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person, or a group (which has only `family`)."""

    family: str = ""
    given: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Biblio:
    """The bibliographic fields, in CSL's vocabulary."""

    type: str = ""  # CSL type: article-journal, chapter, book, paper-conference, thesis, report, webpage …
    authors: tuple[Name, ...] = ()
    title: str = ""
    container: str = ""  # journal, book or proceedings that holds the work
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""  # "258-284", "258–84", "e247" or an article number, as given
    doi: str = ""  # lower case, without resolver
    pmid: str = ""
    pmcid: str = ""
    arxiv: str = ""
    isbn: str = ""
    url: str = ""
    publisher: str = ""
    place: str = ""
    edition: str = ""
    series: str = ""
    genre: str = ""  # "PhD thesis", "Report No. 125"
    editors: tuple[Name, ...] = ()


_NO_SPANS: Mapping[str, Span] = MappingProxyType({})
_NO_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Biblio):
    """One entry of a reference list, as printed and as read.

    `raw` is `Manuscript.text[span]`, untouched. `spans` says where each field stands in `Manuscript.text`
    (keys are field names of `Biblio`; a repeated or scattered field has the span of its first part).
    """

    number: int | None = None
    label: str = ""  # the number as printed: "[3]", "3.", "3a"
    key: str = ""  # citation key of BibTeX, LaTeX or pandoc sources
    raw: str = ""
    span: Span = Span(0, 0)
    spans: Mapping[str, Span] = field(default_factory=lambda: _NO_SPANS, hash=False)
    et_al: bool = False  # the author list is cut ("et al.")
    confidence: float = 1.0  # 0–1: how surely the fields were read (calibrated: share of entries fully right)
    parts: tuple[Reference, ...] = ()  # several works printed under one number: each read apart
    embedded: Biblio | None = None  # what the file itself carries about it (Zotero, EndNote, BibTeX field data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened to a work after publication."""

    kind: str  # retraction, partial_retraction, withdrawal, removal, expression_of_concern, correction,
    #            erratum, corrigendum, addendum, reinstatement, new_version, published (a preprint's journal version),
    #            notice (the work is itself such a notice)
    date: str = ""  # ISO 8601, as exact as known: "2010", "2010-02-06"
    doi: str = ""  # DOI of the notice, or of the published version
    asserted_by: str = ""  # "publisher", "retraction-watch" …
    label: str = ""  # the source's own wording
    disputed: bool = False  # the same source also calls it something milder or graver


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Biblio):
    """A record of a source.

    `also` holds, per field, every other value the record vouches for ("online 2020" is told by "year:online"). Keys:
    title, subtitle, original_title, container, year:print, year:online, year:issue, year:posted, year:other,
    online_only (years online, where no print date is recorded), pages (the article number where both are given), issn,
    isbn, doi (aliases), version.
    """

    source: str = ""
    also: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_VALUES, hash=False)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One of several differences within a field: an author who is not the recorded one."""

    kind: str  # misspelt, replaced, added, dropped, order, initials
    place: int  # in the printed list, from 1; of one who is not printed, in the recorded list
    printed: str = ""
    recorded: str = ""
    span: Span | None = None  # where the printed one stands
    beside: Span | None = (
        None  # of one dropped, the printed one it follows; of one out of order, the one it changes with
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One field compared once."""

    field: str  # authors, title, container, year, volume, issue, pages, doi
    level: Level
    printed: str = ""
    recorded: str = ""
    score: float = 1.0  # 0–1, 1 is the same
    reason: str = ""  # in words: "journal abbreviated", "online year 2020, print year 2021"
    part: str = ""  # what of the field differs: "first author", "co-author", "given name", "first page", "last page" …
    span: Span | None = None  # where the printed value stands
    details: tuple[Detail, ...] = ()  # each difference by itself, where the field holds several values (authors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record that may be the one meant."""

    work: Work
    confidence: float  # 0–1: calibrated probability that this is the record meant
    agreements: tuple[Agreement, ...] = ()
    against: str = ""  # why it is not the one, in words (for a rejected nearest record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What was found out about one reference."""

    reference: Reference
    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()  # best first; for `absent`, the nearest that were turned down
    unavailable: tuple[str, ...] = ()  # sources that could not answer, with the reason
    reason: str = ""  # why this verdict, in words
    doi_status: DoiStatus = DoiStatus.NONE
    doi_work: Work | None = None  # the other work that the printed DOI names
    doi_suggestion: str = ""  # a DOI that one slip of the pen would explain
    locator_work: Work | None = None  # the other work at the printed journal, volume and page
    not_indexed: bool = False  # a law, standard, web page, thesis …: not expected in the sources asked
    disagreement: str = ""  # where sources disagree about the record: who says what

    @property
    def work(self) -> Work | None:
        """The record meant, where one is certain."""
        return self.candidates[0].work if self.verdict is Verdict.MATCHED else None

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """How each printed field agrees with the record meant; empty unless matched."""
        return self.candidates[0].agreements if self.verdict is Verdict.MATCHED else ()

    @property
    def confidence(self) -> float:
        """Probability, 0–1, that the best candidate is the record meant; 0 where there is none."""
        return self.candidates[0].confidence if self.candidates else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of the manuscript and what it is."""

    kind: str  # title, affiliations, abstract, body, table, legend, footnotes, references, appendix, unreadable
    span: Span
    label: str = ""  # "Table 2", "Figure 1"
    reason: str = ""  # for unreadable ones, and where the reading was unsure: why


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWork:
    """One work that a callout by author and year names.

    `problem` says why no entry could be chosen, or what does not fit the one that was: "not listed", "year differs",
    "name differs", "letter missing", "letter unused", "letter differs", "letter not listed", "co-author differs",
    "authors left out", "et al. of two", "several" (entries fit equally well), "unsure" (it may be no citation).
    """

    authors: tuple[str, ...] = ()  # surnames as printed
    et_al: bool = False
    date: str = ""  # as printed: "2019a", "in press"
    text: str = ""  # authors and date
    number: int | None = None  # of the entry that is meant
    near: tuple[int, ...] = ()  # of the entries that may be meant, or come near
    entry: str = ""  # what the list calls the one meant, or the nearest: "Smith et al. 2018"
    printed: str = ""  # the co-author that differs
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A place in the text that cites references of the list."""

    span: Span
    numbers: tuple[int, ...]
    text: str = ""
    region: str = "body"
    problem: str = ""  # "reversed range", "range too wide": then `numbers` holds what could be read
    keys: tuple[str, ...] = ()  # for key-based sources
    works: tuple[CitedWork, ...] = ()  # where it cites by author and year: what it names


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A manuscript as read: one text, and where everything stands in it."""

    name: str
    text: str
    references: tuple[Reference, ...] = ()
    callouts: tuple[Callout, ...] = ()
    regions: tuple[Region, ...] = ()
    scheme: Scheme = Scheme.UNCLEAR
    scheme_reason: str = ""
    order: str = "unclear"  # of the list: "citation", "alphabetical" or "unclear"
    superscripts: tuple[Span, ...] = ()  # raised text (Word, PDF, HTML), where the reader knows it
    format: str = "text"  # text, markdown, docx, pdf, jats, latex, bibtex, ris, csl-json …


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the reader should know, at one place."""

    code: str
    name: str
    severity: Severity
    message: str
    number: int | None = None
    field: str | None = None
    printed: str = ""
    recorded: str = ""
    span: Span | None = None
    evidence: str = ""  # a link


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """What was asked of one source during a check (no manuscript text beyond reference strings ever leaves)."""

    source: str
    requests: int = 0
    cached: int = 0
    since: str = ""  # ISO 8601, UTC
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Somebody's decision to leave findings as they are. At least one of `code`, `reference` and `doi` is given;
    a finding is waived when all that are given fit it.

    >>> Waiver(code="REF303", doi="10.1186/s40824-021-00224-8", reason="print year, agreed with the author").until
    ''
    """

    code: str = ""
    reference: str = ""  # fingerprint of the entry, see `refcheck.waivers.fingerprint`
    doi: str = ""  # printed in the entry, or of its record
    reason: str = ""
    by: str = ""
    until: str = ""  # ISO 8601 date, the last day on which it holds; "" is for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a check found; findings are sorted by place."""

    manuscript: Manuscript
    matches: tuple[Match, ...] = ()
    findings: tuple[Finding, ...] = ()
    enquiries: tuple[Enquiry, ...] = ()
    waived: tuple[tuple[Finding, Waiver], ...] = ()  # what was found and left, by whose decision
    idle_waivers: tuple[tuple[Waiver, str], ...] = ()  # waivers without effect, and why: "unused", "expired"

    @property
    def counts(self) -> Mapping[str, int]:
        """Findings by severity.

        >>> Report(manuscript=Manuscript(name="m", text="")).counts
        {'error': 0, 'warning': 0, 'note': 0}
        """
        return {str(s): sum(f.severity is s for f in self.findings) for s in Severity}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a source is asked to search for.

    `kind` is "entry" (the raw entry as a bibliographic query), "title" (title and first author) or "locator"
    (journal, year, volume, first page). `text` is the query string; sources that can search by field use
    `reference` for it.
    """

    kind: str
    text: str
    reference: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A source's answer about printed identifiers: DOIs in lower case, PubMed and arXiv numbers."""

    works: Mapping[str, Work] = field(default_factory=dict, hash=False)  # printed identifier -> the work it names
    unknown: frozenset[str] = frozenset()  # the source is sure: no such DOI anywhere it would know of
    elsewhere: Mapping[str, str] = field(default_factory=dict, hash=False)  # DOI -> other registration agency
    unanswered: Mapping[str, str] = field(default_factory=dict, hash=False)  # identifier -> why nothing is known
