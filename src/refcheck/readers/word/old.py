"""Old Word files (.doc): LibreOffice turns them into .docx, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.word.document import read_docx

PATIENCE = 120.0  # seconds by the clock: the first start of LibreOffice takes ten
_PROGRAMS = ("soffice", "libreoffice")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe")


def read_doc(data: bytes, name: str) -> Manuscript:
    """Read an old Word file by way of LibreOffice, in a folder and with settings of its own.

    Raises:
        UnreadableInput: protected, of another program, or LibreOffice is not installed or cannot read it.
        NoReferences: there is no reference list in it.
    """
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableInput(f"{name} is protected by a password: save it without one.")
    if _WORD_STREAM not in data:
        raise UnreadableInput(
            f"{name} is an old Office file, but no Word document, or it is damaged: save the manuscript as .docx."
        )
    program = _program()
    if not program:
        raise UnreadableInput(
            f"{name} is in the old Word format (.doc), which is read through LibreOffice, and that is not installed "
            "here: install it, or open the file in Word and save it as .docx."
        )
    with tempfile.TemporaryDirectory(prefix="refcheck-") as folder:
        converted = _converted(program, data, name, Path(folder))
    return replace(read_docx(converted, name), format="doc")


def _program() -> str:
    found = next((path for program in _PROGRAMS if (path := shutil.which(program))), "")
    return found or next((place for place in _PLACES if Path(place).is_file()), "")


def _converted(program: str, data: bytes, name: str, folder: Path) -> bytes:
    """The file as LibreOffice saves it as .docx; macros are not run (`--convert-to` opens without them)."""
    given = folder / "manuscript.doc"
    given.write_bytes(data)
    command = [
        program, "--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(given),
    ]  # fmt: skip
    try:
        subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False, cwd=folder
        )
        return (folder / "out" / "manuscript.docx").read_bytes()
    except (OSError, subprocess.TimeoutExpired):
        raise UnreadableInput(
            f"{name} is in the old Word format (.doc), and LibreOffice could not convert it: open it in Word and save "
            "it as .docx."
        ) from None
