"""What the entries of a person and day come to: merged per project, exact, in any order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sheaf.actuals.projecting import project_month
from sheaf.actuals.records import Amount, Timer, UserDay, user_day
from sheaf.mirror.time_entries import time_entry
from tests.unit.mirror.rows import BO, row


def projected(*rows: Mapping[str, Any]) -> dict[str, UserDay]:
    return project_month([time_entry(one) for one in rows])


def test_the_tasks_of_a_project_and_day_are_merged() -> None:
    days = projected(
        row(1, hours=Decimal("0.50"), rounded_hours=Decimal("0.50")),
        row(2, task={"id": 32, "name": "Review"}, hours=Decimal("1.25")),
        row(3, project={"id": 22, "name": "Shop"}),
        row(4, spent_date="2026-03-03"),
    )

    assert list(days) == ["2026-03-02", "2026-03-03"]
    first, second = days["2026-03-02"].parts
    assert (first.project_id, first.client_id, second.project_id) == (21, 11, 22)
    assert first.work.entries == 2
    assert first.work.billable == Amount(Decimal("1.75"), Decimal("2.75"))


def test_billable_and_non_billable_time_stay_apart() -> None:
    day = projected(row(1), row(2, billable=False, hours=Decimal("0.10")))["2026-03-02"]

    (part,) = day.parts
    assert part.work.billable.exact == Decimal("2.00")
    assert part.work.non_billable.exact == Decimal("0.10")
    assert part.work.total.exact == Decimal("2.10")


def test_a_thousand_small_entries_add_up_to_the_last_digit() -> None:
    tenths = [row(n, hours=Decimal("0.01"), rounded_hours=Decimal("0.25")) for n in range(1000)]

    (part,) = projected(*tenths)["2026-03-02"].parts

    assert part.work.billable == Amount(Decimal("10.00"), Decimal("250.00"))


def test_a_running_timer_is_kept_as_the_instant_since_when_it_runs() -> None:
    running = row(
        1,
        is_running=True,
        timer_started_at="2026-03-02T09:00:00Z",
        hours_without_timer=Decimal("0.5"),
    )

    (part,) = projected(running, row(2))["2026-03-02"].parts

    assert part.work.timers == (Timer("2026-03-02T09:00:00Z", True),)
    assert part.work.billable.exact == Decimal("2.50")


ROWS = st.lists(
    st.builds(
        lambda n, day, project, hours, billable, running: row(
            n,
            spent_date=f"2026-03-{day:02d}",
            project={"id": project},
            hours=hours,
            billable=billable,
            is_running=running,
            timer_started_at="2026-03-02T09:00:00Z",
        ),
        st.integers(1, 10**12),
        st.integers(1, 4),
        st.integers(20, 23),
        st.decimals(0, 24, places=2),
        st.booleans(),
        st.booleans(),
    ),
    max_size=20,
    unique_by=lambda one: one["id"],
)


@given(rows=ROWS, order=st.randoms())
def test_the_order_of_entries_changes_nothing(rows: list[dict[str, Any]], order: Any) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)

    days, again = projected(*rows), projected(*shuffled)

    assert days == again
    assert {day: one.digest() for day, one in days.items()} == {
        day: one.digest() for day, one in again.items()
    }
    total = sum((one["hours"] for one in rows if not one["is_running"]), Decimal(0))
    counted = [part.work for one in days.values() for part in one.parts]
    without = sum(2 for one in rows if one["is_running"])
    assert sum((one.total.exact for one in counted), Decimal(0)) == total + without


@given(rows=ROWS)
def test_what_is_kept_is_read_back_the_same(rows: list[dict[str, Any]]) -> None:
    for day, one in projected(*rows).items():
        assert user_day(BO, day, one.text()) == one
