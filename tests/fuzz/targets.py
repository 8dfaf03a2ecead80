"""What is fuzzed: each target takes bytes, and raises only where something is wrong with refcheck.

A target goes in by the door that foreign bytes come in by, swallows `RefcheckError` (the one thing that may come out),
and asserts what holds whatever was given.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from refcheck import identifiers
from refcheck.errors import RefcheckError
from refcheck.matching import Entry, decide, rank
from refcheck.matching.numerals import numbering, page_range
from refcheck.model import Identified, Manuscript, Match, Query, Reference, Report, Span, Verdict, Waiver, Work
from refcheck.parsing import find_callouts, split_entries
from refcheck.pipeline import read_reference
from refcheck.readers import READERS, read
from refcheck.readers.lists.lines import read_lines
from refcheck.readers.pdf.document import read_pdf_here
from refcheck.sources import AnswerCache, Crossref, DataCite, EuropePMC, PubMed, Retractions
from refcheck.sources.corpus.index import Index, read_manifest
from refcheck.sources.corpus.reading import read_files
from refcheck.sources.http.transport import Answer, Transport
from refcheck.sources.record import record_work
from refcheck.waivers import load_settings, read_settings, with_waiver
from tests.fuzz.samples import PAYLOADS, SAMPLES, TEXTS, in_word
from tests.sources.times import FakeTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One door. `seeds` are small, sound examples to begin from."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


# -- readers -------------------------------------------------------------------------------------------------------


def sound(manuscript: Manuscript) -> None:
    """What holds for every manuscript, whatever it was read from."""
    text = manuscript.text
    for reference in manuscript.references:
        assert text[slice(*reference.span)] == reference.raw
        assert 0.0 <= reference.confidence <= 1.0
        for span in reference.spans.values():
            assert 0 <= span.start <= span.end <= len(text)
    for stretch in (*manuscript.callouts, *manuscript.regions):
        assert 0 <= stretch.span.start <= stretch.span.end <= len(text)
    assert all(0 <= s.start <= s.end <= len(text) for s in manuscript.superscripts)


def read_as(suffix: str, wrap: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        data = wrap(data)
        with suppress(RefcheckError):
            if data.startswith(b"%PDF-"):  # not in a process of its own: it could not be watched there
                sound(read_pdf_here(data, "m.pdf"))
            else:
                sound(read(data, f"m{suffix}"))

    return run


def any_reader(data: bytes) -> None:
    """The first byte chooses the name, the content may be of another kind."""
    suffixes = sorted(READERS)
    read_as(suffixes[data[0] % len(suffixes)] if data else "")(data[1:])


def batch_lines(data: bytes) -> None:
    for name in ("refs.jsonl", "refs.txt", "-"):
        with suppress(RefcheckError):
            end = 0
            for line in read_lines(io.BufferedReader(io.BytesIO(data)), name):
                assert line.end >= end
                assert bool(line.error) != bool(line.reference.strip())
                line.reference.encode("utf-8")
                end = line.end


# -- parsing -------------------------------------------------------------------------------------------------------


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def entry_fields(data: bytes) -> None:
    text = text_of(data)
    reference = read_reference(text)
    assert all(0 <= s.start <= s.end <= len(text) for s in reference.spans.values())


def entry_list(data: bytes) -> None:
    text = text_of(data)
    at = 0
    for entry in split_entries(text, Span(0, len(text))):
        assert at <= entry.span.start <= entry.span.end <= len(text)
        at = entry.span.start


def callouts(data: bytes) -> None:
    text = text_of(data[1:])
    _, _, found = find_callouts(text, data[0] if data else 9)
    for callout in found:
        assert 0 <= callout.span.start < callout.span.end <= len(text)


def printed_identifiers(data: bytes) -> None:
    text = text_of(data)
    found = [*identifiers.find_dois(text), *identifiers.find_malformed_dois(text)]
    for find in (identifiers.find_pmid, identifiers.find_pmcid, identifiers.find_arxiv, identifiers.find_isbn,
                 identifiers.find_url):  # fmt: skip
        found += [x for x in [find(text)] if x]
    assert all(0 <= f.span.start < f.span.end <= len(text) for f in found)
    doi = identifiers.normalise_doi(text)
    assert identifiers.normalise_doi(doi) == doi
    identifiers.doi_repairs(text[:200])
    for given in (text, doi, *(f.value for f in found)):
        link = identifiers.link_doi(given)
        assert not link or (link.startswith("https://doi.org/") and link.isascii() and link.isprintable())


def pages(data: bytes) -> None:
    text = text_of(data)
    page_range(text)
    numbering(text)


# -- comparing -----------------------------------------------------------------------------------------------------


def comparison(data: bytes) -> None:
    """An entry and a record, parted by a zero byte: the whole way to the report in every format."""
    from refcheck.renderers import RENDERERS
    from refcheck.rules import judge_manuscript

    raw, _, record = data.partition(b"\x00")
    reference = read_reference(text_of(raw))
    try:
        message = json.loads(record)
    except (ValueError, RecursionError):
        message = {"title": [text_of(record)], "author": [{"family": text_of(record[:20])}]}
    work = record_work(message if isinstance(message, dict) else {"title": message})
    entry = Entry(reference)
    matches = [decide(entry, rank(entry, [work])), Match(reference=reference, verdict=Verdict.ABSENT)]
    manuscript = Manuscript(name="m", text=reference.raw, references=(reference,))
    for match in matches:
        report = Report(manuscript=manuscript, matches=(match,), findings=judge_manuscript(manuscript, [match]))
        for finding in report.findings:
            assert finding.span is None or 0 <= finding.span.start <= finding.span.end <= len(reference.raw)
        for name in ("text", "html", "json", "corrected", "csv", "markdown"):
            RENDERERS[name](report)


# -- payloads ------------------------------------------------------------------------------------------------------

_DOIS = ("10.5555/skin", "10.48550/arxiv.2001.00001")
_ENTRY = "Lee A, Kim B. Exosomes in skin repair. Burns. 2020;1(2):3-9. doi:10.5555/skin"
_STATUS = (200, 301, 400, 404, 429, 500)


def answered_by(make: Callable[..., Any]) -> Callable[[bytes], None]:
    """A source that gets these bytes, whatever it asks; the first byte chooses the status."""

    def run(data: bytes) -> None:
        status = _STATUS[data[0] % len(_STATUS)] if data else 200
        body = data[1:]
        answer = Answer(status, {"location": text_of(body[:200])}, body)
        time = FakeTime()
        options = {"attempts": 1, "clock": time.now, "sleep": time.sleep, "cache": None}
        references = [
            read_reference(_ENTRY),
            Reference(doi=_DOIS[1], arxiv="2001.00001", pmid="12345"),
        ]
        with patch.object(Transport, "_send", lambda self, url: answer):
            source = make(**options)
            with suppress(RefcheckError):
                identified = source.identify(references)
                assert isinstance(identified, Identified)
                assert all(isinstance(w, Work) for w in identified.works.values())
            for kind in ("entry", "title", "locator"):
                with suppress(RefcheckError):
                    found = source.search(Query(kind=kind, text=_ENTRY, reference=references[0]))
                    assert all(isinstance(w, Work) for w in found)

    return run


def _crossref(**options: Any) -> Crossref:
    return Crossref("https://crossref.example.org", "", agencies=None, environ={}, **options)


def _doi_org(**options: Any) -> Crossref:
    """Crossref has none of the DOIs: what the resolver says of them is read."""
    from refcheck.sources.services.agencies import DoiOrg

    options.pop("cache")
    agency = DoiOrg("https://resolver.example.org", **options)

    class Asked:
        def identify(self, references: list[Reference]) -> Identified:
            said = agency(_DOIS)
            assert all(isinstance(k, str) and isinstance(v, str) for k, v in said.items())
            return Identified()

        def search(self, query: Query) -> tuple[Work, ...]:
            return ()

    return Asked()  # type: ignore[return-value]


def opensearch(data: bytes) -> None:
    from refcheck.sources import OpenSearch

    class Client:
        def answer(self, **arguments: Any) -> Any:
            try:
                return json.loads(data)
            except (ValueError, RecursionError):
                return text_of(data)  # as the client hands on what is no JSON

        search = mget = answer

    source = OpenSearch(client=Client())
    with suppress(RefcheckError):
        source.identify([Reference(doi=_DOIS[0])])
    with suppress(RefcheckError):
        assert all(isinstance(w, Work) for w in source.search(Query(kind="entry", text=_ENTRY, reference=Reference())))


# -- files ---------------------------------------------------------------------------------------------------------


def in_file(name: str, use: Callable[[Path], object]) -> Callable[[bytes], None]:
    """The bytes as a file in a folder of its own."""

    def run(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(data)
            with suppress(RefcheckError):
                use(path)

    return run


def record_file(data: bytes) -> None:
    for packed in (data, gzip.compress(data, 1)):
        in_file("r.jsonl", lambda path: [record_work(m) for m in read_files([path], [])])(packed)
    in_file("r.jsonl.gz", lambda path: list(read_files([path], [])))(b"\x1f\x8b" + data)


def use_retractions(path: Path) -> None:
    known = Retractions(path)
    known.told(Work(doi=_DOIS[0], pmid="12345"))


def use_cache(path: Path) -> None:
    cache = AnswerCache(path.parent)
    cache.get("k", "record")
    cache.put("k", "record", {"DOI": _DOIS[0]})
    cache.get("k", "record", stale=True)
    cache.info()
    cache.clear()
    cache.close()


def use_manifest(path: Path) -> None:
    with suppress(RefcheckError):
        read_manifest(path.parent)
    Index(path.parent)


def use_settings(path: Path) -> None:
    settings = load_settings(path)
    text = path.read_text(encoding="utf-8")
    for waiver in settings.waivers:
        kept = read_settings(tomllib.loads(with_waiver(text, waiver))).waivers
        assert kept[-1] == waiver


def waiver_texts(data: bytes) -> None:
    """Whatever stands in a waiver comes back from the file as it was."""
    code, reason, by = (text_of(part) for part in (data + b"\x00\x00\x00").split(b"\x00")[:3])
    waiver = Waiver(code=code or "REF303", reason=reason, by=by)
    assert read_settings(tomllib.loads(with_waiver("", waiver))).waivers == (waiver,)


def _retraction_rows() -> bytes:
    out = io.StringIO()
    names = ["RetractionNature", "Reason", "RetractionDate", "RetractionDOI", "OriginalPaperDOI",
             "OriginalPaperPubMedID"]  # fmt: skip
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerow(
        dict(zip(names, ["Retraction", "+Error;", "3/4/2021 0:00", "10.5555/n", _DOIS[0], "0"], strict=True))
    )
    return out.getvalue().encode()


def _manifest() -> bytes:
    return json.dumps(
        {"format": "refcheck-index", "version": 1, "complete": True, "files": {}, "problems": []}
    ).encode()


_SETTINGS = (
    b'[profile]\nstyle = "ama"\norder = "off"\nroot = true\n[severity]\nREF302 = "off"\n[[waiver]]\ncode = "REF303"\n'
    b'reason = "print year"\nuntil = 2027-06-30\n'
)


def _payload(service: str) -> tuple[bytes, ...]:
    return tuple(b"\x00" + p for p in PAYLOADS[service])


TARGETS: Mapping[str, Target] = {
    "word": Target(run=read_as(".docx"), seeds=(SAMPLES[".docx"],)),
    "word-part": Target(run=read_as(".docx", in_word), seeds=(SAMPLES["document.xml"],)),
    "pdf": Target(run=read_as(".pdf"), seeds=(SAMPLES[".pdf"],)),
    **{
        f"read-{suffix[1:]}": Target(run=read_as(suffix), seeds=(SAMPLES[suffix],))
        for suffix in (".tex", ".bib", ".ris", ".nbib", ".json", ".jsonl", ".html", ".xml", ".md", ".txt")
    },
    "any-reader": Target(run=any_reader, seeds=tuple(b"\x00" + s for s in SAMPLES.values())),
    "batch-lines": Target(run=batch_lines, seeds=(SAMPLES[".jsonl"], SAMPLES[".txt"])),
    "entry": Target(run=entry_fields, seeds=TEXTS),
    "entry-list": Target(run=entry_list, seeds=(SAMPLES[".txt"],)),
    "callouts": Target(run=callouts, seeds=(b"\x09Skin heals (1, 2-5).",)),
    "identifiers": Target(run=printed_identifiers, seeds=TEXTS),
    "pages": Target(run=pages, seeds=(b"258-84", b"e1-e9", b"S12", b"138:1-138:12")),
    "comparison": Target(run=comparison, seeds=tuple(t + b"\x00" + r for t in TEXTS[:2] for r in PAYLOADS["record"])),
    "payload-crossref": Target(run=answered_by(_crossref), seeds=_payload("crossref")),
    "payload-doi-org": Target(run=answered_by(_doi_org), seeds=_payload("doi.org")),
    "payload-datacite": Target(run=answered_by(DataCite), seeds=_payload("datacite")),
    "payload-pubmed": Target(run=answered_by(PubMed), seeds=_payload("pubmed")),
    "payload-europepmc": Target(run=answered_by(EuropePMC), seeds=_payload("europepmc")),
    "payload-opensearch": Target(run=opensearch, seeds=PAYLOADS["opensearch"]),
    "record-file": Target(run=record_file, seeds=PAYLOADS["record"]),
    "retractions": Target(run=in_file("r.csv", use_retractions), seeds=(_retraction_rows(),)),
    "cache": Target(run=in_file("answers-1.sqlite", use_cache), seeds=(SAMPLES["cache"],)),
    "index-manifest": Target(run=in_file("manifest.json", use_manifest), seeds=(_manifest(),)),
    "settings": Target(run=in_file("refcheck.toml", use_settings), seeds=(_SETTINGS,)),
    "waivers": Target(run=waiver_texts, seeds=(b"REF303\x00print year\x00A. Editor",)),
}
