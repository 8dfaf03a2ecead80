"""An OpenSearch cluster beside the index on disk: the same answers? how fast in, how fast out?

    python benchmarks/cluster.py DATA --references FILE.jsonl[.gz] [--references …] [--n 3000] [--urls URL,URL,…]
        [--records N] [--workers 1,2,4,8] [--folder DIR]

DATA holds `*records.jsonl.gz` (Crossref records, one a line); references are lines with `reference`. Without `--urls`
three nodes are started on loopback (tests/cluster: needs Java and Maven) and stopped at the end. `--records` makes
copies with changed words until there are that many. Three shards, one copy of each.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.index import copies, lines
from tests.cluster.nodes import Nodes

from refcheck.matching import Entry, entry_query
from refcheck.pipeline import check_references, read_reference
from refcheck.rules import judge_match
from refcheck.sources import Index, OpenSearch, Source, build_index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--references", type=Path, action="append", required=True)
    parser.add_argument("--n", type=int, default=3000)
    parser.add_argument("--urls", default="")
    parser.add_argument("--records", type=int, default=0)
    parser.add_argument("--workers", default="1,2,4,8")
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--show", type=int, default=20, help="differences to print")
    a = parser.parse_args()
    files = sorted(a.data.glob("*records.jsonl.gz"))
    rows = [text for path in a.references for row in lines(path) if (text := row.get("reference"))]
    texts = random.Random(4).sample(rows, min(a.n, len(rows)))
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = a.urls.split(",") if a.urls else stack.enter_context(Nodes(place / "nodes", heap=a.heap)).urls
        if a.records:
            files = [made(files, a.records, place / "made.jsonl.gz")]
        cluster = OpenSearch(urls, "benchmark")
        start = time.perf_counter()
        loaded = cluster.load(files, shards=3, replicas=1)
        seconds = time.perf_counter() - start
        size = cluster_size(urls[0])
        print(
            f"{loaded.documents:,} records loaded in {seconds:.0f} s ({loaded.records / seconds:,.0f}/s), "
            f"{size / 1e6:.0f} MB of primary shards ({size / loaded.documents:.0f} bytes a record)"
        )
        speed(urls, texts, [int(n) for n in a.workers.split(",")])
        build_index(files, place / "index")
        compare(Index(place / "index"), cluster, texts, a.show)


def made(files: Sequence[Path], count: int, path: Path) -> Path:
    """A file of the records and copies of them."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        for message in itertools.islice(copies(files[::-1]), count):
            out.write(json.dumps(message, ensure_ascii=False) + "\n")
    return path


def cluster_size(url: str) -> int:
    from opensearchpy import OpenSearch as Client

    told = Client([url]).indices.stats(index="benchmark", metric="store")
    return int(told["_all"]["primaries"]["store"]["size_in_bytes"])


def speed(urls: Sequence[str], texts: Sequence[str], workers: Sequence[int]) -> None:
    """Queries a second from several processes, and how long one takes."""
    queries = [q for t in texts if (q := entry_query(Entry(read_reference(t))))]
    asked(urls, queries[:300])  # the cluster warms up
    print(f"\n{'workers':>7} {'queries/s':>10} {'p50 ms':>8} {'p99 ms':>8}")
    for count in workers:
        start = time.perf_counter()
        with multiprocessing.Pool(count) as pool:
            shares = [(urls, queries[i::count]) for i in range(count)]
            times = sorted(itertools.chain.from_iterable(pool.starmap(asked, shares)))
        seconds = time.perf_counter() - start
        p50, p99 = times[len(times) // 2], times[int(0.99 * len(times))]
        print(f"{count:7} {len(queries) / seconds:10.0f} {p50:8.1f} {p99:8.1f}", flush=True)


def asked(urls: Sequence[str], queries: Sequence[Any]) -> list[float]:
    """Milliseconds of each query."""
    source = OpenSearch(urls, "benchmark")
    times = []
    for query in queries:
        start = time.perf_counter()
        source.search(query)
        times.append(1000 * (time.perf_counter() - start))
    return times


def told(source: Source, texts: Sequence[str]) -> list[tuple[Any, ...]]:
    """Verdict, record and findings of each reference."""
    out = []
    for match in check_references((read_reference(t) for t in texts), [source]):
        findings = tuple((f.code, f.field, f.printed, f.recorded) for f in judge_match(match))
        out.append((str(match.verdict), match.work.doi if match.work else "", findings))
    return out


def compare(disk: Source, cluster: Source, texts: Sequence[str], show: int) -> None:
    """What the two say of the same references, where it differs."""
    here, there = told(disk, texts), told(cluster, texts)
    parts = Counter[str]()
    print()
    for text, one, two in zip(texts, here, there, strict=True):
        if one == two:
            continue
        part = next(n for n, x, y in zip(("verdict", "record", "findings"), one, two, strict=True) if x != y)
        parts[part] += 1
        if parts.total() <= show:
            print(f"{part}: {text[:200]!r}\n  disk    {one}\n  cluster {two}")
    print(f"of {len(texts)} references, {parts.total()} differ: {dict(parts)}; {dict(Counter(v for v, *_ in here))}")


if __name__ == "__main__":
    main()
