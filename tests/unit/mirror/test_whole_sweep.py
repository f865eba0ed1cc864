"""The first nightly sweep after reconnecting compares all time, and then they are short again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.mirror.runs import Run, RunState
from sheaf.mirror.sync_jobs import SyncJobs
from sheaf.mirror.sync_phases import SyncKind
from sheaf.mirror.windows import Window
from sheaf.platform.clock import rfc3339
from sheaf.platform.tables import Table

AT = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
EARLIER, LATER = "2026-03-01T09:00:00.000000Z", "2026-03-03T09:00:00.000000Z"
CONNECTION = Connection(
    "cn_1", Kind.OAUTH, State.CONNECTED, 0, "", "ada", account_id="77", unswept_since=EARLIER
)


class Night:
    """The nightly sweep of one connection, whose time begins two years ago."""

    def __init__(self, table: Table) -> None:
        self.connections = ConnectionStore(table, "acme", lambda: AT)
        self.connections.save(CONNECTION)
        self.begun: list[Sequence[Window]] = []
        desk: Any = SimpleNamespace(
            runs=SimpleNamespace(open_of=lambda _: None),
            start=lambda actor, connection_id, kind, windows: self.begun.append(windows),
        )
        nobody: Any = None
        self.jobs = SyncJobs(
            desk,
            self.connections,
            nobody,
            nobody,
            lambda _: date(2024, 3, 1),
            lambda connection, job: AT,
            AT.date,
            lambda _: None,
            lambda: AT,
        )

    def sweep(self) -> Sequence[Window]:
        self.jobs.scheduled("cn_1", JobKind.SWEEP)
        return self.begun[-1]

    def ended(self, windows: Sequence[Window], state: RunState = RunState.DONE) -> None:
        days = [
            [
                one.first.isoformat() if one.first else None,
                one.last.isoformat() if one.last else None,
            ]
            for one in windows
        ]
        kind, options = SyncKind.SWEEP.value, {"windows": days}
        run = Run("sy_1", "cn_1", kind, state, "end", rfc3339(AT), "schedule", options)
        self.jobs.tell(self.connections.get("cn_1"), run)

    @property
    def unswept_since(self) -> str:
        return self.connections.get("cn_1").unswept_since


@pytest.fixture
def night(table: Table) -> Night:
    return Night(table)


def test_the_first_sweep_after_reconnecting_is_a_whole_one_and_the_next_is_not(
    night: Night,
) -> None:
    whole = night.sweep()
    assert (whole[0].last, whole[-1].first) == (None, None)
    assert len(whole) > 10

    night.ended(whole)
    night.ended(whole)

    assert night.unswept_since == ""
    assert len(night.sweep()) == 2


@pytest.mark.parametrize("windows", [[Window(date(2026, 1, 1), None)], [Window(None, AT.date())]])
def test_a_sweep_of_some_days_is_no_whole_one(night: Night, windows: list[Window]) -> None:
    night.ended(windows)

    assert night.unswept_since == EARLIER


def test_a_sweep_that_began_before_another_reconnecting_does_not_count(night: Night) -> None:
    whole = night.sweep()
    night.connections.save(replace(night.connections.get("cn_1"), unswept_since=LATER))

    night.ended(whole)

    assert night.unswept_since == LATER
