"""Lists of records and HTML pages."""

import json

import pytest

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.model import Name, Scheme
from refcheck.readers import read

RIS = """TY  - JOUR
ID  - lee
AU  - Lee, Jo
AU  - World Health Organization
TI  - Skin and
its therapy
T2  - Burns
PY  - 2020/05/01
VL  - 5
IS  - 4
SP  - 11
EP  - 19
DO  - https://doi.org/10.1000/LEE
ER  -

TY  - BOOK
TI  - Wounds
ED  - Zed, A.
PB  - Press
CY  - Rome
PY  - 1999
ER  -
"""
NBIB = """PMID- 29434006
OWN - NLM
TI  - MSC-exosome: A novel cell-free therapy for cutaneous
      regeneration.
FAU - Wu, Ping
AU  - Wu P
FAU - Dal Pra, Ilaria
AU  - Dal Pra I
JT  - Cytotherapy
TA  - Cytotherapy
DP  - 2018 Mar
VI  - 20
IP  - 3
PG  - 291-301
LID - S1465-3249(17)30751-5 [pii]
LID - 10.1016/j.jcyt.2017.11.002 [doi]
PMC - PMC1234567

PMID- 1
TI  - Another.
"""
CSL = [
    {
        "id": "lee", "type": "article-journal", "title": "Skin", "page": "1-2", "issued": {"date-parts": [[2020]]},
        "author": [{"family": "Pra", "non-dropping-particle": "dal", "given": "I"}, {"literal": "WHO"}],
    },
    3,
]  # fmt: skip


def test_ris() -> None:
    manuscript = read(RIS.encode(), "refs.ris")
    lee, zed = manuscript.references
    assert (lee.authors, lee.title) == (
        (Name(family="Lee", given="Jo"), Name(family="World Health Organization")),
        "Skin and its therapy",
    )
    assert (lee.container, lee.year, lee.volume, lee.issue, lee.pages) == ("Burns", "2020", "5", "4", "11-19")
    assert (lee.doi, lee.key, lee.type) == ("10.1000/lee", "lee", "article-journal")
    assert (zed.type, zed.title, zed.publisher, zed.editors[0].family) == ("book", "Wounds", "Press", "Zed")
    assert all(manuscript.text[slice(*r.span)] == r.raw for r in manuscript.references)
    assert lee.raw.startswith("Lee Jo, World Health Organization. Skin and its therapy. Burns. 2020;5(4):11-19")


def test_a_list_alone_has_no_callouts_and_says_why() -> None:
    manuscript = read(RIS.encode(), "refs.ris")
    assert (manuscript.callouts, manuscript.scheme) == ((), Scheme.UNCLEAR)
    assert manuscript.scheme_reason == "a reference list alone has no callouts"


def test_pubmed() -> None:
    wu, other = read(NBIB.encode(), "refs.nbib").references
    assert wu.title == "MSC-exosome: A novel cell-free therapy for cutaneous regeneration."
    assert (wu.authors[1], wu.pmid, wu.doi) == (
        Name(family="Dal Pra", given="Ilaria"),
        "29434006",
        "10.1016/j.jcyt.2017.11.002",
    )
    assert (wu.year, wu.pages, wu.issue, other.pmid) == ("2018", "291-301", "3", "1")


@pytest.mark.parametrize("value", [CSL, {"items": CSL}, {"references": CSL}, CSL[0]])
def test_csl_json(value: object) -> None:
    (lee,) = read(json.dumps(value).encode(), "refs.json").references
    assert (lee.key, lee.title, lee.year, lee.pages) == ("lee", "Skin", "2020", "1-2")
    assert lee.authors == (Name(family="dal Pra", given="I"), Name(family="WHO"))


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"nothing here", "refs.ris", NoReferences),
        (b"nothing here", "refs.nbib", NoReferences),
        (b"nothing here", "refs.bib", NoReferences),
        (b"[]", "refs.json", NoReferences),
        (b"{", "refs.json", UnreadableInput),
        (b"[" * 100_000, "refs.json", UnreadableInput),
    ],
)
def test_lists_without_records_say_so(data: bytes, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data, name)


PAGE = """<html><head><style>p{}</style></head><body><h1>Skin</h1><script>x</script>
<p>Skin   heals.<sup>1,2</sup> Then\n it scars.<sup>3</sup><p>Next<br>line</p>
<table><tr><td>Age</td><td>40<sup>2</sup></td></tr></table>
<h2>References</h2><ol%s><li>Lee A. Skin. Burns. 2020;1:2-3.<li>Wu B. Hair. Burns. 2021;2:2-3.</li>
<li>Xi C. Scars. Burns. 2022;3:2-3.</li></ol></body></html>"""


def test_html() -> None:
    manuscript = read(PAGE.replace("%s", "").encode(), "m.html")
    assert manuscript.text.startswith(
        "Skin\n\nSkin heals.1,2 Then it scars.3\n\nNext\nline\n\nAge\t402\n\nReferences\n\n1. Lee A."
    )
    assert [r.number for r in manuscript.references] == [1, 2, 3]
    assert manuscript.scheme is Scheme.SUPERSCRIPT
    assert [c.numbers for c in manuscript.callouts][:2] == [(1, 2), (3,)]


@pytest.mark.parametrize(
    ("attributes", "labels"),
    [(" start=5", ["5.", "6.", "7."]), (" reversed", ["3.", "2.", "1."]), (" start=x", ["1.", "2.", "3."])],
)
def test_html_lists_are_numbered_as_a_browser_does(attributes: str, labels: list[str]) -> None:
    text = read(PAGE.replace("%s", attributes).encode(), "m.html").text
    assert [line.split()[0] for line in text.split("References")[1].split("\n") if line] == labels


def test_html_in_another_encoding_is_read_as_it_says() -> None:
    page = PAGE.replace("%s", "").replace("<head>", "<head><meta charset=windows-1252>").replace("Lee", "Müller")
    assert "Müller A." in read(page.encode("cp1252"), "m.html").text


def test_html_nested_without_end_is_refused_or_read() -> None:
    page = PAGE.replace("%s", "")
    assert len(read(("<div>" * 150 + page).encode(), "m.html").references) == 3
    with pytest.raises(UnreadableInput, match="nests it too deep"):
        read(("<div>" * 20_000 + page).encode(), "m.html")
