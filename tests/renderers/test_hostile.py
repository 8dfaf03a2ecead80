"""Nothing that stands in a manuscript or a record acts in a report: every format, every hostile value."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from refcheck.model import Report
from refcheck.renderers import RENDERERS

Compose = Callable[[str], Report]
# Formats that are written as they stand into a file for a program; JSON escapes by itself.
TEXT_FORMATS = ["text", "queries", "corrected", "diff", "markdown", "csv", "bibtex", "ris", "junit", "html"]


def written(name: str, report: Report) -> str:
    out = RENDERERS[name](report)
    assert isinstance(out, str)
    return out


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_no_control_character_gets_out(name: str, hostile_value: str, with_title: Compose) -> None:
    assert not re.search(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written(name, with_title(hostile_value))
    )


class Tags(HTMLParser):
    """The elements and attribute names of a page, and what its links lead to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "mark":  # how many words differ depends on the title
            self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_html_keeps_its_elements(hostile_value: str, with_title: Compose) -> None:
    page, harmless = (
        Tags(written("html", with_title(v)))
        for v in (hostile_value, "A harmless title that is as long as the others are")
    )
    assert page.tags == harmless.tags
    assert all(link.startswith("#") for link in page.links)


def test_markdown_keeps_its_markup(hostile_value: str, with_title: Compose) -> None:
    text = written("markdown", with_title(hostile_value))
    assert not re.search(r"<(?!!-- -->|sub>|/sub>|https?:)", text)
    assert "](" not in text.replace("\\]", "")
    assert not re.search(r"@(?!<!-- -->)", text)
    assert not re.search(r"(?<!<)https?://", text)
    harmless = written("markdown", with_title("A harmless title that is as long as the others are"))
    assert len(text.splitlines()) == len(harmless.splitlines())
    assert [line[:3] for line in text.splitlines()] == [line[:3] for line in harmless.splitlines()]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "\u00a0="])
def test_csv_holds_no_formula(start: str, with_title: Compose) -> None:
    text = written("csv", with_title(start + 'HYPERLINK("http://evil.example")'))
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        for cell in row:
            assert not cell.strip(" \u00a0\u3000").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_xlsx_holds_text_alone(hostile_value: str, with_title: Compose) -> None:
    book = RENDERERS["xlsx"](with_title(hostile_value))
    assert isinstance(book, bytes)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        ns = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        cells = list(sheet.iter(f"{ns}c"))
        assert cells
        numbers = [cell.findtext(f"{ns}v") or "" for cell in cells if cell.get("t") != "s"]
        assert all(re.fullmatch(r"(?:\d+(?:\.\d+)?)?", value) for value in numbers), "a number, or an empty cell"
        assert not list(sheet.iter(f"{ns}f"))
        assert not list(sheet.iter(f"{ns}hyperlink"))
        ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))


def test_bibtex_holds_no_command(hostile_value: str, with_title: Compose) -> None:
    text = written("bibtex", with_title(hostile_value))
    assert not re.search(r"\\(?!textbackslash\{\}|textasciitilde\{\}|textasciicircum\{\}|[{}%$&#_])", text)
    unescaped = re.sub(r"\\[{}]", "", text)
    assert unescaped.count("{") == unescaped.count("}")
    assert not re.search(r"(?<!\\)[%$&#^~]", text.replace("doi = {", ""))
    assert text.count("\n@") + text.startswith("@") == 1


def test_ris_has_one_record(hostile_value: str, with_title: Compose) -> None:
    lines = written("ris", with_title(hostile_value)).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)
    assert sum(line.startswith("ER") for line in lines) == 1


@pytest.mark.parametrize("name", ["sarif", "csl-json", "json"])
def test_json_formats_are_json(name: str, hostile_value: str, with_title: Compose) -> None:
    assert json.loads(written(name, with_title(hostile_value)))


def test_junit_is_xml(hostile_value: str, with_title: Compose) -> None:
    root = ElementTree.fromstring(written("junit", with_title(hostile_value)))
    assert [e.tag for e in root.iter()] == ["testsuites", "testsuite", "testcase", "failure"]


def test_a_query_is_one_paragraph(hostile_value: str, with_title: Compose) -> None:
    harmless = written("queries", with_title("A harmless title that is as long as the others are"))
    assert len(written("queries", with_title(hostile_value)).split("\n\n")) == len(harmless.split("\n\n"))
