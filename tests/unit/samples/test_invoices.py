"""Invoices follow from tracked time and agreements, and payments and messages from them."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from local.harvest.amounts import amounts_of, line_amount
from local.harvest.late_record import LateRecords
from local.harvest.samples import Sample, load
from local.harvest.samples.invoice_payments import part_amounts
from local.harvest.samples.plans import PLANS

Record = dict[str, Any]
TERMS = {"upon receipt": 0, "net 15": 15, "net 30": 30, "net 45": 45, "net 60": 60}


def by_invoice(sample: Sample, resource: str) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    for record in sample.records(resource):
        if record["invoice_id"] is not None:
            found[record["invoice_id"]].append(record)
    return found


@pytest.mark.parametrize("name", ["studio", "agency"])
@pytest.mark.parametrize("seed", [1, 2])
def test_there_are_exactly_as_many_invoices_and_expenses_as_planned(name: str, seed: int) -> None:
    sample, plan = load(name, seed), PLANS[name]

    assert len(sample.records("invoices")) == plan.invoices
    assert len(sample.records("expenses")) == plan.expenses
    assert len(sample.records("estimates")) == plan.estimates


def test_invoices_that_nobody_reads_make_no_time() -> None:
    sample = load("studio", 5)

    states = Counter(invoice["state"] for invoice in sample.records("invoices"))
    payments = len(sample.records("invoice_payments"))

    assert states.total() == PLANS["studio"].invoices
    assert payments > 100
    assert not sample.records("time_entries").is_begun  # type: ignore[attr-defined]


def test_states_currencies_taxes_and_discounts_are_mixed(sample: Sample) -> None:
    invoices = sample.records("invoices")
    states = Counter(invoice["state"] for invoice in invoices)

    assert set(states) == {"draft", "open", "paid", "closed"}
    assert 0.8 < states["paid"] / len(invoices) < 0.97
    assert len({invoice["currency"] for invoice in invoices}) >= 4
    assert {None} < {invoice["tax"] for invoice in invoices}
    assert {None} < {invoice["discount"] for invoice in invoices}
    assert any(invoice["recurring_invoice_id"] for invoice in invoices)
    assert {"", None} < {invoice["purchase_order"] for invoice in invoices}
    assert any(invoice["payment_options"] for invoice in invoices)


def test_numbers_are_given_once(sample: Sample) -> None:
    numbers = [invoice["number"] for invoice in sample.records("invoices")]

    assert len(numbers) == len(set(numbers))


def test_dates_follow_from_state_and_term(sample: Sample) -> None:
    for invoice in sample.records("invoices"):
        issued = date.fromisoformat(invoice["issue_date"])
        due = date.fromisoformat(invoice["due_date"])
        if invoice["payment_term"] != "custom":
            assert due == issued + timedelta(days=TERMS[invoice["payment_term"]])
        assert due >= issued
        assert (invoice["sent_at"] is None) == (invoice["state"] == "draft")
        assert (invoice["closed_at"] is not None) == (invoice["state"] == "closed")
        assert (invoice["paid_at"] is not None) == (invoice["state"] == "paid")
        if invoice["paid_date"]:
            assert invoice["paid_at"] == f"{invoice['paid_date']}T00:00:00Z"


def test_hours_on_invoices_are_the_hours_of_the_entries_that_they_bill(studio: Sample) -> None:
    entries = by_invoice(studio, "time_entries")
    expenses = by_invoice(studio, "expenses")

    for invoice in studio.records("invoices"):
        mine = entries.pop(invoice["id"], [])
        spent = expenses.pop(invoice["id"], [])
        lines = invoice["line_items"]
        from_items = invoice["period_start"] is not None
        assert from_items == bool(mine or spent)
        if not from_items:
            continue
        hours = sum((one["hours"] for one in mine), Decimal(0))
        worth = sum((one["hours"] * one["billable_rate"] for one in mine), Decimal(0))
        costs = sum((one["total_cost"] for one in spent), Decimal(0))
        of_time = [one for one in lines if one["kind"] == "Service"]
        of_expenses = [one for one in lines if one["kind"] == "Product"]
        if worth + costs > 0:
            assert sum((one["quantity"] for one in of_time), Decimal(0)) == hours
            total = sum((one["quantity"] * one["unit_price"] for one in of_time), Decimal(0))
            assert total == worth
        assert sum((line_amount(one) for one in of_expenses), Decimal(0)) == costs
        assert {one["project_id"] for one in lines} == {
            one["project_id"] for one in [*mine, *spent]
        }
        for one in [*mine, *spent]:
            assert invoice["period_start"] <= one["spent_date"] <= invoice["period_end"]
            assert one["billable"]
            assert one["created_at"] <= invoice["created_at"] <= one["updated_at"]
    assert entries == {}
    assert expenses == {}


def test_much_of_the_time_is_invoiced_and_some_is_not_yet(studio: Sample) -> None:
    rated = [one for one in studio.records("time_entries") if one["billable_rate"]]
    billed = sum(one["invoice_id"] is not None for one in rated)
    lately = {one["invoice_id"] for one in rated if one["spent_date"] > "2026-11"}

    assert 0.4 < billed / len(rated) < 0.9
    assert lately == {None}


def test_lines_have_kinds_that_there_are_and_ids_of_their_own(studio: Sample) -> None:
    kinds = {one["name"] for one in studio.records("invoice_item_categories")}
    lines = [line for one in studio.records("invoices") for line in one["line_items"]]
    ids = [line["id"] for line in lines]

    assert {line["kind"] for line in lines} <= kinds
    assert len({line["kind"] for line in lines}) >= 5
    assert ids == sorted(set(ids))
    assert [max(ids) < one["id"] for one in studio.records("invoice_line_items")] == [True]
    assert {line["taxed"] for line in lines} == {True, False}


def test_every_invoice_is_about_some_money(sample: Sample) -> None:
    step = 1 if len(sample.records("invoices")) < 2000 else 23

    for invoice in sample.records("invoices")[::step]:
        assert amounts_of(invoice).amount > 0


def test_payments_settle_what_is_paid_and_leave_something_of_what_is_open(studio: Sample) -> None:
    payments = by_invoice(studio, "invoice_payments")
    parts: Counter[int] = Counter()

    for invoice in studio.records("invoices"):
        mine = payments[invoice["id"]]
        amount = amounts_of(invoice).amount
        paid = sum((one["amount"] for one in mine), Decimal(0))
        assert all(one["amount"] > 0 for one in mine)
        assert all(one["created_at"] <= invoice["updated_at"] for one in mine)
        if invoice["state"] == "paid":
            assert paid == amount
            assert max(one["paid_date"] for one in mine) == invoice["paid_date"]
            parts[len(mine)] += 1
        else:
            assert paid < amount
    assert set(parts) == {1, 2, 3}
    assert any(one["payment_gateway_id"] for one in studio.records("invoice_payments"))


def test_parts_of_an_amount_add_up_to_it() -> None:
    assert part_amounts(Decimal("100.01"), [0.333, 0.25, 0.0]) == [
        Decimal("33.30"),
        Decimal("25.00"),
        Decimal("41.71"),
    ]
    assert part_amounts(Decimal("0.60"), [0.001]) == [Decimal("0.01")]


def test_what_was_sent_has_a_message_with_somebody_to_read_it(studio: Sample) -> None:
    messages = by_invoice(studio, "invoice_messages")

    for invoice in studio.records("invoices"):
        mine = messages[invoice["id"]]
        assert bool(mine) == (invoice["sent_at"] is not None)
        if mine:
            assert mine[0]["created_at"] == invoice["sent_at"]
        assert (mine[-1:] or [{}])[0].get("event_type") == "close" or invoice["state"] != "closed"
        for one in mine:
            assert bool(one["recipients"]) == (one["event_type"] is None)
            assert bool(one["subject"]) == (one["event_type"] is None)
    flat = studio.records("invoice_messages")
    assert any(one["reminder"] for one in flat)
    assert any(one["thank_you"] for one in flat)
    assert {None, "send", "close"} == {one["event_type"] for one in flat}


def test_a_retainer_comes_every_month_with_the_same_amount(agency: Sample) -> None:
    streams: dict[int, list[Record]] = defaultdict(list)
    for invoice in agency.records("invoices"):
        if invoice["recurring_invoice_id"]:
            streams[invoice["recurring_invoice_id"]].append(invoice)

    longest = max(streams.values(), key=len)
    prices = {line["unit_price"] for one in longest for line in one["line_items"]}

    assert len(longest) >= 10
    assert len(prices) == 1
    assert all(one["issue_date"] < two["issue_date"] for one, two in pairwise(longest))


def test_expenses_cost_units_times_price_and_some_have_receipts(sample: Sample) -> None:
    prices = {one["id"]: one["unit_price"] for one in sample.records("expense_categories")}

    for expense in sample.records("expenses"):
        price = prices[expense["expense_category_id"]]
        if price is None:
            assert expense["units"] == 1
        else:
            assert abs(expense["total_cost"] - expense["units"] * price) < Decimal("0.01")
        assert expense["total_cost"] > 0
    receipts = [one["receipt"] for one in sample.records("expenses") if one["receipt"]]
    assert {one["content_type"] for one in receipts} == {
        "application/pdf",
        "image/jpeg",
        "image/png",
    }
    assert any(one["invoice_id"] for one in sample.records("expenses"))


def test_estimates_are_drafts_sent_accepted_and_declined(agency: Sample) -> None:
    estimates = agency.records("estimates")
    events = Counter(one["event_type"] for one in agency.records("estimate_messages"))

    assert {one["state"] for one in estimates} == {"draft", "sent", "accepted", "declined"}
    assert set(events) == {None, "accept", "decline"}
    for one in estimates:
        assert (one["sent_at"] is None) == (one["state"] == "draft")
        assert (one["accepted_at"] is not None) == (one["state"] == "accepted")
        assert (one["declined_at"] is not None) == (one["state"] == "declined")
        assert amounts_of(one).amount > 0


def test_an_invoice_is_found_without_the_others(studio: Sample) -> None:
    fresh = load("studio", studio.seed).records("invoices")
    assert isinstance(fresh, LateRecords)

    for invoice in studio.records("invoices")[::90]:
        found = fresh.find(invoice["id"])
        assert found == invoice
        assert fresh.find(invoice["id"] + 1) != invoice
    assert fresh.find(1) is None
    assert fresh.find(2**53) is None
