"""Reading what a write sends: defaults, nulls and Harvest's sentences."""

from decimal import Decimal
from typing import Any

import pytest

from local.harvest.fields import (
    Field,
    boolean,
    choice,
    day,
    decimal,
    integer,
    list_of,
    read_draft,
    text,
)
from local.harvest.local_time import time_of_day

FIELDS = (
    Field("client_id", integer, required=True),
    Field("name", text, required=True),
    Field("is_active", boolean, default=True, empty=True),
    Field("fee", decimal),
    Field("rate", decimal, default=Decimal(0), on="create"),
)


def test_create_fills_in_defaults_and_misses_what_is_required() -> None:
    draft = read_draft(FIELDS, {"name": "Mast"}, None)

    assert draft.errors == ["Client can't be blank"]
    assert draft.values["is_active"] is True
    assert draft.values["fee"] is None


def test_update_reads_only_what_was_sent_and_may_be_set() -> None:
    draft = read_draft(FIELDS, {"fee": None, "rate": 5, "unknown": 1}, {"fee": Decimal(3)})

    assert (draft.values, draft.errors) == ({"fee": None}, [])


def test_an_echo_is_no_change_in_whatever_form_it_comes() -> None:
    fields = (*FIELDS, Field("started_time", time_of_day))
    before = {"fee": Decimal(3), "is_active": True, "started_time": "3:00pm"}

    echoed = read_draft(fields, {"fee": "3.0", "is_active": 1, "started_time": "15:00"}, before)
    changed = read_draft(fields, {"fee": 4, "started_time": "15:01"}, before)

    assert (echoed.values, echoed.errors) == ({}, [])
    assert changed.values == {"fee": Decimal(4), "started_time": "3:01pm"}


@pytest.mark.parametrize(
    ("read", "sent", "value"),
    [
        (boolean, "false", False),
        (boolean, 1, True),
        (integer, "12", 12),
        (integer, Decimal("12.0"), 12),
        (decimal, "12.345", Decimal("12.34")),
        (decimal, "", None),
        (day, "20260301", "2026-03-01"),
        (day, "", None),
        (list_of(integer), "", []),
        (list_of(text), ["a"], ["a"]),
        (choice("none"), "none", "none"),
    ],
)
def test_values_are_read_from_json_and_from_forms(read: Any, sent: Any, value: Any) -> None:
    assert read_draft((Field("one", read),), {"one": sent}, None).values == {"one": value}


@pytest.mark.parametrize(
    ("read", "sent", "sentence"),
    [
        (boolean, "maybe", "One is invalid"),
        (integer, "1.5", "One must be an integer"),
        (integer, True, "One is not a number"),
        (decimal, "NaN", "One is not a number"),
        (decimal, "1e400", "One is not a number"),
        (day, "2026-02-30", "One is not a valid date"),
        (day, 20260301, "One is not a valid date"),
        (choice("none"), "some", "One is not included in the list"),
        (list_of(integer), ["x"], "One is not a number"),
        (list_of(integer), 5, "One is invalid"),
        (text, {"a": 1}, "One is invalid"),
    ],
)
def test_a_wrong_value_is_a_sentence(read: Any, sent: Any, sentence: str) -> None:
    assert read_draft((Field("one", read),), {"one": sent}, None).errors == [sentence]
