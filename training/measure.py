"""Held-out references, what the model makes of them, and how far its probability can be trusted."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import handtagged
import printed
import records
from field_scores import Scores
from noise import noisy, prepared

from refcheck.parsing.fields import entry as fields

Row = dict[str, Any]


def printed_rows(records_file: Path, per_style: int, seed: int) -> Iterator[Row]:
    """Held-out records in held-out styles, a quarter of them with noise, names and numbers as recorded."""
    rng = random.Random(seed)
    items = list(records.read(records_file, measuring=True))
    for style, item, segments in printed.references(items, printed.styles(measuring=True), per_style, rng, prepared):
        shown: dict[str, str] = {}
        for label, value in segments:
            shown.setdefault(label, value)
        truth: Row = {
            "title": shown.get("TITLE", ""),
            "container": shown.get("JOURNAL") or shown.get("BOOK", ""),
            "year": str(item["issued"]["date-parts"][0][0]) if "DATE" in shown else "",
            "volume": shown.get("VOLUME", ""),
            "issue": shown.get("ISSUE", ""),
            "pages": shown.get("PAGES", ""),
            "authors": (item.get("author") or item.get("editor", []))[:1] if "AUTHOR" in shown else [],
        }
        if rng.random() < 0.25:
            segments = noisy(segments, rng)
        yield {
            "source": "printed",
            "style": style,
            "reference": "".join(value for _, value in segments),
            "fields": truth,
            "annotated": ["first_author", "title", "container", "year", "volume", "issue", "pages"],
        }


def sets(data: Path) -> dict[str, list[Row]]:
    """The held-out references by kind."""
    return {
        "printed": list(printed_rows(data / "crossref_records.jsonl.gz", 8, 77)),
        "hand-tagged": list(handtagged.rows(data / "parsing" / "train.jsonl.gz", measuring=True)),
    }


def measured(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, list[tuple[float, bool]]]]:
    """Figures, and for each degree of completeness the model's probabilities with whether the entry was read right."""
    scores = Scores()
    outcomes: dict[str, list[tuple[float, bool]]] = {}
    for row in rows:
        reading = fields.read(row["reference"])
        right = scores.add(row, fields.parse_entry(row["reference"]))
        if reading and right is not None:
            outcomes.setdefault(reading.completeness, []).append((reading.probability, right))
    return {"references": len(rows), **scores.figures()}, outcomes


def calibrated(outcomes: Sequence[tuple[float, bool]], least: int = 60) -> list[tuple[float, float]]:
    """Probability -> share read right, never falling: pooled adjacent violators over bins of at least `least`."""
    ordered = sorted(outcomes)
    bins: list[tuple[float, float, int]] = []  # mean probability, share right, entries
    for i in range(0, len(ordered), least):
        part = ordered[i : i + least]
        if len(part) < least and bins:
            break
        bins.append((sum(p for p, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part)))
        while len(bins) > 1 and bins[-2][1] >= bins[-1][1]:
            (p, s, n), (q, t, m) = bins[-2:]
            bins[-2:] = [((p * n + q * m) / (n + m), (s * n + t * m) / (n + m), n + m)]
    return [(round(p, 4), round(s, 4)) for p, s, _ in bins]
