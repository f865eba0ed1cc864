"""What the mirror keeps of a time entry, and when two readings of it are the same."""

from decimal import Decimal

import pytest

from sheaf.mirror.time_entries import Place, hours_of, time_entry
from tests.unit.mirror.rows import BO, row


def test_an_entry_keeps_every_decimal_and_refers_to_what_has_a_stream_of_its_own() -> None:
    entry = time_entry(row(1, hours=Decimal("0.10"), billable_rate=Decimal("87.5")))

    fields = entry.fields()

    assert entry.place == Place(BO, "2026-03-02")
    assert (fields["hours"], fields["rounded_hours"]) == ("0.10", "2.25")
    assert Decimal(fields["billable_rate"]) == Decimal("87.5")
    assert (fields["project_id"], fields["task_id"], fields["client_id"]) == (21, 31, 11)
    assert "user_assignment" not in fields and "Bo Larsen" not in entry.text


def test_the_same_entry_read_again_has_the_same_digest_whatever_hangs_beside_it() -> None:
    renamed = row(1, project={"id": 21, "name": "Shop", "code": None}, user_assignment=None)

    assert time_entry(renamed) == time_entry(row(1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hours", Decimal("2.01")),
        ("rounded_hours", Decimal("2.5")),
        ("notes", "Wireframes, once more"),
        ("project", {"id": 22, "name": "Website", "code": "W1"}),
        ("task", {"id": 32, "name": "Design"}),
        ("spent_date", "2026-03-03"),
        ("billable", False),
        ("is_locked", True),
        ("invoice", {"id": 9, "number": "9"}),
        ("external_reference", {"id": "T-1", "group_id": None, "permalink": None}),
        ("updated_at", "2026-03-02T12:00:00Z"),
    ],
)
def test_whatever_changes_is_news(field: str, value: object) -> None:
    assert time_entry(row(1, **{field: value})).digest != time_entry(row(1)).digest


def test_a_running_timer_is_no_news_while_only_its_clock_runs() -> None:
    running = {
        "is_running": True,
        "timer_started_at": "2026-03-02T09:00:00Z",
        "hours_without_timer": Decimal("0.5"),
    }
    early = time_entry(row(1, hours=Decimal("0.75"), rounded_hours=Decimal("0.75"), **running))
    late = time_entry(row(1, hours=Decimal("3.10"), rounded_hours=Decimal("3.25"), **running))

    assert early == late
    counted = hours_of(late)
    assert (counted.exact, counted.running_since) == (Decimal("0.5"), "2026-03-02T09:00:00Z")


def test_what_counts_of_an_entry() -> None:
    counted = hours_of(time_entry(row(1, billable=False)))

    assert (counted.project_id, counted.task_id, counted.client_id) == (21, 31, 11)
    assert (counted.exact, counted.rounded) == (Decimal("2.00"), Decimal("2.25"))
    assert (counted.billable, counted.running_since) == (False, "")


def test_hours_that_harvest_does_not_round_count_as_they_are() -> None:
    without = row(1)
    del without["rounded_hours"], without["hours_without_timer"]

    assert hours_of(time_entry(without)).rounded == Decimal("2.00")


@pytest.mark.parametrize("name", ["id", "spent_date", "user", "hours"])
def test_a_row_that_lacks_what_makes_an_entry_is_none(name: str) -> None:
    broken = row(1)
    del broken[name]

    with pytest.raises((KeyError, TypeError)):
        time_entry(broken)


def test_a_rate_of_nothing_is_not_the_same_as_a_rate_that_may_not_be_seen() -> None:
    free, unseen = (time_entry(row(1, cost_rate=rate)) for rate in (Decimal("0.0"), None))

    assert free.fields()["cost_rate"] == "0.0"
    assert "cost_rate" not in unseen.fields()
    assert free.digest != unseen.digest
