"""The annotated Word file: comments at the right words, and nothing else changed."""

import io
import zipfile
from collections.abc import Callable, Iterable
from itertools import pairwise

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from refcheck.errors import UnreadableInput
from refcheck.model import Finding, Manuscript, Reference, Report, Severity, Span
from refcheck.readers.word.document import locate
from refcheck.renderers.editing.annotate import annotate
from refcheck.renderers.editing.word_runs import split_run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = nsdecls("w")
FIRST = "Lee JH. Adipose vesicles promote wound repair. Int J Mol Sci. 2022;24(13):10434."


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def simple(*runs: str) -> docx.document.Document:
    """A manuscript whose first entry is made of these runs."""
    document = docx.Document()
    document.add_paragraph("Vesicles carry signals (1, 2), and they heal (12).")
    document.add_paragraph("References")
    paragraph = document.add_paragraph("1. ")
    for i, text in enumerate(runs or (FIRST,)):
        paragraph.add_run(text).italic = bool(i % 2)
    document.add_paragraph("2. Rossi A. Controlled trial. Lancet. 2010;375:445-9.")
    return document


def report_on(data: bytes, *stretches: tuple[str, str]) -> Report:
    """A report with one finding (code, at the stretch of text) each, in one list of two entries."""
    text = locate(data).text
    entries = []
    for number, head in enumerate(("Lee JH", "Rossi A"), 1):
        at = text.find(head)
        if at >= 0:
            end = text.find("\n", at)
            end = end if end >= 0 else len(text)
            entries.append(Reference(number=number, raw=text[at:end], span=Span(at, end)))
    findings = tuple(
        Finding(code=code, name="x", severity=Severity.ERROR, message=f"About {words}.", printed=words,
                recorded="another value" if code.startswith("REF3") else "",
                field="year" if code.startswith("REF3") else None,
                span=Span(text.index(words), text.index(words) + len(words)))
        for code, words in stretches
    )  # fmt: skip
    manuscript = Manuscript(name="m.docx", text=text, references=tuple(entries), format="docx")
    return Report(manuscript=manuscript, findings=findings)


def marked_up(data: bytes, report: Report) -> bytes:
    return annotate(data, report, locate(data).find)


def root_of(data: bytes, part: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(part))


def commented(data: bytes) -> dict[str, str]:
    """Each comment's text, with the words of the document between its anchors."""
    root = root_of(data)
    texts = {
        c.get(f"{W}id"): "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in c.iter(f"{W}p"))
        for c in root_of(data, "word/comments.xml")
    }
    inside: dict[str, str] = {}
    open_now: set[str] = set()
    for element in root.iter():
        identifier = element.get(f"{W}id", "")
        if element.tag == f"{W}commentRangeStart":
            open_now.add(identifier)
            inside[identifier] = ""
        elif element.tag == f"{W}commentRangeEnd":
            open_now.remove(identifier)
        elif element.tag == f"{W}t":
            for i in open_now:
                inside[i] += element.text or ""
    assert not open_now
    marks = [e.get(f"{W}id") for e in root.iter(f"{W}commentReference")]
    assert sorted(marks) == sorted(inside)
    return {texts[i]: words for i, words in inside.items()}


def texts(data: bytes) -> list[str]:
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in root_of(data).iter(f"{W}p")]


def formatted(data: bytes) -> list[tuple[str, bytes]]:
    """Every character of the document with its formatting."""
    out = []
    for run in root_of(data).iter(f"{W}r"):
        properties = run.find(f"{W}rPr")
        face = b"" if properties is None else etree.tostring(properties, method="c14n", exclusive=True)
        out += [(c, face) for t in run.findall(f"{W}t") for c in t.text or ""]
    return out


