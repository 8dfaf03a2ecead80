"""What every test can use: the stand-in of Crossref on loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.standin import CrossrefStandin
from tests.standin.works import AGENCIES, ALIASES, SERIES, WORKS


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests of the real services run only where the network was asked for (`make live`), those of a real cluster,
    which need Java, only where they are named (`make cluster`).
    """
    if collection_path.name == "live" and not config.getoption("--force-enable-socket"):
        return True
    if collection_path.name == "cluster" and not any("cluster" in Path(each).parts for each in config.args):
        return True
    return None


@pytest.fixture
def standin() -> Iterator[Callable[..., CrossrefStandin]]:
    """A function that starts a stand-in (over invented records, unless others are given) for the length of a test."""
    with ExitStack() as stack:

        def start(records: Any = (*WORKS, *SERIES), **options: Any) -> CrossrefStandin:
            options = {"aliases": ALIASES, "agencies": AGENCIES, **options}
            return stack.enter_context(CrossrefStandin(records, **options))

        yield start


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the user's settings, or touches the user's cache."""
    for name in [name for name in os.environ if name.startswith("REFCHECK_") and name != "REFCHECK_ACCEPT"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(tmp_path_factory.getbasetemp() / f"cache-{uuid4().hex}"))
