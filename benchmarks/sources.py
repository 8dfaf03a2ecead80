"""What looking references up costs, against the stand-in of Crossref: requests, time, pace, and what faults do.

    python benchmarks/sources.py DATA_FOLDER [--number 100] [--delay 0.42]

DATA_FOLDER holds `refs.jsonl` (lines with "reference" and the true "doi") and `index.jsonl.gz` (Crossref records).
The stand-in refuses what is over the limits of Crossref's polite pool; answers take as long as live ones do.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.standin import ALL_FAULTS, CrossrefStandin, read_records, share
from tests.standin.faults import Plan, none

from refcheck.errors import SourceUnavailable
from refcheck.model import Identified, Query, Reference
from refcheck.pipeline import check_references, read_reference
from refcheck.sources import AnswerCache, Crossref, Source

#: Requests a second, and in flight, that Crossref grants the polite pool.
SINGLE, ARRAY, FLIGHT = 10, 3, 3


class Bench:
    """One server for all measurements; each starts with its counters at nothing."""

    def __init__(self, server: CrossrefStandin, delay: float) -> None:
        self.server = server
        self.delay = delay
        self.rows: list[dict[str, Any]] = []

    @contextmanager
    def measured(self, name: str, plan: Plan = none) -> Iterator[dict[str, Any]]:
        """Measure a block; what it puts into the row is kept."""
        server = self.server
        server.asked.clear()
        server.statuses.clear()
        server.max_in_flight, server.plan = 0, plan
        row: dict[str, Any] = {"run": name}
        start = time.perf_counter()
        yield row
        row["seconds"] = round(time.perf_counter() - start, 2)
        lists = sum(a.bucket == "array" for a in server.asked)
        singles = len(server.asked) - lists
        # The last request of a kind may leave no sooner than the limit allows, and its answer takes its time.
        floor = max((lists - 1) / ARRAY, (singles - 1) / SINGLE) + self.delay if server.asked else 0.0
        row |= {
            "requests": len(server.asked),
            "floor": round(floor, 2),
            "over_floor": round(row["seconds"] / floor - 1, 3) if floor else 0.0,
            "in_flight": server.max_in_flight,
            "peak_lists": server.peak("array"),
            "peak_singles": server.peak("single"),
            "refused": sum(s == 429 for s in server.statuses),
        }
        self.rows.append(row)


def searched(client: Source, texts: Sequence[str]) -> list[list[str] | None]:
    """The DOIs that each text brings up; None where the source could not answer."""

    def ask(text: str) -> list[str] | None:
        try:
            return [w.doi for w in client.search(Query(kind="entry", text=text, reference=Reference(raw=text)))]
        except SourceUnavailable:
            return None

    with ThreadPoolExecutor(client.concurrency) as pool:
        return list(pool.map(ask, texts))


def run(bench: Bench, rows: Sequence[dict[str, Any]]) -> None:
    """All measurements."""
    url = bench.server.url
    texts = [r["reference"] for r in rows]
    printed = [Reference(doi=r["doi"]) for r in rows]

    def client(**options: Any) -> Crossref:
        return Crossref(url, "bench@example.org", **options)

    with bench.measured("with DOI") as row:
        found = client().identify(printed)
        row["found"] = len(found.works)
    with bench.measured("without DOI") as row:
        clean = searched(client(), texts)
        row["found"] = sum(r["doi"] in (dois or ()) for r, dois in zip(rows, clean, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        bench.server.enforce = False
        cached = client(cache=AnswerCache(folder), rate_limit=False)
        searched(cached, texts)
        cached.identify(printed)
        bench.server.enforce = True
        with bench.measured("second run, from the cache") as row:
            cached = client(cache=AnswerCache(folder))
            row["found"] = sum(a == b for a, b in zip(searched(cached, texts), clean, strict=True))
            row["found"] = min(row["found"], len(cached.identify(printed).works))
    with bench.measured("without DOI, 20 % faults", share(0.2, seed=5)) as row:
        answers = searched(client(), texts)
        row |= {
            "found": sum(r["doi"] in (dois or ()) for r, dois in zip(rows, answers, strict=True)),
            "unanswered": sum(a is None for a in answers),
            "wrongly_absent": sum(a is not None and a != b for a, b in zip(answers, clean, strict=True)),
        }
    with bench.measured("with DOI, 20 % faults", share(0.2, seed=6)) as row:
        found = Identified()
        unknown = 0
        for start in range(0, len(printed), 5):  # many small manuscripts: more chances to fail
            part = client(rate_limit=False).identify(printed[start : start + 5])
            found = Identified(works={**found.works, **part.works}, unanswered={**found.unanswered, **part.unanswered})
            unknown += len(part.unknown) + len(part.elsewhere)
        row |= {"found": len(found.works), "unanswered": len(found.unanswered), "wrongly_absent": unknown}
    references = [read_reference(text) for text in texts]
    with bench.measured("a whole check, without DOI") as row:
        matches = list(check_references(references, [client()]))
        row["found"] = sum(m.work is not None and m.work.doi == r["doi"] for r, m in zip(rows, matches, strict=True))
        row["unanswered"] = sum(bool(m.unavailable) for m in matches)


def table(rows: Sequence[dict[str, Any]], number: int) -> str:
    """The measurements as a table in Markdown."""
    heads: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
        (f"run ({number} references)", lambda r: r["run"]),
        ("requests", lambda r: r["requests"]),
        ("seconds", lambda r: f"{r['seconds']:.1f}"),
        ("floor", lambda r: f"{r['floor']:.1f}"),
        ("over", lambda r: f"{100 * r['over_floor']:+.0f} %" if r["floor"] else ""),
        ("in flight", lambda r: r["in_flight"]),
        ("peak/s lists, singles", lambda r: f"{r['peak_lists']}, {r['peak_singles']}"),
        ("refused", lambda r: r["refused"]),
        ("found", lambda r: r.get("found", "")),
        ("unanswered", lambda r: r.get("unanswered", 0)),
        ("wrongly absent", lambda r: r.get("wrongly_absent", "")),
    ]
    lines = [[head for head, _ in heads], ["---"] * len(heads)]
    lines += [[str(value(row)) for _, value in heads] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Read the data, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with refs.jsonl and index.jsonl.gz")
    parser.add_argument("--number", type=int, default=100, help="references a run (100)")
    parser.add_argument("--delay", type=float, default=0.42, help="seconds an answer takes (0.42, the live median)")
    options = parser.parse_args()
    records = list(read_records([options.data / "index.jsonl.gz"]))
    known = {str(r["DOI"]).lower() for r in records}
    with open(options.data / "refs.jsonl", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row.get("doi") in known]
    unique = {row["doi"]: row for row in rows if "doi" not in row["kind"] and row["doi"] not in row["reference"]}
    rows = list(unique.values())[: options.number]
    with CrossrefStandin(records, enforce=True, delay=options.delay) as server:
        bench = Bench(server, options.delay)
        run(bench, rows)
    print(table(bench.rows, len(rows)))
    print(json.dumps({"references": len(rows), "faults": len(ALL_FAULTS), "runs": bench.rows}))


if __name__ == "__main__":
    main()
