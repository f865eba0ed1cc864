"""Transactions: all or nothing, told why, repeatable by token, and never seen half done."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.table import Item, Table, plain, typed

NOT_THERE = "attribute_not_exists(pk)"


def _cancelled(table: Table, *actions: dict[str, Any]) -> Any:
    with pytest.raises(ClientError) as stopped:
        table.transact(*actions)
    assert stopped.value.response["Error"]["Code"] == "TransactionCanceledException"
    return stopped.value.response["CancellationReasons"]


def _items(table: Table, pk: str) -> list[Item]:
    return [plain(item) for item in table.query("pk = :pk", {":pk": pk})["Items"]]


def test_a_transaction_does_each_of_its_actions(table: Table) -> None:
    table.put("t", "changed", hits=1)
    table.put("t", "deleted")
    table.put("t", "checked", open=True)

    table.transact(
        table.act("Put", "t", "new", item={"note": "made"}),
        table.act("Update", "t", "changed", UpdateExpression="ADD hits :n", values={":n": 4}),
        table.act("Delete", "t", "deleted"),
        table.act("ConditionCheck", "t", "checked", ConditionExpression="attribute_exists(pk)"),
    )

    assert _items(table, "t") == [
        {"pk": "t", "sk": "changed", "hits": 5},
        {"pk": "t", "sk": "checked", "open": True},
        {"pk": "t", "sk": "new", "note": "made"},
    ]


def test_one_failed_condition_undoes_everything(table: Table) -> None:
    table.put("t", "standing")
    table.put("t", "kept")

    _cancelled(
        table,
        table.act("Put", "t", "new"),
        table.act("Delete", "t", "kept"),
        table.act("Put", "t", "standing", ConditionExpression=NOT_THERE, item={"note": "x"}),
    )

    assert _items(table, "t") == [{"pk": "t", "sk": "kept"}, {"pk": "t", "sk": "standing"}]


def test_every_action_is_given_its_reason_in_order_with_the_item_that_stands(
    table: Table,
) -> None:
    table.put("t", "1", version=3)
    table.put("t", "3", version=4)
    old = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}

    reasons = _cancelled(
        table,
        table.act("Put", "t", "1", ConditionExpression=NOT_THERE, **old),
        table.act("Put", "t", "2", ConditionExpression=NOT_THERE, **old),
        table.act(
            "ConditionCheck",
            "t",
            "3",
            ConditionExpression="version = :seen",
            values={":seen": 3},
            **old,
        ),
        table.act("Delete", "t", "3x", ConditionExpression="attribute_exists(pk)", **old),
    )

    failed = "ConditionalCheckFailed"
    assert [reason["Code"] for reason in reasons] == [failed, "None", failed, failed]
    assert [plain(reason.get("Item", {})).get("version") for reason in reasons] == [
        3,
        None,
        4,
        None,
    ]


def test_a_repeated_token_does_nothing_a_second_time(table: Table) -> None:
    add = table.act("Update", "t", "1", UpdateExpression="ADD hits :n", values={":n": 1})

    for _ in range(3):
        table.transact(add, ClientRequestToken="the-same-request")

    assert _items(table, "t") == [{"pk": "t", "sk": "1", "hits": 1}]


def test_a_repeated_token_succeeds_although_its_condition_no_longer_holds(table: Table) -> None:
    create = table.act("Put", "t", "1", ConditionExpression=NOT_THERE)

    table.transact(create, ClientRequestToken="create-once")
    table.transact(create, ClientRequestToken="create-once")

    assert _items(table, "t") == [{"pk": "t", "sk": "1"}]


def test_a_token_reused_for_something_else_is_refused(table: Table) -> None:
    table.transact(table.act("Put", "t", "1"), ClientRequestToken="used-before")

    with pytest.raises(ClientError) as refused:
        table.transact(table.act("Put", "t", "2"), ClientRequestToken="used-before")

    assert refused.value.response["Error"]["Code"] == "IdempotentParameterMismatchException"
    assert _items(table, "t") == [{"pk": "t", "sk": "1"}]


def test_a_token_of_a_cancelled_transaction_may_be_tried_again(table: Table) -> None:
    table.put("t", "1")
    create = table.act("Put", "t", "1", ConditionExpression=NOT_THERE, item={"note": "second"})
    with pytest.raises(ClientError):
        table.transact(create, ClientRequestToken="tried-again")

    table.call("delete_item", Key=typed({"pk": "t", "sk": "1"}))
    table.transact(create, ClientRequestToken="tried-again")

    assert _items(table, "t") == [{"pk": "t", "sk": "1", "note": "second"}]


def test_one_item_may_be_named_only_once(table: Table) -> None:
    with pytest.raises(ClientError) as refused:
        table.transact(table.act("Put", "t", "1"), table.act("Delete", "t", "1"))

    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert _items(table, "t") == []


def test_conflicting_transactions_lose_no_update(table: Table) -> None:
    """A transaction in another's way may be cancelled, never half applied or forgotten."""

    def add(_: int) -> int:
        done = 0
        for _ in range(10):
            try:
                table.transact(
                    table.act("Update", "t", "left", UpdateExpression="ADD n :n", values={":n": 1}),
                    table.act(
                        "Update", "t", "right", UpdateExpression="ADD n :n", values={":n": -1}
                    ),
                )
            except ClientError as error:
                assert error.response["Error"]["Code"] == "TransactionCanceledException"
                reasons = error.response["CancellationReasons"]
                assert {reason["Code"] for reason in reasons} <= {"None", "TransactionConflict"}
            else:
                done += 1
        return done

    with ThreadPoolExecutor(6) as pool:
        done = sum(pool.map(add, range(6)))

    left, right = _items(table, "t")
    assert done > 0
    assert (left["n"], right["n"]) == (done, -done)


