"""One way out: a kept connection, paced requests, retries with a bound, and every answer judged before use.

What a service can do to us, and what becomes of it:

answered            200 (and 404, 400, redirects where the source reads them): the source's `read` takes it
try again           429, 5xx, 408, no connection, no answer in time, HTML or broken JSON where JSON is due
give up at once     403 (the service has blocked us: nothing more is sent), 401, other refusals
give up in the end  too many attempts, too much time, or a service that has answered nothing for a while

Giving up is always `SourceUnavailable`: an outage is never an empty answer. No error, log line or cache entry holds
an e-mail address, a token or a full address asked.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple, TypedDict, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter

from refcheck.errors import SourceUnavailable
from refcheck.model import Enquiry
from refcheck.sources.http.addresses import encoded, quiet_urllib3, redact, safe_base, user_agent
from refcheck.sources.http.breaker import Breaker
from refcheck.sources.http.pacing import Pacer

T = TypeVar("T")

#: Seconds to connect and to wait for the next bytes. Handshakes of up to 20 s were seen when Crossref is overrun;
#: good answers take 0.4–0.9 s.
TIMEOUT = (20.0, 30.0)
#: One request is tried so often. With one attempt in five failing, one request in 400,000 stays unanswered.
ATTEMPTS = 8
#: ... and for so many seconds at most, from when it first left.
TOTAL_SECONDS = 120.0
#: Back off between 0 and min(cap, first · 2ⁿ) seconds, evenly at random ("full jitter": AWS Architecture Blog,
#: "Exponential Backoff And Jitter", 2015).
_BACKOFF_FIRST, _BACKOFF_CAP = 0.5, 20.0
#: A server may ask us to wait, but not for longer (urllib3 would obey up to six hours).
RETRY_AFTER_CAP = 60.0
#: No answer may be larger, unpacked. (A thousand records with references are some 25 MB; we ask for 40 at most.)
MOST_BYTES = 32 * 1024 * 1024

_RETRIED = frozenset([408, 425, 429])


class Unusable(Exception):
    """An answer that cannot be what was asked for; the question is asked again."""


class Unreachable(Unusable):
    """No connection could be made."""


class Refused(Exception):
    """An answer that will not change: asking again is pointless."""


class Answer(NamedTuple):
    """What came back. Header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises Unusable when it is not (an HTML page with status 200, a cut answer …)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            kind = "an HTML page" if self.looks_like_html else "something that is not JSON"
            raise Unusable(f"it answered with {kind}") from None

    def require_ok(self) -> None:
        """Raises Refused where the status is not 200."""
        if self.status != 200:
            raise Refused(f"it does not take the question (status {self.status})")

    @property
    def looks_like_html(self) -> bool:
        """Whether the body is a web page: a maintenance notice, a balancer's error, a login form."""
        return self.body[:200].lstrip().startswith(b"<")


class Outgoing(NamedTuple):
    """A request that would leave the machine, as `--dry-run` shows it."""

    source: str
    method: str
    url: str


class TransportOptions(TypedDict, total=False):
    """What a source hands on to its transport; each is explained, and has its default, at `Transport`."""

    outbox: list[Outgoing] | None
    timeout: tuple[float, float]
    attempts: int
    total_seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    jitter: Callable[[], float]


