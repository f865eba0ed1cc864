"""The slices of a sync: what a cursor promises, and what hangs on the first read of a history."""

from dataclasses import replace

import pytest

from sheaf.harvest.errors import ForbiddenError
from sheaf.mirror.runs import ACTIVE, Run, RunState
from sheaf.mirror.streams import TIME
from sheaf.mirror.sync_parts import Parts
from sheaf.mirror.sync_phases import SyncPhase
from sheaf.mirror.syncing import work
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.tables import Table
from tests.unit.mirror.fake_harvest import FakeHarvest, Reading, ever
from tests.unit.mirror.rows import BO, row


class Syncing(Reading):
    """A run that reads time and nothing else; `rebuilt` are the months that it rebuilt."""

    def __init__(self, table: Table, harvest: FakeHarvest) -> None:
        super().__init__(table)
        self.rebuilt: list[tuple[int, str]] = []
        self.parts = Parts(
            client=harvest.client,
            runs=self.runs,
            mirror=self.mirror,
            cursors=self.cursors,
            time_store=lambda bulk: TimeStore(table, "acme", "cn_1", bulk),
            modules=frozenset({"actuals"}),
            rebuild=(lambda user_id, month: self.rebuilt.append((user_id, month)),),
            users_of=lambda _: (),
            taken_over=lambda *_: None,
            now=lambda: self.at,
        )

    def at_time(self) -> Run:
        """The run as it comes to time entries."""
        return replace(self.run, phase=SyncPhase.TIME.value)

    def to_the_end(self, run: Run) -> Run:
        """The run after as many slices as it needs."""
        while run.state in ACTIVE:
            run = work(self.parts, run, ever)
        return run


def test_time_that_a_user_without_rights_was_shown_moves_no_cursor_and_is_read_again(
    table: Table,
) -> None:
    harvest = FakeHarvest({TIME: [[row(1)]]}, roles=("member",))
    syncing = Syncing(table, harvest)
    with pytest.raises(ForbiddenError):
        work(syncing.parts, syncing.at_time(), ever)
    assert syncing.cursors.get(TIME) is None

    harvest.roles = ("administrator",)
    harvest.lists[TIME] = [[row(1), row(2)]]
    run = syncing.to_the_end(syncing.kept())

    assert run.state is RunState.DONE
    assert syncing.parts.time_store(None).get(2) is not None
    assert run.counts["time_seen"] == 4, "the whole history, and what changed meanwhile"
    assert syncing.rebuilt == [(BO, "2026-03")]


def test_what_a_first_import_that_never_ended_has_brought_is_rebuilt_by_a_later_sync(
    table: Table,
) -> None:
    harvest = FakeHarvest({TIME: [[row(1), row(2, spent_date="2026-02-27")]]})
    syncing = Syncing(table, harvest)
    run = work(syncing.parts, syncing.at_time(), ever)
    assert run.phase == SyncPhase.TIME, "the history is read, what changed meanwhile is not yet"
    syncing.runs.cancel(run)
    assert syncing.rebuilt == []

    syncing.begin_another()
    assert syncing.to_the_end(syncing.at_time()).state is RunState.DONE
    assert sorted(syncing.rebuilt) == [(BO, "2026-02"), (BO, "2026-03")]

    syncing.begin_another()
    syncing.to_the_end(syncing.at_time())
    assert len(syncing.rebuilt) == 2, "once"


def test_a_rebuild_that_is_interrupted_goes_on_in_a_later_sync_from_the_beginning(
    table: Table,
) -> None:
    harvest = FakeHarvest({TIME: [[row(1), row(2, spent_date="2026-02-27")]]})
    syncing = Syncing(table, harvest)
    run = replace(work(syncing.parts, syncing.at_time(), ever), phase=SyncPhase.REBUILD.value)
    syncing.runs.save(run)
    run = work(syncing.parts, run, lambda: False)
    assert (len(syncing.rebuilt), run.phase) == (1, SyncPhase.REBUILD)
    syncing.runs.cancel(run)

    syncing.begin_another()
    syncing.to_the_end(syncing.at_time())

    assert sorted(syncing.rebuilt[1:]) == [(BO, "2026-02"), (BO, "2026-03")]
