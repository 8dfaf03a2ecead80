"""Each target holds: on its samples, on what once broke it (`fixtures/fuzz`), and on a few inputs near the samples."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.mutation import near
from tests.fuzz.targets import TARGETS
from tests.work import no_hang

FOUND = sorted((Path(__file__).parents[2] / "fixtures" / "fuzz").glob("*/*"))


@pytest.mark.parametrize("name", TARGETS)
def test_it_holds_on_its_samples(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("path", FOUND, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_what_broke_it_once_no_longer_does(path: Path) -> None:
    with no_hang():
        TARGETS[path.parent.name].run(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_it_holds_near_its_samples(name: str) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(near(TARGETS[name].seeds))
    def holds(data: bytes) -> None:
        TARGETS[name].run(data)

    with no_hang():
        holds()
