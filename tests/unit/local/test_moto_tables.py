"""moto answers as it does by itself, without looking at what a request does not name."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import moto_tables
from tests.unit.moto_tables import aws_in_moto, make_table

NAME = "items"
PARTITIONS = ("larkspur", "osier", "reed")
_KEY = "pk = :pk AND begins_with(sk, :start)"
_NO_PARTITION = {":pk": {"S": "nobody"}, ":start": {"S": "a"}}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with aws_in_moto(monkeypatch) as make:
        client = make("dynamodb")
        make_table(client, NAME, by_kind=("kind", "sk"))
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        client.update_table(TableName=NAME, StreamSpecification=stream)
        for number in range(40):
            item = {
                "pk": {"S": PARTITIONS[number % 3]},
                "sk": {"S": f"{'ab'[number % 2]}#{number:02}"},
                "kind": {"S": f"kind-{number % 4}"},
            }
            client.put_item(TableName=NAME, Item=item)
        yield client


def asked(client: Any) -> list[Any]:
    """Pages of each partition in both directions, of an index, and of a partition without items."""
    paginator = client.get_paginator("query")
    found: list[Any] = []
    for forward in (True, False):
        for partition in PARTITIONS:
            values = {":pk": {"S": partition}, ":start": {"S": "a"}}
            pages = paginator.paginate(
                TableName=NAME,
                KeyConditionExpression=_KEY,
                ExpressionAttributeValues=values,
                ScanIndexForward=forward,
                PaginationConfig={"PageSize": 3},
            )
            found.append([page["Items"] for page in pages])
    by_kind = {"IndexName": "by_kind", "KeyConditionExpression": "kind = :kind"}
    values = {":kind": {"S": "kind-1"}}
    found.append(client.query(TableName=NAME, ExpressionAttributeValues=values, **by_kind)["Items"])
    found.append(
        client.query(
            TableName=NAME, KeyConditionExpression=_KEY, ExpressionAttributeValues=_NO_PARTITION
        )["Items"]
    )
    return found


def test_the_answers_stay_the_same(client: Any) -> None:
    before = asked(client)

    restore = moto_tables.narrow()
    narrowed = asked(client)
    restore()

    assert narrowed == before == asked(client)
    assert [sum(map(len, pages)) for pages in before[:3]] == [7, 6, 7]
    assert (len(before[-2]), before[-1]) == (10, [])


def test_other_partitions_are_not_looked_at(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.dynamodb.models.table import Table

    looked_at: list[int] = []
    every = Table.all_items

    def counted(table: Any) -> list[Any]:
        found = every(table)
        looked_at.append(len(found))
        return found

    monkeypatch.setattr(Table, "all_items", counted)
    restore = moto_tables.narrow()
    values = {":pk": {"S": "larkspur"}, ":start": {"S": "a"}}
    client.query(TableName=NAME, KeyConditionExpression=_KEY, ExpressionAttributeValues=values)
    restore()

    assert looked_at == [14]


def key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def writes(condition: str) -> list[dict[str, Any]]:
    """A new item, one put anew, one changed in place, one deleted; then one with a condition."""
    named = {"TableName": NAME}
    return [
        {"Put": {**named, "Item": key("new", "1")}},
        {"Put": {**named, "Item": {**key("larkspur", "a#00"), "by": {"S": "put"}}}},
        {
            "Update": {
                **named,
                "Key": key("larkspur", "a#06"),
                "UpdateExpression": "SET kind = :kind",
                "ExpressionAttributeValues": {":kind": {"S": "changed"}},
            }
        },
        {"Delete": {**named, "Key": key("osier", "a#04")}},
        {"Put": {**named, "Item": key("reed", "a#02"), "ConditionExpression": condition}},
    ]


def items_and_stream(client: Any) -> tuple[list[Any], int]:
    from moto.dynamodb.models import dynamodb_backends

    backend: Any
    (backend,) = (one for of in dynamodb_backends.values() for one in of.values() if one.tables)
    items = client.scan(TableName=NAME)["Items"]
    return sorted(items, key=str), len(backend.tables[NAME].stream_shard.items)


def transact(client: Any, condition: str) -> str:
    try:
        client.transact_write_items(TransactItems=writes(condition))
    except ClientError as error:
        return str(error)
    return "done"


@pytest.mark.parametrize("condition", ["attribute_exists(pk)", "attribute_not_exists(pk)"])
def test_a_transaction_does_all_or_nothing(client: Any, condition: str) -> None:
    restore = moto_tables.narrow()
    before = items_and_stream(client)
    answer = transact(client, condition)
    narrowed = items_and_stream(client)
    restore()

    if condition == "attribute_exists(pk)":
        assert answer == "done"
        assert len(narrowed[0]) == 40  # one came, one went
        assert narrowed[1] == before[1] + 5
        assert {**key("larkspur", "a#06"), "kind": {"S": "changed"}} in narrowed[0]
    else:
        assert "ConditionalCheckFailed" in answer
        assert narrowed == before


def test_a_transaction_copies_no_table(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.dynamodb.models.table import StreamShard

    def refuse(shard: StreamShard, memo: Any) -> None:
        raise AssertionError("a table was copied with its stream")

    monkeypatch.setattr(StreamShard, "__deepcopy__", refuse, raising=False)
    assert "a table was copied" in copied(client)

    restore = moto_tables.narrow()
    answer = transact(client, "attribute_exists(pk)")
    restore()

    assert answer == "done"


def copied(client: Any) -> str:
    """What comes of a transaction without the correction."""
    try:
        return transact(client, "attribute_exists(pk)")
    except Exception as error:
        return repr(error)
