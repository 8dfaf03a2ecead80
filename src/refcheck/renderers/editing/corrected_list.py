"""The author's own list with only the differing words changed, and a BibTeX file patched in place.

Nothing is set anew: every character that is not part of a correction stays as it is. What is left alone, and why, is
said beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import unified_diff

from refcheck.errors import UsageError
from refcheck.identifiers import link_doi, valid_doi
from refcheck.model import Report, Severity, Span, Verdict
from refcheck.renderers.author_queries import source_name
from refcheck.renderers.editing.corrections import Correction, Left, corrections
from refcheck.renderers.triage import Entry, is_file_text, triage
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


# Findings about the work or the record, not about the list and its callouts.
_OF_THE_WORK = ("REF2", "REF3", "REF4", "REF9")

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
    and under them every one of them: what was changed, by whose record; what was left, and why; what agrees.

    >>> from refcheck.model import Manuscript, Reference
    >>> r = Reference(number=1, raw="1. Lee J. 2020.", span=Span(0, 15))
    >>> print(render_corrected(Report(manuscript=Manuscript(name="m", text="1. Lee J. 2020.", references=(r,)))))
    1. Lee J. 2020.
    <BLANKLINE>
    Nothing was changed.
    <BLANKLINE>
    Left as printed:
    1: it was not looked up
    <BLANKLINE>
    """
    if report.manuscript.format == "bibtex":
        return patched(report)
    made, left = corrections(report)
    entries = [_entry_text(_spliced(report, r.span, made)) for r in report.manuscript.references]
    notes, _ = _notes(made, left)
    told = {c.entry.reference.span for c in made} | {k.entry.reference.span for k in left}
    others = [e for e in triage(report).entries if e.reference.span not in told]
    places = [(k.entry.position, _left(k)) for k in left]
    places += [(e.position, f"{_label(e)}: {why}") for e in others if (why := _why_left(e))]
    kept = [line for _, line in sorted(places, key=lambda place: place[0])]
    agreeing = [f"{_label(e)}: {_recorded_at(e)}" for e in others if not _why_left(e)]
    parts = ["\n".join(entries), "Changed:\n" + "\n".join(notes) if notes else "Nothing was changed."]
    if kept:
        parts.append("Left as printed:\n" + "\n".join(kept))
    if agreeing:
        parts.append("Agrees with the record:\n" + "\n".join(agreeing))
    return "\n\n".join(parts) + "\n"


def _why_left(entry: Entry) -> str:
    """Why an entry without corrections stands as printed; "" where it agrees with its record."""
    match = entry.match
    if match is None:
        return "it was not looked up"
    if match.verdict is Verdict.UNCHECKED:
        return "a source could not answer" if match.unavailable else "this kind of work is not looked up"
    if match.verdict is not Verdict.MATCHED:
        absent = match.verdict is Verdict.ABSENT
        return "no record was found" if absent else "it is not certain which record is meant"
    for finding in entry.findings:
        about_a_field = finding.code.startswith("REF3")
        if about_a_field or (finding.code.startswith(_OF_THE_WORK) and finding.severity is not Severity.NOTE):
            return _entry_text(finding.message)
    return ""


def _recorded_at(entry: Entry) -> str:
    work = entry.match.work if entry.match else None
    if work is None:
        return "the record"
    link = link_doi(work.doi) if valid_doi(work.doi) else work.url
    return _entry_text(", ".join(part for part in (source_name(work.source), link) if part))


def _notes(made: Sequence[Correction], left: Sequence[Left]) -> tuple[list[str], list[str]]:
    """What was changed and by whose record, and what was left and why."""
    notes = [f"{_label(c.entry)}: {_shown(c)} ({_record(c)})" for c in made]
    return notes, [_left(k) for k in left]


def _left(kept: Left) -> str:
    return f"{_label(kept.entry)}: {kept.finding.field or kept.finding.name} left as printed: {kept.why}"


def render_diff(report: Report) -> str:
    """The corrections as a unified diff: of the file where its text is the file (BibTeX, Markdown, text), else
    of the list, one line an entry. Before it, as lines that `patch` reads over, what was changed and what left."""
    name = printable(report.manuscript.name).replace("\n", " ")
    made, left = corrections(report)
    notes, kept = _notes(made, left)
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
