"""Time for tests: only sleeping moves the clock."""

from __future__ import annotations

import threading


class FakeTime:
    """A clock in seconds, starting at `at`; for any number of threads."""

    def __init__(self, at: float = 1000.0) -> None:
        self.at = at
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.at += seconds
