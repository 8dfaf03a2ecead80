"""What every source over the network has in front of it: the answers it remembers, the file they are kept in, the
transport, and the count of what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from refcheck.errors import SourceUnavailable
from refcheck.model import Enquiry
from refcheck.sources.http.cache import AnswerCache, Kept, cache_key
from refcheck.sources.http.pacing import Pacer
from refcheck.sources.http.single_flight import Once
from refcheck.sources.http.transport import Transport, TransportOptions


class Desk:
    """Questions to one service, asked once, kept, and answered from what was kept when the service is down."""

    def __init__(self, source: str, transport: Transport, cache: AnswerCache | None) -> None:
        self.source = source
        self.transport = transport
        self._cache = cache
        self._once: Once[Any] = Once()

    def ask(self, kind: str, question: str, fetch: Callable[[], Any]) -> Any:
        """The answer (anything JSON can hold) to a question of some kind (a key of `cache.FRESH`).

        `fetch` is called when it is not known. Raises SourceUnavailable when `fetch` does and nothing usable was kept.
        """
        return self._once((kind, question), lambda: self._ask(kind, question, fetch))

    def _ask(self, kind: str, question: str, fetch: Callable[[], Any]) -> Any:
        kept = self._look(kind, question)
        if kept is not None:
            self.transport.count_cached(age=kept.age)
            return kept.value
        try:
            value = fetch()
        except SourceUnavailable:
            stale = self._look(kind, question, stale=True)
            if stale is None:
                raise
            self.transport.count_cached(age=stale.age)
            return stale.value
        self.keep(kind, question, value)
        return value

    def kept(self, kind: str, question: str, *, stale: bool = False) -> Any:
        """What the cache has, None if nothing; `stale` also takes what is only better than nothing."""
        kept = self._look(kind, question, stale=stale)
        if kept:
            self.transport.count_cached(0, age=kept.age)
        return kept.value if kept else None

    def _look(self, kind: str, question: str, *, stale: bool = False) -> Kept | None:
        return self._cache.get(self._key(kind, question), kind, stale=stale) if self._cache else None

    def keep(self, kind: str, question: str, value: Any) -> None:
        """Put a validated answer into the cache."""
        if self._cache is not None:
            self._cache.put(self._key(kind, question), kind, value)

    def _key(self, kind: str, question: str) -> str:
        return cache_key(self.source, self.transport.base_url, kind, question)

    def enquiry(self) -> Enquiry:
        """What was asked so far."""
        return self.transport.enquiry()


class DeskOptions(TransportOptions, total=False):
    """What every source over the network can be given: where its answers are kept, and what its transport takes."""

    cache: AnswerCache | None


def open_desk(
    source: str,
    base_url: str,
    *,
    rate: float,
    concurrency: int,
    mailto: str = "",
    cache: AnswerCache | None = None,
    **options: Unpack[TransportOptions],
) -> Desk:
    """A desk before a service with one limit: `rate` requests a second, `concurrency` in flight.

    Raises UsageError for an address that may not be used.
    """
    replaced: dict[str, Any] = {name: value for name, value in options.items() if name in ("clock", "sleep")}
    pacer = Pacer({"any": rate}, concurrency, **replaced)
    return Desk(source, Transport(source, base_url, pacer, mailto=mailto, **options), cache)
