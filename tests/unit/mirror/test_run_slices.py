"""A run that cannot go on ends visibly, and is told even if the slice that ended it died."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sheaf.connections import rules
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore
from sheaf.connections.vault import NeedsReauthError
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, StaleSliceError
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Caller, Role
from sheaf.platform.clock import rfc3339
from sheaf.platform.queue import Lane
from sheaf.platform.transactions import transact
from sheaf.tenants.settings import SettingsStore
from tests.unit.moto_tables import aws_in_moto, make_table

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADA = Caller("acme", "ada", frozenset({Role.ADMIN}))
CONNECTION = Connection(
    "cn_1", Kind.OAUTH, State.CONNECTED, 0, "", "ada", account_id="77", account_name="Harbour Ltd"
)


class _Desk(ConnectionRunDesk):
    job = "example"

    def require_ready(self, connection: Connection) -> None:
        return

    def lane(self, run: Run) -> Lane:
        return Lane.BULK


class _Slices(ConnectionRunSlices):
    failed_kind = "example_failed"
    failed_text = "The example stopped"
    resume_hint = "Then resume it."
    work_with: Callable[[Run], Run]

    def work(self, connection: Connection, run: Run, time_left: Callable[[], bool]) -> Run:
        return self.work_with(run)

    def tell(self, connection: Connection, run: Run) -> None:
        return


class Scene:
    """One connection with one run, whose slices do what a test says."""

    def __init__(self, table: Any) -> None:
        self.at = AT
        self.runs = RunStore(table, "acme", self.now)
        self.connections = ConnectionStore(table, "acme", self.now)
        self.notices = NoticeStore(table, "acme", self.now)
        tenant = SettingsStore(table, "acme", self.now)
        queue: Any = None
        desk = _Desk(self.runs, self.connections, tenant, queue, self.now)
        self.slices = _Slices(desk, self.connections, self.notices, self.now)
        self.connections.save(CONNECTION)
        run = Run("im_1", "cn_1", "example", RunState.QUEUED, "pull", rfc3339(AT), "ada")
        transact(self.runs.start(run))

    def now(self) -> datetime:
        return self.at

    def slice(self, work: Callable[[Run], Run], last_try: bool = False) -> None:
        self.at += timedelta(minutes=12)  # when a message comes back
        self.slices.work_with = work
        self.slices.slice("im_1", lambda: True, last_try)

    @property
    def run(self) -> Run:
        return self.runs.get("im_1")

    @property
    def told(self) -> dict[str, str]:
        """The notices by kind, each with its text."""
        notices, _ = self.notices.page(ADA, False, 100, None)
        return {one["kind"]: one["text"] for one in notices}


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with aws_in_moto(monkeypatch) as make:
        yield Scene(make_table(make("dynamodb"), "everything"))


def _trips(run: Run) -> Run:
    raise KeyError("a field that nobody thought of")


def test_an_error_of_ours_comes_back_until_the_last_try_ends_the_run_visibly(
    scene: Scene,
) -> None:
    with pytest.raises(KeyError):
        scene.slice(_trips)
    assert (scene.run.state, scene.told) == (RunState.RUNNING, {})

    with pytest.raises(KeyError):
        scene.slice(_trips, last_try=True)

    assert scene.run.state is RunState.FAILED
    assert (scene.run.problem or {})["code"] == "unexpected"
    assert "example_failed" in scene.told
    assert scene.runs.open_of("cn_1") is None, "another run may start"


def test_a_run_fails_where_its_last_checkpoint_stands(scene: Scene) -> None:
    def trips_later(run: Run) -> Run:
        scene.runs.save(replace(run, checkpoint={"page": 7}))
        return _trips(run)

    with pytest.raises(KeyError):
        scene.slice(trips_later, last_try=True)

    assert (scene.run.state, scene.run.checkpoint) == (RunState.FAILED, {"page": 7})


def test_a_slice_that_was_overtaken_does_not_end_the_run_of_another(scene: Scene) -> None:
    def overtaken(run: Run) -> Run:
        scene.at += timedelta(minutes=12)
        scene.runs.take(run.run_id)
        return _trips(run)

    with pytest.raises(KeyError):
        scene.slice(overtaken, last_try=True)

    assert scene.run.state is RunState.RUNNING


def test_a_stale_slice_is_no_error_of_ours(scene: Scene) -> None:
    def stale(run: Run) -> Run:
        raise StaleSliceError

    with pytest.raises(StaleSliceError):
        scene.slice(stale, last_try=True)

    assert (scene.run.state, scene.told) == (RunState.RUNNING, {})


def test_a_run_that_failed_untold_is_told_by_the_next_message(scene: Scene) -> None:
    taken = scene.runs.take("im_1")
    problem = rules.problem_of(NeedsReauthError("cn_1")).document()
    scene.runs.save(replace(taken, state=RunState.FAILED, problem=problem), release=True)

    for _ in range(2):
        with pytest.raises(StaleSliceError):
            scene.slice(_trips)

    assert list(scene.told) == ["example_failed"]
    assert problem["detail"] in scene.told["example_failed"]


def _lost(run: Run) -> Run:
    raise NeedsReauthError("cn_1")


def test_a_connection_that_needs_a_person_is_told_with_its_reason(scene: Scene) -> None:
    def closed(run: Run) -> Run:
        scene.connections.mark_needs_reauth("cn_1", rules.ACCOUNT_NOT_REACHED)
        return _lost(run)

    scene.slice(closed)

    assert "account was closed" in scene.told["connection_needs_reauth"]
    assert (scene.run.problem or {})["code"] == "not_connected"
    assert "needs_reauth" in scene.told["example_failed"]


def test_a_connection_that_somebody_disconnects_is_not_told_as_refused(scene: Scene) -> None:
    def disconnected(run: Run) -> Run:
        connection = scene.connections.get("cn_1")
        scene.connections.save(replace(connection, state=State.DISCONNECTED))
        return _lost(run)

    scene.slice(disconnected)

    assert list(scene.told) == ["example_failed"]
    assert "disconnected" in scene.told["example_failed"]
    assert (scene.run.problem or {})["next_step"] == "Reconnect Harvest first."
