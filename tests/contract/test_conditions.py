"""Conditional writes: exactly one of many writers wins, and the loser is told what stands there."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.contract.table import Table, plain, typed

WRITERS = 8


def _all_at_once(write: Callable[[int], bool]) -> int:
    """Lets all writers loose at the same time and returns how many succeeded."""
    barrier = threading.Barrier(WRITERS)

    def run(writer: int) -> bool:
        barrier.wait()
        return write(writer)

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(run, range(WRITERS)))


def _refused(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def test_exactly_one_of_many_creators_wins(table: Table) -> None:
    def create(writer: int) -> bool:
        try:
            table.put(
                "race", f"item {len(winners)}", when="attribute_not_exists(pk)", writer=writer
            )
        except ClientError as error:
            assert _refused(error)
            return False
        return True

    winners: list[int] = []
    while len(winners) < 20:
        winners.append(_all_at_once(create))

    assert winners == [1] * 20


def test_exactly_one_of_many_updates_of_a_version_wins(table: Table) -> None:
    table.put("race", "item", version=0)

    def update(writer: int) -> bool:
        try:
            table.update(
                "race",
                "item",
                "SET version = :next, writer = :writer",
                {":seen": len(winners), ":next": len(winners) + 1, ":writer": writer},
                ConditionExpression="version = :seen",
            )
        except ClientError as error:
            assert _refused(error)
            return False
        return True

    winners: list[int] = []
    while len(winners) < 20:
        winners.append(_all_at_once(update))

    assert winners == [1] * 20
    item = table.get("race", "item")
    assert item is not None
    assert item["version"] == 20


def test_exactly_one_of_many_takers_gets_the_item(table: Table) -> None:
    def take(writer: int) -> bool:
        answer = table.call(
            "delete_item", Key=typed({"pk": "race", "sk": "item"}), ReturnValues="ALL_OLD"
        )
        return "Attributes" in answer

    for _ in range(20):
        table.put("race", "item")
        assert _all_at_once(take) == 1


def test_concurrent_additions_are_all_counted(table: Table) -> None:
    def add(writer: int) -> bool:
        for _ in range(10):
            table.update("race", "counter", "ADD hits :one", {":one": 1})
        return True

    _all_at_once(add)

    item = table.get("race", "counter")
    assert item is not None
    assert item["hits"] == 10 * WRITERS


def test_a_refused_writer_is_shown_the_item_that_stands_there(table: Table) -> None:
    table.put("a", "1", version=7, note="first")

    with pytest.raises(ClientError) as refused:
        table.call(
            "put_item",
            Item=typed({"pk": "a", "sk": "1"}),
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    assert _refused(refused.value)
    standing = plain(refused.value.response["Item"])  # type: ignore[typeddict-item]
    assert standing == {"pk": "a", "sk": "1", "version": 7, "note": "first"}


def test_a_refused_writer_sees_no_item_where_none_stands(table: Table) -> None:
    with pytest.raises(ClientError) as refused:
        table.update(
            "a",
            "1",
            "SET note = :note",
            {":note": "x"},
            ConditionExpression="attribute_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    assert _refused(refused.value)
    assert not refused.value.response.get("Item")


def test_a_refused_update_leaves_the_item_as_it_was(table: Table) -> None:
    table.put("a", "1", version=1, note="first")

    with pytest.raises(ClientError):
        table.update(
            "a",
            "1",
            "SET note = :note REMOVE version",
            {":note": "second", ":seen": 0},
            ConditionExpression="version = :seen",
        )

    assert table.get("a", "1") == {"pk": "a", "sk": "1", "version": 1, "note": "first"}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("attribute_exists(note) AND NOT attribute_exists(remark)", True),
        ("version BETWEEN :one AND :three", True),
        ("version IN (:one, :three)", False),
        ("version < :three OR note = :one", True),
        ("size(note) > :three", True),
        ("begins_with(note, :fir)", True),
        ("contains(note, :fir)", True),
        ("contains(tags, :fir)", False),
        ("attribute_type(version, :number)", True),
        ("version <> :two", False),
        ("absent = :one", False),
        ("absent <> :one", True),
        ("nested.part[0] = :one", True),
        ("version = :text", False),
    ],
)
def test_a_condition_is_read_as_dynamodb_reads_it(
    table: Table, condition: str, holds: bool
) -> None:
    nested = {"part": [1]}
    table.put("a", "1", version=2, note="first", tags={"first", "last"}, nested=nested)
    values = {":one": 1, ":two": 2, ":three": 3, ":fir": "fir", ":number": "N", ":text": "2"}
    used = {name: value for name, value in values.items() if re.search(rf"{name}\b", condition)}

    try:
        table.update(
            "a", "1", "SET done = :done", {**used, ":done": True}, ConditionExpression=condition
        )
    except ClientError as error:
        assert _refused(error), error
        assert not holds
    else:
        assert holds


def test_an_update_returns_the_whole_item_as_it_is_afterwards(table: Table) -> None:
    table.put("a", "1", version=1, note="first")

    answer = table.update(
        "a", "1", "SET version = version + :one", {":one": 1}, ReturnValues="ALL_NEW"
    )

    assert plain(answer["Attributes"]) == {"pk": "a", "sk": "1", "version": 2, "note": "first"}


def test_a_put_and_a_delete_return_what_stood_there(table: Table) -> None:
    table.put("a", "1", version=1)

    replaced = table.call(
        "put_item", Item=typed({"pk": "a", "sk": "1", "version": 2}), ReturnValues="ALL_OLD"
    )
    deleted = table.call("delete_item", Key=typed({"pk": "a", "sk": "1"}), ReturnValues="ALL_OLD")

    assert plain(replaced["Attributes"])["version"] == 1
    assert plain(deleted["Attributes"])["version"] == 2


def test_an_update_makes_the_item_that_is_missing(table: Table) -> None:
    table.update(
        "a", "1", "SET made = if_not_exists(made, :now), n = :n", {":now": "today", ":n": 1}
    )
    table.update(
        "a", "1", "SET made = if_not_exists(made, :now), n = :n", {":now": "tomorrow", ":n": 2}
    )

    assert table.get("a", "1") == {"pk": "a", "sk": "1", "made": "today", "n": 2}


def test_one_update_sets_removes_adds_and_deletes_from_a_set(table: Table) -> None:
    table.put("a", "1", tags={"red", "blue"}, note=1, hits=1, notes=["one"])

    table.update(
        "a",
        "1",
        "SET notes = list_append(notes, :more) REMOVE note ADD hits :one DELETE tags :red",
        {":more": ["two"], ":one": 1, ":red": {"red"}},
    )

    expected = {"pk": "a", "sk": "1", "tags": {"blue"}, "hits": 2, "notes": ["one", "two"]}
    assert table.get("a", "1") == expected


def test_all_parts_of_an_update_read_the_item_as_it_was_before(table: Table) -> None:
    table.put("a", "1", x=1, y=2)

    table.update("a", "1", "SET x = y, y = x, z = x + :one", {":one": 1})

    assert table.get("a", "1") == {"pk": "a", "sk": "1", "x": 2, "y": 1, "z": 2}
