"""One question, one asking."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.sources.times import FakeTime

from refcheck.sources.http.single_flight import Once


def test_many_threads_ask_once() -> None:
    once: Once[int] = Once()
    asked: list[int] = []

    def ask() -> int:
        time.sleep(0.02)
        asked.append(1)
        return 7

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: once("q", ask), range(20)))
    assert answers == [7] * 20
    assert asked == [1]


def test_a_failure_is_told_to_all_who_wait_and_asked_again_later() -> None:
    once: Once[int] = Once()
    started, asking = threading.Event(), threading.Event()
    told: list[str] = []

    def fail() -> int:
        started.set()
        asking.wait(5)
        time.sleep(0.2)
        raise ValueError("no answer")

    def wait() -> None:
        started.wait(5)
        asking.set()
        try:
            once("q", lambda: 0)
        except ValueError as exc:
            told.append(str(exc))

    waiting = threading.Thread(target=wait)
    waiting.start()
    with pytest.raises(ValueError, match="no answer"):
        once("q", fail)
    waiting.join(5)
    assert told == ["no answer"]
    assert once("q", lambda: 3) == 3


def test_only_the_last_answers_are_remembered() -> None:
    once: Once[int] = Once(2)
    for n in range(4):
        assert once(n, lambda n=n: n) == n  # type: ignore[misc]
    assert once(3, lambda: 99) == 3
    assert once(0, lambda: 99) == 99


def test_and_not_for_ever() -> None:
    clock = FakeTime()
    once: Once[str] = Once(clock=clock.now)
    assert once("q", lambda: "old") == "old"
    clock.sleep(3000)
    assert once("q", lambda: "new") == "old"
    clock.sleep(3000)
    assert once("q", lambda: "new") == "new"
