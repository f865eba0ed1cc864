"""Payments that are entered and allocated here are in Harvest: added, changed, deleted there."""

from typing import Any

import pytest

from tests.acceptance.bookkeeping import Books, Document
from tests.acceptance.clients import Api, until
from tests.acceptance.local_run import LocalRun

PLACE = "/v1/books/payments"
RECIPIENT = {"name": "Mira Osier", "email": "mira@osier-baskets.example"}


@pytest.fixture
def books(local_run: LocalRun, api: Api) -> Books:
    found = Books.begun(local_run, api)
    found.article()
    return found


def sent_to_somebody(books: Books, client: Document, amount: float) -> Document:
    """An invoice that was sent to a person, whom Harvest thanks once it is paid."""
    made = books.draft(client, amount)
    message = {"recipients": [RECIPIENT], "subject": "Invoice", "body": "Here it is."}
    books.harvest.call("POST", f"/invoices/{made['id']}/messages", json=message)
    return books.shown(made)


def thanks(books: Books, invoice: Document) -> list[Document]:
    """The messages by which Harvest has thanked for an invoice."""
    path = f"/invoices/{invoice['id']}/messages"
    found: list[Document] = books.harvest.call("GET", path)["invoice_messages"]
    return [one for one in found if one["thank_you"]]


def pays(books: Books, invoice: Document, paid: str, **values: Any) -> Document:
    named = {"connection_id": books.place, "invoice_id": str(invoice["id"])}
    return {"invoice": named, "paid": paid, **values}


def enter(books: Books, amount: str, *allocations: Document) -> Document:
    body = {
        "day": "2026-03-18",
        "currency": "CHF",
        "amount": amount,
        "payer": "Osier Baskets",
        "allocations": list(allocations),
    }
    return books.api.post(PLACE, body, expect=201)


def told(books: Books, payment: Document, state: str = "posted") -> Document:
    """The payment once Harvest was told of all that there is to tell of it."""
    books.local_run.tick()

    def is_told(seen: Document) -> bool:
        states = {one["harvest"]["state"] for one in seen["allocations"]}
        return states <= {state} and not seen["leaving_harvest"]

    return until(lambda: books.api.get(f"{PLACE}/{payment['id']}"), is_told)


def in_harvest(books: Books, invoice: Document) -> list[tuple[float, str]]:
    """(amount, day) of the payments that Harvest has of an invoice."""
    return sorted((one["amount"], one["paid_date"]) for one in books.payments(invoice))


@pytest.mark.row("M25")
def test_a_payment_is_added_to_its_invoices_in_harvest_and_nobody_is_thanked(books: Books) -> None:
    osier = books.client()
    basket, chair = sent_to_somebody(books, osier, 900), sent_to_somebody(books, osier, 400)
    books.run()

    payment = enter(books, "1000.00", pays(books, basket, "900"), pays(books, chair, "100"))
    assert {one["harvest"]["state"] for one in payment["allocations"]} == {"waiting"}
    payment = told(books, payment)

    assert in_harvest(books, basket) == [(900.0, "2026-03-18")]
    assert in_harvest(books, chair) == [(100.0, "2026-03-18")]
    ids = [str(books.payments(one)[0]["id"]) for one in (basket, chair)]
    assert [one["harvest"]["payment_id"] for one in payment["allocations"]] == ids
    assert (books.shown(basket)["state"], books.shown(chair)["due_amount"]) == ("paid", 300.0)
    assert thanks(books, basket) == []
    # Told once: neither a run of the books nor the next night tells it again, or takes it for one
    # of somebody else's.
    assert books.run()["state"] == "done"
    books.until_due()
    assert in_harvest(books, basket) == [(900.0, "2026-03-18")]
    assert books.open_items() == {chair["number"]: "300.00"}
    (listed,) = books.api.everything(PLACE, "payments", state="allocated")
    assert listed["id"] == payment["id"]
    # Somebody who records the rest there by hand has Harvest thank, as it always does.
    rest = {"amount": 300, "paid_date": "2026-03-20"}
    books.harvest.call("POST", f"/invoices/{chair['id']}/payments", json=rest)
    assert len(thanks(books, chair)) == 1


