"""References that people labelled by hand, as training examples."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labels import Example, example

MEASURED = 25  # one in twenty-five, by a hash of its text, is kept for measuring and calibration


def rows(path: Path, *, measuring: bool) -> Iterator[dict[str, Any]]:
    """The rows of a file of hand-tagged references (one JSON object a line), of one fold."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("kind", "reference") != "reference" or not row["segments"]:
                continue
            if (int(hashlib.sha1(row["reference"].encode()).hexdigest(), 16) % MEASURED == 0) == measuring:
                yield row


def read(path: Path) -> Iterator[Example]:
    """The training examples of a file of hand-tagged references (`segments` joined are the text)."""
    for row in rows(path, measuring=False):
        if made := example(row["segments"], row["source"]):
            yield made
