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
    "text": _from("text", "render_text"),
    "json": _from("json", "render_json"),
    "html": _from("html", "render_html"),
    "markdown": _from("markdown", "render_markdown"),
    "queries": _from("queries", "render_queries"),
    "csv": _from("tables", "render_csv"),
    "xlsx": _from("tables", "render_xlsx"),
    "sarif": _from("sarif", "render_sarif"),
    "junit": _from("junit", "render_junit"),
    "corrected": _from("corrected", "render_corrected"),
    "diff": _from("corrected", "render_diff"),
    "bibtex": _from("exports", "render_bibtex"),
    "csl-json": _from("exports", "render_csl_json"),
    "ris": _from("exports", "render_ris"),
}
