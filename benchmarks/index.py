"""How fast an index of Crossref records is built and searched, how large it is, and whether it finds what is meant.

    python benchmarks/index.py DATA [--references FILE.jsonl] [--growth 50000,200000,1000000] [--sample N]

DATA holds `*records.jsonl.gz` (Crossref records, one a line) and `refs_pdf_dev.jsonl.gz` (references as extracted from
PDFs, with the DOI that is meant). `--references` is another file of references with `reference`, `doi` and, if any,
`kind`. `--growth` builds larger indexes of copies with changed words, to see how size and time grow.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from refcheck.model import Query, Reference
from refcheck.sources import Index, build_index

# Crossref's own count of its records in 2026, for the extrapolation.
WHOLE = 170_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--references", type=Path, action="append", default=[])
    parser.add_argument("--growth", default="", help="numbers of records, separated by commas")
    parser.add_argument("--sample", type=int, default=0, help="ask for that many references of each file only")
    a = parser.parse_args()
    records = sorted(a.data.glob("*records.jsonl.gz"))
    if not records:
        sys.exit(f"{a.data} holds no *records.jsonl.gz")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        index = built(records, place / "index")
        figures: dict[str, Any] = {"records": len(index)}
        print()
        columns = "".join(f"{c:>9}" for c in ("top 1 %", "top 5 %", "p50 ms", "p99 ms", "p50 CPU", "p99 CPU"))
        print(f"{'references':34} {'n':>6}{columns}")
        for path in [a.data / "refs_pdf_dev.jsonl.gz", *a.references]:
            rows = [r for r in lines(path) if r.get("doi")]
            if a.sample:
                rows = random.Random(1).sample(rows, min(a.sample, len(rows)))
            figures[path.name] = asked(index, path.name, rows)
            kinds = Counter(r.get("kind", "") for r in rows)
            if len(kinds) > 1:
                for kind in kinds:
                    asked(index, f"  {kind}", [r for r in rows if r["kind"] == kind])
            else:
                sound = [r for r in rows if prints_its_page(index, r)]
                asked(index, "  that print the first page meant", sound)
        if a.growth:
            grow([int(n) for n in a.growth.split(",")], records, a.data / "refs_pdf_dev.jsonl.gz", place)
        print(json.dumps(figures))


def built(files: Sequence[Path], folder: Path) -> Index:
    """Build an index and print what it cost."""
    start, cpu = time.perf_counter(), time.process_time()
    outcome = build_index(files, folder)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(
        f"{outcome.records:,} records in {wall:.1f} s ({outcome.records / wall:,.0f}/s; "
        f"{outcome.records / cpu:,.0f} per second of one core), {size / 1e6:.1f} MB "
        f"({size / outcome.documents:.0f} bytes a record), peak memory {memory():.0f} MB"
    )
    return Index(folder)


def memory() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def asked(index: Index, name: str, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Search for every row and print how often and how fast its record came back."""
    if not rows:
        return {}
    times: list[float] = []
    busy: list[float] = []
    first = among = 0
    for row in rows:
        query = Query(kind="entry", text=row["reference"], reference=Reference(raw=row["reference"]))
        start, cpu = time.perf_counter(), time.thread_time()
        found = [work.doi for work in index.search(query)]
        busy.append(1000 * (time.thread_time() - cpu))
        times.append(1000 * (time.perf_counter() - start))
        meant = row["doi"].lower()
        first += found[:1] == [meant]
        among += meant in found[:5]
    times.sort()
    busy.sort()
    n = len(rows)
    values = (100 * first / n, 100 * among / n, *(t[i] for t in (times, busy) for i in (n // 2, int(0.99 * n))))
    print(f"{name[:34]:34} {n:6}" + "".join(f"{v:9.2f}" for v in values))
    return dict(zip(("top1", "top5", "p50_ms", "p99_ms", "p50_cpu_ms", "p99_cpu_ms"), values, strict=True))


def prints_its_page(index: Index, row: dict[str, Any]) -> bool:
    """Whether the entry prints the first page of the record that is said to be meant: where it does not, the truth
    (a DOI asserted for the citing article) is often that of another entry."""
    work = index.work(row["doi"])
    first = work.pages.split("-")[0].strip() if work else ""
    return bool(first) and first in row["reference"]


def grow(sizes: Sequence[int], files: Sequence[Path], references: Path, place: Path) -> None:
    """Indexes of several sizes, and what their growth says about all of Crossref."""
    print("\ngrowth, by copies of the records with changed words")
    rows = [r for r in lines(references) if r.get("doi")]
    rows = random.Random(2).sample(rows, min(2000, len(rows)))
    measured = []
    for n in sizes:
        path = place / f"{n}.jsonl.gz"
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
            for message in itertools.islice(copies(files[::-1]), n):
                out.write(json.dumps(message, ensure_ascii=False) + "\n")
        index = built([path], place / str(n))
        asked(index, f"{n:,} records", [r for r in rows if index.work(r["doi"])])
        size = sum(f.stat().st_size for f in (place / str(n)).iterdir())
        measured.append((n, size))
        path.unlink()
    if len(measured) > 1:
        (n0, s0), (n1, s1) = measured[-2:]
        slope = (s1 - s0) / (n1 - n0)
        print(
            f"\nIf the size went on growing as between {n0:,} and {n1:,} records ({slope:.0f} bytes a record), "
            f"{WHOLE:,} records would take {slope * WHOLE / 1e9:.0f} GB. Copies share their words, real records bring "
            "new ones, and the postings of common words grow with the index: times are not to be extrapolated."
        )


def copies(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """The records, and then again with another DOI, volume and page, and one word in four of the title replaced."""
    rng = random.Random(3)
    vocabulary: list[str] = []
    for turn in itertools.count():
        for path in files:
            for message in lines(path):
                title = " ".join(message.get("title") or [])
                if turn == 0:
                    if len(vocabulary) < 200_000:
                        vocabulary += title.split()
                    yield message
                    continue
                words = [rng.choice(vocabulary) if rng.random() < 0.25 else w for w in title.split()]
                yield {
                    **message,
                    "DOI": f"{message['DOI']}.{turn}",
                    "title": [" ".join(words)],
                    "volume": str(rng.randint(1, 400)),
                    "page": str(rng.randint(1, 9000)),
                }


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


if __name__ == "__main__":
    main()
