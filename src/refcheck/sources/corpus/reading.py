"""Record files -> Crossref records: JSONL, folders of Crossref's public data file, API answers; plain or gzipped."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, TypedDict

import msgspec

from refcheck.errors import UnreadableInput

Message = Mapping[str, Any]


# What `record_work` reads. The rest (references, abstract, licences, funders, affiliations …) is most of a record and
# is skipped while parsing. `None`: nulls occur everywhere.
class _Person(TypedDict, total=False):
    family: Any
    given: Any
    name: Any
    suffix: Any
    sequence: Any


class _Stamp(TypedDict, total=False):
    timestamp: Any


_Date = TypedDict("_Date", {"date-parts": Any}, total=False)
_Relation = TypedDict("_Relation", {"is-preprint-of": Any}, total=False)
_Record = TypedDict(
    "_Record",
    {
        "DOI": Any, "type": Any, "title": Any, "subtitle": Any, "short-title": Any, "original-title": Any,
        "container-title": Any, "short-container-title": Any, "issue-title": Any, "group-title": Any,
        "author": list[_Person] | None, "editor": list[_Person] | None,
        "issued": _Date | None, "published": _Date | None, "published-print": _Date | None,
        "published-online": _Date | None, "published-other": _Date | None, "posted": _Date | None,
        "content-created": _Date | None, "approved": _Date | None, "accepted": _Date | None,
        "journal-issue": Any, "volume": Any, "issue": Any, "page": Any, "article-number": Any, "ISSN": Any, "ISBN": Any,
        "alias": Any, "aliases": Any, "version": Any, "publisher": Any, "publisher-location": Any,
        "standards-body": Any, "institution": Any, "event": Any, "edition-number": Any, "degree": Any,
        "updated-by": Any, "update-to": Any, "relation": _Relation | None, "indexed": _Stamp | None,
        "deposited": _Stamp | None, "URL": Any,
    },
    total=False,
)  # fmt: skip


class _Answer(_Record, total=False):
    items: list[_Record]  # of a file of the public data set, or of a list answer of the API


class _Line(_Answer, total=False):
    message: _Answer | None


_KEPT = frozenset(_Record.__annotations__)
_LINES = msgspec.json.Decoder(_Line)
_ANYTHING = msgspec.json.Decoder()
#: Told of records so far, bytes read, bytes in all.
Progress = Callable[[int, int, int], None]

_PROGRESS_EVERY = 2000  # records
_SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")


class Flaws(NamedTuple):
    """Lines of a file that are not records."""

    passed_over: int
    first: int  # line number, from 1
    reason: str

    def sentence(self, name: str, records: int) -> str:
        """One sentence for the user.

        >>> Flaws(2, 17, "not JSON").sentence("a.jsonl", 98)
        'a.jsonl: 2 of 100 lines are not Crossref records and were passed over (the first is line 17: not JSON).'
        """
        every = records + self.passed_over
        if self.passed_over == 1:
            return (
                f"{name}: one of {every} lines is not a Crossref record and was passed over "
                f"(line {self.first}: {self.reason})."
            )
        return (
            f"{name}: {self.passed_over} of {every} lines are not Crossref records and were passed over "
            f"(the first is line {self.first}: {self.reason})."
        )


def record_files(paths: Iterable[str | Path]) -> list[Path]:
    """The record files among the paths and in the folders among them, sorted by name.

    Raises UnreadableInput when a path does not exist or a folder holds no record file.
    """
    out: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(_SUFFIXES))
            if not found:
                raise UnreadableInput(f"{path} holds no record file ({', '.join(_SUFFIXES)}).")
            out += found
        elif path.is_file():
            out.append(path)
        else:
            raise UnreadableInput(f"{path} does not exist.")
    return out


def read_files(
    files: Sequence[Path],
    problems: list[str],
    progress: Progress | None = None,
    done: Callable[[Path], None] | None = None,
) -> Iterator[Message]:
    """The records of all files. What is wrong with a file is told in `problems`, and the others are read on.

    `progress` is called with records so far, bytes read and bytes in all; `done` with each file read to its end.
    """
    sizes = [file.stat().st_size for file in files]
    records = before = 0
    for file, size in zip(files, sizes, strict=True):
        flaws: list[Flaws] = []
        count = at = 0

        def position(value: int) -> None:
            nonlocal at
            at = value

        try:
            for message in read_records(file, flaws.append, position):
                yield message
                count += 1
                if progress and (records + count) % _PROGRESS_EVERY == 0:
                    progress(records + count, before + at, sum(sizes))
            if done:
                done(file)
        except UnreadableInput as error:
            problems.append(str(error))
        problems += [f.sentence(file.name, count) for f in flaws]
        records += count
        before += size
    if progress:
        progress(records, before, before)


def read_records(
    path: Path, flawed: Callable[[Flaws], None], position: Callable[[int], None] | None = None
) -> Iterator[Message]:
    """The records of one file. `flawed` is told of lines that are none, `position` of the bytes of the file read.

    Raises UnreadableInput when the file cannot be read to its end; the records before the damage have been yielded.
    """
    count, first, reason = 0, 0, ""
    try:
        with path.open("rb") as raw:
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if raw.read(2) == b"\x1f\x8b" else raw  # type: ignore[assignment]
            raw.seek(0)
            for number, line in enumerate(stream, 1):
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if number % 256 == 1 and position:
                    position(raw.tell())
                if line.isspace():
                    continue
                if number == 1 and line.strip() in (b"{", b"["):
                    line += stream.read()  # one JSON value over many lines
                found, problem = _records_in(line)
                yield from found
                if problem:
                    count += 1
                    first, reason = first or number, reason or problem
            if position:
                position(raw.tell())
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableInput(f"{path} cannot be read to its end ({error}): fetch the file anew.") from error
    finally:
        if count:
            flawed(Flaws(count, first, reason))


def slim(message: Message) -> Message:
    """The record with only what `record_work` reads; the same `Work` comes of it.

    >>> slim({"DOI": "10.5555/x", "reference": [{}], "author": [{"family": "Lee", "affiliation": []}], "subtitle": []})
    {'DOI': '10.5555/x', 'author': [{'family': 'Lee'}]}
    """
    try:
        kept: Message = msgspec.convert(message, _Record)
    except msgspec.ValidationError:
        kept = {key: value for key, value in message.items() if key in _KEPT}
    return {key: value for key, value in kept.items() if value}


def _records_in(line: bytes) -> tuple[list[Message], str]:
    value: Any
    try:
        try:
            value = _LINES.decode(line)
        except msgspec.ValidationError:  # JSON of another shape
            value = _ANYTHING.decode(line)
    except (ValueError, RecursionError):
        return [], "not JSON"
    if isinstance(value, dict) and "DOI" not in value:
        value = value.get("message", value)
        if isinstance(value, dict) and isinstance(value.get("items"), list):
            value = value["items"]
    items = value if isinstance(value, list) else [value]
    records: list[Message] = [
        slim(x) for x in items if isinstance(x, dict) and isinstance(x.get("DOI"), str) and x["DOI"]
    ]
    return records, "" if len(records) == len(items) else "JSON without a DOI"
