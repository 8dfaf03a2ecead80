"""Report -> str | bytes. `RENDERERS` maps a format name to the function that writes it.

A renderer takes the report, and options of its own as keywords. The table imports a renderer when it is used, so
that a format which needs a large library costs nothing to those who do not ask for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from refcheck.model import Report


class Renderer(Protocol):
    """Writes a report in one format: text, or bytes where the format is binary."""

    def __call__(self, report: Report, **options: object) -> str | bytes: ...


def _from(module: str, function: str) -> Renderer:
    def render(report: Report, **options: object) -> str | bytes:
        written = cast(Renderer, getattr(import_module(f"refcheck.renderers.{module}"), function))
        return written(report, **options)

    return render


RENDERERS: dict[str, Renderer] = {
    "text": _from("reports.terminal", "render_text"),
    "json": _from("data.json", "render_json"),
    "html": _from("reports.html", "render_html"),
    "markdown": _from("reports.markdown", "render_markdown"),
    "queries": _from("author_queries", "render_queries"),
    "csv": _from("data.tables", "render_csv"),
    "xlsx": _from("data.tables", "render_xlsx"),
    "sarif": _from("data.sarif", "render_sarif"),
    "junit": _from("data.junit", "render_junit"),
    "corrected": _from("editing.corrected_list", "render_corrected"),
    "diff": _from("editing.corrected_list", "render_diff"),
    "bibtex": _from("data.exports", "render_bibtex"),
    "csl-json": _from("data.exports", "render_csl_json"),
    "ris": _from("data.exports", "render_ris"),
}
