"""Read, look up, match, judge: what the two doors (library and command line) share.

Each step is imported when it is first taken: who only reads does not wait for what compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refcheck.errors import NoReferences, SourceUnavailable, UnreadableInput, UsageError
from refcheck.model import Identified, Manuscript, Match, Reference, Report, Verdict, Work

if TYPE_CHECKING:
    from refcheck.matching import Ranked
    from refcheck.sources import Source

Progress = Callable[[int, int], None]
Input = str | Path | Manuscript | Sequence[str]

#: References that are looked up together: large enough for full DOI batches (40 a request), small enough that a
#: million references stream in bounded memory.
CHUNK = 200
#: Characters of an entry beyond which it is not looked up; the parser reads none longer either. The longest published
#: references, with all the authors of a collaboration, have a third of that.
LONGEST = 20_000


def read(source: str | Path | bytes, name: str = "") -> Manuscript:
    """The manuscript in a file (or in the bytes of one, then `name` tells its suffix).

    Raises UnreadableInput where it cannot be read, NoReferences where no reference list is found in it.
    """
    from refcheck.readers import read as read_file

    return read_file(source, name)


def read_reference(text: str) -> Reference:
    """One reference string, read into fields; its spans are offsets into `text`.

    >>> read_reference("Lee JH, et al. Exosomes. Int J Mol Sci. 2023;24(13):10434.").pages
    '10434'
    """
    from refcheck.readers.lists.strings import read_string

    return read_string(text)


def parse(source: Input) -> Manuscript:
    """References and callouts of a path, a text or a sequence of reference strings, without any look-up.

    Raises UnreadableInput or NoReferences.

    >>> manuscript = parse(["Wu P. MSC-exosome. Cytotherapy. 2018;20(3):291-301."])
    >>> manuscript.references[0].year
    '2018'
    """
    if isinstance(source, Manuscript):
        return source
    if isinstance(source, Path):
        return read(source)
    if isinstance(source, str):
        if _is_path(source):
            return read(Path(source))
        return read(source.encode("utf-8"), "text.md")
    from refcheck.readers.lists.strings import read_strings

    strings = list(source)
    if not any(string.strip() for string in strings):
        raise NoReferences("no reference was given: the list is empty")
    return read_strings(strings)


def _is_path(text: str) -> bool:
    """A one-line string that names a file, or looks like a file name, is a path; anything else is text."""
    if "\n" in text or len(text) > 1024:
        return False
    try:
        if Path(text).is_file():
            return True
    except (OSError, ValueError):
        return False
    if Path(text).suffix and " " not in text.strip():
        raise UnreadableInput(f"there is no file {text!r}; give the path of a manuscript, or its text")
    return False


def check(
    source: Input,
    *,
    sources: Sequence[Source] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read a manuscript, look every reference up, and judge what does not agree.

    `source` is a path, a Manuscript, a text, or a sequence of reference strings. `sources` are asked in order until
    one has the record; by default Crossref and the registries behind it (`refcheck.sources.default_sources`).
    `progress` is called with (references done, references in all).

    Raises UnreadableInput or NoReferences; an outage raises nothing, the references concerned are *unchecked*.
    """
    from refcheck.rules import judge_manuscript

    manuscript = parse(source)
    asked = _default_sources() if sources is None else list(sources)
    references = [part for r in manuscript.references for part in (r.parts or (r,))]
    total = len(references)
    matches = list(check_references(references, asked, moved=(lambda n: progress(n, total)) if progress else None))
    if progress:
        progress(total, total)
    return Report(
        manuscript=manuscript,
        matches=tuple(matches),
        findings=judge_manuscript(manuscript, matches),
        enquiries=tuple(s.enquiry() for s in asked),
    )


def _default_sources() -> list[Source]:
    from refcheck.sources import default_sources

    return list(default_sources())


def check_references(
    references: Iterable[Reference],
    sources: Sequence[Source],
    *,
    chunk: int = CHUNK,
    moved: Callable[[int], None] | None = None,
) -> Iterator[Match]:
    """Match references one by one, in order, looking up `chunk` of them at a time; memory does not grow.

    `moved` is called with the number of references that are looked up, also while a chunk is under way.

    Raises UsageError where no source is given.
    """
    if not sources:
        raise UsageError("no source to look references up at; give at least one, such as refcheck.sources.Crossref()")
    waiting = iter(references)
    finished = 0
    while block := list(islice(waiting, chunk)):
        yield from _check_block(block, sources, partial(_tell, moved, finished))
        finished += len(block)


def _tell(moved: Callable[[int], None] | None, before: int, finished: int) -> None:
    if moved:
        moved(before + finished)


def _check_block(
    references: Sequence[Reference], sources: Sequence[Source], tell: Callable[[int], None]
) -> Iterator[Match]:
    lookups = [_LookUp(r) for r in references]
    finished = 0
    for source in sources:
        pending = [x for x in lookups if not x.done]
        if not pending:
            break
        for lookup, answer in zip(pending, _identify(pending, source), strict=True):
            lookup.identified.append(answer)
        with ThreadPoolExecutor(max_workers=source.concurrency) as pool:
            at_once = pool.map if source.concurrency > 1 and len(pending) > 1 else map
            for lookup, _ in zip(pending, at_once(_LookUp.ask, pending, repeat(source)), strict=False):
                if lookup.done or source is sources[-1]:
                    finished += 1
                    tell(finished)
    for lookup in lookups:
        yield _second_opinion(lookup, lookup.match(), sources)


