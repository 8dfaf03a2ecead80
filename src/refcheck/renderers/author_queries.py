"""Author queries: numbered, neutral sentences, ready to paste into a letter, a comment or a proof.

The wording stands in `languages/*.toml`, one file a language; a translator needs no Python.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from refcheck.errors import UsageError
from refcheck.identifiers import link_doi, valid_doi
from refcheck.model import Finding, Report, Severity, Span, Work
from refcheck.renderers.triage import Entry, printed_value, query_place, triage
from refcheck.text import plain, printable

# Printed and recorded values in a sentence: longer ones are cut at a word, the entry itself stands beside them.
_LONGEST = 300

#: What only concerns the check itself is no question to an author.
_NOT_THE_AUTHORS = "REF9"


def render_queries(report: Report, *, language: str = "en", notes: bool = False) -> str:
    """All queries to the author as plain text, one paragraph each, in the order of the manuscript.

    `language` names a file of `languages/`, or is the path of a TOML file of one's own. Notes are left out unless
    `notes` is set. Raises UsageError for an unknown language.

    >>> from refcheck.model import Manuscript
    >>> print(render_queries(Report(manuscript=Manuscript(name="m", text=""))))
    There are no queries on the references.
    <BLANKLINE>
    """
    words = load_language(language)
    out = [
        words["at_entry" if q.entry else "apart"].format(
            n=q.number, label=_clean(q.entry.name) if q.entry else "", query=q.text
        )
        for q in numbered_queries(report, language=language, notes=notes)
    ]
    if not out:
        return str(words["none"]) + "\n"
    return "\n\n".join([words["opening"], *out, words["closing"]]) + "\n"


class Query(NamedTuple):
    """One question to the author; its number is the same in the letter, in the Word file and in the report."""

    number: int
    text: str
    finding: Finding
    entry: Entry | None


def numbered_queries(report: Report, *, language: str = "en", notes: bool = False) -> Iterator[Query]:
    """The questions in the order of the manuscript, numbered from 1; what stands at no place comes last."""
    asked = [(f, e) for f, e in triage(report).findings() if is_query(f, notes=notes)]
    nowhere = Span(0, 0)

    def place(pair: tuple[Finding, Entry | None]) -> tuple[bool, Span]:
        span = query_place(report, *pair)
        return span == nowhere, span

    for number, (finding, entry) in enumerate(sorted(asked, key=place), 1):
        yield Query(number, query(finding, entry, report, language=language), finding, entry)


def is_query(finding: Finding, *, notes: bool = False) -> bool:
    """Whether a finding is a question to the author: an error or a warning about the manuscript."""
    return not finding.code.startswith(_NOT_THE_AUTHORS) and (notes or finding.severity is not Severity.NOTE)


def query(finding: Finding, entry: Entry | None, report: Report, *, language: str = "en") -> str:
    """One finding as a question to the author, without its number.

    >>> from refcheck.model import Manuscript
    >>> f = Finding(code="REF305", name="volume-mismatch", severity=Severity.ERROR, message="", field="volume",
    ...     printed="17", recorded="7", evidence="https://doi.org/10.1186/x")
    >>> query(f, None, Report(manuscript=Manuscript(name="m", text="")))
    'You give volume 17; the record (https://doi.org/10.1186/x) gives volume 7. Please confirm.'
    """
    words = load_language(language)
    match = entry.match if entry else None
    values = {
        "label": entry.label if entry else str(finding.number or ""),
        "field": words["fields"].get(finding.field or "", finding.field or ""),
        "printed": printed_value(report, finding),
        "recorded": finding.recorded,
        "record": _record(entry, finding.evidence, words),
        "link": finding.evidence,
        "message": _sentence(finding.message),
        "other": _in_short(match.doi_work) if match and match.doi_work else "",
        "sources": _sources(report, words),
    }
    template = words["queries"].get(finding.code, words["other"])
    if any(f"{{{key}}}" in template and not value for key, value in values.items()):
        template = words["other"]
    return str(template.format_map({key: _clean(value) for key, value in values.items()}))


def _record(entry: Entry | None, link: str, words: dict[str, Any]) -> str:
    """The record as a sentence names it: its source, where that says something to an author, and its link."""
    work = entry.match.work if entry and entry.match else None
    name = source_name(work.source) if work and work.source.lower() not in _ON_DISK else str(words["the_record"])
    return f"{name} ({link})" if link else name


def changed_after(entry: Entry, *, language: str = "en") -> str:
    """One sentence that says by whose record an entry was corrected."""
    words = load_language(language)
    work = entry.match.work if entry.match else None
    link = (link_doi(work.doi) if valid_doi(work.doi) else work.url) if work else ""
    return str(words["changed"]).format_map({"record": _clean(_record(entry, link, words))})


def _in_short(work: Work) -> str:
    return ", ".join(part for part in (f"“{plain(work.title)}”", work.container, work.year) if part)


# How sources write their own names.
_NAMES = {
    "crossref": "Crossref", "pubmed": "PubMed", "datacite": "DataCite", "europepmc": "Europe PMC",
    "openalex": "OpenAlex", "arxiv": "arXiv", "doi": "doi.org",
}  # fmt: skip


# Sources that are files of somebody's records: their names say nothing to an author.
_ON_DISK = frozenset({"records", "index"})


def source_name(source: str) -> str:
    """A source as it writes its own name.

    >>> source_name("crossref"), source_name("our index")
    ('Crossref', 'our index')
    """
    return _NAMES.get(source.lower().replace(" ", ""), source)


def _sources(report: Report, words: dict[str, Any]) -> str:
    names = [
        source_name(e.source) for e in report.enquiries if (e.requests or e.cached) and e.source.lower() not in _ON_DISK
    ]
    if not names:
        return str(words["nobody"])
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {words['or']} {names[-1]}"
    dates = sorted(e.since[:10] for e in report.enquiries if e.since)
    return f"{joined} ({dates[-1]})" if dates else joined


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


def _clean(value: str) -> str:
    text = printable(plain(value))
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


@cache
def load_language(language: str) -> dict[str, Any]:
    """The wording of one language: of a file in `languages/`, or of a TOML file at a path.

    What a translation leaves out is taken from English. Raises UsageError where there is no such file.
    """
    english = _read("en")
    if language == "en":
        return english
    own = _read(language)
    merged = english | own
    for table in ("fields", "queries"):
        merged[table] = english[table] | own.get(table, {})
    names = dict.fromkeys(
        ("n", "label", "query", "field", "printed", "recorded", "record", "link", "message", "other", "sources"), ""
    )
    for template in (
        merged["at_entry"],
        merged["apart"],
        merged["other"],
        merged["changed"],
        *merged["queries"].values(),
    ):
        try:
            str(template).format_map(names)
        except (KeyError, ValueError, IndexError, AttributeError) as e:
            raise UsageError(f"language {language!r} has a name in braces that is not filled in: {template!r}") from e
    return merged


def _read(language: str) -> dict[str, Any]:
    try:
        if language.endswith(".toml"):
            text = Path(language).read_text(encoding="utf-8")
        elif language.replace("-", "").isalnum():
            text = (files("refcheck.renderers") / "languages" / f"{language}.toml").read_text(encoding="utf-8")
        else:
            raise FileNotFoundError(language)
        return tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        known = sorted(p.name[:-5] for p in (files("refcheck.renderers") / "languages").iterdir())
        raise UsageError(
            f"no author queries in language {language!r}; choose one of {', '.join(known)} or give a TOML file"
        ) from e
