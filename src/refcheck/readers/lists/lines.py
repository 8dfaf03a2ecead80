"""References one a line, as JSON objects or as plain text: a stream of any length.

This is how `refcheck batch` and `refcheck parse --format jsonl` are fed; a manuscript is read elsewhere.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.lists.strings import read_strings

#: A binary file that can be looked into without moving on: `open(path, "rb")`, `gzip.open(path)`, `sys.stdin.buffer`.
Stream = io.BufferedReader | gzip.GzipFile

_JSONL = (".jsonl", ".ndjson")
#: The beginning of a JSON array of objects or strings; "[1] Lee" is a numbered reference.
_ARRAY = re.compile(r'\[\s{0,99}(?:[{"]|$)')
#: Bytes looked at to tell text from a binary file.
_HEAD = 4096


class Line(NamedTuple):
    """One line of input: a reference, or the reason why it is none."""

    id: Any  # as given; the line's number, as text, where none is given
    reference: str
    error: str
    end: int  # bytes of the input up to the end of this line
    done: str = ""  # the output line that an earlier run has left


def open_lines(path: str, standard_input: Stream) -> Stream:
    """The bytes of a list of references: a file, a gzipped file, or `-` for standard input.

    Raises UnreadableInput for a file that is missing or not a file.
    """
    if path == "-":
        return standard_input
    try:
        if path.endswith(".gz"):
            return gzip.open(path)
        return open(path, "rb")
    except IsADirectoryError:
        raise UnreadableInput(f"{path} is a folder; give a file with one reference a line") from None
    except FileNotFoundError:
        raise UnreadableInput(f"there is no file {path}") from None
    except OSError as e:
        raise UnreadableInput(f"{path} cannot be opened: {e.strerror}") from None


def is_jsonl(name: str) -> bool:
    """Whether a file name says that each line is a JSON object.

    >>> is_jsonl("refs.jsonl"), is_jsonl("refs.ndjson.gz"), is_jsonl("refs.txt")
    (True, True, False)
    """
    return name.lower().removesuffix(".gz").endswith(_JSONL)


def read_lines(stream: Stream, name: str) -> Iterator[Line]:
    """The references of a stream, one a line: JSON objects with `id` and `reference`, or plain text.

    Which of the two is told by the name, else by the first line that is not blank. Blank lines are passed over.
    Plain text is UTF-8, or UTF-16 where it begins with its byte order mark; a line that is not UTF-8 is read as
    Windows-1252, the usual encoding of older office files. Raises UnreadableInput for a binary file, and for an
    input without a single reference.

    >>> def read(data): return [line[:2] for line in read_lines(io.BufferedReader(io.BytesIO(data)), "-")]
    >>> read(b'{"id": "a", "reference": "Lee 2023"}')
    [('a', 'Lee 2023')]
    >>> read(b'Lee 2023\\n\\nWu 2018\\n')
    [('1', 'Lee 2023'), ('3', 'Wu 2018')]
    """
    raw_lines = _numbered(stream, name)
    first = next(raw_lines, None)
    if first is None:
        raise UnreadableInput(f"{name} holds no reference: it is empty")
    as_json = is_jsonl(name) or first[1].startswith("{")
    if not as_json and _ARRAY.match(first[1]):
        raise UnreadableInput(
            f'{name} is one JSON array; give JSON Lines instead, one {{"id": …, "reference": …}} a line'
        )
    for number, text, end in chain([first], raw_lines):
        if as_json:
            yield _json_line(number, text, end)
        else:
            yield Line(str(number), text, "", end)


def _numbered(stream: Stream, name: str) -> Iterator[tuple[int, str, int]]:
    """Line number, text and end of each line that is not blank."""
    try:
        head = stream.peek(_HEAD)[:_HEAD]
    except (OSError, EOFError) as e:
        raise UnreadableInput(f"{name} cannot be read: {e}") from None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from _wide(stream, name)
        return
    if b"\x00" in head or head.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b")):
        raise UnreadableInput(
            f"{name} is a binary file; give plain text or JSON Lines, one reference a line "
            "(a manuscript is for `refcheck check`)"
        )
    end = 0
    number = 0
    try:
        for number, raw in enumerate(stream, start=1):
            end += len(raw)
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                text = raw.decode("cp1252", errors="replace")
            if text := text.strip():
                yield number, text, end
    except (OSError, EOFError) as e:
        raise UnreadableInput(f"{name} cannot be read beyond line {number}: {e}") from None


def _wide(stream: Stream, name: str) -> Iterator[tuple[int, str, int]]:
    end = 0
    try:
        for number, text in enumerate(io.TextIOWrapper(stream, encoding="utf-16"), start=1):
            end += 2 * len(text)
            if text := text.strip():
                yield number, text, end
    except UnicodeError as e:
        raise UnreadableInput(f"{name} begins as UTF-16 but does not go on as such: {e}") from None


def _json_line(number: int, text: str, end: int) -> Line:
    try:
        given = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as e:
        return Line(str(number), "", f"line {number} is not JSON: {e}", end)
    if not isinstance(given, dict):
        return Line(str(number), "", f"line {number} is not a JSON object", end)
    identifier = given.get("id")
    if identifier is None:
        identifier = str(number)
    reference = given.get("reference")
    if not isinstance(reference, str):
        return Line(identifier, "", f'line {number} has no text under "reference"', end)
    if not reference.strip():
        return Line(identifier, "", f'line {number} has nothing under "reference"', end)
    return Line(_unicode(identifier), _unicode(reference), "", end)


def _unicode(value: Any) -> Any:
    """JSON can spell half a surrogate pair, which no UTF-8 file can hold."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def read_jsonl(data: bytes, name: str) -> Manuscript:
    """A list of references in JSON Lines, as a manuscript that is only a list.

    Raises UnreadableInput where a line is no reference: a stream of lines may have some, a manuscript not.

    >>> read_jsonl(b'{"id": 7, "reference": "Wu P. MSC-exosome. Cytotherapy. 2018;20(3):291-301."}', "refs.jsonl").name
    'refs.jsonl'
    """
    lines = list(read_lines(io.BufferedReader(io.BytesIO(data)), name))
    if bad := next((line.error for line in lines if line.error), ""):
        raise UnreadableInput(f"{name}: {bad}; `refcheck batch` passes such lines over")
    return read_strings([line.reference for line in lines], name)
