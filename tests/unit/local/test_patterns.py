"""Filter patterns of event source mappings."""

from typing import Any

import pytest

from local.patterns import matches

RECORD = {
    "eventName": "INSERT",
    "dynamodb": {"Keys": {"pk": {"S": "item#1"}}, "NewImage": {"n": {"N": "5"}}},
    "price": 12.5,
    "tags": ["a", "b"],
    "nothing": None,
}


def test_no_pattern_takes_everything() -> None:
    assert matches((), RECORD)


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["INSERT", "MODIFY"]},
        {"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "item"}]}}}},
        {"dynamodb": {"Keys": {"pk": {"S": [{"suffix": "#1"}]}}}},
        {"dynamodb": {"OldImage": [{"exists": False}]}},
        {"dynamodb": {"OldImage": {"n": [{"exists": False}]}}},
        {"eventName": [{"anything-but": ["REMOVE"]}]},
        {"eventName": [{"anything-but": {"prefix": "REM"}}]},
        {"eventName": [{"equals-ignore-case": "insert"}]},
        {"price": [{"numeric": [">", 12, "<=", 12.5]}]},
        {"tags": ["b"]},
        {"nothing": [None]},
        {"$or": [{"eventName": ["REMOVE"]}, {"tags": ["a"]}]},
    ],
)
def test_a_fitting_record_is_taken(pattern: Any) -> None:
    assert matches([{"eventName": ["NEVER"]}, pattern], RECORD)


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["REMOVE"]},
        {"eventName": ["INSERT"], "tags": ["c"]},
        {"missing": ["x"]},
        {"missing": [{"prefix": "x"}]},
        {"dynamodb": {"NewImage": [{"exists": False}]}},
        {"price": [{"numeric": ["<", 12]}]},
        {"price": ["12.5"]},
        {"eventName": [{"anything-but": "INSERT"}]},
    ],
)
def test_any_other_record_is_not(pattern: Any) -> None:
    assert not matches([pattern], RECORD)
