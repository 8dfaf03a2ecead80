"""The author's own Word file with comments: at each entry and callout concerned, and nothing else changed.

Only three parts of the file are touched (the main document, the comments, and what declares them); every other one
is copied byte for byte. Runs are split where a comment begins or ends inside one. A comment about a place that takes
none (a footnote, a text box, a bound content control) stands at the nearest place that does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from refcheck.model import Report, RunPlace, Span
from refcheck.renderers.author_queries import numbered_queries
from refcheck.renderers.editing.word_comments import Comments
from refcheck.renderers.editing.word_package import WordPackage
from refcheck.renderers.editing.word_runs import Runs
from refcheck.renderers.triage import query_place

#: Where a stretch of `Manuscript.text` stands in the file: `refcheck.readers.word.document.locate(data).find`.
Locate = Callable[[Span], Sequence[RunPlace]]

AUTHOR = "refcheck"


def annotate(
    data: bytes,
    report: Report,
    locate: Locate,
    *,
    language: str = "en",
    notes: bool = False,
    author: str = AUTHOR,
    date: str = "",
) -> bytes:
    """The Word file with one comment at each place that a query to the author is about.

    The numbers of the queries are those of `render_queries`. `locate` tells the runs in which a stretch of the
    manuscript's text stands. `date` is ISO 8601 in UTC ("2026-11-24T09:30:00Z"); by default that of the check.
    A query that a comment of an earlier run puts at the same place is not put again. Raises UnreadableInput where the
    file is not a Word file that takes comments.
    """
    package = WordPackage(data)
    comments = Comments(package, Runs(package), author=author, date=date or checked_on(report))
    put_queries(comments, report, locate, language=language, notes=notes)
    return package.written()


def put_queries(
    comments: Comments, report: Report, locate: Locate, *, language: str, notes: bool, but: Collection[int] = ()
) -> None:
    """One comment at each place that queries are about, in the order of the text; `but` are findings (by `id`) that
    are settled otherwise.
    """
    at: dict[Span, list[str]] = {}
    for query in numbered_queries(report, language=language, notes=notes):
        if id(query.finding) not in but:
            at.setdefault(query_place(report, query.finding, query.entry), []).append(f"AQ{query.number}: {query.text}")
    end = len(report.manuscript.text)
    for span in sorted(at):
        places = locate(span) or nearest(locate, span, end)
        if places:
            comments.comment(places, at[span])


def nearest(locate: Locate, span: Span, end: int) -> Sequence[RunPlace]:
    """The stretch before, else after, a place that has none of its own (an automatic number, an empty line)."""
    before = locate(Span(0, span.start))
    return before[-1:] or locate(Span(span.end, max(end, span.end)))[:1]


def checked_on(report: Report) -> str:
    """When the sources were last asked, as a Word file writes it; "" where that is unknown."""
    since = max((e.since for e in report.enquiries), default="")
    return since if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", since) else ""
