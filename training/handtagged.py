"""References that people labelled by hand, as training examples."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from labels import Example, example


def read(path: Path) -> Iterator[Example]:
    """The examples of a file of hand-tagged references (one JSON object a line, `segments` joined are the text)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("kind", "reference") != "reference" or not row["segments"]:
                continue
            if made := example(row["segments"], row["source"]):
                yield made
