"""What is asked of a source: bibliographic words, and nothing else of the manuscript."""

from __future__ import annotations

import refcheck
from refcheck.matching import Entry, entry_query
from refcheck.model import Reference, Span
from refcheck.pipeline import read_reference

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
