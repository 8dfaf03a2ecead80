"""Crossref records as CSL items for printing, in two folds that training and measuring do not share."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from refcheck.text import plain

Item = dict[str, Any]

TYPES = {
    "journal-article": "article-journal", "proceedings-article": "paper-conference", "book-chapter": "chapter",
    "book": "book", "monograph": "book", "edited-book": "book", "reference-book": "book", "posted-content": "article",
    "report": "report", "dissertation": "thesis",
}  # fmt: skip
_NO_REFERENCE = re.compile(
    r"(?i)correction|erratum|corrigendum|retract|withdrawn|index$|editorial board|cover|front matter|table of contents"
)
HELD_OUT = 5  # every fifth record, by a hash of its DOI, is kept for measuring


def held_out(name: str) -> bool:
    """Whether a DOI belongs to the fold that training never sees."""
    return int(hashlib.sha1(name.lower().encode()).hexdigest(), 16) % HELD_OUT == 0


def read(path: Path, *, measuring: bool) -> Iterator[Item]:
    """The printable records of a file of Crossref records, of one fold."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if held_out(record["DOI"]) == measuring and (item := _item(record)):
                yield item


def _item(record: dict[str, Any]) -> Item | None:
    kind = TYPES.get(record.get("type", ""))
    title = plain((record.get("title") or [""])[0])
    if not kind or len(title) < 12 or _NO_REFERENCE.match(title):
        return None
    authors = _names(record.get("author"))
    editors = _names(record.get("editor"))
    year = _year(record)
    if not year or not (authors or editors):
        return None
    item: Item = {"type": kind, "title": title, "DOI": record["DOI"].lower(), "issued": {"date-parts": [year]}}
    if authors:
        item["author"] = authors
    if editors:
        item["editor"] = editors
    if record.get("container-title"):
        item["container-title"] = plain(record["container-title"][0])
    if record.get("short-container-title"):
        item["container-title-short"] = item["journalAbbreviation"] = plain(record["short-container-title"][0])
    for key, csl in (
        ("volume", "volume"),
        ("issue", "issue"),
        ("publisher", "publisher"),
        ("publisher-location", "publisher-place"),
        ("edition-number", "edition"),
    ):
        if record.get(key):
            item[csl] = plain(str(record[key]))
    if page := record.get("page") or record.get("article-number"):
        item["page"] = plain(page)
    if kind == "article-journal" and not (item.get("container-title") and (item.get("volume") or item.get("page"))):
        return None
    if kind in ("chapter", "paper-conference") and not item.get("container-title"):
        return None
    return item


def _names(people: list[dict[str, Any]] | None) -> list[dict[str, str]]:
    names = []
    for p in people or []:
        if p.get("family"):
            name = {"family": plain(p["family"]), "given": plain(p.get("given") or "")}
            if p.get("suffix"):
                name["suffix"] = plain(p["suffix"])
            names.append({k: v for k, v in name.items() if v})
        elif p.get("name"):
            names.append({"literal": plain(p["name"])})
    return names


def _year(record: dict[str, Any]) -> list[int] | None:
    for key in ("issued", "published", "published-print", "published-online"):
        parts = ((record.get(key) or {}).get("date-parts") or [[]])[0]
        if parts and parts[0]:
            return [int(x) for x in parts if x]
    return None


def with_distinct_numbers(item: Item, rng: random.Random) -> Item:
    """The item with volume, issue and pages changed where another number in it is the same, so that every number in
    print can be told by its value (the reader only ever sees how long a number is)."""
    item = dict(item)
    taken = set(re.findall(r"\d+", f"{item['title']} {item.get('container-title', '')}"))
    taken.update(str(x) for x in item["issued"]["date-parts"][0])
    for key in ("volume", "issue", "page"):
        value = item.get(key)
        if not value:
            continue
        for number in re.findall(r"\d+", value):
            fresh = number
            for _ in range(50):
                if fresh not in taken:
                    break
                first = "123456789"[rng.randrange(9)]
                fresh = first + "".join(str(rng.randrange(10)) for _ in number[1:])
                if len(number) == 1 and rng.random() < 0.5:
                    fresh += str(rng.randrange(10))
            value = re.sub(rf"(?<!\d){number}(?!\d)", fresh, value)
            taken.add(fresh)
        item[key] = value
    return item
