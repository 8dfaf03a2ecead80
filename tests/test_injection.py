"""One hostile manuscript, read and checked against one hostile record: nothing of it acts in any output.

The renderers by themselves are in `tests/renderers/test_hostile.py`; here is the whole way, by the command line.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from refcheck.cli import main
from refcheck.pipeline import check
from refcheck.renderers import RENDERERS
from refcheck.sources import LocalRecords
from tests.word import as_word

DOI = "10.5555/hostile"
#: One of each kind in one text; where a file format cannot hold a control character, it comes by the record.
MARKUP = "</script><img src=x onerror=alert(1)> [go](javascript:alert(1)) `x` | y | @all #1 \\input{/etc/passwd} %s"
FORMULA = '=HYPERLINK("http://evil.example","x")'
CONTROLS = "\x1b]0;owned\x07\x1b[2J\x9b31m \u202egnp.exe\u2066x\u2069"
RECORD = {
    "DOI": DOI, "type": "journal-article", "title": [f"{FORMULA} exosomes in skin repair {CONTROLS} {MARKUP}"],
    "author": [{"family": FORMULA, "given": CONTROLS}, {"name": MARKUP}], "container-title": [f"Burns {MARKUP}"],
    "volume": "=1+1", "issue": "@2", "page": "-3-9", "issued": {"date-parts": [[2021]]},
    "URL": "javascript:alert(1)", "publisher": CONTROLS,
    "update-to": [{"DOI": "10.5555/../../etc\"onload=x", "type": "retraction", "label": MARKUP, "source": CONTROLS,
                   "updated": {"date-parts": [[2022]]}}],
}  # fmt: skip
MANUSCRIPT = f"""# Skin <script>alert(1)</script>

Skin heals [1, 2, 7].

## References

1. {FORMULA} A, Lee B. exosomes in skin repair {MARKUP}. Burns. 2019;1(2):3-9. doi:{DOI}
2. Evil E. {CONTROLS} {MARKUP} [a](javascript:alert(1)). J "onmouseover=alert(1) x=". 2020;5:6. doi:10.5555/a"b<c>'d
"""
TEXT_FORMATS = sorted(name for name in RENDERERS if name not in ("xlsx",))
_ACTING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "records.jsonl"
    path.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def manuscript(records: Path) -> Path:
    path = records.with_name("m.md")
    path.write_text(MANUSCRIPT, encoding="utf-8")
    return path


def run(format: str, manuscript: Path, records: Path, out: Path) -> bytes:
    status = main(["check", str(manuscript), "--records", str(records), "--format", format, "-o", str(out)])
    assert status in (0, 1)
    return out.read_bytes()


def test_the_record_is_the_one_compared(manuscript: Path, records: Path) -> None:
    """Else the rest of this file would show nothing."""
    match = check(manuscript, sources=[LocalRecords(records)]).matches[0]
    assert match.work is not None
    assert any(FORMULA in a.family for a in match.work.authors)


@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_nothing_acts_in_a_text(format: str, manuscript: Path, records: Path, tmp_path: Path) -> None:
    text = run(format, manuscript, records, tmp_path / "out").decode("utf-8")
    if format in ("json", "sarif", "csl-json"):  # programs read these; what they hold is escaped as JSON
        json.loads(text)
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", text)
    else:
        assert not _ACTING.search(text)
    if format == "junit":
        ElementTree.fromstring(text)
    if format == "csv":
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
            assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]
    if format == "markdown":
        assert not re.search(r"<(?:script|img)|\]\(\s*javascript:", text.replace("\\]", ""), re.IGNORECASE)


class Acting(HTMLParser):
    """What a browser would act on that refcheck did not put there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.found += [tag] * (tag in ("img", "iframe", "object", "embed", "base", "form", "meta") and tag != "meta")
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or (
                name in ("href", "src", "action") and not address.startswith(("#", "https://doi.org/10."))
            ):
                self.found.append(f"{tag} {name}={value}")


