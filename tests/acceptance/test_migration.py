"""Moving away from Harvest, company by company or all at once, and what is left to do there."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import change_company, client, company_of, sync

Document = dict[str, Any]


def _left(report: Document) -> dict[str, int]:
    return {step["code"]: step["count"] for step in report["left_to_do"]}


@pytest.mark.row("T86")
def test_companies_move_one_by_one_while_new_ones_begin_here(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    first, second = client(harvest, "Osier Baskets Ltd"), client(harvest, "Fernlea Nurseries")
    sync(api, connection)
    path = f"/v1/connections/{connection['id']}/migration"
    assert company_of(api, connection, first)["migration"] == "in_harvest"
    assert api.post("/v1/companies", {"name": "Begun Here AG"})["migration"] == "migrated"
    assert api.get(path)["companies"] == {"in_harvest": 2, "migrating": 0, "migrated": 0}

    change_company(api, company_of(api, connection, first), migration="migrating")

    assert api.get(path)["companies"] == {"in_harvest": 1, "migrating": 1, "migrated": 0}
    # A sync leaves the state alone, and Harvest stays the place of the projects in hand.
    harvest.change("clients", first["id"], address="1 Row")
    sync(api, connection)
    moving = company_of(api, connection, first)
    assert (moving["migration"], moving["address"]) == ("migrating", "1 Row")
    assert company_of(api, connection, second)["migration"] == "in_harvest"


@pytest.mark.row("T87")
def test_the_report_of_a_full_migration_lists_what_is_left_until_nothing_is(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    first = client(harvest, "Osier Baskets Ltd")
    sync(api, connection)
    late = client(harvest, "Fernlea Nurseries")
    api.post(f"/v1/imports/{api.plan(connection['id'])['id']}/cancel")
    path = f"/v1/connections/{connection['id']}/migration"

    report = api.get(path)
    assert _left(report) == {"import_clients": 1, "start_migrating": 1}
    assert report["left_to_do"][0]["clients"][0]["harvest_id"] == str(late["id"])

    sync(api, connection)
    for one in (first, late):
        change_company(api, company_of(api, connection, one), migration="migrated")
    report = api.get(path)
    assert _left(report) == {"archive_in_harvest": 2}
    assert report["complete"] is False

    for one in (first, late):
        harvest.change("clients", one["id"], is_active=False)
    sync(api, connection)

    report = api.get(path)
    assert (report["left_to_do"], report["complete"]) == ([], True)
