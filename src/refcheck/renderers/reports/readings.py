"""What was read of a manuscript, and the answer to one look-up, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.console import Group
from rich.text import Text

from refcheck.identifiers import link_doi
from refcheck.model import Level, Manuscript, Match, Verdict
from refcheck.renderers.data import wire
from refcheck.renderers.reports.terminal_text import (
    WIDTH,
    console,
    field_table,
    hanging,
    record_line,
    safe,
    verdict_sentence,
    what_was_read,
    written,
)
from refcheck.renderers.triage import place
from refcheck.text import as_json, printable, squeeze


def render_reading(manuscript: Manuscript, *, color: bool = False, width: int = WIDTH) -> str:
    """What was read, without any look-up: each reference with its fields, each callout with its numbers."""
    out = console(color, width)
    out.print(what_was_read(manuscript))
    for i, reference in enumerate(manuscript.references, start=1):
        out.print()
        label = str(reference.number) if reference.number is not None else reference.key or f"#{i}"
        for part in reference.parts or (reference,):
            hanging(out, label, Group(safe(squeeze(part.raw)), field_table(part)))
    if manuscript.callouts:
        out.print()
    for callout in manuscript.callouts:
        line, column = place(manuscript.text, callout.span.start)
        numbers = ", ".join(map(str, callout.numbers)) or ", ".join(callout.keys)
        problem = f" ({callout.problem})" if callout.problem else ""
        out.print(safe(f"line {line}, column {column}: {squeeze(callout.text)} cites {numbers}{problem}"))
    return written(out)


def render_match(match: Match, *, color: bool = False, width: int = WIDTH) -> str:
    """The answer to a look-up: the record meant, or the nearest ones and why none of them is certain."""
    out = console(color, width)
    if match.work:
        out.print(record_line(match.work))
        out.print(field_table(match.work))
        for a in match.agreements:
            if a.level in (Level.NOTE, Level.DIFFERS):
                reason = f" ({a.reason})" if a.reason else ""
                out.print(
                    safe(
                        squeeze(
                            f"{a.field}: {a.printed or 'nothing'} printed, {a.recorded or 'nothing'} recorded{reason}"
                        ),
                        "yellow",
                    )
                )
        for notice in match.work.notices:
            told = " ".join(filter(None, [notice.kind.replace("_", " "), notice.date, link_doi(notice.doi)]))
            out.print(safe(f"{told} ({notice.asserted_by})" if notice.asserted_by else told), style="bold red")
        if match.verdict is Verdict.MATCHED:
            out.print(Text(f"confidence {match.confidence:.2f}, from {printable(match.work.source)}", style="dim"))
    else:
        out.print(safe(verdict_sentence(match)))
        for candidate in match.candidates:
            nearest = Group(record_line(candidate.work), safe(squeeze(candidate.against)))
            hanging(out, f"{candidate.confidence:.2f}", nearest)
    for reason in match.unavailable:
        out.print(safe(reason), style="yellow")
    return written(out)


def _json(manuscript: Manuscript) -> str:
    return as_json(wire.manuscript(manuscript), indent=2) + "\n"


def _jsonl(manuscript: Manuscript) -> str:
    lines = (wire.read_line(r.number or r.key or str(i), r) for i, r in enumerate(manuscript.references, start=1))
    return "".join(as_json(line) + "\n" for line in lines)


#: The formats of `refcheck parse`.
READINGS: Mapping[str, Callable[[Manuscript], str]] = {"text": render_reading, "json": _json, "jsonl": _jsonl}
