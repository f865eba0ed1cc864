"""Global secondary indexes: what they hold, how they follow the table, how they page."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.table import Item, Table, plain


def _index(table: Table, index: str, key: str, value: str, **more: Any) -> list[Item]:
    answer = table.query(f"{key} = :v", {":v": value}, IndexName=index, **more)
    return [plain(item) for item in answer["Items"]]


def test_an_index_of_all_attributes_holds_the_whole_item(table: Table) -> None:
    table.put("a", "1", owner_id="ann", due=3, note="x", kind="call")

    expected = {"pk": "a", "sk": "1", "owner_id": "ann", "due": 3, "note": "x", "kind": "call"}
    assert _index(table, "ByOwner", "owner_id", "ann") == [expected]


def test_an_index_of_keys_holds_the_keys_of_table_and_index_only(table: Table) -> None:
    table.put("a", "1", kind="call", note="x", owner_id="ann", due=3)

    assert _index(table, "ByKind", "kind", "call") == [{"pk": "a", "sk": "1", "kind": "call"}]


def test_an_index_holds_the_attributes_that_it_includes(table: Table) -> None:
    table.put("a", "1", phase="open", changed_at="2026-05-01", title="T", note="x")

    expected = {"pk": "a", "sk": "1", "phase": "open", "changed_at": "2026-05-01", "title": "T"}
    assert _index(table, "ByPhase", "phase", "open") == [expected]


def test_an_attribute_outside_the_projection_cannot_be_asked_for(table: Table) -> None:
    table.put("a", "1", kind="call", note="x")

    with pytest.raises(ClientError) as refused:
        _index(table, "ByKind", "kind", "call", ProjectionExpression="sk, note")

    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_an_index_holds_only_items_with_all_of_its_keys(table: Table) -> None:
    table.put("a", "1", owner_id="ann")
    table.put("a", "2", due=4)
    table.put("a", "3", owner_id="ann", due=5)

    assert [item["sk"] for item in _index(table, "ByOwner", "owner_id", "ann")] == ["3"]


def test_an_index_follows_the_item_from_key_to_key_and_out(table: Table) -> None:
    table.put("a", "1", owner_id="ann", due=1)
    table.update("a", "1", "SET owner_id = :o", {":o": "bob"})
    assert _index(table, "ByOwner", "owner_id", "ann") == []
    assert len(_index(table, "ByOwner", "owner_id", "bob")) == 1

    table.call(
        "update_item",
        Key={"pk": {"S": "a"}, "sk": {"S": "1"}},
        UpdateExpression="REMOVE due",
    )
    assert _index(table, "ByOwner", "owner_id", "bob") == []

    table.update("a", "1", "SET due = :d", {":d": 2})
    table.call("delete_item", Key={"pk": {"S": "a"}, "sk": {"S": "1"}})
    assert _index(table, "ByOwner", "owner_id", "bob") == []


def test_a_replaced_item_leaves_the_index_when_the_new_one_has_no_key(table: Table) -> None:
    table.put("a", "1", kind="call")
    table.put("a", "1", note="no kind")

    assert _index(table, "ByKind", "kind", "call") == []


def test_batches_and_transactions_reach_the_indexes(table: Table) -> None:
    item = {"pk": {"S": "a"}, "sk": {"S": "1"}, "kind": {"S": "call"}}
    table.client.batch_write_item(RequestItems={table.name: [{"PutRequest": {"Item": item}}]})
    table.transact(table.act("Put", "a", "2", item={"kind": "call"}))
    assert [found["sk"] for found in _index(table, "ByKind", "kind", "call")] == ["1", "2"]

    table.transact(table.act("Delete", "a", "1"))
    key = {"pk": {"S": "a"}, "sk": {"S": "2"}}
    table.client.batch_write_item(RequestItems={table.name: [{"DeleteRequest": {"Key": key}}]})
    assert _index(table, "ByKind", "kind", "call") == []


def test_items_with_the_same_index_key_are_all_kept_and_paged(table: Table) -> None:
    for number in range(11):
        table.put(f"p{number % 3}", f"{number:02}", owner_id="ann", due=number // 4)

    pages = table.query_all("owner_id = :o", {":o": "ann"}, IndexName="ByOwner", Limit=3)

    found = [(item["pk"], item["sk"]) for page in pages for item in page]
    assert len(found) == 11
    assert len(set(found)) == 11
    assert [item["due"] for page in pages for item in page] == [0] * 4 + [1] * 4 + [2] * 3


def test_the_next_key_of_an_index_names_the_keys_of_table_and_index(table: Table) -> None:
    for number in range(3):
        table.put("a", str(number), owner_id="ann", due=number)

    answer = table.query("owner_id = :o", {":o": "ann"}, IndexName="ByOwner", Limit=2)

    assert plain(answer["LastEvaluatedKey"]) == {"pk": "a", "sk": "1", "owner_id": "ann", "due": 1}


def test_an_index_is_read_backwards_up_to_a_key(table: Table) -> None:
    for day in range(1, 6):
        table.put("a", str(day), phase="open", changed_at=f"2026-05-0{day}")

    answer = table.query(
        "phase = :p AND changed_at <= :until",
        {":p": "open", ":until": "2026-05-04"},
        IndexName="ByPhase",
        ScanIndexForward=False,
        Limit=2,
    )

    assert [plain(item)["sk"] for item in answer["Items"]] == ["4", "3"]


def test_a_page_of_an_index_ends_at_a_megabyte_of_what_the_index_holds(table: Table) -> None:
    for number in range(5):
        table.put("a", str(number), owner_id="ann", due=number, kind="call", note="x" * 300 * 1024)

    whole = table.query_all("owner_id = :o", {":o": "ann"}, IndexName="ByOwner")
    keys_only = table.query_all("kind = :k", {":k": "call"}, IndexName="ByKind")

    assert [item["sk"] for page in whole for item in page] == ["0", "1", "2", "3", "4"]
    assert len(whole) == 2
    assert [len(page) for page in keys_only] == [5]
