"""A machine that is too slow for a cluster, or cannot have one, is no defect: the tests are skipped and say why."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.cluster.nodes import Unavailable


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    try:
        return (yield)
    except Unavailable as why:
        pytest.skip(f"no cluster, or too slow a one: {why}")
