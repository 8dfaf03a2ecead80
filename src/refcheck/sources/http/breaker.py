"""When to leave a service alone: a circuit breaker.

A short outage is ridden out by retries. A long one must not cost every reference its own minutes of waiting: then all
questions fail at once, and now and again one of them tries whether the service is back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

#: Silence, in seconds and in failed attempts, that a service is given which has answered before ...
PATIENCE, PATIENCE_ATTEMPTS = 30.0, 8
#: ... one that never has ...
FIRST_PATIENCE, FIRST_ATTEMPTS = 10.0, 5
#: ... and one to which no connection could be made at all: this machine is offline, or the address is wrong.
OFFLINE_PATIENCE, OFFLINE_ATTEMPTS = 0.0, 3
#: Seconds for which it is then left alone.
REST = 30.0


class Breaker:
    """Whether a service may be asked. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._answered = False
        self._failing_since: float | None = None
        self._failures = 0
        self._rest_until = float("-inf")
        self._reason = self._shut = ""

    def closed_for(self) -> str:
        """Why nothing may be asked now; "" if it may."""
        with self._lock:
            if self._shut:
                return self._shut
            return self._reason if self._clock() < self._rest_until else ""

    def shut(self, reason: str) -> None:
        """Never ask again."""
        with self._lock:
            self._shut = reason

    def good(self) -> None:
        """It answered."""
        with self._lock:
            self._answered = True
            self._failing_since, self._failures = None, 0

    def bad(self, reason: str, *, connected: bool = True) -> None:
        """An attempt failed, why, and whether there was a connection. After a rest, one failure brings the next."""
        now = self._clock()
        with self._lock:
            self._failures += 1
            self._reason = reason
            if self._failing_since is None:
                self._failing_since = now
            patience, attempts = PATIENCE, PATIENCE_ATTEMPTS
            if not self._answered:
                patience, attempts = FIRST_PATIENCE, FIRST_ATTEMPTS
                if not connected:
                    patience, attempts = OFFLINE_PATIENCE, OFFLINE_ATTEMPTS
            if self._failures >= attempts and now - self._failing_since >= patience:
                self._rest_until = now + REST
