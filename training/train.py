"""Train the reference model from a folder of data, always the same way.

    python training/train.py DATA_FOLDER

DATA_FOLDER holds `parsing/train.jsonl.gz` (hand-tagged references: one JSON object a line with `segments`, pairs of
label and text that joined are the reference), `crossref_records.jsonl.gz` (Crossref records, one REST `message` a
line) and `journals/jabref_abbreviations.tsv.gz` (names and short names of journals). Several models are trained, on
other printed references and with other features; the mean of their weights is the model that is shipped: it reads
better than any of them, at the cost of one. Model, calibration and figures are written into the package. The same data
and versions give the same model, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import crfsuite
import handtagged
import layouts
import measure
import printed
import pycrfsuite
import records
import variety
from labels import Example, example, remembering
from noise import noisy, prepared

from refcheck.parsing.fields.features import FeatureTable

MODEL = Path(__file__).parents[1] / "src" / "refcheck" / "parsing" / "fields" / "model"
PARAMETERS = {"c2": 0.01, "max_iterations": 110, "feature.minfreq": 3, "feature.possible_transitions": True}
LEAST = 0.05  # attributes whose mean weights are all smaller are left out: they cost time and change next to nothing
BITS = 8  # of each weight's mantissa that are kept: the others change no label, and cost a megabyte
#: Features by the beginning of their names: the words at the edges of a stretch and pairs of words, what lies ahead of
#: a stretch, which of several years a year is.
WIDER = ("Sw=", "Sv=", "B-=", "B+=", "Sr=", "Sd=", "Sdm=", "Sl=", "Sls=", "Y=", "Yb=", "R")


class Member(NamedTuple):
    """One of the models whose weights are averaged."""

    per_style: int  # printed references in each style
    seed: int
    c1: float
    without: tuple[str, ...] = ()  # features that it does not see


MEMBERS = (Member(10, 11, 0.5, WIDER), Member(10, 12, 0.5), Member(10, 15, 0.5, WIDER), Member(10, 16, 0.7))
#: Sources that are read more than once: hand-tagged references that print least like what is made here.
TIMES = {"grobid-corpus": 2, "anystyle-core": 3}
STYLES, LAYOUTS, OTHERS = 2_200, 4_200, 1_800


def made(data: Path, member: Member) -> Iterator[Example]:
    """The printed part of a training set."""
    rng = random.Random(member.seed)
    items = list(records.read(data / "crossref_records.jsonl.gz", measuring=False))
    stock = variety.stock(items, data / "journals" / "jabref_abbreviations.tsv.gz")

    def dealt(item: records.Item, rng: random.Random) -> records.Item:
        return prepared(variety.varied(item, stock, rng), rng)

    names = printed.styles(measuring=False)
    rng.shuffle(names)
    for style, item, segments in printed.references(items, names[:STYLES], member.per_style, rng, dealt):
        if one := example(noisy(segments, rng), f"csl:{style}:{item['type']}"):
            yield one
    articles = [i for i in items if i["type"] == "article-journal"]
    for _ in range(LAYOUTS):
        segments = layouts.article(dealt(rng.choice(articles), rng), rng)
        if segments and (one := example(noisy(segments, rng), "layout:article")):
            yield one
    rare = [i for i in items if i["type"] != "article-journal"]
    for k in range(OTHERS):
        segments = layouts.other(dealt(rng.choice(rare if k % 2 else items), rng), rng)
        if one := example(noisy(segments, rng), "layout:other"):
            yield one


def examples(data: Path, member: Member) -> list[Example]:
    """The training set of a member."""
    hand = list(handtagged.read(data / "parsing" / "train.jsonl.gz"))
    random.Random(11).shuffle(hand)
    repeated = [e for e in hand for _ in range(TIMES.get(e.origin, 1))]
    return [*repeated, *made(data, member)]


def train(data: Path, member: Member, model: Path) -> None:
    """Train one member; what it was trained on is written beside it."""
    started = time.time()
    given = examples(data, member)
    trainer = pycrfsuite.Trainer(verbose=False)
    features = FeatureTable()
    without = tuple(name.encode() for name in member.without)
    for e in given:
        rows = features(e.text, e.tokens)
        seen = [[f for f in row if not f.startswith(without)] for row in rows] if without else rows
        trainer.append(seen, remembering(e.labels))
    trainer.select("lbfgs")
    trainer.set_params(PARAMETERS | {"c1": member.c1})
    trainer.train(str(model))
    figures = {
        "references": len(given),
        "tokens": sum(len(e.tokens) for e in given),
        "by_source": Counter(e.origin.split(":")[0] for e in given),
        "minutes": round((time.time() - started) / 60, 1),
    }
    model.with_suffix(".json").write_text(json.dumps(figures) + "\n", encoding="utf-8")


def pooled(data: Path, folder: Path, jobs: int) -> dict[str, Any]:
    """Train the members that are not in the folder yet, and write the mean of all of them into the package."""
    files = [folder / f"member-{k}.crf" for k in range(1, len(MEMBERS) + 1)]
    wanted = [(data, member, file) for member, file in zip(MEMBERS, files, strict=True) if not file.exists()]
    with ProcessPoolExecutor(jobs) as workers:
        for done in [workers.submit(train, *work) for work in wanted]:
            done.result()
    models = [crfsuite.read(file.read_bytes()) for file in files]
    shipped = zlib.compress(crfsuite.written(crfsuite.averaged(models, LEAST), BITS), 9)
    (MODEL / "references.crf.z").write_bytes(shipped)
    figures = {file.stem: json.loads(file.with_suffix(".json").read_text(encoding="utf-8")) for file in files}
    return {"members": figures, "megabytes": round(len(shipped) / 1e6, 2)}


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
        "--members", type=Path, help="folder of the single models; those that are there are not trained again"
    )
    parser.add_argument("--jobs", type=int, default=1, help="members that are trained at the same time (default: 1)")
    parser.add_argument("--measure-only", action="store_true", help="measure and calibrate the model in the package")
    args = parser.parse_args()
    kept = MODEL / "figures.json"
    figures: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if not args.measure_only:
        with tempfile.TemporaryDirectory() as folder:
            figures["training"] = pooled(args.data, args.members or Path(folder), args.jobs)
    figures["held_out"] = measure_shipped(args.data)
    kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
