"""The page as the command line starts it: on this computer alone, behind a token, until interrupted."""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

RECORDS = Path(__file__).parents[2] / "fixtures" / "records" / "exosome-therapy-seeded.jsonl"


def started(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "refcheck", "web", "--no-browser", "--records", str(RECORDS), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = started()
    assert process.stdout
    address = process.stdout.readline().split()[0]
    yield process, address
    process.kill()
    process.communicate()


def status(address: str, headers: dict[str, str] | None = None) -> int:
    request = urllib.request.Request(address, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as e:
        return e.code


def test_it_answers_by_its_token_and_stops_when_told(server: tuple[subprocess.Popen[str], str]) -> None:
    process, address = server
    assert address.startswith("http://127.0.0.1:")
    assert len(address.rstrip("/").rpartition("/")[2]) >= 32
    assert status(address) == 200
    assert status(address.rstrip("/").rpartition("/")[0] + "/") == 404
    assert status(address, {"Host": "evil.example"}) == 421
    taken = started("--port", address.split(":")[2].partition("/")[0])
    out, said = taken.communicate(timeout=30)
    assert (taken.returncode, out) == (2, "")
    assert "taken" in said
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode in (0, 2)
