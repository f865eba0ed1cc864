"""The tables of the mirror and of its runs in moto."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import SYNCS, Run, RunState
from sheaf.platform.clock import rfc3339
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact
from tests.unit.moto_tables import aws_in_moto, make_table

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with aws_in_moto(monkeypatch) as of:
        yield of("dynamodb")


@pytest.fixture
def table(dynamodb: Any) -> Table:
    return make_table(dynamodb, "mirror")


@pytest.fixture
def syncs(dynamodb: Any) -> RunStore:
    return RunStore(make_table(dynamodb, "runs"), "acme", lambda: AT, SYNCS)


@pytest.fixture
def started(syncs: RunStore) -> Callable[..., Run]:
    """Starts the sync of a connection and takes it for a slice; gives its parts what they name."""

    def start(**values: Any) -> Run:
        given = {"kind": "sync", "phase": "time", **values}
        run = Run(
            syncs.new_id("a"),
            "cn_1",
            state=RunState.QUEUED,
            started_at=rfc3339(AT),
            started_by="ada",
            **given,
        )
        transact(syncs.start(run))
        return syncs.take(run.run_id)

    return start
