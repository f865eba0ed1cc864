"""Time entries: as many as planned, on assigned work, within people's days, billed as agreed."""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from local.harvest.samples import Sample, load
from local.harvest.samples.plans import PLANS
from tests.unit.samples.ledger_fields import TIME_FIELDS
from tests.unit.samples.time_records import TODAY, by_id, days, entries

Record = dict[str, Any]


def minutes(clock: str) -> int:
    moment = datetime.strptime(clock.upper(), "%I:%M%p")  # noqa: DTZ007 (a time of any day)
    return moment.hour * 60 + moment.minute


def test_every_entry_has_the_fields_and_types_of_stored_entries(sample: Sample) -> None:
    wrong = [
        (field, value)
        for entry in entries(sample)
        for field, value in entry.items()
        if type(value) not in TIME_FIELDS[field]
    ]

    assert wrong == []
    assert all(entry.keys() == TIME_FIELDS.keys() for entry in entries(sample))


@pytest.mark.parametrize("seed", range(1, 6))
def test_there_are_exactly_as_many_entries_as_planned(seed: int) -> None:
    book = load("studio", seed).records("time_entries")

    ids = [entry["id"] for entry in book]

    assert len(ids) == len(set(ids)) == len(book) == PLANS["studio"].time_entries
    assert all(2**31 < entry_id < 2**53 for entry_id in ids)


@pytest.mark.parametrize("seed", [2, 10])
def test_days_are_no_longer_in_the_first_months_with_few_people(seed: int) -> None:
    book = load("studio", seed).records("time_entries")
    hours: dict[tuple[int, str], Decimal] = defaultdict(Decimal)

    for entry in book[:3000]:
        hours[entry["user_id"], entry["spent_date"]] += entry["hours"]

    assert max(hours.values()) <= 9


def test_ids_rise_with_creation_within_a_month(studio: Sample) -> None:
    months: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for entry in entries(studio):
        months[entry["spent_date"][:7]].append((entry["created_at"], entry["id"]))

    for rows in months.values():
        # The same second may hold several entries, whose order is their own.
        created = [at for at, _ in sorted(rows, key=lambda row: row[1])]
        assert created == sorted(created)


def test_people_track_on_projects_and_tasks_that_they_were_assigned_before(sample: Sample) -> None:
    people = {
        (one["user_id"], one["project_id"]): one for one in sample.records("user_assignments")
    }
    tasks = {(one["task_id"], one["project_id"]): one for one in sample.records("task_assignments")}

    for entry in entries(sample):
        person = people[entry["user_id"], entry["project_id"]]
        task = tasks[entry["task_id"], entry["project_id"]]
        assert max(person["created_at"], task["created_at"]) < entry["created_at"]
        assert entry["billable"] == task["billable"]


def test_nothing_happens_after_today_or_before_creation(sample: Sample) -> None:
    for entry in entries(sample):
        assert entry["created_at"] <= entry["updated_at"] <= f"{TODAY}T17:00:00Z"
        assert entry["spent_date"] <= TODAY


def test_nobody_works_longer_than_a_day_of_theirs(studio: Sample) -> None:
    users = by_id(studio, "users")

    for user_id, _, tracked in days(studio):
        total = sum((entry["hours"] for entry in tracked), Decimal(0))
        assert total <= users[user_id]["weekly_capacity"] / 3600 / 2 + 1
        assert total <= 9


def test_hours_are_positive_except_under_a_timer_and_have_two_places(sample: Sample) -> None:
    for entry in entries(sample):
        assert entry["hours"] > 0 or entry["timer_started_at"]
        assert entry["hours"].as_tuple().exponent == -2


def test_some_people_track_quarters_of_hours_and_others_odd_minutes(studio: Sample) -> None:
    quarters: dict[int, list[bool]] = defaultdict(list)
    for entry in entries(studio):
        quarters[entry["user_id"]].append(entry["hours"] % Decimal("0.25") == 0)

    shares = [sum(flags) / len(flags) for flags in quarters.values() if len(flags) > 300]

    assert any(share > 0.99 for share in shares)
    assert any(share < 0.3 for share in shares)


