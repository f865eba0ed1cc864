"""What is left out: by a tag or by rules, for all time, with a preview before anything changes."""

from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance import work_imports
from tests.acceptance.timekeeping import Timekeeping, extent, total

Document = dict[str, Any]
Sums = dict[tuple[str, str, str], Decimal]


def counted(kept: Timekeeping) -> Sums:
    """Hours that count by month, person and project, without those that running timers add to."""
    first, last = kept.days()
    found = kept.actuals(first, last, by="person_project", group_by="month", limit=100)
    return {
        (one["period"]["from"], one["person"]["id"], one["project"]["id"]): total([one])
        for one in found
        if not one["provisional"]
    }


def without(hours: Sums, record_id: str) -> Sums:
    return {place: worked for place, worked in hours.items() if record_id not in place}


def tagged(kept: Timekeeping, path: str, *tags: str) -> Document:
    version = kept.api.get(path)["version"]
    return kept.api.patch(path, {"version": version, "tags": list(tags)})


NOTHING = extent([])


@pytest.mark.row("R55")
def test_a_tagged_project_counts_no_more_and_a_preview_says_so_before(kept: Timekeeping) -> None:
    kept.begin()
    harvest_project = kept.busiest("project")
    entries = kept.entries_of("project", harvest_project["id"])
    project = kept.projects[harvest_project["id"]]
    path = f"/v1/projects/{project['id']}"
    before = counted(kept)

    preview = kept.api.get(f"{path}/sync-off")

    assert (preview["sync_off"], preview["supposed"]) == (False, True)
    assert (preview["stops"], preview["returns"]) == (extent(entries), NOTHING)
    assert preview["next_cursor"] is None
    months = {one["month"]: one["stops"] for one in preview["months"]}
    assert months == {
        month: extent(one for one in entries if one["spent_date"].startswith(month))
        for month in {one["spent_date"][:7] for one in entries}
    }
    assert counted(kept) == before, "a preview changes nothing"
    assert kept.api.get(path)["version"] == preview["version"]

    assert tagged(kept, path, "studio", "Sync_Off")["sync_off"] is True

    assert counted(kept) == without(before, project["id"]) != before
    told = kept.why(entry_id=entries[0]["id"])
    assert told["status"] == "excluded"
    assert "project has the tag sync_off" in told["entries"][0]["detail"]
    first, last = kept.days()
    assert kept.waiting(first, last) == []
    listed = kept.api.get(f"{kept.path}/exclusions/projects")["projects"]
    assert [(one["project"]["id"], one["excluded_by"]) for one in listed] == [
        (project["id"], "tag")
    ]

    back = kept.api.get(f"{path}/sync-off")
    assert (back["stops"], back["returns"]) == (NOTHING, extent(entries))
    tagged(kept, path, "studio")
    assert counted(kept) == before


@pytest.mark.row("R55")
def test_a_tagged_person_counts_no_more_until_the_tag_goes(kept: Timekeeping, tenant: str) -> None:
    kept.begin()
    user = kept.busiest("user")
    person = kept.people[user["id"]]
    path = f"/v1/people/{person['id']}"
    before = counted(kept)
    viewer = kept.local_run.api(tenant, "viewer")

    preview = viewer.get(f"{path}/sync-off")

    assert preview["stops"] == extent(kept.entries_of("user", user["id"]))
    assert sum(Decimal(one["stops"]["hours"]) for one in preview["months"]) == Decimal(
        preview["stops"]["hours"]
    )
    viewer.patch(path, {"version": 1, "tags": ["sync_off"]}, 403)
    assert tagged(kept, path, "sync_off")["sync_off"] is True
    assert counted(kept) == without(before, person["id"]) != before
    told = kept.why(entry_id=kept.entries_of("user", user["id"])[0]["id"])
    assert "person has the tag sync_off" in told["entries"][0]["detail"]
    tagged(kept, path)
    assert counted(kept) == before


@pytest.mark.row("R56")
def test_rules_leave_projects_out_without_copying_and_show_before_what_they_change(
    kept: Timekeeping,
) -> None:
    kept.begin()
    harvest_project = kept.busiest("project")
    project = kept.projects[harvest_project["id"]]
    entries = kept.entries_of("project", harvest_project["id"])
    before, path = counted(kept), f"{kept.path}/exclusions"
    assert kept.api.get(path) == {**kept.link, "rules": [], "version": 0}
    pattern = f"*{harvest_project['name'][1:-1].upper()}?"
    rules = [{"effect": "exclude", "by": "name", "value": pattern}]

    preview = kept.api.post(f"{path}/preview", {"rules": rules})

    (concerned,) = preview["projects"]
    assert concerned["harvest_project"]["id"] == str(harvest_project["id"])
    assert concerned["harvest_project"]["client"]["id"] == str(harvest_project["client"]["id"])
    assert concerned["project"] == {"id": project["id"], "name": project["name"]}
    assert concerned["excluded"] is True and pattern in concerned["reason"]
    assert concerned["stops"] == preview["stops"] == extent(entries)
    assert preview["returns"] == NOTHING
    assert counted(kept) == before, "a preview changes nothing"
    assert kept.api.get(path)["version"] == 0

    changed = kept.api.patch(path, {"version": 0, "rules": rules})

    assert (changed["version"], changed["rules"]) == (1, rules)
    assert counted(kept) == without(before, project["id"]) != before
    assert kept.api.get(f"/v1/projects/{project['id']}")["name"] == project["name"], "it stays"
    (listed,) = kept.api.get(f"{path}/projects")["projects"]
    assert (listed["project"]["id"], listed["excluded_by"]) == (project["id"], "rule")
    told = kept.why(entry_id=entries[0]["id"])["entries"][0]
    assert told["status"] == "excluded" and pattern in told["detail"]
    kept.synced()
    assert counted(kept) == without(before, project["id"]), "a later sync brings nothing back"
    trail = kept.api.get(f"{kept.path}/audit")["entries"]
    (entry,) = [one for one in trail if one["action"] == "exclusions_changed"]
    assert entry["changes"]["rules"] == {"before": [], "after": rules}

    stale = kept.api.patch(path, {"version": 0, "rules": []}, 409)
    assert stale["current"] == changed
    back = kept.api.post(f"{path}/preview", {"rules": []})
    assert (back["stops"], back["returns"]) == (NOTHING, extent(entries))
    kept.api.patch(path, {"version": 1, "rules": []})
    assert counted(kept) == before


