"""What is missing in a complete list is believed to be gone only as far as Harvest says so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from sheaf.mirror import comparing
from sheaf.mirror.comparing import compare
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.sweeping import ASKED, projects_to_ask, too_many
from sheaf.mirror.taking import take
from sheaf.mirror.time_entries import time_entry
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.walking import Walk, Walker
from sheaf.mirror.windows import Window
from sheaf.platform.tables import Table
from tests.unit.mirror.lists import Lists
from tests.unit.mirror.parts import parts_of
from tests.unit.mirror.rows import BO, KAI, row

MARCH = Window(date(2026, 3, 1), date(2026, 3, 31))
Started = Callable[..., Run]


@pytest.fixture
def store(table: Table) -> TimeStore:
    return TimeStore(table, "acme", "cn_1")


@dataclass
class Sweeps:
    """Comparisons with what a list showed; `slices` counts those that the last one took."""

    table: Table
    store: TimeStore
    runs: RunStore
    started: Started
    slices: int = 0

    def begin(
        self, seen: set[int], window: Window = MARCH, asked: dict[str, str] | None = None
    ) -> Run:
        """A run whose walk over the window has shown these entries."""
        walk = Walk("sweep", [window], asked or {})
        run = self.started(kind="sweep", phase="sweep", checkpoint={"walk": walk.start()})
        self.runs.parts.put(run.run_id, "seen#sweep#0000#00000", sorted(seen))
        return run

    def work(
        self,
        run: Run,
        harvest: Lists,
        time_left: Callable[[], bool] = lambda: True,
        users: tuple[int, ...] = (),
        **how: Any,
    ) -> dict[str, int]:
        """Slice after slice from what is saved; what it counts of time entries, zeros left out."""
        parts = parts_of(harvest, self.table, self.runs, self.store, users=users)
        walker = Walker(parts.client, self.store, self.runs)
        complete, self.slices = False, 0
        while not complete:
            run = self.runs.get(run.run_id)
            run, complete = compare(parts, run, walker, time_left, **how)
            self.runs.save(run)
            self.slices += 1
        counts = self.runs.get(run.run_id).counts
        return {name.removeprefix("time_"): int(n) for name, n in counts.items() if n}

    def sweep(self, harvest: Lists, seen: set[int], **how: Any) -> dict[str, int]:
        return self.work(self.begin(seen), harvest, **how)


@pytest.fixture
def sweeps(table: Table, store: TimeStore, syncs: RunStore, started: Started) -> Sweeps:
    return Sweeps(table, store, syncs, started)


def everywhere(store: TimeStore) -> set[tuple[int, str]]:
    return {
        (entry.entry_id, entry.place.day)
        for user_id, month in store.months()
        for entry in store.in_month(user_id, month)
    }


def test_a_deleted_entry_goes_once_harvest_says_that_it_is_not_there(sweeps: Sweeps) -> None:
    take(sweeps.store, [row(1), row(2)])
    harvest = Lists([row(1)])

    assert sweeps.sweep(harvest, {1}) == {"compared": 2, "removed": 1}
    assert everywhere(sweeps.store) == {(1, "2026-03-02")}
    assert harvest.asked == ["/time_entries/2"]


def test_an_entry_that_moved_out_of_the_window_is_taken_at_its_new_day(sweeps: Sweeps) -> None:
    take(sweeps.store, [row(1), row(2)])
    harvest = Lists([row(1), row(2, spent_date="2026-04-07")])

    assert sweeps.sweep(harvest, {1}) == {"compared": 2, "moved": 1}
    assert everywhere(sweeps.store) == {(1, "2026-03-02"), (2, "2026-04-07")}


def test_a_copy_left_behind_at_an_old_place_goes_without_a_question(sweeps: Sweeps) -> None:
    take(sweeps.store, [row(1, spent_date="2026-03-09")])
    stale = time_entry(row(1, spent_date="2026-03-02"))
    sweeps.table.put(sweeps.store._item(stale))  # a walk that met the entry twice left this
    harvest = Lists([row(1, spent_date="2026-03-09")])

    assert sweeps.sweep(harvest, {1}) == {"compared": 2, "leftovers": 1}
    assert everywhere(sweeps.store) == {(1, "2026-03-09")}
    assert harvest.asked == []


def test_a_deleted_project_takes_its_time_along_with_one_question(sweeps: Sweeps) -> None:
    gone = [row(n, project={"id": 22}) for n in range(1, 200)]
    take(sweeps.store, [*gone, row(900)])
    harvest = Lists([row(900)])

    assert sweeps.sweep(harvest, {900}) == {"compared": 200, "removed": 199}
    assert everywhere(sweeps.store) == {(900, "2026-03-02")}
    assert harvest.asked == ["/projects/22"]


@pytest.mark.parametrize(("accepted", "left"), [(False, 100), (True, 20)])
def test_so_many_at_once_wait_for_an_administrator(
    sweeps: Sweeps, accepted: bool, left: int
) -> None:
    take(sweeps.store, [row(n) for n in range(100)])
    harvest = Lists([row(n) for n in range(20)])

    found = sweeps.sweep(harvest, set(range(20)), accepted=accepted)

    assert found == {"compared": 100, ("removed" if accepted else "held"): 80}
    assert len(everywhere(sweeps.store)) == left


def test_of_many_missing_ones_a_living_one_saves_those_that_were_not_asked_about(
    sweeps: Sweeps,
) -> None:
    take(sweeps.store, [row(n) for n in range(60)])
    missing = set(range(40))
    # The list was incomplete: one of those that it did not show is there.
    harvest = Lists([row(n) for n in range(60) if n not in missing or n == 3])

    found = sweeps.sweep(harvest, set(range(60)) - missing)

    assert found == {"compared": 60, "removed": ASKED - 1, "moved": 1}
    assert len(everywhere(sweeps.store)) == 60 - (ASKED - 1)


def test_while_some_are_alive_the_next_ones_are_asked_about_and_compared_once(
    sweeps: Sweeps,
) -> None:
    take(sweeps.store, [row(n) for n in range(60)])
    missing = set(range(50))
    moved = {n: row(n, project={"id": 22}) for n in missing if n % 2}
    harvest = Lists([moved.get(n, row(n)) for n in range(60) if n not in missing or n in moved])

    run = sweeps.begin(set(range(60)) - missing, MARCH, {"project_id": "21"})
    found = sweeps.work(run, harvest, users=(BO,), passes=25)

    assert found == {"compared": 60, "removed": 25, "moved": 25}
    assert len(everywhere(sweeps.store)) == 35


def test_days_outside_the_window_are_let_alone(sweeps: Sweeps) -> None:
    take(sweeps.store, [row(1), row(2, spent_date="2026-04-01"), row(3, spent_date="2026-02-28")])

    assert sweeps.sweep(Lists([]), {1}) == {"compared": 1}
    assert len(everywhere(sweeps.store)) == 3


def test_of_one_project_nothing_else_is_compared(sweeps: Sweeps) -> None:
    take(
        sweeps.store,
        [
            row(1),
            row(2),
            row(3, project={"id": 22}),
            row(4, user={"id": KAI}),
        ],
    )
    harvest = Lists([row(1)])

    run = sweeps.begin({1}, MARCH, {"project_id": "21"})
    assert sweeps.work(run, harvest, users=(BO,)) == {"compared": 2, "removed": 1}

    assert harvest.asked == ["/time_entries/2"]
    assert sweeps.store.get(3) is not None, "another project"
    assert sweeps.store.get(4) is not None, "not among those who worked on it"


def of_four_months(sweeps: Sweeps) -> tuple[Lists, set[int]]:
    """40 entries of two people in four months, of which Harvest has 24; one of these moved."""
    rows = [
        row(n, user={"id": BO if n % 2 else KAI}, spent_date=f"2026-0{1 + n % 4}-05")
        for n in range(40)
    ]
    for one in rows[:6]:
        one["project"] = {"id": 22}
    take(sweeps.store, rows)
    harvest = Lists([one for one in rows if one["id"] >= 16])
    harvest.rows[0] = row(16, user={"id": KAI}, spent_date="2025-12-01")
    return harvest, set(range(17, 40))


def test_however_short_a_slice_is_a_comparison_comes_to_the_same(
    sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_AT_A_TIME", 1)
    harvest, seen = of_four_months(sweeps)
    in_order = everywhere(sweeps.store)

    run = sweeps.begin(seen, Window(date(2026, 1, 1), date(2026, 4, 30)))
    found = sweeps.work(run, harvest, lambda: False)

    assert found == {"compared": 40, "removed": 16, "moved": 1}
    assert sweeps.slices > 4, "one month of a person after the other"
    gone = {place for place in in_order if place[0] <= 16}
    assert everywhere(sweeps.store) == in_order - gone | {(16, "2025-12-01")}
    for prefix in ("seen#", "missing#"):
        assert not list(sweeps.runs.parts.all(run.run_id, prefix))


@pytest.mark.parametrize("dying_at", range(0, 15, 2))
def test_a_slice_that_dies_before_a_checkpoint_is_repeated(
    sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch, dying_at: int
) -> None:
    monkeypatch.setattr(comparing, "_AT_A_TIME", 1)
    harvest, seen = of_four_months(sweeps)
    run = sweeps.begin(seen, Window(date(2026, 1, 1), date(2026, 4, 30)))
    original, calls = sweeps.runs.save, 0

    def dying(run: Run, **how: Any) -> None:
        nonlocal calls
        if calls == dying_at:
            raise KeyboardInterrupt
        calls += 1
        original(run, **how)

    with monkeypatch.context() as patched:
        patched.setattr(sweeps.runs, "save", dying)
        with pytest.raises(KeyboardInterrupt):
            sweeps.work(run, harvest, lambda: False)
    found = sweeps.work(run, harvest)

    assert found == {"compared": 40, "removed": 16, "moved": 1}
    assert len(everywhere(sweeps.store)) == 24


def test_one_question_is_asked_for_a_project_of_which_several_entries_miss() -> None:
    assert projects_to_ask({23: 2, 21: 1, 22: 300}) == [22, 23]


@pytest.mark.parametrize(
    ("missing", "compared", "many"),
    [(50, 50, False), (51, 100, True), (51, 255, False), (52, 255, True), (0, 0, False)],
)
def test_where_many_begins(missing: int, compared: int, many: bool) -> None:
    assert too_many(missing, compared) is many


@pytest.mark.parametrize("dying_after", range(1, 3))
def test_a_sweep_dying_between_its_steps_is_repeated(
    sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch, dying_after: int
) -> None:
    store, harvest = sweeps.store, Lists([row(1)])
    take(store, [row(1), row(2)])
    run = sweeps.begin({1})
    original, calls = store.table.delete_many, 0

    def dying(keys: Any) -> None:
        nonlocal calls
        calls += 1
        original(keys)
        if calls == dying_after:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store.table, "delete_many", dying)
        with pytest.raises(KeyboardInterrupt):
            sweeps.work(run, harvest)
    sweeps.work(run, harvest)

    assert everywhere(store) == {(1, "2026-03-02")}
    assert store.get(2) is None
    assert take(store, [row(2)]).created == 1, "should Harvest show it again, it is news"
