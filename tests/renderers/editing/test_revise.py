"""Tracked changes: accepting all gives the corrected text, rejecting all the original, in text and formatting."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

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
from refcheck.readers.word.document import locate
from refcheck.renderers.editing.corrected_list import patched
from refcheck.renderers.editing.revise import revise

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = nsdecls("w")
CODES = {"title": "REF301", "year": "REF303", "container": "REF304", "volume": "REF305", "pages": "REF307"}
ENTRY = "Lee JH. Adipose vesicles promote wound repair. Cytotherapie. 2022;24(13):10434-9."
#: field, printed, recorded; with a word to put in, one to leave out and one to change.
CHANGES = (
    ("title", "Adipose vesicles promote wound repair", "Adipose vesicles promote acute wound healing"),
    ("container", "Cytotherapie", "Cytotherapy"),
    ("year", "2022", "2023"),
    ("pages", "10434-9", "10434-49"),
)
CORRECTED = "Lee JH. Adipose vesicles promote acute wound healing. Cytotherapy. 2023;24(13):10434-49."


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


WHOLE = run(ENTRY)
MARKS = {k: f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end")}


def field(code: str, inside: str) -> str:
    instruction = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return MARKS["begin"] + instruction + MARKS["separate"] + inside + MARKS["end"]


HEAD, TAIL = ENTRY.split("2022")
#: What is in the paragraph of the entry, by how the file was made.
MADE: dict[str, str] = {
    "typed by hand": run("1. ") + WHOLE,
    "typed with a tab": f"<w:r><w:t>1.</w:t><w:tab/></w:r>{WHOLE}",
    "letter by letter": run("1. ") + "".join(run(c, "<w:i/>" if i % 2 else "<w:b/>") for i, c in enumerate(ENTRY)),
    "Zotero": run("1. ") + field("ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY", WHOLE),
    "EndNote": run("1. ") + field("ADDIN EN.REFLIST", WHOLE),
    "Mendeley": run("1. ") + field("ADDIN Mendeley Bibliography CSL_BIBLIOGRAPHY", WHOLE),
    "Mendeley Cite": run("1. ") + f"<w:sdt><w:sdtPr><w:tag w:val='MENDELEY_BIBLIOGRAPHY'/></w:sdtPr><w:sdtContent>"
                     f"{WHOLE}</w:sdtContent></w:sdt>",
    "simple field": run("1. ") + f'<w:fldSimple w:instr=" QUOTE x ">{WHOLE}</w:fldSimple>',
    "hyperlink": run("1. ") + f'<w:hyperlink w:anchor="x">{WHOLE}</w:hyperlink>',
    "bookmark": run("1. ") + run(HEAD) + '<w:bookmarkStart w:id="3" w:name="b"/>' + run("2022", "<w:b/>")
                + '<w:bookmarkEnd w:id="3"/>' + run(TAIL),
    "inserted by a co-author": run("1. ") + f'<w:ins w:id="7" w:author="A">{WHOLE}</w:ins>',
    "partly inserted": run("1. ") + run(HEAD) + '<w:del w:id="5" w:author="A"><w:r><w:delText>2021</w:delText></w:r>'
                       '</w:del><w:ins w:id="6" w:author="A">' + run("2022", "<w:i/>") + "</w:ins>" + run(TAIL),
    "formatting tracked": run("1. ") + run(ENTRY, '<w:b/><w:rPrChange w:id="9" w:author="A"><w:rPr/></w:rPrChange>'),
    "proof marks": run("1. ") + run(HEAD) + '<w:proofErr w:type="spellStart"/>' + run("20") + run("22")
                   + '<w:proofErr w:type="spellEnd"/>' + run(TAIL),
    "right to left": run("1. ", "<w:rtl/>") + run(ENTRY, '<w:rtl/><w:lang w:bidi="ar-SA"/>'),
    "smart tag": run("1. ") + f'<w:smartTag w:uri="u" w:element="e">{WHOLE}</w:smartTag>',
    "page break mark": run("1. ") + f"<w:r><w:lastRenderedPageBreak/><w:t>{ENTRY}</w:t></w:r>",
}  # fmt: skip
PLACES = ("body", "automatic number", "table", "footnote")


def made(inside: str, place: str = "body") -> bytes:
    document = docx.Document()
    document.add_paragraph("Vesicles carry signals (1, 2).")
    document.add_paragraph("References")
    if place == "table":
        paragraph = document.add_table(1, 2).cell(0, 1).paragraphs[0]
    else:
        paragraph = document.add_paragraph(style="List Number" if place == "automatic number" else None)
    for child in list(parse_xml(f"<w:p {NS}>{inside}</w:p>")):
        paragraph._p.append(child)
    document.add_paragraph("2. Rossi A. Controlled trial. Lancet. 2010;375:445-9.")
    out = io.BytesIO()
    document.save(out)
    if place != "footnote":
        return out.getvalue()
    paragraph._p.getparent().remove(paragraph._p)
    document.paragraphs[0]._p.append(parse_xml(f'<w:r {NS}><w:footnoteReference w:id="2"/></w:r>'))
    out = io.BytesIO()
    document.save(out)
    notes = f'<w:footnotes {NS}><w:footnote w:id="2"><w:p>{inside}</w:p></w:footnote></w:footnotes>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    again = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "word/_rels/document.xml.rels":
                relation = f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                body = body.replace(b"</Relationships>", relation.encode())
            if name == "[Content_Types].xml":
                part = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                override = f'<Override PartName="/word/footnotes.xml" ContentType="{part}"/></Types>'
                body = body.replace(b"</Types>", override.encode())
            new.writestr(name, body)
        new.writestr("word/footnotes.xml", notes)
    return again.getvalue()


def report_on(data: bytes, *changes: tuple[str, str, str], confidence: float = 0.999) -> Report:
    """A report on the first entry; a field whose printed value is no longer there agrees."""
    text = locate(data).text
    start = text.index("Lee JH")
    end = text.find("\n", start) if "\n" in text[start:] else len(text)
    reference = Reference(number=1, raw=text[start:end], span=Span(start, end))
    findings = tuple(
        Finding(code=CODES[f], name="x", severity=Severity.ERROR, message="", number=1, field=f, printed=printed,
                recorded=recorded, span=Span(text.index(printed), text.index(printed) + len(printed)))
        for f, printed, recorded in changes if printed in text and recorded not in text
    )  # fmt: skip
    work = Work(title="x", container="Cytotherapy", source="crossref", doi="10.5555/x", url="https://doi.org/10.5555/x")
    match = Match(
        reference=reference, verdict=Verdict.MATCHED, candidates=(Candidate(work=work, confidence=confidence),)
    )
    manuscript = Manuscript(name="m.docx", text=text, references=(reference,), format="docx")
    return Report(manuscript=manuscript, matches=(match,), findings=findings)


def revised(data: bytes, *changes: tuple[str, str, str], confidence: float = 0.999) -> bytes:
    return revise(data, report_on(data, *(changes or CHANGES), confidence=confidence), locate(data).find, author="Ed")


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def settled(root: etree._Element, *, accept: bool) -> etree._Element:
    """The part with our changes accepted or rejected, those of others as they are."""
    root = deepcopy(root)
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    for change in [e for e in root.iter(W + gone) if e.get(f"{W}author") == "Ed"]:
        change.getparent().remove(change)
    for change in [e for e in root.iter(W + kept) if e.get(f"{W}author") == "Ed"]:
        for deleted in change.iter(f"{W}delText"):
            deleted.tag = f"{W}t"
        for child in list(change):
            change.addprevious(child)
        change.getparent().remove(change)
    return root


def characters(root: etree._Element) -> list[tuple[str, bytes, tuple[str, ...]]]:
    """Every sign of the part, with its formatting and what it stands in."""
    out = []
    for r in root.iter(f"{W}r"):
        properties = r.find(f"{W}rPr")
        face = b"" if properties is None else etree.tostring(properties, method="c14n", exclusive=True)
        around = tuple(f"{a.tag} {a.get(f'{W}author')}" for a in r.iterancestors())
        for child in r:
            if child.tag in (f"{W}t", f"{W}delText", f"{W}instrText"):
                out += [(c, face, around) for c in child.text or ""]
            elif child.tag not in (f"{W}rPr", f"{W}commentReference"):
                out.append((child.tag, face, around))
    return out


def comments(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/comments.xml" not in archive.namelist():
            return []
    return ["".join(t.text or "" for t in c.iter(f"{W}t")) for c in part(data, "word/comments.xml")]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("place", PLACES)
def test_accepted_is_corrected_and_rejected_is_the_original(name: str, place: str) -> None:
    data = made(MADE[name].removeprefix(run("1. ")) if place == "automatic number" else MADE[name], place)
    report = report_on(data, *CHANGES)
    after = revised(data)
    story = "word/footnotes.xml" if place == "footnote" else "word/document.xml"
    root = part(after, story)
    assert [e.get(f"{W}author") for e in root.iter(f"{W}del")].count("Ed") >= len(CHANGES)
    assert characters(settled(root, accept=False)) == characters(part(data, story))
    assert CORRECTED in "".join(t.text or "" for t in settled(root, accept=True).iter(f"{W}t"))
    assert locate(after).text == patched(report)
    # Everything that marks a place is where it was: bookmarks, fields, the changes of others.
    for tag in ("bookmarkStart", "bookmarkEnd", "fldChar", "hyperlink", "sdt", "proofErr", "footnoteReference"):
        assert len(list(root.iter(W + tag))) == len(list(part(data, story).iter(W + tag)))
    identifiers = [e.get(f"{W}id") for e in root.iter(f"{W}ins", f"{W}del")]
    assert len(identifiers) == len(set(identifiers))
    docx.Document(io.BytesIO(after))


@pytest.mark.parametrize("name", MADE)
def test_run_again_it_adds_nothing(name: str) -> None:
    once = revised(made(MADE[name]))
    twice = revised(once)
    assert etree.tostring(part(once), method="c14n") == etree.tostring(part(twice), method="c14n")
    assert comments(once) == comments(twice) == ["Changed after Crossref (https://doi.org/10.5555/x)."]


def test_what_is_put_in_has_the_formatting_of_its_place() -> None:
    data = made(run("1. ") + run(HEAD) + run("2022", '<w:b/><w:color w:val="FF0000"/>') + run(TAIL))
    (inserted,) = part(revised(data, ("year", "2022", "2023"))).iter(f"{W}ins")
    assert inserted.find(f".//{W}t").text == "2023"
    assert [c.tag for c in inserted.find(f".//{W}rPr")] == [f"{W}b", f"{W}color"]


def test_what_is_not_certain_is_a_comment_and_only_once() -> None:
    data = made(MADE["typed by hand"])
    once = revised(data, ("year", "2022", "2023"), confidence=0.9)
    assert not list(part(once).iter(f"{W}ins", f"{W}del"))
    assert comments(once) == ["AQ1: You give the year 2022; Crossref gives 2023. Please confirm."]
    assert comments(revised(once, ("year", "2022", "2023"), confidence=0.9)) == comments(once)


CLOSED: dict[str, Callable[[], str]] = {
    "bound control": lambda: f"<w:sdt><w:sdtPr><w:dataBinding w:xpath='x' w:storeItemID='y'/></w:sdtPr><w:sdtContent>"
                             f"{WHOLE}</w:sdtContent></w:sdt>",
    "moved": lambda: f'<w:moveTo w:id="7" w:author="A">{WHOLE}</w:moveTo>',
    "text box": lambda: '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p>'
                        f"{WHOLE}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
}  # fmt: skip


@pytest.mark.parametrize("kind", CLOSED)
def test_where_no_change_can_stand_there_is_a_comment(kind: str) -> None:
    data = made(CLOSED[kind]())
    after = revised(data, ("year", "2022", "2023"))
    assert characters(part(after)) == characters(part(data))
    assert not [e for e in part(after).iter(f"{W}ins", f"{W}del") if e.get(f"{W}author") == "Ed"]
    assert len(comments(after)) == 1
    assert comments(after)[0].startswith("AQ1: You give the year 2022")


MACRO = """Sub Settle(source As String, target As String, command As String)
Dim none(), hidden(0) As New com.sun.star.beans.PropertyValue, kind(0) As New com.sun.star.beans.PropertyValue
hidden(0).Name = "Hidden" : hidden(0).Value = True
kind(0).Name = "FilterName" : kind(0).Value = "Text (encoded)"
document = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
If command &lt;&gt; "" Then
dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
dispatcher.executeDispatch(document.CurrentController.Frame, ".uno:" &amp; command, "", 0, none())
End If
document.storeToURL(ConvertToURL(target), kind())
document.close(True)
End Sub
"""
_LIBRARY = '<!DOCTYPE library:{0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">'


def office_text(folder: Path, data: bytes, command: str) -> str:
    """A file as LibreOffice has it as text, after all changes were accepted or rejected."""
    basic = folder / "profile" / "user" / "basic"
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"

    def start(*arguments: str) -> None:
        subprocess.run(["soffice", profile, "--headless", *arguments], check=True, capture_output=True, timeout=180)

    if not basic.exists():  # the first start writes its own macros over ours
        start("--terminate_after_init")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    library = 'xmlns:library="http://openoffice.org/2000/library"'
    (basic / "script.xlc").write_text(
        head + _LIBRARY.format("libraries", "libraries") + f'<library:libraries {library} '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" '
        'xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/></library:libraries>'
    )  # fmt: skip
    (basic / "Standard" / "script.xlb").write_text(
        head + _LIBRARY.format("library", "library") + f'<library:library {library} library:name="Standard" '
        'library:readonly="false" library:passwordprotected="false"><library:element library:name="M"/>'
        "</library:library>"
    )  # fmt: skip
    (basic / "Standard" / "M.xba").write_text(
        head + '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">'
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" script:language="StarBasic">'
        f"{MACRO}</script:module>"
    )
    source, target = folder / "in.docx", folder / "out.txt"
    source.write_bytes(data)
    target.unlink(missing_ok=True)
    macro = f'macro:///Standard.M.Settle("{source}","{target}","{command}")'
    start(macro)
    return target.read_text(encoding="utf-8-sig")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["Zotero", "partly inserted"])
def test_libreoffice_accepts_and_rejects_as_promised(name: str, tmp_path: Path) -> None:
    data = made(MADE[name])
    after = revised(data)
    rejected, accepted = "RejectAllTrackedChanges", "AcceptAllTrackedChanges"
    assert office_text(tmp_path, after, rejected) == office_text(tmp_path, data, rejected)
    original = office_text(tmp_path, data, accepted)
    assert ENTRY in original
    assert office_text(tmp_path, after, accepted) == original.replace(ENTRY, CORRECTED)


@pytest.mark.parametrize(
    ("inside", "changed"),
    [
        (run(ENTRY + " doi:10.5555/other.1"), True),
        (run(ENTRY + " ") + f'<w:hyperlink w:anchor="x">{run("10.5555/other.1")}</w:hyperlink>', False),
        (run(ENTRY + " ") + field("HYPERLINK https://doi.org/10.5555/other.1", run("10.5555/other.1")), False),
    ],
    ids=["typed", "hyperlink", "field"],
)
def test_a_doi_whose_link_would_stay_is_a_comment(inside: str, changed: bool) -> None:
    data = made(inside)
    report = report_on(data)
    agreements = tuple(Agreement(field=f, level=Level.SAME) for f in ("authors", "title", "year"))
    (match,) = report.matches
    candidate = replace(match.candidates[0], agreements=agreements)
    finding = Finding(code="REF202", name="x", severity=Severity.ERROR, message="", number=1, field="doi",
                      printed="10.5555/other.1", span=match.reference.span)  # fmt: skip
    report = replace(report, matches=(replace(match, candidates=(candidate,)),), findings=(finding,))
    after = revise(data, report, locate(data).find)
    assert bool(list(part(after).iter(f"{W}del"))) is changed
    expected = "Changed after" if changed else "AQ1: The DOI 10.5555/other.1 is not registered."
    assert [c[: len(expected)] for c in comments(after)] == [expected]
