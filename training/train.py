"""Train the reference model from a folder of data, always the same way.

    python training/train.py DATA_FOLDER

DATA_FOLDER holds `parsing/train.jsonl.gz` (hand-tagged references: one JSON object a line with `segments`, pairs of
label and text that joined are the reference) and `crossref_records.jsonl.gz` (Crossref records, one REST `message` a
line). Model, calibration and figures are written into the package. The same data, seed and versions give the same
model, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import handtagged
import layouts
import measure
import printed
import pycrfsuite
import records
from labels import Example, example
from noise import noisy, prepared

from refcheck.parsing.features import FeatureTable

MODEL = Path(__file__).parents[1] / "src" / "refcheck" / "parsing" / "model"
# L1 0.5 with features seen three times keeps the model near 2.5 MB (measured on held-out references).
PARAMETERS = {"c1": 0.5, "c2": 0.01, "max_iterations": 110, "feature.minfreq": 3, "feature.possible_transitions": True}


def made(records_file: Path, args: argparse.Namespace) -> Iterator[Example]:
    """The printed part of the training set."""
    rng = random.Random(args.seed)
    items = list(records.read(records_file, measuring=False))
    names = printed.styles(measuring=False)
    rng.shuffle(names)
    for style, item, segments in printed.references(items, names[: args.styles], args.per_style, rng, prepared):
        if one := example(noisy(segments, rng), f"csl:{style}:{item['type']}"):
            yield one
    articles = [i for i in items if i["type"] == "article-journal"]
    for _ in range(args.layouts):
        segments = layouts.article(prepared(rng.choice(articles), rng), rng)
        if segments and (one := example(noisy(segments, rng), "layout:article")):
            yield one
    for _ in range(args.others):
        segments = layouts.other(prepared(rng.choice(items), rng), rng)
        if one := example(noisy(segments, rng), "layout:other"):
            yield one


def train(args: argparse.Namespace) -> dict[str, Any]:
    """Train and write the model; what it was trained on."""
    started = time.time()
    hand = list(handtagged.read(args.data / "parsing" / "train.jsonl.gz"))
    random.Random(args.seed).shuffle(hand)
    examples = hand[: args.hand] + list(made(args.data / "crossref_records.jsonl.gz", args))
    trainer = pycrfsuite.Trainer(verbose=False)
    features = FeatureTable()
    for e in examples:
        trainer.append(features(e.text, e.tokens), e.labels)
    trainer.select("lbfgs")
    trainer.set_params(PARAMETERS | {"max_iterations": args.iterations, "c1": args.c1})
    model = args.out / "references.crf"
    trainer.train(str(model))
    return {
        "references": len(examples),
        "tokens": sum(len(e.tokens) for e in examples),
        "by_source": Counter(e.origin.split(":")[0] for e in examples),
        "minutes": round((time.time() - started) / 60, 1),
        "megabytes": round(model.stat().st_size / 1e6, 2),
    }


def measure_shipped(data: Path) -> dict[str, Any]:
    """Measure the model in the package on held-out references, and write its calibration."""
    figures: dict[str, Any] = {}
    outcomes: dict[str, list[tuple[float, bool]]] = {}
    for name, rows in measure.sets(data).items():
        figures[name], seen = measure.measured(rows)
        for kind, pairs in seen.items():
            outcomes.setdefault(kind, []).extend(pairs)
    points = {kind: measure.calibrated(pairs) for kind, pairs in sorted(outcomes.items())}
    (MODEL / "calibration.json").write_text(json.dumps(points) + "\n", encoding="utf-8")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--out", type=Path, default=MODEL, help="folder of the model; only the package's own is measured"
    )
    parser.add_argument("--measure-only", action="store_true", help="measure and calibrate the model in the package")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--hand", type=int, default=100_000, help="hand-tagged references used at most")
    parser.add_argument("--styles", type=int, default=2_200)
    parser.add_argument("--per-style", type=int, default=5)
    parser.add_argument("--layouts", type=int, default=3_500)
    parser.add_argument("--others", type=int, default=1_200)
    parser.add_argument("--iterations", type=int, default=PARAMETERS["max_iterations"])
    parser.add_argument("--c1", type=float, default=PARAMETERS["c1"])
    args = parser.parse_args()
    kept = MODEL / "figures.json"
    figures: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if not args.measure_only:
        figures["training"] = train(args)
    if args.out == MODEL:
        figures["held_out"] = measure_shipped(args.data)
        kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
