"""Runs every contract test on each data store; known gaps are expected failures, strictly."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract import stores
from tests.contract.gaps import GAPS
from tests.contract.stores import Running
from tests.contract.table import Table

_NUMBERS = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue  # the hook sees the tests of every folder
        if isinstance(item, pytest.Function) and "store" in item.fixturenames:
            gap = GAPS.get((item.originalname, str(item.callspec.params["store"])))
            if gap:
                item.add_marker(pytest.mark.xfail(reason=gap, strict=True))


@pytest.fixture(scope="session", params=stores.chosen())
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def running(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = stores.start(store, tmp_path_factory.mktemp(store))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def client(running: Running) -> Iterator[Any]:
    made = running.client()
    yield made
    made.close()


@pytest.fixture
def table(client: Any, request: pytest.FixtureRequest) -> Table:
    name = re.sub(r"\W", "-", request.node.originalname)[:60]
    return Table.create(client, f"{name}-{next(_NUMBERS)}")
