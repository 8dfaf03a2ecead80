"""Read, look up, match, judge: what the two doors (library and command line) share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refcheck.errors import UnreadableInput, UsageError
from refcheck.model import Manuscript, Match, Reference, Report

if TYPE_CHECKING:
    from refcheck.sources import Source

Progress = Callable[[int, int], None]
Input = str | Path | Manuscript | Sequence[str]

#: References that are looked up together: large enough for full DOI batches (40 a request), small enough that a
#: million references stream in bounded memory.
CHUNK = 200


def read(source: str | Path | bytes, name: str = "") -> Manuscript:
    """The manuscript in a file (or in the bytes of one, then `name` tells its suffix).

    Raises UnreadableInput where it cannot be read, NoReferences where no reference list is found in it.
    """
    from refcheck.readers import read as read_file

    return read_file(source, name)


def read_reference(text: str) -> Reference:
    """One reference string, read into fields; its spans are offsets into `text`.

    >>> read_reference("Lee JH, et al. Exosomes. Int J Mol Sci. 2023;24(13):10434.").pages
    '10434'
    """
    from refcheck.readers.strings import read_string

    return read_string(text)


def parse(source: Input) -> Manuscript:
    """References and callouts of a path, a text or a sequence of reference strings, without any look-up.

    Raises UnreadableInput or NoReferences.

    >>> manuscript = parse(["Wu P. MSC-exosome. Cytotherapy. 2018;20(3):291-301."])
    >>> manuscript.references[0].year
    '2018'
    """
    if isinstance(source, Manuscript):
        return source
    if isinstance(source, Path):
        return read(source)
    if isinstance(source, str):
        if _is_path(source):
            return read(Path(source))
        return read(source.encode("utf-8"), "text.md")
    from refcheck.readers.strings import read_strings

    return read_strings(list(source))


def _is_path(text: str) -> bool:
    """A one-line string that names a file, or looks like a file name, is a path; anything else is text."""
    if "\n" in text or len(text) > 1024:
        return False
    try:
        if Path(text).is_file():
            return True
    except (OSError, ValueError):
        return False
    if Path(text).suffix and " " not in text.strip():
        raise UnreadableInput(f"there is no file {text!r}; give the path of a manuscript, or its text")
    return False


def check(
    source: Input,
    *,
    sources: Sequence[Source] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read a manuscript, look every reference up, and judge what does not agree.

    `source` is a path, a Manuscript, a text, or a sequence of reference strings. `sources` are asked in order until
    one has the record; by default Crossref and the registries behind it (`refcheck.sources.default_sources`).
    `progress` is called with (references done, references in all).

    Raises UnreadableInput or NoReferences; an outage raises nothing, the references concerned are *unchecked*.
    """
    from refcheck.rules import judge_manuscript

    manuscript = parse(source)
    asked = _default_sources() if sources is None else list(sources)
    references = [part for r in manuscript.references for part in (r.parts or (r,))]
    matches = []
    for match in check_references(references, asked):
        matches.append(match)
        if progress:
            progress(len(matches), len(references))
    return Report(
        manuscript=manuscript,
        matches=tuple(matches),
        findings=judge_manuscript(manuscript, matches),
        enquiries=tuple(s.enquiry() for s in asked),
    )


def _default_sources() -> list[Source]:
    from refcheck.sources import default_sources

    return list(default_sources())


def check_references(
    references: Iterable[Reference], sources: Sequence[Source], *, chunk: int = CHUNK
) -> Iterator[Match]:
    """Match references one by one, in order, looking up `chunk` of them at a time; memory does not grow.

    Raises UsageError where no source is given.
    """
    raise NotImplementedError


def render(report: Report, format: str = "text", **options: Any) -> str | bytes:
    """The report in one of the formats of `refcheck.renderers.RENDERERS`; UsageError for an unknown one."""
    from refcheck.renderers import RENDERERS

    if format not in RENDERERS:
        raise UsageError(f"there is no format {format!r}; choose one of {', '.join(sorted(RENDERERS))}")
    return RENDERERS[format](report, **options)