def _second_opinion(lookup: _LookUp, match: Match, sources: Sequence[Source]) -> Match:
    """Ask the authorities among the other sources about a record that does not agree with the entry."""
    from refcheck.matching import in_doubt, locator_query, reconcile, record_query

    for source in sources:
        work = match.work
        if work is None or not in_doubt(match):
            break
        if not getattr(source, "authority", False) or source.name == work.source:
            continue
        try:
            for query in (locator_query(lookup.entry), record_query(work)):
                found = source.search(query) if query else ()
                if found:
                    match = reconcile(lookup.entry, match, found[0])
                    break
        except SourceUnavailable:
            continue  # the first source's word stands
    return match


def _identify(lookups: Sequence[_LookUp], source: Source) -> list[Identified]:
    """The source's answer about all printed identifiers; an outage leaves them unanswered."""
    with_identifier = [x.reference for x in lookups if x.reference.doi or x.reference.pmid or x.reference.arxiv]
    if not with_identifier:
        return [_NOTHING] * len(lookups)
    try:
        answer = source.identify(with_identifier)
    except SourceUnavailable as error:
        answer = Identified(unanswered={r.doi: error.reason for r in with_identifier if r.doi})
    return [answer] * len(lookups)


_NOTHING = Identified()


class _LookUp:
    """One reference on its way through the sources: what was found so far."""

    def __init__(self, reference: Reference) -> None:
        from refcheck.matching import Entry

        self.reference = reference
        self.entry = Entry(reference)
        self.ranked: list[Ranked] = []
        self.identified: list[Identified] = []
        self.unavailable: list[str] = []
        self.done = self.too_long or not reference.raw.strip()

    @property
    def too_long(self) -> bool:
        """Whether this is a text and no reference: it is not looked up, lest it take minutes."""
        return len(self.reference.raw) > LONGEST

    def ask(self, source: Source) -> None:
        """Ask one source by identifier (already answered), by the entry, and then, where needed, by its fields."""
        from refcheck.matching import answered, entry_query, locator_query, rank, settled, title_query

        if self.done:
            return
        named = self._named()
        if named:
            self.ranked = rank(self.entry, named, self.ranked)
        self.done = settled(self.ranked)
        if self.done:
            return
        try:
            for query in (entry_query(self.entry), title_query(self.entry), locator_query(self.entry)):
                if query is None or not query.text or answered(query.kind, self.ranked):
                    continue
                self.ranked = rank(self.entry, source.search(query), self.ranked)
                self.done = settled(self.ranked, searched=True)
                if self.done:
                    return
        except SourceUnavailable as error:
            self.unavailable.append(f"{source.name}: {error.reason}")

    def _named(self) -> list[Work]:
        reference = self.reference
        keys = [k for k in (reference.doi, reference.arxiv, reference.pmid) if k]
        return [a.works[k] for a in self.identified for k in keys if k in a.works]

    def match(self) -> Match:
        """The verdict from everything that the sources answered."""
        from refcheck.matching import decide

        if self.too_long:
            why = f"it has more than {LONGEST:,} characters: too long for one reference"
            return Match(reference=self.reference, verdict=Verdict.UNCHECKED, reason=why)
        return decide(self.entry, self.ranked, identified=_merged(self.identified), unavailable=self.unavailable)


def _merged(answers: Sequence[Identified]) -> Identified:
    """What all sources together know of printed identifiers: a DOI is unknown only if nobody knows or may know it."""
    if len(answers) == 1:
        return answers[0]
    works: dict[str, Work] = {}
    elsewhere: dict[str, str] = {}
    unanswered: dict[str, str] = {}
    for answer in reversed(answers):
        works.update(answer.works)
        elsewhere.update(answer.elsewhere)
        unanswered.update(answer.unanswered)
    known = {*works, *elsewhere, *unanswered}
    unknown = frozenset().union(*(a.unknown for a in answers)) if answers else frozenset()
    return Identified(works=works, unknown=unknown - known, elsewhere=elsewhere, unanswered=unanswered)


def render(report: Report, format: str = "text", **options: Any) -> str | bytes:
    """The report in one of the formats of `refcheck.renderers.RENDERERS`; UsageError for an unknown one."""
    from refcheck.renderers import RENDERERS

    if format not in RENDERERS:
        raise UsageError(f"there is no format {format!r}; choose one of {', '.join(sorted(RENDERERS))}")
    return RENDERERS[format](report, **options)


def to_dict(report: Report) -> dict[str, Any]:
    """The report as dictionaries, lists, texts and numbers: the JSON of docs/wire.md, for `json`, pandas and the like.

    >>> to_dict(Report(manuscript=Manuscript(name="a.md", text="")))["manuscript"]["name"]
    'a.md'
    """
    from refcheck.renderers.data import wire

    return wire.report(report)
