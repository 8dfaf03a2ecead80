"""The JSON is as docs/wire.md and its schema say, for any report."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from refcheck.model import (
    Agreement,
    Callout,
    Candidate,
    DoiStatus,
    Enquiry,
    Finding,
    Level,
    Manuscript,
    Match,
    Name,
    Notice,
    Reference,
    Region,
    Report,
    Scheme,
    Severity,
    Span,
    Verdict,
    Waiver,
    Work,
)
from refcheck.renderers import RENDERERS
from refcheck.renderers.data import wire

DOCS = Path(__file__).parents[1] / "docs"
SCHEMA = json.loads((DOCS / "report.schema.json").read_text(encoding="utf-8"))
FIELDS = ["authors", "title", "container", "year", "volume", "issue", "pages", "doi"]


@cache
def validator(definition: str = "") -> Draft202012Validator:
    schema = SCHEMA if not definition else {"$ref": f"#/$defs/{definition}", "$defs": SCHEMA["$defs"]}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


text = st.text(max_size=8)
spans = st.builds(lambda a, n: Span(a, a + n), st.integers(0, 40), st.integers(0, 20))
share = st.floats(0, 1, allow_nan=False)
names = st.builds(Name, family=text, given=text, suffix=text)
several = st.lists(names, max_size=2).map(tuple)
biblio: dict[str, Any] = dict.fromkeys(["title", "container", "year", "volume", "pmid", "isbn", "place", "doi"], text)
biblio |= {"authors": several, "editors": several}
references = st.builds(
    Reference,
    **biblio,
    number=st.none() | st.integers(1, 9),
    label=text,
    raw=text,
    span=spans,
    spans=st.dictionaries(st.sampled_from(FIELDS), spans, max_size=2),
    et_al=st.booleans(),
    confidence=share,
)
notices = st.builds(Notice, kind=st.just("retraction"), date=text, doi=text, disputed=st.booleans())
works = st.builds(
    Work,
    **biblio,
    source=st.just("crossref"),
    also=st.dictionaries(st.just("year:online"), st.just(("2020",)), max_size=1),
    notices=st.lists(notices, max_size=1).map(tuple),
)
agreements = st.builds(
    Agreement, field=st.sampled_from(FIELDS), level=st.sampled_from(Level), printed=text, recorded=text, reason=text
)
candidates = st.builds(
    Candidate,
    work=works,
    confidence=share,
    against=text,
    agreements=st.lists(agreements, max_size=2).map(tuple),
)


@st.composite
def matches(draw: st.DrawFn, reference: Reference) -> Match:
    verdict = draw(st.sampled_from(Verdict))
    return Match(
        reference=reference,
        verdict=verdict,
        candidates=tuple(draw(st.lists(candidates, min_size=verdict is Verdict.MATCHED, max_size=2))),
        unavailable=tuple(draw(st.lists(st.just("crossref: outage"), max_size=1))),
        doi_status=draw(st.sampled_from(DoiStatus)),
        doi_work=draw(st.none() | works),
        not_indexed=draw(st.booleans()),
    )


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    return Finding(
        code="REF303",
        name="year-mismatch",
        severity=draw(st.sampled_from(Severity)),
        message=draw(text),
        number=draw(st.none() | st.integers(1, 9)),
        field=draw(st.none() | st.sampled_from(FIELDS)),
        span=draw(st.none() | spans),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    listed = draw(st.lists(references, max_size=3))
    manuscript = Manuscript(
        name=draw(text),
        text=draw(text),
        references=tuple(listed),
        callouts=(Callout(span=Span(0, 3), numbers=(1,), text="(1)", problem=draw(text)),),
        regions=(Region(kind="body", span=Span(0, 9), reason=draw(text)),),
        scheme=draw(st.sampled_from(Scheme)),
    )
    found = draw(st.lists(findings(), max_size=3))
    return Report(
        manuscript=manuscript,
        matches=tuple(draw(matches(r)) for r in listed),
        findings=tuple(found),
        enquiries=(Enquiry(source="crossref", requests=3),),
        waived=tuple((f, Waiver(code=f.code)) for f in found[:1]),
        idle_waivers=((Waiver(doi="10.1/x"), "unused"),),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_any_report_fits_the_schema_and_survives_being_written(report: Report) -> None:
    plain = wire.report(report)
    validator().validate(plain)
    validator("parsed").validate(wire.manuscript(report.manuscript))
    assert json.loads(RENDERERS["json"](report)) == plain
    for match in report.matches:
        validator("line").validate(wire.line("7", match.reference, match, report.findings))


@pytest.mark.parametrize("line", [{"id": 1, "error": "…"}, wire.read_line(None, Reference(title="x"))])
def test_lines_of_a_stream_fit_the_schema(line: wire.Json) -> None:
    assert validator("line").is_valid(line) or validator("parsed_line").is_valid(line)


def test_an_unknown_key_does_not_fit_the_schema() -> None:
    plain = wire.report(Report(manuscript=Manuscript(name="m", text="")))
    assert validator().is_valid(plain)
    assert not validator().is_valid(plain | {"surprise": 1})


def test_no_record_is_named_unless_one_is_certain() -> None:
    reference = Reference(raw="Lee 2023", span=Span(0, 8))
    near = Candidate(work=Work(doi="10.1/near", source="crossref"), confidence=0.2, against="other title")
    absent = wire.match(Match(reference=reference, verdict=Verdict.ABSENT, candidates=(near,)))
    assert (absent["doi"], absent["work"], absent["source"]) == (None, None, None)
    assert absent["candidates"][0]["against"] == "other title"
    sure = wire.match(Match(reference=reference, verdict=Verdict.MATCHED, candidates=(near,)))
    assert (sure["doi"], sure["work"]["doi"]) == ("10.1/near", "10.1/near")
    assert "candidates" not in sure


def test_a_finding_stands_at_its_reference_and_not_at_the_callout_that_names_it() -> None:
    reference = Reference(number=1, raw="Lee 2023", span=Span(20, 28))
    at_entry = Finding(code="REF102", name="x", severity=Severity.ERROR, message="", number=1, span=Span(20, 28))
    at_callout = Finding(code="REF107", name="x", severity=Severity.ERROR, message="", number=1, span=Span(3, 6))
    report = Report(
        manuscript=Manuscript(name="m", text="x" * 28, references=(reference,)), findings=(at_callout, at_entry)
    )
    plain = wire.report(report)
    assert [f["code"] for f in plain["references"][0]["findings"]] == ["REF102"]
    assert [f["code"] for f in plain["findings"]] == ["REF107", "REF102"]


def test_the_document_names_every_key() -> None:
    document = (DOCS / "wire.md").read_text(encoding="utf-8")

    def keys(schema: Any) -> set[str]:
        if isinstance(schema, list):
            return set().union(*map(keys, schema)) if schema else set()
        if not isinstance(schema, dict):
            return set()
        own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
        return own.union(*(keys(v) for k, v in schema.items()))

    assert not sorted(key for key in keys(SCHEMA) if f"`{key}`" not in document and f'"{key}"' not in document)
