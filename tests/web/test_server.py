"""The page as the command line starts it: on this computer alone, behind a token, until interrupted."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.work import no_hang

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
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


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: apt-get install chromium, or set CHROMIUM")
@pytest.mark.slow
def test_a_browser_shows_the_checks_again_after_a_reload(
    server: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    _, address = server
    name = {"X-Refcheck-Name": "earlier.md"}
    seeded = RECORDS.parents[1] / "manuscripts" / "exosome-therapy-seeded.md"
    urllib.request.urlopen(urllib.request.Request(address + "checks", seeded.read_bytes(), name), timeout=30)
    with no_hang():
        while b'"state":"done"' not in urllib.request.urlopen(address + "checks", timeout=30).read():
            time.sleep(0.05)
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--dump-dom"]
    done = subprocess.run(
        [str(CHROMIUM), *options, "--virtual-time-budget=5000", address], capture_output=True, text=True, timeout=120
    )
    assert "earlier.md" in done.stdout
    assert "All 9 references were looked up" in done.stdout
    assert "references.xlsx" in done.stdout
