"""The server: routes, pools, limits, error bodies and counters."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.standin.faults import Plan, none
from tests.standin.relevance import Relevance, described

#: The names that `select` knows, as the API lists them when it is given another one.
SELECTS = (
    "abstract URL resource member posted score created degree update-policy short-title license ISSN container-title"
    " issued update-to issue prefix approved indexed article-number clinical-trial-number accepted author group-title"
    " DOI is-referenced-by-count updated-by event chair standards-body original-title funder translator published"
    " archive published-print alternative-id subject subtitle published-online publisher-location content-domain"
    " reference title link type publisher volume references-count ISBN issn-type assertion deposited page contributor"
    " content-created short-container-title relation editor"
).split()
#: pool: (single records a second, lists a second, in flight)
POOLS = {"public": (5, 1, 1), "polite": (10, 3, 3), "plus": (150, 150, 50)}
PARAMETERS = frozenset(
    ["query", "filter", "rows", "offset", "cursor", "sample", "sort", "order", "facet", "select", "mailto"]
)
ALWAYS_THERE = (
    "title",
    "subtitle",
    "short-title",
    "original-title",
    "short-container-title",
    "container-title",
    "subject",
)
HTML = b"<html><head><title>%d</title></head><body><center><h1>%d</h1></center></body></html>\r\n"


@cache
def bomb() -> bytes:
    """200 MB of blanks, packed."""
    return gzip.compress(bytes([32]) * 200_000_000, 1)


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    at: float  # seconds, monotonic
    method: str
    path: str  # as sent, percent-encoded
    params: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    bucket: str  # single, array
    pool: str
    bytes: int  # of the request target

    def get(self, name: str) -> str:
        """The first value of a parameter."""
        return next((v for k, v in self.params if k == name), "")


@dataclass
class CrossrefStandin:
    """The server and what it counted. `agencies` names the agency of DOIs that are not Crossref's.

    `enforce` answers 429 to what is too fast or too many at once, in three flavours by turns; `pool_names` "old" sends
    the headers of June 2026; `pool` puts every client into one pool; `delay` is how long an answer takes, in seconds.
    """

    records: Sequence[Mapping[str, Any]] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    plan: Plan = none
    enforce: bool = False
    delay: float = 0.0
    slow: float = 0.3
    pool_names: str = "new"
    pool: str = ""
    absolute_redirects: bool = False
    port: int = 0

    def __post_init__(self) -> None:
        self.by_doi = {str(r["DOI"]).lower(): i for i, r in enumerate(self.records)}
        self.relevance = Relevance(described(r) for r in self.records)
        self.asked: list[Asked] = []
        self.statuses: list[int] = []
        self.connections = 0
        self.max_in_flight = 0
        self._in_flight = 0
        self._recent: dict[str, deque[float]] = {}
        self._flavour = 0
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    # -- life --------------------------------------------------------------------------------------------------------

    def __enter__(self) -> CrossrefStandin:
        standin = self

        class Bound(_Handler):
            owner = standin

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Clients go away in the middle of things; that is their right."""

        self._server = Server(("127.0.0.1", self.port), Bound)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}"

    # -- counters ----------------------------------------------------------------------------------------------------

    @property
    def requests(self) -> int:
        """How many requests came in."""
        return len(self.asked)

    def peak(self, bucket: str, window: float = 1.0) -> int:
        """The most requests of a bucket that came within any window of so many seconds."""
        times = [a.at for a in self.asked if a.bucket == bucket]
        most = start = 0
        for end, at in enumerate(times):
            while at - times[start] >= window:
                start += 1
            most = max(most, end - start + 1)
        return most

    def begin(self, asked: Asked) -> tuple[str, str]:
        """Note a request; returns its fault and what it was refused for, if anything."""
        with self._lock:
            self.asked.append(asked)
            self._in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self._in_flight)
            fault, refusal = self.plan(asked), ""
            if self.enforce:
                single, array, flight = POOLS[asked.pool]
                recent = self._recent.setdefault(f"{asked.pool}-{asked.bucket}", deque())
                while recent and asked.at - recent[0] >= 1.0:
                    recent.popleft()
                if self._in_flight > flight or len(recent) >= (array if asked.bucket == "array" else single):
                    self._flavour += 1
                    refusal = ("429-bare", "429-html", "429-seconds")[self._flavour % 3]
                recent.append(asked.at)
            return fault, refusal

    def end(self) -> None:
        """The answer is ready; counted before the last byte goes out, so that the client cannot be quicker."""
        with self._lock:
            self._in_flight -= 1


