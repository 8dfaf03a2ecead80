"""CRFsuite 0.12 models as weights by name, and back: to average several, and to leave out what weighs nothing.

The layout is that of `crf1d_model.c` and `cqdb.c`: a header of twelve words, the features (kind, source, target,
weight), the names of the labels and of the attributes (each a table that finds names by hash), and for each label and
each attribute the features that begin there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

STATE, TRANSITION = 0, 1
_TABLES = 256
_BYTE_ORDER = 0x62445371


class Weights(NamedTuple):
    """A model: labels in the order of their numbers, and the weights of what it knows."""

    labels: list[str]
    states: dict[str, dict[str, float]]  # attribute -> label -> weight
    transitions: dict[tuple[str, str], float]


def read(model: bytes) -> Weights:
    """The weights of a model."""
    header = struct.unpack_from("<12I", model)
    features, labels, attributes = header[7], _names(model, header[8]), _names(model, header[9])
    states: dict[str, dict[str, float]] = {name: {} for name in attributes}
    transitions: dict[tuple[str, str], float] = {}
    (number,) = struct.unpack_from("<I", model, features + 8)
    for kind, source, target, weight in struct.iter_unpack("<3Id", model[features + 12 : features + 12 + 20 * number]):
        if kind == STATE:
            states[attributes[source]][labels[target]] = weight
        else:
            transitions[labels[source], labels[target]] = weight
    return Weights(labels, states, transitions)


def _names(model: bytes, table: int) -> list[str]:
    size, offset = struct.unpack_from("<2I", model, table + 16)
    names = []
    for record in struct.unpack_from(f"<{size}I", model, table + offset):
        (length,) = struct.unpack_from("<I", model, table + record + 4)
        names.append(model[table + record + 8 : table + record + 7 + length].decode())
    return names


def averaged(models: Sequence[Weights], least: float) -> Weights:
    """The mean of the models' weights: a pool of their opinions in one model of the usual cost. Attributes none of
    whose weights reaches `least` are left out."""
    share = 1 / len(models)
    states: dict[str, dict[str, float]] = {}
    transitions: dict[tuple[str, str], float] = {}
    for model in models:
        for name, weights in model.states.items():
            mean = states.setdefault(name, {})
            for label, weight in weights.items():
                mean[label] = mean.get(label, 0.0) + share * weight
        for pair, weight in model.transitions.items():
            transitions[pair] = transitions.get(pair, 0.0) + share * weight
    kept = {name: weights for name, weights in states.items() if max(map(abs, weights.values()), default=0) >= least}
    return Weights(models[0].labels, kept, transitions)


def written(weights: Weights, bits: int) -> bytes:
    """The weights as a model; `bits` of the mantissa of each are kept (the rest are zeros, which compress well)."""
    label = {name: k for k, name in enumerate(weights.labels)}
    records: list[bytes] = []
    from_label: list[list[int]] = [[] for _ in label]
    from_attribute: list[list[int]] = []
    for k, row in enumerate(weights.states.values()):
        from_attribute.append(list(range(len(records), len(records) + len(row))))
        records += [_feature(STATE, k, label[target], weight, bits) for target, weight in row.items()]
    for (source, target), weight in weights.transitions.items():
        from_label[label[source]].append(len(records))
        records.append(_feature(TRANSITION, label[source], label[target], weight, bits))
    features = struct.pack("<4s2I", b"FEAT", 12 + 20 * len(records), len(records)) + b"".join(records)
    chunks: list[bytes] = []
    offsets: list[int] = []
    at = 48

    def add(chunk: bytes) -> None:
        nonlocal at
        offsets.append(at)
        chunks.append(chunk)
        at += len(chunk)

    add(features)
    add(_table(weights.labels))
    add(_table(weights.states))
    add(bytes(-at % 4))
    offsets.pop()
    add(_references(b"LFRF", [*from_label, None, None], at))  # what begins before the first token, and ends it: nothing
    add(_references(b"AFRF", from_attribute, at))
    numbers = (0, len(label), len(weights.states))
    return struct.pack("<4sI4s9I", b"lCRF", at, b"FOMC", 100, *numbers, *offsets) + b"".join(chunks)


def _feature(kind: int, source: int, target: int, weight: float, bits: int) -> bytes:
    (word,) = struct.unpack("<Q", struct.pack("<d", weight))
    low = 52 - bits
    return struct.pack("<3IQ", kind, source, target, (word + (1 << low >> 1)) >> low << low)


def _references(name: bytes, lists: Sequence[Sequence[int] | None], start: int) -> bytes:
    offsets = []
    parts = []
    at = start + 12 + 4 * len(lists)
    for numbers in lists:
        offsets.append(at if numbers is not None else 0)
        if numbers is None:
            continue
        parts.append(struct.pack(f"<{1 + len(numbers)}I", len(numbers), *numbers))
        at += len(parts[-1])
    body = struct.pack(f"<{len(offsets)}I", *offsets) + b"".join(parts)
    return struct.pack("<4s2I", name, 12 + len(body), len(lists)) + body


def _table(names: Iterable[str] | Mapping[str, object]) -> bytes:
    """A constant table from names to their numbers and back."""
    begin = 24 + 8 * _TABLES
    records: list[bytes] = []
    backward: list[int] = []
    hashed: list[list[tuple[int, int]]] = [[] for _ in range(_TABLES)]
    at = begin
    for k, name in enumerate(names):
        key = name.encode() + b"\0"
        value = _hash(key)
        hashed[value % _TABLES].append((value, at))
        backward.append(at)
        records.append(struct.pack("<2I", k, len(key)) + key)
        at += len(records[-1])
    heads: list[bytes] = []
    buckets: list[bytes] = []
    for entries in hashed:
        size = 2 * len(entries)
        heads.append(struct.pack("<2I", at if size else 0, size))
        slots = [(0, 0)] * size
        for value, place in entries:
            k = (value >> 8) % size
            while slots[k][1]:
                k = (k + 1) % size
            slots[k] = (value, place)
        buckets += [struct.pack("<2I", *slot) for slot in slots]
        at += 8 * size
    tail = struct.pack(f"<{len(backward)}I", *backward)
    head = struct.pack("<4s5I", b"CQDB", at + len(tail), 0, _BYTE_ORDER, len(backward), at)
    return head + b"".join(heads) + b"".join(records) + b"".join(buckets) + tail


def _hash(key: bytes) -> int:
    """Bob Jenkins's lookup3 (`hashlittle`, public domain)."""
    mask = 0xFFFFFFFF

    def turned(x: int, k: int) -> int:
        return (x << k | x >> (32 - k)) & mask

    a = b = c = (0xDEADBEEF + len(key)) & mask
    at = 0
    while len(key) - at > 12:
        x, y, z = struct.unpack_from("<3I", key, at)
        a, b, c = (a + x) & mask, (b + y) & mask, (c + z) & mask
        for k in (4, 6, 8, 16, 19, 4):
            a = ((a - c) & mask) ^ turned(c, k)
            c = (c + b) & mask
            a, b, c = b, c, a
        at += 12
    x, y, z = struct.unpack("<3I", key[at:].ljust(12, b"\0"))
    a, b, c = (a + x) & mask, (b + y) & mask, (c + z) & mask
    for k in (14, 11, 25, 16, 4, 14, 24):
        c = ((c ^ b) - turned(b, k)) & mask
        a, b, c = b, c, a
    return b
