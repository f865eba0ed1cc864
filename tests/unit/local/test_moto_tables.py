"""Queries of one partition answer as those of the whole table do, and come from no other."""

from collections.abc import Iterator
from typing import Any

import pytest

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

    restore = moto_tables.narrow_queries()
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
    restore = moto_tables.narrow_queries()
    values = {":pk": {"S": "larkspur"}, ":start": {"S": "a"}}
    client.query(TableName=NAME, KeyConditionExpression=_KEY, ExpressionAttributeValues=values)
    restore()

    assert looked_at == [14]
