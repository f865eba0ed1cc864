"""The mirror's table in moto, and the stores of one connection."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sheaf.actuals.projector import Projector
from sheaf.actuals.store import ActualsStore
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.tables import Table
from tests.unit.actuals.directory import IDA, SHOP, TIM
from tests.unit.actuals.scene import Scene
from tests.unit.moto_tables import aws_in_moto, make_table


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    with aws_in_moto(monkeypatch) as of:
        yield make_table(of("dynamodb"), "mirror")


@pytest.fixture
def mirror(table: Table) -> TimeStore:
    return TimeStore(table, "acme", "cn_1")


@pytest.fixture
def store(table: Table) -> ActualsStore:
    return ActualsStore(table, "acme", "cn_1")


@pytest.fixture
def projector(mirror: TimeStore, store: ActualsStore) -> Projector:
    return Projector(mirror, store)


@pytest.fixture
def scene(table: Table) -> Scene:
    """Two people and a project that the directory knows; nothing is tracked yet."""
    made = Scene(table, datetime(2026, 3, 10, 9, tzinfo=UTC))
    made.keep(IDA, TIM, SHOP)
    return made
