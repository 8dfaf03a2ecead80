"""What holds for every entry and every record."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from refcheck.matching import Entry, decide, entry_query, locator_query, rank, title_query
from refcheck.matching.comparison import compare
from refcheck.matching.identity import confidence
from refcheck.matching.journals import abbreviates, container_level
from refcheck.matching.numerals import fill_up, numbering, page_range
from refcheck.matching.people import same_name
from refcheck.matching.wording import compare_wording, spelling
from refcheck.model import Level, Name, Verdict, Work
from refcheck.pipeline import read_reference
from refcheck.text import words

WORDS = st.text(alphabet="abcdefg éßα-’.,:;()[]0123456789", max_size=60)
NAMES = st.builds(Name, family=st.text(max_size=20), given=st.text(max_size=12))
WORKS = st.builds(
    Work,
    title=st.text(max_size=80),
    container=WORDS,
    year=st.sampled_from(["", "1999", "2020"]),
    volume=WORDS,
    issue=WORDS,
    pages=WORDS,
    doi=st.sampled_from(["", "10.5555/x"]),
    authors=st.lists(NAMES, max_size=3).map(tuple),
    type=st.sampled_from(["article-journal", "book", "chapter", ""]),
)


@settings(max_examples=150, deadline=None)
@given(raw=st.text(max_size=200), work=WORKS)
def test_no_entry_and_no_record_raises_and_spans_lie_inside(raw: str, work: Work) -> None:
    entry = Entry(read_reference(raw))
    comparison = compare(entry, work)
    assert 0.0 <= confidence(comparison) <= 1.0
    for agreement in comparison.agreements:
        assert 0.0 <= agreement.score <= 1.0
        if agreement.span:
            assert 0 <= agreement.span.start <= agreement.span.end <= len(raw)
    match = decide(entry, rank(entry, [work]))
    assert match.verdict in set(Verdict)
    for query in (entry_query(entry), title_query(entry), locator_query(entry)):
        assert query is None or len(query.text) <= 700


@given(
    title=st.lists(
        st.sampled_from("exosome skin therapy of the wound ii not 24 tumour".split()), min_size=1, max_size=8
    )
)
def test_a_wording_agrees_with_itself(title: list[str]) -> None:
    wording = compare_wording(title, title)
    assert wording.content == ()
    assert wording.slips == ()
    assert wording.same == len(title)


@given(name=st.text(min_size=1, max_size=40))
def test_a_container_agrees_with_itself(name: str) -> None:
    if words(name):
        assert container_level(name, [name])[0] is Level.SAME


@given(
    names=st.lists(
        st.sampled_from("journal of clinical biomaterials research letters".split()), min_size=2, max_size=5
    ),
    cut=st.integers(3, 6),
)
def test_cutting_words_short_abbreviates(names: list[str], cut: int) -> None:
    telling = [n for n in names if n != "of"]
    if telling:
        assert abbreviates([n[:cut] for n in telling], telling)


@given(name=NAMES)
def test_a_name_is_the_same_as_itself(name: Name) -> None:
    if words(name.family):
        assert same_name(name, name)


@given(first=st.integers(1, 99999), length=st.integers(0, 900))
def test_elided_pages_are_filled_up(first: int, length: int) -> None:
    a, b = str(first), str(first + length)
    kept = next(i for i in range(len(b)) if len(a) != len(b) or a[: i + 1] != b[: i + 1] or i == len(b) - 1)
    assert fill_up(a, b[kept:]) == b or len(a) != len(b)
    assert page_range(f"{a}–{b}") == (a, b)


@given(text=st.text(max_size=40))
@example(text="0000aae")
def test_numbering_and_spelling_are_stable(text: str) -> None:
    # A single letter is a numeral only in capitals: "V" is five, "v" may be anything.
    assert numbering(text) == numbering(text.upper()) or not text.isascii() or len(text.strip()) < 2
    for word in words(text):
        assert spelling(word) == spelling(spelling(word)) or len(word) < 7
