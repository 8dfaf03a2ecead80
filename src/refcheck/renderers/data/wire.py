"""Model objects as plain dictionaries: the one place that knows the JSON of docs/wire.md.

Keys that docs/wire.md does not call optional are always there; optional ones are left out when they are empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from refcheck.model import (
    Agreement,
    Biblio,
    Callout,
    Candidate,
    Finding,
    Level,
    Manuscript,
    Match,
    Name,
    Notice,
    Reference,
    Report,
    Severity,
    Span,
    Verdict,
    Waiver,
    Work,
)

#: Raised in the first place when a reader of the old format would misread the new, in the second when keys are added.
SCHEMA_VERSION = "1.0"

Json = dict[str, Any]

_OPTIONAL_FIELDS = (
    "type", "pmid", "pmcid", "arxiv", "isbn", "url", "publisher", "place", "edition", "series", "genre",
)  # fmt: skip


def name(person: Name) -> Json:
    """A person or group.

    >>> name(Name(family="Lee", given="JH"))
    {'family': 'Lee', 'given': 'JH'}
    """
    out = {"family": person.family, "given": person.given}
    if person.suffix:
        out["suffix"] = person.suffix
    return out


def fields(biblio: Biblio) -> Json:
    """The bibliographic fields: the eight that are checked always, the others where given.

    >>> fields(Biblio(title="Exosomes", year="2023", pmid="37445610"))["pmid"]
    '37445610'
    """
    out: Json = {
        "authors": [name(a) for a in biblio.authors],
        "title": biblio.title,
        "container": biblio.container,
        "year": biblio.year,
        "volume": biblio.volume,
        "issue": biblio.issue,
        "pages": biblio.pages,
        "doi": biblio.doi,
    }
    for key in _OPTIONAL_FIELDS:
        if value := getattr(biblio, key):
            out[key] = value
    if biblio.editors:
        out["editors"] = [name(e) for e in biblio.editors]
    return out


def work(record: Work) -> Json:
    """A source's record: its fields, where it comes from, other values it vouches for, and its notices."""
    out = fields(record) | {"source": record.source}
    if record.also:
        out["also"] = {key: list(values) for key, values in record.also.items() if values}
    if record.notices:
        out["notices"] = [_notice(n) for n in record.notices]
    return out


def _notice(notice: Notice) -> Json:
    return _given(
        kind=notice.kind, date=notice.date, doi=notice.doi, asserted_by=notice.asserted_by, label=notice.label
    )


def _given(**values: Any) -> Json:
    return {key: value for key, value in values.items() if value}


def _agreement(agreement: Agreement) -> Json:
    out: Json = {"field": agreement.field, "level": str(agreement.level)}
    if agreement.level is not Level.SAME:
        out |= {"printed": agreement.printed, "recorded": agreement.recorded}
    details = [
        {"kind": d.kind, "place": d.place, **_given(printed=d.printed, recorded=d.recorded)} for d in agreement.details
    ]
    return out | _given(part=agreement.part, reason=agreement.reason, details=details)


def _candidate(candidate: Candidate) -> Json:
    out: Json = {"confidence": round(candidate.confidence, 4), "work": work(candidate.work)}
    return out | _given(against=candidate.against)


def match(found: Match) -> Json:
    """What was found out about one reference; `work` and `doi` are null unless one record is certain."""
    record = found.work
    out: Json = {
        "verdict": str(found.verdict),
        "doi": (record.doi or None) if record else None,
        "confidence": round(found.confidence, 4),
        "source": record.source if record else None,
        "reason": found.reason,
        "work": work(record) if record else None,
        "doi_status": str(found.doi_status),
    }
    if record:
        out["agreements"] = [_agreement(a) for a in found.agreements]
    others = found.candidates[1:] if record else found.candidates
    return out | _given(
        candidates=[_candidate(c) for c in others],
        unavailable=list(found.unavailable),
        answered=list(found.answered),
        doi_work=work(found.doi_work) if found.doi_work else None,
        doi_suggestion=found.doi_suggestion,
        locator_work=work(found.locator_work) if found.locator_work else None,
        not_indexed=found.not_indexed,
        disagreement=found.disagreement,
    )


def finding(found: Finding) -> Json:
    """One finding, every key always there."""
    return {
        "code": found.code,
        "name": found.name,
        "severity": str(found.severity),
        "number": found.number,
        "field": found.field,
        "printed": found.printed,
        "recorded": found.recorded,
        "message": found.message,
        "span": _span(found.span),
        "evidence": found.evidence,
    }


