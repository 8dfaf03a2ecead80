"""Every fault of a service × every command: each reference is answered or said to be unchecked, never more, never less.

Faults that pass are ridden out, and the outcome is that of a sound service. Those that last leave what needs the
service *unchecked*, with exit status 2; what was found without it stays. No time passes: the clock is the tests' own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from refcheck.cli import main
from refcheck.sources import build_index, default_sources
from refcheck.sources.services.agencies import DoiOrg
from refcheck.sources.services.crossref import Crossref
from refcheck.web.app import create_app
from tests.sources.times import FakeTime
from tests.standin import ALL_FAULTS, LASTING_FAULTS, CrossrefStandin, each, scripted
from tests.standin.works import WORKS
from tests.work import no_hang

Start = Callable[..., CrossrefStandin]

TIDAL = (
    "Nordahl A, Lindqvist B. Tidal mixing in sheltered fjords. Journal of Invented Oceanography. 2019;12(3):101-118."
)
STUDY = "Sims R. Study number 4 of the behaviour of invented glaciers. Serial Studies. 1994;4:4-9. doi:10.5555/series.4"
REFERENCES = (TIDAL, f"{TIDAL} doi:10.5555/tidal.2019", STUDY)
COMMANDS = ("check", "batch", "lookup", "index", "web")
#: Of these every answer is broken in the same way, and none is an answer.
BROKEN = tuple(f for f in ALL_FAULTS if not f.endswith("-headers") and f != "slow") + LASTING_FAULTS[:-1]
PASSING = tuple(ALL_FAULTS)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """Retries, pauses and rests take no time."""
    clock = FakeTime()
    for source in (Crossref, DoiOrg):
        defaults = getattr(source.__init__, "__kwdefaults__", None) or {}
        for name, value in (("clock", clock.now), ("sleep", clock.sleep)):
            if name in defaults:
                monkeypatch.setitem(defaults, name, value)
    return clock


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that holds the first work alone."""
    folder = tmp_path_factory.mktemp("index")
    records = folder / "records.jsonl"
    records.write_text("".join(json.dumps(w) + "\n" for w in WORKS if w["DOI"] == "10.5555/tidal.2019"))
    build_index([records], folder / "index")
    return folder / "index"


Verdicts = list[str]
Run = Callable[[str, str], tuple[int, Verdicts]]


@pytest.fixture
def run(tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command against a service; returns its exit status, and for each reference what became of it."""

    def go(command: str, url: str) -> tuple[int, Verdicts]:
        manuscript, lines, out = (tmp_path / name for name in ("m.md", "refs.txt", "out"))
        listed = "".join(f"{n}. {r}\n" for n, r in enumerate(REFERENCES, 1))
        manuscript.write_text(f"Fjords [1-3].\n\n## References\n\n{listed}", encoding="utf-8")
        lines.write_text("".join(f"{r}\n" for r in REFERENCES), encoding="utf-8")
        service = ["--crossref-url", url, "--no-cache"]
        if command == "web":
            return on_the_page(manuscript.read_bytes(), url)
        if command == "lookup":
            statuses, verdicts = [], []
            for reference in REFERENCES:
                statuses.append(main(["lookup", reference, "--format", "json", *service]))
                verdicts.append(json.loads(capsys.readouterr().out)["verdict"])
            return max(statuses), verdicts
        if command == "batch":
            status = main(["batch", str(lines), "--restart", "-o", str(out), *service])
            return status, [json.loads(line)["match"]["verdict"] for line in out.read_text().splitlines()]
        first = ["--index", str(index)] if command == "index" else []
        status = main(["check", str(manuscript), "--format", "json", "-o", str(out), *first, *service])
        return status, [r["match"]["verdict"] for r in json.loads(out.read_text())["references"]]

    return go


def on_the_page(data: bytes, url: str) -> tuple[int, Verdicts]:
    """The page has no exit status: 2 where it says that something is unchecked."""
    app = create_app("token", lambda: default_sources({}, base_url=url, cache=None))
    with no_hang(), TestClient(app, base_url="http://127.0.0.1:8000/token/") as client:
        identifier = client.post("checks", content=data).json()["id"]
        while (told := client.get(f"checks/{identifier}").json())["state"] not in ("done", "failed"):
            time.sleep(0.01)
        assert told["state"] == "done", told["problem"]
        report: dict[str, Any] = client.get(f"checks/{identifier}/report.json").json()
        app.state.checks.close()
    unchecked = any(f["code"] == "REF901" for f in report["findings"])
    return 2 if unchecked else 0, [r["match"]["verdict"] for r in report["references"]]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", BROKEN)
def test_what_lasts_leaves_references_unchecked(fault: str, command: str, standin: Start, run: Run) -> None:
    status, verdicts = run(command, standin(plan=each(fault)).url)
    assert len(verdicts) == len(REFERENCES)
    assert status == 2, verdicts
    expected = ["matched", "matched", "unchecked"] if command == "index" else ["unchecked"] * len(REFERENCES)
    assert verdicts == expected


@pytest.mark.parametrize("command", ["check", "web"])
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_ridden_out(fault: str, command: str, standin: Start, run: Run) -> None:
    status, verdicts = run(command, standin(plan=scripted([fault, fault])).url)
    assert (status != 2, verdicts) == (True, ["matched"] * len(REFERENCES))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_record_of_another_doi_is_no_word_about_this_one(
    command: str, standin: Start, run: Run, tmp_path: Path
) -> None:
    """A cache or a proxy mixes answers up: the printed DOIs stay unchecked, the works are found by their entries."""
    _, verdicts = run(command, standin(plan=each("wrong-record")).url)
    assert verdicts == ["matched"] * len(REFERENCES)
    if command in ("check", "index"):
        codes = {f["code"] for f in json.loads((tmp_path / "out").read_text())["findings"]}
        assert not codes & {"REF202", "REF203"}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("how", ["no-server", "proxy-down"])
def test_without_a_way_out(how: str, command: str, standin: Start, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    server = standin()
    url = server.url
    if how == "no-server":
        server.__exit__()
    else:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "")
    status, verdicts = run(command, url)
    assert status == 2
    assert set(verdicts[2:]) == {"unchecked"}


def test_a_name_that_is_not_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says of an unknown name; the name itself leaves nothing to resolve here."""
    import socket

    def unknown(*arguments: object, **options: object) -> Iterator[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    status, verdicts = run("check", "https://crossref.example.org")
    assert (status, set(verdicts)) == (2, {"unchecked"})


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_a_clock_that_jumps(jump: float, standin: Start, run: Run, no_waiting: FakeTime) -> None:
    """Back or forth by a day in the middle of the work, as after a sleep of the machine: nothing is called absent."""
    jumps = [jump]

    def plan(asked: object) -> str:
        no_waiting.at += jumps.pop() if jumps else 0.0
        return ""

    status, verdicts = run("check", standin(plan=plan).url)
    assert set(verdicts) <= {"matched", "unchecked"}
    assert (status == 2) == ("unchecked" in verdicts)
    assert verdicts.count("matched") >= len(REFERENCES) - 1
