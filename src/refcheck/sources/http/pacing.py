"""When the next request may leave: evenly spaced per bucket, few in flight, held back when the server says so.

A service counts requests in buckets (Crossref: single records and lists are counted apart) and limits how many may
be in flight together. Limits only ever tighten: what the published table grants is the ceiling, whatever a header
says.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple

#: Spacing is wider than the limit asks by this share. Arrivals at the server jitter: without a margin, one request
#: in six was refused on the public list pool (a probe of October 2026); 8 % forgives 80 ms in a second.
MARGIN = 0.08

#: After a refusal for speed the spacing widens by this factor, up to the second; each good answer takes back a tenth.
#: (Crossref: "try your request again at a lower rate".)
_WIDEN, _WIDEST, _RECOVER = 1.5, 4.0, 0.9


class Limits(NamedTuple):
    """What one pool grants: requests a second in each bucket, and how many may be in flight together."""

    single: float
    array: float
    concurrency: int


#: Crossref's published limits since 1 December 2025 ("Announcing changes to REST API rate limits", 2025-11-05,
#: doi 10.64000/wadve-3tj60). No concurrency is stated for Plus; 5 was the limit of every pool before.
CROSSREF_LIMITS: Mapping[str, Limits] = MappingProxyType(
    {"public": Limits(5, 1, 1), "polite": Limits(10, 3, 3), "plus": Limits(150, 150, 5)}
)

_FIRST_NUMBER = re.compile(r"\s{0,3}(\d{1,6})(?![\w.])")
_INTERVAL = re.compile(r"\s{0,3}(\d{1,4})\s?(ms|s|m|h)?\b")
_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
#: A header that asks for less than one request in this many seconds is taken for garbage.
_SLOWEST = 60.0


def told_rate(headers: Mapping[str, str]) -> float | None:
    """Requests a second that the headers of an answer grant; None when they are absent or make no sense.

    Values were doubled in July 2021 ("50, 50"), which broke a client: the first number counts.

    >>> told_rate({"x-rate-limit-limit": "50, 50", "x-rate-limit-interval": "1s, 1s"})
    50.0
    >>> told_rate({"x-rate-limit-limit": "0"}) is None, told_rate({"x-rate-limit-limit": "lots"}) is None
    (True, True)
    """
    limit = _FIRST_NUMBER.match(headers.get("x-rate-limit-limit", ""))
    interval = _INTERVAL.match(headers.get("x-rate-limit-interval", "1s"))
    if not limit or not interval or not int(limit[1]) or not int(interval[1]):
        return None
    rate = int(limit[1]) / (int(interval[1]) * _UNIT[interval[2] or "s"])
    return rate if rate * _SLOWEST >= 1 else None


def told_concurrency(headers: Mapping[str, str]) -> int | None:
    """How many requests may be in flight, by the headers; None when they do not say.

    >>> told_concurrency({"x-concurrency-limit": "3"})
    3
    """
    found = _FIRST_NUMBER.match(headers.get("x-concurrency-limit", ""))
    return int(found[1]) or None if found else None


class Pacer:
    """Lets requests go one by one.

    `rates` are requests a second by bucket (infinity: no spacing); `concurrency` is how many may be in flight.
    `clock` and `sleep` are in seconds and can be replaced.
    """

    def __init__(
        self,
        rates: Mapping[str, float],
        concurrency: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ceiling = dict(rates)
        self._ceiling_concurrency = concurrency
        self._rates = dict(rates)
        self._concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._turns = {bucket: threading.Lock() for bucket in rates}
        self._left = dict.fromkeys(rates, float("-inf"))
        self._width = dict.fromkeys(rates, 1.0)
        self._held_until = float("-inf")
        self._in_flight = 0
        self._gate = threading.Condition()

    def rate(self, bucket: str) -> float:
        """Requests a second now granted in a bucket."""
        return self._rates[bucket]

    @property
    def concurrency(self) -> int:
        """How many requests may be in flight now."""
        return self._concurrency

    @contextmanager
    def turn(self, bucket: str) -> Iterator[None]:
        """Wait for a place in flight and for the next free moment of the bucket; the place is kept for the block."""
        with self._gate:
            while self._in_flight >= self._concurrency:
                self._gate.wait()
            self._in_flight += 1
        try:
            self._wait(bucket)
            yield
        finally:
            with self._gate:
                self._in_flight -= 1
                self._gate.notify()

    def _wait(self, bucket: str) -> None:
        # The lock is held while sleeping: whoever comes next counts from the moment the request really left.
        with self._turns[bucket]:
            while (pause := max(self._left[bucket] + self.spacing(bucket), self._held_until) - self._clock()) > 0:
                self._sleep(pause)
            self._left[bucket] = self._clock()

    def spacing(self, bucket: str) -> float:
        """Seconds between two requests of a bucket now.

        >>> round(Pacer({"array": 3.0}, 3).spacing("array"), 2)
        0.36
        """
        return (1 + MARGIN) * self._width[bucket] / self._rates[bucket]

    def tighten(self, bucket: str, rate: float | None, concurrency: int | None) -> None:
        """Follow what the server says, never beyond the limits this pacer was made with; None changes nothing."""
        with self._gate:
            if rate is not None:
                self._rates[bucket] = min(rate, self._ceiling[bucket])
            if concurrency is not None:
                self._concurrency = min(concurrency, self._ceiling_concurrency)
                self._gate.notify_all()

    def hold(self, seconds: float) -> None:
        """Nothing leaves, from any thread, for so many seconds."""
        with self._gate:
            self._held_until = max(self._held_until, self._clock() + seconds)

    def slower(self, bucket: str) -> None:
        """A request was refused for its speed."""
        self._width[bucket] = min(_WIDEST, self._width[bucket] * _WIDEN)

    def recover(self, bucket: str) -> None:
        """A request was answered."""
        self._width[bucket] = max(1.0, self._width[bucket] * _RECOVER)


def learn_crossref(pacer: Pacer, bucket: str, headers: Mapping[str, str]) -> None:
    """Take over the limits that an answer of Crossref tells.

    Pools were named "public" and "polite" until June 2026, "polite-array" and the like since. The older headers told
    the limit of single records on lists too, so the table of the pool named is a second ceiling.

    >>> p = Pacer({"single": 10.0, "array": 3.0}, 3)
    >>> learn_crossref(p, "array", {"x-api-pool": "public-array", "x-rate-limit-limit": "5"})
    >>> p.rate("array"), p.concurrency
    (1, 1)
    """
    rate, concurrency = told_rate(headers), told_concurrency(headers)
    pool, _, counted = headers.get("x-api-pool", "").partition("-")
    if granted := CROSSREF_LIMITS.get(pool):
        ceiling = granted.array if bucket == "array" else granted.single
        rate = min(rate or ceiling, ceiling)
        concurrency = min(concurrency or granted.concurrency, granted.concurrency)
    if counted in {"single", "array"} and counted != bucket:
        rate = None  # the answer came from another bucket: its number says nothing about this one
    pacer.tighten(bucket, rate, concurrency)
