"""Consumed capacity as AWS bills it: 1 KB a write unit, 4 KB a read unit, transactions double.

An item's size is the length of its names and values; a number takes a byte for every two digits
and one more. Indexes are billed apart, by what they hold.
"""

from typing import Any

import pytest

from tests.contract.table import Table, typed

KB = 1024
# pk "a" and sk "1" with their names.
KEYS = len("pk" + "a" + "sk" + "1")


def _note(size: int) -> dict[str, str]:
    """An attribute that makes an item with the keys of KEYS exactly `size` bytes long."""
    return {"note": "x" * (size - KEYS - len("note"))}


def _put(table: Table, attributes: dict[str, Any], **more: Any) -> Any:
    item = typed({"pk": "a", "sk": "1", **attributes})
    answer = table.call("put_item", Item=item, ReturnConsumedCapacity="INDEXES", **more)
    return answer["ConsumedCapacity"]


def _indexes(capacity: Any) -> dict[str, float]:
    return {
        name: units["CapacityUnits"]
        for name, units in capacity.get("GlobalSecondaryIndexes", {}).items()
        if units["CapacityUnits"]
    }


@pytest.mark.parametrize("size", [100, KB])
def test_a_put_of_up_to_a_kilobyte_costs_one_unit(table: Table, size: int) -> None:
    assert _put(table, _note(size))["CapacityUnits"] == 1


@pytest.mark.parametrize(("size", "units"), [(KB + 1, 2), (10 * KB, 10), (10 * KB + 1, 11)])
def test_a_larger_put_costs_a_unit_for_each_kilobyte(table: Table, size: int, units: int) -> None:
    assert _put(table, _note(size))["CapacityUnits"] == units


def test_capacity_is_told_for_the_table_and_in_total(table: Table) -> None:
    capacity = _put(table, _note(3 * KB))

    assert capacity["TableName"] == table.name
    assert capacity["CapacityUnits"] == 3
    assert capacity["Table"]["CapacityUnits"] == 3


def test_capacity_is_told_only_when_asked_for(table: Table) -> None:
    assert "ConsumedCapacity" not in table.put("a", "1")
    total = table.call(
        "put_item", Item=typed({"pk": "a", "sk": "1"}), ReturnConsumedCapacity="TOTAL"
    )
    assert total["ConsumedCapacity"]["CapacityUnits"] == 1
    assert "Table" not in total["ConsumedCapacity"]


def test_a_smaller_item_costs_what_the_larger_one_before_it_took(table: Table) -> None:
    _put(table, _note(5 * KB))

    assert _put(table, _note(KB))["CapacityUnits"] == 5


def test_an_update_costs_the_larger_of_before_and_after(table: Table) -> None:
    _put(table, _note(5 * KB))

    shrunk = table.update("a", "1", "SET note = :n", {":n": "x"}, ReturnConsumedCapacity="INDEXES")
    small = table.update("a", "1", "SET note = :n", {":n": "y"}, ReturnConsumedCapacity="INDEXES")

    assert shrunk["ConsumedCapacity"]["CapacityUnits"] == 5
    assert small["ConsumedCapacity"]["CapacityUnits"] == 1


