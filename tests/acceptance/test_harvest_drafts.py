"""Draft invoices in Harvest beside billing documents: each once, whatever is lost."""

from datetime import date
from typing import Any

import pytest

from tests.acceptance.clients import Api, until
from tests.acceptance.invoiced import (
    connected,
    today,
)
from tests.acceptance.local_run import LocalRun
from tests.acceptance.retaining import (
    billed,
    contracted,
    pass_to,
    quoted,
)
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> Document:
    return connected(api, harvest)


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


def test_a_refused_draft_is_made_once_its_cause_is_mended(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document, finding: Document
) -> None:
    contract = contracted(local_run, api, connection, finding, {"kind": "Service"})
    with local_run.simulator.fault(
        "server_error", None, method="POST", path="/v2/invoices", status=422
    ):
        local_run.tick()
    (refused,) = billed(api, contract)
    assert refused["harvest_draft"]["state"] == "refused"
    assert api.notice("draft_refused")["about"]["document_id"] == refused["id"]

    api.post(f"/v1/billing-documents/{refused['id']}/draft")
    local_run.tick()

    made = api.get(f"/v1/billing-documents/{refused['id']}")
    assert made["harvest_draft"]["state"] == "made"
    drafts = harvest.all("invoices", state="draft")
    assert [one["id"] for one in drafts] == [int(made["harvest_draft"]["invoice_id"])]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_after"},
        {"kind": "drop_before"},
        {"kind": "truncated"},
        {"kind": "server_error", "effect": "after", "status": 502},
        {"kind": "throttle"},
    ],
    ids=lambda one: one["kind"],
)
def test_whatever_becomes_of_the_answer_there_is_one_draft(
    local_run: LocalRun,
    api: Api,
    harvest: HarvestAccount,
    connection: Document,
    finding: Document,
    fault: Document,
) -> None:
    contract = contracted(local_run, api, connection, finding, {"kind": "Service"})
    with local_run.simulator.fault(**fault, method="POST", path="/v2/invoices"):
        local_run.tick()
    (document,) = billed(api, contract)
    assert document["harvest_draft"]["state"] == "wanted"

    def later() -> Document:
        local_run.advance(600)
        local_run.tick()
        return api.get(f"/v1/billing-documents/{document['id']}")

    made = until(later, lambda one: one["harvest_draft"]["state"] == "made")

    drafts = harvest.all("invoices", state="draft")
    assert [str(one["id"]) for one in drafts] == [made["harvest_draft"]["invoice_id"]]
    assert document["id"] in drafts[0]["notes"]


def test_drafts_of_a_category_that_harvest_does_not_have_are_refused(
    api: Api, connection: Document, finding: Document
) -> None:
    quote = quoted(api, connection, finding)
    body = {"version": quote["version"], "harvest_drafts": {"kind": "Servise"}}

    problem = api.post(f"/v1/quotes/{quote['id']}/accept", body, 422)

    assert "Service" in problem["next_step"]
    assert api.get(f"/v1/quotes/{quote['id']}")["state"] == "open"
