"""The counting itself: it must tell linear work from quadratic, and end what does not end."""

import time

import pytest

from tests import work
from tests.work import events, grows_linearly, no_hang


def linear(size: int) -> int:
    return sum(len(str(n)) for n in range(size))


def quadratic(size: int) -> int:
    return sum(len(str(n)) for n in range(size) for _ in range(n))


def test_calls_are_counted() -> None:
    assert 200 <= events(lambda: linear(100)) <= 220  # len and one step of the generator, a hundred times


def test_linear_work_passes_and_quadratic_does_not() -> None:
    grows_linearly(linear, 1000)
    with pytest.raises(AssertionError, match="calls"):
        grows_linearly(quadratic, 100)


def test_a_hang_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "HANG", 1)

    def hang() -> None:
        with no_hang():
            while True:
                time.sleep(0.01)

    with pytest.raises(AssertionError, match="no end"):
        hang()
