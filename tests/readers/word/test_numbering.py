"""The automatic numbers of Word, as Word prints them."""

import pytest
from tests.readers.building import docx, paragraph, run

from refcheck.readers.word.document import locate


def level(text: str, index: int = 0, form: str = "decimal", more: str = "") -> str:
    shown = f"<w:numFmt w:val='{form}'/>{more}<w:lvlText w:val='{text}'/>"
    return f"<w:lvl w:ilvl='{index}'><w:start w:val='1'/>{shown}</w:lvl>"


def numbering(*abstracts: str, nums: str = "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>") -> str:
    inner = "".join(f"<w:abstractNum w:abstractNumId='{i}'>{a}</w:abstractNum>" for i, a in enumerate(abstracts))
    return f"<w:numbering NS>{inner}{nums}</w:numbering>"


def item(text: str, number: str | None = "1", index: int | None = 0, style: str = "") -> str:
    inner = "" if index is None else f"<w:ilvl w:val='{index}'/>"
    inner += "" if number is None else f"<w:numId w:val='{number}'/>"
    return paragraph(
        run(text), properties=(f"<w:pStyle w:val='{style}'/>" if style else "") + f"<w:numPr>{inner}</w:numPr>"
    )


SECOND = (
    "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='0'/>{}</w:num>"
)
STYLES = (
    "<w:styles NS><w:style w:type='paragraph' w:styleId='ListNumber'><w:name w:val='List Number'/><w:pPr><w:numPr>"
    "<w:numId w:val='1'/></w:numPr></w:pPr></w:style><w:style w:type='paragraph' w:styleId='Refs'>"
    "<w:basedOn w:val='ListNumber'/></w:style></w:styles>"
)

CASES = {
    "brackets": (numbering(level("[%1]")), item("a") + item("b"), ["[1] a", "[2] b"]),
    "no blank after": (numbering(level("(%1)", more="<w:suff w:val='nothing'/>")), item("a"), ["(1)a"]),
    "letters": (numbering(level("%1)", form="upperLetter")), item("a") + item("b"), ["A) a", "B) b"]),
    "roman": (numbering(level("%1.", form="lowerRoman")), item("a") * 4, ["i. a", "ii. a", "iii. a", "iv. a"]),
    "bullets are not printed": (numbering(level("\u2022", form="bullet")), item("a"), ["a"]),
    "several levels": (
        numbering(level("%1.") + level("%1.%2", 1)),
        item("a") + item("b", index=1) + item("c", index=1) + item("d") + item("e", index=1),
        ["1. a", "1.1 b", "1.2 c", "2. d", "2.1 e"],
    ),
    "a level that never restarts": (
        numbering(level("%1.") + level("%2)", 1, more="<w:lvlRestart w:val='0'/>")),
        item("a") + item("b", index=1) + item("c") + item("d", index=1),
        ["1. a", "1) b", "2. c", "2) d"],
    ),
    "legal numbers": (
        numbering(level("%1.", form="upperRoman") + level("%1.%2", 1, more="<w:isLgl/>")),
        item("a") + item("b", index=1),
        ["I. a", "1.1 b"],
    ),
    "two lists of one kind go on": (
        numbering(level("%1."), nums=SECOND.format("")),
        item("a") + item("b", "2"),
        ["1. a", "2. b"],
    ),
    "start override": (
        numbering(
            level("%1."), nums=SECOND.format("<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride>")
        ),
        item("a") + item("b", "2") + item("c", "2"),
        ["1. a", "5. b", "6. c"],
    ),
    "level override": (
        numbering(level("%1."), nums=SECOND.format(f"<w:lvlOverride w:ilvl='0'>{level('[%1]')}</w:lvlOverride>")),
        item("a", "2"),
        ["[1] a"],
    ),
    "taken off": (numbering(level("%1.")), item("a", "0") + item("b"), ["a", "1. b"]),
    "a level alone is no list": (numbering(level("%1.")), item("a", None), ["a"]),
    "empty items count": (numbering(level("%1.")), item("a") + item("") + item("c"), ["1. a", "3. c"]),
    "unknown list": (numbering(level("%1.")), item("a", "99"), ["a"]),
}


@pytest.mark.parametrize("name", CASES)
def test_numbers_are_those_that_word_prints(name: str) -> None:
    part, body, expected = CASES[name]
    assert locate(docx(body, {"word/numbering.xml": part})).text.split("\n\n") == expected


def test_numbers_come_from_styles_and_what_they_are_based_on() -> None:
    body = paragraph(run("a"), properties="<w:pStyle w:val='Refs'/>") + item("b", "0", style="Refs")
    body += item("c", None, style="ListNumber")
    data = docx(body, {"word/numbering.xml": numbering(level("%1.")), "word/styles.xml": STYLES})
    assert locate(data).text.split("\n\n") == ["1. a", "b", "2. c"]


def test_a_style_names_its_level() -> None:
    styles = STYLES.replace("</w:styles>", "") + (
        "<w:style w:type='paragraph' w:styleId='Sub'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
        "</w:styles>"
    )
    levels = level("%1.") + level("%1.%2", 1, more="<w:pStyle w:val='Sub'/>")
    body = paragraph(run("a"), properties="<w:pStyle w:val='ListNumber'/>")
    body += paragraph(run("b"), properties="<w:pStyle w:val='Sub'/>")
    data = docx(body, {"word/numbering.xml": numbering(levels), "word/styles.xml": styles})
    assert locate(data).text.split("\n\n") == ["1. a", "1.1 b"]


def test_styles_that_are_based_on_each_other_end() -> None:
    styles = (
        "<w:styles NS><w:style w:styleId='A'><w:basedOn w:val='B'/></w:style>"
        "<w:style w:styleId='B'><w:basedOn w:val='A'/></w:style></w:styles>"
    )
    data = docx(paragraph(run("a"), properties="<w:pStyle w:val='A'/>"), {"word/styles.xml": styles})
    assert locate(data).text == "a"


def test_a_deleted_item_does_not_count() -> None:
    gone = paragraph(
        "<w:del w:id='1'><w:r><w:delText>b</w:delText></w:r></w:del>",
        properties="<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr><w:rPr><w:del w:id='1'/></w:rPr>",
    )
    data = docx(item("a") + gone + item("c"), {"word/numbering.xml": numbering(level("%1."))})
    assert locate(data).text.split("\n\n") == ["1. a", "2. c"]
