"""What the application relies on in DynamoDB, on each store.

Known gaps are marked as expected failures, strictly: one that closes makes its test fail.
"""

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

TABLE = "fixture-Items"


@pytest.fixture
def tables(app: Any) -> Any:
    return app.stack.client("dynamodb")


@pytest.fixture
def busy_threads() -> Iterator[None]:
    """Makes threads change place so often that a missing lock shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def on_moto(request: pytest.FixtureRequest, reason: str) -> None:
    if request.node.callspec.params["app"] == "moto":
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))


def key(pk: str, sk: str = "1", **attributes: Any) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}, **attributes}


def put_once(pk: str, by: int) -> dict[str, Any]:
    return {
        "TableName": TABLE,
        "Item": key(pk, by_whom={"N": str(by)}),
        "ConditionExpression": "attribute_not_exists(pk)",
    }


def winners(tables: Any, attempt: Any) -> int:
    """How many of six threads got through at the same moment."""
    gate, won = threading.Barrier(6), []

    def run(number: int) -> None:
        gate.wait()
        try:
            attempt(number)
        except ClientError:
            return
        won.append(number)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(won)


def test_of_concurrent_conditional_puts_exactly_one_wins(tables: Any, busy_threads: None) -> None:
    counts = [
        winners(tables, lambda n, r=r: tables.put_item(**put_once(f"race-{r}", n)))
        for r in range(15)
    ]

    assert counts == [1] * 15


def test_of_concurrent_transactions_exactly_one_wins(tables: Any, busy_threads: None) -> None:
    def attempt(round_: int, number: int) -> None:
        other = {"TableName": TABLE, "Item": key(f"side-{round_}-{number}")}
        items = [{"Put": put_once(f"both-{round_}", number)}, {"Put": other}]
        tables.transact_write_items(TransactItems=items)

    for round_ in range(8):
        assert winners(tables, lambda n, r=round_: attempt(r, n)) == 1
        sides = [
            tables.get_item(TableName=TABLE, Key=key(f"side-{round_}-{n}"), ConsistentRead=True)
            for n in range(6)
        ]
        assert sum("Item" in side for side in sides) == 1


def test_concurrent_additions_all_count(tables: Any, busy_threads: None) -> None:
    def add(_: int) -> None:
        for _repeat in range(10):
            tables.update_item(
                TableName=TABLE,
                Key=key("sum"),
                UpdateExpression="ADD amount :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    assert winners(tables, add) == 6

    found = tables.get_item(TableName=TABLE, Key=key("sum"), ConsistentRead=True)
    assert found["Item"]["amount"] == {"N": "60"}


def test_a_failed_condition_shows_the_item_that_stood_in_the_way(tables: Any) -> None:
    tables.put_item(**put_once("old", 1))

    with pytest.raises(ClientError) as raised:
        tables.put_item(**put_once("old", 2), ReturnValuesOnConditionCheckFailure="ALL_OLD")

    assert raised.value.response["Item"]["by_whom"] == {"N": "1"}  # type: ignore[typeddict-item]


def test_a_cancelled_transaction_names_the_reason_and_leaves_nothing(tables: Any) -> None:
    tables.put_item(**put_once("taken", 1))
    items = [
        {"Put": {"TableName": TABLE, "Item": key("beside")}},
        {"Put": put_once("taken", 2)},
    ]

    with pytest.raises(ClientError) as raised:
        tables.transact_write_items(TransactItems=items)

    reasons = raised.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert "Item" not in tables.get_item(TableName=TABLE, Key=key("beside"))


def test_a_repeated_client_token_is_applied_once(
    tables: Any, request: pytest.FixtureRequest
) -> None:
    on_moto(request, "moto ignores ClientRequestToken")
    update = {
        "TableName": TABLE,
        "Key": key("token"),
        "UpdateExpression": "ADD amount :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    for _ in range(2):
        tables.transact_write_items(
            TransactItems=[{"Update": update}], ClientRequestToken="token-1"
        )

    assert tables.get_item(TableName=TABLE, Key=key("token"))["Item"]["amount"] == {"N": "1"}


def test_more_than_25_writes_in_a_batch_are_refused(
    tables: Any, request: pytest.FixtureRequest
) -> None:
    on_moto(request, "moto takes any number of writes")
    puts = [{"PutRequest": {"Item": key("batch", str(n))}} for n in range(26)]

    with pytest.raises(ClientError):
        tables.batch_write_item(RequestItems={TABLE: puts})


def test_a_number_of_more_than_38_digits_is_refused(
    tables: Any, request: pytest.FixtureRequest
) -> None:
    on_moto(request, "moto takes numbers of any length")
    with pytest.raises(ClientError):
        tables.put_item(TableName=TABLE, Item=key("digits", n={"N": "1" * 39}))


def test_more_than_100_writes_in_a_transaction_are_refused(tables: Any) -> None:
    puts = [{"Put": {"TableName": TABLE, "Item": key("many", str(n))}} for n in range(101)]

    with pytest.raises(ClientError):
        tables.transact_write_items(TransactItems=puts)


def test_an_item_above_400_kilobytes_is_refused(tables: Any) -> None:
    with pytest.raises(ClientError):
        tables.put_item(TableName=TABLE, Item=key("big", text={"S": "x" * 410_000}))


def test_a_query_ends_its_page_at_a_megabyte(tables: Any) -> None:
    for n in range(5):
        tables.put_item(TableName=TABLE, Item=key("page", str(n), text={"S": "x" * 300_000}))
    query = {
        "TableName": TABLE,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "page"}},
    }

    first = tables.query(**query)
    second = tables.query(**query, ExclusiveStartKey=first["LastEvaluatedKey"])

    assert first["Count"] < 5
    assert [item["sk"]["S"] for item in first["Items"] + second["Items"]] == list("01234")


def test_an_index_holds_only_items_with_its_key_and_only_keys(tables: Any) -> None:
    tables.put_item(TableName=TABLE, Item=key("sparse", kind={"S": "rare"}, extra={"S": "x"}))
    tables.put_item(TableName=TABLE, Item=key("sparse", "2"))

    found = tables.query(
        TableName=TABLE,
        IndexName="ByKind",
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "rare"}},
    )

    assert found["Items"] == [key("sparse", kind={"S": "rare"})]
