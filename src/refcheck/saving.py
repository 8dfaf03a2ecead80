"""Writing files so that nothing is lost: no input is ever replaced, nor a file that refcheck did not write.

A file appears whole or not at all: it is written beside its place and then moved there. What refcheck has written it
knows again by its contents (a list of hashes beside the cache), so that yesterday's report may be replaced by today's,
but not a letter that somebody has edited since.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from refcheck.errors import UsageError

#: So many written files are known again; the oldest are forgotten first.
_REMEMBERED = 20_000
_HASH_LINE = 65  # characters of a hash and its line end


class Outputs:
    """The files that one run writes, kept apart from those that it reads.

    `inputs` are files, or folders in which nothing at all is to be replaced; `force` lets other files be replaced, an
    input never.
    """

    def __init__(self, inputs: Iterable[Path] = (), *, force: bool = False) -> None:
        self._inputs = list(inputs)
        self._force = force
        self._taken: dict[Path, str] = {}

    def reads(self, *inputs: Path) -> None:
        """Name further inputs."""
        self._inputs += inputs

    def claim(self, path: Path, what: str = "", known: Callable[[Path], bool] | None = None) -> Path:
        """The place that `path` stands for, links followed, if it may be written to; ask before the work is begun.

        `what` is to be written there; `known` tells files that may be replaced by their contents. Raises UsageError
        where it is an input, another output, a folder, in no folder, or a file that refcheck did not write.
        """
        place = _resolved(path)
        if _special(place):
            return place
        if found := next((i for i in self._inputs if _same(place, i)), None):
            raise UsageError(f"{path} is read ({found.name}), so it is not written to; give another file")
        if place.is_dir():
            raise UsageError(f"{path} is a folder; give the name of a file")
        if not place.parent.is_dir():
            raise UsageError(f"{path} cannot be written: there is no folder {place.parent}")
        if not os.access(place.parent, os.W_OK):
            raise UsageError(f"{path} cannot be written: the folder {place.parent} is read-only")
        earlier = next((said for other, said in self._taken.items() if _same(place, other)), None)
        if earlier is not None:
            raise UsageError(f"two outputs would go to {path}: {earlier or 'one'} and {what or 'another'}")
        if place.exists() and not self._force and not (known or written_before)(place):
            raise UsageError(
                f"{path} is there already, and is not as refcheck would have left it; give another name, or --force "
                "to replace it"
            )
        self._taken[place] = what
        return place


def save(place: Path, data: bytes) -> None:
    """Write a file whole or not at all; what was there stays until the new one is complete.

    Ask `Outputs.claim` first. Raises OSError.
    """
    with saved(place) as stream:
        stream.write(data)


@contextmanager
def saved(place: Path, *, remembered: bool = True) -> Iterator[IO[bytes]]:
    """A stream into a file that appears, whole, when the block is left; on any error what was there stays."""
    place = _resolved(place)
    if _special(place):
        with place.open("wb") as stream:
            yield stream
        return
    number, name = tempfile.mkstemp(prefix=f".{place.name[:40]}.", suffix=".part", dir=place.parent)
    digest = hashlib.sha256()
    try:
        with os.fdopen(number, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            stream.seek(0)
            while block := stream.read(1 << 20):
                digest.update(block)
        os.chmod(name, _mode(place))
        os.replace(name, place)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError) and error.filename in (None, name):
            error.filename = str(place)
        raise
    if remembered:
        _remember(digest.hexdigest())


def written_before(path: Path) -> bool:
    """Whether a file is, to the byte, one that refcheck wrote for this user; an empty one holds nothing to lose.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "notes.txt"
    ...     _ = file.write_text("mine")
    ...     written_before(file)
    False
    """
    try:
        if not path.stat().st_size:
            return True
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return digest in _ledger().read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return False


def _remember(digest: str) -> None:
    """Add a hash to the list. Trouble with it costs the comfort of replacing without --force, never the output."""
    ledger = _ledger()
    with contextlib.suppress(OSError):
        ledger.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with ledger.open("a", encoding="ascii") as stream:
            stream.write(digest + "\n")
        if ledger.stat().st_size > 2 * _REMEMBERED * _HASH_LINE:
            kept = ledger.read_text(encoding="ascii", errors="ignore").split()[-_REMEMBERED:]
            with saved(ledger, remembered=False) as new:
                new.write("".join(f"{line}\n" for line in kept).encode("ascii"))


def _ledger() -> Path:
    if chosen := os.environ.get("REFCHECK_CACHE_DIR", "").strip():
        return Path(chosen).expanduser() / "written.sha256"
    from platformdirs import user_cache_path

    return user_cache_path("refcheck", appauthor=False) / "written.sha256"


def _resolved(path: Path) -> Path:
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError) as e:  # a link that leads to itself
        raise UsageError(f"{path} leads nowhere: {e}") from e


def _special(path: Path) -> bool:
    """A device or a pipe: it is written to, and nothing of it can be lost."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _same(place: Path, other: Path) -> bool:
    """Whether a resolved path is another one, spelled or linked in whatever way, or stands in that folder."""
    try:
        if other.is_dir():
            return place.is_relative_to(_resolved(other))
        return place == _resolved(other) or (place.exists() and place.samefile(other))
    except OSError:
        return False


def _mode(place: Path) -> int:
    """The permissions of the file that is replaced, or those of a new one."""
    try:
        return stat.S_IMODE(place.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
