"""Do records that hold something odd accuse references that are right?

    python benchmarks/odd_records.py RECORDS.jsonl.gz [RECORDS.jsonl.gz …] [--most 200] [--show KIND]

Finds, among Crossref records, those whose title, names, volume or pages hold something that nobody prints (markup, a
footnote, a section label, "Volume 16" …), prints each as a careful author would, in four styles, and checks it against
the records found. Every error or warning is a false alarm. The cleaning here is the benchmark's own, by hand for each
kind; titles whose right form cannot be told (TeX without its rendering) are left out. Prints a table by kind, and one
JSON line last.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import refcheck
from refcheck.model import Severity, Verdict
from refcheck.sources import LocalRecords

Record = dict[str, Any]
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_FACE = re.compile(r"</(?:i|b|em|sub|sup|scp|strong|italic|bold|jats:[a-z]+)>")
_DROPPED = re.compile(r"\$\$[^$]+\$\$\s?")
_LABEL = re.compile(
    r"^(?:ORIGINAL ARTICLE|Original Article|Case Report|Review Article|Research Article|Editorial|Commentary"
    r"|Abstract \w{1,8}|REVIEW|CASE REPORT):\s*"
)


def _title(record: Record) -> str:
    return next((t for t in record.get("title") or () if isinstance(t, str)), "")


def _bare(title: str) -> str:
    return " ".join(_TAGS.sub("", html.unescape(html.unescape(title))).split())


def _sentence(title: str) -> str:
    return title[:1] + title[1:].lower()


def _cleaned(find: re.Pattern[str]) -> Callable[[Record], Record | None]:
    """A cleaner that takes what a pattern finds out of the title."""

    def clean(record: Record) -> Record | None:
        title = _bare(_title(record))
        bare = find.sub("", title).strip()
        return {**record, "title": [bare]} if bare != title and len(bare.split()) > 3 else None

    return clean


def _markup(record: Record) -> Record | None:
    title = _title(record)
    found = _FACE.search(title) and "math" not in title and "tex" not in title
    return {**record, "title": [_bare(title)]} if found else None


def _entities(record: Record) -> Record | None:
    title = _title(record)
    found = re.search(r"&(?:amp|lt|gt|#\d+);", title) and "tex-math" not in title
    return {**record, "title": [_bare(title)]} if found else None


def _rendered_tex(record: Record) -> Record | None:
    title = _title(record)
    return {**record, "title": [_bare(_DROPPED.sub("", title))]} if _DROPPED.search(title) else None


def _capitals(record: Record) -> Record | None:
    title = _bare(_title(record))
    return {**record, "title": [_sentence(title)]} if title.isupper() and len(title.split()) > 4 else None


def _capital_names(record: Record) -> Record | None:
    names = _people(record)
    if not names or not all(str(n["family"]).isupper() and len(n["family"]) > 3 for n in names):
        return None
    return {**record, "author": [{**n, "family": str(n["family"]).title()} for n in names]}


def _initials_in_family(record: Record) -> Record | None:
    found = [n for n in _people(record) if not n.get("given") and re.fullmatch(r"[A-Z][a-z]+ [A-Z]{1,3}", n["family"])]
    return record if found else None


def _twice(record: Record) -> Record | None:
    once: list[Record] = []
    for name in _people(record):
        if (name["family"], name.get("given")) not in [(n["family"], n.get("given")) for n in once]:
            once.append(name)
    return {**record, "author": once} if 0 < len(once) < len(_people(record)) else None


def _noted_names(record: Record) -> Record | None:
    if not any(re.search(r"[^\W\d_][\d*†]+$", n["family"]) for n in _people(record)):
        return None
    return {**record, "author": [{**n, "family": n["family"].rstrip("0123456789*†,")} for n in _people(record)]}


def _worded_volume(record: Record) -> Record | None:
    m = re.fullmatch(r"(?:Volume|Vol\.?)\s(\d+)", str(record.get("volume") or ""))
    return {**record, "volume": m[1]} if m else None


def _no_pages(record: Record) -> Record | None:
    made_up = str(record.get("page") or "") in ("1-1", "n/a", "n/a-n/a", "no-no", "-")
    return {**record, "page": "211-219"} if made_up and not record.get("article-number") else None


def _item_identifier(record: Record) -> Record | None:
    number = str(record.get("article-number") or "")
    return (
        {**record, "page": "38", "article-number": ""}
        if re.match(r"s\d{4,5}-\d", number) and not record.get("page")
        else None
    )


KINDS: dict[str, Callable[[Record], Record | None]] = {
    "markup in the title": _markup,
    "entities in the title": _entities,
    "TeX with its rendering": _rendered_tex,
    "footnote mark behind the title": _cleaned(re.compile(r"(?<=[a-z]{4})[1-9](?:,\d)?$|\s?\*{1,2}$")),
    "footnote text behind the title": _cleaned(re.compile(r"(?<=[a-z)])(?:\*\*|([1-9])\1)(?=[A-Z][a-z]+ ).*$")),
    "section label before the title": _cleaned(_LABEL),
    "(Review) behind the title": _cleaned(re.compile(r"\s?\((?:Review|Invited)\)$")),
    "title in capitals": _capitals,
    "names in capitals": _capital_names,
    "initials in the family name": _initials_in_family,
    "one author twice": _twice,
    "marks behind names": _noted_names,
    "“Volume 16” as volume": _worded_volume,
    "pages 1-1, n/a": _no_pages,
    "item identifier": _item_identifier,
}


def _people(record: Record) -> list[Record]:
    return [n for n in record.get("author") or () if isinstance(n, dict) and n.get("family")]


def _initials(given: str) -> str:
    return "".join(p[0].upper() for p in re.split(r"[\s.-]+", given) if p[:1].isalpha())


def _name(name: Record, style: str) -> str:
    letters = _initials(str(name.get("given") or ""))
    family = str(name["family"])
    if style == "vancouver":
        return f"{family} {letters}".strip()
    stopped = " ".join(f"{c}." for c in letters)
    return f"{stopped} {family}".strip() if style == "ieee" else f"{family}, {stopped}".rstrip(", ")


def printed(record: Record, style: str) -> str:
    """The record as a reference in one of four plain styles."""
    names = [_name(n, style) for n in _people(record)]
    people = ", ".join(names[:6]) + (", et al." if len(names) > 6 else "")
    title = _bare(_title(record)).rstrip(".")
    journal = _bare(next(iter(record.get("container-title") or ()), ""))
    year = str(((record.get("issued") or {}).get("date-parts") or [[""]])[0][0] or "")
    volume, issue = str(record.get("volume") or ""), str(record.get("issue") or "")
    pages = str(record.get("page") or record.get("article-number") or "")
    numbered = f"{volume}({issue})" if issue else volume
    end = "" if people.endswith(".") else "."
    if style == "vancouver":
        return f"{people}{end} {title}. {journal}. {year};{numbered}:{pages}."
    if style == "apa":
        return f"{people} ({year}). {title}. {journal}, {numbered}, {pages}."
    if style == "ieee":
        marked = f", no. {issue}" if issue else ""
        return f"{people}, “{title},” {journal}, vol. {volume}{marked}, pp. {pages}, {year}."
    return f"{people}{end} {title}. {journal} {volume}, {pages} ({year})."


def _read(paths: Iterable[str]) -> Iterator[Record]:
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _whole(record: Record) -> bool:
    year = ((record.get("issued") or {}).get("date-parts") or [[None]])[0]
    people = _people(record)
    return bool(
        record.get("type", "journal-article") == "journal-article"
        and year and year[0] and people and all(n.get("given") or " " in n["family"] for n in people)
        and len(_title(record).split()) > 3 and record.get("container-title") and record.get("volume")
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("records", nargs="+")
    parser.add_argument("--most", type=int, default=200, help="records of a kind at most")
    parser.add_argument("--show", help="show the alarms of one kind")
    args = parser.parse_args()
    found: dict[str, list[tuple[Record, Record]]] = defaultdict(list)
    seen = 0
    for record in _read(args.records):
        seen += 1
        record.setdefault("type", "journal-article")
        if not _whole(record):
            continue
        for kind, clean in KINDS.items():
            right = clean(record) if len(found[kind]) < args.most else None
            if right and (right.get("page") or right.get("article-number")):
                found[kind].append((record, right))
    table = {}
    for kind in KINDS:
        pairs = found[kind]
        if not pairs:
            continue
        source = LocalRecords([record for record, _ in pairs])
        entries = [printed(right, style) for _, right in pairs for style in ("vancouver", "apa", "ieee", "nature")]
        report = refcheck.check(entries, sources=[source])
        loud = [f for f in report.findings if f.severity is not Severity.NOTE and f.code >= "REF2"]
        alarmed = {f.number for f in loud}
        matched = sum(m.verdict is Verdict.MATCHED for m in report.matches)
        table[kind] = {
            "records": len(pairs), "references": len(entries),
            "matched_percent": round(100 * matched / len(entries), 1),
            "alarms_percent": round(100 * len(alarmed) / len(entries), 1),
            "codes": dict(Counter(f.code for f in loud).most_common(4)),
        }  # fmt: skip
        if args.show and args.show in kind:
            for f in loud:
                print(f.message, "\n   ", entries[(f.number or 1) - 1])
    print(f"{seen} records read")
    print(f"{'kind':34}{'records':>8}{'printed':>8}{'matched':>9}{'alarms':>8}")
    for kind, row in table.items():
        counts = f"{row['records']:8}{row['references']:8}"
        shares = f"{row['matched_percent']:8}%{row['alarms_percent']:7}%"
        print(f"{kind:34}{counts}{shares}  {row['codes'] or ''}")
    print(json.dumps(table, ensure_ascii=False))


if __name__ == "__main__":
    main()
