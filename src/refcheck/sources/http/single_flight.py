"""The same question is asked once, however often and from however many threads it comes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")

#: Seconds for which an answer is remembered: longer than a check takes, shorter than a server runs.
_LONGEST = 3600.0


class Once(Generic[T]):
    """Remembers the last `most` answers for an hour, and lets later askers wait for the first one.

    Failures are not remembered. `clock` is in seconds.

    >>> once = Once()
    >>> once("q", lambda: "answer"), once("q", lambda: "never called")
    ('answer', 'answer')
    """

    def __init__(self, most: int = 512, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[float, Future[T]]] = OrderedDict()

    def __call__(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question, from `ask` if it is new."""
        now = self._clock()
        mine: Future[T] = Future()
        with self._lock:
            at, theirs = self._answers.get(question, (now, None))
            if theirs is None or now - at >= _LONGEST:
                theirs = None
                self._answers[question] = (now, mine)
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
            else:
                self._answers.move_to_end(question)
        if theirs is not None:
            return theirs.result()
        try:
            answer = ask()
        except BaseException as exc:
            with self._lock:
                if self._answers.get(question) == (now, mine):
                    del self._answers[question]
            mine.set_exception(exc)
            raise
        mine.set_result(answer)
        return answer
