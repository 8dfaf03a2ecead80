"""One page over many reports: what an office sees after a folder was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from refcheck.model import Report
from refcheck.renderers.reports.page import document, escaped
from refcheck.renderers.triage import TITLES, Group, triage


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One file of the folder: its report and the files written about it, or why there is none."""

    name: str
    report: Report | None = None
    problem: str = ""
    files: tuple[tuple[str, str], ...] = ()  # (what it is, path relative to the page)


# The columns that an office sorts its day by; the other groups stand in the report.
_COLUMNS = (
    Group.RETRACTED, Group.ELSEWHERE, Group.MAJOR, Group.NOT_FOUND, Group.UNCHECKED, Group.CALLOUTS, Group.MINOR,
)  # fmt: skip


def render_overview(lines: Sequence[Line]) -> str:
    """The index page: a row a manuscript with the number of references in each group, worst first.

    >>> page = render_overview([Line(name="a<b.docx", problem="it is damaged")])
    >>> "a&lt;b.docx" in page, "it is damaged" in page
    (True, True)
    """
    heads = "".join(f'<th scope="col">{escaped(TITLES[g][0])}</th>' for g in _COLUMNS)
    rows = "".join(_row(line) for line in sorted(lines, key=_weight))
    failed = sum(line.report is None for line in lines)
    unread = f", {failed} could not be checked" if failed else ""
    return document(
        "References of a folder",
        f"<header><h1>References of {len(lines)} {'file' if len(lines) == 1 else 'files'}</h1>\n"
        f"<p>{len(lines) - failed} checked{unread}. Numbers count references.</p></header>\n<main>\n"
        f'<table><thead><tr><th scope="col">Manuscript</th><th scope="col">References</th>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>\n</main>\n",
        script=False,
    )


def _weight(line: Line) -> tuple[object, ...]:
    return (line.report is not None, *(-n for n in _counts(line.report)), line.name)


def _counts(report: Report | None) -> tuple[int, ...]:
    if report is None:
        return (0,) * len(_COLUMNS)
    sorted_out = triage(report)
    return tuple(len(sorted_out.of(g)) + (len(sorted_out.apart) if g is Group.CALLOUTS else 0) for g in _COLUMNS)


def _row(line: Line) -> str:
    if line.report is None:
        told = f'<td colspan="{len(_COLUMNS) + 1}">{escaped(line.problem)}</td>'
        return f'<tr><th scope="row">{escaped(line.name)}</th>{told}</tr>\n'
    files = ", ".join(f'<a href="{escaped(quote(path))}">{escaped(what)}</a>' for what, path in line.files)
    cells = "".join(
        f'<td class="{g}">{n}</td>' if n else '<td class="soft">0</td>'
        for g, n in zip(_COLUMNS, _counts(line.report), strict=True)
    )
    total = len(triage(line.report).entries)
    return (
        f'<tr><th scope="row">{escaped(line.name)}<br><span class="small">{files}</span></th><td>{total}</td>{cells}'
        "</tr>\n"
    )
