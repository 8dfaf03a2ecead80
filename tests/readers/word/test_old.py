"""Old Word files go through LibreOffice, and one sentence says so where it is missing or fails."""

import os
import stat
import sys
from pathlib import Path

import pytest
from tests.readers.building import LIST, docx, paragraph, run

from refcheck.errors import UnreadableInput
from refcheck.readers import read
from refcheck.readers.word import old

DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(200)


def stand_in(folder: Path, script: str) -> str:
    """A program called soffice that runs a piece of Python; `out` is the folder that it was told to write to."""
    program = folder / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\n"
        f"out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\nout.mkdir()\n{script}\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_what_libreoffice_makes_of_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    converted = tmp_path / "given.docx"
    converted.write_bytes(docx(paragraph(run("Skin heals [1].")) + LIST))
    script = f"(out / 'manuscript.docx').write_bytes(pathlib.Path({str(converted)!r}).read_bytes())"
    monkeypatch.setenv("PATH", stand_in(tmp_path, script))
    manuscript = read(DOC, "m.doc")
    assert (manuscript.name, manuscript.format, len(manuscript.references)) == ("m.doc", "doc", 3)


def test_without_libreoffice_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(old, "_PLACES", ())
    with pytest.raises(UnreadableInput, match=r"^m\.doc is in the old Word format .* install it, or .* \.docx\.$"):
        read(DOC, "m.doc")


def test_where_libreoffice_fails_it_is_said_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", stand_in(tmp_path, "sys.exit(1)"))
    with pytest.raises(UnreadableInput, match="LibreOffice could not convert it"):
        read(DOC, "m.doc")
