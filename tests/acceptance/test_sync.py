"""Syncs: everything once, then what changed; sweeps find what Harvest tells nobody about."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import ended
from tests.acceptance.simulated_harvest import HarvestAccount

DAY = 86_400
Document = dict[str, Any]


@pytest.fixture
def harvest(local_run: LocalRun) -> HarvestAccount:
    """A small account: 12 people, 10 projects, 600 time entries."""
    return local_run.simulator.account("workshop")


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> Document:
    """Connected, with the modules that read time."""
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    made = api.post("/v1/connections/token", body)
    modules = {"projects": True, "people": True, "actuals": True}
    path = f"/v1/connections/{made['id']}"
    return api.patch(path, {"version": made["version"], "modules": modules})


def time_of(run: Document) -> Document:
    """What a sync did with time entries, zeros left out."""
    assert run["state"] == "done", run
    return {name: count for name, count in run["time_entries"].items() if count}


def an_entry(harvest: HarvestAccount, **wanted: Any) -> Document:
    """A stopped, unlocked entry of Harvest."""
    return next(
        one
        for one in harvest.all("time_entries", **wanted)
        if not one["is_running"] and not one["is_locked"]
    )


def test_the_first_sync_brings_everything_and_the_next_one_finds_nothing_new(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    total = len(harvest.all("time_entries"))

    first = api.synced(connection["id"])
    second = api.synced(connection["id"])

    assert time_of(first) == {"seen": total, "created": total}
    assert first["records_changed"]["users"] == len(harvest.all("users"))
    assert first["records_changed"]["projects"] == len(harvest.all("projects"))
    assert not time_of(second).keys() & {"created", "changed", "moved"}
    assert not any(second["records_changed"].values())


def test_a_sync_asks_only_for_what_changed_also_of_days_long_ago(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    local_run.advance(3600)
    entry = an_entry(harvest)
    old = min(harvest.all("time_entries"), key=lambda one: one["spent_date"])
    harvest.change("time_entries", entry["id"], notes="Edited later")
    harvest.change("time_entries", old["id"], notes="Edited a year later")
    local_run.simulator.control("DELETE", "/log")

    run = api.synced(connection["id"])

    assert time_of(run) == {"seen": 2, "changed": 2}
    log = local_run.simulator.control("GET", "/log", {"limit": 100})
    asked = [one for one in log["requests"] if one["path"].endswith("/time_entries")]
    assert len(asked) == 1
    assert "updated_since" in str(asked[0])


def test_a_moved_entry_stands_once_and_a_deleted_one_goes_with_the_sweep(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    local_run.advance(3600)
    moved, deleted = an_entry(harvest), an_entry(harvest, page=2, per_page=100)
    day = date.fromisoformat(moved["spent_date"]) - timedelta(days=40)
    harvest.change("time_entries", moved["id"], spent_date=day.isoformat())
    harvest.delete("time_entries", deleted["id"])

    run = api.synced(connection["id"])
    swept = api.swept(connection["id"])

    assert time_of(run) == {"seen": 1, "changed": 1, "moved": 1}
    left = len(harvest.all("time_entries"))
    found = time_of(swept)
    assert (found["removed"], found["compared"]) == (1, left + 1)
    assert time_of(api.swept(connection["id"]))["compared"] == left


def test_a_project_deleted_in_harvest_takes_its_time_along(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    entries = harvest.all("time_entries")
    project_id = max(
        {one["project"]["id"] for one in entries},
        key=lambda one: sum(entry["project"]["id"] == one for entry in entries),
    )
    doomed = sum(entry["project"]["id"] == project_id for entry in entries)
    harvest.delete("projects", project_id)

    swept = api.swept(connection["id"])

    assert time_of(swept)["removed"] == doomed
    assert "held" not in time_of(swept)


def test_very_much_time_gone_at_once_waits_for_an_administrator(
    local_run: LocalRun, tenant: str, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    entries = [one for one in harvest.all("time_entries") if not one["is_running"]]
    for entry in entries[:150]:
        harvest.delete("time_entries", entry["id"])

    swept = api.swept(connection["id"])

    assert time_of(swept)["held"] == 150
    assert "removed" not in time_of(swept)
    told = api.notice("removals_held")
    assert "150" in told["text"]
    path = f"/v1/connections/{connection['id']}/sweeps"
    manager = local_run.api(tenant, "manager")
    assert manager.post(path, {"accept_removals": True}, 403)["code"] == "role_required"
    assert time_of(api.swept(connection["id"], accept_removals=True))["removed"] == 150


def test_by_itself_a_connection_syncs_and_sweeps_every_night(
    local_run: LocalRun, tenant: str, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    # Other tests have moved the clock: what the account has may be older than sixty days by now.
    like = an_entry(harvest)
    harvest.create(
        "time_entries",
        **{f"{name}_id": like[name]["id"] for name in ("user", "project", "task")},
        spent_date=connection["connected_at"][:10],
        hours=1,
    )
    status = api.get(f"/v1/connections/{connection['id']}/mirror")
    assert status["streams"] == []
    assert status["next_sync_at"] < status["next_sweep_at"]

    local_run.advance(DAY)
    local_run.tick()
    # Both fell due in one leap; the sweep waits until the sync is through.
    local_run.advance(31 * 60)
    local_run.tick()
    api = local_run.api(tenant)

    runs = api.everything("/v1/syncs", "syncs")
    assert [one["kind"] for one in runs] == ["sweep", "sync"], "newest first"
    assert {(one["state"], one["started_by"]) for one in runs} == {("done", "schedule")}
    sweep = time_of(runs[0])
    first = date.fromisoformat(runs[0]["started_at"][:10]) - timedelta(days=59)
    recent = len(harvest.all("time_entries", **{"from": first.isoformat()}))
    assert 1 <= recent <= sweep["compared"] == sweep["seen"]
    status = api.get(f"/v1/connections/{connection['id']}/mirror")
    assert "time_entries" in {one["stream"] for one in status["streams"]}
    assert status["next_sync_at"] > runs[0]["started_at"]


def test_what_is_switched_off_is_not_read(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    made = api.post("/v1/connections/token", body)
    local_run.simulator.control("DELETE", "/log")

    run = api.synced(made["id"])

    assert time_of(run) == {}
    log = local_run.simulator.control("GET", "/log", {"limit": 100})["requests"]
    paths = {one["path"].rpartition("/")[2] for one in log}
    assert paths <= {"clients", "contacts", "me"}


def test_a_sync_that_harvest_refuses_ends_visibly_and_goes_on_when_resumed(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    fault: dict[str, Any] = {
        "kind": "server_error",
        "status": 503,
        "path": "/v2/time_entries",
        "times": None,
    }
    with local_run.simulator.fault(**fault, account_id=int(harvest.account_id)):
        run = api.post(f"/v1/connections/{connection['id']}/syncs", {})
        run = ended(local_run, api, run["id"], "syncs")
    assert run["state"] == "failed"
    assert run["problem"]["code"] == "harvest_unreachable"
    assert api.notice("sync_failed")["about"]["run_id"] == run["id"]

    api.post(f"/v1/syncs/{run['id']}/resume")
    done = ended(local_run, api, run["id"], "syncs")

    assert done["time_entries"]["created"] == len(harvest.all("time_entries"))


def test_a_connection_of_an_older_release_gets_the_nightly_work_of_a_newer_one(
    local_run: LocalRun, api: Api, tenant: str, connection: Document
) -> None:
    place = f"/v1/connections/{connection['id']}/mirror"
    planned = api.get(place)
    job = f"job#{connection['id']}#sweep"
    local_run.lose_item("ConnectionsTable", f"T#{tenant}", job)
    assert api.get(place)["next_sweep_at"] is None

    local_run.advance(DAY)
    local_run.tick()

    assert api.get(place)["next_sweep_at"] > planned["next_sweep_at"]
