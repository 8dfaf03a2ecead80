"""What was checked, and what came of it: the one count and the one wording, for every format and the web page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from refcheck.model import Finding, Report, Severity, Verdict
from refcheck.renderers.triage import Entry, Group, Triage, triage

_NO_CONNECTION = "no connection to "


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """References that could not be checked for one and the same reason."""

    reason: str
    labels: str  # "1–25, 31"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A report in figures. An outage counts as one note, however many references it concerns."""

    references: int
    checked: int  # references about which every source that was needed has answered
    absent: int  # of these, those of which no source has a record
    outages: tuple[Outage, ...]
    sizes: Mapping[Group, int]  # references (and findings at callouts) in each group
    errors: int
    warnings: int
    notes: int

    @property
    def complete(self) -> bool:
        """Whether every reference was checked."""
        return self.checked == self.references

    @property
    def head(self) -> str:
        """The first thing to be said: how many references were checked, and why not all.

        >>> reasons = (Outage(reason="no connection to api.crossref.org", labels="1–25", count=25),)
        >>> Overview(references=25, checked=0, absent=0, outages=reasons, sizes={}, errors=0, warnings=0, notes=1).head
        '0 of 25 references could be checked: no connection to api.crossref.org.'
        """
        if not self.complete:
            why = "; ".join(o.reason for o in self.outages) or "the others were not looked up"  # a list only read
            return f"{self.checked} of {many(self.references, 'reference')} could be checked: {why}."
        if not self.references:
            return "There was no reference to check."
        if self.references == 1:
            return "The reference was looked up" + ("; no source has a record of it." if self.absent else ".")
        has = "has" if self.absent == 1 else "have"
        without = f"; {self.absent} {has} no record to compare with" if self.absent else ""
        return f"All {self.references} references were looked up{without}."

    @property
    def warning(self) -> str:
        """The same, where something could not be checked; "" where there is nothing to warn of."""
        return self.head if self.outages else ""

    @property
    def unchecked(self) -> tuple[str, ...]:
        """A line for each outage: the references that it leaves unchecked."""
        if len(self.outages) == 1:
            return (f"Not checked: {self.outages[0].labels}",)
        return tuple(f"Not checked: {o.labels} ({o.reason})" for o in self.outages)

    @property
    def tally(self) -> str:
        """The findings in words.

        >>> Overview(references=1, checked=1, absent=0, outages=(), sizes={}, errors=2, warnings=1, notes=0).tally
        '2 errors, 1 warning, 0 notes'
        """
        return f"{many(self.errors, 'error')}, {many(self.warnings, 'warning')}, {many(self.notes, 'note')}"


def many(n: int, thing: str) -> str:
    """A number and what it counts.

    >>> many(1, "callout"), many(2, "callout")
    ('1 callout', '2 callouts')
    """
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def overview(report: Report, sorted_out: Triage | None = None) -> Overview:
    """The figures of a report; `sorted_out` spares sorting it again.

    >>> from refcheck.model import Manuscript
    >>> overview(Report(manuscript=Manuscript(name="m", text=""))).head
    'There was no reference to check.'
    """
    sorted_out = sorted_out or triage(report)
    open_entries = [e for e in sorted_out.entries if unchecked(e)]
    told = [e for e in open_entries if any(f.code == "REF901" and f.severity is Severity.NOTE for f in e.findings)]
    repeated = len(told) - len(outages(told)) if told else 0
    return Overview(
        references=len(sorted_out.entries),
        checked=len(sorted_out.entries) - len(open_entries),
        absent=sum(bool(e.match and e.match.verdict is Verdict.ABSENT) for e in sorted_out.entries),
        outages=outages(open_entries),
        sizes={
            g: n for g in Group if (n := len(sorted_out.of(g)) + (len(sorted_out.apart) if g is Group.CALLOUTS else 0))
        },
        errors=report.counts["error"],
        warnings=report.counts["warning"],
        notes=report.counts["note"] - repeated,
    )


