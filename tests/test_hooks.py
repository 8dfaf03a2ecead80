"""The pre-commit hook, the action and the container call commands that exist, and do what they promise."""

import json
import re
import shlex
from pathlib import Path

import pytest

from refcheck.cli import _parser, main

ROOT = Path(__file__).parents[1]
SEEDED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy-seeded.md"
SEED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md"
RECORDS = ["--records", str(ROOT / "fixtures" / "records" / "exosome-therapy-seeded.jsonl")]


def test_the_hook_takes_files_and_its_patterns_are_sound() -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entry = re.search("entry: (.*)", hook)
    assert entry
    assert _parser().parse_args([*shlex.split(entry.group(1))[1:], "a.md", "b.docx"]).files == ["a.md", "b.docx"]
    wanted, passed_over = (re.search(f"{key}: '(.*)'", hook) for key in ("files", "exclude"))
    assert wanted
    assert passed_over
    assert re.search(wanted.group(1), "papers/a.docx")
    assert re.search(passed_over.group(1), "docs/README.md")


def test_the_action_and_the_container_call_commands_that_exist() -> None:
    action = (ROOT / "action.yml").read_text(encoding="utf-8")
    commands = re.findall(r"^\s+refcheck (.*?)(?: >> .*)?$", action, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        assert _parser().parse_args(shlex.split(command.replace('"${files[@]}"', "a.md b.md"))).skip_without_list
    default = re.search(r"^CMD (\[.*\])$", (ROOT / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert default
    asked = _parser().parse_args(json.loads(default.group(1)))
    assert (asked.command, asked.listen, asked.port) == ("web", "0.0.0.0", 8080)


def test_files_without_a_list_are_passed_over_where_that_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "notes.md"
    page.write_text("Nothing is cited here. " * 20, encoding="utf-8")
    assert main(["check", str(page), str(SEED), *RECORDS, "--skip-without-list"]) == 0
    assert "no reference list was found" in capsys.readouterr().err
    assert main(["check", str(page), str(SEED), *RECORDS]) == 2
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK nonsense")
    assert main(["check", str(broken), *RECORDS, "--skip-without-list"]) == 2, "a damaged file is not passed over"


def test_sarif_names_paths_and_has_one_alert_for_missing_dois(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, source in (("one", SEEDED), ("two", SEED)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "paper.md").write_bytes(source.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert main(["check", "one/paper.md", "two/paper.md", *RECORDS, "-o", "all.sarif"]) in (1, 2)
    run = json.loads((tmp_path / "all.sarif").read_text(encoding="utf-8"))["runs"][0]
    found = [
        (r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], r["ruleId"], r["message"]["text"])
        for r in run["results"]
    ]
    assert {uri for uri, _, _ in found} == {"one/paper.md", "two/paper.md"}
    dois = [(uri, text) for uri, code, text in found if code == "REF204"]
    assert len(dois) == len({uri for uri, _ in dois})
    assert "have DOIs that are not printed" in dois[0][1]
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_an_outage_is_an_invocation_that_failed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SEED), "--crossref-url", "http://127.0.0.1:9", "--no-cache", "--format", "sarif"]) == 2
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "0 of 7 references could be checked" in json.dumps(run["invocations"])
