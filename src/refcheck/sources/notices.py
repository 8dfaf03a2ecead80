"""What happened to a work after publication, as its Crossref record tells it.

Four places tell it: `updated-by` (what happened to this work), `update-to` (what this record changes; a record that
names itself there has become its own notice), the title ("RETRACTED: …") and `relation` (a preprint's journal
version). Retraction Watch's entries are in `updated-by` since January 2025, and often repeat the publisher's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from refcheck.identifiers import normalise_doi
from refcheck.model import Notice

# Gravest first; kinds that are not listed stand last.
_GRAVITY = (
    "retraction", "removal", "withdrawal", "partial_retraction", "expression_of_concern", "reinstatement", "correction",
    "corrigendum", "erratum", "clarification", "addendum", "published", "notice", "new_version", "new_edition",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_GRAVITY)}
# Spellings that occur in deposits beside the documented ones.
_KINDS = {"err": "erratum", "retracted": "retraction", "withdrawn": "withdrawal", "concern": "expression_of_concern"}
# One event cannot be both: Crossref once appended to Retraction Watch's entry instead of replacing it (CR-2746).
_CONTRADICTORY = frozenset(["retraction", "expression_of_concern"])
# A record that updates another one in these ways is a work of its own, not a notice.
_NEW_WORK = frozenset(["new_version", "new_edition"])

_TITLE_PREFIX = re.compile(
    r"\s{0,5}[\[(*]{0,3}\s?(retracted|withdrawn|removed|temporary removal)"
    r"(?:\s(?:article|paper|chapter|manuscript))?\s?(?:[:\])*]{1,3}|[–—-]\s)\s{0,5}",
    re.IGNORECASE,
)
_TITLE_SUFFIX = re.compile(
    r"\s{0,5}[\[(](retracted|withdrawn)(?: article| paper)?[.)\]][^()\[\]]{0,80}\s?$", re.IGNORECASE
)
# Titles of notices as publishers give them; "Correction of a deformity" and "Retraction of the tongue" are none.
_NOTICE_TITLE = re.compile(
    r"\s{0,5}(?:(erratum|errata|corrigend(?:um|a)|retraction not(?:ic)?e|(?:author|publisher) correction"
    r"|withdrawal notice|notice of (?:retraction|withdrawal|correction))\b"
    r"|(correction|retraction|expression of concern|editorial expression of concern|addendum)s?"
    r"(?:\s{0,3}[:—–]|\sto:|\s(?:to|for|of)?\s?[\"“‘'«]|\.?\s{0,3}$))",
    re.IGNORECASE,
)
_MAYBE_NOTICE = ("errat", "corrig", "correct", "retract", "withdraw", "concern", "addend")
_TITLE_KINDS = {"retracted": "retraction", "withdrawn": "withdrawal"}
_MAYBE_MARKED = ("retract", "withdraw", "remov")


def untitled(title: str) -> str:
    """The title without the mark that publishers put before it (or after it) when the work is withdrawn.

    >>> untitled("RETRACTED: Ileal-lymphoid-nodular hyperplasia"), untitled("Removal of nutrients")
    ('Ileal-lymphoid-nodular hyperplasia', 'Removal of nutrients')
    """
    mark = _title_mark(title)
    if not mark:
        return title
    return title[mark.end() :] if mark.start() == 0 else title[: mark.start()]


def notices_of(message: Mapping[str, Any], doi: str, title: str) -> tuple[Notice, ...]:
    """Every notice that the record carries, gravest first, each once.

    A notice that publisher and Retraction Watch both report is kept as Retraction Watch reports it. A notice
    reported at once as a retraction and as a mere expression of concern is marked `disputed`.

    >>> entry = {"DOI": "10.5555/N", "type": "retraction", "updated": {"date-parts": [[2010, 2, 6]]}}
    >>> told = notices_of({"updated-by": [entry, {**entry, "source": "retraction-watch"}]}, "10.5555/w", "")
    >>> [(n.kind, n.date, n.doi, n.asserted_by) for n in told]
    [('retraction', '2010-02-06', '10.5555/n', 'retraction-watch')]
    """
    found: dict[tuple[str, str], Notice] = {}
    kinds_told: dict[tuple[str, str], set[str]] = {}
    told_as: dict[tuple[str, str], tuple[str, str]] = {}
    for notice, event in _entries(message, doi):
        key = (notice.kind, notice.doi)
        if key not in found or notice.asserted_by == "retraction-watch":
            found[key] = notice
            told_as[key] = event
            kinds_told.setdefault(event, set()).add(notice.kind)
    for key, event in told_as.items():
        if key[0] in _CONTRADICTORY and kinds_told[event] >= _CONTRADICTORY:
            found[key] = replace(found[key], disputed=True)
    if any(n.kind == "notice" for n in found.values()):
        pass  # some publishers print "Retracted: …" over the notice instead of the work
    elif announced := _announced(title):
        found["notice", ""] = Notice(kind="notice", asserted_by="publisher", label=announced)
    elif (mark := _title_mark(title)) and not any(
        n.kind in ("retraction", "withdrawal", "removal") for n in found.values()
    ):
        kind = _TITLE_KINDS.get(mark[1].lower(), "removal")
        found[kind, ""] = Notice(kind=kind, asserted_by="publisher", label=mark.group().strip())
    for notice in _published(message.get("relation"), doi):
        found.setdefault((notice.kind, notice.doi), notice)
    return gravest_first(found.values())


def gravest_first(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """The notices, retractions before concerns before corrections, older before newer."""
    return tuple(sorted(notices, key=lambda n: (_RANK.get(n.kind, len(_RANK)), n.date)))


def _announced(title: str) -> str:
    """What kind of notice the title says it is.

    >>> _announced("Correction to: Optical coherence"), _announced("Correction of a split nail"), _announced("Erratum")
    ('Correction', '', 'Erratum')
    """
    start = title[:40].lower()
    if not any(word in start for word in _MAYBE_NOTICE):
        return ""
    m = _NOTICE_TITLE.match(title)
    return (m[1] or m[2]).capitalize() if m else ""


def _entries(message: Mapping[str, Any], doi: str) -> Iterator[tuple[Notice, tuple[str, str]]]:
    """The notices of `updated-by` and `update-to`, each with the event it tells of: (Retraction Watch's record or
    the notice's DOI, who says so)."""
    for field in ("updated-by", "update-to"):
        entries = message.get(field)
        for entry in entries if isinstance(entries, list) else ():
            if not isinstance(entry, Mapping):
                continue
            notice = _notice(entry)
            if notice.kind == "article":
                continue
            if field == "update-to" and notice.doi != doi:
                if notice.kind in _NEW_WORK:
                    continue
                notice = replace(notice, kind="notice", label=notice.label or notice.kind)
            yield notice, (str(entry.get("record-id") or notice.doi), notice.asserted_by)


def _title_mark(title: str) -> re.Match[str] | None:
    lower = title.lower()
    if not any(word in lower for word in _MAYBE_MARKED):
        return None
    return _TITLE_PREFIX.match(title) or _TITLE_SUFFIX.search(title)


def _notice(entry: Mapping[str, Any]) -> Notice:
    kind = str(entry.get("type") or "unknown").strip().lower().replace("-", "_").replace(" ", "_")
    return Notice(
        kind=_KINDS.get(kind, kind),
        date=_date(entry.get("updated")),
        doi=_doi(entry),
        asserted_by=str(entry.get("source") or "publisher"),
        label=str(entry.get("label") or ""),
    )


def _doi(entry: Mapping[str, Any]) -> str:
    return str(entry.get("DOI") or "").lower()


def _date(value: object) -> str:
    try:
        parts = value["date-parts"][0]  # type: ignore[index]
        return "-".join(f"{int(p):02d}" for p in parts if p)
    except (TypeError, KeyError, IndexError, ValueError):
        return ""


def _published(relation: object, doi: str) -> Iterable[Notice]:
    """The journal version of a preprint, by the publisher's deposit or by Crossref's own matching."""
    links = relation.get("is-preprint-of") if isinstance(relation, Mapping) else None
    for link in links if isinstance(links, list) else (links,):
        if isinstance(link, Mapping) and link.get("id-type") == "doi":
            target = normalise_doi(str(link.get("id") or ""))
            if target and target != doi:
                yield Notice(kind="published", doi=target, asserted_by="crossref", label="is-preprint-of")
