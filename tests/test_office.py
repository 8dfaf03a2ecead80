"""The office's floor: settings in effect, marked-up files, a folder with good and bad files."""

import io
from pathlib import Path

import docx
import pytest

from refcheck.errors import UnreadableInput, UsageError
from refcheck.model import Scheme
from refcheck.office import check_folder, check_settled, correct, manuscripts, mark_up
from refcheck.pipeline import read, render
from refcheck.sources import LocalRecords
from refcheck.waivers import Settings, fingerprint, read_settings
from tests.word import as_word

ROOT = Path(__file__).parents[1] / "fixtures"
SEEDED = ROOT / "manuscripts" / "exosome-therapy-seeded.md"
RECORDS = ROOT / "records" / "exosome-therapy-seeded.jsonl"


@pytest.fixture(scope="module")
def records() -> LocalRecords:
    return LocalRecords(RECORDS)


def test_a_word_file_comes_back_with_its_queries(records: LocalRecords) -> None:
    data = as_word(SEEDED.read_text(encoding="utf-8"))
    report = check_settled(read(data, "seeded.docx"), Settings(), sources=[records])
    after = mark_up(data, "seeded.docx", report)
    texts = [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]
    assert [p.text for p in docx.Document(io.BytesIO(after)).paragraphs] == texts
    comments = [c.text for c in docx.Document(io.BytesIO(after)).comments]
    assert any("You give the year 2022" in c for c in comments)
    assert any("You give volume 52" in c for c in comments)
    assert any("Reference 9 is not cited" in c for c in comments)
    title = "MSC-exosome: A novel cell-free therapy for cutaneous rejuvenation"
    entry = next(t for t in texts if t.startswith("8. "))
    assert {"2022", "52", title, "6479-6781", "10.1038/nature14539", "(8, 10)", entry} <= set(commented_words(after))


def commented_words(data: bytes) -> list[str]:
    """The words of a Word file between the anchors of each comment."""
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    inside: dict[str, str] = {}
    open_now: set[str] = set()
    for element in docx.Document(io.BytesIO(data)).element.iter():
        if element.tag == f"{w}commentRangeStart":
            open_now.add(element.get(f"{w}id"))
        elif element.tag == f"{w}commentRangeEnd":
            open_now.remove(element.get(f"{w}id"))
        elif element.tag == f"{w}t":
            for i in open_now:
                inside[i] = inside.get(i, "") + (element.text or "")
    return list(inside.values())


def test_only_word_files_are_marked_up(records: LocalRecords) -> None:
    data = SEEDED.read_bytes()
    report = check_settled(read(data, "seeded.md"), Settings(), sources=[records])
    with pytest.raises(UnreadableInput, match="not a Word file"):
        mark_up(data, "seeded.md", report)


def test_settings_are_in_effect(records: LocalRecords) -> None:
    manuscript = read(SEEDED)
    plain = check_settled(manuscript, Settings(), sources=[records])
    first = fingerprint(manuscript.references[0])
    table = {"severity": {"REF305": "off"}, "waiver": [{"code": "REF303", "reference": first, "reason": "agreed"}]}
    settled = check_settled(manuscript, read_settings(table), sources=[records])
    gone = {f.code for f in plain.findings} - {f.code for f in settled.findings}
    assert gone == {"REF303", "REF305"}
    assert [f.code for f, _ in settled.waived] == ["REF303"]


def test_a_prescribed_scheme_is_read(records: LocalRecords) -> None:
    manuscript = read(SEEDED)
    assert manuscript.scheme is Scheme.PAREN
    report = check_settled(manuscript, read_settings({"profile": {"style": "ieee"}}), sources=[records])
    assert report.manuscript.scheme is Scheme.BRACKET
    assert "settings" in report.manuscript.scheme_reason
    assert not [c for c in report.manuscript.callouts if c.text.startswith("(")]


