"""The same question is asked once, however often and from however many threads it comes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Remembers the last `most` answers, and lets later askers wait for the first one. Failures are not remembered.

    >>> once = Once()
    >>> once("q", lambda: "answer"), once("q", lambda: "never called")
    ('answer', 'answer')
    """

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def __call__(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question, from `ask` if it is new."""
        with self._lock:
            future = self._answers.get(question)
            mine = future is None
            if future is None:
                future = self._answers[question] = Future()
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
            else:
                self._answers.move_to_end(question)
        if not mine:
            return future.result()
        try:
            answer = ask()
        except BaseException as exc:
            with self._lock:
                if self._answers.get(question) is future:
                    del self._answers[question]
            future.set_exception(exc)
            raise
        future.set_result(answer)
        return answer