def assert_unchanged(before: bytes, after: bytes) -> None:
    assert texts(before) == texts(after)
    assert formatted(before) == formatted(after)
    touched = {"word/document.xml", "word/comments.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert new.testzip() is None
        assert set(new.namelist()) - set(old.namelist()) <= touched
        for name in set(old.namelist()) - touched:
            assert old.read(name) == new.read(name), name
    docx.Document(io.BytesIO(after))


def test_comments_stand_at_the_words_they_are_about() -> None:
    data = saved(simple())
    report = report_on(data, ("REF303", "2022"), ("REF103", "(12)"), ("REF401", FIRST))
    after = marked_up(data, report)
    assert_unchanged(data, after)
    found = commented(after)
    assert sorted(found.values()) == sorted(["2022", "(12)", FIRST])
    assert {words: text.split(":")[0] for text, words in found.items()} == {"(12)": "AQ1", FIRST: "AQ2", "2022": "AQ3"}


@pytest.mark.parametrize(
    "cuts", [(10,), (1, 2, 3), (62, 66), (63, 65), (60, 64, 70), tuple(range(1, len(FIRST)))], ids=str
)
def test_words_spread_over_runs_are_found_whole(cuts: tuple[int, ...]) -> None:
    edges = (0, *cuts, len(FIRST))
    data = saved(simple(*(FIRST[a:b] for a, b in pairwise(edges))))
    report = report_on(data, ("REF303", "2022"), ("REF305", "24"), ("REF301", "Adipose vesicles promote wound repair"))
    after = marked_up(data, report)
    assert_unchanged(data, after)
    assert sorted(commented(after).values()) == ["2022", "24", "Adipose vesicles promote wound repair"]


def test_findings_at_one_place_share_a_comment() -> None:
    data = saved(simple())
    after = marked_up(data, report_on(data, ("REF102", FIRST), ("REF401", FIRST)))
    ((text, words),) = commented(after).items()
    assert words == FIRST
    assert text.startswith("AQ1: ")
    assert "\nAQ2: " in text


def wrapped(kind: str) -> bytes:
    """The first entry inside a content control, a field, an insertion, a hyperlink …"""
    document = simple("")
    paragraph = document.paragraphs[2]
    run = f'<w:r><w:t xml:space="preserve">{FIRST}</w:t></w:r>'
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end"))
    code = '<w:r><w:instrText xml:space="preserve"> ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY </w:instrText></w:r>'
    inline = {
        "control": f"<w:sdt {NS}><w:sdtPr/><w:sdtContent>{run}</w:sdtContent></w:sdt>",
        "bound control": f"<w:sdt {NS}><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{run}</w:sdtContent></w:sdt>",
        "insertion": f'<w:ins {NS} w:id="7" w:author="A">{run}</w:ins>',
        "hyperlink": f'<w:hyperlink {NS} w:anchor="x">{run}</w:hyperlink>',
        "simple field": f'<w:fldSimple {NS} w:instr=" QUOTE x ">{run}</w:fldSimple>',
        "field": f"<w:p {NS}>{begin}{code}{separate}{run}{end}</w:p>",
    }
    if kind == "block control":
        element = parse_xml(f"<w:sdt {NS}><w:sdtPr/><w:sdtContent/></w:sdt>")
        paragraph._p.addprevious(element)
        element[1].append(paragraph._p)
        paragraph._p.append(parse_xml(run.replace("<w:r>", f"<w:r {NS}>", 1)))
    elif kind == "field":
        for child in list(parse_xml(inline[kind])):
            paragraph._p.append(child)
    else:
        paragraph._p.append(parse_xml(inline[kind]))
    return saved(document)


@pytest.mark.parametrize(
    "kind", ["control", "block control", "bound control", "insertion", "hyperlink", "simple field", "field"]
)
def test_lists_inside_controls_and_fields_take_comments(kind: str) -> None:
    data = wrapped(kind)
    after = marked_up(data, report_on(data, ("REF303", "2022")))
    assert_unchanged(data, after)
    (words,) = commented(after).values()
    # Beside a control that may hold text alone, the comment is on the control as a whole.
    assert words == (FIRST if kind == "bound control" else "2022")
    if kind == "bound control":
        assert not next(root_of(after).iter(f"{W}sdtContent")).findall(f".//{W}commentReference")


def test_a_footnote_is_commented_at_its_mark() -> None:
    document = simple()
    document.paragraphs[0].runs[0]._r.addnext(parse_xml(f'<w:r {NS}><w:footnoteReference w:id="2"/></w:r>'))
    data = saved(document)
    notes = (
        f'<w:footnotes {NS}><w:footnote w:id="2"><w:p><w:r><w:t>See also (77).</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    data = with_part(data, "footnotes", notes)
    after = marked_up(data, report_on(data, ("REF103", "(77)")))
    assert_unchanged(data, after)
    assert list(commented(after).values()) == [""]
    start = next(root_of(after).iter(f"{W}commentRangeStart"))
    assert start.getnext().find(f"{W}footnoteReference") is not None


def with_part(data: bytes, kind: str, xml: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "word/_rels/document.xml.rels":
                relation = (
                    f'<Relationship Id="rIdN" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                    f'{kind}" Target="{kind}.xml"/></Relationships>'
                )
                body = body.replace(b"</Relationships>", relation.encode())
            new.writestr(name, body)
        new.writestr(f"word/{kind}.xml", xml)
    return out.getvalue()


def test_the_authors_own_comments_stay() -> None:
    document = simple()
    document.add_comment(document.paragraphs[0].runs[0], text="Mine", author="Author")
    data = saved(document)
    after = marked_up(data, report_on(data, ("REF303", "2022"), ("REF103", "(12)")))
    assert_unchanged(data, after)
    written = [(c.author, c.text) for c in docx.Document(io.BytesIO(after)).comments]
    assert written[0] == ("Author", "Mine")
    assert [author for author, _ in written[1:]] == ["refcheck", "refcheck"]
    assert len({c.comment_id for c in docx.Document(io.BytesIO(after)).comments}) == 3


def test_what_stands_at_no_run_goes_to_the_nearest() -> None:
    data = saved(simple())
    report = report_on(data, ("REF303", "2022"))
    places = locate(data).find
    gap = report.manuscript.text.index("\n")

    def find(span: Span) -> Iterable[object]:
        return () if span == report.findings[0].span else places(span)

    (words,) = commented(annotate(data, report, find)).values()  # type: ignore[arg-type]
    assert words in FIRST
    assert gap > 0


def test_notes_are_no_comments() -> None:
    data = saved(simple())
    report = report_on(data, ("REF404", FIRST))
    note = Finding(code="REF404", name="x", severity=Severity.NOTE, message="", span=report.findings[0].span)
    after = marked_up(data, Report(manuscript=report.manuscript, findings=(note,)))
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert "word/comments.xml" not in archive.namelist()
    assert_unchanged(data, after)


def test_hostile_titles_stay_text(hostile_value: str, with_title: Callable[[str], Report]) -> None:
    data = saved(simple())
    place = locate(data).places[:1]
    after = annotate(data, with_title(hostile_value), lambda span: place)
    (text,) = commented(after)
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "You give the title" in text
    assert len(root_of(after, "word/comments.xml")[0]) == 1


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        annotate(data, Report(manuscript=Manuscript(name="m", text="")), lambda span: ())


def test_a_run_is_split_between_its_characters() -> None:
    xml = (
        f"<w:p {NS}><w:r><w:rPr><w:b/></w:rPr><w:t>ab</w:t><w:tab/><w:noBreakHyphen/>"
        '<w:t xml:space="preserve">c d</w:t></w:r></w:p>'
    )
    for at in range(8):
        paragraph = parse_xml(xml)
        right = split_run(paragraph[0], at)
        if at in (0, 7):
            assert right is None
            continue
        assert len(paragraph) == 2
        whole = "".join(
            {f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}.get(c.tag, c.text or "") for run in paragraph for c in run
        )
        left = "".join({f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}.get(c.tag, c.text or "") for c in paragraph[0])
        assert whole == "ab\t-c d"
        assert left == whole[:at]
        assert all(run.find(f"{W}rPr/{W}b") is not None for run in paragraph)


@pytest.mark.parametrize("alternative", [False, True])
def test_a_text_box_is_commented_at_the_run_that_holds_it(alternative: bool) -> None:
    document = simple()
    box = "<w:txbxContent><w:p><w:r><w:t>Box 1. Also healing (77).</w:t></w:r></w:p></w:txbxContent>"
    shape = f'<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{box}</v:textbox></v:shape></w:pict>'
    if alternative:
        mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        shape = (
            f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
            f"<mc:Fallback>{shape}</mc:Fallback></mc:AlternateContent>"
        )
    document.paragraphs[0]._p.append(parse_xml(f"<w:r {NS}>{shape}</w:r>"))
    data = saved(document)
    after = marked_up(data, report_on(data, ("REF103", "(77)")))
    assert_unchanged(data, after)
    assert len(commented(after)) == 1
    start = next(root_of(after).iter(f"{W}commentRangeStart"))
    assert start.getparent().tag == f"{W}p"
    assert not list(start.iterancestors(f"{W}txbxContent"))
    assert start.getnext().find(f".//{W}txbxContent") is not None


def test_a_tracked_deletion_and_generated_text_are_passed_over() -> None:
    document = simple("")
    deleted = f'<w:del {NS} w:id="3" w:author="A"><w:r><w:delText>2021</w:delText></w:r></w:del>'
    head, tail = FIRST.split("2022")
    for xml in (
        f'<w:r {NS}><w:t xml:space="preserve">{head}</w:t></w:r>',
        deleted,
        f'<w:ins {NS} w:id="4" w:author="A"><w:r><w:t>2022</w:t></w:r></w:ins>',
        f'<w:r {NS}><w:t xml:space="preserve">{tail}</w:t></w:r>',
    ):
        document.paragraphs[2]._p.append(parse_xml(xml))
    data = saved(document)
    after = marked_up(data, report_on(data, ("REF303", "2022")))
    assert_unchanged(data, after)
    assert list(commented(after).values()) == ["2022"]
    assert len(list(root_of(after).iter(f"{W}delText"))) == 1
