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
