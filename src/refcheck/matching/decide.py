"""Which record is meant: the verdict on one reference from its compared candidates."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from refcheck.identifiers import doi_repairs, find_malformed_dois
from refcheck.matching.comparison import Comparison, doi_agreement, prints_doi
from refcheck.matching.entry import Entry
from refcheck.matching.identity import parts, threshold
from refcheck.matching.ranking import Ranked
from refcheck.matching.untitled import is_another_article, names_no_work, only_numbers_agree, placed_at
from refcheck.model import Candidate, DoiStatus, Identified, Level, Match, Reference, Verdict, Work
from refcheck.text import words

#: Types that the sources asked hold only in part or never: absence says nothing about them.
NOT_INDEXED = frozenset(
    "book chapter webpage post-weblog legislation legal_case bill regulation treaty standard patent software dataset "
    "thesis report article-newspaper article-magazine broadcast motion_picture personal_communication manuscript map "
    "pamphlet speech interview".split()
)
#: How many turned-down or rivalling records a report shows.
SHOWN = 3
#: A candidate more likely than not: then a search by its title brings no better one.
_LIKELY = 0.5
#: So many of the six parts that differ are no slips: another work of the same title.
_TOO_MANY = 4
#: Fewer parts than these are no evidence: the names of four authors, or a short title, alone.
_FEWEST = 2


def settled(ranked: Sequence[Ranked], *, searched: bool = False) -> bool:
    """Whether the best candidate is the one beyond doubt, so that nothing more need be asked.

    Before a search only the work that the printed DOI names is known, so more is asked of it; after one, its rivals
    are known too.
    """
    return (
        bool(ranked)
        and ranked[0].confidence >= threshold("found" if searched else "settled")
        and not elsewhere(ranked[0])
    )


def answered(kind: str, ranked: Sequence[Ranked]) -> bool:
    """Whether a query of this kind would only bring what is known already.

    A title is asked for while no candidate is likely and none of that title is known in that journal; a locator until
    the work that stands there is known.
    """
    if kind == "title":
        likely = bool(ranked) and ranked[0].confidence > _LIKELY
        return likely or any(_same_title(r) and parts(r.comparison)["container"] == "agrees" for r in ranked)
    return kind == "locator" and any(_stands_at_locator(r) for r in ranked)


def _holds_title(ranked: Ranked) -> bool:
    """The recorded title stands in the entry, though more may have run into it."""
    title = ranked.comparison.title
    return _same_title(ranked) or (title.kind == "extended" and title.length >= 4)


def _stands_at_locator(ranked: Ranked) -> bool:
    standing = parts(ranked.comparison)
    return standing["container"] == standing["volume"] == standing["page"] == "agrees"


def elsewhere(ranked: Ranked) -> bool:
    """Whether journal, volume and page point away from this record: another version, or parts of two works.

    A record without volume and page in another journal is another version, too: a working paper of a printed article.
    """
    standing = parts(ranked.comparison)
    locator = [standing[p] for p in ("container", "volume", "page")]
    return "agrees" not in locator and locator.count("differs") + _unplaced(ranked) >= 2


def _unplaced(ranked: Ranked) -> bool:
    """Volume and page are printed, and the record has neither."""
    numbers = ranked.comparison.numbers
    return numbers.volume == numbers.first_page == "unrecorded"


def _same_title(ranked: Ranked) -> bool:
    """The recorded title is printed, and is long enough (four words of content) not to be anybody's."""
    title = ranked.comparison.title
    return title.kind in ("same", "formatting", "subtitle", "near") and title.length >= 4


def _at_locator(ranked: Sequence[Ranked]) -> Ranked | None:
    """The work that stands at the printed journal, volume and page, but has another title and author."""
    for r in ranked:
        if (
            _stands_at_locator(r)
            and parts(r.comparison)["author"] != "agrees"
            and r.comparison.title.kind in ("other", "words", "sharp", "unprinted")
        ):
            return r
    return None


