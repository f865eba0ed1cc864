"""Syncing again: what changed is shown, confirmed, applied as shown, and nothing is doubled."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import (
    change_company,
    client,
    company_of,
    contact,
    row_of,
    sync,
    visible,
)

Document = dict[str, Any]


@pytest.fixture
def book(api: Api, harvest: HarvestAccount, connection: Document) -> tuple[Document, Document]:
    """One imported client with one contact."""
    harvest.remove_all_clients()
    made = client(harvest, "Sorrel Kitchens Ltd", address="3 Mill Lane", currency="GBP")
    person = contact(harvest, made, "Jo", last_name="Reed", email="jo@sorrel.example")
    sync(api, connection)
    return made, person


@pytest.mark.row("T65", "T71")
def test_a_client_that_was_added_in_harvest_is_new_in_the_next_sync(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    new = client(harvest, "Yarrow Looms AG", currency="CHF")
    contact(harvest, new, "Urs")

    run = api.plan(connection["id"])
    assert (run["planned"]["create"], run["planned"]["update"]) == (1, 0)
    done = api.confirm(run)

    assert done["summary"]["clients_created"] == 1
    company = company_of(api, connection, new)
    assert (company["name"], company["currency"]) == ("Yarrow Looms AG", "CHF")
    assert [one["first_name"] for one in api.contacts(company["id"])] == ["Urs"]
    assert len(api.companies()) == 2


@pytest.mark.row("T66", "T73")
def test_a_changed_added_or_corrected_contact_is_refreshed(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    made, person = book
    harvest.change(
        "contacts", person["id"], email="jo.reed@sorrel.example", phone_mobile="07700 900 001"
    )
    contact(harvest, made, "Kit")

    done = sync(api, connection)

    people = {
        one["first_name"]: one for one in api.contacts(company_of(api, connection, made)["id"])
    }
    assert set(people) == {"Jo", "Kit"}
    assert people["Jo"]["email"] == "jo.reed@sorrel.example"
    assert people["Jo"]["phone_mobile"] == "07700 900 001"
    assert (done["summary"]["contacts_created"], done["summary"]["contacts_updated"]) == (1, 1)
    trail = api.get(f"/v1/contacts/{people['Jo']['id']}/audit")["entries"]
    assert trail[0]["action"] == "import_updated"
    assert trail[0]["changes"]["email"] == {
        "before": "jo@sorrel.example",
        "after": "jo.reed@sorrel.example",
    }
    assert done["id"] in trail[0]["reason"]


@pytest.mark.row("T68", "T69", "T70")
def test_sync_clients_shows_each_change_and_applies_just_that_once_confirmed(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    made, _ = book
    harvest.change("clients", made["id"], address="4 Mill Lane", is_active=False)
    harvest_entry = api.get("/v1/integrations")["integrations"][0]["connections"][0]
    action = harvest_entry["actions"]["sync_clients"]

    run = api.settled(api.call(action["method"], action["path"], json={"scope": "all"})["id"])

    changes = row_of(api, run, "update", made)["changes"]
    assert {(one["field"], one["before"], one["after"]) for one in changes} == {
        ("address", "3 Mill Lane", "4 Mill Lane"),
        ("status", "active", "archived"),
    }
    before = company_of(api, connection, made)
    assert (before["address"], before["status"]) == ("3 Mill Lane", "active")
    # What changes in Harvest after the plan was made is not applied with it.
    harvest.change("clients", made["id"], currency="EUR")

    api.confirm(run)

    after = company_of(api, connection, made)
    assert (after["address"], after["status"]) == ("4 Mill Lane", "archived")
    assert after["currency"] == "GBP"
    unchanged = ("id", "name", "source", "external_ids", "created_at")
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}


@pytest.mark.row("T72", "T30")
def test_an_existing_client_is_updated_and_counted(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    made, _ = book
    company = company_of(api, connection, made)
    harvest.change("clients", made["id"], name="Sorrel & Dock Kitchens Ltd")

    done = sync(api, connection)

    assert (done["summary"]["clients_updated"], done["summary"]["clients_created"]) == (1, 0)
    assert api.get(f"/v1/companies/{company['id']}")["name"] == "Sorrel & Dock Kitchens Ltd"
    (outcome,) = api.get(f"/v1/imports/{done['id']}/outcomes", result="updated")["outcomes"]
    assert outcome["harvest_id"] == str(made["id"])
    entry = api.get(f"/v1/companies/{company['id']}/audit")["entries"][0]
    assert entry["changes"]["name"]["before"] == "Sorrel Kitchens Ltd"


@pytest.mark.row("T74")
def test_syncing_a_whole_account_again_makes_no_duplicate_and_plans_no_change(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.import_everything(connection["id"])
    before = api.companies()
    people = sum(len(api.contacts(one["id"])) for one in before)

    run = api.plan(connection["id"])
    assert visible(run) == 0
    done = api.confirm(run)

    assert api.companies() == before
    assert sum(len(api.contacts(one["id"])) for one in before) == people
    assert done["summary"]["clients_created"] == done["summary"]["clients_updated"] == 0


def test_a_field_that_was_changed_here_after_the_plan_is_a_conflict_and_keeps_our_value(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    made, _ = book
    other = client(harvest, "Yarrow Looms AG")
    harvest.change("clients", made["id"], address="4 Mill Lane")
    run = api.plan(connection["id"])
    change_company(api, company_of(api, connection, made), address="Our own place")

    done = api.confirm(run)

    assert (done["state"], done["summary"]["conflicts"]) == ("done", 1)
    assert company_of(api, connection, made)["address"] == "Our own place"
    assert company_of(api, connection, other)["name"] == "Yarrow Looms AG"
    (outcome,) = api.get(f"/v1/imports/{run['id']}/outcomes", result="conflict")["outcomes"]
    assert "address" in outcome["detail"]
    # The next plan shows it as what it is: edited on both sides.
    (change,) = row_of(api, api.plan(connection["id"]), "update", made)["changes"]
    assert (change["edited_here"], change["after"]) == (True, "4 Mill Lane")


def test_a_contact_that_was_changed_here_after_the_plan_is_a_conflict_too(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    made, person = book
    (jo,) = api.contacts(company_of(api, connection, made)["id"])
    harvest.change("contacts", person["id"], title="Chef")
    run = api.plan(connection["id"])
    api.patch(f"/v1/contacts/{jo['id']}", {"version": jo["version"], "title": "Baker"})

    done = api.confirm(run)

    assert done["summary"]["conflicts"] == 1
    assert api.get(f"/v1/contacts/{jo['id']}")["title"] == "Baker"


def test_a_client_that_was_linked_by_hand_after_the_plan_is_not_made_twice(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    new = client(harvest, "Yarrow Looms AG", currency="CHF")
    run = api.plan(connection["id"])
    mine = api.post("/v1/companies", {"name": "Looms of ours"})
    link = {"version": 1, "connection_id": connection["id"], "id": str(new["id"])}
    api.post(f"/v1/companies/{mine['id']}/external-ids", link)

    done = api.confirm(run)

    assert done["summary"]["conflicts"] == 1
    assert company_of(api, connection, new)["id"] == mine["id"]
    assert len(api.companies()) == 2
    # From now on the link counts; at first Harvest only fills what is empty here.
    sync(api, connection)
    company = company_of(api, connection, new)
    assert (company["name"], company["currency"]) == ("Looms of ours", "CHF")


def test_a_client_whose_link_was_taken_away_is_asked_about_and_not_imported_again(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    made, _ = book
    company = company_of(api, connection, made)
    api.delete(
        f"/v1/companies/{company['id']}/external-ids",
        connection_id=connection["id"],
        id=made["id"],
        version=company["version"],
    )

    run = api.plan(connection["id"])

    best = row_of(api, run, "duplicate", made)["candidates"][0]
    assert best["company_id"] == company["id"]
    api.confirm(run)
    assert [one["id"] for one in api.companies()] == [company["id"]]


def test_confirming_twice_is_refused_and_changes_nothing(
    api: Api, harvest: HarvestAccount, connection: Document, book: tuple[Document, Document]
) -> None:
    client(harvest, "Yarrow Looms AG")
    run = api.plan(connection["id"])
    api.confirm(run)
    before = api.companies()

    problem = api.post(f"/v1/imports/{run['id']}/confirm", expect=409)

    assert problem["code"] == "not_in_review"
    assert api.companies() == before


def test_a_client_with_two_hundred_contacts_arrives_complete(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    many = client(harvest, "Grand Union Canal Trust")
    for number in range(200):
        contact(harvest, many, f"Person {number:03}", email=f"p{number}@canal.example")

    done = sync(api, connection)

    assert done["summary"]["contacts_created"] == 200
    people = api.contacts(company_of(api, connection, many)["id"])
    assert [one["first_name"] for one in people] == [f"Person {n:03}" for n in range(200)]
    assert visible(api.plan(connection["id"])) == 0
