"""Rebuilding: whatever changes come, in whatever order and however often, as the mirror says."""

import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheaf.actuals.events import Dirty, dirty_days
from sheaf.actuals.projecting import project_month
from sheaf.actuals.projector import Projector, rebuild
from sheaf.actuals.records import UserDay, Zero
from sheaf.actuals.store import ActualsStore
from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.tables import Table
from tests.unit.actuals.changing import ChangedMirror
from tests.unit.mirror.rows import BO, KAI, row

_CONNECTIONS = itertools.count(2)


def kept(store: ActualsStore, *months: str) -> dict[tuple[int, str], UserDay]:
    return {
        (user_id, one.day): one
        for user_id in (BO, KAI)
        for month in months or ("2026-02", "2026-03")
        for one in store.month(user_id, month)
    }


def wanted(mirror: TimeStore, *months: str) -> dict[tuple[int, str], UserDay]:
    return {
        (user_id, day): one
        for user_id in (BO, KAI)
        for month in months or ("2026-02", "2026-03")
        for day, one in project_month(mirror.in_month(user_id, month)).items()
    }


def test_a_day_is_written_once_and_goes_with_its_last_entry(
    mirror: TimeStore, store: ActualsStore, projector: Projector
) -> None:
    take(mirror, [row(1), row(2)])

    assert projector.rebuild_day(BO, "2026-03-02")
    assert not projector.rebuild_day(BO, "2026-03-02")
    assert store.day(BO, "2026-03-02") == wanted(mirror)[BO, "2026-03-02"]
    assert store.users_of(21) == {BO}

    for entry_id in (1, 2):
        pointer = mirror.pointers([entry_id])[entry_id]
        mirror.remove([(entry_id, pointer.place)])
    assert projector.rebuild_day(BO, "2026-03-02")
    assert store.day(BO, "2026-03-02") is None
    assert not projector.rebuild_day(BO, "2026-03-02")


def test_a_month_is_rebuilt_as_its_days_are(
    mirror: TimeStore, store: ActualsStore, projector: Projector
) -> None:
    take(mirror, [row(n, spent_date=f"2026-03-{n:02d}") for n in range(1, 29)])
    mirror_before = wanted(mirror)

    assert projector.rebuild_month(BO, "2026-03")
    assert kept(store) == mirror_before
    assert not projector.rebuild_month(BO, "2026-03")


def test_time_takes_the_zero_of_its_day_away(
    mirror: TimeStore, store: ActualsStore, projector: Projector
) -> None:
    days = ("2026-03-02", "2026-03-03")
    assert all(store.set_zero(Zero(day, BO)) for day in days)
    assert not store.set_zero(Zero(days[0], BO)), "it is there"
    take(mirror, [row(1)])

    projector.rebuild_day(BO, days[0])

    assert store.zeros("2026-03") == [Zero(days[1], BO)]
    assert not store.set_zero(Zero(days[0], BO)), "there is time"


def test_what_changes_while_a_day_is_written_is_not_lost(
    mirror: TimeStore, store: ActualsStore, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(mirror, [row(1)])
    write, more = store.write, [row(2), row(3)]

    def interrupted(days: Sequence[UserDay]) -> None:
        write(days)
        if more:
            take(mirror, [more.pop()])

    monkeypatch.setattr(store, "write", interrupted)

    projector.rebuild_day(BO, "2026-03-02")

    assert kept(store) == wanted(mirror)
    assert store.month(BO, "2026-03")[0].parts[0].work.entries == 3


def test_only_entries_make_days_dirty_and_a_bulk_run_only_by_what_it_removes(table: Table) -> None:
    changed = ChangedMirror(table, bulk="sy_1")
    changed.take(row(1))
    assert dirty_days(changed.event()) == set()

    changed.take(row(1, spent_date="2026-03-09"))
    assert dirty_days(changed.event()) == {Dirty("acme", "cn_1", BO, "2026-03-02")}
    assert dirty_days({"Records": []}) == set()


STEPS = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sampled_from([BO, KAI]),
        st.sampled_from(["2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03"]),
        st.sampled_from(["0.25", "1.00", "7.75", ""]),
    ),
    max_size=12,
)


