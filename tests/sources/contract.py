"""What every source keeps to, run for each of them.

Subclass `SourceContract`, and give it a `client`, references whose identifiers it knows, and a question it can answer.
Sources over the network also keep to `NetworkContract`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from refcheck.errors import SourceUnavailable
from refcheck.model import Identified, Query, Reference, Work
from refcheck.sources import Source


class SourceContract:
    """For any source."""

    #: A reference whose identifier the source knows, and under what the answer is found.
    known: Reference
    key: str
    #: A question with an answer.
    asked: Query

    @pytest.fixture
    def client(self) -> Iterator[Source]:
        """The source, over something that answers."""
        raise NotImplementedError

    def test_it_is_a_source(self, client: Source) -> None:
        assert isinstance(client, Source)
        assert client.name == client.name.lower() != ""
        assert client.concurrency >= 1

    def test_it_identifies(self, client: Source) -> None:
        found = client.identify([self.known, self.known])
        assert list(found.works) == [self.key]
        assert found.works[self.key].source == client.name
        assert found.works[self.key].title
        assert not found.unknown

    def test_it_identifies_nothing_where_nothing_is_printed(self, client: Source) -> None:
        assert client.identify([]) == Identified()
        assert client.identify([Reference(title="No identifier"), Reference(doi="not a doi", pmid="x")]) == Identified()

    def test_each_identifier_has_one_fate(self, client: Source) -> None:
        found = client.identify([self.known, Reference(doi="10.5555/nothing-of-the-kind")])
        fates = [*found.works, *found.unknown, *found.elsewhere, *found.unanswered]
        assert len(fates) == len(set(fates))

    def test_it_searches(self, client: Source) -> None:
        works = client.search(self.asked)
        assert works
        assert len(works) <= 10
        assert all(isinstance(work, Work) and work.source == client.name for work in works)

    def test_odd_questions_raise_nothing(self, client: Source) -> None:
        for text in ("", " \n\t", "\x00\ud800", '"(AND) OR * ~2 ^ : / \\', "ß" * 5000, "10.5555/x " * 400):
            for kind in ("entry", "title", "locator"):
                odd = Reference(raw=text, title=text, container=text, volume=text, pages=text, year=text)
                assert all(isinstance(w, Work) for w in client.search(Query(kind=kind, text=text, reference=odd)))

    def test_threads_get_the_same_answers(self, client: Source) -> None:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(client.search, [self.asked] * 8))
        assert all(answer == answers[0] for answer in answers)

    def test_it_tells_what_it_asked(self, client: Source) -> None:
        client.search(self.asked)
        assert client.name in client.enquiry().source


class NetworkContract(SourceContract):
    """For sources over HTTP: an outage is never an empty answer."""

    #: What a service can do, by name; `broken` makes it do so.
    faults: tuple[str, ...] = ()

    @contextmanager
    def broken(self, fault: str) -> Iterator[Source]:
        """The source, over something that fails in one way."""
        raise NotImplementedError
        yield

    def test_an_outage_is_told(self) -> None:
        for fault in self.faults:
            with self.broken(fault) as client:
                with pytest.raises(SourceUnavailable) as told:
                    client.search(self.asked)
                assert told.value.source == client.name, fault
                found = client.identify([self.known])
                assert set(found.unanswered) == {self.key}, fault
                assert found == Identified(unanswered=found.unanswered), fault
                assert client.enquiry().failed > 0, fault

    def test_what_is_told_holds_no_address(self) -> None:
        for fault in self.faults:
            with self.broken(fault) as client, pytest.raises(SourceUnavailable) as told:
                client.search(self.asked)
            text = f"{told.value!s} {told.value!r} {told.value.__cause__!r} {told.value.__context__!r}"
            assert "example.org" not in text, fault
            assert "http" not in text, fault
