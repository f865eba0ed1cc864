"""What the books say: the log of what was done, debtors, invoices by line, reports as files."""

import csv
import io
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.acceptance.bookkeeping import ARTICLE, Books, Document
from tests.acceptance.clients import Api, until
from tests.acceptance.local_run import LocalRun

PAYMENTS = "/v1/books/payments"


@pytest.fixture
def books(local_run: LocalRun, api: Api) -> Books:
    return Books.begun(local_run, api)


def debtor(books: Books, client: Document) -> Document:
    return books.api.get(f"/v1/books/debtors/{books.place}/{client['id']}")


def pays(books: Books, invoice: Document, paid: str) -> Document:
    named = {"connection_id": books.place, "invoice_id": str(invoice["id"])}
    return {"invoice": named, "paid": paid}


def told(books: Books, payment: Document) -> Document:
    """The payment once Harvest was told of it, or has refused it."""
    books.local_run.tick()

    def is_told(seen: Document) -> bool:
        states = {one["harvest"]["state"] for one in seen["allocations"]}
        return states <= {"posted", "refused"} and not seen["leaving_harvest"]

    return until(lambda: books.api.get(f"{PAYMENTS}/{payment['id']}"), is_told)


def texts(books: Books, kind: str, **filters: Any) -> list[str]:
    """What the lines of a kind say, the newest first."""
    return [one["text"] for one in books.log(**filters) if one["kind"] == kind]


@pytest.mark.row("M3")
def test_a_debtor_is_the_client_with_its_contacts_as_harvest_has_them(books: Books) -> None:
    books.article()
    osier = books.client()
    address = "Weidenweg 4\n8000 Zurich"
    books.harvest.change("clients", osier["id"], address=address)
    mira = books.harvest.create(
        "contacts",
        client_id=osier["id"],
        first_name="Mira",
        last_name="Osier",
        title="Head of Baskets",
        email="mira@osier-baskets.example",
        phone_office="+41 44 000 00 00",
    )
    other = books.client(name="Reed & Sons")
    books.harvest.create("contacts", client_id=other["id"], first_name="Kim", last_name="Reed")
    basket, chair = books.sent(osier, 900), books.sent(osier, 400)
    books.run()

    booked = books.receivable(basket)
    found = debtor(books, osier)

    assert booked["debtor"]["client_id"] == found["client_id"] == str(osier["id"])
    assert booked["debtor"]["name"] == found["name"] == "Osier Baskets"
    assert (found["address"], found["currency"], found["active"]) == (address, "CHF", True)
    (contact,) = found["contacts"]
    assert contact["contact_id"] == str(mira["id"])
    for name in ("first_name", "last_name", "title", "email", "phone_office"):
        assert contact[name] == mira[name], name
    assert found["open"] == [{"currency": "CHF", "amount": "1300.00", "base": "1300.00"}]
    path = f"/v1/books/debtors/{books.place}/{osier['id']}/items"
    items = books.api.everything(path, "items", limit=1)
    assert {one["number"] for one in items} == {basket["number"], chair["number"]}
    # What somebody changes in Harvest is changed here with the next run.
    books.harvest.change("clients", osier["id"], name="Osier & Daughters")
    books.harvest.change("contacts", mira["id"], phone_mobile="+41 79 000 00 00")
    books.run()
    found = debtor(books, osier)
    assert found["name"] == "Osier & Daughters"
    assert found["contacts"][0]["phone_mobile"] == "+41 79 000 00 00"


@pytest.mark.row("M6", "M7", "M9")
def test_the_log_names_each_invoice_and_each_run_leads_to_its_lines(books: Books) -> None:
    books.article()
    osier, reed = books.client(), books.client(name="Reed & Sons")
    basket, chair = books.sent(osier, 900), books.sent(reed, 400.5)
    first = books.run()
    stool = books.sent(reed, 60)
    books.harvest.delete("invoices", basket["id"])
    second = books.run()

    whole = books.log()

    assert [one["at"] for one in whole] == sorted((one["at"] for one in whole), reverse=True)
    assert books.log(limit=1) == whole, "page by page it is the same"
    assert set(texts(books, "invoice_taken_over")) == {
        f"Invoice {basket['number']}, Osier Baskets, 900.00 CHF, was taken over.",
        f"Invoice {chair['number']}, Reed & Sons, 400.50 CHF, was taken over.",
        f"Invoice {stool['number']}, Reed & Sons, 60.00 CHF, was taken over.",
    }
    (line,) = [one for one in whole if one["text"].endswith("400.50 CHF, was taken over.")]
    assert (line["connection_id"], line["invoice_id"]) == (books.place, str(chair["id"]))
    for run, kinds in (
        (first, ["invoice_taken_over", "invoice_taken_over", "run_ended"]),
        (second, ["invoice_taken_back", "invoice_taken_over", "run_ended"]),
    ):
        lines = books.api.call("GET", run["log"])["log"]
        assert sorted(one["kind"] for one in lines) == kinds
        assert {one["run_id"] for one in lines} == {run["id"]}
        paged = books.api.everything("/v1/books/log", "log", run_id=run["id"], limit=1)
        assert paged == lines


