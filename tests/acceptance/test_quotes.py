"""From a finding to a quote, and from a quote to a contract for ongoing services."""

from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.invoiced import (
    connected,
    findings,
    history,
    invoice,
    months_before,
    synced,
    today,
)
from tests.acceptance.local_run import LocalRun
from tests.acceptance.retaining import (
    DAY,
    NAME,
    billed,
    contracted,
    pass_to,
    quoted,
    recurs,
)
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> Document:
    return connected(api, harvest)


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


def test_a_declined_quote_frees_its_finding(
    api: Api, connection: Document, finding: Document
) -> None:
    quote = quoted(api, connection, finding)
    place = f"/v1/connections/{connection['id']}/findings/{finding['id']}"
    taken = api.post(f"{place}/reject", {}, 409)
    assert (taken["code"], taken["taken_by"]) == ("finding_taken", quote["id"])

    body = {"version": quote["version"], "reason": "Too early."}
    declined = api.post(f"/v1/quotes/{quote['id']}/decline", body)

    assert (declined["state"], declined["reason"]) == ("declined", "Too early.")
    assert api.get(place)["status"] == "open"
    closed = api.post(f"/v1/quotes/{quote['id']}/accept", {"version": declined["version"]}, 409)
    assert closed["code"] == "quote_closed"
    assert quoted(api, connection, finding)["id"] != quote["id"]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "9.999"}, "amount"),
        ({"start": "2019-01-01"}, "start"),
        ({"anchor": "2019-01-01"}, "anchor"),
        ({"cadence": "daily"}, "cadence"),
    ],
)
def test_terms_that_cannot_be_billed_are_refused(
    api: Api, connection: Document, finding: Document, terms: Document, field: str
) -> None:
    place = f"/v1/connections/{connection['id']}/findings/{finding['id']}/accept"

    problem = api.post(place, terms, 422)

    assert any(field in one["field"] for one in problem["errors"]), problem
    assert findings(api, connection)[NAME]["status"] == "open"


def test_a_client_that_is_no_company_here_has_to_be_imported_first(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    history(harvest, NAME, months_before(today(local_run), 8))
    found = synced(local_run, api, connection, NAME)[NAME]
    place = f"/v1/connections/{connection['id']}/findings/{found['id']}/accept"

    problem = api.post(place, {}, 409)

    assert problem["code"] == "client_not_imported"
    assert "imports" in problem["next_step"]


def test_billing_waits_until_harvests_recurring_invoice_is_stopped_and_warns_if_it_is_not(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    client = history(harvest, NAME, months_before(today(local_run), 8))
    for one in harvest.all("invoices", client_id=client["id"]):
        recurs(local_run, harvest, one["id"])
    company = api.post("/v1/companies", {"name": NAME})
    link = {"connection_id": connection["id"], "id": str(client["id"])}
    body = {**link, "version": company["version"]}
    api.post(f"/v1/companies/{company['id']}/external-ids", body)
    found = synced(local_run, api, connection, NAME)[NAME]
    assert found["harvest_recurring_invoice_id"] == "77"
    assert "stop its recurring invoice" in found["recommendation"]["text"]

    contract = contracted(local_run, api, connection, found)
    local_run.tick()
    assert (contract["state"], billed(api, contract)) == ("waiting", [])
    place = f"/v1/contracts/{contract['id']}/activate"
    api.post(place, {"version": 1, "recurring_invoice_stopped": False}, 422)
    active = api.post(place, {"version": 1, "recurring_invoice_stopped": True})
    local_run.tick()

    assert (active["state"], active["recurring_invoice_stopped"]["by"]) == ("active", "ada")
    (document,) = billed(api, contract)
    twice = invoice(harvest, client["id"], today(local_run), 900)
    recurs(local_run, harvest, twice["id"])
    for _ in range(2):
        local_run.advance(DAY)
        local_run.tick()
    notice = api.notice("billed_twice")
    assert notice["about"] == {
        "contract_id": contract["id"],
        "harvest_invoice_id": str(twice["id"]),
    }
    assert document["from"] in notice["text"]


def test_covered_streams_are_not_suggested_again_while_they_go_on_in_harvest(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document, finding: Document
) -> None:
    terms = {"title": "Our very own words", "cadence": "weekly"}
    contract = contracted(local_run, api, connection, finding, {"kind": "Service"}, **terms)
    send = {"recipients": [], "send_me_a_copy": True}
    start = today(local_run)
    for week in range(6):
        pass_to(local_run, start + timedelta(days=7 * week))
        draft = billed(api, contract)[-1]["harvest_draft"]["invoice_id"]
        harvest.call("POST", f"/invoices/{draft}/messages", json=send)

    synced(local_run, api, connection, status="open")

    place = f"/v1/connections/{connection['id']}/findings"
    covered = {one["cadence"]: one for one in api.everything(place, "findings", status="covered")}
    assert covered.keys() == {"monthly", "weekly"}, "what the contract bills is a stream as well"
    assert {one["decision"]["taken_by"] for one in covered.values()} == {contract["id"]}