@given(steps=STEPS, order=st.randoms(use_true_random=False), dying=st.integers(0, 6))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_order_and_repetition_of_events_comes_to_what_the_mirror_says(
    table: Table, steps: list[tuple[int, int, str, str]], order: Any, dying: int
) -> None:
    """Events come mixed, twice and in parts; the consumer dies once and is given them again."""
    connection_id = f"cn_{next(_CONNECTIONS)}"
    changed = ChangedMirror(table, connection_id=connection_id)
    store = ActualsStore(table, "acme", connection_id)
    for entry_id, user_id, day, hours in steps:
        if hours:
            changed.take(row(entry_id, user={"id": user_id}, spent_date=day, hours=Decimal(hours)))
        else:
            changed.remove(entry_id)
    records = [*changed.records, *order.sample(changed.records, min(3, len(changed.records)))]
    order.shuffle(records)
    batches = [records[start::2] for start in (0, 1)]

    for batch in batches:
        for budget in (dying, 10_000):
            projector = _Mortal(changed.store, store, budget)
            try:
                rebuild(dirty_days({"Records": batch}), lambda *_, of=projector: of)
            except KeyboardInterrupt:
                continue
            break

    assert kept(store) == wanted(changed.store)


@given(steps=STEPS, order=st.randoms(use_true_random=False))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_rebuilding_between_and_amid_changes_comes_to_what_the_mirror_says(
    table: Table, steps: list[tuple[int, int, str, str]], order: Any
) -> None:
    """The mirror goes on changing between batches, and between what a rebuild reads and writes."""
    connection_id = f"cn_{next(_CONNECTIONS)}"
    changed = ChangedMirror(table, connection_id=connection_id)
    store = _Interrupted(table, "acme", connection_id)
    left = list(steps)

    def change() -> None:
        if left:
            entry_id, user_id, day, hours = left.pop(0)
            if hours:
                values = {"user": {"id": user_id}, "spent_date": day, "hours": Decimal(hours)}
                changed.take(row(entry_id, **values))
            else:
                changed.remove(entry_id)

    store.meanwhile = lambda: change() if order.random() < 0.5 else None
    projector = Projector(changed.store, store)
    told = 0
    while left or told < len(changed.records):
        if order.random() < 0.6:
            change()
        # A stream tells in order, some of it twice, and late.
        upto = order.randint(told, len(changed.records))
        batch = changed.records[max(0, told - order.randint(0, 3)) : upto]
        order.shuffle(batch)
        rebuild(dirty_days({"Records": batch}), lambda *_: projector)
        told = upto

    assert kept(store) == wanted(changed.store)
    again = ActualsStore(table, "acme", connection_id)
    for user_id in (BO, KAI):
        for month in ("2026-02", "2026-03"):
            assert not Projector(changed.store, again).rebuild_month(user_id, month), "as rebuilt"


class _Interrupted(ActualsStore):
    """Somebody else does something before and after each of its writes."""

    meanwhile: Any = staticmethod(lambda: None)

    def write(self, days: Iterable[UserDay]) -> None:
        self.meanwhile()
        super().write(days)
        self.meanwhile()

    def remove(self, user_id: int, days: Iterable[str]) -> None:
        self.meanwhile()
        super().remove(user_id, days)
        self.meanwhile()


class _Mortal(Projector):
    """Dies after so many days or months."""

    def __init__(self, mirror: TimeStore, store: ActualsStore, budget: int) -> None:
        super().__init__(mirror, store)
        self._budget = budget

    def rebuild_day(self, user_id: int, day: str) -> bool:
        self._spend()
        return super().rebuild_day(user_id, day)

    def rebuild_month(self, user_id: int, month: str) -> bool:
        self._spend()
        return super().rebuild_month(user_id, month)

    def _spend(self) -> None:
        if self._budget == 0:
            raise KeyboardInterrupt
        self._budget -= 1
