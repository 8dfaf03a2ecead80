"""Whatever JSON a service sends, reading it gives works or says that it is unusable; nothing else is raised."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refcheck.model import Work
from refcheck.sources.http.transport import Answer, Refused, Unusable
from refcheck.sources.record import record_work
from refcheck.sources.services import agencies, crossref_protocol, datacite, europepmc, pubmed

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
JSON = st.recursive(
    SCALARS, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=6), x, max_size=3), max_leaves=8
)


def keyed(keys: str) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with the keys that are looked at, and anything behind them."""
    rows = st.lists(JSON | st.dictionaries(st.sampled_from(keys.split()), JSON, max_size=3), max_size=2)
    return st.dictionaries(st.sampled_from(keys.split()), JSON | rows, max_size=8)


BUILDERS: list[tuple[Callable[[Any], Work], st.SearchStrategy[dict[str, Any]]]] = [
    (
        datacite.datacite_work,
        keyed(
            "doi titles title creators name familyName givenName nameType publicationYear publisher container firstPage"
            " lastPage volume issue types resourceTypeGeneral"
        ),
    ),
    (
        pubmed.pubmed_work,
        keyed(
            "uid title pubdate epubdate source fulljournalname authors name authtype volume issue pages articleids"
            " idtype value issn essn elocationid pubtype"
        ),
    ),
    (
        europepmc.europepmc_work,
        keyed("doi pmid pmcid title authorString journalTitle journalVolume issue pageInfo pubYear source pubType"),
    ),
    (
        record_work,
        keyed("DOI type title author issued page volume issue container-title relation updated-by update-to"),
    ),
]
READERS: list[Callable[[Answer], Any]] = [
    crossref_protocol.read_items,
    crossref_protocol.read_message,
    datacite._read_record,
    datacite._read_list,
    europepmc._read,
    pubmed._read_summaries,
    pubmed._read_numbers,
    pubmed._read_listed,
    lambda answer: agencies._read(answer, ["10.5555/x"]),
]
ENVELOPES = keyed(
    "status message-type message items DOI data attributes resultList result uids RA esearchresult idlist"
)


@pytest.mark.parametrize(("build", "records"), BUILDERS, ids=lambda x: getattr(x, "__name__", ""))
def test_every_record_is_a_work(build: Callable[[Any], Work], records: st.SearchStrategy[Any]) -> None:
    @settings(max_examples=60, deadline=None)
    @given(records)
    def holds(record: Any) -> None:
        assert isinstance(build(record), Work)

    holds()


def outcome(read: Callable[[Answer], Any], answer: Answer) -> Any:
    """What was read, or why it was not."""
    try:
        return ("read", read(answer))
    except (Unusable, Refused) as told:
        return str(told)


@settings(max_examples=150, deadline=None)
@given(JSON | ENVELOPES | st.lists(ENVELOPES, max_size=2), st.sampled_from([200, 301, 307, 400, 404]))
def test_every_answer_is_read_or_refused(value: Any, status: int) -> None:
    answer = Answer(status, {"location": str(value)[:80]}, json.dumps(value).encode())
    for read in READERS:
        assert outcome(read, answer) != ""


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.sampled_from([200, 404]))
def test_every_body_is_read_or_refused(body: bytes, status: int) -> None:
    for read in READERS:
        assert outcome(read, Answer(status, {}, body)) != ""
