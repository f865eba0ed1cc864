"""Which items of a batch count as failed."""

import json
from typing import Any

import pytest

from local.queue_poller import failed_items
from local.runtime import Outcome

ITEMS = ["a", "b", "c"]


def failed(answer: Any, status: Any = "ok", reports: bool = True) -> set[str]:
    return failed_items(Outcome(status, json.dumps(answer).encode(), "r", 0), ITEMS, reports)


@pytest.mark.parametrize("status", ["error", "timeout", "crash"])
def test_an_error_fails_the_whole_batch(status: str) -> None:
    assert failed({}, status) == set(ITEMS)


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}])
def test_an_empty_report_is_success(answer: Any) -> None:
    assert failed(answer) == set()


def test_only_reported_items_fail() -> None:
    assert failed({"batchItemFailures": [{"itemIdentifier": "b"}]}) == {"b"}


@pytest.mark.parametrize(
    "answer",
    [
        {"batchItemFailures": [{"itemIdentifier": "unknown"}]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"wrong": "a"}]},
        {"batchItemFailures": "a"},
        "text",
    ],
)
def test_a_report_of_the_wrong_shape_fails_the_whole_batch(answer: Any) -> None:
    assert failed(answer) == set(ITEMS)


def test_without_the_report_type_an_answer_means_nothing() -> None:
    assert failed({"batchItemFailures": [{"itemIdentifier": "b"}]}, reports=False) == set()
