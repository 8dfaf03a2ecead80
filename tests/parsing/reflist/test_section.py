"""Finding the list: headings in any usual wording and typography, runs without heading, what follows the list."""

from __future__ import annotations

import pytest

from refcheck.errors import NoReferences
from refcheck.parsing import read_text

LIST = (
    "1. Lee JH, Won YJ, Kim H. Adipose stem cell exosomes. Int J Mol Sci. 2023;24(13):10434.\n"
    "2. Wu P, Zhang B, Shi H. A cell-free therapy. Cytotherapy. 2018;20(3):291-301.\n"
    "3. Hu P, Yang Q, Wang Q. A promising tool. Burns Trauma. 2019;7:38."
)
BODY = "Skin repair\n\nIntroduction\n\nSkin heals (1, 2). Scars fade (3)."

HEADINGS = [
    "References", "REFERENCES", "Reference", "References:", "REFERENCES AND NOTES", "References & Notes",
    "Reference List", "List of references", "Literature cited", "LITERATURE CITED", "Works Cited",
    "Bibliography", "Cited literature", "Selected references", "R E F E R E N C E S", "7. References",
    "7 References", "VII. REFERENCES", "5.2 References", "# References", "## 7. References",
    "**References**", "__References__", "*References*", "### **References** ###",
    "## References {.unnumbered}", "<h2>References</h2>", "\\section*{References}", "References (3)",
    "=== References ===", "References for the Methods", "Supplementary references", "Literatur",
    "Literaturverzeichnis", "Quellen", "Références", "RÉFÉRENCES BIBLIOGRAPHIQUES", "Bibliographie",
    "Bibliografía", "Referencias", "Referencias bibliográficas", "Referências", "Riferimenti bibliografici",
    "Bibliografia", "Bibliografie", "Literatuur", "Piśmiennictwo", "Literatura", "Irodalom", "Litteratur",
    "Källor", "Lähteet", "Kaynaklar", "Βιβλιογραφία", "Литература", "СПИСОК ЛИТЕРАТУРЫ",
    "Список використаних джерел", "参考文献", "【参考文献】", "引用文献", "参考文献：", "참고문헌",
    "المراجع", "Tài liệu tham khảo", "Daftar Pustaka",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_in_any_usual_wording_is_found(heading: str) -> None:
    m = read_text(f"{BODY}\n\n{heading}\n\n{LIST}\n")
    assert [r.number for r in m.references] == [1, 2, 3]
    [region] = [r for r in m.regions if r.kind == "references"]
    assert m.text[region.span.start :].startswith(heading)
    assert region.reason == ""


@pytest.mark.parametrize("heading", ["References: ", "**References.** ", "REFERENCES "])
def test_a_heading_may_run_into_the_first_entry(heading: str) -> None:
    m = read_text(f"{BODY}\n\n{heading}{LIST}\n")
    assert [r.number for r in m.references] == [1, 2, 3]
    assert m.references[0].raw.startswith("1. Lee JH")


def test_a_numbered_run_at_the_end_needs_no_heading_but_says_so() -> None:
    m = read_text(f"1. Introduction\n\nSkin heals (1, 2).\n\n2. Results\n\nScars fade (3).\n\n{LIST}\n")
    assert [r.raw[:7] for r in m.references] == ["1. Lee ", "2. Wu P", "3. Hu P"]
    [region] = [r for r in m.regions if r.kind == "references"]
    assert "no heading" in region.reason


def test_a_file_that_is_nothing_but_a_list_is_read() -> None:
    assert [r.number for r in read_text(LIST).references] == [1, 2, 3]


@pytest.mark.parametrize(
    "tail",
    [
        "Table 1. Ages of the patients\n\n1. Men 20 30\n2. Women 30 40\n3. All 2020 50",
        "Figure legends\n\nFigure 1. Survival of the patients, 2019 to 2020.",
        "Appendix A\n\nWe asked in 2020: how old are you?",
        "Acknowledgements\n\nWe thank the patients of 2020.",
        "Conflict of interest: none declared.",
        "Supplementary Table S1. Trials",
    ],
)
def test_what_follows_the_list_is_no_entry(tail: str) -> None:
    m = read_text(f"{BODY}\n\nReferences\n\n{LIST}\n\n{tail}\n")
    assert [r.number for r in m.references] == [1, 2, 3]
    assert m.references[-1].raw.endswith("2019;7:38.")


def test_callouts_after_the_list_are_read() -> None:
    m = read_text(f"Skin repair\n\nSkin heals [1,2].\n\nReferences\n\n{LIST}\n\nTable 1. Trials of therapy [3]\n")
    assert [c.numbers for c in m.callouts] == [(1, 2), (3,)]
    assert m.callouts[1].region == "table"


def test_the_rows_of_a_table_belong_to_it() -> None:
    rows = "Trial\tPatients\n\nLee [2]\t20\n\nWu [3]\t30"
    table = f"Table 1. Trials of therapy\n\n{rows}\n\nThe trials differ [1]. They are small."
    m = read_text(f"Skin repair\n\nSkin heals [1].\n\n{table}\n\nReferences\n\n{LIST}\n")
    assert [(c.numbers, c.region) for c in m.callouts] == [
        ((1,), "body"),
        ((2,), "table"),
        ((3,), "table"),
        ((1,), "body"),
    ]


def test_several_lists_are_read() -> None:
    more = LIST.replace("1. Lee", "4. Lee").replace("2. Wu", "5. Wu").replace("3. Hu", "6. Hu")
    m = read_text(f"{BODY}\n\nReferences\n\n{LIST}\n\nSupplementary references\n\n{more}\n")
    assert [r.number for r in m.references] == [1, 2, 3, 4, 5, 6]
    assert sum(r.kind == "references" for r in m.regions) == 2


def test_a_running_head_of_the_same_words_does_not_cut_an_entry() -> None:
    m = read_text(f"{BODY}\n\nReferences\n\n{LIST[:120]}\n\nReferences\n\n{LIST[120:]}\n")
    assert [r.number for r in m.references] == [1, 2, 3]


def test_headings_without_a_list_are_passed_over() -> None:
    contents = "Contents\n\nIntroduction\n\nReferences\n\nReferences\n\n"
    assert [r.number for r in read_text(f"{contents}{BODY}\n\nReferences\n\n{LIST}\n").references] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "Skin heals well. We saw it in 2020.",
        "References\n\nWe thank nobody.",
        "1. Introduction\n\nSkin heals.\n\n2. Methods\n\nWe look at it.\n\n3. Results\n\nIt heals.",
        "x" * 5000,
    ],
)
def test_a_manuscript_without_a_list_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(NoReferences) as caught:
        read_text(text, name="paper.txt")
    assert str(caught.value).startswith("paper.txt: no reference list was found")
    assert str(caught.value).count("\n") == 0