def decide(
    entry: Entry,
    ranked: Sequence[Ranked],
    *,
    identified: Identified | None = None,
    unavailable: Sequence[str] = (),
    answered: Sequence[str] = (),
) -> Match:
    """The verdict, and what became of the printed DOI."""
    reference = entry.reference
    named = identified.works.get(reference.doi) if identified and reference.doi else None
    verdict, order, reason, locator = _verdict(ranked, named)
    if verdict is Verdict.ABSENT and unavailable:
        verdict, reason = Verdict.UNCHECKED, "a source could not answer"
    status = _doi_status(entry, ranked, verdict, order, named, identified)
    best = order[0].work if verdict is Verdict.MATCHED else None
    return Match(
        reference=reference,
        verdict=verdict,
        candidates=tuple(_candidate(entry, r, verdict) for r in order[: 1 if best else SHOWN]),
        unavailable=tuple(unavailable),
        answered=tuple(answered) if verdict is Verdict.UNCHECKED else (),
        reason=reason,
        doi_status=status,
        doi_work=named if status is DoiStatus.ELSEWHERE else None,
        doi_suggestion=_suggestion(entry, status, best),
        locator_work=locator.work if locator else None,
        not_indexed=verdict is Verdict.ABSENT and _not_indexed(reference),
    )


def _not_indexed(reference: Reference) -> bool:
    on_the_web = bool(reference.url) and not (reference.container or reference.volume or reference.doi)
    return reference.type in NOT_INDEXED or on_the_web


def _verdict(ranked: Sequence[Ranked], named: Work | None) -> tuple[Verdict, list[Ranked], str, Ranked | None]:
    order = list(ranked)
    if not order:
        return Verdict.ABSENT, [], "no source has a record like it", None
    best = order[0]
    if best.confidence < threshold("matched") and (placed_there := placed_at(order)):
        return Verdict.MATCHED, [placed_there, *(r for r in order if r is not placed_there)], "", None
    if best.confidence < threshold("settled"):
        titled = next((r for r in order if _same_title(r) and elsewhere(r)), None)
        locator = _at_locator(order) if titled else None
        if titled and locator:
            reason = "the title is that of one work; journal, volume and page are those of another"
            return Verdict.AMBIGUOUS, [titled, locator], reason, locator
        if titled and best.confidence < threshold("ambiguous"):
            return Verdict.AMBIGUOUS, [titled], "a work of this title is recorded, but little else agrees", None
    if best.confidence < threshold("ambiguous"):
        return Verdict.ABSENT, order, "no record agrees in enough parts", None
    if best.comparison.doi != "same" and only_numbers_agree(best):
        return Verdict.ABSENT, order, "only numbers agree", None
    if best.comparison.title.turned and best.comparison.doi != "same":
        return Verdict.AMBIGUOUS, [best], "the title is that of another part or version, or of the opposite", None
    placed = best.comparison.numbers.year == "same" and not _unplaced(best)
    if elsewhere(best) and best.comparison.doi != "same" and not placed:
        reason = "title and authors agree, journal and pages do not: another version of the work, or parts of two"
        return Verdict.AMBIGUOUS, [best], reason, None
    standing = list(parts(best.comparison).values())
    if best.comparison.doi != "same" and standing.count("differs") >= _TOO_MANY:
        return Verdict.AMBIGUOUS, [best], "most of what is printed is recorded otherwise", None
    if best.comparison.doi != "same" and standing.count("agrees") < _FEWEST and not _holds_title(best):
        return Verdict.AMBIGUOUS, [best], "only one part of it agrees", None
    if best.comparison.doi != "same" and best.comparison.title.kind == "unprinted" and names_no_work(best.comparison):
        return Verdict.AMBIGUOUS, [best], "no title is printed, and too little else agrees", None
    if best.comparison.doi != "same" and is_another_article(best.comparison):
        return Verdict.AMBIGUOUS, [best], "no title is printed, and both pages are recorded otherwise", None
    if best.confidence < threshold("matched"):
        return Verdict.AMBIGUOUS, [r for r in order if r.confidence > 0.02] or order[:1], "not enough parts agree", None
    rivals = [r for r in order[1:] if r.confidence >= threshold("rival")]
    if rivals:
        choice = _choose([best, *rivals], named)
        if choice is None:
            return Verdict.AMBIGUOUS, [best, *rivals], "several records agree equally well", None
        best = choice
    return Verdict.MATCHED, [best, *(r for r in order if r is not best)], "", None