@pytest.mark.row("M26")
def test_a_changed_payment_is_changed_in_harvest(books: Books) -> None:
    osier = books.client()
    basket, chair = sent_to_somebody(books, osier, 900), sent_to_somebody(books, osier, 400)
    books.run()
    payment = told(books, enter(books, "900", pays(books, basket, "900")))
    (first,) = books.payments(basket)

    changed = books.api.patch(
        f"{PLACE}/{payment['id']}", {"version": payment["version"], "day": "2026-03-19"}
    )
    assert changed["allocations"][0]["harvest"]["state"] == "changing"
    payment = told(books, payment)
    (second,) = books.payments(basket)
    assert second["id"] != first["id"], "Harvest cannot change a payment: it is another one"
    assert in_harvest(books, basket) == [(900.0, "2026-03-19")]

    body = {
        "version": payment["version"],
        "amount": "800",
        "allocations": [pays(books, basket, "650.50"), pays(books, chair, "149.50")],
    }
    books.api.patch(f"{PLACE}/{payment['id']}", body)
    payment = told(books, payment)
    assert in_harvest(books, basket) == [(650.5, "2026-03-19")]
    assert in_harvest(books, chair) == [(149.5, "2026-03-19")]

    body = {
        "version": payment["version"],
        "allocations": [pays(books, chair, "390", let_go_rest=True)],
    }
    books.api.post(f"{PLACE}/{payment['id']}/allocations", body)
    told(books, payment)
    assert (in_harvest(books, basket), in_harvest(books, chair)) == ([], [(400.0, "2026-03-19")])
    assert (books.shown(basket)["state"], books.shown(chair)["state"]) == ("open", "paid")
    books.run()
    assert books.open_items() == {basket["number"]: "900.00"}
    assert (thanks(books, basket), thanks(books, chair)) == ([], [])
    log = books.log()
    assert sum(one["kind"] == "receipt_changed" for one in log) == 2
    # The log tells of the moment between, too: three times another payment follows, once none.
    deleted = [one["text"] for one in log if one["kind"] == "payment_deleted"]
    assert sorted("the changed one follows" in text for text in deleted) == [
        False,
        True,
        True,
        True,
    ]
    assert sum(one["kind"] == "payment_posted" for one in log) == 5


@pytest.mark.row("M27")
def test_a_deleted_payment_is_deleted_in_harvest_and_no_other_one(books: Books) -> None:
    osier = books.client()
    basket = books.sent(osier, 900)
    books.run()
    payment = told(books, enter(books, "500", pays(books, basket, "500")))
    books.pay(basket, 250, day="2026-03-20")
    assert len(books.payments(basket)) == 2

    path = f"{PLACE}/{payment['id']}"
    gone = books.api.delete(path, version=payment["version"])
    assert (gone["state"], gone["leaving_harvest"][0]["harvest"]["state"]) == (
        "taken_back",
        "changing",
    )
    told(books, payment)

    assert in_harvest(books, basket) == [(250.0, "2026-03-20")]
    books.run()
    assert books.open_items() == {basket["number"]: "650.00"}
    # One that Harvest has deleted already is gone without more ado.
    payment = told(books, enter(books, "100", pays(books, basket, "100")))
    (ours,) = [one for one in books.payments(basket) if one["amount"] == 100]
    books.harvest.call("DELETE", f"/invoices/{basket['id']}/payments/{ours['id']}")
    books.api.delete(f"{PLACE}/{payment['id']}", version=payment["version"])
    told(books, payment)
    assert in_harvest(books, basket) == [(250.0, "2026-03-20")]
    # One that somebody recorded in Harvest is deleted there alone.
    (theirs,) = books.api.everything(PLACE, "payments", state="allocated")
    problem = books.api.delete(f"{PLACE}/{theirs['id']}", 409, version=theirs["version"])
    assert (problem["code"], problem["source"]) == ("not_manual", "harvest")


def test_what_harvest_refuses_waits_for_somebody(books: Books) -> None:
    osier = books.client()
    basket = books.sent(osier, 900)
    books.run()
    payment = enter(books, "900", pays(books, basket, "900"))
    books.event(basket, "close")

    payment = told(books, payment, "refused")
    assert payment["allocations"][0]["harvest"]["problem"]
    assert in_harvest(books, basket) == []
    refused = [one for one in books.log() if one["kind"] == "payment_refused"]
    assert len(refused) == 1
    assert basket["number"] in refused[0]["text"]

    books.event(basket, "re-open")
    sent = books.api.post(f"{PLACE}/{payment['id']}/send")
    assert sent["allocations"][0]["harvest"]["state"] == "waiting"
    told(books, payment)
    assert in_harvest(books, basket) == [(900.0, "2026-03-18")]
