"""docs/privacy.md, held to its word: what leaves the machine, what stays, and that `--offline` connects nowhere."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

import refcheck
from refcheck.cli import main
from refcheck.sources import AnswerCache, Crossref, build_index
from tests.standin import CrossrefStandin, each

ROOT = Path(__file__).parents[1]
SEED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md"
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy.jsonl"
ENTRY = (
    "Nordahl A, Lindqvist B. Tidal mixing in sheltered fjords. Journal of Invented Oceanography. 2019;12(3):101-118."
)
#: None of these may be seen outside: title, author, address, body, acknowledgement, name of the file.
SECRETS = (
    "Quokkavaccine",
    "Zephyrine",
    "zephyrine@hospital.example",
    "unpublishedresult",
    "Grantgiver",
    "submission77",
)
MANUSCRIPT = f"""# {SECRETS[0]} works

{SECRETS[1]} Adler, {SECRETS[2]}

We found {SECRETS[3]} in mice [1], as others did [2].

Acknowledgement: {SECRETS[4]}.

## References

1. {ENTRY}
2. {ENTRY} doi:10.5555/tidal.2019
3. Nobody N. A work in no index. Invented Letters. 2001;1:1-2.
"""
TOKEN = "sesame-0123456789"
MAILTO = "editor@office.example"


@pytest.mark.parametrize("fault", ["", "503", "403", "html-200"])
def test_only_reference_strings_leave_and_nothing_readable_stays(
    fault: str, standin: Callable[..., CrossrefStandin], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = standin(plan=each(fault))
    path = tmp_path / f"{SECRETS[5]}.md"
    path.write_text(MANUSCRIPT, encoding="utf-8")
    cache = AnswerCache(tmp_path / "cache")
    source = Crossref(
        server.url, MAILTO, cache=cache, rate_limit=False, attempts=2, sleep=lambda s: None,
        environ={"REFCHECK_PLUS_TOKEN": TOKEN},
    )  # fmt: skip
    report = refcheck.check(path, sources=[source])
    cache.close()
    assert len(report.matches) == 3
    assert server.asked
    sent = "\n".join(f"{a.path} {a.params} {a.headers}" for a in server.asked)
    assert "Tidal" in sent or "tidal" in sent
    assert not [s for s in SECRETS if s.lower() in sent.lower()]
    for a in server.asked:
        assert {k for k, _ in a.params} <= {"query.bibliographic", "rows", "select", "filter", "mailto"}
        assert set(a.headers) - {"crossref-plus-api-token"} <= {
            "host", "user-agent", "accept", "accept-encoding", "connection",
        }  # fmt: skip
    logged = caplog.text
    assert not [s for s in (*SECRETS, MAILTO, MAILTO.replace("@", "%40"), TOKEN) if s.lower() in logged.lower()]
    with sqlite3.connect(cache.path) as kept:
        rows = kept.execute("SELECT key, kind, value FROM answers").fetchall()
    held = "\n".join(f"{key} {kind} {zlib.decompress(value).decode()}" for key, kind, value in rows)
    assert not [s for s in (*SECRETS, MAILTO, TOKEN, server.url, "Nobody N") if s.lower() in held.lower()]
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key, *_ in rows)


GUARD = """
import json, sys
seen = []
def note(event, arguments):
    # urllib3 binds to ::1 when it is imported, to see whether the system knows IPv6: nothing leaves by that.
    if event.startswith("socket.") and event not in ("socket.gethostname", "socket.__new__", "socket.bind"):
        seen.append(event)
sys.addaudithook(note)
from refcheck.cli import main
for arguments in json.loads(sys.argv[1]):
    status = main(arguments)
    if status not in (0, 1, 2):
        sys.exit(f"{arguments}: {status}")
    if seen:
        sys.exit(f"{arguments}: {seen}")
import socket
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except OSError:
    pass
if "socket.connect" not in seen or "socket.getaddrinfo" not in seen:
    sys.exit("the guard sees nothing")
print("no connection", file=sys.stderr)
"""


def test_offline_connects_nowhere(tmp_path: Path) -> None:
    """Python's own audit events tell every connection, every name that is looked up, whoever asks."""
    build_index([RECORDS], tmp_path / "ix")
    refs = tmp_path / "refs.txt"
    refs.write_text(f"{ENTRY}\n{ENTRY} doi:10.5555/tidal.2019\n", encoding="utf-8")
    commands = [
        ["check", str(SEED), "--offline"],
        ["check", str(SEED), "--dry-run"],
        ["check", str(SEED), "--records", str(RECORDS), "--format", "html", "-o", str(tmp_path / "r.html")],
        ["check", str(SEED), "--index", str(tmp_path / "ix")],
        ["batch", str(refs), "--offline", "-o", str(tmp_path / "o.jsonl")],
        ["lookup", "10.5555/tidal.2019", "--offline"],
        ["lookup", ENTRY, "--offline"],
        ["parse", str(SEED)],
        ["rules", "REF303"],
        ["waive", str(tmp_path / "m.md"), "REF303", "--reason", "x"],
        ["index", "build", str(RECORDS), "--out", str(tmp_path / "ix2")],
        ["cache", "info"],
    ]
    done = subprocess.run(
        [sys.executable, "-c", GUARD, json.dumps(commands)], capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "no connection" in done.stderr


def test_offline_says_so_and_is_unchecked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", ENTRY, "--offline", "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["verdict"] == "unchecked"