@pytest.mark.row("M10")
def test_the_log_names_payments_posted_changed_deleted_and_refused(books: Books) -> None:
    books.article()
    osier = books.client()
    basket, chair = books.sent(osier, 900), books.sent(osier, 400)
    books.run()
    body = {
        "day": "2026-03-18",
        "currency": "CHF",
        "amount": "900",
        "payer": "Osier Baskets",
        "allocations": [pays(books, basket, "900")],
    }
    payment = told(books, books.api.post(PAYMENTS, body))
    of_basket = f"invoice {basket['number']} in Harvest"
    assert texts(books, "payment_posted") == [
        f"A payment of 900.00 CHF on 2026-03-18 was posted to {of_basket}."
    ]

    change = {"version": payment["version"], "day": "2026-03-19"}
    payment = told(books, books.api.patch(f"{PAYMENTS}/{payment['id']}", change))
    changed = f"A payment of 900.00 CHF on 2026-03-19 was posted to {of_basket}."
    assert texts(books, "payment_posted")[0] == changed
    (deleted,) = texts(books, "payment_deleted")
    assert deleted.startswith(f"The payment was deleted from {of_basket}")

    gone = books.api.delete(f"{PAYMENTS}/{payment['id']}", version=payment["version"])
    told(books, gone)
    assert len(texts(books, "payment_deleted")) == 2

    books.event(chair, "close")
    body = {**body, "amount": "400", "allocations": [pays(books, chair, "400")]}
    refused = told(books, books.api.post(PAYMENTS, body))
    problem = refused["allocations"][0]["harvest"]["problem"]
    assert texts(books, "payment_refused") == [
        f"Harvest refused the payment to invoice {chair['number']} in Harvest: {problem}"
    ]
    lines = [one for one in books.log() if one["payment_id"] == refused["id"]]
    assert sorted(one["kind"] for one in lines) == ["payment_refused", "receipt_booked"]


@pytest.mark.row("M22", "M23")
def test_a_wrong_category_parks_an_invoice_and_each_line_shows_its_article(books: Books) -> None:
    books.article()
    books.article(number="Workshop", name="Days of teaching")
    books.harvest.create("invoice_item_categories", name="Work shop")
    osier = books.client()
    lines = [
        {"kind": ARTICLE, "unit_price": 900, "description": "Baskets"},
        {"kind": "Work shop", "unit_price": 100, "description": "Weaving"},
    ]
    made = books.sent(osier, 0, line_items=lines)
    books.run()

    parked = books.receivable(made)

    assert (parked["standing"], parked["open"], books.open_items()) == ("parked", None, {})
    good, bad = parked["lines"]
    assert (good["article"]["number"], good["obstacles"]) == (ARTICLE, [])
    assert (bad["kind"], bad["description"], bad["article"]) == ("Work shop", "Weaving", None)
    (obstacle,) = bad["obstacles"]
    assert (obstacle["code"], obstacle["lines"]) == ("unknown_category", [2])
    assert obstacle["near"] == ["Workshop"]
    (listed,) = books.parked()
    assert (listed["invoice_id"], listed["obstacles"]) == (str(made["id"]), [obstacle])
    assert made["number"] in texts(books, "invoice_parked")[0]
    # The fallback stands in for it with the next run; nobody has to send the invoice again.
    version = books.api.get("/v1/books")["version"]
    books.api.patch("/v1/books", {"version": version, "fallback_article": "Workshop"})
    books.run()
    booked = books.receivable(made)
    assert (booked["standing"], booked["newest"], booked["open"]) == ("booked", True, "1000.00")
    assert [
        (one["kind"], one["article"]["number"], one["article"]["fallback"])
        for one in booked["lines"]
    ] == [(ARTICLE, ARTICLE, False), ("Work shop", "Workshop", True)]
    assert books.parked() == []


def test_the_journal_comes_as_a_file_that_comes_to_nothing(books: Books) -> None:
    books.article()
    osier = books.client(name="=1+2")
    made = books.sent(osier, 900)
    books.pay(made, 250)
    books.run()

    asked = {"report": "journal", "from": "2026-03-01", "to": "2026-03-31"}
    started = books.api.post("/v1/books/exports", asked, expect=202)
    books.local_run.tick()
    done = until(
        lambda: books.api.get(f"/v1/books/exports/{started['id']}"),
        lambda one: one["state"] not in ("queued", "running"),
    )

    assert done["state"] == "done", done
    answer = httpx.get(done["file"]["url"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    entries = books.api.everything("/v1/books/entries", "entries", month="2026-03")
    assert len(rows) == done["file"]["lines"] == sum(len(one["legs"]) for one in entries)
    assert sum(Decimal(row["base"]) for row in rows) == 0
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]
    items = books.api.get("/v1/books/ageing", on="2026-04-30")["debtors"]
    assert [(one["debtor"]["name"], one["days_1_to_30"]) for one in items] == [("=1+2", "650.00")]
