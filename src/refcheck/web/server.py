"""Starting and stopping the page."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import uvicorn

from refcheck.errors import RefcheckError
from refcheck.waivers import Settings
from refcheck.web.app import create_app

if TYPE_CHECKING:
    from refcheck.sources import Source


def serve(
    open_sources: Callable[[], Sequence[Source]],
    ready: Callable[[str], None],
    *,
    port: int = 0,
    listen: str = "127.0.0.1",
    settings: Settings | None = None,
) -> None:
    """Serve the page on 127.0.0.1 until interrupted; `ready` is called with its address once it answers.

    Port 0 is any that is free. `listen` is another address of this machine to bind to, as a container needs it; the
    page still answers only where it is called for as 127.0.0.1 or localhost, and with its token. Raises RefcheckError
    where the port is taken.
    """
    token = secrets.token_urlsafe(24)
    app = create_app(token, open_sources, settings=settings)
    config = uvicorn.Config(
        app, host=listen, port=port, log_level="critical", access_log=False, server_header=False, lifespan="off",
        proxy_headers=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = _Server(config, lambda at: ready(f"http://127.0.0.1:{at}/{token}/"))
    try:
        server.run()
    except SystemExit as e:
        raise RefcheckError(f"port {port} is taken or not allowed: give another one with --port") from e
    finally:
        app.state.checks.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.servers:
            self._ready(int(self.servers[0].sockets[0].getsockname()[1]))
