"""When requests may leave: spacing, places in flight, headers good and bad, cool-downs."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.times import FakeTime

from refcheck.sources.http.pacing import CROSSREF_LIMITS, MARGIN, Pacer, learn_crossref, told_concurrency, told_rate


def pacer(pool: str = "polite", **options: object) -> tuple[Pacer, FakeTime]:
    fake = FakeTime()
    limits = CROSSREF_LIMITS[pool]
    rates = {"single": limits.single, "array": limits.array}
    return Pacer(rates, limits.concurrency, clock=fake.now, sleep=fake.sleep), fake


def leave(pacer: Pacer, fake: FakeTime, bucket: str, times: int) -> list[float]:
    left = []
    for _ in range(times):
        with pacer.turn(bucket):
            left.append(fake.at)
    return left


@pytest.mark.parametrize(("bucket", "rate"), [("single", 10), ("array", 3)])
def test_requests_are_evenly_spaced(bucket: str, rate: int) -> None:
    left = leave(*pacer(), bucket, 20)
    gaps = [b - a for a, b in itertools.pairwise(left)]
    assert gaps == pytest.approx([(1 + MARGIN) / rate] * 19)


def test_buckets_are_counted_apart() -> None:
    p, fake = pacer()
    start = fake.at
    with p.turn("array"), p.turn("single"):
        assert fake.at == start


def test_idle_time_is_no_credit() -> None:
    p, fake = pacer()
    leave(p, fake, "array", 1)
    fake.sleep(60)
    left = leave(p, fake, "array", 3)
    assert left[2] - left[0] == pytest.approx(2 * (1 + MARGIN) / 3)


def test_no_more_than_so_many_in_flight() -> None:
    p = Pacer({"any": float("inf")}, 3)
    lock, flying, most = threading.Lock(), 0, 0

    def fly(_: int) -> None:
        nonlocal flying, most
        with p.turn("any"):
            with lock:
                flying += 1
                most = max(most, flying)
            time.sleep(0.005)
            with lock:
                flying -= 1

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(fly, range(40)))
    assert most == 3


def test_a_failure_gives_its_place_back() -> None:
    p = Pacer({"any": float("inf")}, 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="x"), p.turn("any"):
            raise ValueError("x")


def test_a_cool_down_holds_everyone() -> None:
    p, fake = pacer()
    p.hold(30)
    p.hold(5)
    start = fake.at
    assert leave(p, fake, "single", 1) == [start + 30]
    assert leave(p, fake, "array", 1) == [start + 30]


def test_refusals_widen_the_spacing_and_answers_take_it_back() -> None:
    p, _ = pacer()
    usual = p.spacing("array")
    p.slower("array")
    assert p.spacing("array") == pytest.approx(1.5 * usual)
    assert p.spacing("single") == pytest.approx(usual * 3 / 10)
    for _ in range(20):
        p.slower("array")
    assert p.spacing("array") == pytest.approx(4 * usual)
    for _ in range(30):
        p.recover("array")
    assert p.spacing("array") == pytest.approx(usual)


@pytest.mark.parametrize(
    ("headers", "rate"),
    [
        ({"x-rate-limit-limit": "5", "x-rate-limit-interval": "1s"}, 5),
        ({"x-rate-limit-limit": "5"}, 5),
        ({"x-rate-limit-limit": "50, 50", "x-rate-limit-interval": "1s, 1s"}, 50),
        ({"x-rate-limit-limit": "30", "x-rate-limit-interval": "10s"}, 3),
        ({"x-rate-limit-limit": "60", "x-rate-limit-interval": "1m"}, 1),
        ({}, None),
        ({"x-rate-limit-limit": ""}, None),
        ({"x-rate-limit-limit": "0"}, None),
        ({"x-rate-limit-limit": "-3"}, None),
        ({"x-rate-limit-limit": "many"}, None),
        ({"x-rate-limit-limit": "1e9"}, None),
        ({"x-rate-limit-limit": "5.5"}, None),
        ({"x-rate-limit-limit": "99999999999"}, None),
        ({"x-rate-limit-limit": "5", "x-rate-limit-interval": "0s"}, None),
        ({"x-rate-limit-limit": "5", "x-rate-limit-interval": "soon"}, None),
        ({"x-rate-limit-limit": "1", "x-rate-limit-interval": "24h"}, None),
    ],
)
def test_rates_that_headers_tell(headers: dict[str, str], rate: float | None) -> None:
    assert told_rate(headers) == rate


@pytest.mark.parametrize(("value", "told"), [("3", 3), ("1, 1", 1), ("0", None), ("", None), ("-1", None), ("x", None)])
def test_concurrency_that_headers_tell(value: str, told: int | None) -> None:
    assert told_concurrency({"x-concurrency-limit": value}) == told


@pytest.mark.parametrize(
    ("bucket", "headers", "rate", "concurrency"),
    [
        # of today, and of June 2026, when lists were told the limit of single records
        ("array", {"x-api-pool": "polite-array", "x-rate-limit-limit": "3", "x-concurrency-limit": "3"}, 3, 3),
        ("array", {"x-api-pool": "polite", "x-rate-limit-limit": "10", "x-concurrency-limit": "3"}, 3, 3),
        # an address that was not accepted puts us into the public pool
        ("array", {"x-api-pool": "public-array", "x-rate-limit-limit": "1", "x-concurrency-limit": "1"}, 1, 1),
        ("array", {"x-api-pool": "public"}, 1, 1),
        # stricter than the table
        ("array", {"x-api-pool": "polite-array", "x-rate-limit-limit": "2", "x-concurrency-limit": "2"}, 2, 2),
        # looser than the table, or mad
        ("array", {"x-api-pool": "polite-array", "x-rate-limit-limit": "500", "x-concurrency-limit": "64"}, 3, 3),
        ("array", {"x-api-pool": "plus", "x-rate-limit-limit": "150"}, 3, 3),
        ("array", {"x-api-pool": "", "x-rate-limit-limit": "0", "x-concurrency-limit": "none"}, 3, 3),
        ("array", {"x-api-pool": "polite-single", "x-rate-limit-limit": "1"}, 3, 3),
        ("single", {"x-api-pool": "polite-single", "x-rate-limit-limit": "10"}, 10, 3),
        ("array", {}, 3, 3),
    ],
)
def test_limits_tighten_and_never_loosen(bucket: str, headers: dict[str, str], rate: float, concurrency: int) -> None:
    p, _ = pacer()
    learn_crossref(p, bucket, headers)
    assert (p.rate(bucket), p.concurrency) == (rate, concurrency)


_HEADERS = st.dictionaries(
    st.sampled_from(["x-rate-limit-limit", "x-rate-limit-interval", "x-concurrency-limit", "x-api-pool"]),
    st.one_of(st.text(max_size=20), st.from_regex(r"-?[0-9]{1,12}(s|ms|h|, [0-9]+)?", fullmatch=True)),
)


@given(st.lists(st.tuples(st.sampled_from(["single", "array"]), _HEADERS), max_size=4))
def test_no_headers_ever_loosen_or_stop_it(answers: list[tuple[str, dict[str, str]]]) -> None:
    p, _ = pacer()
    for bucket, headers in answers:
        learn_crossref(p, bucket, headers)
        assert 1 / 60 <= p.rate("single") <= 10
        assert 1 / 60 <= p.rate("array") <= 3
        assert 1 <= p.concurrency <= 3