def test_the_page_holds_no_foreign_element(manuscript: Path, records: Path, tmp_path: Path) -> None:
    harmless = tmp_path / "m.md"
    harmless.write_text("Skin [1].\n\n## References\n\n1. Lee B. Skin repair. Burns. 2019;1(2):3-9.\n")
    page, plain = (Acting(run("html", m, records, tmp_path / "out").decode()) for m in (manuscript, harmless))
    assert page.found == []
    assert page.scripts == plain.scripts


def test_the_workbook_holds_text_alone(manuscript: Path, records: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(run("xlsx", manuscript, records, tmp_path / "out.xlsx"))) as book:
        for name in book.namelist():
            if name.endswith(".xml"):
                root = ElementTree.fromstring(book.read(name))
                assert not [e.tag for e in root.iter() if e.tag.endswith(("}f", "}hyperlink"))]


@pytest.mark.parametrize("command", ["check", "parse", "lookup", "batch"])
def test_nothing_reaches_the_terminal(
    command: str, manuscript: Path, records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = f"Lee B. exosomes in skin repair {CONTROLS} {MARKUP}. Burns. 2019;1(2):3-9. doi:{DOI}"
    lines = tmp_path / "refs.txt"
    lines.write_text(entry.replace("\x1b", "\x1b\x1b") + "\n", encoding="utf-8")
    given = {"check": [str(manuscript)], "parse": [str(manuscript)], "lookup": [entry], "batch": [str(lines)]}[command]
    where = [] if command == "parse" else ["--records", str(records)]
    assert main([command, *given, *where]) in (0, 1, 2)
    captured = capsys.readouterr()
    written = captured.out + captured.err
    assert "exosomes" in written
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\x1b(?!\[\d{0,2}(?:;\d{1,3}){0,4}m)", written)
    assert not re.search(r"\x1b\]", written)


def test_a_comment_in_the_word_file_is_text(records: Path, tmp_path: Path) -> None:
    word, out = tmp_path / "m.docx", tmp_path / "out.docx"
    word.write_bytes(as_word("".join(c for c in MANUSCRIPT if c == "\n" or c.isprintable())))
    assert main(["check", str(word), "--records", str(records), "--annotate", str(out)]) in (0, 1)
    with zipfile.ZipFile(out) as archive:
        parts = {n: archive.read(n) for n in archive.namelist() if n.endswith((".xml", ".rels"))}
    for data in parts.values():
        ElementTree.fromstring(data)
    assert b"w:comment " in parts["word/comments.xml"]
    assert not re.search(rb"javascript:[^<]*TargetMode", b"".join(v for n, v in parts.items() if n.endswith(".rels")))


# -- where outputs are written -------------------------------------------------------------------------------------


def submissions(tmp_path: Path, manuscript: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("m.md", "sub/n.md"):
        (folder / name).write_bytes(manuscript.read_bytes())
    return folder


def test_links_in_the_way_of_a_report_are_not_followed(manuscript: Path, records: Path, tmp_path: Path) -> None:
    folder, out = submissions(tmp_path, manuscript), tmp_path / "out"
    out.mkdir()
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    (out / "m.md.html").symlink_to(mine)
    (out / "index.html").symlink_to(mine)
    main(["check", str(folder), "--records", str(records), "--out", str(out)])
    assert mine.read_text() == "mine"
    assert "<html" in (out / "m.md.html").read_text(encoding="utf-8")


def test_a_linked_folder_does_not_lead_out(
    manuscript: Path, records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out, elsewhere = submissions(tmp_path, manuscript), tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "sub").symlink_to(elsewhere, target_is_directory=True)
    assert main(["check", str(folder), "--records", str(records), "--out", str(out)]) == 2
    assert not list(elsewhere.iterdir())
    assert "leads out of" in capsys.readouterr().err
    assert (out / "m.md.html").exists()
