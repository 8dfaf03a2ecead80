"""The routes of the page, and what guards them.

Every path begins with a random token; the Host header must name this computer (a foreign site that rebinds its name
to 127.0.0.1 sends its own); requests that a browser marks as coming from another site are refused; no answer carries
a CORS header. Manuscripts are sent as plain bytes, so that no part of them is spooled to a file.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from refcheck.errors import RefcheckError
from refcheck.renderers.reports.page import asset, content_security_policy
from refcheck.text import printable, squeeze
from refcheck.waivers import Settings
from refcheck.web.checks import Checks, TooManyChecks

if TYPE_CHECKING:
    from refcheck.sources import Source

#: The largest file that is taken: a manuscript with its pictures.
MAX_BYTES = 50_000_000
_LONGEST_NAME = 200  # characters of a file name, the last ones
_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_ASSETS = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}


def create_app(
    token: str,
    open_sources: Callable[[], Sequence[Source]],
    *,
    settings: Settings | None = None,
    limit: int = MAX_BYTES,
) -> Starlette:
    """The page as an ASGI application under the path `/TOKEN/`.

    `open_sources` is called once, for the first check; `limit` is the largest manuscript in bytes.
    """
    checks = Checks(open_sources, settings or Settings())

    async def page(request: Request) -> Response:
        return _answer(_read("page.html"), "text/html; charset=utf-8")

    async def part(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            return _refusal(404, "there is no such page")
        # The page wears the report's colours; its own rules follow them.
        return _answer((asset("report.css") if name == "page.css" else "") + _read(name), _ASSETS[name])

    async def take(request: Request) -> Response:
        data = await _body(request, limit)
        if data is None:
            return _refusal(413, f"the file has more than {limit // 1_000_000} MB: save it without pictures")
        if not data.strip():
            return _refusal(400, "there is nothing to check: paste a list, or choose a file")
        try:
            check = checks.take(data, _name(request))
        except TooManyChecks as e:
            return _refusal(429, str(e))
        return JSONResponse({"id": check.identifier}, 202)

    async def state(request: Request) -> Response:
        check = checks.find(request.path_params["id"])
        return JSONResponse(check.told()) if check else _refusal(404, "this check is no longer kept")

    async def every(request: Request) -> Response:
        return JSONResponse({"checks": [check.told() for check in checks.all()]})

    async def cancel(request: Request) -> Response:
        check = checks.find(request.path_params["id"])
        if check is None:
            return _refusal(404, "this check is no longer kept")
        checks.cancel(check)
        return JSONResponse({"state": check.state})

    async def file(request: Request) -> Response:
        check = checks.find(request.path_params["id"])
        name = request.path_params["file"]
        try:
            found = await run_in_threadpool(checks.written, check, name) if check else None
        except RefcheckError as e:
            return _refusal(409, str(e))
        if check is None or found is None:
            return _refusal(404, "there is no such file")
        body, media = found
        if name == "report.html":
            return _answer(body, media, policy=content_security_policy() + "; frame-ancestors 'none'")
        stem = PurePath(check.name).stem or "references"
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{stem}.{name}', safe='')}"}
        return Response(body, media_type=media, headers=headers)

    routes = [
        Route("/", page, methods=["GET"]),
        Route("/checks", take, methods=["POST"]),
        Route("/checks", every, methods=["GET"]),
        Route("/checks/{id}", state, methods=["GET"]),
        Route("/checks/{id}", cancel, methods=["DELETE"]),
        Route("/checks/{id}/{file}", file, methods=["GET"]),
        Route("/{name}", part, methods=["GET"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Guard, token=token)])
    app.state.checks = checks
    return app


class Guard:
    """Lets through what comes from this computer's own page, takes the token off the path, adds the headers."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                for name, value in {"Content-Security-Policy": _POLICY, **_HEADERS}.items():
                    if name.lower().encode() not in present:
                        message["headers"].append((name.lower().encode(), value.encode()))
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        path = scope["path"].removeprefix(f"/{self._token}")
        await self._app({**scope, "path": path, "raw_path": quote(path).encode()}, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        request = Request(scope)
        host, _, port = request.headers.get("host", "").rpartition(":")
        if not port.isdigit():
            host, port = request.headers.get("host", ""), "80"
        server = scope.get("server") or ("", None)
        if host not in _HOSTS or (server[1] is not None and int(port) != server[1]):
            return _refusal(421, "this page answers to this computer alone")
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return _refusal(403, "another site may not ask this page")
        origin = request.headers.get("origin")
        if origin is not None and origin != f"http://{request.headers['host']}":
            return _refusal(403, "another site may not ask this page")
        _, _, rest = scope["path"].partition("/")
        token, slash, _ = rest.partition("/")
        if not slash or not secrets.compare_digest(token.encode(), self._token.encode()):
            return _refusal(404, "this address lacks the token: open the page by the link that refcheck printed")
        return None


async def _body(request: Request, limit: int) -> bytes | None:
    """The body of a request, or None as soon as it is larger than allowed."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        return None
    out = bytearray()
    async for chunk in request.stream():
        out += chunk
        if len(out) > limit:
            return None
    return bytes(out)


def _name(request: Request) -> str:
    """The file's name as the browser tells it: no path, no control characters; a pasted text is called so."""
    given = printable(squeeze(unquote(request.headers.get("x-refcheck-name", ""))))
    name = PurePath(given.replace("\\", "/")).name[-_LONGEST_NAME:]
    return name or "pasted.md"


def _read(name: str) -> str:
    return (files("refcheck.web") / name).read_text(encoding="utf-8")


def _answer(body: str | bytes, media: str, *, policy: str = _POLICY) -> Response:
    return Response(body, headers={"Content-Type": media, "Content-Security-Policy": policy})


def _refusal(status: int, sentence: str) -> Response:
    return Response(json.dumps({"problem": sentence}), status, media_type="application/json")
