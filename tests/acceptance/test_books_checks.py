"""A check of the books says in what Harvest, the books and the bank differ, and what to do."""

from typing import Any

import pytest

from tests.acceptance.bookkeeping import Books, Document
from tests.acceptance.clients import Api, until
from tests.acceptance.local_run import LocalRun

PLACE = "/v1/books/checks"
_HOUR = 3600


@pytest.fixture
def books(local_run: LocalRun, api: Api) -> Books:
    found = Books.begun(local_run, api)
    found.article()
    return found


def checked(books: Books, **asked: Any) -> Document:
    """A check by hand, once it has ended."""
    started = books.api.post(PLACE, asked, expect=202)
    return ended(books, started)


def ended(books: Books, check: Document) -> Document:
    done = until(
        lambda: books.api.get(f"{PLACE}/{check['id']}"),
        lambda one: one["state"] not in ("queued", "running"),
    )
    assert done["state"] == "done", done
    return done


def differences(books: Books, check: Document, **filters: Any) -> list[Document]:
    path = f"{PLACE}/{check['id']}/differences"
    return books.api.everything(path, "differences", **filters)


def paid(books: Books, invoice: Document, amount: str) -> Document:
    """A payment that is entered here, once Harvest knows it."""
    named = {"connection_id": books.place, "invoice_id": str(invoice["id"])}
    body = {
        "day": "2026-03-18",
        "currency": "CHF",
        "amount": amount,
        "payer": "Osier Baskets",
        "allocations": [{"invoice": named, "paid": amount}],
    }
    payment = books.api.post("/v1/books/payments", body, expect=201)
    books.local_run.tick()
    return until(
        lambda: books.api.get(f"/v1/books/payments/{payment['id']}"),
        lambda one: one["allocations"][0]["harvest"]["state"] == "posted",
    )


def read_again(books: Books) -> None:
    """Harvest is read, an hour later."""
    books.local_run.advance(_HOUR)
    assert books.run()["state"] == "done"


def test_a_payment_that_a_harvest_user_deleted_is_named_with_what_to_do(books: Books) -> None:
    osier = books.client()
    basket, chair = books.sent(osier, 900), books.sent(osier, 400)
    books.run()
    payment = paid(books, basket, "900.00")
    paid(books, chair, "100.00")
    read_again(books)
    in_order = checked(books)
    assert (in_order["differences"], in_order["unsettled"]) == (0, 0)
    assert in_order["looked_at"]["invoices"] == in_order["looked_at"]["harvest"] == 2
    assert in_order["connections"][0]["connection_id"] == books.place

    (there,) = books.payments(basket)
    books.harvest.call("DELETE", f"/invoices/{basket['id']}/payments/{there['id']}")
    assert checked(books)["differences"] == 0, "Harvest was not read since"
    read_again(books)

    check = checked(books)
    assert check["by_kind"] == {"payment_missing": 1}
    (found,) = differences(books, check)
    assert found["about"] == {
        "connection_id": books.place,
        "invoice_id": str(basket["id"]),
        "number": basket["number"],
        "payment_id": payment["id"],
        "harvest_payment_id": str(there["id"]),
    }
    assert (found["harvest"], found["books"], found["currency"]) == (None, "900.00", "CHF")
    assert "somebody has deleted it" in found["detail"]
    # What it says mends it: sent again, it is posted anew; and what is there is not posted twice.
    place = f"/v1/books/payments/{payment['id']}"
    books.api.post(f"{place}/send")
    books.local_run.tick()

    def posted(seen: Document) -> bool:
        told = seen["allocations"][0]["harvest"]
        return bool(told["state"] == "posted" and told["payment_id"] != str(there["id"]))

    until(lambda: books.api.get(place), posted)
    books.api.post(f"{place}/send")
    read_again(books)
    (anew,) = books.payments(basket)
    assert anew["amount"] == there["amount"]
    assert [one["kind"] for one in books.log()].count("payment_missed") == 1
    assert checked(books)["differences"] == 0


def test_what_others_did_in_harvest_since_the_last_run_is_told_with_its_amounts(
    books: Books,
) -> None:
    osier = books.client()
    edited, gone = books.sent(osier, 900), books.sent(osier, 400)
    late = books.sent(osier, 250)
    books.run()
    books.pay(late, 250, day="2026-03-20")
    books.run()
    line = edited["line_items"][0]
    lines = [{"id": line["id"], "unit_price": 950}]
    books.harvest.call("PATCH", f"/invoices/{edited['id']}", json={"line_items": lines})
    books.harvest.delete("invoices", gone["id"])
    fresh = books.sent(osier, 70)
    books.pay(edited, 30)
    sweep = books.api.post(f"/v1/connections/{books.place}/sweeps", {})
    until(
        lambda: books.api.get(f"/v1/syncs/{sweep['id']}"),
        lambda one: one["state"] not in ("queued", "running"),
    )

    check = checked(books)

    found = {
        (one["kind"], one["about"].get("number")): (one["harvest"], one["books"])
        for one in differences(books, check)
    }
    assert found == {
        ("in_transit", late["number"]): ("250.00", "250.00"),
        ("amount_differs", edited["number"]): ("950.00", "900.00"),
        ("payment_unknown", edited["number"]): ("30.00", None),
        ("gone_from_harvest", gone["number"]): (None, "400.00"),
        ("not_in_books", fresh["number"]): ("70.00", None),
    }
    assert differences(books, check, kind="not_in_books")[0]["next_step"].endswith("runs).")
    # The next run of the books settles all of it.
    books.run()
    assert checked(books, repair=True)["by_kind"] == {"in_transit": 2}


def test_on_mondays_the_night_is_followed_by_a_check_that_tells_of_differences(
    books: Books,
) -> None:
    osier = books.client()
    basket = books.sent(osier, 900)
    books.run()
    paid(books, basket, "900.00")
    read_again(books)
    (there,) = books.payments(basket)
    books.harvest.call("DELETE", f"/invoices/{basket['id']}/payments/{there['id']}")

    def checks() -> list[Document]:
        found = books.api.everything(PLACE, "books_checks")
        return [one for one in found if one["state"] == "done"]

    nights = 0
    while not checks():
        assert nights < 8, "a week has a Monday"
        books.until_due()
        books.ended(books.runs()[0])
        books.local_run.tick()
        nights += 1
        if books.next_run.isoweekday() == 2:  # the night that is over was Monday's
            ended(books, books.api.everything(PLACE, "books_checks")[0])

    (check,) = checks()
    assert (check["started_by"], check["repair"]) == ("schedule", False)
    assert check["by_kind"] == {"payment_missing": 1}
    notices = books.api.everything("/v1/notices", "notices")
    (told,) = [one for one in notices if one["kind"] == "books_difference"]
    assert basket["number"] in told["text"]
    assert check["id"] in told["next_step"]
