"""TEI, notebooks, Quarto, reStructuredText and EndNote's XML: lists and callouts as their markup has them."""

import json
from pathlib import Path

import pytest
from tests.readers.building import ENTRIES

from refcheck.errors import NoReferences
from refcheck.model import Manuscript, Name, Scheme
from refcheck.readers import read

BIB = "@article{lee, author={Lee, Ann}, title={Skin}, year=2020}\n@book{wu, title={Scars}, year=2021}\n"


def numbers(manuscript: Manuscript) -> list[tuple[int, ...]]:
    return [callout.numbers for callout in manuscript.callouts]


TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>On skin</title></titleStmt></fileDesc>
</teiHeader><text><body><div><head n="1">Results</head><p>Skin <ref type="bibr" target="#b0">[1]</ref> heals <ref
type="bibr" target="#b0">[1,</ref><ref type="bibr" target="#b1">2]</ref>, as was seen <ref type="bibr">[2]</ref> in
<ref type="figure" target="#f1">Fig. 1</ref>.</p></div></body><back><div type="references"><listBibl>
<biblStruct xml:id="b0"><analytic><title level="a" type="main">Exosomes in skin repair</title><author><persName>
<forename type="first">A</forename><surname>Lee</surname></persName></author><idno type="DOI">10.1000/LEE</idno>
</analytic><monogr><title level="j">Burns</title><imprint><biblScope unit="volume">1</biblScope><biblScope unit="issue">
2</biblScope><biblScope unit="page" from="3" to="9"/><date type="published" when="2020-05"/></imprint></monogr>
</biblStruct><biblStruct xml:id="b1"><monogr><title level="m">Other</title></monogr><note type="raw_reference">
[2] ENTRY</note></biblStruct></listBibl></div></back></text></TEI>""".replace("ENTRY", ENTRIES[1])


def test_tei_as_grobid_writes_it() -> None:
    manuscript = read(TEI.encode(), "m.xml")
    lee, wu = manuscript.references
    assert (lee.authors, lee.title, lee.container, lee.type) == (
        (Name(family="Lee", given="A"),), "Exosomes in skin repair", "Burns", "article-journal"
    )  # fmt: skip
    assert (lee.year, lee.volume, lee.issue, lee.pages, lee.doi) == ("2020", "1", "2", "3-9", "10.1000/lee")
    assert (wu.raw, wu.volume, wu.title) == (ENTRIES[1], "4", "Scars and how they heal")
    assert (manuscript.scheme, numbers(manuscript)) == (Scheme.BRACKET, [(1,), (1, 2), (2,)])
    assert all(manuscript.text[slice(*r.span)] == r.raw for r in manuscript.references)


ENDNOTE = """<?xml version="1.0"?><xml><records><record><rec-number>7</rec-number><ref-type name="Book Section">
5</ref-type><contributors><authors><author><style face="normal">Lee, Ann</style></author></authors><secondary-authors>
<author>Wu, B.</author></secondary-authors></contributors><titles><title><style face="normal">Skin </style><style
face="italic">in vivo</style></title><secondary-title>All of it</secondary-title></titles><pages>3-9</pages><dates>
<year>2020</year></dates><publisher>Press</publisher><electronic-resource-num>https://doi.org/10.1000/LEE
</electronic-resource-num></record></records></xml>"""


@pytest.mark.parametrize("name", ["library.xml", "library.txt"])
def test_an_endnote_library(name: str) -> None:
    (lee,) = read(ENDNOTE.encode(), name).references
    assert (lee.key, lee.title, lee.container, lee.type) == ("7", "Skin in vivo", "All of it", "chapter")
    assert (lee.authors, lee.editors) == ((Name(family="Lee", given="Ann"),), (Name(family="Wu", given="B."),))
    assert (lee.year, lee.pages, lee.doi, lee.publisher) == ("2020", "3-9", "10.1000/lee", "Press")


def notebook(*cells: tuple[str, str]) -> bytes:
    return json.dumps({
        "metadata": {"kernelspec": {"name": "python3"}},
        "cells": [{"cell_type": kind, "source": text.splitlines(keepends=True)} for kind, text in cells],
        "nbformat": 4,
    }).encode()  # fmt: skip


def test_a_notebook_is_its_markdown() -> None:
    listed = "## References\n\n" + "\n".join(f"{n}. {entry}" for n, entry in enumerate(ENTRIES, 1))
    data = notebook(("markdown", "Skin [1, 2] heals [3]."), ("code", "x[1] = [3]"), ("markdown", listed))
    for name in ("m.ipynb", "m.txt"):
        manuscript = read(data, name)
        assert (manuscript.format, numbers(manuscript)) == ("notebook", [(1, 2), (3,)])
        assert "x[1]" not in manuscript.text


KEYED = {
    "m.qmd": "---\nbibliography: refs.bib\n---\nSkin [@lee] in @fig-skin, as @wu-2021 saw.\n\n```{python}\n@lee\n```\n",
    "m.ipynb": notebook(("markdown", "Skin {cite:p}`lee` heals.\n"), ("raw", 'As <cite data-cite="wu"/>')),
    "m.rmd": "Skin [@lee] and scars [@wu].\n",
    "m.rst": "Skin :cite:p:`lee` in :ref:`the table <t>`.\n\nAs :cite:t:`wu,lee` saw.\n\n.. bibliography:: refs.bib\n",
}  # fmt: skip
FOUND = {
    "m.qmd": [("lee",), ("wu-2021",)], "m.ipynb": [("lee",), ("wu",)], "m.rmd": [("lee",), ("wu",)],
    "m.rst": [("lee",), ("wu", "lee")],
}  # fmt: skip


@pytest.mark.parametrize("name", KEYED)
def test_keys_are_looked_up_in_the_bibliography_beside(name: str, tmp_path: Path) -> None:
    content = KEYED[name]
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "refs.bib").write_text(BIB)
    manuscript = read(tmp_path / name)
    assert manuscript.scheme is Scheme.KEY
    assert [callout.keys for callout in manuscript.callouts] == FOUND[name]
    assert manuscript.references[0].title == "Skin"
    for callout in manuscript.callouts:
        assert manuscript.text[slice(*callout.span)] == callout.text


def test_the_settings_of_a_quarto_project_name_the_bibliography(tmp_path: Path) -> None:
    (tmp_path / "m.qmd").write_text("Skin [@lee].\n")
    (tmp_path / "_quarto.yml").write_text("project:\n  type: book\nbibliography: refs.bib\n")
    (tmp_path / "refs.bib").write_text(BIB)
    (tmp_path / "other.bib").write_text(BIB.replace("Skin", "Hair"))
    assert read(tmp_path / "m.qmd").references[0].title == "Skin"


def test_a_bib_file_beside_is_no_list_of_a_text_that_has_its_own(tmp_path: Path) -> None:
    listed = "\n".join(f"{n}. {entry}" for n, entry in enumerate(ENTRIES, 1))
    (tmp_path / "m.md").write_text(f"Skin [1, 2] heals [3]; ask @lee.\n\n## References\n\n{listed}\n")
    (tmp_path / "refs.bib").write_text(BIB)
    assert len(read(tmp_path / "m.md").references) == 3


def test_rst_footnotes_and_citations_are_the_list() -> None:
    notes = "".join(f".. [{n}] {entry}\n" for n, entry in enumerate(ENTRIES, 1))
    manuscript = read(f"Skin [1]_ heals [2]_ [3]_.\n\nReferences\n==========\n\n{notes}".encode(), "m.rst")
    assert [(r.number, r.year) for r in manuscript.references] == [(1, "2020"), (2, "2021"), (3, "2019")]
    assert numbers(manuscript)[0] == (1,)


def test_rst_lists_and_raised_figures() -> None:
    listed = "".join(f"#. {entry}\n" for entry in ENTRIES)
    source = f"Skin\\ :sup:`1` heals and hair\\ :sup:`2,3` grows.\n\nReferences\n==========\n\n{listed}"
    manuscript = read(source.encode(), "m.rst")
    assert [r.number for r in manuscript.references] == [1, 2, 3]
    assert (manuscript.scheme, numbers(manuscript)) == (Scheme.SUPERSCRIPT, [(1,), (2, 3)])


def test_rst_includes_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("password")
    notes = "".join(f".. [{n}] {entry}\n" for n, entry in enumerate(ENTRIES, 1))
    source = f".. include:: {secret}\n.. csv-table::\n   :file: {secret}\n\n.. raw:: html\n   :file: {secret}\n\n"
    (tmp_path / "m.rst").write_text(f"{source}Skin [1]_.\n\nReferences\n==========\n\n{notes}")
    assert "password" not in read(tmp_path / "m.rst").text


def test_a_key_that_no_bibliography_holds_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "m.rst").write_text("Skin :cite:`lee`.\n\n.. bibliography:: refs.bib\n")
    with pytest.raises(NoReferences, match=r"refs\.bib"):
        read(tmp_path / "m.rst")
