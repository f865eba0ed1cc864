"""A run of the books reads Harvest first: by a sync of its own, whose end hands it on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sheaf.books.ledger.accounts import CHARTS, ChartName
from sheaf.books.runs.desk import BooksDesk
from sheaf.books.runs.phases import FAMILY, BooksPhase
from sheaf.books.runs.reading import read
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import SYNCS, Run, RunState
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_phases import SyncKind
from sheaf.platform.clock import rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import transact
from sheaf.tenants.settings import SettingsStore
from tests.unit.moto_tables import aws_in_moto, make_table

AT = datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
CONNECTION = Connection(
    "cn_1", Kind.OAUTH, State.CONNECTED, 0, "", "ada", account_id="77", modules={"books": True}
)
SETTINGS = BooksSettings(1, "CHF", date(2026, 1, 1), "swiss_sme", CHARTS[ChartName.SWISS].roles)


class Queue:
    """What was handed on."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, job: Any, lane: Any) -> None:
        self.sent.append((job.kind, job.subject))


class Scene:
    """One connection whose books may run, and the syncs that come and go."""

    def __init__(self, table: Any) -> None:
        self.at = AT
        self.queue = Queue()
        queue: Any = self.queue
        self.connections = ConnectionStore(table, "acme", self.now)
        self.connections.save(CONNECTION)
        tenant = SettingsStore(table, "acme", self.now)
        syncs = RunStore(table, "acme", self.now, SYNCS)
        self.syncs = SyncDesk(syncs, self.connections, tenant, queue, self.now)
        self.settings = BooksSettingsStore(table, "acme")
        runs = RunStore(table, "acme", self.now, FAMILY)
        self.desk = BooksDesk(
            runs, self.connections, tenant, queue, self.now, self.settings, self.syncs
        )

    def now(self) -> datetime:
        return self.at

    def begin(self) -> None:
        transact([self.settings.write(SETTINGS)])
        self.desk.start("ada", "cn_1")

    @property
    def run(self) -> Run:
        return self.desk.runs.latest(1, None)[0][0]

    def slice(self) -> bool:
        """One slice; whether Harvest was read."""
        self.at += timedelta(minutes=3)
        taken = self.desk.runs.take(self.run.run_id)
        run, complete = read(self.desk, taken)
        self.desk.runs.save(run, release=True)
        if not complete:
            self.desk.send(run)
        return complete

    def end(self, sync: Run, state: RunState = RunState.DONE, **values: Any) -> None:
        """A sync is over, and tells."""
        self.at += timedelta(minutes=3)
        taken = self.syncs.runs.take(sync.run_id)
        ended = replace(taken, state=state, finished_at=rfc3339(self.at), **values)
        self.syncs.runs.save(ended, release=True)
        self.desk.wake("cn_1")

    @property
    def sync(self) -> Run:
        return self.syncs.runs.latest(1, None)[0][0]

    @property
    def handed_on(self) -> int:
        """How often the run of the books was handed on."""
        return len([kind for kind, _ in self.queue.sent if kind == "books_slice"])


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with aws_in_moto(monkeypatch) as make:
        yield Scene(make_table(make("dynamodb"), "everything"))


def test_a_run_waits_for_a_sync_of_its_own_and_the_syncs_end_hands_it_on(scene: Scene) -> None:
    scene.begin()
    assert scene.handed_on == 1

    assert not scene.slice()
    assert (scene.sync.started_by, scene.sync.kind) == ("books", SyncKind.SWEEP)
    assert scene.handed_on == 1, "it does not go round while it waits"

    scene.end(scene.sync)
    assert scene.handed_on == 2
    assert scene.slice()


def test_a_sync_that_somebody_else_began_is_waited_for_and_followed_by_its_own(
    scene: Scene,
) -> None:
    other = scene.syncs.start("ben", "cn_1", SyncKind.SYNC)
    scene.begin()
    assert not scene.slice()

    scene.end(other)
    assert not scene.slice()
    assert (scene.sync.run_id != other.run_id, scene.sync.started_by) == (True, "books")
    scene.end(scene.sync)

    assert scene.slice()


def test_a_slice_that_is_repeated_finds_the_sync_that_it_began(scene: Scene) -> None:
    scene.begin()
    taken = scene.desk.runs.take(scene.run.run_id)
    read(scene.desk, taken)  # and dies before it is saved
    scene.at += timedelta(minutes=3)

    assert not scene.slice()

    assert len(scene.syncs.runs.latest(10, None)[0]) == 1
    scene.end(scene.sync)
    assert scene.slice()


def test_a_sync_that_ends_before_the_run_was_seen_waiting_does_not_leave_it_waiting(
    scene: Scene,
) -> None:
    scene.begin()
    taken = scene.desk.runs.take(scene.run.run_id)
    run, _ = read(scene.desk, taken)
    sync = scene.syncs.runs.take(scene.sync.run_id)
    scene.syncs.runs.save(replace(sync, state=RunState.DONE), release=True)
    scene.desk.wake("cn_1")
    assert scene.handed_on == 1
    scene.desk.runs.save(run, release=True)

    scene.desk.send(run)

    assert scene.handed_on == 2


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (RunState.FAILED, "Harvest could not be read: Harvest is away."),
        (RunState.CANCELLED, "Harvest could not be read: the sync is cancelled."),
    ],
)
def test_a_sync_that_fails_stops_the_run_and_resuming_reads_anew(
    scene: Scene, state: RunState, says: str
) -> None:
    scene.begin()
    scene.slice()
    failed = scene.sync
    if state is RunState.FAILED:
        scene.end(failed, state, problem={"detail": "Harvest is away.", "next_step": "Wait."})
    else:
        scene.syncs.cancel(failed.run_id)
        scene.desk.wake("cn_1")

    with pytest.raises(Problem) as stopped:
        scene.slice()

    assert stopped.value.detail == says
    scene.at += timedelta(minutes=3)
    assert not scene.slice()
    assert scene.sync.run_id != failed.run_id
    scene.end(scene.sync)
    assert scene.slice()


@pytest.mark.parametrize(
    ("change", "begun", "code"),
    [
        ({}, False, "books_not_begun"),
        ({"modules": {"books": False}}, True, "module_off"),
        ({"state": State.NEEDS_REAUTH}, True, "not_connected"),
    ],
)
def test_a_run_says_what_it_lacks(
    scene: Scene, change: dict[str, Any], begun: bool, code: str
) -> None:
    if begun:
        transact([scene.settings.write(SETTINGS)])
    if change:
        stored = scene.connections.get("cn_1")
        scene.connections.save(replace(stored, **change))

    with pytest.raises(Problem) as refused:
        scene.desk.start("ada", "cn_1")

    assert refused.value.code == code
    assert scene.queue.sent == []


def test_a_run_begins_with_reading(scene: Scene) -> None:
    scene.begin()

    assert scene.run.phase == BooksPhase.SYNC
