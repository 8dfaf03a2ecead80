"""The HTML report: what is marked, in which order, and that it needs nothing from outside."""

import base64
import hashlib
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refcheck.model import Finding, Report, Severity, Span
from refcheck.renderers.reports.html import render_html
from refcheck.renderers.reports.page import asset, content_security_policy, mark
from refcheck.renderers.triage import TITLES, Group, triage, unlabelled


class Page(HTMLParser):
    """Ids, links, marked words per element id, and labels of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[tuple[str, dict[str, str | None]]] = []
        self.labelled: list[str] = []
        self.marks: list[str] = []
        self.tags: list[str] = []
        self._mark = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append((str(values.get("href")), values))
        for name in ("aria-labelledby", "data-copy"):
            if values.get(name):
                self.labelled.append(str(values[name]))
        self._mark = tag == "mark"
        if self._mark:
            self.marks.append("")

    def handle_data(self, data: str) -> None:
        if self._mark:
            self.marks[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._mark = False


def article(page: str, anchor: str) -> str:
    found = re.search(rf'<article id="{anchor}".*?</article>', page, re.DOTALL)
    assert found
    return found.group()


def quoted(page: str, anchor: str) -> str:
    found = re.search(r"<blockquote>(.*?)</blockquote>", article(page, anchor), re.DOTALL)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    ("anchor", "marks"),
    [
        ("r1", ["repair", "2022"]),  # the word and the year, not the whole title
        ("r2", []),
        ("r3", ["10.5555/other.1"]),
        ("r5", ["Cytotherapie"]),
        ("c1", ["(4)"]),
        ("c2", ["(12)"]),
    ],
)
def test_the_words_that_differ_are_marked(report: Report, anchor: str, marks: list[str]) -> None:
    assert Page(quoted(render_html(report), anchor)).marks == marks


def test_the_printed_text_is_whole(report: Report) -> None:
    page = render_html(report)
    for i, reference in enumerate(report.manuscript.references, 1):
        shown = re.sub(r"<rp>.*?</rp>|<rt>.*?</rt>", "", quoted(page, f"r{i}"))
        assert unescape(re.sub(r"</?(?:mark|ruby)>", "", shown)) == unlabelled(reference)


def test_the_recorded_words_stand_above_the_printed_ones(report: Report) -> None:
    page = render_html(report)
    assert "<mark>2022</mark><rp> (recorded: </rp><rt>2023</rt>" in quoted(page, "r1")
    assert re.findall("<rt>(.*?)</rt>", quoted(page, "r1")) == ["Healing", "2023"]
    assert article(page, "r1").count("2023") <= 4, "above, in the record, and in the folded query"


def test_groups_come_gravest_first(report: Report) -> None:
    found = re.findall(r'<section id="g-([a-z-]+)"', render_html(report))
    assert found == [str(g) for g in Group]
    assert set(TITLES) == set(Group)


def test_the_picture_has_one_cell_a_reference_that_leads_to_it(report: Report) -> None:
    page = Page(render_html(report))
    cells = [href for href, attrs in page.links if str(attrs.get("class", "")).startswith("cell ")]
    assert cells == [f"#r{i}" for i in range(1, 12)]


def test_every_reference_inside_the_page_leads_somewhere(report: Report) -> None:
    page = Page(render_html(report))
    assert len(page.ids) == len(set(page.ids))
    assert {href[1:] for href, _ in page.links if href.startswith("#")} <= set(page.ids)
    assert set(page.labelled) <= set(page.ids)
    assert {"header", "nav", "main", "footer", "h1", "h2", "h3"} <= set(page.tags)


def test_links_out_open_apart_and_tell_nothing(report: Report) -> None:
    outside = [(href, attrs) for href, attrs in Page(render_html(report)).links if not href.startswith("#")]
    assert outside
    for href, attrs in outside:
        assert href.startswith("https://doi.org/")
        assert attrs["rel"] == "noopener noreferrer"


def test_nothing_is_loaded_from_outside(report: Report) -> None:
    page = render_html(report)
    assert not re.search(r"<(?:link|img|iframe|object|embed)\b|\bsrc=|@import|url\(", page)
    policy = content_security_policy()
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        found = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert found
        digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]+\sstyle=", page)


def test_who_was_asked_and_when(report: Report) -> None:
    page = render_html(report)
    footer = page[page.index("<footer>") :]
    assert "<td>Crossref</td><td>14</td><td>3</td><td>1</td><td>2026-11-24T09:30:00Z</td>" in footer
    assert "a picture of text" in footer
    assert "no DOI in this journal&#x27;s style" in footer
    assert "unused" in footer


def test_no_verdict_on_people(report: Report) -> None:
    assert not re.search(r"\b(?:fake|fabricat|fraud|hallucinat|bogus|wrong)", render_html(report), re.IGNORECASE)


def test_candidates_of_an_ambiguous_entry(report: Report) -> None:
    text = article(render_html(report), "r6")
    assert "Records that would fit" in text
    assert text.count('href="https://doi.org/10.5555/') == 2
    assert "turned down" in article(render_html(report), "r4")


def test_a_record_that_is_not_near_is_not_shown(report: Report) -> None:
    far = tuple(
        replace(m, candidates=tuple(replace(c, confidence=0.004) for c in m.candidates)) if not m.work else m
        for m in report.matches
    )
    page = render_html(replace(report, matches=far))
    assert "turned down" not in page
    assert "(0%)" not in page


@given(
    st.text(alphabet="ab<>&\"' ", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5)
)
def test_marking_loses_no_character(text: str, spots: list[tuple[int, int]]) -> None:
    written = mark(text, Span(0, len(text)), [(Span(*s), "") for s in spots])
    assert unescape(re.sub(r"</?mark>", "", written)) == text
    assert written.count("<mark>") == written.count("</mark>")


def test_every_finding_is_told_once(report: Report) -> None:
    told = [f for f, _ in triage(report).findings()]
    assert sorted(map(id, told)) == sorted(map(id, report.findings))


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "paper"), ("ink", "panel"), ("soft", "paper"), ("soft", "panel"), ("link", "paper"), ("act", "act-bg"),
        ("look", "look-bg"), ("none", "none-bg"), ("note", "note-bg"), ("fine", "fine-bg"), ("mark-ink", "mark"),
        ("act", "paper"),
    ],
)  # fmt: skip
def test_text_has_the_contrast_that_wcag_asks_for(theme: int, ink: str, paper: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1."""
    palette = re.findall(r":root \{(.*?)\}", asset("report.css"), re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", palette))
    bright, dark = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_where_nothing_was_sent_it_says_so(report: Report) -> None:
    assert "Nothing was sent" not in render_html(report)
    assert "Nothing was sent" in render_html(replace(report, enquiries=()))


def test_an_entry_that_merely_prints_no_doi_is_among_the_fine(report: Report) -> None:
    last = report.manuscript.references[-1]
    note = Finding(
        code="REF204", name="missing-doi", severity=Severity.NOTE, message="The work has a DOI.", span=last.span
    )
    text = article(render_html(replace(report, findings=(*report.findings, note))), "r11")
    assert 'data-group="fine"' in text
    assert "The work has a DOI." not in text, "all such DOIs stand in one table"


def test_missing_dois_are_one_table(report: Report) -> None:
    notes = tuple(
        Finding(code="REF204", name="missing-doi", severity=Severity.NOTE, message="x", span=r.span)
        for r in report.manuscript.references
    )
    page = render_html(replace(report, findings=(*report.findings, *notes)))
    table = page[page.index('id="dois"') :]
    assert table.count('<tr><th scope="row">') == sum(m.work is not None for m in report.matches)
