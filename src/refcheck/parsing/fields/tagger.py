"""The trained model: tokens of an entry in, one label a token and a probability out."""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from refcheck.parsing.fields.features import FeatureTable
from refcheck.parsing.fields.tokens import Token

# AUTHOR GROUP TITLE JOURNAL BOOK SERIES DATE VOLUME ISSUE PAGES PUBLISHER PLACE EDITOR EDITION ID GENRE NOTE NUMBER O.
# Within the model, what belongs to no field remembers the field before it ("O>TITLE"): a linear chain sees one label
# back, and would forget at every full stop what it has just read.
OUTSIDE = "O"


#: The tagger holds one sequence at a time: two threads would read each other's entries.
_TURN = threading.Lock()


class Tagging(NamedTuple):
    """A label for each token, and the model's probability, 0–1, of this whole sequence."""

    labels: list[str]
    probability: float


@lru_cache(maxsize=1)
def _model() -> bytes:
    return zlib.decompress(
        resources.files("refcheck.parsing.fields").joinpath("model", "references.crf.z").read_bytes()
    )


@lru_cache(maxsize=1)
def _tagger() -> Any:
    # Imported here: a program that only looks things up need not load the native library.
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(_model())  # it keeps a bare pointer: the bytes must outlive it, hence their own cache
    return tagger


@lru_cache(maxsize=1)
def _features() -> FeatureTable:
    return FeatureTable(weighted_features(_model()))


def weighted_features(model: bytes) -> frozenset[bytes] | None:
    """The features a CRFsuite model gives a weight, read from its own table; None where its layout is unknown.

    The layout is that of CRFsuite 0.12 (`crf1d_model.c`, `cqdb.c`): twelve words of header, the tenth the offset of the
    attribute table, which holds a list of the offsets of its records (number, size, name).
    """
    if len(model) < 48 or model[:4] != b"lCRF":
        return None
    table = struct.unpack_from("<12I", model)[9]
    if model[table : table + 4] != b"CQDB":
        return None
    size, offset = struct.unpack_from("<2I", model, table + 16)
    read = struct.Struct("<I").unpack_from
    names = []
    for record in struct.unpack_from(f"<{size}I", model, table + offset):
        at = table + record
        names.append(model[at + 8 : at + 7 + read(model, at + 4)[0]])
    return frozenset(names)


@lru_cache(maxsize=1)
def calibration() -> dict[str, tuple[tuple[float, float], ...]]:
    """For each degree of completeness, pairs (model probability, share of entries read fully right), ascending.

    They were measured on held-out references when the model was trained.
    """
    raw = resources.files("refcheck.parsing.fields").joinpath("model", "calibration.json").read_text(encoding="utf-8")
    return {kind: tuple((float(x), float(y)) for x, y in points) for kind, points in json.loads(raw).items()}


def tag(text: str, tokens: Sequence[Token]) -> Tagging:
    """Label the tokens of one entry.

    >>> from refcheck.parsing.fields.tokens import tokenise
    >>> text = "Lee J, Kim H. Exosome therapy for wounds. Lancet. 2020;5(4):11-19."
    >>> tagging = tag(text, tokenise(text))
    >>> tagging.labels[0], len(tagging.labels) == len(tokenise(text)), 0 < tagging.probability <= 1
    ('AUTHOR', True, True)
    """
    if not tokens:
        return Tagging([], 0.0)
    rows = _features()(text, tokens)
    with _TURN:
        tagger = _tagger()
        tagger.set(rows)
        remembering = tagger.tag()
        probability = float(tagger.probability(remembering))
    labels = [OUTSIDE if label.startswith("O>") else label for label in remembering]
    return Tagging(labels, probability)
