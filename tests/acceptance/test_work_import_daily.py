"""Every night what is new in Harvest is imported, and its time read."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.timekeeping import Timekeeping, total
from tests.acceptance.work_imports import (
    client,
    clock_now,
    everything_imported,
    follow,
    here,
    imported,
    project,
    user,
)

Document = dict[str, Any]


def next_import(api: Api, kept: Timekeeping) -> datetime:
    return datetime.fromisoformat(api.get(kept.path)["next_work_import_at"])


def until_due(kept: Timekeeping, minutes: float = 1) -> None:
    wait = next_import(kept.api, kept) + timedelta(minutes=minutes) - clock_now(kept)
    kept.local_run.advance(wait.total_seconds())
    kept.local_run.tick()


@pytest.mark.row("R33", "R36")
def test_what_is_new_in_harvest_comes_every_night_in_the_tenants_time_zone(
    kept: Timekeeping,
) -> None:
    version = kept.api.get("/v1/settings")["version"]
    zone = {"version": version, "time_zone": "America/New_York"}
    kept.api.patch("/v1/settings", zone)
    osier = client(kept, "Osier Baskets")
    shop, ida = project(kept, osier, "Shop"), user(kept, "Ida")
    due = next_import(kept.api, kept)
    assert due.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M") == "01:00"

    until_due(kept, minutes=-2)
    assert here(kept.api, "people") == {}
    until_due(kept)

    assert ida["id"] in here(kept.api, "people")
    assert (
        here(kept.api, "projects")[shop["id"]]["company_id"]
        == here(kept.api, "companies")[osier["id"]]["id"]
    )
    run = kept.api.get("/v1/work-imports")["work_imports"][0]
    assert (run["unattended"], run["started_by"], run["state"]) == (True, "schedule", "done")
    entry = kept.api.get(f"/v1/people/{here(kept.api, 'people')[ida['id']]['id']}/audit")
    assert entry["entries"][0]["actor"] == "schedule"
    # The next night brings what came since, and nothing goes the other way.
    tim = user(kept, "Tim")
    assert next_import(kept.api, kept) == due + timedelta(days=1)
    in_harvest = kept.harvest.all("users")
    until_due(kept)
    assert tim["id"] in here(kept.api, "people")
    assert kept.harvest.all("users") == in_harvest


@pytest.mark.row("R14", "R38")
def test_every_night_time_is_read_and_overwrites_the_actuals_that_are_here(
    kept: Timekeeping,
) -> None:
    everything_imported(kept)
    kept.api.post(f"{kept.path}/actuals/confirm")
    kept.synced()
    first, last = kept.days()
    actual = next(one for one in kept.actuals(first, last, limit=100) if one["project"])
    hours = {"version": actual["version"], "billable": "1.23", "non_billable": "0"}
    kept.local_run.advance(60)
    kept.api.patch(f"/v1/actuals/{actual['id']}", hours)
    entry = kept.entries()[0]
    kept.harvest.change("time_entries", entry["id"], hours=float(entry["hours"]) + 1)

    kept.night()

    (again,) = [one for one in kept.actuals(first, last, limit=100) if one["id"] == actual["id"]]
    assert again["exact"]["billable"] != "1.23"
    syncs = [one for one in kept.api.get("/v1/syncs")["syncs"] if one["kind"] == "sync"]
    assert syncs[0]["started_by"] == "schedule"
    assert kept.here() == kept.in_harvest()


def test_a_night_without_news_tells_nothing_and_one_that_waits_asks_once(
    kept: Timekeeping,
) -> None:
    imported(kept.api, kept.connection)
    kept.api.post("/v1/people", {"first_name": "Ida", "email": "ida@osier.example"})
    follow(kept.api, kept.connection)
    until_due(kept)
    quiet = kept.api.everything("/v1/notices", "notices")
    user(kept, "Ida")

    for _ in range(2):
        until_due(kept)

    runs = kept.api.get("/v1/work-imports")["work_imports"]
    assert [one["state"] for one in runs[:3]] == ["review", "cancelled", "done"]
    told = [one["kind"] for one in kept.api.everything("/v1/notices", "notices")]
    assert [one["kind"] for one in quiet] == ["work_import_done"]
    assert sorted(told) == ["work_import_done", "work_import_to_review"]


@pytest.mark.row("O55")
def test_one_night_brings_new_entries_and_changed_budgets(kept: Timekeeping) -> None:
    osier = client(kept, "Quillfeather Secret Works")
    shop = project(kept, osier, "Larkspur", budget_by="project_cost", cost_budget=5000)
    everything_imported(kept)
    kept.api.post(f"{kept.path}/actuals/confirm")
    kept.synced()
    follow(kept.api, kept.connection)
    assert Decimal(here(kept.api, "projects")[shop["id"]]["budget"]) == 5000
    like = kept.entries()[0]
    day = like["spent_date"]
    ids = {
        "person_id": kept.people[like["user"]["id"]]["id"],
        "project_id": kept.projects[like["project"]["id"]]["id"],
    }
    before = total(kept.actuals(day, day, **ids))
    named = {f"{name}_id": like[name]["id"] for name in ("user", "project", "task")}
    kept.harvest.create("time_entries", **named, spent_date=day, hours=1.25)
    kept.harvest.change("projects", shop["id"], cost_budget=7500)

    kept.night()

    assert total(kept.actuals(day, day, **ids)) == before + Decimal("1.25")
    assert Decimal(here(kept.api, "projects")[shop["id"]]["budget"]) == 7500
