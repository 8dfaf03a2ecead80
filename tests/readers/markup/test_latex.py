"""LaTeX, BibTeX and Markdown with keys: callouts by key, lists from beside the file, values in place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refcheck.errors import NoReferences
from refcheck.model import Name, Scheme
from refcheck.readers import read
from refcheck.readers.lists.bibtex import parse_bibtex
from refcheck.readers.tex import decode_latex

BIB = r"""% a comment
@string{ct = "Cytotherapy"}
@comment{nothing}
@article{lee2020, author = {Lee, Jo and M{\"u}ller, K. and others}, title={{Skin} \emph{therapy}}, journal="Burns",
  year = 2020, volume={5}, number=4, pages={11--19}}
@ARTICLE{wu2018, author={Ping Wu and {WHO Group}}, title={Exosome-based therapy}, journal=ct # " (Oxf)", date={2018-03},
  volume=20, doi={https://doi.org/10.1016/J.JCYT.2017.11.002}}
@book{zed, editor={Zed, A. and Ypsilon, B.}, title={Wounds}, publisher={Press}, address={Rome}, year=1999}
"""
TEX = r"""\documentclass{article}
\begin{document}
\begin{abstract}We heal~\cite{lee2020}.\end{abstract}
\section{Aims}
% not \cite{none}
Skin \citep[see][p.~3]{wu2018, lee2020} and {\"o}dema \parencites{zed}[5]{wu2018}; 5\% \& more.
\nocite{*}
\begin{table}\caption{Ages \citet{zed}}\end{table}
%s
\end{document}
"""
ITEMS = r"""\begin{thebibliography}{9}
\bibitem[Wu(2018)]{wu2018} P.~Wu, B.~Zhang. \newblock Exosome-based therapy.
  \newblock {\em Cytotherapy}, 20:291--301, 2018.
\bibitem{lee2020} \bibinfo{author}{J. Lee}. \href{https://doi.org/10.1/x}{\bibinfo{title}{Skin therapy}}.
  Burns \textbf{5}(4), 11--19 (2020).
\bibitem{zed} A. Zed. Wounds. Press, Rome, 1999.
\end{thebibliography}
"""


def test_items_of_the_file_itself_are_the_list() -> None:
    manuscript = read(TEX.replace("%s", ITEMS).encode(), "m.tex")
    assert manuscript.scheme is Scheme.KEY
    assert [r.key for r in manuscript.references] == ["wu2018", "lee2020", "zed"]
    assert manuscript.references[0].raw == "P. Wu, B. Zhang. Exosome-based therapy. Cytotherapy, 20:291–301, 2018."
    assert manuscript.references[1].raw == "J. Lee. Skin therapy. Burns 5(4), 11–19 (2020)."
    assert [c.numbers for c in manuscript.callouts] == [(2,), (1, 2), (3, 1), (3,)]
    assert [c.region for c in manuscript.callouts] == ["abstract", "body", "body", "table"]
    assert "Skin [1, 2] and ödema [3, 1]; 5% & more." in manuscript.text
    assert all(manuscript.text[slice(*r.span)] == r.raw for r in manuscript.references)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    return tmp_path


def test_a_bib_file_beside_gives_the_works_cited(folder: Path) -> None:
    source = TEX.replace(r"\nocite{*}", "").replace("%s", r"\bibliography{refs}").replace("[5]{wu2018}", "")
    (folder / "m.tex").write_text(source.replace("wu2018, ", "missing, "), encoding="utf-8")
    manuscript = read(folder / "m.tex")
    assert [r.key for r in manuscript.references] == ["lee2020", "zed"]
    assert manuscript.references[0].title == "Skin therapy"
    assert manuscript.callouts[1].keys == ("missing", "lee2020")
    assert manuscript.callouts[1].numbers == (1,)


def test_a_style_that_sorts_gives_an_alphabetical_list(folder: Path) -> None:
    (folder / "m.tex").write_text(
        TEX.replace("%s", r"\bibliographystyle{plainnat}\bibliography{refs}"), encoding="utf-8"
    )
    assert [r.key for r in read(folder / "m.tex").references] == ["lee2020", "zed", "wu2018"]


def test_a_bbl_file_beside_gives_list_and_order(folder: Path) -> None:
    (folder / "m.bbl").write_text(ITEMS, encoding="utf-8")
    (folder / "m.tex").write_text(TEX.replace("%s", r"\bibliography{refs}"), encoding="utf-8")
    assert [r.key for r in read(folder / "m.tex").references] == ["wu2018", "lee2020", "zed"]


def test_files_put_in_are_read_from_the_folder_and_from_nowhere_else(folder: Path) -> None:
    inner = folder / "paper"
    inner.mkdir()
    (folder / "secret.tex").write_text("SECRET", encoding="utf-8")
    (inner / "part.tex").write_text(r"Part \cite{zed}. \input{part}", encoding="utf-8")
    source = TEX.replace("%s", r"\input{part}\input{../secret}\input{/etc/hostname}" + ITEMS)
    (inner / "m.tex").write_text(source, encoding="utf-8")
    text = read(inner / "m.tex").text
    assert "Part [3]" in text
    assert "SECRET" not in text


def test_a_source_without_its_list_says_what_to_give() -> None:
    with pytest.raises(NoReferences, match=r"\.bbl or \.bib"):
        read(TEX.replace("%s", r"\bibliography{refs}").encode(), "m.tex")


def test_a_bibtex_file_is_a_list_whose_values_stand_in_place() -> None:
    manuscript = read(BIB.encode(), "refs.bib")
    lee, wu, zed = manuscript.references
    assert (manuscript.callouts, manuscript.scheme, manuscript.text) == ((), Scheme.UNCLEAR, BIB)
    assert "alone" in manuscript.scheme_reason
    assert (lee.title, lee.authors[1], lee.et_al) == ("Skin therapy", Name(family="Müller", given="K."), True)
    assert (wu.container, wu.year, wu.doi) == ("Cytotherapy (Oxf)", "2018", "10.1016/j.jcyt.2017.11.002")
    assert wu.authors == (Name(family="Wu", given="Ping"), Name(family="WHO Group"))
    assert (zed.type, zed.editors[0].family, zed.place) == ("book", "Zed", "Rome")
    shown = {f: BIB[slice(*s)] for f, s in lee.spans.items()}
    assert (shown["volume"], shown["year"], shown["pages"], shown["title"]) == (
        "5",
        "2020",
        "11--19",
        r"{Skin} \emph{therapy}",
    )
    assert all(BIB[slice(*r.span)] == r.raw and r.raw.startswith("@") for r in manuscript.references)


def test_a_broken_entry_is_an_entry_that_could_not_be_read() -> None:
    broken = (
        "@article{bad,\n title = {unclosed\n\n@article{good, title={Skin}, year=2020}\n@article{good, title={Hair}}"
    )
    references = parse_bibtex(broken)
    assert [(r.key, r.title, r.confidence) for r in references] == [
        ("bad", "", 0.0),
        ("good", "Skin", 1.0),
        ("good", "Hair", 1.0),
    ]


def test_a_chapter_inherits_from_its_book() -> None:
    source = "@incollection{c, title={Skin}, crossref={b}}\n@book{b, title={Wounds}, year=1999, publisher={Press}}"
    chapter = parse_bibtex(source)[0]
    assert (chapter.title, chapter.container, chapter.year) == ("Skin", "Wounds", "1999")


ACCENTS = {
    r"{\"u}": "ü", r"\"{u}": "ü", r"\"u": "ü", r"\'{\i}": "í", r"\v{c}": "č", r"\c c": "ç", r"{\O}st": "Øst",
    r"{\aa}": "å", r"\ss{}": "ß", r"\alpha": "α", r"A \& B": "A & B", "1--2---3": "1–2—3", "``x''": "“x”",
    r"\textit{E. coli}": "E. coli", r"\unknown[x]{y} z": "y z", r"$\beta$-cell": "β-cell", "a~b": "a\u00a0b",
    r"\url{http://x.org/a_b}": "http://x.org/a_b", r"\bibinfo{author}{Lee}": "Lee", "plain": "plain",
    r"\href{http://x}{Skin}": "Skin", "100\\%": "100%",
}  # fmt: skip


@pytest.mark.parametrize("source", ACCENTS)
def test_latex_is_decoded(source: str) -> None:
    assert decode_latex(source) == ACCENTS[source]


@given(st.text(alphabet="\\{}[]%$&~'\"`^uicv-abc \n@,=", max_size=60))
def test_any_text_is_decoded_and_parsed(text: str) -> None:
    assert isinstance(decode_latex(text), str)
    for reference in parse_bibtex("@article{k, title={" + text + "}}\n@article{z, year=2020}"):
        assert reference.raw


MARKDOWN = """---
title: Skin
bibliography: refs.bib
---
Skin heals [see @lee2020, p. 3; @wu2018]. @wu2018 says `[@no]`, and me@wu2018.org; [-@missing].
"""


def test_keys_in_markdown_are_resolved_against_the_bibliography_it_names(folder: Path) -> None:
    (folder / "m.md").write_text(MARKDOWN, encoding="utf-8")
    manuscript = read(folder / "m.md")
    assert [r.key for r in manuscript.references] == ["lee2020", "wu2018"]
    assert [(c.numbers, c.keys) for c in manuscript.callouts] == [
        ((1, 2), ("lee2020", "wu2018")),
        ((2,), ("wu2018",)),
        ((), ("missing",)),
    ]
    assert manuscript.text.startswith(MARKDOWN)
    assert all(manuscript.text[slice(*r.span)] == r.raw for r in manuscript.references)


def test_markdown_without_its_bibliography_says_what_to_give() -> None:
    with pytest.raises(NoReferences, match=r"bibliography \(refs\.bib\)"):
        read(MARKDOWN.encode(), "m.md")


def test_markdown_without_keys_is_read_as_text() -> None:
    manuscript = read(
        b"Skin (1).\n\n# References\n\n1. Lee A, Kim B. *Exosomes in skin repair*. Burns. 2020;1:2-3.\n", "m.md"
    )
    assert manuscript.references[0].title == "Exosomes in skin repair"


def test_a_list_and_callouts_that_are_printed_as_they_are() -> None:
    source = (
        r"\begin{document}Skin heals (1, 2), and scars (3).\hypertarget{references}{\section*{References}}"
        r"\setlength{\parindent}{-0.25in}\begin{CSLReferences}{0}{0}"
        + "".join(
            f"\n\n\\leavevmode\\hypertarget{{ref-{n}}}{{}}%\n\\CSLLeftMargin{{{n}. }}\n\\CSLRightInline{{{entry}}}"
            for n, entry in enumerate(("Lee A. Skin. Burns. 2020;1:2-9.", "Wu C. Hair. Burns. 2021;2:3-9."), 1)
        )
        + "\n\n\\CSLLeftMargin{3. }\\CSLRightInline{Ma E. Scars. Burns. 2019;3:4-9.}\\end{CSLReferences}\\end{document}"
    )
    manuscript = read(source.encode(), "m.tex")
    assert [r.raw for r in manuscript.references][:2] == [
        "1. Lee A. Skin. Burns. 2020;1:2-9.", "2. Wu C. Hair. Burns. 2021;2:3-9."
    ]  # fmt: skip
    assert [c.numbers for c in manuscript.callouts] == [(1, 2), (3,)]


def test_journals_that_are_commands() -> None:
    listed = r"\bibitem{a} Lee, A. 2008, \mnras, 390, L64 \bibitem{b} Wu, C. 2011, {\apj}, 740, 102"
    source = rf"\begin{{document}}\cite{{a}} \cite{{b}}\begin{{thebibliography}}{{9}}{listed}\end{{thebibliography}}"
    first, second = read(source.encode(), "m.tex").references
    assert (first.container, second.container) == ("MNRAS", "ApJ")
