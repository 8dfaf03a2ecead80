"""`refcheck web`: a page on this computer."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from pathlib import Path

from refcheck.cli import streams
from refcheck.cli.options import Subparsers, command
from refcheck.cli.outcomes import CLEAN
from refcheck.cli.sources import add_sources, open_sources
from refcheck.errors import UsageError

_HELP = """\
A page in the browser, on this computer only: paste a list or drop a file. Nothing is kept. Ctrl-C ends it.

examples:
  refcheck web
  refcheck web --records records.jsonl --port 8080"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck web` and its arguments."""
    p = command(commands, run, "web", "open a page on this computer to check a file or a list", _HELP)
    p.add_argument("--port", type=_port, default=0, help="(default: any that is free)")
    p.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="bind to it (0.0.0.0 within a container)")
    p.add_argument("--no-browser", action="store_true", help="only print the address")
    add_sources(p)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")
    return int(text)


def run(a: Namespace) -> int:
    """Serve the page until it is interrupted."""
    from refcheck.waivers import load_settings

    try:
        from refcheck.web import serve
    except ImportError as e:
        raise UsageError(f"the page needs {e.name}: pip install 'manuscript-refcheck[web]'") from None

    def ready(address: str) -> None:
        streams.show(f"{address}  (Ctrl-C ends it)")
        if not a.no_browser:
            import webbrowser

            webbrowser.open(address)

    serve(lambda: open_sources(a), ready, port=a.port, listen=a.listen, settings=load_settings(Path.cwd()))
    return CLEAN
