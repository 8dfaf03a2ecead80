"""A file of Crossref records as a source, without any network."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from refcheck.errors import IndexUnusable, UnreadableInput
from refcheck.sources.corpus.building import build_index, memory_index
from refcheck.sources.corpus.index import FORMAT, Index, Shelf, open_index
from refcheck.sources.corpus.reading import Message, read_files, slim

# Smaller files are indexed anew each time: it takes about as long as opening an index.
_WORTH_KEEPING = 500_000
_FORGOTTEN_AFTER = 30 * 24 * 3600.0  # seconds


class LocalRecords(Shelf):
    """The records of a JSONL file (plain or gzipped), or of an iterable of Crossref messages, as a source.

    With `cache_dir`, the index of a large file is kept there, so that a second run opens it at once; it is keyed by
    the file's path, size, time and ends. `problems` says in sentences what in the file is not a record.

    Raises UnreadableInput when the file cannot be read or holds no record at all.

    >>> records = LocalRecords([{"DOI": "10.5555/x", "title": ["Exosome therapy of the skin"]}])
    >>> len(records), records.work("10.5555/X").title
    (1, 'Exosome therapy of the skin')
    """

    def __init__(
        self,
        records: str | Path | Iterable[Message],
        cache_dir: str | Path | None = None,
        name: str = "records",
    ) -> None:
        self.problems: tuple[str, ...] = ()
        if isinstance(records, str | Path):
            index = self._index_of(Path(records), Path(cache_dir) if cache_dir else None)
        else:
            index = memory_index(slim(m) for m in records)
        super().__init__(index, name)

    def _index_of(self, path: Path, cache_dir: Path | None) -> Any:
        if not path.is_file():
            raise UnreadableInput(f"{path} does not exist or is not a file.")
        if cache_dir is not None and path.stat().st_size >= _WORTH_KEEPING:
            return self._kept(path, cache_dir)
        told: list[str] = []
        index = memory_index(read_files([path], told))
        self.problems = tuple(told)
        if not index.searcher().num_docs:
            raise UnreadableInput(" ".join(told) or f"{path} is empty: it holds no Crossref record.")
        return index

    def _kept(self, path: Path, cache_dir: Path) -> Any:
        folder = cache_dir / "records" / f"{_key(path)}-{FORMAT}"
        try:
            manifest = Index(folder).manifest
        except IndexUnusable:
            folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            built = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
            try:
                build_index([path], built)
                _put_in_place(built, folder)
                _forget_unused(folder.parent)
            finally:
                shutil.rmtree(built, ignore_errors=True)
            manifest = Index(folder).manifest
        self.problems = tuple(manifest["problems"])
        os.utime(folder)
        return open_index(folder)


def _put_in_place(built: Path, folder: Path) -> None:
    try:
        built.rename(folder)
    except OSError:
        # Either another process was quicker, and its index is as good, or a ruin stands there.
        try:
            Index(folder)
        except IndexUnusable:
            ruin = folder.with_name(f".ruin-{os.getpid()}-{folder.name}")
            folder.rename(ruin)
            built.rename(folder)
            shutil.rmtree(ruin, ignore_errors=True)


def _forget_unused(kept: Path) -> None:
    """Indexes that were not opened for long, and what a killed process left."""
    for folder in kept.iterdir():
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _FORGOTTEN_AFTER:
                shutil.rmtree(folder)


def _key(path: Path) -> str:
    """Names a file by its path, size, time and its first and last 64 kB."""
    stat = path.stat()
    with path.open("rb") as file:
        head = file.read(65536)
        file.seek(max(0, stat.st_size - 65536))
        tail = file.read()
    known = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}|".encode()
    return hashlib.blake2b(known + head + tail, digest_size=12).hexdigest()
