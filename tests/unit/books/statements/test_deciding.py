"""What a booking of the bank asks for, by what is known of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sheaf.books.bank.lines import Status
from sheaf.books.statements.deciding import Outcome, Task, task_of
from tests.unit.books.statements.made import DAY, START, booking, known, line

ONE, TWO = line("l1", 90000), line("l2", 30000)
SUM = line("sum", 120000)


def test_what_is_not_known_is_booked_line_by_line() -> None:
    assert task_of(booking(ONE, TWO), None, START) == Task(Outcome.BOOKED, (ONE, TWO))


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"status": Status.PENDING}, Outcome.PENDING),
        ({"status": Status.INFORMATION}, Outcome.INFORMATION),
        ({"booked_on": START - timedelta(days=1)}, Outcome.EARLY),
    ],
)
def test_what_is_not_for_the_books_is_left(changes: dict[str, Any], outcome: Outcome) -> None:
    assert task_of(booking(ONE, **changes), None, START) == Task(outcome)


def test_the_first_day_of_the_books_belongs_to_them() -> None:
    assert task_of(booking(ONE, booked_on=START), None, START).outcome is Outcome.BOOKED


def test_what_is_known_is_booked_no_second_time() -> None:
    told = booking(ONE, TWO)

    assert task_of(told, known("l1", "l2", amount=120000), START) == Task(Outcome.KNOWN)


def test_a_batch_that_is_told_apart_takes_the_place_of_its_sum() -> None:
    before = known("sum", amount=120000, detailed=False)

    task = task_of(booking(ONE, TWO), before, START)

    assert task == Task(Outcome.TOLD_APART, (ONE, TWO), ("sum",))


def test_a_batch_that_was_told_apart_is_not_put_together_again() -> None:
    before = known("l1", "l2", amount=120000)

    assert task_of(booking(SUM, detailed=False), before, START) == Task(Outcome.KNOWN)
    assert task_of(booking(SUM), before, START) == Task(Outcome.KNOWN)


def test_a_batch_of_one_line_that_is_told_apart_is_the_same_line() -> None:
    before = known("l1", amount=90000, detailed=False)

    assert task_of(booking(ONE), before, START) == Task(Outcome.KNOWN)


def test_of_a_batch_that_is_told_apart_what_stays_is_left() -> None:
    rest = line("rest", 30000)
    before = known("l1", "rest", amount=120000, detailed=False)

    task = task_of(booking(ONE, TWO), before, START)

    assert task == Task(Outcome.TOLD_APART, (TWO,), (rest.line_id,))


@pytest.mark.parametrize("changes", [{"amount": 90001}, {"booked_on": date(2026, 4, 2)}])
def test_what_was_told_otherwise_is_nothing_that_is_settled_here(changes: dict[str, Any]) -> None:
    told = replace(booking(ONE), **changes)

    assert task_of(told, known("l1", amount=90000), START) == Task(Outcome.CONTRADICTS)
    assert told.booked_on >= DAY
