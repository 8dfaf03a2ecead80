"""When a field read from an entry counts as right.

A value is right when it is the same after folding case and leaving out all punctuation and blanks (names also without
accents and particles); a wrong value is a miss and a false alarm at once. CHECK6 is the micro-averaged F1 of first
author, year, title, container, volume and first page; an instance is right when all six are, and none is read that is
not there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from refcheck.model import Reference
from refcheck.parsing.fields.locators import last_page, split_pages
from refcheck.text import fold
from refcheck.words import PRINTED_PARTICLES

SIX = ("first_author", "year", "title", "container", "volume", "first_page")
FIELDS = (*SIX, "issue", "last_page", "doi", "pmid", "arxiv", "url", "publisher", "edition")
_SUFFIX = re.compile(r"(?i)(?:jr|sr|ii|iii|iv|2nd|3rd|4th)\.?")


def compact(value: str) -> str:
    """Letters and digits in one case."""
    value = unicodedata.normalize("NFKC", value).casefold()
    return "".join(c for c in value if unicodedata.category(c)[0] in "LNM")


def surname(name: Mapping[str, str]) -> str:
    """A family name without accents, particles and suffixes."""
    family = name.get("family") or name.get("literal") or name.get("given") or ""
    words = re.split(r"[\s'’]+", family)
    kept = [w for w in words if w.lower().strip(".") not in PRINTED_PARTICLES and not _SUFFIX.fullmatch(w)]
    return "".join(c for c in fold(" ".join(kept) or family) if c.isalnum())


def keys(fields: Mapping[str, Any]) -> dict[str, str]:
    """Each field in the form in which it is compared; fields without a value are left out."""
    out: dict[str, str] = {}
    authors = [surname(a) for a in fields.get("authors") or ()]
    if authors and authors[0]:
        out["first_author"] = authors[0]
    for name in ("title", "container", "publisher", "doi", "pmid", "arxiv", "url"):
        out[name] = compact(re.sub(r"</?[a-z]+>", "", fields.get(name) or ""))
    out["container"] = re.sub(r"^(?:in(?=proc)|the)", "", out["container"])
    out["arxiv"] = re.sub(r"^arxiv|v\d$", "", out["arxiv"])
    out["url"] = re.sub(r"^https?", "", out["url"])
    out["year"] = str(fields.get("year") or "")[:4]
    for name in ("volume", "issue", "edition"):
        value = re.sub(
            r"^(?:volume|vol|v(?=\d)|nos?(?=\d)|number(?=\d)|issue(?=\d))", "", compact(fields.get(name) or "")
        )
        out[name] = value.lstrip("0") or value
    pages = fields.get("pages")
    if isinstance(pages, str):
        pages = split_pages(pages)
    if pages:
        first, last = pages[0] or "", pages[1] or ""
        out["first_page"] = compact(first).lstrip("0") or compact(first)
        out["last_page"] = compact(last_page(first, last)).lstrip("0")
    return {k: v for k, v in out.items() if v}


def printed(r: Reference) -> dict[str, Any]:
    """The fields of a reference as the sets name them."""
    names = ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid", "arxiv", "url", "publisher")
    people = [{"family": n.family, "given": n.given} for n in r.authors]
    return {name: getattr(r, name) for name in names} | {"authors": people, "edition": r.edition}


def known_fields(row: Mapping[str, Any]) -> set[str]:
    """The fields of a row whose truth can be relied on."""
    both = {"authors": {"first_author"}, "pages": {"first_page", "last_page"}}
    known: set[str] = set().union(*(both.get(a, {a}) for a in row["annotated"]))
    if row.get("segments") and not row["fields"].get("authors_certain", True):
        known.discard("first_author")
    return known


def f1(counts: Counter[str]) -> float:
    """F1 in percent."""
    wrong = counts["missed"] + counts["spurious"]
    return round(200 * counts["right"] / max(1, 2 * counts["right"] + wrong), 2)


@dataclass
class Scores:
    """Counts over a set of references."""

    by_field: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    instances: Counter[bool] = field(default_factory=Counter)
    misread: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)  # entry, field, known, read

    def add(self, row: Mapping[str, Any], reference: Reference) -> bool | None:
        """Count one reference; whether its six fields are right, None where the truth does not tell."""
        truth, found, known = keys(row["fields"]), keys(printed(reference)), known_fields(row)
        right = True
        for name in FIELDS:
            if name not in known:
                continue
            a, b = truth.get(name), found.get(name)
            if a is None and b is None:
                continue
            counts = self.by_field[name]
            if a == b:
                counts["right"] += 1
                continue
            counts["missed"] += a is not None
            counts["spurious"] += b is not None
            right &= name not in SIX
            self.misread.append((row["reference"], name, a, b))
        complete = all(name in known for name in SIX if name != "year") or row["source"] != "glutton"
        if not complete or len(known & set(SIX)) < 5:
            return None
        self.instances[right] += 1
        return right

    def figures(self) -> dict[str, Any]:
        """Instance accuracy, CHECK6 and F1 by field, in percent."""
        six = sum((self.by_field[name] for name in SIX), Counter[str]())
        return {
            "instance": round(100 * self.instances[True] / max(1, self.instances.total()), 2),
            "check6": f1(six),
            "fields": {name: f1(counts) for name, counts in self.by_field.items() if counts},
        }


def scored(rows: Iterable[tuple[Mapping[str, Any], Reference]]) -> Scores:
    """The counts over rows and what was read of them."""
    scores = Scores()
    for row, reference in rows:
        scores.add(row, reference)
    return scores
