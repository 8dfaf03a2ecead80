"""One reference or DOI, looked up by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from refcheck.errors import SourceUnavailable, UsageError
from refcheck.identifiers import normalise_doi
from refcheck.model import Candidate, DoiStatus, Manuscript, Match, Reference, Report, Span, Verdict
from refcheck.pipeline import check_references, read_reference, render
from refcheck.renderers.data import wire
from refcheck.text import as_json

if TYPE_CHECKING:
    from refcheck.sources import Source


def look_up(text: str, sources: Sequence[Source]) -> Match:
    """The record that a reference string or a bare DOI names.

    A bare DOI says nothing that could be compared, so the record it names is the one that is meant. Raises UsageError
    where there is no text.
    """
    text = text.strip()
    if not text:
        raise UsageError("give a reference or a DOI to look up")
    doi = normalise_doi(text)
    if doi and len(text.split()) <= 2 and text.lower().rstrip("./ ").endswith(doi.rstrip("./ ")):
        return _named(text, doi, sources)
    return next(iter(check_references([read_reference(text)], sources)))


def _named(text: str, doi: str, sources: Sequence[Source]) -> Match:
    reference = Reference(raw=text, doi=doi, span=Span(0, len(text)))
    unavailable = []
    unknown = False
    for source in sources:
        try:
            answer = source.identify([reference])
        except SourceUnavailable as e:
            unavailable.append(str(e))
            continue
        if work := answer.works.get(doi):
            return Match(
                reference=reference,
                verdict=Verdict.MATCHED,
                candidates=(Candidate(work=work, confidence=1.0),),
                doi_status=DoiStatus.AGREES,
            )
        unknown |= doi in answer.unknown
        if doi in answer.unanswered:
            unavailable.append(f"{source.name} could not answer: {answer.unanswered[doi]}")
    if unavailable:
        return Match(reference=reference, verdict=Verdict.UNCHECKED, unavailable=tuple(unavailable))
    return Match(
        reference=reference,
        verdict=Verdict.ABSENT,
        doi_status=DoiStatus.UNKNOWN if unknown else DoiStatus.UNCHECKED,
        reason=f"None of the sources asked has a record of {doi}.",
    )


def _text(match: Match) -> str:
    from refcheck.renderers.reports.readings import render_match

    return render_match(match)


def _json(match: Match) -> str:
    return as_json(wire.match(match), indent=2) + "\n"


def _exported(format: str, match: Match) -> str:
    manuscript = Manuscript(name="", text=match.reference.raw, references=(match.reference,))
    return str(render(Report(manuscript=manuscript, matches=(match,)), format))


#: The formats of an answer.
ANSWERS: Mapping[str, Callable[[Match], str]] = {
    "text": _text,
    "json": _json,
    "bibtex": partial(_exported, "bibtex"),
    "ris": partial(_exported, "ris"),
    "csl-json": partial(_exported, "csl-json"),
}
