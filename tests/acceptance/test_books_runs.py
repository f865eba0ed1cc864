"""Invoices and payments of Harvest come into the books by themselves, every night and by hand."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.bookkeeping import ARTICLE, Books
from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun


@pytest.fixture
def books(local_run: LocalRun, api: Api) -> Books:
    return Books.begun(local_run, api)


@pytest.mark.row("M1", "M5")
def test_invoices_and_payments_come_every_night_at_one_where_the_tenant_is(books: Books) -> None:
    version = books.api.get("/v1/settings")["version"]
    zone = {"version": version, "time_zone": "America/New_York"}
    books.api.patch("/v1/settings", zone)
    books.article()
    osier = books.client()
    basket, chair = books.sent(osier, 900), books.sent(osier, 400)
    books.pay(basket, 250)
    due = books.next_run
    assert due.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M") == "01:00"

    books.until_due(minutes=-2)
    assert books.open_items() == {}
    books.until_due()

    assert books.open_items() == {basket["number"]: "650.00", chair["number"]: "400.00"}
    (run,) = books.runs()
    assert (run["state"], run["started_by"]) == ("done", "schedule")
    assert books.next_run == due + timedelta(days=1)
    # What is deleted in Harvest meanwhile is gone the night after, without anybody asking.
    books.harvest.delete("invoices", chair["id"])
    payment = books.payments(basket)[0]
    books.harvest.call("DELETE", f"/invoices/{basket['id']}/payments/{payment['id']}")
    books.until_due()
    assert books.open_items() == {basket["number"]: "900.00"}


@pytest.mark.row("M24")
def test_only_invoices_that_were_sent_are_taken_from_the_first_day_of_the_books_on(
    books: Books,
) -> None:
    books.article()
    osier = books.client()
    drafted = books.draft(osier, 100)
    opened = books.sent(osier, 200)
    paid = books.sent(osier, 300)
    books.pay(paid, 300)
    closed = books.sent(osier, 400)
    books.event(closed, "close")
    older = books.sent(osier, 500, issue_date="2025-11-03", due_date="2025-12-03")
    books.pay(older, 120, day="2025-12-30")
    settled = books.sent(osier, 600, issue_date="2025-11-04", due_date="2025-12-04")
    books.pay(settled, 600, day="2025-12-30")

    assert books.run()["state"] == "done"

    standing = {
        one["number"]: books.receivable(one)["standing"] for one in (opened, paid, closed, older)
    }
    assert standing == {
        opened["number"]: "booked",
        paid["number"]: "booked",
        closed["number"]: "written_off",
        older["number"]: "opening",
    }
    for never in (drafted, settled):
        books.receivable(never, expect=404)
    assert books.open_items() == {opened["number"]: "200.00", older["number"]: "380.00"}
    # Taken already: neither booked again, nor by a sending that comes later.
    assert sum(books.run()["counts"].values()) == 0
    books.event(drafted, "send")
    books.event(opened, "draft")
    books.run()
    assert books.open_items() == {drafted["number"]: "100.00", older["number"]: "380.00"}


@pytest.mark.row("M2", "M8")
def test_an_invoice_is_booked_to_its_debtor_and_each_run_leaves_a_line(books: Books) -> None:
    books.article(tax="normal")
    osier = books.client()
    lines = [{"kind": ARTICLE, "unit_price": 900, "taxed": True}]
    made = books.sent(osier, 0, line_items=lines, tax=8.1)

    first, second = books.run(), books.run()

    booked = books.receivable(made)
    assert (booked["amount"], booked["open"]) == ("972.90", "972.90")
    months = {"from": "2026-01", "to": "2026-12"}
    rows = books.api.call("GET", "/v1/books/trial-balance", params=months)["rows"]
    balances = {row["account"]["number"]: row["balance"] for row in rows}
    assert balances == {"1100": "972.90", "2200": "-72.90", "3400": "-900.00"}
    for run, done in ((first, "Invoices taken over: 1."), (second, "There was nothing to do.")):
        told = [one for one in books.log(run_id=run["id"]) if one["kind"] == "run_ended"]
        assert [done in one["text"] for one in told] == [True]


@pytest.mark.row("M19", "M20", "M21")
def test_an_invoice_waits_until_an_article_is_called_exactly_like_its_category(
    books: Books,
) -> None:
    osier = books.client()
    made = books.sent(osier, 900)
    books.run()
    assert books.open_items() == {}
    (parked,) = books.parked()
    assert parked["number"] == made["number"]

    near = books.article(number="service")
    books.run()
    (parked,) = books.parked()
    obstacle = parked["obstacles"][0]
    assert (obstacle["lines"], obstacle["near"]) == ([1], ["service"])
    assert "Invoices - Configure - Categories" in obstacle["next_step"]
    told = [one["text"] for one in books.api.everything("/v1/notices", "notices")]
    assert sum(made["number"] in text and "Perhaps service" in text for text in told) == 1

    books.api.delete(f"/v1/books/articles/{near['id']}")
    books.article()
    books.run()
    assert (books.parked(), books.open_items()) == ([], {made["number"]: "900.00"})