class Transport:
    """Requests to one service.

    `outbox`: when a list is given nothing is sent; what would have been is appended to it.
    `learn` is told the headers of every answer. `attempts`, `total_seconds`, `clock`, `sleep` and `jitter` can be
    replaced; `headers` go with every request, and never to another host.
    """

    def __init__(
        self,
        source: str,
        base_url: str,
        pacer: Pacer,
        *,
        mailto: str = "",
        headers: Mapping[str, str] | None = None,
        learn: Callable[[Pacer, str, Mapping[str, str]], None] | None = None,
        outbox: list[Outgoing] | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        attempts: int = ATTEMPTS,
        total_seconds: float = TOTAL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.source = source
        self.base_url = safe_base(base_url)
        self.pacer = pacer
        self.outbox = outbox
        self.timeout = timeout
        self._learn = learn
        self._attempts = attempts
        self._total = total_seconds
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._headers = {"User-Agent": user_agent(mailto), "Accept": "application/json", **(headers or {})}
        self._lock = threading.Lock()
        self._session: requests.Session | None = None
        self._proxied: dict[str, Any] = {}
        self._shown: set[str] = set()
        self._breaker = Breaker(clock)
        self._sent = self._failed = self._cached = self._oldest = 0
        self._since = ""

    # -- asking ------------------------------------------------------------------------------------------------------

    def get(self, path: str, params: Sequence[tuple[str, str]] = (), *, bucket: str, read: Callable[[Answer], T]) -> T:
        """Ask for a path below the base address (already percent-encoded) and return what `read` makes of the answer.

        `read` gets answers with status 200, 400, 404 and redirects (which are never followed from here), and raises
        `Unusable` or `Refused` for what it cannot take. Raises SourceUnavailable.
        """
        url = self.base_url + path
        if params:
            url += "?" + "&".join(f"{k}={encoded(v, ',:')}" for k, v in params)
        return self.call(lambda: self._send(url), url, bucket=bucket, read=read)

    def call(self, send: Callable[[], Answer], url: str, *, bucket: str, read: Callable[[Answer], T]) -> T:
        """Like `get`, with another way of sending (habanero's); `url` is only told in a dry run."""
        if self.outbox is not None:
            with self._lock:
                if url not in self._shown:  # the same question would be asked once
                    self._shown.add(url)
                    self.outbox.append(Outgoing(self.source, "GET", redact(url)))
            raise SourceUnavailable(self.source, "nothing was sent: offline")
        first: float | None = None
        reason = ""
        for attempt in range(1, self._attempts + 1):
            self._may_ask()
            pause, connected = 0.0, True
            with self.pacer.turn(bucket):
                self._may_ask()
                if first is None:
                    first = self._clock()
                self._count(sent=1)
                try:
                    answer = send()
                    if self._learn:
                        self._learn(self.pacer, bucket, answer.headers)
                    value = self._judge(answer, read)
                except Unusable as exc:
                    reason, connected = str(exc), not isinstance(exc, Unreachable)
                    pause = self._jitter() * min(_BACKOFF_CAP, _BACKOFF_FIRST * 2**attempt)
                except Refused as exc:
                    self._count(failed=1)
                    raise SourceUnavailable(self.source, str(exc)) from None
                except _Busy as exc:
                    reason = str(exc)
                    # Everyone waits, at the pacer. Windows are a second long: less would be pointless.
                    wait = max(1.0, self._jitter() * min(_BACKOFF_CAP, _BACKOFF_FIRST * 2**attempt))
                    self.pacer.slower(bucket)
                    self.pacer.hold(wait if exc.seconds is None else min(exc.seconds, RETRY_AFTER_CAP))
                else:
                    self.pacer.recover(bucket)
                    self._breaker.good()
                    return value
            self._breaker.bad(reason, connected=connected)
            if self._clock() + pause - first > self._total or self._breaker.closed_for():
                break
            if pause and attempt < self._attempts:
                self._sleep(pause)
        self._count(failed=1)
        raise SourceUnavailable(self.source, reason)

    def _judge(self, answer: Answer, read: Callable[[Answer], T]) -> T:
        status = answer.status
        if status == 429 or (status == 503 and "retry-after" in answer.headers):
            raise _Busy(f"it is overrun (status {status})", retry_after(answer.headers.get("retry-after", "")))
        if status == 403:
            reason = "it refuses requests from here (status 403); nothing more was asked"
            self._breaker.shut(reason)
            raise Refused(reason)
        if status == 401:
            raise Refused("it does not accept the key (status 401)")
        if status in _RETRIED or status >= 500:
            raise Unusable(f"it failed (status {status})")
        if status in {200, 301, 302, 303, 307, 308, 400, 404}:
            return read(answer)
        raise Refused(f"it does not take the question (status {status})")

    def _may_ask(self) -> None:
        if reason := self._breaker.closed_for():
            self._count(failed=1)
            raise SourceUnavailable(self.source, reason)

    # -- sending -----------------------------------------------------------------------------------------------------

    def _send(self, url: str) -> Answer:
        session = self._session or self._open()
        deadline = self._clock() + self._total
        try:
            with session.get(
                url,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
                **self._proxied,
            ) as response:
                body = bytearray()
                # Whatever has come is taken at once, or a trickle of bytes would outlast every limit of time.
                while chunk := response.raw.read1(65536, decode_content=True):
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise Refused(f"the answer is larger than {MOST_BYTES >> 20} MB")
                    if self._clock() > deadline:
                        raise Unusable("the answer took too long")
                return Answer(response.status_code, response.headers, bytes(body))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as exc:
            # Never the exception's own text: it holds the address, and with it the e-mail address.
            if _unconnected(exc):
                raise Unreachable(f"no connection to {urlsplit(self.base_url).netloc}") from None
            raise Unusable(_in_words(exc)) from None

    def _open(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                session = requests.Session()
                session.headers.update(self._headers)
                session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
                adapter = HTTPAdapter(pool_connections=1, pool_maxsize=8, max_retries=0)
                session.mount("https://", adapter)
                session.mount("http://", adapter)
                # The environment's proxy and certificates are looked up once, not for every request.
                found = session.merge_environment_settings(self.base_url, {}, None, None, None)
                self._proxied = {"proxies": found["proxies"], "verify": found["verify"]}
                session.trust_env = False
                quiet_urllib3()
                self._session = session
            return self._session

    def close(self) -> None:
        """Let the connections go; the next request opens them again."""
        with self._lock:
            session, self._session = self._session, None
        if session:
            session.close()

    # -- telling -----------------------------------------------------------------------------------------------------

    def _count(self, *, sent: int = 0, failed: int = 0) -> None:
        with self._lock:
            self._sent += sent
            self._failed += failed
            if sent and not self._since:
                self._since = datetime.now(UTC).isoformat(timespec="seconds")

    def count_cached(self, n: int = 1, *, age: float = 0) -> None:
        """Note that `n` answers were taken from the cache, and how many seconds old they are."""
        with self._lock:
            self._cached += n
            self._oldest = max(self._oldest, int(age))

    def enquiry(self) -> Enquiry:
        """Requests sent, answers from the cache, and enquiries that stayed unanswered."""
        with self._lock:
            return Enquiry(
                source=self.source,
                requests=self._sent,
                cached=self._cached,
                failed=self._failed,
                since=self._since,
                oldest=self._oldest,
            )


class _Busy(Exception):
    """The server asks for patience; `seconds` is how much, where it says."""

    def __init__(self, reason: str, seconds: float | None) -> None:
        super().__init__(reason)
        self.seconds = seconds


def retry_after(value: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """Seconds that a Retry-After header asks for (a number, or an HTTP date); None when it says nothing sensible.

    >>> retry_after("7"), retry_after("soon"), retry_after("")
    (7.0, None, None)
    >>> retry_after("Tue, 24 Nov 2026 12:00:09 GMT", lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
    9.0
    """
    value = value.strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", value):
        return float(value)
    with suppress(ValueError, TypeError, OverflowError):
        date = parsedate_to_datetime(value)
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now().timestamp())
    return None


def _in_words(exc: BaseException) -> str:
    if isinstance(exc, requests.Timeout | TimeoutError | urllib3.exceptions.TimeoutError):
        return "it gave no answer in time"
    if isinstance(exc, requests.exceptions.SSLError):
        return "no secure connection could be made"
    if isinstance(exc, requests.exceptions.ProxyError):
        return "the proxy could not be reached"
    broken = requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError
    if isinstance(exc, broken | urllib3.exceptions.HTTPError):
        return "the answer broke off"
    return "the connection broke off"


def _unconnected(exc: BaseException) -> bool:
    """Whether the name could not be resolved or the connection was not taken: nothing was sent."""
    inner = exc.args[0] if exc.args else None
    return isinstance(getattr(inner, "reason", inner), urllib3.exceptions.NewConnectionError)
