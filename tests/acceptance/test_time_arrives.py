"""Time arrives by itself: what is new, what was edited later, what is years old, each once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.timekeeping import Timekeeping, total

Document = dict[str, Any]


def track(kept: Timekeeping, day: str, hours: float) -> Document:
    """A new entry of somebody who has time in Harvest already."""
    like = kept.entries()[0]
    named = {f"{name}_id": like[name]["id"] for name in ("user", "project", "task")}
    return kept.harvest.create("time_entries", **named, spent_date=day, hours=hours)


def hours_on(kept: Timekeeping, entry: Document) -> Decimal:
    """What counts of the entry's person, project and day."""
    asked = {
        "person_id": kept.people[entry["user"]["id"]]["id"],
        "project_id": kept.projects[entry["project"]["id"]]["id"],
    }
    return total(kept.actuals(entry["spent_date"], entry["spent_date"], **asked))


@pytest.mark.row("O4")
def test_overnight_new_entries_arrive_by_themselves(kept: Timekeeping) -> None:
    kept.begin()
    _, last = kept.days()
    entry = track(kept, last, 1.75)
    before = hours_on(kept, entry)
    known = len(kept.api.everything("/v1/syncs", "syncs"))

    kept.night()

    assert hours_on(kept, entry) == before + Decimal("1.75")
    runs = kept.api.everything("/v1/syncs", "syncs")
    synced = [one for one in runs[: len(runs) - known] if one["kind"] == "sync"]
    assert [(one["state"], one["started_by"]) for one in synced] == [("done", "schedule")]
    assert synced[0]["time_entries"]["created"] == 1


@pytest.mark.row("O56")
def test_an_edit_to_an_entry_of_last_year_arrives_with_the_next_sync(kept: Timekeeping) -> None:
    kept.begin()
    old = min(
        (one for one in kept.entries() if not one["is_locked"]), key=lambda one: one["spent_date"]
    )
    before = hours_on(kept, old)
    kept.local_run.advance(60)
    kept.harvest.change("time_entries", old["id"], hours=old["hours"] + 0.5)

    kept.synced()

    assert hours_on(kept, old) == before + Decimal("0.5")


@pytest.mark.row("O57")
def test_an_entry_that_is_read_again_and_again_counts_once(kept: Timekeeping) -> None:
    kept.begin()
    _, last = kept.days()
    entry = track(kept, last, 0.33)
    expected = hours_on(kept, entry) + Decimal("0.33")

    # Each read overlaps the one before, so that the entry is shown again and again.
    for _ in range(3):
        kept.synced()

    assert hours_on(kept, entry) == expected
    (told,) = kept.why(entry_id=entry["id"])["entries"]
    assert told["exact"]["total"] == "0.33"
    runs = kept.api.everything("/v1/syncs", "syncs")[:3]
    assert [one["time_entries"]["seen"] for one in runs] == [1, 1, 1]
    assert sum(one["time_entries"]["created"] for one in runs) == 1


@pytest.mark.row("O66")
def test_the_first_sync_brings_the_whole_history(kept: Timekeeping) -> None:
    oldest = min(one["spent_date"] for one in kept.harvest.all("time_entries"))
    day = (date.fromisoformat(oldest) - timedelta(days=4 * 365)).isoformat()
    entry = track(kept, day, 2.25)

    kept.begin()

    assert hours_on(kept, entry) == Decimal("2.25")
    (run,) = kept.api.everything("/v1/syncs", "syncs")
    assert run["time_entries"]["created"] == len(kept.harvest.all("time_entries"))
