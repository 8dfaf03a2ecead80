"""What is asked of a source: bibliographic words, and nothing else of the manuscript."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import refcheck
from refcheck.matching import Entry, entry_query
from refcheck.model import Query, Reference, Span, Work
from refcheck.pipeline import read_reference
from refcheck.sources import LocalRecords

from .printing import printed

BIB = b"""@article{wu2018,
  author = {Wu, Ping and Zhang, Bin},
  title = {MSC-exosome: a novel cell-free therapy},
  journal = {Cytotherapy},
  year = {2018},
  volume = {20},
  abstract = {Unpublished words.},
  note = {rejected elsewhere in 2019}
}
"""


def test_the_words_of_an_entry_without_its_identifiers() -> None:
    entry = Entry(read_reference("Wu P. MSC-exosome. Cytotherapy. 2018;20:291. doi:10.5555/x.1 PMID: 29434006"))
    text = entry_query(entry).text
    assert "Cytotherapy. 2018;20:291" in text
    assert "10.5555" not in text
    assert "29434006" not in text


def test_only_the_fields_of_a_bibtex_entry_are_asked_for() -> None:
    (reference,) = refcheck.read(BIB, "list.bib").references
    text = entry_query(Entry(reference)).text
    assert "Cytotherapy" in text
    assert "MSC-exosome" in text
    for word in ("Unpublished", "rejected", "2019", "wu2018", "@article"):
        assert word not in text


def test_a_list_number_is_nobodys_volume() -> None:
    plain = printed(volume="8")
    label = "7. "
    spans = {name: Span(s.start + len(label), s.end + len(label)) for name, s in plain.spans.items()}
    fields = {
        name: getattr(plain, name) for name in ("authors", "title", "container", "year", "volume", "issue", "pages")
    }
    numbered = Reference(
        raw=label + plain.raw, label="7.", number=7, span=Span(0, len(label + plain.raw)), spans=spans, **fields
    )
    assert "7" not in {w.text for w in Entry(numbered).numbers}
    assert "8" in {w.text for w in Entry(numbered).numbers}


class _Counting(LocalRecords):
    """Records that remember what they were asked."""

    def __init__(self) -> None:
        super().__init__(
            [
                {
                    "DOI": "10.5555/asked.1",
                    "type": "journal-article",
                    "title": ["Dust near the rings as inferred from voltage pulses"],
                    "container-title": ["Waters"],
                    "author": [{"family": "Boyd", "given": "Tim"}],
                    "issued": {"date-parts": [[2014]]},
                    "volume": "119",
                    "page": "6294-6312",
                }
            ]
        )
        self.asked: list[str] = []

    def search(self, query: Query) -> Sequence[Work]:
        self.asked.append(query.kind)
        return super().search(query)


@pytest.mark.parametrize(
    ("reference", "asked"),
    [
        ("Boyd T. Dust near the rings as inferred from voltage pulses. Waters 2014;119:6294-312.", ["entry"]),
        # A real title in its journal under another author, year and page: only what stands there is not known.
        ("Helm A. Dust near the rings as inferred from voltage pulses. Waters 2009;119:2380-4.", ["entry", "locator"]),
        ("Helm A. Dust near the rings as inferred from voltage pulses. Waters 2009;119:6294-312.", ["entry"]),
        ("Helm A. Seepage of brines in granite. Geofluids 2009;7:1-12.", ["entry", "title", "locator"]),
    ],
)
def test_only_what_is_not_known_is_asked_for(reference: str, asked: list[str]) -> None:
    records = _Counting()
    refcheck.check([reference], sources=[records])
    assert records.asked == asked
