"""The author's own Word file with the certain corrections as tracked changes, and the rest as comments.

What is certain is told by `corrections`, as for the corrected list. Nothing else of the file is changed: fields,
bookmarks, hyperlinks, the author's own tracked changes and comments stay. A correction that cannot stand in place (in
a text box, in a control bound to data, across paragraphs, a DOI that is a link) is a comment like every other query.
"""

from __future__ import annotations

from collections.abc import Callable

from refcheck.model import Report, RunPlace, Span
from refcheck.renderers.author_queries import changed_after
from refcheck.renderers.editing.annotate import AUTHOR, Locate, checked_on, put_queries
from refcheck.renderers.editing.corrections import Correction, corrections
from refcheck.renderers.editing.tracked import Tracked
from refcheck.renderers.editing.word_comments import Comments
from refcheck.renderers.editing.word_package import WordPackage
from refcheck.renderers.editing.word_runs import Runs

_Write = Callable[[], None]


def revise(
    data: bytes,
    report: Report,
    locate: Locate,
    *,
    language: str = "en",
    notes: bool = False,
    author: str = AUTHOR,
    date: str = "",
) -> bytes:
    """The Word file with each certain correction tracked, and one comment at each other place a query is about.

    At the first change of an entry a comment names the record. `locate` tells the runs in which a stretch of the
    manuscript's text stands; `date` is ISO 8601 in UTC, by default that of the check. Run again on its own result it
    adds nothing. Raises UnreadableInput where the file is not a Word file that takes comments.
    """
    package = WordPackage(data)
    runs = Runs(package)
    date = date or checked_on(report)
    tracked = Tracked(package, runs, author=author, date=date)
    writes: dict[int, list[_Write]] = {}
    refused: set[int] = set()
    made = corrections(report)[0]
    for correction in made:
        write = _write(tracked, report, locate, correction)
        if write is None:
            refused.add(id(correction.finding))  # one part of it cannot be changed: the whole is a question
        else:
            writes.setdefault(id(correction.finding), []).append(write)
    done = writes.keys() - refused
    for identifier in done:
        for act in writes[identifier]:
            act()
    comments = Comments(package, runs, author=author, date=date)
    told: set[Span] = set()
    for correction in made:
        span = correction.entry.reference.span
        if id(correction.finding) in done and span not in told:
            told.add(span)
            places = locate(correction.span) or locate(span)[:1]
            comments.comment(places, [changed_after(correction.entry, language=language)])
    put_queries(comments, report, locate, language=language, notes=notes, but=done)
    return package.written()


def _write(tracked: Tracked, report: Report, locate: Locate, correction: Correction) -> _Write | None:
    """What writes a correction into the file; None where it cannot stand in place."""
    span, new = correction.span, correction.corrected
    if span.start < span.end:
        places = locate(span)
        if not tracked.replaceable(places, span.end - span.start):
            return None
        if correction.finding.field == "doi" and any(tracked.linked(p) for p in places):
            return None
        return lambda: tracked.replace(places, new)
    for beside, before in ((Span(span.start - 1, span.start), False), (Span(span.start, span.start + 1), True)):
        place = locate(beside) if beside.start >= 0 else ()
        if tracked.replaceable(place, 1):
            return _insertion(tracked, place[0], new, before)
    return None


def _insertion(tracked: Tracked, place: RunPlace, new: str, before: bool) -> _Write:
    return lambda: tracked.insert(place, new, before=before)
