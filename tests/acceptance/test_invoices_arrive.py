"""Invoices and their payments arrive, change and go as they do in Harvest, read only if wanted."""

import json
import zlib
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import ended
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


@pytest.fixture
def harvest(local_run: LocalRun) -> HarvestAccount:
    """A small account with 20 invoices, many of them paid."""
    return local_run.simulator.account("workshop")


def connected(api: Api, harvest: HarvestAccount, **modules: bool) -> Document:
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    made = api.post("/v1/connections/token", body)
    wanted = {"clients": False, **modules}
    path = f"/v1/connections/{made['id']}"
    return api.patch(path, {"version": made["version"], "modules": wanted})


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> Document:
    return connected(api, harvest, books=True)


def mirrored(local_run: LocalRun, connection: Document, stream: str) -> dict[int, Document]:
    """What is kept of a stream, by Harvest's ids."""
    found = {}
    for item in local_run.items("MirrorTable"):
        if f"#{connection['id']}#{stream}#" in item["pk"]["S"]:
            kept = item["record"]
            text = kept["S"] if "S" in kept else zlib.decompress(kept["B"]).decode()
            found[int(item["sk"]["S"])] = json.loads(text, parse_float=Decimal)
    return found


def paid_here(local_run: LocalRun, connection: Document) -> dict[int, dict[int, Decimal]]:
    """Amounts by payment and invoice, as they are kept."""
    return {
        invoice_id: {one["id"]: Decimal(one["amount"]) for one in record["payments"]}
        for invoice_id, record in mirrored(local_run, connection, "invoice_payments").items()
    }


def paid_there(harvest: HarvestAccount) -> dict[int, dict[int, Decimal]]:
    """The same in Harvest, without invoices that have no payment."""
    found = {}
    for invoice in harvest.all("invoices"):
        page = harvest.call("GET", f"/invoices/{invoice['id']}/payments")["invoice_payments"]
        if page:
            found[invoice["id"]] = {one["id"]: Decimal(str(one["amount"])) for one in page}
    return found


def a_paid_invoice(harvest: HarvestAccount) -> Document:
    return next(one for one in harvest.all("invoices") if one["state"] == "paid" and one["amount"])


def an_open_invoice(harvest: HarvestAccount) -> Document:
    return next(
        one
        for one in harvest.all("invoices")
        if one["state"] == "open" and one["due_amount"] == one["amount"]
    )


def asked_for_payments(local_run: LocalRun, harvest: HarvestAccount) -> list[int]:
    """Of which invoices payments were asked for since the log was emptied, by Sheaf."""
    log = local_run.simulator.control("GET", "/log?limit=1000")["requests"]
    return sorted(
        int(one["path"].split("/")[3])
        for one in log
        if one["path"].endswith("/payments") and not one["path"].startswith("/as/")
    )


def test_all_invoices_and_payments_arrive_with_their_exact_amounts(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    run = api.synced(connection["id"])

    assert run["state"] == "done", run
    invoices = {one["id"]: one for one in harvest.all("invoices")}
    kept = mirrored(local_run, connection, "invoices")
    assert kept.keys() == invoices.keys()
    assert {one: Decimal(record["amount"]) for one, record in kept.items()} == {
        one: Decimal(str(row["amount"])) for one, row in invoices.items()
    }
    assert paid_here(local_run, connection) == paid_there(harvest)
    assert run["records_changed"]["invoice_payments"] == len(paid_there(harvest))
    # The link that shows an invoice to whoever has it is not kept.
    assert not any("client_key" in record for record in kept.values())


def test_of_a_new_payment_only_its_invoice_is_asked(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    local_run.advance(900)
    invoice = an_open_invoice(harvest)
    body = {"amount": 12.5, "paid_date": "2026-11-02", "send_thank_you": False}
    harvest.call("POST", f"/invoices/{invoice['id']}/payments", json=body)
    local_run.simulator.control("DELETE", "/log")

    run = api.synced(connection["id"])

    assert asked_for_payments(local_run, harvest) == [invoice["id"]]
    assert list(paid_here(local_run, connection)[invoice["id"]].values()) == [Decimal("12.5")]
    assert run["records_changed"]["invoices"] == run["records_changed"]["invoice_payments"] == 1


def test_a_deleted_payment_goes_with_the_next_sync(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    local_run.advance(900)
    invoice = a_paid_invoice(harvest)
    for payment_id in paid_there(harvest)[invoice["id"]]:
        harvest.call("DELETE", f"/invoices/{invoice['id']}/payments/{payment_id}")

    api.synced(connection["id"])

    assert invoice["id"] not in paid_here(local_run, connection)
    assert paid_here(local_run, connection) == paid_there(harvest)


def test_nothing_new_costs_no_question_for_payments_and_no_write(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    local_run.advance(900)
    local_run.simulator.control("DELETE", "/log")

    run = api.synced(connection["id"])

    assert asked_for_payments(local_run, harvest) == []
    assert {name: n for name, n in run["records_changed"].items() if n} == {}


def test_a_sweep_finds_a_deleted_invoice_and_payments_that_changed_without_a_trace(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    api.synced(connection["id"])
    local_run.advance(900)
    paid = a_paid_invoice(harvest)
    payment_id = next(iter(paid_there(harvest)[paid["id"]]))
    path = f"/records/{harvest.account_id}/invoice_payments/{payment_id}"
    local_run.simulator.control("PATCH", path, {"amount": 1.25})
    gone = next(one for one in harvest.all("invoices") if one["id"] != paid["id"])
    harvest.delete("invoices", gone["id"])
    api.synced(connection["id"])
    assert gone["id"] in mirrored(local_run, connection, "invoices")

    swept = api.swept(connection["id"])

    assert swept["state"] == "done", swept
    assert gone["id"] not in mirrored(local_run, connection, "invoices")
    assert paid_here(local_run, connection)[paid["id"]][payment_id] == Decimal("1.25")
    assert paid_here(local_run, connection) == paid_there(harvest)


def test_payments_that_could_not_be_read_are_read_when_the_sync_is_resumed(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    fault: dict[str, Any] = {
        "kind": "server_error",
        "path": "/v2/invoices/*/payments",
        "times": None,
    }
    fault |= {"skip": 3, "account_id": int(harvest.account_id)}
    with local_run.simulator.fault(**fault):
        run = api.post(f"/v1/connections/{connection['id']}/syncs", {})
        run = ended(local_run, api, run["id"], "syncs")
    assert run["problem"]["code"] == "harvest_unreachable", run
    assert paid_here(local_run, connection) != paid_there(harvest)

    api.post(f"/v1/syncs/{run['id']}/resume")
    ended(local_run, api, run["id"], "syncs")

    assert paid_here(local_run, connection) == paid_there(harvest)


@pytest.mark.parametrize(
    ("modules", "read"),
    [({"recurring": True}, True), ({"projects": True}, False)],
)
def test_invoices_are_read_for_recurring_without_payments_and_for_others_not(
    modules: dict[str, bool], read: bool, local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = connected(api, harvest, **modules)
    local_run.simulator.control("DELETE", "/log")

    api.synced(connection["id"])

    assert bool(mirrored(local_run, connection, "invoices")) is read
    assert bool(mirrored(local_run, connection, "invoice_item_categories")) is read
    assert bool(mirrored(local_run, connection, "company")) is read
    assert asked_for_payments(local_run, harvest) == []
