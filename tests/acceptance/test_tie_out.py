"""The tie-out: hours here against Harvest's own reports; what differs is told, and mended."""

from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.clients import until
from tests.acceptance.timekeeping import Timekeeping

Document = dict[str, Any]


def an_entry(kept: Timekeeping, number: int = 0) -> Document:
    """A stopped, unlocked entry of Harvest."""
    return [one for one in kept.entries() if not one["is_locked"]][number]


def mended(kept: Timekeeping, tie_out: Document) -> Document:
    """The sweep that a tie-out has started, once it has ended and was added up."""
    assert tie_out["sweep_id"], tie_out
    sweep = kept.api.ended(tie_out["sweep_id"])
    assert (sweep["state"], sweep["started_by"]) == ("done", "tie_out"), sweep
    kept.local_run.drain()
    return sweep


@pytest.mark.row("R61")
def test_none_is_left_which_harvests_own_reports_prove(kept: Timekeeping) -> None:
    kept.begin()
    clean = kept.tied_out()

    assert kept.differences(clean) == []
    assert (clean["differences"], clean["standing"], clean["sweep_id"]) == (0, 0, None)
    harvest, here = (Decimal(clean["hours"][one]) for one in ("harvest", "here"))
    # A timer that runs is counted up by both clocks.
    assert abs(harvest - here) <= Decimal("0.05") < here
    days = {one["spent_date"] for one in kept.all_entries()}
    assert clean["from"] <= min(days) <= max(days) <= clean["to"]
    assert min(clean["compared"][one] for one in ("projects", "people", "budgets")) >= 1

    # Changed in Harvest without a trace: no list of changes will ever show it.
    entry = an_entry(kept)
    more = str(Decimal(str(entry["hours"])) + Decimal("1.5"))
    kept.falsify(entry, hours=more)
    kept.local_run.advance(600)
    kept.synced()
    assert kept.here() != kept.in_harvest()

    found = kept.tied_out()

    listed = {one["report"]: one for one in kept.differences(found)}
    assert set(listed) - {"project_budget"} == {"projects", "team"}
    for report, kind, ours in (
        ("projects", "project", kept.projects[entry["project"]["id"]]),
        ("team", "person", kept.people[entry["user"]["id"]]),
    ):
        line = listed[report]
        assert line["subject"]["kind"] == kind
        assert line["subject"]["harvest_id"] == str(entry[{"person": "user"}.get(kind, kind)]["id"])
        assert line["subject"]["id"] == ours["id"]
        assert Decimal(line["harvest"]) - Decimal(line["here"]) == Decimal("1.50")
        assert (line["difference"], line["cause"]) == ("1.50", "unknown")
        assert line["from"] <= entry["spent_date"] <= line["to"]
        assert line["from"][:7] == line["to"][:7] and not line["standing"]

    assert mended(kept, found)["time_entries"]["changed"] == 1
    assert kept.here() == kept.in_harvest()
    again = kept.tied_out()
    assert kept.differences(again) == []
    listed_runs = kept.api.everything("/v1/tie-outs", "tie_outs", limit=1)
    assert [one["id"] for one in listed_runs] == [again["id"], found["id"], clean["id"]]


@pytest.mark.row("R61")
def test_what_still_differs_the_next_time_is_told_to_administrators(
    kept: Timekeeping, tenant: str
) -> None:
    kept.begin()
    # So much gone at once is not believed, and no sweep takes it over by itself.
    for entry in kept.entries()[:60]:
        kept.harvest.delete("time_entries", entry["id"])

    first = kept.tied_out()
    mended(kept, first)
    second = kept.tied_out()
    mended(kept, second)

    assert (first["standing"], second["standing"]) == (0, second["differences"])
    lines = kept.differences(second)
    assert {one["standing"] for one in lines} == {True}
    assert {one["since"] for one in lines} == {first["started_at"]}
    assert all(Decimal(one["difference"]) < 0 for one in lines)
    of_projects = [one for one in lines if one["report"] == "projects"]
    difference = sum(Decimal(one["difference"]) for one in of_projects)
    hours = {name: Decimal(second["hours"][name]) for name in ("harvest", "here")}
    assert abs(hours["harvest"] - hours["here"] - difference) <= Decimal("0.05")
    (told,) = _notices(kept, "admin", tenant)
    assert told["about"]["run_id"] == second["id"]
    assert "h in Harvest" in told["text"]
    assert _notices(kept, "manager", tenant) == []

    mended(kept, kept.tied_out())
    assert len(_notices(kept, "admin", tenant)) == 1, "the same fact once"
    kept.api.swept(kept.connection["id"], accept_removals=True)
    assert kept.tied_out()["differences"] == 0