def test_work_is_done_on_weekdays_and_rests_on_holidays(sample: Sample) -> None:
    spent = Counter(date.fromisoformat(entry["spent_date"]).weekday() for entry in entries(sample))
    weekend = spent[5] + spent[6]

    assert weekend / len(entries(sample)) < 0.01
    assert not any(entry["spent_date"].endswith("-12-25") for entry in entries(sample))


def test_part_timers_work_on_fewer_days_of_the_week(studio: Sample) -> None:
    worked: dict[int, Counter[int]] = defaultdict(Counter)
    for user_id, day, _ in days(studio):
        worked[user_id][date.fromisoformat(day).weekday()] += 1

    for user in studio.records("users"):
        if user["weekly_capacity"] <= 20 * 3600 and worked[user["id"]].total() > 100:
            usual = [day for day, count in worked[user["id"]].items() if count > 10]
            assert len(usual) <= 3


def test_people_are_away_for_weeks(studio: Sample) -> None:
    worked: dict[int, set[int]] = defaultdict(set)
    for user_id, day, _ in days(studio):
        worked[user_id].add(date.fromisoformat(day).toordinal())

    keen = [sorted(found) for found in worked.values() if len(found) > 500]
    gaps = [later - one for found in keen for one, later in pairwise(found)]

    assert sum(gap > 9 for gap in gaps) >= len(keen)


def test_times_of_day_fit_the_hours_and_do_not_overlap(studio: Sample) -> None:
    for _, _, tracked in days(studio):
        ended = -1
        for entry in sorted(tracked, key=lambda one: minutes(one["started_time"])):
            if entry["timer_started_at"] or minutes(entry["ended_time"]) < ended:
                continue
            started, ended = minutes(entry["started_time"]), minutes(entry["ended_time"])
            assert abs((ended - started) - entry["hours"] * 60) <= 1


def test_accounts_without_times_of_day_have_none_and_required_notes_are_there(
    agency: Sample,
) -> None:
    for entry in entries(agency):
        assert entry["started_time"] is None
        assert entry["ended_time"] is None
        assert entry["notes"]


def test_rates_are_those_of_the_projects_way_of_billing(studio: Sample) -> None:
    projects = by_id(studio, "projects")
    people = {
        (one["user_id"], one["project_id"]): one for one in studio.records("user_assignments")
    }
    tasks = {(one["task_id"], one["project_id"]): one for one in studio.records("task_assignments")}
    in_force = {name: _rates(studio, name) for name in ("billable_rates", "cost_rates")}

    for entry in entries(studio):
        project = projects[entry["project_id"]]
        person = people[entry["user_id"], entry["project_id"]]
        usual = in_force["billable_rates"](entry["user_id"], entry["spent_date"])
        expected = {
            "Project": project["hourly_rate"],
            "Tasks": tasks[entry["task_id"], entry["project_id"]]["hourly_rate"],
            "People": usual if person["use_default_rates"] else person["hourly_rate"],
            "none": None,
        }[project["bill_by"]]
        assert entry["billable_rate"] == (expected if entry["billable"] else None)
        cost = in_force["cost_rates"](entry["user_id"], entry["spent_date"])
        assert entry["cost_rate"] == cost


def _rates(sample: Sample, resource: str) -> Any:
    """The rate of a person on a day."""
    starts: dict[int, list[str]] = defaultdict(list)
    amounts: dict[int, list[Decimal]] = defaultdict(list)
    for rate in sample.records(resource):
        starts[rate["user_id"]].append(rate["start_date"] or "")
        amounts[rate["user_id"]].append(rate["amount"])

    def on(user_id: int, day: str) -> Decimal | None:
        number = bisect_right(starts[user_id], day)
        return amounts[user_id][number - 1] if number else None

    return on
