"""Where the answer of a command goes, in which format, and what may not be lost on the way."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from refcheck.cli import streams
from refcheck.errors import UsageError
from refcheck.saving import Outputs, saved

#: The suffixes of each format; where several formats share one, the first is meant.
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "text": (".txt", ".text", ".log"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "html": (".html", ".htm"),
    "markdown": (".md", ".markdown"),
    "csv": (".csv",),
    "xlsx": (".xlsx",),
    "sarif": (".sarif", ".json"),
    "junit": (".xml",),
    "bibtex": (".bib",),
    "csl-json": (".json",),
    "ris": (".ris",),
    "diff": (".diff", ".patch"),
    "queries": (".txt", ".text", ".md"),
    "corrected": (".txt", ".text", ".md", ".bib"),
}
_LONGER = {".csl.json": "csl-json", ".sarif.json": "sarif"}
#: Suffixes that promise what refcheck does not write.
_NOT_OURS = frozenset(
    ".pdf .doc .docm .odt .ods .rtf .xls .xlsm .tex .ltx .jats .nbib .zip .gz .xz .bz2 .png .jpg .epub".split()
)
#: What cannot be shown on a terminal.
_BINARY = frozenset({"xlsx"})
WORD = ".docx"


def add_output(p: argparse.ArgumentParser) -> None:
    """`--output` (None where the command writes to standard output) and `--force`."""
    p.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=_file,
        help="write there; the suffix tells the format (- is the terminal)",
    )
    add_force(p)


def add_force(p: argparse.ArgumentParser) -> None:
    """`--force`: replace files that refcheck did not write."""
    p.add_argument(
        "--force",
        action="store_true",
        help="replace a file that is there, though refcheck did not write it (never one that is read)",
    )


def _file(text: str) -> Path | None:
    return None if text == "-" else Path(text)


def chosen_format(a: argparse.Namespace, formats: Collection[str], otherwise: str = "text") -> str:
    """The format asked for by `--format` or by the suffix of the output, one of `formats`.

    Raises UsageError where the two contradict each other, and where the suffix promises what is not written.
    """
    asked: str | None = a.format
    path: Path | None = a.output
    if path is None:
        return asked or otherwise
    suffix = path.suffix.lower()
    longer = next((f for end, f in _LONGER.items() if path.name.lower().endswith(end)), None)
    meant = [longer] if longer else [f for f, suffixes in _SUFFIXES.items() if suffix in suffixes]
    meant = [f for f in meant if f in formats] or meant
    if asked and (not meant or asked in meant) and suffix not in _NOT_OURS and suffix != WORD:
        return asked
    if asked:
        raise UsageError(
            f"--format {asked} and the suffix of {path} contradict each other"
            + (f" ({suffix} is {meant[0]})" if meant else "")
            + "; change one of them"
        )
    if meant and meant[0] in formats:
        return meant[0]
    if not suffix or suffix[1:].isdecimal():
        return otherwise
    can = ", ".join(dict.fromkeys(s for f in formats for s in _SUFFIXES.get(f, ())[:1]))
    raise UsageError(f"this command writes no {suffix} file ({path}); it writes {can}, or what --format names")


def outputs(a: argparse.Namespace, inputs: Iterable[str | Path] = ()) -> Outputs:
    """The files that a command may write, where `inputs` and the records named by the options are read."""
    read = [Path(i) for i in inputs if str(i) != "-"]
    read += [path for name in ("records", "index", "retractions") if (path := getattr(a, name, None))]
    return Outputs(read, force=a.force)


def destination(path: Path | None, files: Outputs, format: str) -> Path | None:
    """Where to write, None for standard output. Raises UsageError where something would be lost or spoilt."""
    if path is not None:
        return files.claim(path, format)
    if format in _BINARY and streams.columns() is not None:
        raise UsageError(f"{format} is not for a terminal: name a file with -o, or send it through a pipe")
    return None


def write(parts: Sequence[str | bytes], place: Path | None) -> None:
    """Write the reports of a run, one after the other, to a file at once, or to standard output."""
    body = b""
    for part in parts:
        if body and isinstance(part, str) and not part.startswith("{"):
            body += b"\n"
        body += part.encode("utf-8", "replace") if isinstance(part, str) else part
    with stream(place) as out:
        out.write(body)


def stream(place: Path | None) -> AbstractContextManager[IO[bytes]]:
    """What is written to, as bytes: a file that appears when it is complete, or standard output."""
    return streams.standard_output() if place is None else saved(place)
