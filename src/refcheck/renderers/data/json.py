"""The report as one JSON object (docs/wire.md)."""

from __future__ import annotations

from refcheck.model import Report
from refcheck.renderers.data import wire
from refcheck.text import as_json


def render_json(report: Report, *, indent: int | None = 2) -> str:
    """The report as JSON: indented by `indent` blanks, or on one line where that is None.

    >>> from refcheck.model import Manuscript
    >>> print(render_json(Report(manuscript=Manuscript(name="a.md", text="")), indent=None)[:38])
    {"schema_version": "1.0", "manuscript"
    """
    return as_json(wire.report(report), indent=indent) + "\n"