def test_a_word_that_ends_an_entry_does_not_end_the_list() -> None:
    lines = LIST.split("\n")
    lines[0] += " Report of the Pesticide Evaluation\nScheme"
    text = f"{BODY}\n\nReferences\n\n" + "\n\n".join(lines)
    assert [r.number for r in read_text(text).references] == [1, 2, 3]


def test_what_follows_a_list_without_a_heading_does_not_hide_it() -> None:
    entries = "\n\n".join(
        f"{name} {'ABCDEF'[i]} (20{10 + i}). On the {name} method of models. Journal of Software, {i + 3}, {i}1–{i}9."
        for i, name in enumerate(("Bates", "Chambers", "Godfrey", "Golub", "Ihaka", "Lange"))
    )
    code = "\n\n".join(f"the next step of the code sets the parameter named {n}" for n in "abcdefghijklmn")
    found = read_text(f"We fit models (Bates, 2010).\n\nReferences\n\n{entries}\n\n{code}\n")
    assert len(found.references) == 6


def test_the_lives_of_the_authors_are_no_entries() -> None:
    names = "Adams Baker Clark Davis Evans Frank Ghosh Hills Irwin Jones Klein Lopez".split()
    entries = "\n\n".join(
        f"{name} A (20{10 + i}) On the healing of skin in winter. Journal of Skin {i + 3}:{i}1–{i}9"
        for i, name in enumerate(names)
    )
    lives = "\n\n".join(
        f"{name} PhD (University of Skin, 2012), is a senior researcher who works on scars. See https://example.org"
        for name in ("Baker Clark", "Adams Evans", "Klein Irwin", "Clark Davis", "Jones Hills")
    )
    found = read_text(f"Skin heals (Adams 2010; Baker 2011).\n\nReferences\n\n{entries}\n\n{lives}\n")
    assert [r.authors[0].family for r in found.references] == names
