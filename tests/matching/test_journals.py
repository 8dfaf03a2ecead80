"""Which printed names may stand for which recorded ones: a table that editors can extend."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from refcheck.matching.journals import container_level
from refcheck.model import Level

TABLE = tomllib.loads((Path(__file__).parents[2] / "fixtures" / "match" / "containers.toml").read_text("utf-8"))


@pytest.mark.parametrize(("printed", "recorded"), TABLE["same"])
def test_names_of_one_journal(printed: str, recorded: str) -> None:
    assert container_level(printed, [recorded])[0] in (Level.SAME, Level.FORMATTING)


@pytest.mark.parametrize(("printed", "recorded"), TABLE["differs"])
def test_names_of_two_journals(printed: str, recorded: str) -> None:
    assert container_level(printed, [recorded])[0] is Level.DIFFERS


@pytest.mark.parametrize(("printed", "recorded"), TABLE["same"])
def test_any_of_the_recorded_names_is_enough(printed: str, recorded: str) -> None:
    assert container_level(printed, ["Annals of Something Else", recorded])[0] is not Level.DIFFERS
