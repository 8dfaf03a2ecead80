"""The report as a table for the office: CSV, and XLSX (with the extra `xlsx`)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from refcheck.errors import UsageError
from refcheck.model import Report
from refcheck.renderers.author_queries import is_query, query
from refcheck.renderers.triage import triage
from refcheck.text import plain, printable, squeeze

COLUMNS = (
    "manuscript", "reference", "group", "verdict", "confidence", "code", "finding", "severity", "field", "printed",
    "recorded", "message", "query", "record", "link", "entry",
)  # fmt: skip

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), in ASCII and full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A cell of Excel holds no more (Microsoft, "Excel specifications and limits").
_LONGEST = 32_767
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,6})?")


def rows(report: Report) -> Iterator[tuple[str, ...]]:
    """One row a finding, gravest group first, and one row for each reference without a finding.

    >>> from refcheck.model import Manuscript, Reference
    >>> m = Manuscript(name="a.md", text="", references=(Reference(number=1, raw="Lee 2023"),))
    >>> list(rows(Report(manuscript=m)))[0][:4]
    ('a.md', '1', 'unchecked', '')
    """
    sorted_out = triage(report)
    name = report.manuscript.name
    listed = [*sorted_out.findings(), *((None, e) for e in sorted_out.entries if not e.findings)]
    for finding, entry in listed:
        match = entry.match if entry else None
        work = match.work if match else None
        cells = (
            name,
            entry.label if entry else "",
            str(entry.group) if entry else "callouts",
            str(match.verdict) if match else "",
            f"{match.confidence:.3f}" if match else "",
            *(
                (
                    finding.code, finding.name, str(finding.severity), finding.field or "", finding.printed,
                    plain(finding.recorded), finding.message,
                    query(finding, entry, report) if is_query(finding) else "",
                )
                if finding
                else ("",) * 8
            ),
            work.doi or work.url if work else "",
            (finding.evidence if finding else "") or (work.url if work else ""),
            entry.reference.raw if entry else "",
        )  # fmt: skip
        yield tuple(printable(squeeze(cell))[:_LONGEST] for cell in cells)


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> inert("=1+1"), inert("258-84"), inert(" -2")
    ("'=1+1", '258-84', "' -2")
    """
    return "'" + cell if cell.lstrip(" \u00a0\u3000").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def render_csv(report: Report) -> str:
    """The rows as CSV (RFC 4180) with a header; it begins with a byte order mark, without which Excel takes UTF-8
    for another encoding. `pandas.read_csv` and `csv` with encoding "utf-8-sig" read past it.
    """
    return str(tables([report], "csv"))


def render_xlsx(report: Report) -> bytes:
    """The rows as a workbook: numbers as numbers, links, wrapped rows, a frozen header, filters.

    Raises UsageError without XlsxWriter.
    """
    return _workbook([report])


def tables(reports: Sequence[Report], format: str) -> str | bytes:
    """The rows of several reports in one table, "csv" or "xlsx"."""
    if format == "xlsx":
        return _workbook(reports)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for report in reports:
        writer.writerows([inert(cell) for cell in row] for row in rows(report))
    return "\ufeff" + out.getvalue()


# Widths of the columns, in characters; all rows are wrapped within them.
_WIDTHS = {
    "manuscript": 18, "reference": 10, "group": 11, "verdict": 10, "confidence": 10, "code": 8, "finding": 16,
    "severity": 9, "field": 9, "printed": 30, "recorded": 30, "message": 45, "query": 55, "record": 24, "link": 32,
    "entry": 65,
}  # fmt: skip
_NUMBERS = frozenset({"reference", "confidence"})
_LINKS = 60_000  # Excel takes 65,530 in a sheet
_LONGEST_LINK = 2_000  # characters; Excel takes 2,079


def _workbook(reports: Sequence[Report]) -> bytes:
    try:
        import xlsxwriter
    except ImportError as e:
        raise UsageError('the format xlsx needs the extra: pip install "manuscript-refcheck[xlsx]"') from e
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("References")
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        number = book.add_format({"valign": "top"})
        url = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#0b4fae", "underline": 1})
        for column, title in enumerate(COLUMNS):
            sheet.write_string(0, column, title, head)
            sheet.set_column(column, column, _WIDTHS[title])
        line = 0
        for line, row in enumerate((r for report in reports for r in rows(report)), 1):
            for column, (title, cell) in enumerate(zip(COLUMNS, row, strict=True)):
                if title in _NUMBERS and _NUMBER.fullmatch(cell):
                    sheet.write_number(line, column, float(cell), number)
                elif title == "link" and cell.startswith("https://") and line < _LINKS and len(cell) < _LONGEST_LINK:
                    sheet.write_url(line, column, cell, url, string=cell)
                else:
                    sheet.write_string(line, column, cell, wrapped)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, line), len(COLUMNS) - 1)
    return out.getvalue()