def test_exactly_one_of_many_transactions_claims_a_name(table: Table) -> None:
    barrier = threading.Barrier(6)

    def claim(writer: int) -> bool:
        barrier.wait()
        try:
            table.transact(
                table.act("Put", "claim", name, ConditionExpression=NOT_THERE),
                table.act("Put", "company", f"{name}-{writer}"),
            )
        except ClientError as error:
            assert error.response["Error"]["Code"] == "TransactionCanceledException"
            return False
        return True

    for attempt in range(10):
        name = f"{attempt:02}"
        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(claim, range(6))) == 1
    assert len(_items(table, "company")) == 10


def test_a_reader_never_sees_half_a_transaction(table: Table) -> None:
    table.put("t", "left", n=100)
    table.put("t", "right", n=0)
    finished = threading.Event()
    sums = set()

    def move() -> None:
        for _ in range(30):
            table.transact(
                table.act("Update", "t", "left", UpdateExpression="ADD n :n", values={":n": -1}),
                table.act("Update", "t", "right", UpdateExpression="ADD n :n", values={":n": 1}),
            )
        finished.set()

    mover = threading.Thread(target=move)
    mover.start()
    keys = [
        {"Get": {"TableName": table.name, "Key": typed({"pk": "t", "sk": sk})}}
        for sk in ("left", "right")
    ]
    while not finished.is_set():
        try:
            answer = table.client.transact_get_items(TransactItems=keys)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "TransactionCanceledException"
            continue
        sums.add(sum(plain(part["Item"])["n"] for part in answer["Responses"]))
    mover.join()

    assert sums == {100}


def test_transact_get_keeps_the_order_and_marks_what_is_missing(table: Table) -> None:
    table.put("t", "1")
    table.put("t", "3")

    answer = table.client.transact_get_items(
        TransactItems=[
            {"Get": {"TableName": table.name, "Key": typed({"pk": "t", "sk": sk})}}
            for sk in ("3", "2", "1")
        ]
    )

    found = [
        plain(part["Item"])["sk"] if part.get("Item") else None for part in answer["Responses"]
    ]
    assert found == ["3", None, "1"]
