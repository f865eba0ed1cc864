"""What an import tells: its summary, progress, notices, refused rows, and where a client is."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import client, company_of, contact, row_of, sync, visible

Document = dict[str, Any]


@pytest.mark.row("T28", "T29", "T31")
def test_the_summary_counts_what_was_found_created_and_detected(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    run = api.plan(connection["id"])
    duplicates = len(api.rows(run, "duplicate"))

    done = api.confirm(run)

    summary = done["summary"]
    assert summary["clients_found"] == len(harvest.all("clients")) == 60
    assert summary["contacts_found"] == len(harvest.all("contacts"))
    assert summary["clients_created"] == len(api.companies()) == 60 - duplicates
    assert summary["duplicates_detected"] == summary["clients_waiting"] == duplicates > 5
    people = sum(len(api.contacts(one["id"])) for one in api.companies())
    assert summary["contacts_created"] == people


@pytest.mark.row("T89")
def test_a_large_import_shows_its_progress_and_tells_when_it_is_complete(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    started = api.post(f"/v1/connections/{connection['id']}/imports", {"scope": "all"})
    assert started["state"] == "queued"
    run = api.settled(started["id"])
    assert run["progress"] == {"phase": "planned", "done": 0, "total": 60}
    waiting = api.notice("import_to_review")
    assert waiting["about"]["run_id"] == run["id"]
    api.post(f"/v1/notices/{waiting['id']}/read")

    done = api.confirm(run)

    assert done["progress"] == {"phase": "done", "done": 60, "total": 60}
    complete = api.notice("import_done")
    assert api.get("/v1/notices", unread=True)["notices"] == [complete]
    assert f"{done['summary']['clients_created']} clients created" in complete["text"]
    assert api.get(f"/v1/connections/{connection['id']}")["last_import_at"]


@pytest.mark.row("T91")
def test_a_contact_without_a_first_name_is_listed_with_the_reason_until_it_has_one(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    of = client(harvest, "Fernlea Nurseries")
    nameless = contact(harvest, of, "-", last_name="Vallieu", email="v@fernlea.example")
    contact(harvest, of, "Ada")

    run = api.plan(connection["id"])
    refused = row_of(api, run, "refused", {"id": nameless["id"], "name": "Vallieu"})
    assert (refused["resource"], refused["code"]) == ("contacts", "contact_without_first_name")
    assert "Vallieu" in refused["name"]
    assert "Add one in Harvest" in refused["reason"]
    done = api.confirm(run)
    assert done["summary"]["contacts_refused"] == 1
    company = company_of(api, connection, of)
    assert [one["first_name"] for one in api.contacts(company["id"])] == ["Ada"]

    harvest.change("contacts", nameless["id"], first_name="Vincent")
    sync(api, connection)
    assert {one["first_name"] for one in api.contacts(company["id"])} == {"Ada", "Vincent"}


def test_a_decision_about_a_client_is_not_mistaken_for_one_about_a_contact_of_the_same_number(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    run = api.plan(connection["id"])
    nameless = next(one for one in api.rows(run, "refused") if one["resource"] == "contacts")
    one = {"harvest_client_id": nameless["harvest_id"], "decision": "skip"}

    problem = api.post(f"/v1/imports/{run['id']}/decisions", {"decisions": [one]}, expect=422)

    assert "no row to decide about" in problem["detail"]
    assert all(row["decision"] is None for row in api.rows(run, "refused"))


@pytest.mark.row("T90")
def test_asking_for_a_client_says_where_it_is_and_what_to_do(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    made = client(harvest, "Fernlea Nurseries")
    path = f"/v1/connections/{connection['id']}/clients"
    where = api.get(f"{path}/{made['id']}")
    assert (where["status"], where["in_harvest"]) == ("absent", False)

    run = api.plan(connection["id"])
    where = api.get(f"{path}/{made['id']}")
    assert (where["status"], where["name"]) == ("waiting", "Fernlea Nurseries")
    assert "Confirm" in where["next_step"]

    api.confirm(run)
    where = api.get(f"{path}/{made['id']}")
    assert (where["status"], where["company_id"]) == ("imported", api.companies()[0]["id"])
    assert api.get(f"{path}/999999")["status"] == "absent"


@pytest.mark.row("T93")
def test_whether_a_contact_exists_in_harvest_is_checked_there_at_once(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    person = harvest.all("contacts")[0]
    path = f"/v1/connections/{connection['id']}/harvest/contacts/{person['id']}"
    found = api.get(path)
    assert (found["exists"], found["record"]["first_name"]) == (True, person["first_name"])

    harvest.delete("contacts", person["id"])

    assert api.get(path)["exists"] is False


def test_a_client_and_a_contact_that_were_deleted_in_harvest_stay_here_and_are_listed(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    kept, gone = client(harvest, "Fernlea Nurseries"), client(harvest, "Osier Baskets Ltd")
    leaver = contact(harvest, kept, "Ada", email="ada@fernlea.example")
    sync(api, connection)
    company = company_of(api, connection, gone)
    (ada,) = api.contacts(company_of(api, connection, kept)["id"])
    harvest.delete("contacts", leaver["id"])
    harvest.delete("clients", gone["id"])

    run = api.plan(connection["id"])

    listed = {row["resource"]: row for row in api.rows(run, "gone")}
    assert listed["clients"]["company_id"] == company["id"]
    assert listed["contacts"]["contact_id"] == ada["id"]
    assert visible(run) == 0
    done = api.confirm(run)
    assert done["summary"]["contacts_gone_in_harvest"] == 1
    assert api.get(f"/v1/companies/{company['id']}")["status"] == "active"
    assert api.get(f"/v1/contacts/{ada['id']}")["first_name"] == "Ada"
    where = api.get(f"/v1/connections/{connection['id']}/clients/{gone['id']}")
    assert (where["status"], where["in_harvest"]) == ("imported", False)


@pytest.mark.row("T80", "T81", "T82", "T83", "T84", columns=True)
def test_time_projects_invoices_expenses_and_tasks_are_neither_read_nor_imported(
    api: Api, harvest: HarvestAccount, connection: Document, local_run: LocalRun
) -> None:
    api.import_everything(connection["id"])

    read = {
        one["path"].removeprefix("/v2/").split("/")[0]
        for one in local_run.simulator.log(account_id=harvest.account_id)
        if one["token"] == "personal" and one["path"].startswith("/v2/")
    }
    assert {"clients", "contacts"} <= read
    for resource in ("time_entries", "projects", "invoices", "expenses", "tasks"):
        assert resource not in read
    entry = api.get("/v1/integrations")["integrations"][0]
    told = {one["what"] for one in entry["not_imported"]}
    assert told == {"time_entries", "projects", "invoices", "expenses", "tasks"}
    # Nothing of it shows on a company either.
    company = api.get(f"/v1/companies/{api.companies()[0]['id']}")
    assert not [name for name in company if "project" in name or "invoice" in name]


@pytest.mark.row("T85")
def test_the_integration_says_for_each_thing_that_is_not_imported_why(api: Api) -> None:
    told = {
        one["what"]: one["why"]
        for one in api.get("/v1/integrations")["integrations"][0]["not_imported"]
    }

    assert "quote" in told["projects"]
    assert "contracts" in told["invoices"]
    assert "not tracked" in told["time_entries"]
    assert all(told.values())
