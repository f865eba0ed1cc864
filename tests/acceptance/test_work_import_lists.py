"""Projects and people are imported at any time, list by list, as is switched on."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.clients import until
from tests.acceptance.timekeeping import Timekeeping
from tests.acceptance.work_imports import (
    changed,
    client,
    clock_now,
    here,
    imported,
    project,
    rows,
    settled,
    started,
    user,
)

Document = dict[str, Any]


def actions(kept: Timekeeping) -> Document:
    (connection,) = kept.api.get("/v1/integrations")["integrations"][0]["connections"]
    found: Document = connection["actions"]
    return found


@pytest.mark.row("R28", "R29")
def test_an_import_is_done_within_minutes_and_says_how_far_it_is_and_when_it_was(
    kept: Timekeeping,
) -> None:
    assert kept.api.get(kept.path)["last_imports"]["people"] is None
    began = clock_now(kept)

    with kept.local_run.simulator.fault("delay", seconds=2, path="*/users"):
        run = started(kept.api, kept.connection)
        under_way = kept.api.get(f"/v1/work-imports/{run['id']}")
        done = settled(kept.api, run)

    assert under_way["state"] in ("queued", "running")
    assert under_way["progress"]["phase"] in ("queued", "pulling")
    assert done["progress"]["phase"] == "done"
    assert done["progress"]["done"] == done["progress"]["total"] > 20
    # The connection is told right after the run is done: list by list.
    told = until(lambda: kept.api.get(kept.path), lambda one: one["last_imports"]["people"])
    last = told["last_imports"]
    overview = kept.api.get("/v1/integrations")["integrations"][0]["connections"][0]
    assert overview["last_imports"] == last
    for listed in ("clients", "projects", "people"):
        at = datetime.fromisoformat(last[listed])
        assert began < at < began + timedelta(minutes=5)
        assert last[listed] == done["finished_at"]


@pytest.mark.row("R34", "R44")
def test_what_does_not_appear_yet_comes_when_the_import_is_run_by_hand(kept: Timekeeping) -> None:
    imported(kept.api, kept.connection)
    osier = client(kept, "Osier Baskets")
    shop, ida = project(kept, osier, "Shop"), user(kept, "Ida")
    assert ida["id"] not in here(kept.api, "people")
    offered = actions(kept)["import_people"]
    assert (offered["available"], offered["reason"]) == (True, None)

    run = kept.api.call(offered["method"], offered["path"], json=offered["body"])
    settled(kept.api, run)

    assert ida["id"] in here(kept.api, "people")
    assert shop["id"] not in here(kept.api, "projects")
    imported(kept.api, kept.connection)
    assert shop["id"] in here(kept.api, "projects")


@pytest.mark.row("R35")
def test_each_list_has_an_import_of_its_own(kept: Timekeeping) -> None:
    osier, alder = client(kept, "Osier Baskets"), client(kept, "Alder Barns")
    shop, ida = project(kept, osier, "Shop"), user(kept, "Ida")
    offered = actions(kept)

    def run(name: str) -> Document:
        one = offered[name]
        return settled(kept.api, kept.api.call(one["method"], one["path"], json=one["body"]))

    people = run("import_people")
    assert ida["id"] in here(kept.api, "people")
    assert here(kept.api, "projects") == here(kept.api, "companies") == {}
    assert list(people["summary"]) == ["people"]
    included = [(one["list"], one["reason"]) for one in people["lists"] if not one["included"]]
    assert included == [(one, "It was not asked for.") for one in ("clients", "projects")]

    projects = run("import_projects")
    assert shop["id"] in here(kept.api, "projects")
    # Of the clients only those come along that projects need.
    assert osier["id"] in here(kept.api, "companies")
    assert alder["id"] not in here(kept.api, "companies")
    assert projects["summary"]["clients"]["created"] == len(here(kept.api, "companies"))

    run("import_new_clients")
    assert alder["id"] in here(kept.api, "companies")


def test_of_a_list_that_an_import_does_not_read_nothing_is_gone(kept: Timekeeping) -> None:
    ida, shop = user(kept, "Ida"), project(kept, client(kept, "Osier Baskets"), "Shop")
    imported(kept.api, kept.connection)
    assert ida["id"] in here(kept.api, "people")
    assert shop["id"] in here(kept.api, "projects")

    people = imported(kept.api, kept.connection, lists=["people"])
    projects = imported(kept.api, kept.connection, lists=["projects"])
    changed(kept.api, kept.connection, modules={"people": False, "actuals": False})
    without = imported(kept.api, kept.connection)

    for run in (people, projects, without):
        for listed in ("projects", "people"):
            assert rows(kept.api, run, listed, "gone") == {}


@pytest.mark.row("R27", "R45")
def test_what_is_switched_off_is_not_imported_and_the_answer_says_why(kept: Timekeeping) -> None:
    modules = {"people": False, "actuals": False}
    changed(kept.api, kept.connection, modules=modules)
    osier = client(kept, "Osier Baskets")
    shop, ida = project(kept, osier, "Shop"), user(kept, "Ida")

    refused = kept.api.post(f"{kept.path}/work-imports", {"lists": ["people"]}, expect=409)
    run = imported(kept.api, kept.connection)

    assert (refused["code"], refused["lists"]) == ("module_off", ["people"])
    assert refused["detail"] == "The import of people is switched off for this connection."
    assert "Switch `people` on" in refused["next_step"]
    assert actions(kept)["import_people"] == {
        **actions(kept)["import_people"],
        "available": False,
        "reason": refused["detail"],
    }
    assert {one["list"]: one["reason"] for one in run["lists"]} == {
        "clients": None,
        "projects": None,
        "people": refused["detail"],
    }
    assert shop["id"] in here(kept.api, "projects")
    assert ida["id"] not in here(kept.api, "people")
    # Not read from Harvest either.
    read = {
        one["path"].removeprefix("/v2/").split("/")[0]
        for one in kept.local_run.simulator.log(account_id=kept.harvest.account_id)
        if one["token"] == "personal" and one["path"].startswith("/v2/")
        if one["path"] != "/v2/users/me"
    }
    assert "projects" in read
    assert "users" not in read
    # The other way round: people without projects and clients.
    modules = {"people": True, "projects": False, "clients": False}
    changed(kept.api, kept.connection, modules=modules)
    tim = user(kept, "Tim")
    yard = project(kept, osier, "Yard")
    imported(kept.api, kept.connection)
    assert tim["id"] in here(kept.api, "people")
    assert yard["id"] not in here(kept.api, "projects")
    off = dict.fromkeys(("clients", "projects", "people"), False)
    assert changed(kept.api, kept.connection, modules=off)["next_work_import_at"] is None
    assert kept.api.post(f"{kept.path}/work-imports", {}, expect=409)["code"] == "module_off"


def test_with_clients_switched_off_projects_wait_for_a_company_with_their_clients_id(
    kept: Timekeeping,
) -> None:
    osier = client(kept, "Osier Baskets")
    shop = project(kept, osier, "Shop")
    changed(kept.api, kept.connection, modules={"clients": False})

    run = imported(kept.api, kept.connection)

    assert here(kept.api, "companies") == here(kept.api, "projects") == {}
    assert run["summary"]["projects"]["waiting"] == len(kept.harvest.all("projects"))
    company = kept.api.post("/v1/companies", {"name": "Reed & Co"})
    link = {**kept.link, "version": 1, "id": str(osier["id"])}
    kept.api.post(f"/v1/companies/{company['id']}/external-ids", link)
    imported(kept.api, kept.connection)
    assert here(kept.api, "projects")[shop["id"]]["company_id"] == company["id"]
