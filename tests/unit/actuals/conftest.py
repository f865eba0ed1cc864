"""The mirror's table in moto, and the stores of one connection."""

from collections.abc import Iterator

import pytest

from sheaf.actuals.projector import Projector
from sheaf.actuals.store import ActualsStore
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.tables import Table
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