def _choose(rivals: Sequence[Ranked], named: Work | None) -> Ranked | None:
    """Among records that all fit: the one that the DOI names, or that more fields agree with, or an equal's equal."""

    def merit(r: Ranked) -> tuple[float, ...]:
        standing = parts(r.comparison).values()
        numbers = r.comparison.numbers
        return (
            sum(v == "agrees" for v in standing) - 2 * sum(v == "differs" for v in standing),
            (numbers.issue == "same") + (numbers.last_page == "same") - (numbers.issue == "differs"),
            r.comparison.title.kind in ("same", "formatting"),
            r.comparison.authors.shared,
        )

    if named is not None:
        for r in rivals:
            if r.work.doi == named.doi and merit(r)[0] >= merit(max(rivals, key=merit))[0]:
                return r
    first, second = sorted(rivals, key=lambda r: (merit(r), r.confidence), reverse=True)[:2]
    if merit(first) > merit(second):
        return first
    if _twins(first.work, second.work):
        return max(first, second, key=lambda r: _fullness(r.work))
    return None


def _twins(a: Work, b: Work) -> bool:
    """One work registered twice: same title, first author, volume and pages."""
    return (
        words(a.title) == words(b.title)
        and [words(n.family) for n in a.authors[:1]] == [words(n.family) for n in b.authors[:1]]
        and a.volume == b.volume
        and a.pages == b.pages
    )


def _fullness(work: Work) -> int:
    return sum(bool(getattr(work, f)) for f in ("title", "container", "year", "volume", "issue", "pages")) + len(
        work.authors
    )


def _candidate(entry: Entry, ranked: Ranked, verdict: Verdict) -> Candidate:
    agreements = ranked.comparison.agreements
    doi = doi_agreement(entry, ranked.work)
    if doi:
        agreements = (*agreements, doi)
    against = "" if verdict is Verdict.MATCHED else _against(ranked.comparison)
    return Candidate(work=ranked.work, confidence=round(ranked.confidence, 4), agreements=agreements, against=against)


def _against(comparison: Comparison) -> str:
    """Why a record is not the one, in words."""
    out = []
    for a in comparison.agreements:
        if a.level is Level.DIFFERS:
            out.append(f"{a.field}: printed “{a.printed}”, recorded “{a.recorded}”")
    return "; ".join(out) or "too little of it is printed to be sure"


def _doi_status(
    entry: Entry,
    ranked: Sequence[Ranked],
    verdict: Verdict,
    order: Sequence[Ranked],
    named: Work | None,
    identified: Identified | None,
) -> DoiStatus:
    doi = entry.reference.doi
    if not doi:
        return DoiStatus.MALFORMED if next(find_malformed_dois(entry.text), None) else DoiStatus.NONE
    if verdict is Verdict.MATCHED and (order[0].comparison.doi == "same" or prints_doi(entry, order[0].work.doi)):
        return DoiStatus.AGREES
    if named is not None:
        if verdict is Verdict.MATCHED:
            return DoiStatus.ELSEWHERE
        own = next((r for r in ranked if r.work.doi == named.doi), None)
        if own is not None and own.confidence < threshold("ambiguous") and not _half_agrees(own):
            return DoiStatus.ELSEWHERE
        return DoiStatus.UNCHECKED
    if identified and doi in identified.unknown:
        return DoiStatus.UNKNOWN
    return DoiStatus.UNCHECKED


def _half_agrees(ranked: Ranked) -> bool:
    """Whether the author agrees and hardly anything speaks against the record: too little to call it another work."""
    standing = parts(ranked.comparison)
    return standing["author"] == "agrees" and list(standing.values()).count("differs") < 2


def _suggestion(entry: Entry, status: DoiStatus, best: Work | None) -> str:
    """The DOI of the record meant, or (where none is known) one that a slip would explain."""
    if status not in (DoiStatus.UNKNOWN, DoiStatus.MALFORMED, DoiStatus.ELSEWHERE):
        return ""
    if best is not None and best.doi:
        return best.doi
    if status is DoiStatus.MALFORMED:
        found = next(find_malformed_dois(entry.text), None)
        return next(iter(doi_repairs(found.value)), "") if found else ""
    return ""


def slips_between(a: str, b: str) -> int:
    """How many letters must be changed, added or left out to make one DOI of the other.

    >>> slips_between("10.1186/s4o824", "10.1186/s40824")
    1
    """
    return Levenshtein.distance(a, b)
