"""The author's own list with only the differing words changed, and a BibTeX file patched in place.

Nothing is set anew: every character that is not part of a correction stays as it is. What is left alone, and why, is
said beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import unified_diff

from refcheck.errors import UsageError
from refcheck.model import Report, Span
from refcheck.renderers.editing.corrections import Correction, Left, corrections
from refcheck.renderers.overview import overview, source_name
from refcheck.renderers.triage import Entry, is_file_text
from refcheck.text import printable, squeeze


def patched(report: Report) -> str:
    """The manuscript's text with the corrections made; every other character is as it was."""
    return _spliced(report, Span(0, len(report.manuscript.text)), corrections(report)[0])


def _spliced(report: Report, span: Span, made: Sequence[Correction]) -> str:
    text = report.manuscript.text
    out: list[str] = []
    position = span.start
    for c in made:
        if span.start <= c.span.start and c.span.end <= span.end:
            out += [text[position : c.span.start], c.corrected]
            position = c.span.end
    return "".join(out) + text[position : span.end]


# How a text file can be encoded; the first one that gives the manuscript's text is its own.
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1252", "latin-1")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\xff\xfe", b"\xfe\xff", b"")


def patch_file(data: bytes, report: Report) -> bytes:
    """The bytes of a text file with the corrections made: its encoding, byte order mark and line ends stay, and every
    byte that is not corrected. A correction that the encoding cannot hold is left out.

    Raises UsageError where these are not the bytes that the report is about.

    >>> from refcheck.model import Manuscript
    >>> patch_file(b"a\\r\\nb", Report(manuscript=Manuscript(name="m", text="a\\nb", format="bibtex")))
    b'a\\r\\nb'
    """
    mark = next(m for m in _MARKS if data.startswith(m))
    for encoding in _ENCODINGS:
        try:
            original = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        # Offsets of the manuscript's text in the file's: a line end of two characters is one there.
        at = [i for i, c in enumerate(original) if c != "\n" or i == 0 or original[i - 1] != "\r"]
        if re.sub("\r\n?", "\n", original) == report.manuscript.text:
            break
    else:
        raise UsageError(f"the file is not the one that was checked as {report.manuscript.name}")
    at.append(len(original))
    out: list[str] = []
    position = 0
    for c in corrections(report)[0]:
        try:
            c.corrected.encode(encoding)
        except UnicodeEncodeError:
            continue
        out += [original[position : at[c.span.start]], c.corrected]
        position = at[c.span.end]
    return mark + ("".join(out) + original[position:]).encode(encoding)


def render_corrected(report: Report) -> str:
    """The corrected list: for BibTeX the file itself, patched; else the entries as printed with their corrections,
    and under them what was changed, by whose record, and what was left.

    >>> from refcheck.model import Manuscript, Reference
    >>> r = Reference(number=1, raw="1. Lee J. 2020.", span=Span(0, 15))
    >>> print(render_corrected(Report(manuscript=Manuscript(name="m", text="1. Lee J. 2020.", references=(r,)))))
    1. Lee J. 2020.
    <BLANKLINE>
    Nothing was changed.
    <BLANKLINE>
    """
    if report.manuscript.format == "bibtex":
        return patched(report)
    made, left = corrections(report)
    entries = [_entry_text(_spliced(report, r.span, made)) for r in report.manuscript.references]
    notes, kept = _notes(made, left)
    warning = overview(report).warning
    parts = [_entry_text(warning)] if warning else []
    parts += ["\n".join(entries), "Changed:\n" + "\n".join(notes) if notes else "Nothing was changed."]
    if kept:
        parts.append("Not changed:\n" + "\n".join(kept))
    return "\n\n".join(parts) + "\n"


def _notes(made: Sequence[Correction], left: Sequence[Left]) -> tuple[list[str], list[str]]:
    """What was changed and by whose record, and what was left and why."""
    notes = [f"{_label(c.entry)}: {_shown(c)} ({_record(c)})" for c in made]
    kept = [f"{_label(k.entry)}: {k.finding.field or k.finding.name} left as printed: {k.why}" for k in left]
    return notes, kept


def render_diff(report: Report) -> str:
    """The corrections as a unified diff: of the file where its text is the file (BibTeX, Markdown, text), else
    of the list, one line an entry. Before it, as lines that `patch` reads over, what was changed and what left."""
    name = printable(report.manuscript.name).replace("\n", " ")
    made, left = corrections(report)
    notes, kept = _notes(made, left)
    if warning := overview(report).warning:
        notes.insert(0, _entry_text(warning))
    if is_file_text(report.manuscript):
        before, after = report.manuscript.text, patched(report)
    else:
        spans = [r.span for r in report.manuscript.references]
        before = "\n".join(_entry_text(report.manuscript.text[slice(*s)]) for s in spans) + "\n"
        after = "\n".join(_entry_text(_spliced(report, s, made)) for s in spans) + "\n"
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (corrected)")
    head = "".join(f"# {line}\n" for line in (*notes, *kept))
    return head + "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _entry_text(text: str) -> str:
    return printable(squeeze(text))


def _label(entry: Entry) -> str:
    return _entry_text(entry.name)


def _shown(correction: Correction) -> str:
    old, new = _entry_text(correction.printed), _entry_text(correction.corrected)
    field = correction.finding.field or ""
    if not old:
        return f"{field}: “{new}” put in"
    return f"{field}: “{old}” left out" if not new else f"{field}: {old} → {new}"


def _record(correction: Correction) -> str:
    work = correction.entry.match.work if correction.entry.match else None
    source = source_name(work.source) if work else "the record"
    link = correction.finding.evidence or (work.url if work else "")
    return _entry_text(f"{source}, {link}" if link else source)
