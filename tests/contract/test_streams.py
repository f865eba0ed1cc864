"""Streams: every change once, in order, with the item before and after it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.stores import Running
from tests.contract.streams import Stream
from tests.contract.table import Table, typed


@pytest.fixture(scope="module")
def reader(running: Running) -> Iterator[Any]:
    made = running.client("dynamodbstreams")
    yield made
    made.close()


@pytest.fixture
def stream(table: Table, reader: Any) -> Stream:
    return Stream.of(table, reader)


def test_a_change_is_told_with_the_item_before_and_after(table: Table, stream: Stream) -> None:
    table.put("a", "1", version=1)
    table.update("a", "1", "SET version = :v", {":v": 2})
    table.call("delete_item", Key=typed({"pk": "a", "sk": "1"}))

    first, second = ({"pk": "a", "sk": "1", "version": version} for version in (1, 2))
    assert [(change.name, change.old, change.new) for change in stream.read()] == [
        ("INSERT", None, first),
        ("MODIFY", first, second),
        ("REMOVE", second, None),
    ]


def test_changes_of_one_item_come_in_the_order_they_were_made(table: Table, stream: Stream) -> None:
    def write(key: int) -> None:
        for version in range(25):
            table.put(f"p{key}", "1", version=version)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    changes = stream.read()
    for key in range(4):
        versions = [
            change.new["version"]
            for change in changes
            if change.new and change.new["pk"] == f"p{key}"
        ]
        assert versions == list(range(25))


def test_sequence_numbers_rise_within_a_shard(table: Table, stream: Stream) -> None:
    for number in range(12):
        table.put("a", str(number))

    numbers = [int(change.sequence_number) for change in stream.read()]

    assert len(numbers) == 12
    assert numbers == sorted(set(numbers))


def test_a_write_that_changes_nothing_is_not_told(table: Table, stream: Stream) -> None:
    table.put("a", "1", note="x")
    table.put("a", "1", note="x")
    table.update("a", "1", "SET note = :n", {":n": "x"})
    table.call("delete_item", Key=typed({"pk": "a", "sk": "absent"}))

    assert [change.name for change in stream.read()] == ["INSERT"]


def test_a_refused_write_is_not_told(table: Table, stream: Stream) -> None:
    table.put("a", "1")
    with pytest.raises(ClientError):
        table.put("a", "1", when="attribute_not_exists(pk)", note="x")
    with pytest.raises(ClientError):
        table.transact(
            table.act("Put", "a", "2"),
            table.act("Put", "a", "1", ConditionExpression="attribute_not_exists(pk)"),
        )

    assert [change.name for change in stream.read()] == ["INSERT"]


def test_batches_and_transactions_are_told_item_by_item(table: Table, stream: Stream) -> None:
    puts = [{"PutRequest": {"Item": typed({"pk": "a", "sk": sk})}} for sk in ("1", "2")]
    table.client.batch_write_item(RequestItems={table.name: puts})
    table.transact(table.act("Put", "a", "3"), table.act("Delete", "a", "1"))

    changes = stream.read()

    told = {(change.name, (change.new or change.old or {})["sk"]) for change in changes}
    assert told == {("INSERT", "1"), ("INSERT", "2"), ("INSERT", "3"), ("REMOVE", "1")}
    assert len(changes) == 4


def test_a_repeated_transaction_is_told_once(table: Table, stream: Stream) -> None:
    add = table.act("Update", "t", "1", UpdateExpression="ADD hits :n", values={":n": 1})

    for _ in range(2):
        table.transact(add, ClientRequestToken="told-once")

    assert [change.name for change in stream.read()] == ["INSERT"]


def test_a_reader_goes_on_where_it_stopped(table: Table, stream: Stream) -> None:
    for number in range(4):
        table.put("a", str(number))
    seen = stream.read()

    table.put("a", "4")
    later = stream.read(after=seen[1].sequence_number)

    assert [(change.new or {})["sk"] for change in later] == ["2", "3", "4"]


def test_an_open_iterator_brings_what_is_written_later(table: Table, stream: Stream) -> None:
    table.put("a", "1")
    (iterator,) = stream.iterators("LATEST")
    table.put("a", "2")

    changes, following = stream.page(iterator)
    table.put("a", "3")
    more, _ = stream.page(following)

    assert [(change.new or {})["sk"] for change in changes + more] == ["2", "3"]


def test_a_page_of_changes_keeps_to_its_limit(table: Table, stream: Stream) -> None:
    for number in range(5):
        table.put("a", str(number))

    (iterator,) = stream.iterators("TRIM_HORIZON")
    first, following = stream.page(iterator, limit=2)
    rest, _ = stream.page(following)

    assert [len(first), len(rest)] == [2, 3]


def test_numbers_and_bytes_are_told_exactly(table: Table, stream: Stream) -> None:
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    number = "12345678901234567890.123456789"
    table.call("put_item", Item={**key, "n": {"N": number}, "b": {"B": b"\x00\xff"}})

    (change,) = stream.read()

    assert change.raw["NewImage"]["n"] == {"N": number}
    assert change.raw["NewImage"]["b"] == {"B": b"\x00\xff"}
