"""Is this the record that is meant? A calibrated probability from how the fields agree.

The evidence is a handful of named observations ("title=same:long", "volume=differs", "agree=5"); each has a learned
weight, the sum goes through the logistic function. `training/identity.py` learns the weights on printed references
with known records and on the look-alikes that a search brings up; `weights.json` holds them, with the figures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from refcheck.matching.comparison import Comparison
from refcheck.matching.numerals import page_range

#: Fields that count as independent parts of a reference (editors' manuals name the same six).
PARTS = ("title", "author", "container", "year", "volume", "page")


def parts(comparison: Comparison) -> dict[str, str]:
    """For each independent part: "agrees", "differs" or "" (not printed, not recorded, or in between)."""
    title, numbers = comparison.title.kind, comparison.numbers
    out = dict.fromkeys(PARTS, "")
    if title in ("same", "formatting", "subtitle", "near"):
        out["title"] = "agrees"
    elif title in ("other", "words", "sharp"):
        out["title"] = "differs" if title != "words" or comparison.title.score < 0.8 else ""
    first = comparison.authors.first
    out["author"] = "agrees" if first in ("same", "spelling") else "differs" if first in ("other", "order") else ""
    container = comparison.container.kind
    out["container"] = "agrees" if container in ("same", "abbreviated") else "differs" if container == "differs" else ""
    for part, value in (("year", numbers.year), ("volume", numbers.volume), ("page", numbers.first_page)):
        out[part] = "agrees" if value == "same" else "differs" if value in ("differs", "slip") else ""
    return out


def observations(comparison: Comparison) -> list[str]:
    """The named pieces of evidence, in words that stand in `weights.json`."""
    title, authors, numbers = comparison.title, comparison.authors, comparison.numbers
    kind = title.kind
    if kind in ("same", "formatting", "near", "subtitle"):
        size = "short" if title.length <= 2 else "medium" if title.length <= 4 else "long"
        kind = f"{'same' if kind == 'formatting' else kind}:{size}"
    elif kind in ("words", "sharp", "extended"):
        kind = f"{kind}:{'high' if title.score >= 0.85 else 'middle' if title.score >= 0.65 else 'low'}"
    shared = "-"
    if authors.printed > 1:
        share = authors.shared
        shared = "all" if share > 0.99 else "most" if share >= 0.6 else "some" if share > 0 else "none"
    standing = parts(comparison)
    agree = sum(v == "agrees" for v in standing.values())
    differ = sum(v == "differs" for v in standing.values())
    titled = "titled" if title.kind not in ("unprinted", "unrecorded") else "untitled"
    out = [
        f"title={kind}",
        f"first={authors.first}",
        f"shared={shared}",
        f"container={comparison.container.kind}",
        f"year={numbers.year}",
        f"volume={_volume(comparison)}",
        f"issue={numbers.issue}",
        f"page={_page(comparison)}",
        f"last={numbers.last_page}",
        f"doi={comparison.doi}",
        f"held={comparison.held}",
        f"{titled} agree={agree}",
        f"{titled} differ={differ}",
    ]
    locator = [standing[p] for p in ("container", "volume", "page")]
    if locator.count("differs") >= 2 and "agrees" not in locator:
        out.append("locator=elsewhere")
    elif locator.count("agrees") == 3:
        out.append("locator=same")
    # A wrong first author is a slip where title and place agree, and another work where neither does.
    place = "agrees" if locator.count("agrees") > 1 and "differs" not in locator else ""
    place = "differs" if locator.count("differs") > 1 else place
    out.append(f"title {standing['title'] or '-'}, author {standing['author'] or '-'}, place {place or '-'}")
    if comparison.work.type not in ("article-journal", "article", ""):
        out.append(f"publisher={comparison.container.publisher}")
    if comparison.work.genre in ("component", "journal issue", "journal volume", "journal", "peer review"):
        out.append("type=part")
    if any(n.kind == "notice" for n in comparison.work.notices):
        out.append("type=notice")
    if comparison.work.genre == "preprint":
        out.append("type=preprint")
    if not comparison.work.authors and not comparison.work.editors:
        out.append("nameless")
    return out


def _volume(comparison: Comparison) -> str:
    """How the volume agrees; one numbered by its year says nothing beside the year."""
    kind, work = comparison.numbers.volume, comparison.work
    return f"{kind}:year" if kind == "same" and work.volume == work.year else kind


def _page(comparison: Comparison) -> str:
    """How the first page agrees; one of five figures or more (an article number) is hardly shared by accident, a first
    page 1 by every article that counts its own pages."""
    kind = comparison.numbers.first_page
    first = page_range(comparison.work.pages).first
    if kind != "same":
        return kind
    return f"{kind}:one" if first == "1" else f"{kind}:long" if len(first) >= 5 else kind


@cache
def _model() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(
        files("refcheck.matching").joinpath("weights.json").read_text(encoding="utf-8")
    )
    return loaded


def confidence(comparison: Comparison) -> float:
    """Probability, 0–1, that the record is the one meant.

    Calibrated on held-out references: `weights.json` gives the figures.
    """
    model = _model()
    weights = model["weights"]
    score = model["bias"] + sum(weights.get(o, 0.0) for o in observations(comparison))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def threshold(name: str) -> float:
    """A decision threshold by name, 0–1 (`weights.json`, "thresholds")."""
    return float(_model()["thresholds"][name])
