"""Items, conditions, pages and transactions of one table."""

from typing import Any

import pytest

from sheaf.platform.actions import Check, Delete, Key, Put, Update
from sheaf.platform.tables import ConditionFailedError, Table
from sheaf.platform.transactions import TransactionFailedError, transact

ONE, TWO = Key("T#acme", "one"), Key("T#acme", "two")


def _item(key: Key, **values: Any) -> dict[str, Any]:
    return {"pk": key.pk, "sk": key.sk, **values}


def test_a_missing_item_is_none_and_so_is_one_with_an_empty_key(table: Table) -> None:
    assert table.get(ONE) is None
    assert table.get(Key("T#acme", "")) is None
    assert table.get_many([Key("", "x"), Key("T#acme", ""), ONE]) == {}


def test_a_condition_that_does_not_hold_shows_the_item_as_it_is(table: Table) -> None:
    table.put(_item(ONE, state="old"))

    with pytest.raises(ConditionFailedError) as failed:
        table.put(_item(ONE, state="new"), when="attribute_not_exists(pk)")

    assert failed.value.current == _item(ONE, state="old")
    assert table.get(ONE) == _item(ONE, state="old")


def test_a_condition_may_name_reserved_words(table: Table) -> None:
    table.put(_item(ONE, state="open", size=1))

    changed = table.update(
        Update(ONE, set={"size": 2}, when="#state = :was AND #size = :one",
               values={"was": "open", "one": 1})
    )  # fmt: skip

    assert changed == _item(ONE, state="open", size=2)


def test_an_update_sets_removes_and_adds_at_once(table: Table) -> None:
    table.put(_item(ONE, old="x", gone="y", count=1))

    changed = table.update(
        Update(ONE, set={"new": "z", "gone": None}, remove=["old"], add={"count": 2})
    )

    assert changed == _item(ONE, new="z", count=3)


def test_taking_an_item_gives_it_to_one_only(table: Table) -> None:
    table.put(_item(ONE, ticket="t"))

    assert table.take(ONE, "ticket = :t", t="t") == _item(ONE, ticket="t")
    with pytest.raises(ConditionFailedError):
        table.take(ONE, "ticket = :t", t="t")


def test_more_items_than_a_batch_holds_are_all_written_read_and_deleted(table: Table) -> None:
    keys = [Key("T#acme", f"{number:04d}") for number in range(260)]

    table.put_many(_item(key, n=number) for number, key in enumerate(keys))
    found = table.get_many([*keys, *keys])
    table.delete_many(keys[:100])

    assert {key: item["n"] for key, item in found.items()} == {k: n for n, k in enumerate(keys)}
    assert len(list(table.query_all("T#acme"))) == 160


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_pages_together_are_the_whole_list_without_doubles(table: Table, limit: int) -> None:
    table.put_many(_item(Key("T#acme", f"{number:03d}")) for number in range(10))
    seen: list[str] = []
    start = None
    while True:
        page = table.query("T#acme", limit=limit, start_after=start)
        seen += [item["sk"] for item in page.items]
        start = page.next_key
        if start is None:
            break

    assert seen == [f"{number:03d}" for number in range(10)]


def test_a_query_sees_its_partition_and_prefix_only_newest_first_if_wanted(table: Table) -> None:
    table.put_many(_item(Key("T#acme", f"a#{n}")) for n in range(3))
    table.put_many([_item(Key("T#acme", "b#0")), _item(Key("T#acme2", "a#9"))])

    page = table.query("T#acme", begins_with="a#", descending=True)

    assert [item["sk"] for item in page.items] == ["a#2", "a#1", "a#0"]


def test_an_index_is_asked_up_to_and_after_a_value(table: Table) -> None:
    table.put_many(_item(Key("T#acme", str(n)), listing="all", name=f"n{n}") for n in range(5))
    table.put(_item(Key("T#acme", "unlisted")))

    early = table.query_index("ByName", "listing", "all", "name", up_to="n1")
    late = table.query_index("ByName", "listing", "all", "name", later_than="n2")

    assert [item["name"] for item in early.items] == ["n0", "n1"]
    assert [item["name"] for item in late.items] == ["n3", "n4"]
    back = table.query_index("ByName", "listing", "all", "name", limit=2, descending=True)
    assert [item["name"] for item in back.items] == ["n4", "n3"]


def test_a_partition_is_asked_up_to_and_after_a_key(table: Table) -> None:
    table.put_many(_item(Key("T#acme", f"2026-03-{day:02d}#x")) for day in range(1, 6))

    before = table.query("T#acme", up_to="2026-03-03")
    since = table.query("T#acme", later_than="2026-03-03", limit=2)
    rest = table.query("T#acme", later_than="2026-03-03", start_after=since.next_key)

    assert [item["sk"][8:10] for item in before.items] == ["01", "02"]
    assert [item["sk"][8:10] for item in since.items] == ["03", "04"]
    assert [item["sk"][8:10] for item in rest.items] == ["05"]


def test_a_transaction_happens_as_a_whole(client: Any, table: Table) -> None:
    table.put(_item(ONE, version=1))

    transact(
        [
            (table, Update(ONE, set={"version": 2}, when="#version = :was", values={"was": 1})),
            (table, Put(_item(TWO), when="attribute_not_exists(pk)")),
        ],
    )

    assert table.get(ONE) == _item(ONE, version=2)
    assert table.get(TWO) == _item(TWO)


def test_a_transaction_whose_condition_fails_changes_nothing_and_says_which(
    client: Any, table: Table
) -> None:
    table.put(_item(ONE, version=2))

    with pytest.raises(TransactionFailedError) as failed:
        transact(
            [
                (table, Put(_item(TWO))),
                (table, Check(ONE, when="#version = :was", values={"was": 1})),
                (table, Delete(Key("T#acme", "three"))),
            ],
        )

    assert failed.value.failed == {1: _item(ONE, version=2)}
    assert table.get(TWO) is None
