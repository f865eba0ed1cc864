"""Long windows are listed and compared in parts, across slices, and come to the same."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sheaf.mirror import comparing, planning
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.syncing import work
from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import PER_PAGE, Window
from sheaf.platform.tables import Table
from tests.unit.mirror.lists import Lists
from tests.unit.mirror.parts import parts_of
from tests.unit.mirror.rows import BO, KAI, row

ALWAYS: list[list[str | None]] = [[None, None]]
ENTRIES = [
    row(
        n,
        user={"id": BO if n % 2 else KAI},
        project={"id": 21 + n % 3},
        spent_date=(date(2026, 1, 1) + timedelta(days=n)).isoformat(),
    )
    for n in range(59, -1, -1)
]


class Synced:
    """A connection whose mirror has 60 entries, one a day, of two people and three projects."""

    def __init__(self, table: Table, runs: RunStore, started: Callable[..., Run]) -> None:
        self.table, self.runs, self.started = table, runs, started
        self.harvest = Lists(ENTRIES, per_page=10)
        self.store = TimeStore(table, "acme", "cn_1")
        self.taken_over: list[str] = []
        self.slices = 0
        take(self.store, ENTRIES)

    def counts(self, kind: str, steps: int, **options: Any) -> dict[str, int]:
        """What a run of a kind counts of time entries, zeros left out.

        Its slices ask `steps` times whether there is time left before there is none.
        """
        run = self.started(kind=kind, phase="sweep", options=options)

        def taken_over(project_id: str, _: Window, __: datetime) -> None:
            self.taken_over.append(project_id)

        parts = parts_of(self.harvest, self.table, self.runs, self.store, {BO, KAI}, taken_over)
        while run.state == "running":
            left = iter(range(steps))
            run = work(parts, run, lambda left=left: next(left, None) is not None)  # type: ignore[misc]
            self.slices += 1
            if run.state == "running":
                run = self.runs.take(run.run_id)
        counts = self.runs.get(run.run_id).counts
        return {name.removeprefix("time_"): int(n) for name, n in counts.items() if n}


@pytest.fixture
def synced(
    table: Table,
    syncs: RunStore,
    started: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
) -> Synced:
    """Windows of a page of ten entries, compared a person-month at a time."""
    monkeypatch.setattr(planning, "PAGES_IN_WINDOW", 10 / PER_PAGE)
    monkeypatch.setattr("sheaf.mirror.windows.PER_PAGE", 10)
    monkeypatch.setattr("sheaf.mirror.windows.PAGES_IN_WINDOW", 1)
    monkeypatch.setattr(comparing, "_AT_A_TIME", 1)
    return Synced(table, syncs, started)


@pytest.mark.parametrize("steps", [1_000, 1])
def test_a_sweep_without_dates_is_cut_and_compares_everything_once(
    synced: Synced, steps: int
) -> None:
    for gone in (7, 33):
        synced.harvest.delete(gone)

    found = synced.counts("sweep", steps, windows=ALWAYS)

    assert found == {"seen": 58, "compared": 60, "removed": 2}
    assert {synced.store.get(7), synced.store.get(33)} == {None}
    assert synced.harvest.shown.count(1) > 5, "windows of their own, none of them read twice"
    assert (synced.slices > 10) is (steps == 1)


def test_the_time_of_a_project_is_compared_once_however_much_moved_away(synced: Synced) -> None:
    for one in [entry for entry in ENTRIES if entry["project"]["id"] == 21][:18]:
        synced.harvest.rows[synced.harvest.rows.index(one)] = {**one, "project": {"id": 22}}
    synced.harvest.delete(0)

    options = {"windows": ALWAYS, "harvest_ids": [21], "project_id": "pr_1"}
    found = synced.counts("project", 1, **options)

    assert found == {"seen": 1, "compared": 20, "removed": 1, "moved": 18}
    assert synced.taken_over == ["pr_1"]
    assert synced.slices > 3
