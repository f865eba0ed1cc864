"""Companies as people keep them: made, read, changed, archived, with external ids and a trail."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import change_company, client, company_of, contact, decide, sync

Document = dict[str, Any]


def test_a_company_and_its_contacts_are_made_read_changed_and_archived(api: Api) -> None:
    company = api.post(
        "/v1/companies",
        {"name": "  Osier Baskets Ltd ", "address": "1 Row\nEly", "currency": "GBP"},
    )
    assert (company["name"], company["source"]) == ("Osier Baskets Ltd", "manual")
    person = api.post("/v1/contacts", {"company_id": company["id"], "first_name": "Ida"})

    changed = api.patch(
        f"/v1/companies/{company['id']}",
        {"version": 1, "website": "https://osier.example", "address": None, "status": "archived"},
    )

    assert changed == api.get(f"/v1/companies/{company['id']}")
    assert (changed["address"], changed["currency"]) == (None, "GBP")
    assert (changed["status"], changed["version"]) == ("archived", 2)
    assert api.companies(status="active") == []
    assert [one["id"] for one in api.companies(status="archived")] == [company["id"]]
    api.patch(f"/v1/contacts/{person['id']}", {"version": 1, "role": "Owner", "status": "archived"})
    read = api.get(f"/v1/contacts/{person['id']}")
    assert (read["role"], read["status"]) == ("Owner", "archived")
    assert read["company_id"] == company["id"]


@pytest.mark.parametrize("field", ["name", "status", "migration", "review"])
def test_a_field_that_cannot_be_empty_refuses_null_and_names_itself(api: Api, field: str) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    path = f"/v1/companies/{company['id']}"

    problem = api.patch(path, {"version": 1, field: None}, expect=422)

    assert problem["errors"][0]["field"] == field
    assert api.get(path) == company


def test_a_contact_needs_a_first_name_and_a_company_that_exists(api: Api) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    path = "/v1/contacts"
    assert api.post(path, {"company_id": company["id"], "first_name": "  "}, expect=422)
    problem = api.post(path, {"company_id": "co_none", "first_name": "Ida"}, expect=422)
    assert problem["errors"][0]["field"] == "company_id"
    person = api.post(path, {"company_id": company["id"], "first_name": "Ida"})
    for nobody in (None, "co_none"):
        body = {"version": 1, "company_id": nobody}
        problem = api.patch(f"{path}/{person['id']}", body, expect=422)
        assert problem["errors"][0]["field"] == "company_id"
    assert [one["id"] for one in api.contacts(company["id"])] == [person["id"]]


def test_a_change_on_top_of_an_old_version_is_refused_with_the_company_as_it_is(api: Api) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    path = f"/v1/companies/{company['id']}"
    current = api.patch(path, {"version": 1, "phone": "1"})

    problem = api.patch(path, {"version": 1, "phone": "2"}, expect=409)

    assert (problem["code"], problem["current"]) == ("stale_version", current)
    assert api.get(path)["phone"] == "1"
    person = api.post("/v1/contacts", {"company_id": company["id"], "first_name": "Ida"})
    newer = api.patch(f"/v1/contacts/{person['id']}", {"version": 1, "title": "Owner"})
    problem = api.patch(f"/v1/contacts/{person['id']}", {"version": 1, "title": "X"}, expect=409)
    assert problem["current"] == newer


def test_each_change_stands_in_the_trail_with_who_and_what_it_was_before(
    api: Api, local_run: LocalRun, tenant: str
) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd", "phone": "1"})
    bob = local_run.api(tenant, "manager", user="bob")
    bob.patch(f"/v1/companies/{company['id']}", {"version": 1, "phone": "2", "name": "Osier Ltd"})

    entries = api.everything(f"/v1/companies/{company['id']}/audit", "entries", limit=1)

    assert [(one["action"], one["actor"]) for one in entries] == [
        ("company_changed", "bob"),
        ("company_created", "ada"),
    ]
    assert entries[0]["changes"] == {
        "phone": {"before": "1", "after": "2"},
        "name": {"before": "Osier Baskets Ltd", "after": "Osier Ltd"},
    }


def test_a_company_may_hold_several_harvest_ids_of_which_one_is_primary(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    first = client(harvest, "Osier Baskets Ltd", currency="GBP")
    second = client(harvest, "Wicker & Cane AG", currency="CHF")
    person = contact(harvest, second, "Urs")
    company = api.post("/v1/companies", {"name": "Osier"})
    path = f"/v1/companies/{company['id']}/external-ids"

    def attach(one: Document, **more: Any) -> Document:
        version = api.get(f"/v1/companies/{company['id']}")["version"]
        link = {"version": version, "connection_id": connection["id"], "id": str(one["id"])}
        return api.post(path, link | more)

    attach(first)
    held = attach(second)["external_ids"]
    assert [(one["id"], one["primary"]) for one in held] == [
        (str(first["id"]), True),
        (str(second["id"]), False),
    ]
    sync(api, connection)
    now = company_of(api, connection, second)
    assert (now["id"], now["currency"], now["name"]) == (company["id"], "GBP", "Osier")
    assert [one["external_ids"][0]["id"] for one in api.contacts(now["id"])] == [str(person["id"])]

    # Made the primary one, it drives: what it says otherwise is asked about once, then followed.
    attach(second, primary=True)
    run = api.plan(connection["id"])
    decide(api, run, second, "update", fields=["currency"])
    api.confirm(run)
    assert company_of(api, connection, first)["currency"] == "CHF"
    harvest.change("clients", second["id"], currency="EUR")
    harvest.change("clients", first["id"], currency="USD")
    sync(api, connection)
    assert company_of(api, connection, first)["currency"] == "EUR"

    version = api.get(f"/v1/companies/{company['id']}")["version"]
    left = api.delete(path, connection_id=connection["id"], id=second["id"], version=version)
    assert [(one["id"], one["primary"]) for one in left["external_ids"]] == [
        (str(first["id"]), True)
    ]
    actions = [one["action"] for one in api.get(f"/v1/companies/{company['id']}/audit")["entries"]]
    assert actions[0] == "external_id_removed"
    assert actions.count("external_id_added") == 3


@pytest.mark.row("R43", "R54")
def test_a_harvest_client_is_attached_by_the_address_that_the_browser_shows(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    made = client(harvest, "Osier Baskets Ltd")
    company = api.post("/v1/companies", {"name": "Osier"})
    path = f"/v1/companies/{company['id']}/external-ids"
    domain = connection["account"]["domain"]
    link = {"version": 1, "connection_id": connection["id"]}

    for elsewhere in (
        f"https://{domain}/projects/{made['id']}",
        f"https://another.harvestapp.com/clients/{made['id']}",
    ):
        problem = api.post(path, {**link, "id": elsewhere}, expect=422)
        assert problem["code"] == "invalid_harvest_id"
        assert f"https://{domain}/clients/123" in problem["next_step"]
    address = f"https://{domain}/clients/{made['id']}/edit"
    held = api.post(path, {**link, "id": address})["external_ids"]
    assert [one["id"] for one in held] == [str(made["id"])]

    # The client is that company from now on, and not imported beside it.
    sync(api, connection)
    assert [one["id"] for one in api.companies()] == [company["id"]]
    version = api.get(f"/v1/companies/{company['id']}")["version"]
    left = api.delete(path, connection_id=connection["id"], id=address, version=version)
    assert left["external_ids"] == []


def test_a_harvest_id_that_another_company_holds_is_refused_and_the_holder_named(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    made = client(harvest, "Osier Baskets Ltd")
    sync(api, connection)
    holder = company_of(api, connection, made)
    other = api.post("/v1/companies", {"name": "Wicker & Cane AG"})
    link = {"version": 1, "connection_id": connection["id"], "id": str(made["id"])}

    problem = api.post(f"/v1/companies/{other['id']}/external-ids", link, expect=409)

    assert (problem["code"], problem["company_id"]) == ("external_id_taken", holder["id"])
    assert api.get(f"/v1/companies/{other['id']}")["external_ids"] == []
    unknown = {**link, "connection_id": "cn_unknown"}
    api.post(f"/v1/companies/{other['id']}/external-ids", unknown, expect=404)


def test_the_same_key_makes_one_company_and_another_request_with_it_is_refused(api: Api) -> None:
    key = {"idempotency-key": "company-1"}
    first = api.call("POST", "/v1/companies", json={"name": "Osier"}, headers=key)
    again = api.call("POST", "/v1/companies", json={"name": "Osier"}, headers=key)
    other = api.call("POST", "/v1/companies", 422, json={"name": "Cane"}, headers=key)

    assert again == first
    assert other["code"] == "idempotency_key_reused"
    assert [one["name"] for one in api.companies()] == ["Osier"]


def test_who_may_read_review_and_write(
    api: Api,
    local_run: LocalRun,
    tenant: str,
    harvest: HarvestAccount,
    connection: Document,
) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    run = api.plan(connection["id"], "active")
    viewer, manager, agent = (
        local_run.api(tenant, role) for role in ("viewer", "manager", "agent")
    )
    reads: list[tuple[str, dict[str, Any]]] = [
        ("/v1/companies", {}),
        (f"/v1/companies/{company['id']}", {}),
        (f"/v1/companies/{company['id']}/audit", {}),
        ("/v1/contacts", {}),
        ("/v1/imports", {}),
        (f"/v1/imports/{run['id']}", {}),
        (f"/v1/imports/{run['id']}/rows", {"kind": "create"}),
        (f"/v1/connections/{connection['id']}/decisions", {}),
        (f"/v1/connections/{connection['id']}/migration", {}),
    ]
    for path, parameters in reads:
        assert viewer.get(path, **parameters) == manager.get(path, **parameters)
        assert agent.get(path, expect=403, **parameters)["code"] == "role_required"

    for nobody in (viewer, agent):
        nobody.post("/v1/companies", {"name": "No"}, expect=403)
        change = {"version": 1, "name": "No"}
        nobody.patch(f"/v1/companies/{company['id']}", change, expect=403)
        nobody.post(f"/v1/imports/{run['id']}/decisions", {}, expect=403)
        nobody.post(f"/v1/imports/{run['id']}/confirm", expect=403)
        nobody.post(f"/v1/connections/{connection['id']}/imports", {}, expect=403)
    assert api.get(f"/v1/imports/{run['id']}")["state"] == "review"

    manager.post(f"/v1/imports/{run['id']}/decisions", {"bulk": {"decision": "separate"}})
    assert manager.confirm(run)["state"] == "done"
    assert change_company(manager, company, name="Managed Ltd")["name"] == "Managed Ltd"
