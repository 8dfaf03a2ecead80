"""Crossref records of every odd shape, and the work that each must become: fixtures/records/crossref/*.json."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refcheck.model import Name, Notice, Work
from refcheck.sources.corpus.mapping import entry
from refcheck.sources.corpus.reading import slim
from refcheck.sources.record import CSL_TYPES, record_work

FOLDER = Path(__file__).parents[2] / "fixtures" / "records" / "crossref"
SHAPES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
# The types of https://api.crossref.org/types in 2026.
TYPES = (
    "journal-article proceedings-article book-chapter book monograph edited-book reference-book reference-entry "
    "book-section book-part book-track book-set book-series proceedings proceedings-series journal journal-volume "
    "journal-issue report report-series report-component standard posted-content dissertation dataset database "
    "peer-review component grant other"
).split()

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("10.5555/x"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["DOI", "name", "family", "date-parts", "type", "id", "id-type"]), inner)
    ),
    max_leaves=6,
)
_KEYS = sorted(
    {key for shape in SHAPES.values() for key in shape["message"]}
    | {"short-title", "issue-title", "alias", "edition-number", "deposited", "indexed"}
)


def work_of(values: dict[str, Any]) -> Work:
    """The work that a fixture describes: what it does not name is empty."""
    names = {k: tuple(Name(**n) for n in values.get(k, ())) for k in ("authors", "editors")}
    notices = tuple(Notice(**n) for n in values.get("notices", ()))
    also = {k: tuple(v) for k, v in values.get("also", {}).items()}
    plain = {k: v for k, v in values.items() if isinstance(v, str)}
    return Work(**plain, **names, notices=notices, also=also, source="crossref")


@pytest.mark.parametrize("name", SHAPES)
def test_a_record_of_this_shape_becomes_this_work(name: str) -> None:
    shape = SHAPES[name]
    assert record_work(shape["message"]) == work_of(shape["work"]), shape["about"]


@pytest.mark.parametrize("name", SHAPES)
def test_what_an_index_keeps_of_a_record_is_all_that_matters(name: str) -> None:
    message = SHAPES[name]["message"]
    assert record_work(slim({**message, "reference": [{"key": "1"}], "abstract": "<p>"})) == record_work(message)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_crossref_has_a_csl_type(kind: str) -> None:
    assert CSL_TYPES[kind]
    assert record_work({"DOI": "10.5555/x", "type": kind}).type == CSL_TYPES[kind]


def test_the_source_is_named() -> None:
    assert record_work({"DOI": "10.5555/x"}, "records").source == "records"


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(_KEYS), _json, max_size=8))
def test_no_record_raises_and_nothing_is_said_twice(message: dict[str, Any]) -> None:
    work = record_work(message)
    main = {"title": work.title, "container": work.container, "pages": work.pages, "doi": work.doi, "isbn": work.isbn}
    for key, values in work.also.items():
        assert len(set(values)) == len(values) > 0
        assert "" not in values
        assert main.get(key) not in values
        assert not (key.startswith("year:") and work.year in values)
    assert all(isinstance(getattr(work, f.name), str | tuple | dict) for f in fields(work))
    assert record_work(slim(message)) == work
    assert isinstance(entry(slim(message)).words, str)
