"""The report in a browser: nothing runs over the edge of a telephone, and a long list prints on few pages.

Needs Chromium (`apt-get install chromium`, or CHROMIUM=PATH); skipped where there is none.
"""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from refcheck.model import (
    Agreement,
    Candidate,
    Finding,
    Level,
    Manuscript,
    Match,
    Reference,
    Report,
    Severity,
    Span,
    Verdict,
    Work,
)
from refcheck.renderers.reports.html import render_html

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: apt-get install chromium, or set CHROMIUM")


def browse(tmp_path: Path, *arguments: str) -> str:
    done = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
            *arguments,
        ],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return done.stdout


def long_list(count: int) -> Report:
    """A list in which every third entry differs from its record, and none prints its DOI."""
    text, references, matches, findings = "", [], [], []
    for n in range(1, count + 1):
        year, title = (
            str(1990 + n % 30),
            f"A controlled trial of dressings for wounds of kind {n} in older adults",
        )
        raw = f"{n}. Miller AB, Rossi CD, Novak EF. {title}. J Invented Wounds. {year};{n}(2):{n}01-{n}09."
        start = len(text)
        at = start + raw.index(year + ";")
        r = Reference(number=n, label=f"{n}.", raw=raw, span=Span(start, start + len(raw)), year=year, title=title,
                      spans={"year": Span(at, at + 4)})  # fmt: skip
        text += raw + "\n"
        recorded = "2024" if n % 3 == 0 else year
        work = Work(title=title, container="Journal of Invented Wounds", year=recorded, doi=f"10.5555/wound.{n}",
                    url=f"https://doi.org/10.5555/wound.{n}", source="crossref")  # fmt: skip
        agreement = Agreement(field="year", level=Level.DIFFERS, printed=year, recorded=recorded, span=Span(at, at + 4))
        differs = (agreement,) if recorded != year else ()
        candidate = Candidate(work=work, confidence=0.99, agreements=differs)
        matches.append(Match(reference=r, verdict=Verdict.MATCHED, candidates=(candidate,)))
        references.append(r)
        findings.append(
            Finding(code="REF204", name="missing-doi", severity=Severity.NOTE, message="x", number=n, span=r.span)
        )
        if differs:
            findings.append(
                Finding(code="REF303", name="year-mismatch", severity=Severity.ERROR, message="Year", number=n,
                        field="year", printed=year, recorded=recorded, span=Span(at, at + 4), evidence=work.url)
            )  # fmt: skip
    manuscript = Manuscript(name="a long one.md", text=text, references=tuple(references), format="markdown")
    return Report(manuscript=manuscript, matches=tuple(matches), findings=tuple(findings))


@pytest.mark.slow
def test_a_telephone_shows_it_whole(report: Report, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_html(report), encoding="utf-8")
    (tmp_path / "frame.html").write_text(
        "<iframe id=f src=report.html width=375 height=800 style='border:0'></iframe>"
        "<script>onload=()=>{document.title=document.getElementById('f')"
        ".contentDocument.documentElement.scrollWidth}</script>"
    )
    dom = browse(tmp_path, "--allow-file-access-from-files", "--dump-dom", (tmp_path / "frame.html").as_uri())
    found = re.search(r"<title>(\d+)</title>", dom)
    assert found
    assert int(found.group(1)) <= 375


@pytest.mark.slow
def test_120_references_print_on_12_pages(tmp_path: Path) -> None:
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(render_html(long_list(120)), encoding="utf-8")
    browse(tmp_path, f"--print-to-pdf={printed}", "--no-pdf-header-footer", page.as_uri())
    assert 2 <= len(pypdfium2.PdfDocument(printed)) <= 12


@pytest.mark.slow
def test_folded_entries_open_for_a_search_and_for_a_link(report: Report, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_html(replace(report, waived=())), encoding="utf-8")
    dom = browse(tmp_path, "--dump-dom", page.as_uri() + "#r11")
    assert re.search(r"<details open=\"\"><summary>References 11", dom)