class _Handler(BaseHTTPRequestHandler):
    owner: CrossrefStandin
    protocol_version = "HTTP/1.1"
    server_version = "Jetty(9.4.40.v20210413)"
    sys_version = ""
    disable_nagle_algorithm = True  # or every answer on a kept connection waits 40 ms for an acknowledgement
    wbufsize = -1
    timeout = 60
    _cut = _headers_fault = ""
    _over = True  # nothing is in flight yet

    def setup(self) -> None:
        super().setup()
        with self.owner._lock:
            self.owner.connections += 1

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self._send(405, b"Method not allowed", "text/plain", plain=True)

    # -- one request -------------------------------------------------------------------------------------------------

    def _answer(self) -> None:
        split = urlsplit(self.path)
        path = split.path.removeprefix("/v1")
        params = parse_qsl(split.query, keep_blank_values=True)
        self._asked = Asked(
            at=time.monotonic(),
            method=self.command,
            path=split.path,
            params=params,
            headers={k.lower(): v for k, v in self.headers.items()},
            bucket="array" if path.rstrip("/") == "/works" else "single",
            pool=self._pool(params),
            bytes=len(self.path),
        )
        fault, refusal = self.owner.begin(self._asked)
        self._over = False
        self._cut = fault
        self._headers_fault = fault if fault.endswith("-headers") else ""
        try:
            if refusal:
                self._fail(refusal)
                return
            if self.owner.delay:
                time.sleep(self.owner.delay)
            if fault == "slow":
                time.sleep(self.owner.slow)
            elif fault and not self._headers_fault and self._fail(fault):
                return
            if len(self.path) > 4092:
                self._send(414, HTML % (414, 414), "text/html")
            else:
                self._route(path, params)
        finally:
            self._finish()

    def _finish(self) -> None:
        if not self._over:
            self._over = True
            self.owner.end()

    def _pool(self, params: Sequence[tuple[str, str]]) -> str:
        if self.owner.pool:
            return self.owner.pool
        if self.headers.get("crossref-plus-api-token"):
            return "plus"
        if any(k == "mailto" and "@" in v for k, v in params) or "mailto:" in (self.headers.get("user-agent") or ""):
            return "polite"
        return "public"

    def _fail(self, fault: str) -> bool:
        """Send a broken answer; False for those that break a good one."""
        status, _, flavour = fault.partition("-")
        if status == "429" or fault == "503-seconds":
            extra = {"seconds": {"retry-after": "1"}, "date": {"retry-after": formatdate(time.time() + 1, usegmt=True)}}
            html = flavour == "html" or status == "503"
            body = HTML % (int(status), int(status)) if html else b""
            self._send(int(status), body, "text/html" if html else "", extra.get(flavour, {}), plain=True)
        elif fault == "500-json":
            message = {"name": "class java.lang.RuntimeException", "description": "", "message": "", "stack": []}
            self._json(500, {"status": "error", "message-type": "exception", "message": message})
        elif fault == "html-200":
            self._send(200, b"<!DOCTYPE html><html><body>We will be back soon.</body></html>", "text/html")
        elif fault == "html-404":
            self._send(404, HTML % (404, 404), "text/html")
        elif fault == "empty-200":
            self._send(200, b"", "application/json")
        elif fault == "list-200":
            self._json(200, [1, 2, 3])
        elif fault == "wrong-shape":
            self._json(200, {"status": "ok", "message-type": "work-list", "message": {"items": None}})
        elif fault == "gzip-bomb":
            self._send(200, bomb(), "application/json", {"content-encoding": "gzip"})
        elif fault == "redirect-private":
            self._send(302, b"", "text/plain", {"location": "http://169.254.169.254/works/latest"})
        elif fault == "redirect-host":
            self._send(301, b"", "text/plain", {"location": "https://elsewhere.example.org/"})
        elif fault == "redirect-endless":
            self._send(301, b"", "text/plain", {"location": f"/works/10.5555/again.{len(self.owner.asked)}"})
        elif fault == "drop":
            self._finish()
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        elif status.isdigit():
            self._send(int(status), HTML % (int(status), int(status)), "text/html", plain=True)
        else:
            return False
        return True

    # -- routes ------------------------------------------------------------------------------------------------------

    def _route(self, path: str, params: Sequence[tuple[str, str]]) -> None:
        parts = path.strip("/").split("/", 1)
        if parts == ["works"]:
            self._list(params)
        elif parts[0] == "works":
            rest = parts[1]
            if rest.endswith("/agency"):
                self._agency(unquote(rest.removesuffix("/agency")).lower())
            elif "/transform" in rest:
                self._transform(unquote(rest.partition("/transform")[0]).lower())
            else:
                self._single(unquote(rest).lower(), params)
        elif (doi := unquote(path.strip("/")).lower()).startswith("10."):
            self._transform(doi)  # what doi.org sends on to, by content negotiation
        else:
            self._json(404, {"status": "error", "message-type": "route-not-found", "message-version": "1.0.0",
                             "message": "Route not found"})  # fmt: skip

    def _single(self, doi: str, params: Sequence[tuple[str, str]]) -> None:
        for name, _ in params:
            if name != "mailto":
                self._invalid("parameter-not-allowed", name, "This route does not support that parameter")
                return
        if prime := self.owner.aliases.get(doi):
            base = "https://api.crossref.org" if self.owner.absolute_redirects else ""
            self._send(301, b"", "text/plain", {"location": f"{base}/works/{quote(prime, safe='')}"})
        elif (i := self.owner.by_doi.get(doi)) is None:
            self._send(404, b"Resource not found.", "text/plain")
        else:
            if self._cut == "wrong-record":
                i = (i + 1) % len(self.owner.records)
                doi = str(self.owner.records[i]["DOI"]).lower()
            record = {**{k: [] for k in ALWAYS_THERE}, "relation": {}, **self.owner.records[i], "DOI": doi, "score": 1}
            self._json(200, _envelope("work", record))

    def _agency(self, doi: str) -> None:
        doi = self.owner.aliases.get(doi, doi)
        agency = "Crossref" if doi in self.owner.by_doi else self.owner.agencies.get(doi)
        if not agency:
            self._send(404, b"Resource not found.", "application/json;charset=utf-8")
            return
        message = {"DOI": doi, "agency": {"id": agency.lower(), "label": agency}}
        self._json(200, _envelope("work-agency", message), "application/json;charset=utf-8")

    def _transform(self, doi: str) -> None:
        i = self.owner.by_doi.get(self.owner.aliases.get(doi, doi))
        if i is None:
            self._send(404, b"Resource not found.", "text/plain")
            return
        record = self.owner.records[i]
        accept = self.headers.get("accept") or ""
        title, family = (record.get("title") or [""])[0], ((record.get("author") or [{}])[0]).get("family", "")
        if "bibtex" in accept:
            body = f" @article{{{family}_1, title={{{title}}}, DOI={{{doi}}}, author={{{family}}} }}\n"
        elif "bibliography" in accept:
            body = f"1.{family}. {title}. doi:{doi}\n"
        else:
            self._send(406, b"", "text/plain")
            return
        self._send(200, body.encode(), accept.partition(";")[0])

    def _list(self, params: Sequence[tuple[str, str]]) -> None:
        given = dict(params)
        for name in given:
            if name not in PARAMETERS and not name.startswith("query."):
                message = f"Parameter {name} specified but there is no such parameter available on any route"
                self._invalid("unknown-parameter", name, message)
                return
        rows_text = given.get("rows", "20")
        if not rows_text.isdecimal() or int(rows_text) > 1000:
            self._invalid("integer-not-valid", rows_text, f"Integer specified as {rows_text} but must be a positive"
                          " integer less than or equal to 1000. ")  # fmt: skip
            return
        select = [s for s in given.get("select", "").split(",") if s]
        if bad := next((s for s in select if s not in SELECTS), ""):
            self._invalid("select-not-available", bad, f"Select {bad} specified but there is no such select for this"
                          f" route. Valid selects for this route are: {', '.join(SELECTS)}")  # fmt: skip
            return
        dois: set[str] = set()
        for item in given.get("filter", "").split(",") if given.get("filter") else ():
            name, _, value = item.partition(":")
            if name != "doi":
                self._invalid("filter-not-available", name, f"Filter {name} specified but there is no such filter")
                return
            if not value.startswith("10.") or "/" not in value:
                self._invalid("doi-not-valid", value, f"DOI specified as {value} but must be a valid DOI")
                return
            dois.add(value.lower())
        queries = [v for k, v in params if k == "query" or k.startswith("query.")]
        rows = int(rows_text)
        if queries:
            best = self.owner.relevance.best(" ".join(queries), rows)
        else:
            positions = [self.owner.by_doi[d] for d in sorted(dois) if d in self.owner.by_doi]
            best = [(i, 0.0) for i in positions]
        items = [_item(self.owner.records[i], round(score, 4), select) for i, score in best[:rows]]
        message = {"facets": {}, "total-results": len(best) if dois else 1_000_000, "items": items,
                   "items-per-page": rows, "query": {"start-index": 0, "search-terms": given.get("query")}}  # fmt: skip
        self._json(200, _envelope("work-list", message))

    # -- sending -----------------------------------------------------------------------------------------------------

    def _invalid(self, kind: str, value: str, message: str) -> None:
        body = {"status": "failed", "message-type": "validation-failure",
                "message": [{"type": kind, "value": value, "message": message}]}  # fmt: skip
        self._json(400, body, "application/json;charset=utf-8")

    def _json(self, status: int, value: Any, content_type: str = "application/json") -> None:
        body = json.dumps(value, ensure_ascii=False).replace("/", "\\/").encode()
        self._send(status, body[: len(body) // 2] if self._cut == "truncated" else body, content_type)

    def _send(
        self,
        status: int,
        body: bytes,
        content_type: str,
        extra: Mapping[str, str] | None = None,
        *,
        plain: bool = False,
    ) -> None:
        headers = {"content-type": content_type} if content_type else {}
        if not plain:
            headers |= self._limits()
        headers |= extra or {}
        if (
            len(body) > 1000
            and "content-encoding" not in headers
            and "gzip" in (self.headers.get("accept-encoding") or "")
        ):
            body = gzip.compress(body, 1)
            headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        if self._cut == "drop-midway":
            body = body[: len(body) // 2]
            self.close_connection = True
        self.end_headers()
        self.owner.statuses.append(status)
        self._finish()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _limits(self) -> dict[str, str]:
        if self._headers_fault == "no-headers":
            return {}
        asked = self._asked
        single, array, flight = POOLS[asked.pool]
        limit = single if asked.bucket == "single" or self.owner.pool_names == "old" else array
        values = {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-interval": "1s",
            "x-concurrency-limit": str(flight),
            "x-api-pool": asked.pool if self.owner.pool_names == "old" else f"{asked.pool}-{asked.bucket}",
        }
        if self._headers_fault == "doubled-headers":
            values = {k: f"{v}, {v}" if k != "x-api-pool" else v for k, v in values.items()}
        elif self._headers_fault == "mad-headers":
            values |= {"x-rate-limit-limit": "1000000", "x-rate-limit-interval": "0s", "x-concurrency-limit": "-7"}
        return values | {"access-control-allow-origin": "*", "permissions-policy": "interest-cohort=()"}


def _envelope(kind: str, message: Any) -> dict[str, Any]:
    return {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message}


def _item(record: Mapping[str, Any], score: float, select: Sequence[str]) -> dict[str, Any]:
    item = {k: v for k, v in record.items() if v not in ([], {}, "", None) and (not select or k in select)}
    item["DOI"] = str(record["DOI"]).lower()
    if not select or "score" in select:
        item["score"] = score
    return item


def read_records(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Records of JSONL files, gzipped or not."""
    for path in paths:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
            for line in lines:
                if line.strip():
                    record = json.loads(line)
                    yield record.get("message", record)
