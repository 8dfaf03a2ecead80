"""The way out: attempts, waits, bounds, and a service that stays away."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.times import FakeTime
from tests.standin import CrossrefStandin, each, scripted
from tests.work import no_hang

from refcheck.errors import SourceUnavailable
from refcheck.sources.http import transport as module
from refcheck.sources.http.addresses import redact, safe_base
from refcheck.sources.http.pacing import Pacer
from refcheck.sources.http.transport import RETRY_AFTER_CAP, Answer, Outgoing, Transport, retry_after

URL = "https://service.example.org"


def made(url: str = URL, **options: Any) -> tuple[Transport, FakeTime]:
    fake = FakeTime()
    pacer = Pacer({"any": 10.0}, 2, clock=fake.now, sleep=fake.sleep)
    return Transport("service", url, pacer, clock=fake.now, sleep=fake.sleep, jitter=lambda: 1.0, **options), fake


def ask(transport: Transport) -> Any:
    return transport.get("/x", (("q", "a b&c"),), bucket="any", read=Answer.json)


def test_waits_grow_and_have_a_cap() -> None:
    transport, fake = made()
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", json=1)
        ask(transport)
        service.replace(responses.GET, f"{URL}/x", status=500)
        with pytest.raises(SourceUnavailable, match="status 500"):
            ask(transport)
    waits = [s for s in fake.slept if s >= 1]
    assert waits == [1, 2, 4, 8, 16, 20, 20]


def test_total_time_is_bounded() -> None:
    transport, fake = made(total_seconds=10.0)
    start = fake.at
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", status=502)
        with pytest.raises(SourceUnavailable):
            ask(transport)
    assert fake.at - start <= 10


@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ("7", 7.0),
        ("86400", RETRY_AFTER_CAP),
        (None, 1.0),
        ("soon", 1.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", RETRY_AFTER_CAP),
    ],
)
def test_a_request_for_patience_is_honoured(header: str | None, waited: float) -> None:
    transport, fake = made()
    start = fake.at
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", status=429, headers={"Retry-After": header} if header else {})
        service.get(f"{URL}/x", json={"good": 1})
        assert ask(transport) == {"good": 1}
    assert fake.at - start == pytest.approx(waited, abs=0.2)


def test_retry_after_dates() -> None:
    now = lambda: datetime(2026, 11, 24, 12, tzinfo=UTC)  # noqa: E731
    assert retry_after("Tue, 24 Nov 2026 12:00:30 GMT", now) == 30
    assert retry_after("Tue, 24 Nov 2026 11:00:00 GMT", now) == 0
    assert retry_after("Tue, 24 Nov 2026 12:00:30", now) == 30


@given(st.text(max_size=40))
def test_no_retry_after_raises(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or seconds >= 0


def test_a_service_that_stays_away_is_left_alone_for_a_while(standin: Callable[..., CrossrefStandin]) -> None:
    server = standin(plan=each("503"))
    transport, fake = made(server.url)
    for _ in range(50):
        with pytest.raises(SourceUnavailable):
            ask(transport)
    assert server.requests < 20
    assert transport.enquiry().failed == 50
    server.plan = each("html-200")
    fake.sleep(60)
    with pytest.raises(SourceUnavailable):
        ask(transport)
    before = server.requests
    with pytest.raises(SourceUnavailable, match="HTML page"):
        ask(transport)
    assert server.requests == before


def test_and_asked_again_later() -> None:
    transport, fake = made()
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", status=503)
        for _ in range(5):
            with pytest.raises(SourceUnavailable):
                ask(transport)
        service.replace(responses.GET, f"{URL}/x", json=[1])
        fake.sleep(60)
        assert ask(transport) == [1]
        assert ask(transport) == [1]


def test_a_service_that_never_answered_is_given_up_soon() -> None:
    transport, fake = made()
    start = fake.at
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", status=503)
        for _ in range(100):
            with pytest.raises(SourceUnavailable):
                ask(transport)
    assert fake.at - start < 40


def test_one_that_did_is_given_longer() -> None:
    transport, fake = made()
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", json=1)
        ask(transport)
        service.replace(responses.GET, f"{URL}/x", status=503)
        start = fake.at
        for _ in range(100):
            with pytest.raises(SourceUnavailable):
                ask(transport)
    assert 30 < fake.at - start < 120


def test_short_outages_are_ridden_out(standin: Callable[..., CrossrefStandin]) -> None:
    server = standin(plan=scripted(["", "drop", "503", "429-bare", "truncated", "504"]))
    transport, _ = made(server.url)
    for _ in range(2):
        found = transport.get("/works/10.5555%2Fseries.1", bucket="any", read=Answer.json)
        assert found["message"]["DOI"] == "10.5555/series.1"
    assert (transport.enquiry().requests, transport.enquiry().failed) == (7, 0)


@pytest.mark.parametrize("status", [401, 405, 406, 410, 414, 451])
def test_refusals_are_not_repeated(status: int) -> None:
    transport, _ = made()
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", status=status)
        with pytest.raises(SourceUnavailable, match=str(status)):
            ask(transport)
        assert len(service.calls) == 1


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1_000_000)
    transport, _ = made()
    bomb = gzip.compress(b" " * 20_000_000)
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", body=bomb, headers={"Content-Encoding": "gzip"})
        with pytest.raises(SourceUnavailable, match="larger"):
            ask(transport)


def test_deep_json_is_no_answer() -> None:
    transport, _ = made(attempts=1)
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", body="[" * 200_000)
        with pytest.raises(SourceUnavailable):
            ask(transport)


def test_redirects_are_not_followed_to_other_hosts() -> None:
    transport, _ = made()
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", status=302, headers={"Location": "http://169.254.169.254/"})
        answer = transport.get("/x", bucket="any", read=lambda a: a)
        assert answer.status == 302
        assert len(service.calls) == 1


def test_cookies_are_not_kept() -> None:
    transport, _ = made()
    with responses.RequestsMock() as service:
        service.get(f"{URL}/x", json=1, headers={"Set-Cookie": "track=1; Path=/"})
        ask(transport)
        ask(transport)
        assert "Cookie" not in service.calls[1].request.headers


@pytest.mark.parametrize(
    "good", ["https://api.crossref.org", "http://localhost:8000/x", "http://127.0.0.2", "http://[::1]:9"]
)
def test_addresses_that_may_be_asked(good: str) -> None:
    assert safe_base(good + "/") == good


@pytest.mark.parametrize(
    "text",
    [
        "https://x/?mailto=me%40example.org&rows=1",
        "UA (mailto:me@example.org)",
        "a?email=me@example.org&api_key=s3cret&b=1",
    ],
)
def test_what_is_secret_is_taken_out(text: str) -> None:
    assert "example.org" not in redact(text)
    assert "s3cret" not in redact(text)


def test_a_trickle_of_bytes_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                    with suppress(OSError):
                        while True:  # until the client leaves
                            connection.sendall(b" ")
                            time.sleep(0.02)

        threading.Thread(target=drip, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        transport = Transport("service", url, Pacer({"any": 10.0}, 1), total_seconds=0.3)
        with no_hang(), pytest.raises(SourceUnavailable, match="too long"):
            ask(transport)


def test_a_dry_run_shows_each_request_once() -> None:
    outbox: list[Outgoing] = []
    transport, _ = made(outbox=outbox)
    for _ in range(2):
        with pytest.raises(SourceUnavailable, match="nothing was sent"):
            ask(transport)
    assert outbox == [Outgoing("service", "GET", f"{URL}/x?q=a%20b%26c")]


def test_being_offline_is_noticed_at_once() -> None:
    with CrossrefStandin() as gone:
        pass
    transport, fake = made(gone.url)
    start = fake.at
    for _ in range(20):
        with pytest.raises(SourceUnavailable, match=r"no connection to 127\.0\.0\.1"):
            ask(transport)
    assert fake.at - start < 5
    assert transport.enquiry().requests == 3
