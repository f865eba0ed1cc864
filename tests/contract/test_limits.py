"""DynamoDB's limits: what it accepts at the limit and refuses just beyond it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.table import Table, typed

KB = 1024


def _refused(call: Any, *arguments: Any, code: str = "ValidationException", **more: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(*arguments, **more)
    assert refused.value.response["Error"]["Code"] == code
    return refused.value.response["Error"]["Message"]


def _puts(count: int) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": typed({"pk": "b", "sk": f"{n:03}"})}} for n in range(count)]


def _stored(table: Table, pk: str) -> int:
    return int(table.query("pk = :pk", {":pk": pk}, Select="COUNT")["Count"])


def test_a_batch_writes_25_items(table: Table) -> None:
    table.client.batch_write_item(RequestItems={table.name: _puts(25)})

    assert _stored(table, "b") == 25


def test_a_batch_of_26_writes_is_refused_whole(table: Table) -> None:
    _refused(table.client.batch_write_item, RequestItems={table.name: _puts(26)})

    assert _stored(table, "b") == 0


def test_a_batch_that_names_an_item_twice_is_refused(table: Table) -> None:
    _refused(table.client.batch_write_item, RequestItems={table.name: _puts(2) + _puts(1)})

    assert _stored(table, "b") == 0


def test_a_batch_reads_100_keys_and_not_101(table: Table) -> None:
    keys = [typed({"pk": "b", "sk": f"{n:03}"}) for n in range(101)]
    table.put("b", "099")

    answer = table.client.batch_get_item(RequestItems={table.name: {"Keys": keys[:100]}})

    assert len(answer["Responses"][table.name]) == 1
    _refused(table.client.batch_get_item, RequestItems={table.name: {"Keys": keys}})


def test_a_transaction_holds_100_actions(table: Table) -> None:
    table.transact(*(table.act("Put", "t", f"{n:03}") for n in range(100)))

    assert _stored(table, "t") == 100


def test_a_transaction_of_101_actions_is_refused(table: Table) -> None:
    _refused(table.transact, *(table.act("Put", "t", f"{n:03}") for n in range(101)))

    assert _stored(table, "t") == 0


def test_a_transaction_of_more_than_4_mb_is_refused(table: Table) -> None:
    heavy = {"note": "x" * 390 * KB}
    _refused(table.transact, *(table.act("Put", "t", str(n), item=heavy) for n in range(11)))

    assert _stored(table, "t") == 0


def test_an_item_may_have_400_kb_counting_names_and_values(table: Table) -> None:
    names_and_keys = len("pk" + "a" + "sk" + "1" + "note")

    table.put("a", "1", note="x" * (400 * KB - names_and_keys))
    _refused(table.put, "a", "1", note="x" * (400 * KB - names_and_keys + 1))


def test_text_counts_as_its_utf8_bytes(table: Table) -> None:
    table.put("a", "1", note="é" * 204_000)
    _refused(table.put, "a", "1", note="é" * 205_000)


def test_an_update_may_not_grow_an_item_beyond_400_kb(table: Table) -> None:
    table.put("a", "1", note="x" * 300 * KB)

    _refused(table.update, "a", "1", "SET remark = :more", {":more": "x" * 110 * KB})


@pytest.mark.parametrize(
    "number", ["1" * 38, "0." + "1" * 38, "9.9E125", "-1E-130", "1" + "0" * 60]
)
def test_a_number_of_up_to_38_digits_is_accepted(table: Table, number: str) -> None:
    table.call("put_item", Item={**typed({"pk": "a", "sk": "1"}), "n": {"N": number}})


@pytest.mark.parametrize("number", ["1" * 39, "0." + "1" * 39])
def test_a_number_of_39_digits_is_refused(table: Table, number: str) -> None:
    _refused(table.call, "put_item", Item={**typed({"pk": "a", "sk": "1"}), "n": {"N": number}})


def test_a_number_of_1e126_is_refused(table: Table) -> None:
    _refused(table.call, "put_item", Item={**typed({"pk": "a", "sk": "1"}), "n": {"N": "1E126"}})


@pytest.mark.parametrize("number", ["1E-131", "", "one", "NaN"])
def test_what_is_too_small_or_no_number_is_refused(table: Table, number: str) -> None:
    _refused(table.call, "put_item", Item={**typed({"pk": "a", "sk": "1"}), "n": {"N": number}})


@pytest.mark.parametrize(("pk", "sk"), [("", "1"), ("a", "")])
def test_an_empty_key_is_refused(table: Table, pk: str, sk: str) -> None:
    _refused(table.put, pk, sk)


def test_an_empty_index_key_is_refused(table: Table) -> None:
    _refused(table.put, "a", "1", kind="")


def test_an_index_key_of_the_wrong_type_is_refused(table: Table) -> None:
    _refused(table.put, "a", "1", owner_id="ann", due="tomorrow")


def test_a_key_of_the_wrong_type_is_refused(table: Table) -> None:
    _refused(table.call, "put_item", Item=typed({"pk": 7, "sk": "1"}))


def test_an_item_without_its_key_is_refused(table: Table) -> None:
    _refused(table.call, "put_item", Item=typed({"pk": "a"}))


def test_a_partition_key_may_have_2048_bytes_and_a_sort_key_1024(table: Table) -> None:
    table.put("p" * 2048, "s" * 1024)

    _refused(table.put, "p" * 2049, "1")
    _refused(table.put, "a", "s" * 1025)


def test_an_empty_set_is_refused(table: Table) -> None:
    item = typed({"pk": "a", "sk": "1"})

    _refused(table.call, "put_item", Item={**item, "tags": {"SS": []}})


def test_a_set_with_a_repeated_element_is_refused(table: Table) -> None:
    item = typed({"pk": "a", "sk": "1"})

    _refused(table.call, "put_item", Item={**item, "tags": {"SS": ["red", "red"]}})


def test_a_key_cannot_be_changed(table: Table) -> None:
    table.put("a", "1")

    _refused(table.update, "a", "1", "SET sk = :sk", {":sk": "2"})


def test_a_reserved_word_needs_a_placeholder(table: Table) -> None:
    message = _refused(table.update, "a", "1", "SET status = :status", {":status": "open"})

    assert "reserved" in message
    table.update(
        "a",
        "1",
        "SET #s = :status",
        {":status": "open"},
        ExpressionAttributeNames={"#s": "status"},
    )


def test_a_placeholder_that_is_not_used_is_refused(table: Table) -> None:
    _refused(table.update, "a", "1", "SET note = :a", {":a": 1, ":b": 2})
    _refused(
        table.update,
        "a",
        "1",
        "SET note = :a",
        {":a": 1},
        ExpressionAttributeNames={"#unused": "note"},
    )


def test_a_placeholder_that_is_not_given_is_refused(table: Table) -> None:
    _refused(table.update, "a", "1", "SET note = :b", {":a": 1})


def test_overlapping_paths_in_one_update_are_refused(table: Table) -> None:
    table.put("a", "1", nested={"x": 1})

    _refused(table.update, "a", "1", "SET nested.x = :a REMOVE nested", {":a": 1})


def test_a_path_below_something_missing_is_refused(table: Table) -> None:
    table.put("a", "1")

    _refused(table.update, "a", "1", "SET nested.x = :a", {":a": 1})


def test_arithmetic_on_a_missing_attribute_is_refused(table: Table) -> None:
    table.put("a", "1")

    _refused(table.update, "a", "1", "SET hits = hits + :a", {":a": 1})


def test_a_range_with_its_ends_reversed_is_refused(table: Table) -> None:
    values = {":pk": "a", ":from": "2", ":to": "1"}
    _refused(table.query, "pk = :pk AND sk BETWEEN :from AND :to", values)


def test_a_query_needs_its_partition_key(table: Table) -> None:
    _refused(table.query, "sk = :sk", {":sk": "1"})


def test_a_filter_may_not_name_the_key(table: Table) -> None:
    _refused(table.query, "pk = :pk", {":pk": "a", ":sk": "1"}, FilterExpression="sk = :sk")


def test_an_index_cannot_be_read_consistently(table: Table) -> None:
    _refused(table.query, "kind = :k", {":k": "x"}, IndexName="ByKind", ConsistentRead=True)


def test_a_table_or_index_that_is_missing_is_named_so(table: Table) -> None:
    missing = Table(table.client, "no-such-table")

    _refused(missing.put, "a", "1", code="ResourceNotFoundException")
    _refused(table.query, "kind = :k", {":k": "x"}, IndexName="NoSuchIndex")


def test_a_table_is_not_made_twice(table: Table) -> None:
    with pytest.raises(ClientError) as refused:
        Table.create(table.client, table.name)

    assert refused.value.response["Error"]["Code"] == "ResourceInUseException"
