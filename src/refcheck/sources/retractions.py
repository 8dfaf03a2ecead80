"""The Retraction Watch data set (a CSV file) beside any source: what it knows of a work is added to the work.

Crossref publishes the file daily (https://gitlab.com/crossref/retraction-watch-data) and answers with the same
entries in `updated-by`; the file serves where there is no network, and for records older than January 2025.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from refcheck.errors import UnreadableInput
from refcheck.identifiers import normalise_doi
from refcheck.model import Enquiry, Identified, Notice, Query, Reference, Work
from refcheck.sources.contract import Source
from refcheck.sources.notices import gravest_first

# `RetractionNature` in the data set's user guide, in the words of `Notice.kind`.
_NATURES = {
    "retraction": "retraction",
    "expression of concern": "expression_of_concern",
    "correction": "correction",
    "reinstatement": "reinstatement",
}
_NEEDED = ("OriginalPaperDOI", "RetractionNature", "RetractionDate", "RetractionDOI")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})")  # "2/6/2010 0:00"


class Retractions:
    """What Retraction Watch knows, by DOI and by PubMed number of the work.

    Raises UnreadableInput when the file is missing or is not the Retraction Watch CSV.
    """

    def __init__(self, path: str | Path) -> None:
        self._by_doi: dict[str, list[Notice]] = {}
        self._by_pmid: dict[str, list[Notice]] = {}
        path = Path(path)
        try:
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
                rows = csv.DictReader(file)
                missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
                if missing:
                    raise UnreadableInput(
                        f"{path} is not the Retraction Watch CSV: it has no column {', '.join(missing)}."
                    )
                for row in rows:
                    self._add(row)
        except (OSError, csv.Error) as error:
            raise UnreadableInput(f"{path} cannot be read as the Retraction Watch CSV: {error}.") from error

    def __len__(self) -> int:
        """Works that something is known of."""
        return len(self._by_doi) + len(self._by_pmid)

    def notices(self, work: Work) -> tuple[Notice, ...]:
        """What is known of the work, gravest first."""
        found = [n for doi in (work.doi, *work.also.get("doi", ())) for n in self._by_doi.get(doi, ())]
        found += [n for n in self._by_pmid.get(work.pmid, ()) if n not in found]
        return gravest_first(found)

    def told(self, work: Work) -> Work:
        """The work with what is known of it; a notice that its record has already is not repeated."""
        known = self.notices(work)
        if not known:
            return work
        merged = {(n.kind, n.doi): n for n in work.notices}
        for notice in known:
            same_kind = [key for key in merged if key[0] == notice.kind]
            if notice.doi or not same_kind:
                merged.pop((notice.kind, ""), None)
                merged[notice.kind, notice.doi] = notice
        return replace(work, notices=gravest_first(merged.values()))

    def beside(self, source: Source) -> Source:
        """The source, with what is known of every work that it answers."""
        return _Beside(source, self)

    def _add(self, row: Mapping[str | None, str | None]) -> None:
        nature = (row.get("RetractionNature") or "").strip()
        kind = _NATURES.get(nature.lower())
        if not kind:
            return
        reasons = [r.lstrip("+").strip() for r in (row.get("Reason") or "").split(";") if r.strip()]
        notice = Notice(
            kind=kind,
            date=_date(row.get("RetractionDate") or ""),
            doi=normalise_doi(row.get("RetractionDOI") or ""),
            asserted_by="retraction-watch",
            label=f"{nature}: {'; '.join(reasons)}" if reasons else nature,
        )
        doi = normalise_doi(row.get("OriginalPaperDOI") or "")
        pmid = (row.get("OriginalPaperPubMedID") or "").strip()
        if doi:
            self._by_doi.setdefault(doi, []).append(notice)
        elif pmid.isdigit() and pmid != "0":
            self._by_pmid.setdefault(pmid, []).append(notice)


class _Beside:
    def __init__(self, source: Source, retractions: Retractions) -> None:
        self._source = source
        self._retractions = retractions
        self.name = source.name
        self.concurrency = source.concurrency
        self.problems: tuple[str, ...] = getattr(source, "problems", ())
        self.authority = bool(getattr(source, "authority", False))
        self.asks_agencies = bool(getattr(source, "asks_agencies", False))

    def identify(self, references: Sequence[Reference]) -> Identified:
        answer = self._source.identify(references)
        return replace(answer, works={doi: self._retractions.told(work) for doi, work in answer.works.items()})

    def search(self, query: Query) -> Sequence[Work]:
        return tuple(self._retractions.told(work) for work in self._source.search(query))

    def enquiry(self) -> Enquiry:
        return self._source.enquiry()


def _date(text: str) -> str:
    m = _DATE.search(text)
    if not m:
        return ""
    if m[3]:
        return f"{m[3]}-{int(m[1]):02d}-{int(m[2]):02d}"
    return f"{m[4]}-{m[5]}-{m[6]}"