def outages(entries: Iterable[Entry]) -> tuple[Outage, ...]:
    """The entries put together by the reason why they could not be checked."""
    by_reason: dict[str, list[Entry]] = {}
    for entry in entries:
        if why := why_unchecked(entry):
            by_reason.setdefault(why, []).append(entry)
    return tuple(Outage(reason=why, labels=runs(some), count=len(some)) for why, some in by_reason.items())


def unchecked(entry: Entry) -> bool:
    """Whether nothing, or not enough, was answered about an entry."""
    return entry.match is None or entry.match.verdict is Verdict.UNCHECKED


def told_apart(finding: Finding, entry: Entry) -> bool:
    """Whether a finding only says that its entry could not be checked: that is told once, for all, with the head."""
    return finding.code == "REF901" and unchecked(entry) and bool(why_unchecked(entry))


def why_unchecked(entry: Entry) -> str:
    """Why an entry could not be checked, in words that are the same for the same outage; "" where nothing is known."""
    match = entry.match
    if match is None:
        return ""
    if not match.unavailable:
        return match.reason
    has = "has" if len(match.answered) == 1 else "have"
    answered = f"{listed(match.answered)} {has} no record, and " if match.answered else ""
    return answered + outage(match.unavailable)


def outage(unavailable: Sequence[str]) -> str:
    """What could not be asked, and why, in short.

    >>> outage(["crossref: no connection to api.crossref.org", "pubmed: no connection to eutils.example"])
    'no connection to api.crossref.org, eutils.example'
    >>> outage(["pubmed: it failed (status 500)"])
    'PubMed could not be asked (it failed (status 500))'
    """
    hosts: list[str] = []
    others: list[str] = []
    for told in dict.fromkeys(unavailable):
        source, _, reason = told.partition(": ")
        if reason.startswith(_NO_CONNECTION):
            hosts.append(reason.removeprefix(_NO_CONNECTION))
        else:
            others.append(f"{source_name(source)} could not be asked ({reason})" if reason else told)
    return "; ".join([*([_NO_CONNECTION + ", ".join(hosts)] if hosts else []), *others])


def listed(sources: Sequence[str]) -> str:
    """Names of sources in a sentence.

    >>> listed(["crossref", "datacite", "pubmed"])
    'Crossref, DataCite and PubMed'
    """
    names = [source_name(s) for s in sources]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def runs(entries: Sequence[Entry]) -> str:
    """The labels, with runs of numbers drawn together: 1–3, 5."""
    labels = [e.label for e in entries]
    if not all(label.isdecimal() for label in labels):
        return ", ".join(labels)
    numbers = sorted({int(label) for label in labels})
    breaks = [i + 1 for i, (a, b) in enumerate(pairwise(numbers)) if b != a + 1]
    drawn = [numbers[i:j] for i, j in pairwise([0, *breaks, len(numbers)])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in drawn if run)


# How sources write their own names.
_NAMES = {
    "crossref": "Crossref", "pubmed": "PubMed", "datacite": "DataCite", "europepmc": "Europe PMC",
    "openalex": "OpenAlex", "arxiv": "arXiv", "doi": "doi.org", "records": "the record file", "index": "the index",
}  # fmt: skip


def source_name(source: str) -> str:
    """A source as it writes its own name.

    >>> source_name("crossref"), source_name("our index")
    ('Crossref', 'our index')
    """
    return _NAMES.get(source.lower().replace(" ", ""), source)


def age(seconds: float) -> str:
    """An age in words.

    >>> age(40), age(7200), age(200_000)
    ('less than an hour', '2 hours', '2 days')
    """
    if seconds < 3600:
        return "less than an hour"
    return many(int(seconds // 3600), "hour") if seconds < 2 * 86_400 else many(int(seconds // 86_400), "day")
