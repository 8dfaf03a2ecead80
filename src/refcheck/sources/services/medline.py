"""What PubMed and Europe PMC have in common: works by PubMed number, and how MEDLINE prints names and pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from refcheck.errors import SourceUnavailable
from refcheck.model import Identified, Name, Reference, Work
from refcheck.text import dashes


def identify_by_pmid(
    references: Sequence[Reference], size: int, ask: Callable[[Sequence[str]], Iterable[Work]]
) -> Identified:
    """The works that PubMed numbers name, by number; a number that `ask` has no work for is not told.

    `ask` is given up to `size` numbers at a time; where it raises SourceUnavailable, they are unanswered.
    """
    pmids = list(dict.fromkeys(r.pmid for r in references if re.fullmatch(r"\d{1,9}", r.pmid)))
    works: dict[str, Work] = {}
    unanswered: dict[str, str] = {}
    for start in range(0, len(pmids), size):
        batch = pmids[start : start + size]
        try:
            works |= {work.pmid: work for work in ask(batch) if work.pmid in batch}
        except SourceUnavailable as exc:
            unanswered |= dict.fromkeys(batch, exc.reason)
    return Identified(works=works, unanswered=unanswered)


def first_page(pages: str) -> str:
    """The first page, or the article number.

    >>> first_page("258–84"), first_page("e247"), first_page("")
    ('258', 'e247', '')
    """
    return re.split(r"[-,;\s]", dashes(pages).strip(), maxsplit=1)[0]


def short_name(name: str) -> Name:
    """A name as PubMed prints it: the surname, a blank, the initials.

    >>> short_name("Dal Prà I").family, short_name("Hora D Jr").suffix, short_name("WHO Study Group").family
    ('Dal Prà', 'Jr', 'WHO Study Group')
    """
    m = re.fullmatch(r"(.{1,100}?) ([^\W\d_]{1,5})(?: (Jr|Sr|2nd|3rd|[1-9]th|I{2,3}))?", name.strip())
    if not m or not m[2].isupper():
        return Name(family=name.strip())
    return Name(family=m[1], given=m[2], suffix=m[3] or "")
