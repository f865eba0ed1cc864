"""What is missing in a complete list is believed to be gone only as far as Harvest says so."""

from datetime import date
from typing import Any

import pytest

from sheaf.mirror.sweeping import ASKED, Harvest, OfProject, Sweeper, too_many
from sheaf.mirror.taking import take
from sheaf.mirror.time_entries import time_entry
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import Window
from sheaf.platform.tables import Table
from tests.unit.mirror.rows import BO, KAI, row

MARCH = Window(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def store(table: Table) -> TimeStore:
    return TimeStore(table, "acme", "cn_1")


class Account:
    """Harvest as a sweep asks it: rows by id, and the projects that are there."""

    def __init__(self, rows: list[dict[str, Any]], projects: set[int]) -> None:
        self.rows = {one["id"]: one for one in rows}
        self.projects = projects
        self.asked: list[int] = []

    def entry(self, entry_id: int) -> dict[str, Any] | None:
        self.asked.append(entry_id)
        return self.rows.get(entry_id)

    def sweeper(self, store: TimeStore, accepted: bool = False) -> Sweeper:
        return Sweeper(store, Harvest(self.entry, lambda one: one in self.projects), accepted)


def everywhere(store: TimeStore) -> set[tuple[int, str]]:
    return {
        (entry.entry_id, entry.place.day)
        for user_id, month in store.months()
        for entry in store.in_month(user_id, month)
    }


def test_a_deleted_entry_goes_once_harvest_says_that_it_is_not_there(store: TimeStore) -> None:
    take(store, [row(1), row(2)])
    account = Account([row(1)], {21})

    swept = account.sweeper(store).sweep(MARCH, {1})

    assert (swept.compared, swept.removed, swept.moved, swept.held) == (2, 1, 0, 0)
    assert everywhere(store) == {(1, "2026-03-02")}
    assert account.asked == [2]


def test_an_entry_that_moved_out_of_the_window_is_taken_at_its_new_day(store: TimeStore) -> None:
    take(store, [row(1), row(2)])
    account = Account([row(1), row(2, spent_date="2026-04-07")], {21})

    swept = account.sweeper(store).sweep(MARCH, {1})

    assert (swept.removed, swept.moved) == (0, 1)
    assert everywhere(store) == {(1, "2026-03-02"), (2, "2026-04-07")}


def test_a_copy_left_behind_at_an_old_place_goes_without_a_question(store: TimeStore) -> None:
    take(store, [row(1, spent_date="2026-03-09")])
    stale = time_entry(row(1, spent_date="2026-03-02"))
    store.table.put(store._item(stale))  # a walk that met the entry twice left this
    account = Account([row(1, spent_date="2026-03-09")], {21})

    swept = account.sweeper(store).sweep(MARCH, {1})

    assert (swept.leftovers, swept.removed) == (1, 0)
    assert everywhere(store) == {(1, "2026-03-09")}
    assert account.asked == []


def test_a_deleted_project_takes_its_time_along_with_one_question(store: TimeStore) -> None:
    gone = [row(n, project={"id": 22}) for n in range(1, 200)]
    take(store, [*gone, row(900)])
    account = Account([row(900)], {21})

    swept = account.sweeper(store).sweep(MARCH, {900})

    assert (swept.removed, swept.held) == (199, 0)
    assert everywhere(store) == {(900, "2026-03-02")}
    assert account.asked == []


@pytest.mark.parametrize(("accepted", "left"), [(False, 100), (True, 20)])
def test_so_many_at_once_wait_for_an_administrator(
    store: TimeStore, accepted: bool, left: int
) -> None:
    take(store, [row(n) for n in range(100)])
    account = Account([row(n) for n in range(20)], {21})

    swept = account.sweeper(store, accepted).sweep(MARCH, set(range(20)))

    assert (swept.held, swept.removed) == ((0, 80) if accepted else (80, 0))
    assert len(everywhere(store)) == left


def test_of_many_missing_ones_a_living_one_saves_those_that_were_not_asked_about(
    store: TimeStore,
) -> None:
    take(store, [row(n) for n in range(400)])
    missing = set(range(40))
    # The list was incomplete: one of those that it did not show is there.
    account = Account([row(n) for n in range(400) if n not in missing or n == 3], {21})

    swept = account.sweeper(store).sweep(MARCH, set(range(400)) - missing)

    assert (swept.removed, swept.moved) == (ASKED - 1, 1)
    assert len(everywhere(store)) == 400 - (ASKED - 1)


def test_days_outside_the_window_are_let_alone(store: TimeStore) -> None:
    take(store, [row(1), row(2, spent_date="2026-04-01"), row(3, spent_date="2026-02-28")])

    Account([], set()).sweeper(store).sweep(MARCH, {1})

    assert len(everywhere(store)) == 3


def test_of_one_project_nothing_else_is_compared(store: TimeStore) -> None:
    take(
        store,
        [
            row(1),
            row(2),
            row(3, project={"id": 22}),
            row(4, user={"id": KAI}),
        ],
    )
    account = Account([row(1)], {21, 22})
    of_bo = Sweeper(
        store,
        Harvest(account.entry, lambda one: one in account.projects),
        accepted=False,
        of=OfProject(21, {BO}),
    )

    swept = of_bo.sweep(MARCH, {1})

    assert (swept.compared, swept.removed) == (2, 1)
    assert account.asked == [2]
    assert store.get(3) is not None, "another project"
    assert store.get(4) is not None, "not among those who worked on it"


@pytest.mark.parametrize(
    ("missing", "compared", "many"),
    [(50, 50, False), (51, 100, True), (51, 255, False), (52, 255, True), (0, 0, False)],
)
def test_where_many_begins(missing: int, compared: int, many: bool) -> None:
    assert too_many(missing, compared) is many


@pytest.mark.parametrize("dying_after", range(1, 7))
def test_a_sweep_dying_between_its_steps_is_repeated(
    store: TimeStore, monkeypatch: pytest.MonkeyPatch, dying_after: int
) -> None:
    take(store, [row(1), row(2)])
    account = Account([row(1)], {21})
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
            account.sweeper(store).sweep(MARCH, {1})
    account.sweeper(store).sweep(MARCH, {1})

    assert everywhere(store) == {(1, "2026-03-02")}
    assert store.get(2) is None
    assert take(store, [row(2)]).created == 1, "should Harvest show it again, it is news"
