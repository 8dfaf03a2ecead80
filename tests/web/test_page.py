"""The local page: what it takes, what it gives, and whom it refuses. No socket is opened."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from starlette.testclient import TestClient
from tests.word import as_word
from tests.work import no_hang

from refcheck.sources import LocalRecords
from refcheck.waivers import read_settings
from refcheck.web import create_app
from refcheck.web.checks import KEPT, WAITING

ROOT = Path(__file__).parents[2] / "fixtures"
SEEDED = ROOT / "manuscripts" / "exosome-therapy-seeded.md"
RECORDS = LocalRecords(ROOT / "records" / "exosome-therapy-seeded.jsonl")
TOKEN = "a-random-token"
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = create_app(TOKEN, lambda: [RECORDS], limit=1_000_000)
    yield TestClient(app, base_url=f"{BASE}/{TOKEN}/")
    app.state.checks.close()


def sent(client: TestClient, data: bytes, name: str = "") -> str:
    headers = {"X-Refcheck-Name": name} if name else {}
    response = client.post("checks", content=data, headers=headers)
    assert response.status_code == 202, response.text
    return str(response.json()["id"])


def finished(client: TestClient, identifier: str) -> dict[str, object]:
    with no_hang():
        while True:
            told: dict[str, object] = client.get(f"checks/{identifier}").json()
            if told["state"] in ("done", "failed"):
                return told
            time.sleep(0.02)


def test_a_pasted_list_becomes_a_report(client: TestClient) -> None:
    identifier = sent(client, SEEDED.read_bytes())
    told = finished(client, identifier)
    assert (told["name"], told["state"], told["done"], told["total"]) == ("pasted.md", "done", 9, 9)
    assert told["files"] == [
        "report.html",
        "queries.txt",
        "corrected.txt",
        "references.csv",
        "references.xlsx",
        "report.json",
    ]
    report = client.get(f"checks/{identifier}/report.html")
    assert "<mark>2022</mark>" in report.text
    assert "You give volume 52" in client.get(f"checks/{identifier}/queries.txt").text
    assert client.get(f"checks/{identifier}/report.json").json()["summary"]


def test_every_file_of_a_check_can_be_fetched(client: TestClient) -> None:
    identifier = sent(client, SEEDED.read_bytes(), "m.md")
    files = finished(client, identifier)["files"]
    assert isinstance(files, list)
    for file in files:
        assert client.get(f"checks/{identifier}/{file}").content
    assert client.get(f"checks/{identifier}/references.xlsx").content.startswith(b"PK")


def test_what_was_checked_is_said_first(client: TestClient) -> None:
    told = finished(client, sent(client, SEEDED.read_bytes()))
    assert told["head"] == "All 9 references were looked up; 1 has no record to compare with."
    assert told["tally"] == "8 errors, 1 warning, 8 notes"
    assert told["complete"] is True


def test_without_a_network_the_page_says_that_nothing_was_checked() -> None:
    from refcheck.sources import Crossref

    app = create_app(TOKEN, lambda: [Crossref("http://127.0.0.1:9")])
    client = TestClient(app, base_url=f"{BASE}/{TOKEN}/")
    told = finished(client, sent(client, SEEDED.read_bytes()))
    assert told["head"] == "0 of 9 references could be checked: no connection to 127.0.0.1:9."
    assert told["complete"] is False
    app.state.checks.close()


def test_checks_survive_a_reload_and_can_be_forgotten(client: TestClient) -> None:
    first, second = sent(client, SEEDED.read_bytes(), "a.md"), sent(client, SEEDED.read_bytes(), "b.md")
    finished(client, second)
    assert [c["name"] for c in client.get("checks").json()["checks"]] == ["a.md", "b.md"]
    assert client.delete(f"checks/{first}").status_code == 200
    assert [c["id"] for c in client.get("checks").json()["checks"]] == [second]
    assert client.delete(f"checks/{first}").status_code == 404


def test_a_check_that_waits_or_runs_is_cancelled() -> None:
    import threading

    asked, go_on = threading.Event(), threading.Event()

    class Slow:
        name, concurrency, enquiry = "slow", 1, RECORDS.enquiry

        def identify(self, references: object) -> object:
            asked.set()
            go_on.wait(30)
            return RECORDS.identify(references)  # type: ignore[arg-type]

        def search(self, query: object) -> object:
            return RECORDS.search(query)  # type: ignore[arg-type]

    app = create_app(TOKEN, lambda: [Slow()])  # type: ignore[list-item]
    client = TestClient(app, base_url=f"{BASE}/{TOKEN}/")
    running, waiting = sent(client, SEEDED.read_bytes(), "a.md"), sent(client, SEEDED.read_bytes(), "b.md")
    assert asked.wait(30)
    for identifier in (waiting, running):
        assert client.delete(f"checks/{identifier}").json() == {"state": "cancelled"}
    go_on.set()
    third = sent(client, SEEDED.read_bytes(), "c.md")
    assert finished(client, third)["state"] == "done", "the next one has its turn"
    assert client.get(f"checks/{running}").json()["state"] == "cancelled"
    assert "files" not in client.get(f"checks/{waiting}").json()
    app.state.checks.close()


def test_a_word_file_comes_back_annotated(client: TestClient) -> None:
    data = as_word(SEEDED.read_text(encoding="utf-8"))
    identifier = sent(client, data, "C%3A%5Cfiles%5CSkin%20%E2%80%9Cfinal%E2%80%9D.docx")
    told = finished(client, identifier)
    assert told["name"] == "Skin “final”.docx"
    response = client.get(f"checks/{identifier}/annotated.docx")
    assert response.headers["content-disposition"].endswith("Skin%20%E2%80%9Cfinal%E2%80%9D.annotated.docx")
    before, after = docx.Document(io.BytesIO(data)), docx.Document(io.BytesIO(response.content))
    assert [p.text for p in before.paragraphs] == [p.text for p in after.paragraphs]
    assert len(list(after.comments)) > 5


def test_settings_are_in_effect() -> None:
    app = create_app(TOKEN, lambda: [RECORDS], settings=read_settings({"severity": {"REF305": "off"}}))
    client = TestClient(app, base_url=f"{BASE}/{TOKEN}/")
    identifier = sent(client, SEEDED.read_bytes())
    finished(client, identifier)
    assert "You give volume 52" not in client.get(f"checks/{identifier}/queries.txt").text


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (b"PK\x03\x04 broken", "m.docx", "m.docx"),
        (b"Nothing is cited here.", "", "reference list"),
        (b"\x89PNG\r\n\x1a\n", "m.png", "m.png"),
    ],
)
def test_what_cannot_be_read_is_told(client: TestClient, data: bytes, name: str, problem: str) -> None:
    identifier = sent(client, data, name)
    told = finished(client, identifier)
    assert told["state"] == "failed"
    assert problem in str(told["problem"])
    assert client.get(f"checks/{identifier}/report.html").status_code == 404


def test_a_failing_source_does_not_stop_the_page() -> None:
    calls = []

    def open_sources() -> list[LocalRecords]:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("no disk")
        return [RECORDS]

    client = TestClient(create_app(TOKEN, open_sources), base_url=f"{BASE}/{TOKEN}/")
    assert "no disk" in str(finished(client, sent(client, SEEDED.read_bytes()))["problem"])
    assert finished(client, sent(client, SEEDED.read_bytes()))["state"] == "done"


def test_too_large_or_empty_is_refused(client: TestClient) -> None:
    assert client.post("checks", content=b"x" * 1_000_001).status_code == 413

    def stream() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    assert client.post("checks", content=stream()).status_code == 413
    assert client.post("checks", content=b"  \n").status_code == 400


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"/{TOKEN}/", {"host": "evil.example"}, 421),
        (f"/{TOKEN}/", {"host": "evil.example:8000"}, 421),
        (f"/{TOKEN}/", {"host": "127.0.0.1:9"}, 421),
        (f"/{TOKEN}/", {"host": "127.0.0.1.evil.example:8000"}, 421),
        (f"/{TOKEN}/", {"host": ""}, 421),
        (f"/{TOKEN}/", {"origin": "http://evil.example"}, 403),
        (f"/{TOKEN}/", {"origin": "null"}, 403),
        (f"/{TOKEN}/", {"sec-fetch-site": "cross-site"}, 403),
        (f"/{TOKEN}/", {"sec-fetch-site": "same-site"}, 403),
        ("/", {}, 404),
        ("/another-token/", {}, 404),
        (f"/{TOKEN}", {}, 404),
        (f"/{TOKEN}x/", {}, 404),
        ("/page.js", {}, 404),
        (f"/{TOKEN}/../../etc/passwd", {}, 404),
        (f"/{TOKEN}/app.py", {}, 404),
        (f"/{TOKEN}/checks/none", {}, 404),
        (f"/{TOKEN}/checks/none/report.html", {}, 404),
        (f"/{TOKEN}/", {"host": "localhost:8000"}, 200),
        (f"/{TOKEN}/", {"origin": BASE, "sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_who_is_let_in(client: TestClient, path: str, headers: dict[str, str], status: int) -> None:
    response = client.get(BASE + path, headers=headers)
    assert response.status_code == status
    assert not [h for h in response.headers if h.startswith("access-control")]


@pytest.mark.parametrize("path", ["", "page.js", "page.css", "nothing", "checks/none"])
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_the_report_keeps_its_own_policy(client: TestClient) -> None:
    identifier = sent(client, SEEDED.read_bytes())
    finished(client, identifier)
    policy = client.get(f"checks/{identifier}/report.html").headers["content-security-policy"]
    assert "sha256-" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_page_loads_only_its_own(client: TestClient) -> None:
    page = client.get("").text
    assert 'src="page.js"' in page
    assert "http" not in page
    assert "style=" not in page
    assert "onclick" not in page


def test_a_hostile_name_stays_text(client: TestClient) -> None:
    identifier = sent(client, SEEDED.read_bytes(), "%3Cscript%3Ealert(1)%3C/script%3E%0D%0Ax.md")
    assert finished(client, identifier)["state"] == "done"
    report = client.get(f"checks/{identifier}/report.html").text
    assert "<script>alert" not in report
    disposition = client.get(f"checks/{identifier}/queries.txt").headers["content-disposition"]
    assert "\n" not in disposition
    assert "<" not in disposition


def test_only_so_many_wait_and_are_kept() -> None:
    import threading

    gate = threading.Event()

    def open_sources() -> list[LocalRecords]:
        gate.wait(20)
        return [RECORDS]

    app = create_app(TOKEN, open_sources)
    client = TestClient(app, base_url=f"{BASE}/{TOKEN}/")
    first = [sent(client, b"x") for _ in range(WAITING)]
    response = client.post("checks", content=b"x")
    assert response.status_code == 429
    assert "try again" in response.json()["problem"]
    gate.set()
    for identifier in first:
        finished(client, identifier)
    later = []
    for _ in range(KEPT):
        later.append(sent(client, b"x"))
        finished(client, later[-1])
    assert client.get(f"checks/{first[0]}").status_code == 404
    assert client.get(f"checks/{later[-1]}").status_code == 200