def test_a_delete_costs_what_it_deletes_and_at_least_one(table: Table) -> None:
    _put(table, _note(3 * KB))
    key = typed({"pk": "a", "sk": "1"})

    costs = [
        table.call("delete_item", Key=key, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
        for _ in range(2)
    ]

    assert [cost["CapacityUnits"] for cost in costs] == [3, 1]


def test_a_write_costs_again_for_each_index_that_holds_the_item(table: Table) -> None:
    capacity = _put(table, {"owner_id": "ann", "due": 1, "kind": "call"})

    assert capacity["Table"]["CapacityUnits"] == 1
    assert _indexes(capacity) == {"ByOwner": 1, "ByKind": 1}
    assert capacity["CapacityUnits"] == 3


def test_an_index_costs_by_the_size_of_what_it_holds(table: Table) -> None:
    capacity = _put(table, {"owner_id": "ann", "due": 1, "kind": "call", "note": "x" * 3 * KB})

    assert capacity["Table"]["CapacityUnits"] == 4
    assert _indexes(capacity) == {"ByOwner": 4, "ByKind": 1}


def test_an_index_costs_nothing_when_what_it_holds_stays_the_same(table: Table) -> None:
    _put(table, {"kind": "call", "note": "x"})

    changed = table.update("a", "1", "SET note = :n", {":n": "y"}, ReturnConsumedCapacity="INDEXES")

    assert _indexes(changed["ConsumedCapacity"]) == {}
    assert changed["ConsumedCapacity"]["CapacityUnits"] == 1


def test_an_item_that_moves_within_an_index_costs_two_writes_there(table: Table) -> None:
    _put(table, {"kind": "call"})

    moved = table.update(
        "a", "1", "SET kind = :k", {":k": "mail"}, ReturnConsumedCapacity="INDEXES"
    )

    assert _indexes(moved["ConsumedCapacity"]) == {"ByKind": 2}
    assert moved["ConsumedCapacity"]["CapacityUnits"] == 3


def test_an_item_that_leaves_an_index_costs_one_write_there(table: Table) -> None:
    _put(table, {"kind": "call"})

    capacity = _put(table, {"note": "no kind"})

    assert _indexes(capacity) == {"ByKind": 1}


def _read(table: Table, consistent: bool) -> float:
    answer = table.call(
        "get_item",
        Key=typed({"pk": "a", "sk": "1"}),
        ConsistentRead=consistent,
        ReturnConsumedCapacity="INDEXES",
    )
    return float(answer["ConsumedCapacity"]["CapacityUnits"])


@pytest.mark.parametrize("size", [100, 4 * KB])
def test_a_read_of_up_to_four_kilobytes_costs_one_unit(table: Table, size: int) -> None:
    _put(table, _note(size))

    assert _read(table, consistent=True) == 1


def test_an_eventually_consistent_read_costs_half(table: Table) -> None:
    _put(table, _note(4 * KB))

    assert _read(table, consistent=False) == 0.5


@pytest.mark.parametrize(("size", "units"), [(4 * KB + 1, 2), (20 * KB, 5)])
def test_a_larger_read_costs_a_unit_for_each_four_kilobytes(
    table: Table, size: int, units: int
) -> None:
    _put(table, _note(size))

    assert (_read(table, consistent=True), _read(table, consistent=False)) == (units, units / 2)


def test_a_read_that_finds_nothing_costs_the_least(table: Table) -> None:
    answers = [
        table.call(
            "get_item",
            Key=typed({"pk": "a", "sk": "1"}),
            ConsistentRead=consistent,
            ReturnConsumedCapacity="TOTAL",
        )
        for consistent in (True, False)
    ]

    assert [answer["ConsumedCapacity"]["CapacityUnits"] for answer in answers] == [1, 0.5]


def test_a_projection_makes_no_read_cheaper(table: Table) -> None:
    _put(table, _note(9 * KB))

    answer = table.call(
        "get_item",
        Key=typed({"pk": "a", "sk": "1"}),
        ConsistentRead=True,
        ProjectionExpression="sk",
        ReturnConsumedCapacity="TOTAL",
    )

    assert answer["ConsumedCapacity"]["CapacityUnits"] == 3


def test_a_query_costs_the_sum_of_its_items_rounded_once(table: Table) -> None:
    for number in range(10):
        table.put("q", str(number), note="x" * 990)

    costs = [
        table.query(
            "pk = :pk", {":pk": "q"}, ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL"
        )
        for consistent in (True, False)
    ]

    assert [cost["ConsumedCapacity"]["CapacityUnits"] for cost in costs] == [3, 1.5]


def test_a_filter_makes_no_query_cheaper(table: Table) -> None:
    for number in range(10):
        table.put("q", str(number), note="x" * 990)

    answer = table.query(
        "pk = :pk",
        {":pk": "q", ":none": "none"},
        FilterExpression="note = :none",
        ConsistentRead=True,
        ReturnConsumedCapacity="TOTAL",
    )

    assert answer["Count"] == 0
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 3


def test_a_query_that_finds_nothing_costs_the_least(table: Table) -> None:
    answer = table.query("pk = :pk", {":pk": "none"}, ReturnConsumedCapacity="TOTAL")

    assert answer["ConsumedCapacity"]["CapacityUnits"] == 0.5


def test_a_query_of_an_index_costs_by_what_the_index_holds(table: Table) -> None:
    for number in range(10):
        table.put("q", str(number), kind="call", owner_id="ann", due=1, note="x" * 2000)

    def cost(index: str, key: str, value: str) -> Any:
        answer = table.query(
            f"{key} = :v", {":v": value}, IndexName=index, ReturnConsumedCapacity="INDEXES"
        )
        return answer["ConsumedCapacity"]

    whole, keys_only = cost("ByOwner", "owner_id", "ann"), cost("ByKind", "kind", "call")

    assert whole["CapacityUnits"] == 2.5
    assert _indexes(whole) == {"ByOwner": 2.5}
    assert keys_only["CapacityUnits"] == 0.5
    assert _indexes(keys_only) == {"ByKind": 0.5}


def test_a_batch_of_writes_costs_the_sum_of_its_writes(table: Table) -> None:
    puts = [
        {"PutRequest": {"Item": typed({"pk": "b", "sk": str(number), "note": "x" * 1500})}}
        for number in range(5)
    ]

    answer = table.client.batch_write_item(
        RequestItems={table.name: puts}, ReturnConsumedCapacity="INDEXES"
    )

    (capacity,) = answer["ConsumedCapacity"]
    assert capacity["TableName"] == table.name
    assert capacity["CapacityUnits"] == 10


def test_a_batch_of_reads_rounds_each_item_up(table: Table) -> None:
    keys = [typed({"pk": "b", "sk": str(number)}) for number in range(5)]
    for number in range(4):
        table.put("b", str(number), note="x" * (5000 if number == 0 else 100))

    answer = table.client.batch_get_item(
        RequestItems={table.name: {"Keys": keys, "ConsistentRead": True}},
        ReturnConsumedCapacity="TOTAL",
    )

    (capacity,) = answer["ConsumedCapacity"]
    assert capacity["CapacityUnits"] == 2 + 3 + 1


def test_a_transaction_costs_two_units_for_each_kilobyte(table: Table) -> None:
    answer = table.transact(
        table.act("Put", "t", "1", item={"note": "x" * 1500}),
        table.act("Put", "t", "2", item={"note": "x"}),
        ReturnConsumedCapacity="INDEXES",
    )

    (capacity,) = answer["ConsumedCapacity"]
    assert capacity["TableName"] == table.name
    assert capacity["CapacityUnits"] == 2 * 2 + 2


def test_a_transaction_of_reads_costs_two_units_for_each_four_kilobytes(table: Table) -> None:
    table.put("t", "1", note="x" * 5000)
    table.put("t", "2")
    gets = [
        {"Get": {"TableName": table.name, "Key": typed({"pk": "t", "sk": sk})}} for sk in ("1", "2")
    ]

    answer = table.client.transact_get_items(TransactItems=gets, ReturnConsumedCapacity="TOTAL")

    (capacity,) = answer["ConsumedCapacity"]
    assert capacity["CapacityUnits"] == 2 * 2 + 2
