"""From a finding to a quote, a contract for ongoing services, and billing for each period."""

from datetime import date
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.invoiced import (
    connected,
    findings,
    history,
    months_before,
    synced,
    today,
)
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]
NAME = "Osier Baskets"
DAY = 86_400


@pytest.fixture
def harvest(local_run: LocalRun) -> HarvestAccount:
    return local_run.simulator.account("studio-untracked")


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> Document:
    return connected(api, harvest)


@pytest.fixture
def finding(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> Document:
    """A client that was billed on this day of each month, whose company is here."""
    return found_of(local_run, api, harvest, connection)


def found_of(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document, **values: Any
) -> Document:
    client = history(harvest, NAME, months_before(today(local_run), 8), **values)
    company = api.post("/v1/companies", {"name": NAME})
    link = {"connection_id": connection["id"], "id": str(client["id"])}
    body = {**link, "version": company["version"]}
    api.post(f"/v1/companies/{company['id']}/external-ids", body)
    return synced(local_run, api, connection, NAME)[NAME]


def quoted(api: Api, connection: Document, finding: Document, **terms: Any) -> Document:
    place = f"/v1/connections/{connection['id']}/findings/{finding['id']}/accept"
    return api.post(place, terms)


def contracted(
    local_run: LocalRun,
    api: Api,
    connection: Document,
    finding: Document,
    drafts: Document | None = None,
    **terms: Any,
) -> Document:
    """A contract from today on."""
    terms = {"start": today(local_run).isoformat(), **terms}
    quote = quoted(api, connection, finding, **terms)
    body = {"version": quote["version"], "harvest_drafts": drafts}
    return api.post(f"/v1/quotes/{quote['id']}/accept", body)


def changed(api: Api, contract: Document, what: str, **body: Any) -> Document:
    version = api.get(f"/v1/contracts/{contract['id']}")["version"]
    return api.post(f"/v1/contracts/{contract['id']}/{what}", {"version": version, **body})


def billed(api: Api, contract: Document) -> list[Document]:
    """The billing documents of a contract, oldest first."""
    path = f"/v1/contracts/{contract['id']}/billing-documents"
    return api.everything(path, "billing_documents")[::-1]


def pass_to(local_run: LocalRun, day: date) -> None:
    """Lets time pass to noon of a day, and what is due on the way be done."""
    days = (day - today(local_run)).days
    if days > 0:
        local_run.advance(days * DAY)
    local_run.tick()


@pytest.mark.row("T62")
def test_a_finding_is_accepted_as_a_quote_for_the_retainers_amount(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    quote = quoted(api, connection, finding)
    again = quoted(api, connection, finding)

    assert again == quote == api.get(f"/v1/quotes/{quote['id']}")
    assert (quote["state"], quote["client_name"]) == ("open", NAME)
    assert quote["terms"]["amount"] == "900.00"
    assert quote["terms"]["cadence"] == "monthly"
    assert quote["terms"]["start"] == today(local_run).isoformat() == finding["next_expected"]
    taken = findings(api, connection)[NAME]
    assert (taken["status"], taken["decision"]["taken_by"]) == ("quoted", quote["id"])
    assert taken["recommendation"] is None


@pytest.mark.row("T63")
def test_an_accepted_quote_is_a_contract_for_ongoing_services(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    quote = quoted(api, connection, finding, amount="950", title="Care of the website")
    changed = api.patch(
        f"/v1/quotes/{quote['id']}", {"version": 1, "amount": "975.50", "billed_in": "arrears"}
    )

    contract = api.post(f"/v1/quotes/{quote['id']}/accept", {"version": changed["version"]})

    assert (contract["kind"], contract["state"]) == ("ongoing_services", "active")
    assert contract["title"] == "Care of the website"
    assert contract["terms"]["amount"] == "975.50"
    assert api.post(f"/v1/quotes/{quote['id']}/accept", {"version": 1})["id"] == contract["id"]
    covered = findings(api, connection, status="covered")
    assert covered[NAME]["decision"]["taken_by"] == contract["id"]


@pytest.mark.row("T64")
def test_a_contract_issues_a_billing_document_and_a_draft_for_each_period(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document, finding: Document
) -> None:
    drafts = {"kind": "Service", "tax": "19", "payment_term": "net 30"}
    contract = contracted(local_run, api, connection, finding, drafts)
    start = today(local_run)
    before = {one["id"] for one in harvest.all("invoices")}

    local_run.tick()
    (first,) = billed(api, contract)
    local_run.tick()
    assert billed(api, contract) == [first]
    upcoming = api.get(f"/v1/contracts/{contract['id']}/upcoming")["upcoming"]
    pass_to(local_run, date.fromisoformat(upcoming[0]["issue_on"]))

    assert [one["from"] for one in billed(api, contract)] == [
        start.isoformat(),
        upcoming[0]["from"],
    ]
    assert {one["amount"] for one in billed(api, contract)} == {"900.00"}
    made = {one["id"]: one for one in harvest.all("invoices") if one["id"] not in before}
    assert {str(one) for one in made} == {
        one["harvest_draft"]["invoice_id"] for one in billed(api, contract)
    }
    assert {
        (one["state"], one["amount"], one["tax"], one["payment_term"]) for one in made.values()
    } == {("draft", 1071.0, 19.0, "net 30")}
    assert {one["line_items"][0]["kind"] for one in made.values()} == {"Service"}
    told = [
        one["about"]["document_id"]
        for one in api.everything("/v1/notices", "notices")
        if one["kind"] == "billing_due"
    ]
    assert sorted(told) == sorted(one["id"] for one in billed(api, contract))
