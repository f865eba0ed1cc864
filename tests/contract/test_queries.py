"""Queries: order, ranges, pages by count and by 1 MB, filters."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.table import Table, plain, typed

WORDS = ["a", "a#", "a#1", "a#2", "ab", "b", "b#1", "B", "é", "～", "😀"]
KB = 1024


def _sort_keys(answer: Any) -> list[str]:
    return [plain(item)["sk"] for item in answer["Items"]]


@pytest.fixture
def words(table: Table) -> Table:
    for word in reversed(WORDS):
        table.put("words", word)
    table.put("word", "a")
    return table


def _in_order(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: word.encode())


def test_items_come_in_order_of_their_utf8_bytes(words: Table) -> None:
    assert _sort_keys(words.query("pk = :pk", {":pk": "words"})) == _in_order(WORDS)


def test_items_come_in_descending_order_when_asked(words: Table) -> None:
    answer = words.query("pk = :pk", {":pk": "words"}, ScanIndexForward=False)

    assert _sort_keys(answer) == _in_order(WORDS)[::-1]


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        ("begins_with(sk, :x)", {":x": "a#"}, ["a#", "a#1", "a#2"]),
        ("begins_with(sk, :x)", {":x": "none"}, []),
        ("sk BETWEEN :x AND :y", {":x": "a#1", ":y": "b"}, ["a#1", "a#2", "ab", "b"]),
        ("sk < :x", {":x": "a#"}, ["B", "a"]),
        ("sk <= :x", {":x": "a#"}, ["B", "a", "a#"]),
        ("sk > :x", {":x": "b#1"}, ["é", "～", "😀"]),
        ("sk >= :x", {":x": "b#1"}, ["b#1", "é", "～", "😀"]),
        ("sk = :x", {":x": "ab"}, ["ab"]),
    ],
)
def test_a_range_of_sort_keys_is_found(
    words: Table, condition: str, values: dict[str, str], expected: list[str]
) -> None:
    answer = words.query(f"pk = :pk AND {condition}", {":pk": "words", **values})

    assert _sort_keys(answer) == expected


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(limit=st.integers(1, 13), descending=st.booleans(), consistent=st.booleans())
def test_pages_of_any_size_hold_everything_once(
    words: Table, limit: int, descending: bool, consistent: bool
) -> None:
    pages = words.query_all(
        "pk = :pk",
        {":pk": "words"},
        Limit=limit,
        ScanIndexForward=not descending,
        ConsistentRead=consistent,
    )

    found = [item["sk"] for page in pages for item in page]
    assert found == (_in_order(WORDS)[::-1] if descending else _in_order(WORDS))
    assert all(len(page) == limit for page in pages[:-1])


def test_a_page_that_ends_with_the_last_item_still_names_a_next_key(words: Table) -> None:
    """DynamoDB does not look ahead: whoever pages must expect an empty last page."""
    answer = words.query("pk = :pk", {":pk": "words"}, Limit=len(WORDS))

    assert plain(answer["LastEvaluatedKey"])["sk"] == _in_order(WORDS)[-1]
    after = words.query("pk = :pk", {":pk": "words"}, ExclusiveStartKey=answer["LastEvaluatedKey"])
    assert after["Items"] == []
    assert "LastEvaluatedKey" not in after


def test_a_page_may_start_after_an_item_that_is_gone(words: Table) -> None:
    answer = words.query("pk = :pk", {":pk": "words"}, Limit=3)
    words.call("delete_item", Key=answer["LastEvaluatedKey"])

    after = words.query("pk = :pk", {":pk": "words"}, ExclusiveStartKey=answer["LastEvaluatedKey"])

    assert _sort_keys(after) == _in_order(WORDS)[3:]


def test_a_page_may_start_after_a_key_that_never_was(words: Table) -> None:
    start = typed({"pk": "words", "sk": "a#1x"})

    after = words.query("pk = :pk", {":pk": "words"}, ExclusiveStartKey=start)

    assert _sort_keys(after) == ["a#2", "ab", "b", "b#1", "é", "～", "😀"]


def test_a_page_ends_at_one_megabyte(table: Table) -> None:
    for number in range(7):
        table.put("big", str(number), note="x" * 300 * KB)

    pages = table.query_all("pk = :pk", {":pk": "big"})

    assert [item["sk"] for page in pages for item in page] == [str(number) for number in range(7)]
    # Whether the item that passes the megabyte still belongs to the page is left open.
    assert all(len(page) in (3, 4) for page in pages[:-1])
    assert len(pages) in (2, 3)


def test_a_filter_does_not_make_a_page_longer(table: Table) -> None:
    """The megabyte counts what is read, not what the filter lets through."""
    for number in range(8):
        table.put("big", str(number), note="x" * 300 * KB, wanted=number == 7)

    pages = table.query_all(
        "pk = :pk", {":pk": "big", ":yes": True}, FilterExpression="wanted = :yes"
    )

    assert pages[0] == []
    assert [item["sk"] for page in pages for item in page] == ["7"]


def test_a_limit_counts_items_before_the_filter(words: Table) -> None:
    words.update("words", "a#1", "SET wanted = :yes", {":yes": True})

    answer = words.query(
        "pk = :pk", {":pk": "words", ":yes": True}, FilterExpression="wanted = :yes", Limit=4
    )

    assert (answer["Count"], answer["ScannedCount"]) == (1, 4)
    assert plain(answer["LastEvaluatedKey"])["sk"] == "a#1"


def test_counting_returns_no_items(words: Table) -> None:
    answer = words.query("pk = :pk", {":pk": "words"}, Select="COUNT")

    assert answer["Count"] == len(WORDS)
    assert not answer.get("Items")


def test_a_query_projects_the_named_attributes(words: Table) -> None:
    words.put("notes", "1", note="x", other_note="y", nested={"part": 1, "rest": 2})

    answer = words.query("pk = :pk", {":pk": "notes"}, ProjectionExpression="sk, note, nested.part")

    assert [plain(item) for item in answer["Items"]] == [
        {"sk": "1", "note": "x", "nested": {"part": 1}}
    ]


def test_a_consistent_query_sees_the_write_before_it(table: Table) -> None:
    for number in range(30):
        table.put("fresh", f"{number:02}")

        answer = table.query("pk = :pk", {":pk": "fresh"}, ConsistentRead=True, Select="COUNT")

        assert answer["Count"] == number + 1


def test_number_keys_are_ordered_as_numbers(table: Table) -> None:
    for due in (10, 9, -1, 100, 0):
        table.put("n", str(due), owner_id="ann", due=due)

    answer = table.query(
        "owner_id = :o AND due BETWEEN :from AND :to",
        {":o": "ann", ":from": -1, ":to": 10},
        IndexName="ByOwner",
    )

    assert _sort_keys(answer) == ["-1", "0", "9", "10"]


def test_a_scan_in_pages_finds_everything_once(table: Table) -> None:
    expected = {(f"p{number % 7}", str(number)) for number in range(40)}
    for pk, sk in expected:
        table.put(pk, sk)

    found: list[tuple[str, str]] = []
    start: dict[str, Any] = {}
    while True:
        answer = table.call("scan", Limit=7, **start)
        found += [(item["pk"]["S"], item["sk"]["S"]) for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    assert len(found) == len(expected)
    assert set(found) == expected
