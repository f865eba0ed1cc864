"""Resuming a failed sync: it goes on where it stood, unless a later one has read Harvest since."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sheaf.connections.records import Connection
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import SYNCS, Run, RunState
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_phases import SyncKind
from sheaf.platform.problems import Problem
from tests.unit.mirror.fake_harvest import AT
from tests.unit.moto_tables import aws_in_moto, make_table


class Desk(SyncDesk):
    """A desk of connections that are always ready, on a clock that can be moved."""

    def __init__(self, table: Any) -> None:
        self.at = AT
        self.sent: list[Any] = []
        connections: Any = SimpleNamespace(get=lambda _: None)
        queue: Any = SimpleNamespace(send=lambda job, lane: self.sent.append(job))
        tenant: Any = None
        runs = RunStore(table, "acme", lambda: self.at, SYNCS)
        super().__init__(runs, connections, tenant, queue, lambda: self.at)

    def require_ready(self, connection: Connection) -> None:
        return

    def ended(self, connection_id: str, state: RunState) -> Run:
        """A sync that has ended like this; a minute passes."""
        run = self.start("ada", connection_id, SyncKind.SYNC)
        taken = replace(self.runs.take(run.run_id), state=state)
        self.runs.save(taken, release=True)
        self.at += timedelta(minutes=1)
        return self.runs.get(run.run_id)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with aws_in_moto(monkeypatch) as make:
        yield Desk(make_table(make("dynamodb"), "runs"))


def test_a_failed_sync_is_not_resumed_once_a_later_one_has_read_everything(desk: Desk) -> None:
    monday = desk.ended("cn_1", RunState.FAILED)
    later = desk.ended("cn_1", RunState.DONE)
    desk.ended("cn_1", RunState.FAILED)

    with pytest.raises(Problem) as refused:
        desk.resume(monday.run_id)

    assert (refused.value.status, refused.value.code) == (409, "run_overtaken")
    assert refused.value.members["run_id"] == later.run_id
    assert desk.runs.get(monday.run_id).state is RunState.FAILED


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda desk: desk.ended("cn_1", RunState.FAILED),
        lambda desk: desk.ended("cn_2", RunState.DONE),
        lambda _: None,
    ],
    ids=["failed too", "of another connection", "nothing"],
)
def test_a_failed_sync_goes_on_while_nothing_has_overtaken_it(
    desk: Desk, meanwhile: Callable[[Desk], Any]
) -> None:
    desk.ended("cn_1", RunState.DONE)
    failed = desk.ended("cn_1", RunState.FAILED)
    meanwhile(desk)

    assert desk.resume(failed.run_id).state is RunState.QUEUED


def test_runs_are_looked_through_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sheaf.mirror.run_store._LOOKED_AT", 1)
    failed = desk.ended("cn_1", RunState.FAILED)
    later = desk.ended("cn_1", RunState.DONE)
    desk.ended("cn_2", RunState.DONE)

    assert desk.runs.done_since(failed) == later.run_id
    assert desk.runs.done_since(later) is None


def test_a_repeated_request_finds_its_run_also_when_that_has_ended(desk: Desk) -> None:
    first = desk.start("ada", "cn_1", SyncKind.SYNC, subject="5ub1ec7-of-the-key")
    found = desk.started("cn_1", "5ub1ec7-of-the-key")
    assert found and found.run_id == first.run_id
    assert len(desk.sent) == 2, "who died may have died before sending"
    desk.runs.save(replace(desk.runs.take(first.run_id), state=RunState.DONE), release=True)

    again = desk.started("cn_1", "5ub1ec7-of-the-key")

    assert (again and again.run_id, again and again.state) == (first.run_id, RunState.DONE)
    assert desk.start("ada", "cn_1", SyncKind.SYNC, subject="5ub1ec7-of-the-key") == again
    assert desk.runs.open_of("cn_1") is None
    for other in ("", "another-of-the-key"):
        assert desk.started("cn_1", other) is None
    assert desk.started("cn_2", "5ub1ec7-of-the-key") is None
    assert desk.start("ada", "cn_1", SyncKind.SYNC, subject="another-of-the-key") != again
