"""Starting an import: when it is offered, active clients only or all, and what is left out."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import client


def _harvest_of(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/v1/integrations")["integrations"][0]
    return found


@pytest.mark.row("T20")
def test_importing_is_offered_only_while_harvest_is_connected(
    api: Api, connection: dict[str, Any]
) -> None:
    offered = _harvest_of(api)["connections"][0]["actions"]["import_clients"]
    assert offered["available"] is True

    api.post(f"/v1/connections/{connection['id']}/disconnect", {"confirm": True})

    refused = _harvest_of(api)["connections"][0]["actions"]["import_clients"]
    assert refused["available"] is False
    assert refused["reason"] == "Harvest is not connected."
    problem = api.post(offered["path"], {"scope": "all"}, expect=409)
    assert problem["code"] == "not_connected"
    assert problem["next_step"] == "Reconnect Harvest first."
    assert api.companies() == []


@pytest.mark.row("T21", "T35")
def test_active_only_leaves_archived_clients_out_and_lists_them(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    active = {str(one["id"]) for one in harvest.all("clients", is_active="true")}
    archived = {str(one["id"]) for one in harvest.all("clients", is_active="false")}
    assert len(archived) == 13

    run = api.import_everything(connection["id"], "active")

    assert {one["external_ids"][0]["id"] for one in api.companies()} == active
    assert {row["harvest_id"] for row in api.rows(run, "left_out")} == archived
    assert run["summary"]["left_out"] == 13
    assert {one["status"] for one in api.companies()} == {"active"}


@pytest.mark.row("T22", "T90")
def test_all_clients_brings_the_archived_ones_as_archived_companies(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    archived = {str(one["id"]) for one in harvest.all("clients", is_active="false")}
    first = api.import_everything(connection["id"], "active")
    one = sorted(archived)[0]
    where = api.get(f"/v1/connections/{connection['id']}/clients/{one}")
    assert (where["status"], where["company_id"]) == ("archived", None)
    assert "all clients" in where["next_step"]
    hint = next(one for one in first["hints"] if one["code"] == "archived_left_out")

    run = api.call(hint["action"]["method"], hint["action"]["path"], json=hint["action"]["body"])
    run = api.settled(run["id"])
    api.post(f"/v1/imports/{run['id']}/decisions", {"bulk": {"decision": "separate"}})
    api.confirm(run)

    found = {one["external_ids"][0]["id"] for one in api.companies(status="archived")}
    assert found == archived
    where = api.get(f"/v1/connections/{connection['id']}/clients/{one}")
    assert where["status"] == "imported"


@pytest.mark.row("T95")
def test_a_plan_of_all_clients_advises_to_start_with_the_active_ones(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.plan(connection["id"], "all")
    hint = next(one for one in run["hints"] if one["code"] == "start_with_active")

    # The hint's own call takes the place of the open plan.
    started = api.call(
        hint["action"]["method"], hint["action"]["path"], json=hint["action"]["body"]
    )

    assert api.get(f"/v1/imports/{run['id']}")["state"] == "cancelled"
    planned = api.settled(started["id"])
    assert planned["scope"] == "active"
    assert planned["planned"]["left_out"] == 13
    assert not [one for one in planned["hints"] if one["code"] == "start_with_active"]


@pytest.mark.row("T23")
def test_beginning_an_import_changes_nothing_before_it_is_confirmed(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.plan(connection["id"], "active")

    assert run["state"] == "review"
    assert run["planned"]["create"] > 30
    assert api.companies() == []

    done = api.confirm(run)

    assert done["state"] == "done"
    assert len(api.companies()) == run["planned"]["create"]


def test_a_second_import_while_one_is_open_is_refused_with_its_id(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.plan(connection["id"])

    problem = api.post(f"/v1/connections/{connection['id']}/imports", {}, expect=409)

    assert (problem["code"], problem["run_id"]) == ("run_open", run["id"])


def test_an_import_started_twice_with_one_key_is_one_import(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    path, key = f"/v1/connections/{connection['id']}/imports", {"idempotency-key": "import-1"}

    first = api.call("POST", path, json={"scope": "all"}, headers=key)
    again = api.call("POST", path, json={"scope": "all"}, headers=key)

    assert again["id"] == first["id"]
    assert [one["id"] for one in api.get("/v1/imports")["imports"]] == [first["id"]]


def test_a_client_that_was_archived_in_harvest_is_archived_by_an_active_only_sync(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    moorhen = client(harvest, "Moorhen Ferries Ltd")
    api.import_everything(connection["id"], "active")

    harvest.change("clients", moorhen["id"], is_active=False)
    api.confirm(api.plan(connection["id"], "active"))

    assert [one["status"] for one in api.companies()] == ["archived"]