def _notices(kept: Timekeeping, role: str, tenant: str) -> list[Document]:
    api = kept.local_run.api(tenant, role)
    found = api.everything("/v1/notices", "notices")
    return [one for one in found if one["kind"] == "tie_out_difference"]


def test_where_the_cause_is_known_it_is_told(kept: Timekeeping) -> None:
    kept.begin()
    late, moved = an_entry(kept), an_entry(kept, 30)
    kept.local_run.advance(600)
    hours = float(late["hours"]) + 0.25
    kept.harvest.change("time_entries", late["id"], hours=hours)

    unread = kept.differences(kept.tied_out())

    assert {one["cause"] for one in unread} == {"not_read_yet"}
    assert {one["subject"]["harvest_id"] for one in unread} == {
        str(late["project"]["id"]),
        str(late["user"]["id"]),
    }
    kept.synced()
    assert kept.tied_out()["differences"] == 0

    project = kept.projects[moved["project"]["id"]]
    version = kept.api.get(f"/v1/projects/{project['id']}")["version"]
    tagged = {"version": version, "tags": ["sync_off"]}
    kept.api.patch(f"/v1/projects/{project['id']}", tagged)
    kept.falsify(moved, hours=str(Decimal(str(moved["hours"])) + 2))
    by_report = {one["report"]: one["cause"] for one in kept.differences(kept.tied_out())}
    assert by_report["projects"] == "excluded"


def test_another_rounding_in_harvest_is_told_as_such_and_taken_over(kept: Timekeeping) -> None:
    kept.stop_timers()
    _leave_few_months(kept)
    kept.begin()
    exact, before = kept.here(), kept.here("rounded")
    # No entry is touched by it, and no list of changes shows it.
    path = f"/company/{kept.harvest.account_id}"
    kept.local_run.simulator.control("PATCH", path, {"rounding": "up_30"})
    kept.local_run.advance(600)
    kept.synced()

    found = kept.tied_out()

    lines = [one for one in kept.differences(found) if one["report"] != "project_budget"]
    assert {one["cause"] for one in lines} == {"rounding"}
    assert all(Decimal(one["difference"]) > 0 for one in lines)
    mended(kept, found)
    assert kept.tied_out()["differences"] == 0
    # Exact hours are what people tracked, whatever the account rounds to.
    assert kept.here() == exact
    assert kept.here("rounded") == kept.in_harvest("rounded_hours") != before


def _leave_few_months(kept: Timekeeping) -> None:
    """Of all projects only that with time in the fewest months stays: each month is a report."""
    months: dict[int, set[str]] = {}
    for one in kept.all_entries():
        months.setdefault(one["project"]["id"], set()).add(one["spent_date"][:7])
    kept_one = min(months, key=lambda project_id: (len(months[project_id]), project_id))
    for one in kept.harvest.all("projects"):
        if one["id"] != kept_one:
            kept.harvest.delete("projects", one["id"])


def test_it_begins_by_itself_every_night(kept: Timekeeping, tenant: str) -> None:
    kept.begin()
    kept.night()
    # Everything fell due in one leap: the tie-out waits until sync and sweep are through.
    for _ in range(3):
        kept.local_run.advance(31 * 60)
        kept.local_run.tick()

    runs = kept.local_run.api(tenant).everything("/v1/tie-outs", "tie_outs")

    assert [(one["state"], one["started_by"]) for one in runs] == [("done", "schedule")]
    assert runs[0]["differences"] == 0


def test_it_is_refused_with_the_next_step(kept: Timekeeping, tenant: str) -> None:
    path = f"{kept.path}/tie-outs"

    early = kept.api.post(path, {}, 409)
    assert (early["code"], "sync" in early["next_step"]) == ("time_not_read", True)
    kept.begin()
    for role in ("viewer", "app"):
        refused = kept.local_run.api(tenant, role).post(path, {}, 403)
        assert refused["code"] == "role_required"
    manager = kept.local_run.api(tenant, "manager")
    key = {"idempotency-key": "once"}
    first, second = (manager.call("POST", path, 202, json={}, headers=key)["id"] for _ in range(2))
    assert first == second
    viewer = kept.local_run.api(tenant, "viewer")
    done = until(lambda: viewer.get(f"/v1/tie-outs/{first}"), lambda run: run["state"] == "done")
    assert done["connection_id"] == kept.connection["id"]
    viewer.get("/v1/tie-outs/ti_0000", 404)
    assert viewer.post(f"/v1/tie-outs/{first}/cancel", None, 403)["code"] == "role_required"
    assert manager.post(f"/v1/tie-outs/{first}/cancel", None, 409)["code"] == "run_moved"
    version = kept.api.get(kept.path)["version"]
    kept.api.patch(kept.path, {"version": version, "modules": {"actuals": False}})
    assert kept.api.post(path, {}, 409)["code"] == "module_off"
