"""Record files -> an index on disk: resumable, incremental, in bounded memory, never half written.

Every commit is all or nothing (tantivy writes a new list of segments and renames it into place). The manifest is
written after the commit, so a build that is cut off is known to be unfinished and goes on where it was.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import tantivy

from refcheck.errors import IndexUnusable, UnreadableInput
from refcheck.sources.corpus.index import FORMAT, MANIFEST, is_damage, open_index, prepared, read_manifest, schema
from refcheck.sources.corpus.mapping import Entry, entry
from refcheck.sources.corpus.reading import Message, Progress, read_files, record_files
from refcheck.sources.record import record_stamp

#: Bytes that tantivy may hold before it writes a segment (its own minimum is 15 MB per thread).
MEMORY = 256_000_000
# A commit costs a flush and a sync: at 20,000 records a second this is one every 25 seconds, all that a crash loses.
_COMMIT_EVERY = 500_000
_PROBLEMS_KEPT = 100  # the first ones: a foreign folder has as many as lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did."""

    records: int  # read and indexed (or found older than what was there)
    documents: int  # in the index now
    skipped_files: int = 0  # already there from an earlier build
    problems: tuple[str, ...] = ()  # sentences for the user


def build_index(
    paths: Iterable[str | Path],
    folder: str | Path,
    *,
    progress: Progress | None = None,
    memory: int = MEMORY,
) -> Built:
    """Index the record files (and the folders of record files) into `folder`, or add them to the index there.

    A file that is in the index already (same name, size and time) is passed over, so the same command goes on with
    an interrupted build. Of two copies of a record the one that Crossref indexed later counts. `progress` is told of
    records so far, bytes read and bytes in all.

    Raises IndexUnusable (foreign folder, other version, in use by another build, disk full) and UnreadableInput
    (no record in any file). What was committed before stays usable.
    """
    files = record_files(paths)
    folder = Path(folder)
    manifest = _manifest(folder)
    todo = [f for f in files if manifest["files"].get(_name(f)) != _mark(f)]
    problems: list[str] = []
    records = 0

    def done(file: Path) -> None:
        manifest["files"][_name(file)] = _mark(file)

    try:
        index = open_index(folder) if (folder / "meta.json").exists() else _new(folder)
        writer = Writer(index, memory)
        _write(folder, manifest)
        for message in read_files(todo, problems, progress, done):
            writer.add(entry(message))
            records += 1
            if writer.pending >= _COMMIT_EVERY:
                manifest["documents"] = writer.commit()
                _write(folder, manifest)
        manifest["problems"] = [*manifest["problems"], *problems][:_PROBLEMS_KEPT]
        manifest["documents"] = writer.close()
        if manifest["documents"]:
            manifest["complete"] = True
        _write(folder, manifest)
    except BaseException as error:
        if not is_damage(error):
            raise
        raise IndexUnusable(_reason(folder, error)) from error
    if not manifest["documents"]:
        raise UnreadableInput(" ".join(problems) or "There is no Crossref record in these files.")
    return Built(
        records=records,
        documents=manifest["documents"],
        skipped_files=len(files) - len(todo),
        problems=tuple(problems),
    )


class Writer:
    """Adds entries to a tantivy index; replaces older copies of what the index holds already."""

    def __init__(self, index: Any, memory: int = MEMORY) -> None:
        self._index = index
        self._writer = index.writer(memory, 1)
        self._old = index.searcher()
        self._updating = self._old.num_docs > 0
        self._schema = index.schema
        self.pending = 0

    def add(self, item: Entry) -> None:
        """Add the entry, unless the index holds a newer copy."""
        if self._updating and item.doi and not self._newest(item):
            return
        self._writer.add_document(
            tantivy.Document(doi=item.doi, words=item.words, locator=list(item.locators), record=item.record)
        )
        self.pending += 1

    def commit(self) -> int:
        """Make everything added so far part of the index; the number of documents in it."""
        self._writer.commit()
        self._index.reload()
        self._old = self._index.searcher()
        self.pending = 0
        return int(self._old.num_docs)

    def close(self) -> int:
        """Commit, and wait until the segments are merged."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def _newest(self, item: Entry) -> bool:
        query = tantivy.Query.term_query(self._schema, "doi", item.doi, "basic")
        hits = self._old.search(query, 4, count=False).hits
        if not hits:
            return True
        held = (msgspec.json.decode(self._old.doc(address).get_first("record")) for _, address in hits)
        if max(map(record_stamp, held)) >= item.stamp:
            return False
        self._writer.delete_documents_by_term("doi", item.doi)
        return True


def memory_index(messages: Iterable[Message]) -> Any:
    """An index in memory."""
    index = _new()
    writer = Writer(index, 64_000_000)
    for message in messages:
        writer.add(entry(message))
    writer.close()
    return index


def _new(folder: Path | None = None) -> Any:
    return prepared(tantivy.Index(schema(), path=str(folder) if folder else None))


def _manifest(folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / MANIFEST).exists():
        return read_manifest(folder)
    if any(folder.iterdir()):
        raise IndexUnusable(f"{folder} is not empty and holds no index of refcheck: choose another folder.")
    return {
        "format": "refcheck-index",
        "version": FORMAT,
        "complete": False,
        "documents": 0,
        "files": {},
        "problems": [],
    }


def _write(folder: Path, manifest: dict[str, Any]) -> None:
    temporary = folder / f"{MANIFEST}.{os.getpid()}"
    try:
        temporary.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        temporary.replace(folder / MANIFEST)
    finally:
        temporary.unlink(missing_ok=True)


def _name(file: Path) -> str:
    return str(file.resolve())


def _mark(file: Path) -> list[int]:
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _reason(folder: Path, error: BaseException) -> str:
    text = str(error)
    if "lock" in text.lower():
        return f"Another build is writing to {folder}: wait until it is done."
    # tantivy's threads die of a full disk in several ways, and not all of them say so.
    full = "the disk is full" if "No space left" in text else f"{text}; a full disk does this"
    return (
        f"The index in {folder} could not be written ({full}): free some space and run the same command again; "
        "what was finished is kept."
    )
