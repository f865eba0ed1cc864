"""What became of time entries: approved, locked, changed late, referring elsewhere, running."""

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from local.harvest.local_time import wall_time, zone_of
from local.harvest.samples import Sample
from local.harvest.samples.plans import PLANS
from tests.unit.samples.time_records import TODAY, by_id, entries

if TYPE_CHECKING:
    from local.harvest.monthly_time import TimeBook

Record = dict[str, Any]


def test_past_months_are_approved_and_the_current_week_is_open(sample: Sample) -> None:
    past = Counter(
        one["approval_status"] for one in entries(sample) if one["spent_date"] < "2026-09"
    )
    week = {one["approval_status"] for one in entries(sample) if one["spent_date"] >= "2026-11-09"}
    lately = {one["approval_status"] for one in entries(sample) if one["spent_date"] >= "2026-10"}
    locked = [one for one in entries(sample) if one["is_explicitly_locked"]]

    assert past["approved"] / past.total() > 0.88
    assert past["unsubmitted"]
    assert week == {"unsubmitted"}
    assert lately == {"unsubmitted", "submitted", "approved"}
    assert locked
    assert max(one["spent_date"] for one in locked) < "2025-12"


def test_timers_run_for_a_few_people_today(studio: Sample, agency: Sample) -> None:
    for sample in (studio, agency):
        book = cast("TimeBook", sample.records("time_entries"))
        month = book.month("2026-11")
        last = [book.record(month, row) for row in range(len(month))]
        running = [entry for entry in last if entry["timer_started_at"]]

        assert len(running) == PLANS[sample.name].running_timers
        assert len({entry["user_id"] for entry in running}) == len(running)
        for entry in running:
            assert entry["spent_date"] == TODAY == entry["timer_started_at"][:10]
            assert entry["created_at"] <= entry["timer_started_at"]
            assert entry["ended_time"] is None


def test_running_timers_show_when_they_began_on_the_clock_of_their_person(studio: Sample) -> None:
    book = cast("TimeBook", studio.records("time_entries"))
    month, users = book.month("2026-11"), by_id(studio, "users")
    entries_of_month = [book.record(month, row) for row in range(len(month))]
    running = [entry for entry in entries_of_month if entry["timer_started_at"]]

    for entry in running:
        began = datetime.fromisoformat(entry["timer_started_at"])
        assert entry["started_time"] == wall_time(began, zone_of(users[entry["user_id"]]))
    assert any(zone_of(users[one["user_id"]]).key != "Europe/London" for one in running)


def test_archived_projects_and_people_have_a_past(sample: Sample) -> None:
    projects, users = by_id(sample, "projects"), by_id(sample, "users")

    assert any(not projects[one["project_id"]]["is_active"] for one in entries(sample))
    assert any(not users[one["user_id"]]["is_active"] for one in entries(sample))
    recent = [one for one in entries(sample) if one["spent_date"] > "2026-11"]
    assert all(projects[one["project_id"]]["is_active"] for one in recent)


def test_some_entries_were_typed_in_late_and_some_changed_much_later(sample: Sample) -> None:
    late = sum(one["created_at"][:10] > one["spent_date"] for one in entries(sample))
    much_later = [
        one
        for one in entries(sample)
        if date.fromisoformat(one["updated_at"][:10]) > _days_after(one["spent_date"], 180)
    ]

    assert 0.05 < late / len(entries(sample)) < 0.4
    assert much_later


def _days_after(day: str, days_: int) -> date:
    return date.fromordinal(date.fromisoformat(day).toordinal() + days_)


def test_references_lead_to_services_of_the_account(sample: Sample) -> None:
    references = [one["external_reference"] for one in entries(sample) if one["external_reference"]]

    assert 0.05 < len(references) / len(entries(sample)) < 0.4
    assert len({reference["service"] for reference in references}) == 2
    for reference in references:
        assert reference["permalink"].startswith(f"https://{reference['service']}/")
        assert reference["permalink"].endswith(reference["id"])
        assert reference["service"].endswith(f"{sample.plan.subdomain}.example")


def test_notes_are_in_many_languages_and_sometimes_missing(studio: Sample) -> None:
    notes = Counter(entry["notes"] for entry in entries(studio))

    assert len(notes) > 1000
    assert notes[None]
    assert notes[""]
    assert any("\n" in note for note in notes if note)
    assert any("ü" in note for note in notes if note)
    assert any("Διορθώσεις" in note for note in notes if note)
