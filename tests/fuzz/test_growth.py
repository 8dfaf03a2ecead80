"""Forty hostile patterns, each at n, 2n and 4n: the work (calls, not seconds) at most doubles with the length.

Each goes to the reader that it is made for, as a plain text, and as one reference string. What a cache, a first use
or a bound on the length costs is slack; what a regular expression does inside is bounded by `no_hang` at full length.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from refcheck.errors import RefcheckError
from refcheck.pipeline import parse, read_reference
from refcheck.readers import read
from tests.work import events, no_hang

N = 100  # repetitions at which counting begins
SLACK = 1.2  # beyond doubling: sorting, growth of tables
FULL = 100_000  # characters

PATTERNS: tuple[tuple[str, str], ...] = (
    (".bib", "@article{"), (".bib", "@article{a,\n"), (".bib", '@string{a="b"}\n'), (".bib", "@a{b,c={"),
    (".bib", '@a{b,c=d#"e"#f}\n'), (".bib", "@comment{"), (".bib", "{\\a "), (".bib", "@a{b,author={A and "),
    (".ris", "TY  - JOUR\n"), (".ris", "AU  - Lee, A.\n"), (".ris", "ER  - \n"), (".nbib", "PMID- 1\n      a\n"),
    (".json", '[{"a":'), (".json", "[1,"), (".jsonl", '{"reference": "Lee A. Skin. 2020."}\n'), (".jsonl", "{\n"),
    (".tex", "\\cite{a,"), (".tex", "\\begin{a}"), (".tex", "\\bibitem{a} b\n"), (".tex", "$%\n"), (".tex", "\\verb|"),
    (".html", "<sup>1"), (".html", "<table><tr>"), (".html", "&#x31;<br>"), (".html", "<!--"), (".html", "<a href='"),
    (".xml", "<p><xref ref-type='bibr' rid='a'>1</xref>"), (".xml", "<!DOCTYPE a ["), (".xml", "<ref>"),
    (".md", "[@a; @b, p. 3] "), (".md", "[^1]: a\n"), (".md", "```\n"), (".md", "> - 1. "), (".md", "[a]("),
    (".txt", "(1, 2-5) "), (".txt", "1. Lee A. Skin. Burns. 2020;1:2-9.\n"), (".txt", "References\n\n1. a\n"),
    (".txt", "doi:10.5555/a(b)"), (".txt", "(Lee et al., 2020; "), (".txt", "https://a.b/10.5555/c?d "),
    (".txt", "10.5555/a- "), (".txt", "1-\u00b2\u00b3,"), (".txt", "\u202eA. B. "), (".txt", "e\u0301\ufb01 "),
)  # fmt: skip


def give(suffix: str, text: str) -> None:
    data = text.encode()
    for name in (f"m{suffix}", "m.txt"):
        with suppress(RefcheckError):
            read(data, name)
    with suppress(RefcheckError):
        parse(text + "\n")
    read_reference(text)


def test_there_are_forty() -> None:
    assert len(set(PATTERNS)) == len(PATTERNS) >= 40


@pytest.mark.parametrize(("suffix", "unit"), PATTERNS)
def test_work_grows_with_the_length_alone(suffix: str, unit: str) -> None:
    give(suffix, unit * (N // 3))  # what is loaded and compiled at the first use is not counted
    once, twice, four = (events(lambda n=n: give(suffix, unit * n)) for n in (N, 2 * N, 4 * N))  # type: ignore[misc]
    assert twice <= 2 * SLACK * once + 2_000, (once, twice)
    assert four <= 2 * SLACK * twice + 4_000, (once, twice, four)


@pytest.mark.parametrize(("suffix", "unit"), PATTERNS)
def test_full_length_comes_to_an_end(suffix: str, unit: str) -> None:
    with no_hang(), suppress(RefcheckError):
        read((unit * (FULL // len(unit))).encode(), f"m{suffix}")
