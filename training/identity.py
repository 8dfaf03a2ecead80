"""Learn when a record is the one that is meant: the weights of `refcheck.matching.identity`.

    python training/identity.py --out src/refcheck/matching/weights.json REFS.jsonl RECORDS.jsonl.gz [REFS RECORDS …]

REFS holds one reference a line: {"id", "reference", "doi" (null where no record can be meant), "kind"}; RECORDS is
the file of Crossref records that the references are to be found in. Each reference is searched for as the pipeline
does it, each candidate compared, and a logistic model with L2 penalty is fitted to "is this the record meant?" by
Newton's method (no chance is involved: the same files give the same weights). References of the kinds in AMBIGUOUS
are left out: for them either of two records can be argued for. One reference in five (by a hash of its id) is held
out; the figures written beside the weights are of those.

Needs numpy.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from refcheck.matching import Entry, entry_query, locator_query, title_query
from refcheck.matching.comparison import compare
from refcheck.matching.identity import observations
from refcheck.model import Work
from refcheck.pipeline import read_reference
from refcheck.sources import LocalRecords

AMBIGUOUS = {"chimera", "hybrid"}
#: Observations seen in fewer rows than this get no weight of their own.
RARE = 5
#: Strength of the L2 penalty (a prior of standard deviation 1 / sqrt(PENALTY) on each weight).
PENALTY = 0.5
#: Decision thresholds on the confidence: see docs/decisions for how they were chosen.
THRESHOLDS = {"matched": 0.5, "ambiguous": 0.15, "settled": 0.98, "found": 0.8, "rival": 0.5}


def rows(refs: Path, records: LocalRecords) -> Iterator[tuple[str, bool, list[str]]]:
    """(reference id, is it the record meant, observations) for each candidate of each reference."""
    opener = gzip.open if refs.suffix == ".gz" else open
    with opener(refs, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("kind") in AMBIGUOUS:
                continue
            meant = (row.get("doi") or "").lower()
            if meant and row.get("kind") is None and records.work(meant) is None:
                continue
            entry = Entry(read_reference(row["reference"]))
            works: dict[str, Work] = dict(records.identify([entry.reference]).works)
            works = {w.doi: w for w in works.values()}
            for query in (entry_query(entry), title_query(entry), locator_query(entry)):
                for work in records.search(query) if query else ():
                    works.setdefault(work.doi, work)
            for work in works.values():
                yield row["id"], work.doi == meant, observations(compare(entry, work))


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights (the last one is the bias) of a logistic model with L2 penalty, by Newton's method."""
    x = np.hstack([x, np.ones((len(x), 1))])
    penalty = np.full(x.shape[1], PENALTY)
    penalty[-1] = 1e-6
    w = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + penalty * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="REFS RECORDS")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if len(arguments.files) % 2:
        parser.error("give REFS and RECORDS in pairs")
    data: list[tuple[str, bool, list[str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        for refs, records in zip(arguments.files[::2], arguments.files[1::2], strict=True):
            source = LocalRecords(records, cache_dir=folder)
            data.extend(rows(refs, source))
            print(f"{refs.name}: {len(data):,} candidates so far", file=sys.stderr)
    counts: dict[str, int] = {}
    for _, _, seen in data:
        for name in seen:
            counts[name] = counts.get(name, 0) + 1
    names = sorted(n for n, c in counts.items() if c >= RARE)
    column = {n: i for i, n in enumerate(names)}
    x = np.zeros((len(data), len(names)), dtype=np.float64)
    for i, (_, _, seen) in enumerate(data):
        for name in seen:
            if name in column:
                x[i, column[name]] = 1
    y = np.array([meant for _, meant, _ in data], dtype=np.float64)
    held = np.array([zlib.crc32(key.encode()) % 5 == 0 for key, _, _ in data])
    w = fit(x[~held], y[~held])
    p = 1 / (1 + np.exp(-np.clip(x[held] @ w[:-1] + w[-1], -30, 30)))
    t = y[held]
    figures = {
        "candidates": len(data),
        "held_out": int(held.sum()),
        "log_loss": round(float(-np.mean(t * np.log(p + 1e-12) + (1 - t) * np.log(1 - p + 1e-12))), 5),
        "right_of_those_at_least": {
            str(c): [round(float(t[p >= c].mean()), 5), int((p >= c).sum())] for c in (0.5, 0.8, 0.9, 0.99)
        },
        "meant_below_0.5": round(float((p[t == 1] < 0.5).mean()), 5),
    }
    w = fit(x, y)
    model = {
        "about": "written by training/identity.py; weights of named observations, in log-odds",
        "figures": figures,
        "thresholds": THRESHOLDS,
        "bias": round(float(w[-1]), 4),
        "weights": {n: round(float(v), 4) for n, v in zip(names, w[:-1], strict=True)},
    }
    arguments.out.write_text(json.dumps(model, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
