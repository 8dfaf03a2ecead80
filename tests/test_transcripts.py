"""Commands and what they print, as in pandoc: `tests/transcripts/*.md` hold both, `make accept` rewrites the latter.

A transcript is a code block: a line `% refcheck …`, what it prints to both streams, and `=> STATUS` unless that is 0.
A block `% file NAME` before it makes a file for the commands of the same page.
"""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from refcheck.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "tests" / "transcripts").glob("*.md"))
_BLOCK = re.compile(r"(?ms)^```\n% (.+?)\n(.*?)^```$")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_golden_transcript(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("manuscripts", "records"):
        shutil.copytree(ROOT / "fixtures" / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)

    def run(block: re.Match[str]) -> str:
        command, before = block.groups()
        words = shlex.split(command)
        if words[0] == "file":
            (tmp_path / words[1]).write_text(before, encoding="utf-8")
            return block.group()
        assert words[0] == "refcheck"
        status = main(words[1:])
        out, err = capsys.readouterr()
        ending = f"=> {status}\n" if status else ""
        return f"```\n% {command}\n{out}{err}{ending}```"

    written = page.read_text(encoding="utf-8")
    now = _BLOCK.sub(run, written)
    if os.environ.get("REFCHECK_ACCEPT"):
        page.write_text(now, encoding="utf-8")
    assert now == page.read_text(encoding="utf-8"), "`make accept` takes the new one; read the diff"


def test_there_are_transcripts_of_every_command() -> None:
    commands = [command for page in PAGES for command, _ in _BLOCK.findall(page.read_text(encoding="utf-8"))]
    shown = {shlex.split(c)[1] for c in commands if c.startswith("refcheck ")}
    assert shown >= {"check", "parse", "batch", "lookup", "rules", "waive", "index"}
