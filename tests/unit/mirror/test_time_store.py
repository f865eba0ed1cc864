"""Entries by person and month, with a pointer from each id; repeated writes change nothing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheaf.mirror.taking import take
from sheaf.mirror.time_entries import Place
from sheaf.mirror.time_store import TimeStore, place_of
from sheaf.platform.tables import Table
from tests.unit.mirror.rows import BO, KAI, row


@pytest.fixture
def store(table: Table) -> TimeStore:
    return TimeStore(table, "acme", "cn_1")


def ids_on(store: TimeStore, user_id: int, day: str) -> list[int]:
    return [entry.entry_id for entry in store.on_day(user_id, day)]


def test_a_page_is_taken_once(store: TimeStore) -> None:
    page = [row(1), row(2, spent_date="2026-03-03"), row(3, user={"id": KAI, "name": "Kai"})]

    first, second = take(store, page), take(store, page)

    assert (first.created, first.changed, first.moved) == (3, 0, 0)
    assert (second.created, second.changed, second.moved) == (0, 0, 0)
    assert second.ids == (1, 2, 3)
    assert ids_on(store, BO, "2026-03-02") == [1]
    assert [one.entry_id for one in store.in_month(BO, "2026-03")] == [1, 2]
    assert list(store.months()) == [(BO, "2026-03"), (KAI, "2026-03")]


def test_a_change_within_a_month_costs_two_items(store: TimeStore, table: Table) -> None:
    take(store, [row(1)])
    later = TimeStore(table, "acme", "cn_1")
    written: list[dict[str, Any]] = []
    table.client.meta.events.register(
        "provide-client-params.dynamodb.BatchWriteItem",
        lambda params, **_: written.extend(params["RequestItems"][table.name]),
    )

    take(later, [row(1, hours=Decimal("3.00"))])
    assert len(written) == 2, "the entry and its pointer"

    take(later, [row(1, spent_date="2026-04-01")])
    assert len(written) == 2 + 4, "and where it was, and the month that it is in now"
    assert list(later.months()) == [(BO, "2026-03"), (BO, "2026-04")]


def test_an_entry_that_moves_stands_at_its_new_day_alone(store: TimeStore) -> None:
    take(store, [row(1)])

    moved = take(store, [row(1, spent_date="2026-04-01")])

    assert (moved.created, moved.changed, moved.moved) == (0, 1, 1)
    assert ids_on(store, BO, "2026-03-02") == []
    assert ids_on(store, BO, "2026-04-01") == [1]
    entry = store.get(1)
    assert entry is not None and entry.place == Place(BO, "2026-04-01")


def test_a_writer_that_dies_anywhere_is_repeated_without_a_trace(
    store: TimeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, [row(1)])
    calls = ("delete_many", "put_many")
    for dying in range(4):
        done = 0

        def fail(original: object, *arguments: object, at: int = dying) -> None:
            nonlocal done
            if done == at:
                raise KeyboardInterrupt
            done += 1
            original(*arguments)  # type: ignore[operator]

        with monkeypatch.context() as patched:
            for name in calls:
                original = getattr(store.table, name)
                patched.setattr(
                    store.table, name, lambda items, o=original, f=fail: f(o, list(items))
                )
            with pytest.raises(KeyboardInterrupt):
                take(store, [row(1, spent_date=f"2026-05-{dying + 1:02d}")])
        take(store, [row(1, spent_date=f"2026-05-{dying + 1:02d}")])

        everywhere = [
            entry.place.day
            for user_id, month in store.months()
            for entry in store.in_month(user_id, month)
        ]
        assert everywhere == [f"2026-05-{dying + 1:02d}"]


def test_removing_a_leftover_leaves_the_entry_where_it_stands(store: TimeStore) -> None:
    take(store, [row(1, spent_date="2026-03-05")])

    store.remove([(1, Place(BO, "2026-03-02"))])
    assert ids_on(store, BO, "2026-03-05") == [1]
    assert store.get(1) is not None

    store.remove([(1, Place(BO, "2026-03-05"))])
    assert ids_on(store, BO, "2026-03-05") == []
    assert store.get(1) is None


def test_connections_and_tenants_do_not_meet(table: Table) -> None:
    take(TimeStore(table, "acme", "cn_1"), [row(1)])

    for other in (TimeStore(table, "acme", "cn_2"), TimeStore(table, "apex", "cn_1")):
        assert other.get(1) is None
        assert ids_on(other, BO, "2026-03-02") == []
        assert list(other.months()) == []


def test_the_key_of_an_entry_tells_whose_it_is(store: TimeStore, table: Table) -> None:
    odd = TimeStore(table, "acme#north", "cn_1")
    take(odd, [row(1)])

    places = {
        place_of(item["pk"], item["sk"])
        for pk in (f"T#acme#north#cn_1#time#{BO}#2026-03", "T#acme#north#cn_1#months")
        for item in table.query_all(pk)
    }

    assert places == {("acme#north", "cn_1", Place(BO, "2026-03-02")), None}


def test_what_a_bulk_run_writes_is_marked(table: Table) -> None:
    take(TimeStore(table, "acme", "cn_1", bulk="sy_1"), [row(1)])
    pk = f"T#acme#cn_1#time#{BO}#2026-03"
    (item,) = table.query_all(pk)
    assert item["bulk"] == "sy_1"

    take(TimeStore(table, "acme", "cn_1"), [row(1, hours=Decimal("3.00"))])
    (item,) = table.query_all(pk)
    assert "bulk" not in item


CHANGES = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from([BO, KAI]),
        st.sampled_from(["2026-02-28", "2026-03-01", "2026-03-02"]),
        st.sampled_from(["0.25", "1.00", "7.75"]),
    ),
    max_size=25,
)


@given(changes=CHANGES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_each_entry_stands_once_as_it_came_last(
    table: Table, changes: list[tuple[int, int, str, str]]
) -> None:
    store = TimeStore(table, "acme", f"cn_{abs(hash(tuple(changes)))}")
    last = {}
    for entry_id, user_id, day, hours in changes:
        changed = row(entry_id, user={"id": user_id}, spent_date=day, hours=Decimal(hours))
        take(store, [changed])
        last[entry_id] = (user_id, day, hours)

    found = {
        entry.entry_id: (entry.place.user_id, entry.place.day, entry.fields()["hours"])
        for user_id, month in store.months()
        for entry in store.in_month(user_id, month)
    }

    assert found == last
