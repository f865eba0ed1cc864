"""Retainers as people set them up: from a finding over a quote to a contract that bills."""

from datetime import date
from typing import Any

from tests.acceptance.clients import Api
from tests.acceptance.invoiced import history, months_before, synced, today
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]
NAME = "Osier Baskets"
DAY = 86_400


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


def recurs(local_run: LocalRun, harvest: HarvestAccount, invoice_id: int) -> None:
    """Harvest says that an invoice was made by its recurring invoice 77."""
    path = f"/records/{harvest.account_id}/invoices/{invoice_id}"
    local_run.simulator.control("PATCH", path, {"recurring_invoice_id": 77})
