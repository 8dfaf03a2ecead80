#!/usr/bin/env python3
"""Measure `refcheck batch` on references whose truth is known: linking, what is caught by field, false alarms, speed.

    python benchmarks/check.py REFS.jsonl RECORDS.jsonl.gz [--n 2000] [--seed 1] [--jobs 1] [--show KIND]

What the files hold and what is counted: benchmarks/README.md. Prints a table, and one JSON line last.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

#: The field that a finding must be about, by the kind of fault that was planted.
FIELD = {
    "title": "title",
    "author": "authors",
    "author-spelling": "authors",
    "year": "year",
    "year-off-by-one": "year",
    "journal": "container",
    "volume": "volume",
    "issue": "issue",
    "pages": "pages",
    "doi-unknown": "doi",
    "doi-elsewhere": "doi",
    "chimera": "container",
    "hybrid": "authors",
    "coauthor-spelling": "authors",
    "coauthor-another": "authors",
    "coauthor-dropped": "authors",
    "coauthor-added": "authors",
    "coauthors-swapped": "authors",
    "initials": "authors",
}
#: Kinds that a finding on identity (REF2) catches as well.
IDENTITY = {"chimera", "doi-elsewhere", "doi-unknown", "journal", "title", "author"}
#: Kinds where a link to either work can be argued for.
EITHER = {"chimera", "doi-elsewhere", "hybrid"}


def main() -> None:
    """Parse the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("refs", type=Path)
    parser.add_argument("records", type=Path, help="JSONL of Crossref records, or an index made by `refcheck index`")
    parser.add_argument("--n", type=int, default=0, help="take a sample of that many (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default: 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--results", type=Path, help="keep the output of `refcheck batch` there")
    parser.add_argument("--show", metavar="KIND", help="print the failures of one kind")
    options = parser.parse_args()

    truth = [json.loads(line) for line in options.refs.read_text(encoding="utf-8").splitlines()]
    if options.n and options.n < len(truth):
        truth = random.Random(options.seed).sample(truth, options.n)
    with tempfile.TemporaryDirectory() as folder:
        output = options.results or Path(folder) / "results.jsonl"
        seconds = run(truth, options.records, output, options.jobs)
        results = {o["id"]: o for o in map(json.loads, output.read_text(encoding="utf-8").splitlines())}
    scored = [(t, results.get(t["id"], {}), *judge(t, results.get(t["id"], {}))) for t in truth]
    if options.show:
        for t, got, *_, good in scored:
            if t["kind"] == options.show and not good:
                print(json.dumps({"truth": t, "match": got.get("match"), "findings": got.get("findings")}, indent=1))
    figures = summary(scored) | {"seconds": round(seconds, 1), "per_second": round(len(truth) / seconds, 1)}
    for name, value in figures.items():
        print(f"{name:28} {value}")
    print(json.dumps(figures))


def run(truth: Iterable[Mapping[str, Any]], records: Path, output: Path, jobs: int) -> float:
    """Check the references with the command line; returns the seconds it took."""
    refs = output.with_name(output.name + ".refs.jsonl")
    refs.write_text(
        "".join(json.dumps({"id": t["id"], "reference": t["reference"]}) + "\n" for t in truth), encoding="utf-8"
    )
    source = "--index" if records.is_dir() else "--records"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "refcheck", "batch", str(refs), "-o", str(output), "--restart", source, str(records)]
        + (["--jobs", str(jobs)] if jobs > 1 else []),
        check=False,
    )
    refs.unlink()
    if done.returncode not in (0, 1):
        sys.exit(done.returncode)
    return time.perf_counter() - start


def judge(t: Mapping[str, Any], got: Mapping[str, Any]) -> tuple[str, set[str], bool]:
    """How the link stands (right, wrong, extra, missed, none, either), the fields alarmed at, whether all is well."""
    match = got.get("match") or {"verdict": "unchecked"}
    loud = [f for f in got.get("findings", ()) if f["severity"] in ("error", "warning")]
    fields = {f["field"] or f["code"] for f in loud}
    linked = (match.get("doi") or "").lower() if match["verdict"] == "matched" else ""
    meant, kind = (t.get("doi") or "").lower(), t["kind"]
    if kind in EITHER:
        link = "either"
    elif meant and linked:
        link = "right" if linked == meant else "wrong"
    else:
        link = "missed" if meant else "extra" if linked else "none"
    if kind in ("clean", "benign"):
        return link, fields, not fields and link == "right"
    if kind in ("fabricated", "unindexed"):
        return link, fields, match["verdict"] not in ("matched", "unchecked")
    if kind == "two":
        return link, fields, {"authors" if f.startswith("author") else f for f in t["field"].split("+")} <= fields
    identity = any(f["code"].startswith("REF2") for f in loud)
    if kind == "initials":  # told as a note
        fields |= {f["field"] for f in got.get("findings", ()) if f["code"] == "REF302"}
    caught = (
        FIELD[kind] in fields
        or (kind in IDENTITY and identity)
        or (kind == "hybrid" and match["verdict"] in ("absent", "ambiguous"))
    )
    return link, fields, caught


def summary(scored: list[tuple[Mapping[str, Any], Mapping[str, Any], str, set[str], bool]]) -> dict[str, Any]:
    """The figures of a run."""
    links = Counter(link for _, _, link, _, _ in scored)
    precision = share(links["right"], links["right"] + links["wrong"] + links["extra"])
    recall = share(links["right"], links["right"] + links["wrong"] + links["missed"])
    by_kind: dict[str, list[bool]] = defaultdict(list)
    alarms: dict[str, list[bool]] = defaultdict(list)
    alarm_fields: Counter[str] = Counter()
    unchecked = 0
    for t, got, _, fields, good in scored:
        kind = t["kind"]
        unchecked += (got.get("match") or {"verdict": "unchecked"})["verdict"] == "unchecked"
        if kind in ("clean", "benign"):
            alarms[kind].append(bool(fields))
            alarm_fields.update(fields)
        else:
            by_kind[kind].append(good)
            if kind in FIELD and kind not in ("chimera", "hybrid"):
                alarms["another field"].append(any(f in FIELD.values() and f != FIELD[kind] for f in fields))
    kinds = {kind: share(sum(goods), len(goods)) for kind, goods in sorted(by_kind.items())}
    never = {kind: kinds.pop(kind) for kind in ("fabricated", "unindexed") if kind in kinds}
    return {
        "references": len(scored),
        "unchecked": unchecked,
        "link_precision": precision,
        "link_recall": recall,
        "links": dict(links),
        "caught_percent": kinds,
        "caught_of": {kind: len(by_kind[kind]) for kind in kinds},
        "never_matched_percent": never,
        "false_alarm_percent": {kind: share(sum(a), len(a)) for kind, a in sorted(alarms.items())},
        "false_alarms_at": dict(alarm_fields.most_common()),
    }


def share(part: int, whole: int) -> float | None:
    """A percentage, or None of nothing."""
    return round(100 * part / whole, 2) if whole else None


if __name__ == "__main__":
    main()
