"""Entries read into fields: usual styles, rough copies, and what is no reference at all."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.work import events, grows_linearly, no_hang

from refcheck import text
from refcheck.model import Reference
from refcheck.parsing.fields.entry import LONGEST, parse_entry
from refcheck.parsing.fields.locators import split_pages
from refcheck.parsing.fields.runs import Run, with_usual_order

from ..tables import FIXTURES, rows

SEED = (FIXTURES / "manuscripts" / "exosome-therapy.md").read_text(encoding="utf-8")
FIELDS = ("title", "container", "year", "volume", "issue", "pages", "publisher", "doi", "url", "edition", "series")


@pytest.mark.parametrize("row", rows("entries.tsv"), ids=lambda row: row[0][:60])
def test_usual_styles_are_read(row: list[str]) -> None:
    raw, first, count, title, container, year, volume, issue, pages, identifiers = row
    r = parse_entry(raw)
    assert (r.authors[0].family, len(r.authors)) == (first, int(count))
    assert (r.title, r.container, r.year, r.volume, r.issue, r.pages) == (
        title,
        container,
        year,
        volume,
        issue,
        pages,
    )
    for identifier in filter(None, identifiers.split(";")):
        kind, value = identifier.split()
        assert getattr(r, kind) == value


SEED_TRUTH = {
    1: ("Sun", 9, "Insights into optimizing exosome", "other tissue repair", "Front Med", "2024", "18", "2", "258-284"),
    2: ("Yang", 10, "Overcome the barriers", "exosome therapy", "Biomater Res", "2021", "25", "1", "22"),
    3: ("Nahm", 3, "Complications After", "Skin Rejuvenation", "Dermatological Reviews", "2024", "5", "4", ""),
    4: ("Wu", 5, "MSC-exosome: A novel", "cutaneous regeneration", "Cytotherapy", "2018", "20", "3", "291-301"),
    5: ("Hu", 8, "Mesenchymal stromal", "cutaneous regeneration", "Burns Trauma", "2019", "7", "", "38"),
    6: ("Ng", 7, "Potential of Exosomes", ": A Review", "Int J Nanomedicine", "2021", "16", "", "6749-6781"),
    7: ("Lee", 8, "Adipose Tissue-Derived", "Tissue Regeneration", "Int J Mol Sci", "2023", "24", "13", "10434"),
}  # fmt: skip


@pytest.mark.parametrize("number", SEED_TRUTH)
def test_the_seed_manuscript_is_read(number: int) -> None:
    found = re.search(rf"^- {number}\. (.*)$", SEED, re.MULTILINE)
    assert found
    r = parse_entry(found[1], start=found.start(1), number=number)
    first, count, opening, ending, *rest = SEED_TRUTH[number]
    assert (r.authors[0].family, len(r.authors)) == (first, count)
    assert r.title.startswith(str(opening))
    assert r.title.endswith(str(ending))
    assert [r.container, r.year, r.volume, r.issue, r.pages] == rest
    assert SEED[slice(*r.spans["title"])] == r.title
    assert SEED[slice(*r.span)] == r.raw
    if number == 5:
        assert "Prà" in [n.family for n in r.authors]


@pytest.mark.parametrize(
    "rough",
    [
        "Almeida RT, Okafor N. Dressings for burns in chil-\ndren. J Burn\nCare. 2019;40(2):118-25.",
        "[12] Almeida RT, Okafor N. *Dressings for burns in children.* J Burn Care. 2019;40(2):118-25. [PubMed]",
        "12.\tAlmeida RT, Okafor N. <i>Dressings for burns in children</i>. J Burn Care. 2019;40(2):118&ndash;25.",
        "Almeida RT, Okafor N.  Dressings  for burns in children.\u00a0J Burn Care. 2019; 40(2): 118–25",
        "Almeida RT,Okafor N.Dressings for burns in children.J Burn Care.2019;40(2):118-25.",
    ],
)
def test_rough_copies_are_read_like_clean_ones(rough: str) -> None:
    r = parse_entry(rough)
    assert [n.family for n in r.authors] == ["Almeida", "Okafor"]
    assert r.title == "Dressings for burns in children"
    assert (r.container, r.year, r.volume, r.issue) == ("J Burn Care", "2019", "40", "2")
    assert split_pages(r.pages) == ("118", "25")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("Lee J. Wound care. Lancet. 2020;5(4):11-19.", "article-journal"),
        ("Lee J, Kim H. Handbook of wound care. 3rd ed. Oxford: Oxford University Press; 2010.", "book"),
        ("Lee J. Dressings. In: Kim H, editor. Handbook of wound care. Oxford: Oxford Press; 2010. p. 1-9.", "chapter"),
        ("Lee J. On wounds [PhD thesis]. Lund: University of Lund; 2004.", "thesis"),
        ("Lee J, Kim H. Wounds and networks. arXiv:2012.12345 (2020).", "article"),
        (
            "World Health Organization. Caring for wounds. https://www.example.org/wounds. Accessed May 5, 2020.",
            "webpage",
        ),
        ("ISO 10993-1:2018. Biological evaluation of medical devices. Geneva: ISO; 2018.", "standard"),
    ],
)
def test_the_kind_of_work_is_guessed(raw: str, kind: str) -> None:
    assert parse_entry(raw).type == kind


def _spans_hold(r: Reference, start: int) -> None:
    assert r.span == (start, start + len(r.raw))
    for name, span in r.spans.items():
        assert start <= span.start <= span.end <= start + len(r.raw), name
        value = getattr(r, name)
        if isinstance(value, str) and name in FIELDS[:2]:
            part = r.raw[span.start - start : span.end - start]
            # where letters of a wrong encoding were put right to be read, the value is what is printed
            readings = {text.compact(text.unwrap(part, mend=mend).text) for mend in (True, False)}
            assert text.compact(value) in readings


_PIECES = st.sampled_from(
    ["Lee J, ", "Kim, H. ", "*", "Wound heal-\ning. ", "Lancet", "2020", ";", "12(3)", ":1-9.", "\n", "&amp;", "<i>",
     "</i>",
     " doi:10.1000/x.1 ",
     "https://a.org/b ", "[Internet]", "ﬁ", "(eds) ", "“", "”", "vol. 3", "제21권 ", "和", "́", "١٢", " "]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join), st.integers(0, 1000))
@settings(max_examples=150, deadline=None)
def test_spans_point_into_the_entry(raw: str, start: int) -> None:
    _spans_hold(parse_entry(raw, start=start), start)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_an_exception(raw: str) -> None:
    r = parse_entry(raw)
    _spans_hold(r, 0)
    assert 0 <= r.confidence <= 1


@pytest.mark.parametrize("raw", ["", " ", "\n\n", "***", "\u200b"])
def test_nothing_readable_is_an_entry_without_fields(raw: str) -> None:
    r = parse_entry(raw, number=4, label="[4]")
    assert (r.number, r.label, r.title, r.authors) == (4, "[4]", "", ())


@pytest.mark.parametrize(
    "unit",
    [" ", "(", ")", "[", ",", ".", "-", "\u00ad", "1", "1 ", "10.1000/", "http://", "www.", "A", "A. ", "*", "_", "<",
     "&", "doi:", "arXiv:", "PMID ", "a-\n", "和", "“", "”", "‘", "’", '"', "{", "\\", "&#", "isbn 1-", "1(2)", "2020;",
     ", 9 A B ", "A'", "In: ", "Proc. ", "Springer ", "A Press ", "(2018) ", "n. 5-6", "12, 195–", "Î±", "한, . "]
)  # fmt: skip
def test_hostile_repetition_costs_no_more_than_its_length(unit: str) -> None:
    def entry(length: int) -> str:
        return ("Lee J. Wound care. " + unit * (length // len(unit) + 1))[:length]

    with no_hang():
        for length in (LONGEST - 10, 45_000, 100_000):  # as long as an entry may be, and longer
            parse_entry(entry(length))
    grows_linearly(lambda n: parse_entry(entry(n)), LONGEST // 8)


def test_five_megabytes_are_no_reference() -> None:
    raw = "Lee J. Wound care. Lancet. 2020;5:1-9. " * 128_000
    assert events(lambda: parse_entry(raw)) < 500
    r = parse_entry(raw)
    assert (r.confidence, r.title, dict(r.spans)) == (0.0, "", {})
    assert r.span == (0, len(raw))


def test_confidence_is_lower_for_what_is_no_reference() -> None:
    plain = parse_entry("Lee J, Kim H. Exosome therapy for wounds. Lancet. 2020;5(4):11-19.")
    prose = parse_entry("We thank the nurses and see also the previous section of it for more")
    assert plain.confidence > 0.8 > prose.confidence


def test_the_model_card_ships_with_the_model() -> None:
    card = Path(parse_entry.__code__.co_filename).parent / "model" / "MODEL_CARD.md"
    words = card.read_text(encoding="utf-8")
    for credit in ("AnyStyle", "GROBID", "CC-BY", "BSD-2-Clause", "Crossref"):
        assert credit in words


@pytest.mark.parametrize(
    "raw",
    [
        "Almeida RT, Okafor N (Eds.) (2003): Burns of the Hand. Berlin: Springer.",
        "Almeida RT, Okafor N, editors. Burns of the Hand. Berlin: Springer; 2003.",
        "Almeida, R. T., and N. Okafor (eds.), Burns of the Hand (Springer, Berlin, 2003).",
    ],
)
def test_who_is_called_editor_is_no_author(raw: str) -> None:
    r = parse_entry(raw)
    assert (r.authors, r.editors[0].family, r.title, r.container) == ((), "Almeida", "Burns of the Hand", "")


@pytest.mark.parametrize(
    "raw",
    [
        "Almeida, R.T., Dressings for small burns, in: Care of the Injured Hand, Nature Publishing Group, 2013.",
        "Almeida RT. Dressings for small burns. In: Okafor N, editor. Care of the Injured Hand. BMJ Publishing, 2013.",
    ],
)
def test_a_chapter_stands_in_its_book(raw: str) -> None:
    r = parse_entry(raw)
    assert (r.title, r.container, r.year) == ("Dressings for small burns", "Care of the Injured Hand", "2013")


def test_the_only_year_of_an_entry_is_its_year() -> None:
    r = parse_entry("Almeida RT, Okafor N. Dressings for small burns. Burns. 2018Nov;30:203–8.")
    assert (r.year, r.volume, r.pages) == ("2018", "30", "203-8")


def test_a_journal_printed_like_the_end_of_the_title_is_told_by_its_volume() -> None:
    r = parse_entry("Alemann, U.V. (1996). Die Vielfalt der Verbände. Information zur politischen Bildung, 253, 17.")
    assert (r.title, r.container) == ("Die Vielfalt der Verbände", "Information zur politischen Bildung")


@pytest.mark.parametrize(
    ("raw", "title", "container", "volume"),
    [
        ("大森秀典, 1984, 前漢鏡の編年と樣式, 史林 67-5, 史學硏究會.", "前漢鏡の編年と樣式", "史林", "67"),
        ("上村恭通, 1987, 東アジアの初期鐵器, 古代文化 39, 古代學協會.", "東アジアの初期鐵器", "古代文化", "39"),
        ("佐藤 暢, 火傷の基本 医学論集: 臨床編 45巻 1号 (医学会, 2009).", "火傷の基本", "医学論集: 臨床編", "45"),
        ("佐藤広志, 2008, '火傷治療の展望', 医学研究, 第58巻, 第3号, 99-114頁.", "火傷治療の展望", "医学研究", "58"),
    ],
)
def test_an_eastern_journal_is_parted_from_the_title(raw: str, title: str, container: str, volume: str) -> None:
    r = parse_entry(raw)
    assert (r.title, r.container, r.volume) == (title, container, volume)


@pytest.mark.parametrize(
    ("raw", "container", "volume", "pages"),
    [
        (
            "Almeida, R. T. (2005) Burns of the hand in children. InHandbook of Wound Care. Elsevier, 415–434.",
            "Handbook of Wound Care", "", "415",
        ),
        (
            "Almeida, Rui, « Burns of the hand », dans les actes du colloque Wounds and Care, Paris, Springer, 2010.",
            "Wounds and Care", "", "",
        ),
        (
            "Almeida, R. T. ve Okafor, N. (2011). Burns in children. Proceedings of the Third Congress on Burns"
            " içinde (s. 289-298). Springer.",
            "Proceedings of the Third Congress on Burns", "", "289",
        ),
        (
            "R. T. Almeida, Burns in children, “Journal of Burn Care” XIV, 2015, pp. 26–28.",
            "Journal of Burn Care", "XIV", "26",
        ),
        (
            "Almeida RT. 2013. Sea salt in clouds. J. Geophys. Res., 118, 12, 195–12, 206.",
            "J. Geophys. Res", "118", "12195",
        ),
        (
            "Almeida RT, Okafor N. 2011. Prevalence of resistance in burns of the hand Korean J Lab Med 31: 257-264.",
            "Korean J Lab Med", "31", "257",
        ),
        (
            "Almeida, R., 1958, Zur Vervollkommnung der Methodik. Mitt. Internat. Verein. Limnol., 9, 1-38.",
            "Mitt. Internat. Verein. Limnol", "9", "1",
        ),
    ],
)  # fmt: skip
def test_a_container_is_its_name_alone(raw: str, container: str, volume: str, pages: str) -> None:
    r = parse_entry(raw)
    assert (r.container, r.volume, r.pages.split("-")[0]) == (container, volume, pages)


@pytest.mark.parametrize("journal", ["Water Resour. Res", "Eos Trans. AGU", "Global Biogeochem. Cycles"])
def test_an_abbreviated_journal_is_no_title(journal: str) -> None:
    r = parse_entry(f"Frey, C.; Dippner, J. W.; Voss, M. {journal} 2014, 28, 974–991.")
    assert (r.title, r.container.rstrip(".")) == ("", journal)


@pytest.mark.parametrize(
    ("raw", "container", "locator"),
    [
        (
            "MILLER, G., COLIN, L., High-flow oxygen and ventilation, JAMA 317 8 (2017) 855.",
            "JAMA",
            ("317", "8", "855"),
        ),
        ("Miller, Y. (1995) A fluorescent probe, Toxicology Letters, 78 p.57.", "Toxicology Letters", ("78", "", "57")),
    ],
)
def test_numbers_without_marks_are_volume_issue_and_page(raw: str, container: str, locator: tuple[str, ...]) -> None:
    r = parse_entry(raw)
    assert (r.container, (r.volume, r.issue, r.pages)) == (container, locator)


def test_labels_that_the_order_of_fields_contradicts_are_put_right() -> None:
    twice = [Run("JOURNAL", 0, 5), Run("VOLUME", 6, 7), Run("VOLUME", 9, 11)]
    assert [r.label for r in with_usual_order("Burns 1, 17", twice)] == ["JOURNAL", "VOLUME", "PAGES"]
    book = [Run("TITLE", 1, 5), Run("PUBLISHER", 8, 16), Run("PLACE", 18, 23), Run("PUBLISHER", 25, 31)]
    assert with_usual_order('"Skin". On Wounds, Paris: Plenum', book)[1].label == "BOOK"


def test_a_title_that_begins_like_a_mark_of_editors_makes_no_editor() -> None:
    r = parse_entry("VALLI PM. COMPARISON OF OFFENDERS IN COGNITIVE THERAPY. Psychological Reports. 1998;28:753.")
    assert [a.family for a in r.authors] == ["VALLI"]
    assert not r.editors
