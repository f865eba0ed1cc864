"""Values come back as they were written: numbers exactly, every type, every nesting."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.table import Table, plain

# At most 26 digits, so that Python's own sums (28 digits) are exact too.
EXACT = st.decimals(min_value=-(10**20), max_value=10**20, places=6)
LEAVES = st.one_of(st.text(max_size=20), EXACT, st.binary(max_size=20), st.booleans(), st.none())
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
SLOWLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SLOWLY
@given(value=VALUES)
def test_any_value_comes_back_as_it_was_written(table: Table, value: Any) -> None:
    table.put("a", "1", value=value)

    found = table.get("a", "1")

    assert found is not None
    assert found["value"] == value


@SLOWLY
@given(number=EXACT, more=EXACT)
def test_sums_are_exact(table: Table, number: Decimal, more: Decimal) -> None:
    table.put("a", "1", n=number)

    answer = table.update("a", "1", "ADD n :more", {":more": more}, ReturnValues="ALL_NEW")

    assert plain(answer["Attributes"])["n"] == number + more


@pytest.mark.parametrize(
    "number",
    [
        "0.1",
        "-0.01",
        "9007199254740993",
        "123456789012345678901234567890.12345678",
        "99999999999999999999999999999999999999",
        "1E-130",
        "9.9E+125",
        "0",
    ],
)
def test_a_number_is_not_rounded(table: Table, number: str) -> None:
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    table.call("put_item", Item={**key, "n": {"N": number}})

    found = table.call("get_item", Key=key, ConsistentRead=True)["Item"]

    assert Decimal(found["n"]["N"]) == Decimal(number)


def test_numbers_are_written_without_idle_zeros(table: Table) -> None:
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    table.call("put_item", Item={**key, "n": {"N": "001.500"}, "m": {"N": "-0"}})

    found = table.call("get_item", Key=key, ConsistentRead=True)["Item"]

    assert (found["n"], found["m"]) == ({"N": "1.5"}, {"N": "0"})


def test_tenths_add_up(table: Table) -> None:
    for _ in range(3):
        table.update("a", "1", "ADD hours :tenth", {":tenth": Decimal("0.1")})

    found = table.get("a", "1")

    assert found is not None
    assert found["hours"] == Decimal("0.3")


def test_sets_of_each_kind_come_back_whole(table: Table) -> None:
    sets: dict[str, Any] = {
        "names": {"ann", "Ann", "änn"},
        "numbers": {Decimal(1), Decimal("1.5"), Decimal(-3)},
        "blobs": {b"\x00", b"\xff\xfe"},
    }
    table.put("a", "1", **sets)

    found = table.get("a", "1")

    assert found is not None
    assert {name: set(found[name]) for name in sets} == sets


def test_a_set_in_another_order_is_the_same_value(table: Table) -> None:
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    table.call("put_item", Item={**key, "tags": {"SS": ["red", "blue"]}})

    table.call(
        "put_item",
        Item=key,
        ConditionExpression="tags = :tags",
        ExpressionAttributeValues={":tags": {"SS": ["blue", "red"]}},
    )

    assert table.get("a", "1") == {"pk": "a", "sk": "1"}


def test_removing_the_last_element_removes_the_set(table: Table) -> None:
    table.put("a", "1", tags={"red"})

    table.update("a", "1", "DELETE tags :red", {":red": {"red"}})

    assert table.get("a", "1") == {"pk": "a", "sk": "1"}


def test_empty_text_and_bytes_may_be_stored_outside_keys(table: Table) -> None:
    table.put("a", "1", note="", blob=b"", nested={"note": "", "rows": []})

    found = table.get("a", "1")

    expected = {"note": "", "blob": b"", "nested": {"note": "", "rows": []}}
    assert found == {"pk": "a", "sk": "1", **expected}


def test_a_projection_returns_only_the_named_paths(table: Table) -> None:
    table.put("a", "1", note="x", nested={"part": [10, 20, 30], "rest": 1}, name="n")

    answer = table.call(
        "get_item",
        Key={"pk": {"S": "a"}, "sk": {"S": "1"}},
        ProjectionExpression="sk, nested.part[1], #n, absent",
        ExpressionAttributeNames={"#n": "name"},
    )

    assert plain(answer["Item"]) == {"sk": "1", "nested": {"part": [20]}, "name": "n"}


def test_a_batch_read_projects_and_leaves_out_what_is_missing(table: Table) -> None:
    table.put("a", "1", note="x", extra="y")
    keys = [{"pk": {"S": "a"}, "sk": {"S": sk}} for sk in ("1", "2")]

    answer = table.client.batch_get_item(
        RequestItems={table.name: {"Keys": keys, "ProjectionExpression": "sk, note"}}
    )

    assert [plain(item) for item in answer["Responses"][table.name]] == [{"sk": "1", "note": "x"}]
    assert not answer.get("UnprocessedKeys")


def test_a_tables_expiry_attribute_is_kept(table: Table) -> None:
    specification = {"AttributeName": "expires_at", "Enabled": True}

    table.call("update_time_to_live", TimeToLiveSpecification=specification)

    description = table.call("describe_time_to_live")["TimeToLiveDescription"]
    assert description["AttributeName"] == "expires_at"
    assert description["TimeToLiveStatus"] in ("ENABLED", "ENABLING")
