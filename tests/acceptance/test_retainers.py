"""From a finding to a quote, a contract for ongoing services, and billing for each period."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.clients import Api, until
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


def test_the_dry_run_is_what_is_then_billed(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    start = today(local_run)
    first = start.replace(day=1)
    contract = contracted(
        local_run, api, connection, finding, anchor=first.isoformat(), amount="1000"
    )

    shown = api.get(f"/v1/contracts/{contract['id']}/upcoming")["upcoming"]

    assert len(shown) == 12
    length = (date.fromisoformat(shown[0]["to"]) - first).days + 1
    left = length - start.day + 1
    assert shown[0]["amount"] == str(round(Decimal(1000) * left / length, 2))
    assert shown[0]["in_part"] is (start.day > 1)
    assert {one["amount"] for one in shown[1:]} == {"1000.00"}
    for one in shown[:3]:
        pass_to(local_run, date.fromisoformat(one["issue_on"]))
    issued = billed(api, contract)
    assert [{name: one[name] for name in shown[0]} for one in issued] == shown[:3]


def test_a_contract_is_paused_priced_anew_and_ended(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    contract = contracted(local_run, api, connection, finding, cadence="weekly", amount="70")
    start = today(local_run)
    weeks = [start + timedelta(days=7 * n) for n in range(6)]
    local_run.tick()

    refused = api.post(
        f"/v1/contracts/{contract['id']}/price",
        {
            "version": api.get(f"/v1/contracts/{contract['id']}")["version"],
            "amount": "80",
            "since": start.isoformat(),
        },
        422,
    )
    assert str(weeks[1]) in refused["detail"]
    pause = {"from": str(weeks[1]), "to": str(weeks[2] + timedelta(days=2))}
    changed(api, contract, "pause", **pause)
    changed(api, contract, "price", amount="140", since=str(weeks[3]))
    ended = changed(api, contract, "end", last_day=str(weeks[5] - timedelta(days=1)))
    assert ended["terms"]["end"] == str(weeks[5] - timedelta(days=1))

    for day in (*weeks[1:], weeks[5] + timedelta(days=7)):
        pass_to(local_run, day)

    assert [(one["from"], one["amount"]) for one in billed(api, contract)] == [
        (str(weeks[0]), "70.00"),
        (str(weeks[2]), "40.00"),
        (str(weeks[3]), "140.00"),
        (str(weeks[4]), "140.00"),
    ]
    over = api.get(f"/v1/contracts/{contract['id']}")
    assert (over["state"], over["next_document"]) == ("ended", None)
    again = {"version": over["version"], "from": str(weeks[5])}
    gone = api.post(f"/v1/contracts/{contract['id']}/pause", again, 409)
    assert gone["code"] == "contract_ended"


def test_an_open_pause_is_taken_up_again(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    contract = contracted(local_run, api, connection, finding, cadence="weekly", amount="70")
    start = today(local_run)
    local_run.tick()
    changed(api, contract, "pause", **{"from": str(start + timedelta(days=7))})
    pass_to(local_run, start + timedelta(days=30))
    assert len(billed(api, contract)) == 1

    resumed = changed(api, contract, "resume", day=str(start + timedelta(days=35)))
    pass_to(local_run, start + timedelta(days=36))

    assert resumed["terms"]["pauses"][0]["to"] == str(start + timedelta(days=34))
    assert [one["from"] for one in billed(api, contract)] == [
        str(start),
        str(start + timedelta(days=35)),
    ]


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


def recurs(local_run: LocalRun, harvest: HarvestAccount, invoice_id: int) -> None:
    """Harvest says that an invoice was made by its recurring invoice 77."""
    path = f"/records/{harvest.account_id}/invoices/{invoice_id}"
    local_run.simulator.control("PATCH", path, {"recurring_invoice_id": 77})


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


def test_drafts_of_a_category_that_harvest_does_not_have_are_refused(
    api: Api, connection: Document, finding: Document
) -> None:
    quote = quoted(api, connection, finding)
    body = {"version": quote["version"], "harvest_drafts": {"kind": "Servise"}}

    problem = api.post(f"/v1/quotes/{quote['id']}/accept", body, 422)

    assert "Service" in problem["next_step"]
    assert api.get(f"/v1/quotes/{quote['id']}")["state"] == "open"


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("pause", {"from": "9999-01-01"}, "from"),
        ("pause", {"from": "2030-03-02", "to": "2030-03-01"}, "to"),
        ("resume", {"day": "0001-01-01"}, "day"),
        ("resume", {"day": "2029-01-01"}, "day"),
        ("price", {"amount": "5", "since": "9999-12-31"}, "since"),
        ("price", {"amount": "0.00", "since": "2029-01-01"}, "amount"),
        ("price", {"amount": "5", "since": "2019-01-01"}, "since"),
        ("end", {"last_day": "9999-12-31"}, "last_day"),
        ("end", {"last_day": "2019-01-01"}, "last_day"),
    ],
)
def test_what_cannot_be_agreed_on_is_refused_and_changes_nothing(
    local_run: LocalRun,
    api: Api,
    settled_contract: Document,
    what: str,
    body: Document,
    field: str,
) -> None:
    before = api.get(f"/v1/contracts/{settled_contract['id']}")
    sent = {"version": before["version"], **body}

    problem = api.post(f"/v1/contracts/{before['id']}/{what}", sent, 422)

    assert [one["field"] for one in problem["errors"]] == [field]
    assert problem["next_step"]
    assert api.get(f"/v1/contracts/{before['id']}") == before


@pytest.fixture
def settled_contract(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> Document:
    return contracted(local_run, api, connection, finding)