@pytest.mark.row("R56")
def test_the_first_rule_that_fits_decides_and_what_is_left_out_does_not_wait(
    kept: Timekeeping,
) -> None:
    """Only one project of one client: two include rules would say it, or one before the rest."""
    kept.add_everybody(kept.role("Maker"))
    kept.api.post(f"{kept.path}/actuals/confirm")
    harvest_project = kept.busiest("project")
    unknown = kept.projects[harvest_project["id"]]
    link = {**kept.link, "id": str(harvest_project["id"]), "version": unknown["version"]}
    kept.api.delete(f"/v1/projects/{unknown['id']}/external-ids", **link)
    kept.synced()
    first, last = kept.days()
    waits = kept.waiting(first, last)
    assert {one["harvest_project"]["id"] for one in waits} == {str(harvest_project["id"])}
    projects = kept.harvest.all("projects")
    other = next(one for one in projects if kept.entries_of("project", one["id"])
                 and one["id"] != harvest_project["id"])  # fmt: skip
    path = f"{kept.path}/exclusions"
    rules = [
        {"effect": "include", "by": "project_id", "value": str(other["id"])},
        {"effect": "exclude", "by": "client_id", "value": str(other["client"]["id"])},
        {"effect": "exclude", "by": "code", "value": "*"},
    ]

    kept.api.patch(path, {"version": 0, "rules": rules})

    assert kept.waiting(first, last) == [], "what is left out waits for nobody"
    seen = {one["project"]["id"] for one in kept.actuals(first, last, limit=100)}
    assert seen == {kept.projects[other["id"]]["id"]}
    listed = kept.api.everything(f"{path}/projects", "projects", limit=3)
    assert {one["harvest_project"]["id"] for one in listed} == {
        str(one["id"]) for one in projects if one["id"] != other["id"]
    }
    reasons = {one["harvest_project"]["client"]["id"]: one["reason"] for one in listed}
    assert any(reason.startswith("Rule 3") for reason in reasons.values())
    assert len(listed) == len(projects) - 1
    preview = kept.api.post(f"{path}/preview", {"rules": rules[1:]})
    assert [one["harvest_project"]["id"] for one in preview["projects"]] == [str(other["id"])]
    assert preview["stops"]["hours"] == f"{total(kept.actuals(first, last, limit=100)):.2f}"


def test_rules_that_make_no_sense_are_refused_and_need_a_manager(
    kept: Timekeeping, tenant: str
) -> None:
    path = f"{kept.path}/exclusions"
    for bad in (
        {"effect": "exclude", "by": "project_id", "value": "Web*"},
        {"effect": "exclude", "by": "name", "value": "   "},
        {"effect": "hide", "by": "name", "value": "Web*"},
    ):
        refused = kept.api.patch(path, {"version": 0, "rules": [bad]}, 422)
        assert refused["code"] == "invalid_request", bad
        kept.api.post(f"{path}/preview", {"rules": [bad]}, 422)
    rule = {"effect": "exclude", "by": "name", "value": "Web*"}
    for role, status in (("viewer", 403), ("app", 403), ("manager", 200)):
        user = kept.local_run.api(tenant, role)
        assert user.get(path)["version"] == 0
        user.patch(path, {"version": 0, "rules": [rule]}, status)
    assert kept.api.get(path)["rules"] == [rule]


@pytest.mark.row("R56")
def test_what_rules_leave_out_is_not_imported_until_they_let_it_in(kept: Timekeeping) -> None:
    osier = work_imports.client(kept, "Osier and Reed Archive")
    hidden, shown = (
        work_imports.project(kept, osier, name) for name in ("Quillfeather inside", "Larkspur")
    )
    rules = [{"effect": "exclude", "by": "name", "value": "quillfeather*"}]
    changed = kept.api.patch(f"{kept.path}/exclusions", {"version": 0, "rules": rules})
    work_imports.changed(kept.api, kept.connection, modules={"clients": True})

    run = work_imports.imported(kept.api, kept.connection)

    row = work_imports.rows(kept.api, run, "projects", "left_out")[hidden["id"]]
    assert row["code"] == "excluded"
    assert "quillfeather*" in row["reason"]
    here = work_imports.here(kept.api, "projects")
    assert (shown["id"] in here, hidden["id"] in here) == (True, False)
    kept.api.patch(f"{kept.path}/exclusions", {"version": changed["version"], "rules": []})
    work_imports.imported(kept.api, kept.connection)
    assert hidden["id"] in work_imports.here(kept.api, "projects")