def _span(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def line(identifier: object, reference: Reference, found: Match, findings: Iterable[Finding]) -> Json:
    """One line of a batch: spans are offsets into `reference`."""
    return {
        "id": identifier,
        "reference": reference.raw,
        "fields": fields(reference),
        "match": match(found),
        "findings": [finding(f) for f in findings],
    }


def read_line(identifier: object, reference: Reference) -> Json:
    """One line of `refcheck parse --format jsonl`."""
    return {"id": identifier, "fields": fields(reference)}


def error_line(identifier: object, error: str) -> Json:
    """The line of a batch that stands for an input line that is no reference."""
    return {"id": identifier, "error": error}


def _reference(printed: Reference) -> Json:
    out: Json = {
        "number": printed.number,
        "reference": printed.raw,
        "span": _span(printed.span),
        "spans": {key: _span(span) for key, span in printed.spans.items()},
        "confidence": round(printed.confidence, 4),
        "fields": fields(printed),
    }
    return out | _given(label=printed.label, key=printed.key, et_al=printed.et_al)


def _callout(callout: Callout) -> Json:
    out: Json = {
        "span": _span(callout.span),
        "text": callout.text,
        "numbers": list(callout.numbers),
        "region": callout.region,
    }
    return out | _given(problem=callout.problem, keys=list(callout.keys))


def _about(manuscript: Manuscript) -> Json:
    return {
        "name": manuscript.name,
        "format": manuscript.format,
        "scheme": str(manuscript.scheme),
        "scheme_reason": manuscript.scheme_reason,
        "order": manuscript.order,
        "regions": [
            {"kind": r.kind, "span": _span(r.span)} | _given(label=r.label, reason=r.reason) for r in manuscript.regions
        ],
    }


def manuscript(read: Manuscript) -> Json:
    """What was read, without any look-up: `refcheck parse --format json`."""
    references = []
    for printed in read.references:
        out = _reference(printed)
        if printed.parts:
            out["parts"] = [_reference(part) for part in printed.parts]
        references.append(out)
    return {
        "schema_version": SCHEMA_VERSION,
        "manuscript": _about(read),
        "references": references,
        "callouts": [_callout(c) for c in read.callouts],
        "summary": {"references": len(read.references), "callouts": len(read.callouts)},
    }


def report(checked: Report) -> Json:
    """All that a check found: `refcheck check --format json`."""
    matches = {m.reference.span: m for m in checked.matches}
    references = []
    for printed in checked.manuscript.references:
        out = _judged(printed, matches, checked.findings)
        if printed.parts:
            out["parts"] = [_judged(part, matches, checked.findings) for part in printed.parts]
        references.append(out)
    out = {
        "schema_version": SCHEMA_VERSION,
        "manuscript": _about(checked.manuscript),
        "references": references,
        "callouts": [_callout(c) for c in checked.manuscript.callouts],
        "findings": [finding(f) for f in checked.findings],
        "enquiries": [
            {"source": e.source, "requests": e.requests, "cached": e.cached, "failed": e.failed, "since": e.since}
            | _given(oldest=e.oldest)
            for e in checked.enquiries
        ],
        "summary": _summary(checked),
    }
    return out | _given(
        waived=[finding(f) | {"waiver": _waiver(w)} for f, w in checked.waived],
        idle_waivers=[{"waiver": _waiver(w), "why": why} for w, why in checked.idle_waivers],
    )


def _waiver(waiver: Waiver) -> Json:
    return _given(
        code=waiver.code,
        reference=waiver.reference,
        doi=waiver.doi,
        reason=waiver.reason,
        by=waiver.by,
        until=waiver.until,
    )


def _judged(printed: Reference, matches: Mapping[Span, Match], findings: Sequence[Finding]) -> Json:
    found = matches.get(printed.span)
    return _reference(printed) | {
        "match": match(found) if found else None,
        "findings": [finding(f) for f in findings if belongs(f, printed)],
    }


def belongs(found: Finding, printed: Reference) -> bool:
    """Whether a finding is about this entry of the list (and not, say, about a callout that names its number)."""
    if found.span is None:
        return found.number is not None and found.number == printed.number
    return printed.span.start <= found.span.start < max(printed.span.end, printed.span.start + 1)


def _summary(checked: Report) -> Json:
    verdicts = [m.verdict for m in checked.matches]
    severities = [f.severity for f in checked.findings]
    return {
        "references": len(checked.manuscript.references),
        "callouts": len(checked.manuscript.callouts),
        "verdicts": {str(v): verdicts.count(v) for v in Verdict},
        "findings": {str(s): severities.count(s) for s in Severity},
        "complete": not any(m.unavailable for m in checked.matches),
    }
