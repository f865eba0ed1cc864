"""Very many records gone from Harvest at once: not believed until an administrator says so."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount


@pytest.fixture
def emptied(api: Api, harvest: HarvestAccount, connection: dict[str, Any]) -> int:
    """An account that was imported whole and has lost nearly all; how many records are gone."""
    api.import_everything(connection["id"])
    gone = len(harvest.all("clients")) + len(harvest.all("contacts"))
    harvest.remove_all_clients()
    return gone


def test_many_records_gone_at_once_are_held_back_and_an_administrator_is_told(
    local_run: LocalRun, tenant: str, api: Api, connection: dict[str, Any], emptied: int
) -> None:
    companies = len(api.companies())

    run = api.plan(connection["id"])

    assert run["summary"]["removals_held"] == emptied
    assert run["planned"]["gone"] == 0
    told = api.notice("removals_held")
    assert "60 clients and 110 contacts" in told["text"]
    assert told["about"]["run_id"] == run["id"]
    manager = local_run.api(tenant, "manager")
    assert "removals_held" not in {one["kind"] for one in manager.get("/v1/notices")["notices"]}
    api.confirm(run)
    assert len(api.companies()) == companies


@pytest.mark.usefixtures("emptied")
def test_an_administrator_who_says_so_is_believed_and_the_records_are_listed_as_gone(
    local_run: LocalRun, tenant: str, api: Api, connection: dict[str, Any]
) -> None:
    companies = len(api.companies())
    path = f"/v1/connections/{connection['id']}/imports"
    accepting = {"scope": "all", "accept_removals": True}
    manager = local_run.api(tenant, "manager")
    assert manager.post(path, accepting, 403)["code"] == "role_required"

    run = api.settled(api.post(path, accepting)["id"])

    assert run["summary"]["removals_held"] == 0
    imported = [*api.companies(), *api.everything("/v1/contacts", "contacts", limit=100)]
    links = [link["id"] for record in imported for link in record["external_ids"]]
    assert sorted(row["harvest_id"] for row in api.rows(run, "gone")) == sorted(links)
    api.confirm(run)
    # What was imported stays, and is not asked about again.
    assert len(api.companies()) == companies
    again = api.plan(connection["id"])
    assert (again["summary"]["removals_held"], again["planned"]["gone"]) == (0, len(links))
