"""The first import of an account: everything arrives, once."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount


@pytest.mark.row("T2", "T24", "T28")
def test_all_clients_of_harvest_become_companies(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.import_everything(connection["id"])

    in_harvest = {(str(row["id"]), row["name"]) for row in harvest.all("clients")}
    here = {(one["external_ids"][0]["id"], one["name"]) for one in api.companies()}
    assert here == in_harvest
    assert run["summary"]["clients_found"] == len(in_harvest) == 60


@pytest.mark.row("T1")
def test_harvest_is_listed_as_an_integration_whose_own_action_imports_clients(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    (integration,) = api.get("/v1/integrations")["integrations"]
    (shown,) = integration["connections"]
    action = shown["actions"]["import_clients"]
    assert (integration["id"], action["available"]) == ("harvest", True)
    assert api.companies() == []

    run = api.call(action["method"], action["path"], json={"scope": "all"})
    api.confirm(api.settled(run["id"]))

    brought = {one["external_ids"][0]["id"] for one in api.companies()}
    assert brought
    assert brought <= {str(row["id"]) for row in harvest.all("clients")}