def test_a_folder_with_good_and_bad_files(tmp_path: Path, records: LocalRecords) -> None:
    folder, out = tmp_path / "in", tmp_path / "in" / "reports"
    (folder / "sub").mkdir(parents=True)
    (folder / "a good one.md").write_bytes(SEEDED.read_bytes())
    (folder / "sub" / "word.docx").write_bytes(as_word(SEEDED.read_text(encoding="utf-8")))
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "<b>no list.txt").write_text("Nothing is cited here.")
    (folder / "~$word.docx").write_bytes(b"lock")
    (folder / ".hidden.md").write_text("x")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    told: list[tuple[str, int, int]] = []
    outcomes = check_folder(
        folder, out, sources=[records], formats=("queries", "csv"), tell=lambda p, i, n: told.append((p.name, i, n))
    )
    assert [t[1:] for t in told] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    by_name = {o.path.name: o for o in outcomes}
    assert {n for n, o in by_name.items() if o.report} == {"a good one.md", "word.docx"}
    assert by_name["broken.docx"].problem
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;no list.txt" in index
    assert "<b>" not in index
    assert 'href="a%20good%20one.md.html"' in index
    assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()) == [
        "a good one.md.csv",
        "a good one.md.html",
        "a good one.md.queries.txt",
        "findings.csv",
        "findings.xlsx",
        "index.html",
        "sub/word.annotated.docx",
        "sub/word.docx.csv",
        "sub/word.docx.html",
        "sub/word.docx.queries.txt",
    ]
    # A second run does not take the reports for manuscripts, wherever it writes.
    assert list(manuscripts(folder, out)) == list(manuscripts(folder)) == [o.path for o in outcomes]


def test_each_file_has_its_own_settings(tmp_path: Path, records: LocalRecords) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "m.md").write_bytes(SEEDED.read_bytes())
    (tmp_path / "two" / "refcheck.toml").write_text("[profile]\nroot = true\n[severity]\nREF303 = 'off'\n")
    (tmp_path / "refcheck.toml").write_text("[profile]\nroot = true\n")
    one, two = (o.report for o in check_folder(tmp_path, tmp_path / "out", sources=[records]))
    assert one
    assert two
    assert "REF303" in {f.code for f in one.findings}
    assert "REF303" not in {f.code for f in two.findings}


def test_an_empty_folder_is_no_success(tmp_path: Path, records: LocalRecords) -> None:
    with pytest.raises(UsageError, match="no manuscript"):
        check_folder(tmp_path, tmp_path / "out", sources=[records])
    (tmp_path / "m.md").write_text("x")
    with pytest.raises(UsageError, match="no format"):
        check_folder(tmp_path, tmp_path / "out", sources=[records], formats=("pdf",))


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("x")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    assert list(manuscripts(folder)) == []


def test_progress_is_told_while_a_list_is_looked_up(records: LocalRecords) -> None:
    told: list[tuple[int, int]] = []
    check_settled(read(SEEDED), Settings(), sources=[records], progress=lambda done, of: told.append((done, of)))
    assert [n for n, _ in told] == sorted(n for n, _ in told)
    assert len(set(told)) == 9
    assert told[-1] == (9, 9)


LIBRARY = """% ours, do not touch\t
@string{br = "Biomaterials Research"}
@Article{yang:2021,
\tauthor = "Yang, Gi Hoon and Lee, Yoon Bum and Kang, Donggu",
\ttitle = {Overcome the {Barriers} of the Skin: Exosome Healing},
\tjournal = br,  volume = {52}, year = "2021",pages={22},
\tdoi = {10.1186/s40824-021-00224-8}
}
@comment{keep me}
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_bibtex_file_is_corrected_in_its_own_bytes(records: LocalRecords, line_end: str) -> None:
    data = LIBRARY.replace("\n", line_end).encode()
    report = check_settled(read(data, "library.bib"), Settings(), sources=[records])
    assert correct(data, report) == data.replace(b"{52}", b"{25}").replace(b"Exosome Healing", b"Exosome Therapy")
    page = str(render(report, "html"))
    assert "<mark>52</mark>" in page
    assert "<mark>Healing</mark>" in page


def test_the_command_line_speaks_the_settings_language_and_patches_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from refcheck.cli import main

    (tmp_path / "de.toml").write_text('opening = "Bitte:"\n')
    (tmp_path / "refcheck.toml").write_text(f"[profile]\nroot = true\nlanguage = '{tmp_path / 'de.toml'}'\n")
    library, out = tmp_path / "library.bib", tmp_path / "corrected.bib"
    library.write_bytes(LIBRARY.replace("\n", "\r\n").encode())
    assert main(["check", str(library), "--records", str(RECORDS), "--no-cache", "--format", "queries"]) == 1
    assert capsys.readouterr().out.startswith("Bitte:\n\nAQ1 (ref 1, yang:2021): ")
    arguments = ["check", str(library), "--records", str(RECORDS), "--no-cache", "--format", "corrected"]
    assert main([*arguments, "-o", str(out)]) == 1
    expected = library.read_bytes().replace(b"{52}", b"{25}").replace(b"Exosome Healing", b"Exosome Therapy")
    assert out.read_bytes() == expected
