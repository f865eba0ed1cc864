"""Field by field: what a Harvest client and its contacts become here."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import client, company_of, contact, sync


@pytest.mark.row("T32", "T33", "T34", "T35", columns=True)
def test_a_client_becomes_a_company_with_its_name_address_currency_and_status(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    address = "Käthe Brunnthal\nHafenstraße 7\n8005 Zürich"
    live = client(harvest, "Brunnthal & Söhne AG", address=address, currency="CHF")
    old = client(harvest, "Vellmar Optik GmbH", currency="EUR", is_active=False)

    sync(api, connection)

    company = company_of(api, connection, live)
    assert company["name"] == "Brunnthal & Söhne AG"
    assert company["address"] == address
    assert company["currency"] == "CHF"
    assert company["status"] == "active"
    assert company["source"] == "harvest"
    assert [(one["id"], one["primary"]) for one in company["external_ids"]] == [
        (str(live["id"]), True)
    ]
    archived = company_of(api, connection, old)
    assert (archived["status"], archived["currency"]) == ("archived", "EUR")
    assert archived["address"] is None


@pytest.mark.row("T36", "T37", "T38", "T39", "T40", "T41", "T5", "T6", "T7", columns=True)
def test_a_contact_comes_with_every_field_that_harvest_has(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    of = client(harvest, "Ostrow Papier AG")
    made = contact(
        harvest,
        of,
        "Zoë",
        last_name="Ångström",
        title="Head of Purchasing",
        email="zoe@ostrow.example",
        phone_office="+41 44 000 00 01",
        phone_mobile="+41 79 000 00 02",
        fax="+41 44 000 00 03",
    )

    sync(api, connection)

    (person,) = api.contacts(company_of(api, connection, of)["id"])
    assert person["first_name"] == "Zoë"
    assert person["last_name"] == "Ångström"
    assert person["title"] == "Head of Purchasing"
    assert person["email"] == "zoe@ostrow.example"
    assert person["phone_office"] == "+41 44 000 00 01"
    assert person["phone_mobile"] == "+41 79 000 00 02"
    assert person["fax"] == "+41 44 000 00 03"
    assert person["role"] is None
    assert [one["id"] for one in person["external_ids"]] == [str(made["id"])]
    # The role is ours: Harvest has none, and a sync leaves it alone.
    api.patch(f"/v1/contacts/{person['id']}", {"version": person["version"], "role": "Buyer"})
    harvest.change("contacts", made["id"], title="Director")
    sync(api, connection)
    (person,) = api.contacts(person["company_id"])
    assert (person["role"], person["title"]) == ("Buyer", "Director")


@pytest.mark.row("T3", "T25")
def test_every_contact_of_the_account_arrives_from_one_list_of_contacts(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], local_run: Any
) -> None:
    in_harvest = {
        (one["client"]["id"], one["first_name"].strip(), one["email"].strip())
        for one in harvest.all("contacts")
        if any(letter.isalnum() for letter in one["first_name"])
    }

    api.import_everything(connection["id"])

    here = set()
    for company in api.companies():
        client_id = int(company["external_ids"][0]["id"])
        for one in api.contacts(company["id"]):
            here.add((client_id, one["first_name"], one["email"] or ""))
    assert here == in_harvest
    calls = local_run.simulator.log(
        account_id=harvest.account_id, path="/v2/contacts", token="personal"
    )
    assert len([one for one in calls if one["method"] == "GET"]) == 1


@pytest.mark.row("T8")
def test_the_primary_contact_is_the_only_one_or_the_invoice_recipient_or_the_one_chosen(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    single, billed, open_ = (
        client(harvest, f"{name} Lichtbau AG") for name in ("Ufer", "Tal", "Berg")
    )
    contact(harvest, single, "Ada")
    contact(harvest, billed, "Bea")
    contact(harvest, billed, "Cleo", invoice_recipient_status="recipient")
    contact(harvest, open_, "Dora")
    contact(harvest, open_, "Else")
    api.import_everything(connection["id"])

    def primary(of: dict[str, Any]) -> str | None:
        people = api.contacts(company_of(api, connection, of)["id"])
        return next((one["first_name"] for one in people if one["is_primary"]), None)

    assert [primary(one) for one in (single, billed, open_)] == ["Ada", "Cleo", None]

    company = company_of(api, connection, open_)
    else_id = next(one["id"] for one in api.contacts(company["id"]) if one["first_name"] == "Else")
    path = f"/v1/companies/{company['id']}"
    api.patch(path, {"version": company["version"], "primary_contact_id": else_id})
    harvest.change("clients", open_["id"], address="Am Berg 1")
    sync(api, connection)

    assert primary(open_) == "Else"
    stranger = api.contacts(company_of(api, connection, single)["id"])[0]["id"]
    version = api.get(path)["version"]
    api.patch(path, {"version": version, "primary_contact_id": stranger}, expect=422)


@pytest.mark.row("T4")
def test_a_contact_follows_its_client_when_harvest_moves_it(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    first, second = client(harvest, "Alder Marine Ltd"), client(harvest, "Quince Foods plc")
    made = contact(harvest, first, "Mira", email="mira@alder.example")
    stays = contact(harvest, first, "Noel", email="noel@alder.example")
    sync(api, connection)
    before = api.contacts(company_of(api, connection, first)["id"])
    assert [one["first_name"] for one in before] == ["Mira", "Noel"]

    harvest.change("contacts", made["id"], client_id=second["id"])
    run = api.plan(connection["id"])
    (row,) = api.rows(run, "update")
    moved = row["contacts"][0]["changes"]
    assert [one["field"] for one in moved] == ["company_id"]
    assert moved[0]["after"] == company_of(api, connection, second)["id"]
    api.confirm(run)

    (mira,) = api.contacts(company_of(api, connection, second)["id"])
    assert mira["id"] == before[0]["id"]
    (noel,) = api.contacts(company_of(api, connection, first)["id"])
    assert noel["external_ids"][0]["id"] == str(stays["id"])


def test_a_contact_that_was_moved_by_hand_stays_where_it_was_put(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    first, second = client(harvest, "Alder Marine Ltd"), client(harvest, "Quince Foods plc")
    made = contact(harvest, first, "Mira", email="mira@alder.example")
    sync(api, connection)
    (mira,) = api.contacts(company_of(api, connection, first)["id"])
    other = company_of(api, connection, second)["id"]
    api.patch(f"/v1/contacts/{mira['id']}", {"version": mira["version"], "company_id": other})

    harvest.change("contacts", made["id"], title="Harbour master")
    sync(api, connection)

    (mira,) = api.contacts(other)
    assert mira["title"] == "Harbour master"
    assert api.contacts(company_of(api, connection, first)["id"]) == []
