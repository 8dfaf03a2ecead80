"""Addresses of services and people: which may be used, how refcheck introduces itself, what no log may show."""

from __future__ import annotations

import ipaddress
import logging
import re
from contextlib import suppress
from functools import cache
from urllib.parse import quote, urlsplit

from refcheck.errors import UsageError

_EMAIL = re.compile(r"[^\s@<>()\[\]:;,\\\"]{1,64}@[^\s@<>()\[\]:;,\\\"]{1,190}")


def safe_base(url: str) -> str:
    """A base address without its final slash. Raises UsageError unless it is https (or http on this machine).

    >>> safe_base("https://api.crossref.org/")
    'https://api.crossref.org'
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise UsageError("the address of a source cannot be read: give one like https://api.crossref.org") from None
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or parts.username:
        raise UsageError("the address of a source must be like https://api.crossref.org, without key or query")
    if parts.scheme == "http" and not is_loopback(url):
        raise UsageError(f"only https is used beyond this machine: write https://{host}")
    return url.rstrip("/")


def encoded(text: str, safe: str = "") -> str:
    """Text percent-encoded for an address: nothing in it climbs, parts or ends a path.

    >>> encoded("10.5555/../a#b?c")
    '10.5555%2F..%2Fa%23b%3Fc'
    """
    return quote(text, safe=safe, errors="ignore")  # half a surrogate pair can come out of a broken file


def is_loopback(url: str) -> bool:
    """Whether an address names this very machine.

    >>> is_loopback("http://127.0.0.1:8080"), is_loopback("https://api.crossref.org")
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def safe_mailto(mailto: str) -> str:
    """The e-mail address, trimmed. Raises UsageError when it is not one (it goes into a header)."""
    mailto = mailto.strip()
    if mailto and not (mailto.isascii() and _EMAIL.fullmatch(mailto)):
        raise UsageError("the e-mail address for the services cannot be read: give one like editor@example.org")
    return mailto


def user_agent(mailto: str = "") -> str:
    """How refcheck introduces itself. Crossref asks for a name, a version and an address to write to."""
    return f"manuscript-refcheck/{_version()}" + (f" (mailto:{mailto})" if mailto else "")


@cache
def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # 18 ms, and only the network needs it

    try:
        return version("manuscript-refcheck")
    except PackageNotFoundError:
        return "0"


_SECRET = re.compile(r"(?i)\b((?:mailto|email|api_key|key|token)=)[^&\s\"']{1,300}|mailto:[^)\s\"']{1,300}")


def redact(text: str) -> str:
    """Text without e-mail addresses and keys.

    >>> redact("https://api.crossref.org/works?rows=2&mailto=a%40b.org")
    'https://api.crossref.org/works?rows=2&mailto=***'
    """
    return _SECRET.sub(lambda m: (m[1] or "mailto:") + "***", text)


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (clean := redact(message)) != message:
            record.msg, record.args = clean, ()
        return True


@cache
def quiet_urllib3() -> None:
    """Take addresses and keys out of urllib3's debug log, which holds every request line."""
    logging.getLogger("urllib3.connectionpool").addFilter(_Redacting())
