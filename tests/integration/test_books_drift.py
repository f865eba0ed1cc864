"""The books against what Harvest said when it was read, and what people are told of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sheaf.books.checks import invoices
from sheaf.books.checks.jobs import SCHEDULE
from sheaf.books.outgoing.records import Outgoing
from sheaf.books.receipts.allocating import Wanted
from sheaf.mirror.runs import RunState
from sheaf.platform.caller import Caller, Role
from sheaf.platform.problems import Problem
from tests.integration.checking_books import Checks, in_memory, items, paid_books, tamper
from tests.integration.keeping_books import CONNECTION, TENANT, invoice, target

OURS = f"re_1.{CONNECTION}.7"
ADA = Caller(TENANT, "ada", frozenset({Role.ADMIN}))


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    """Books in order: Harvest was told of the payment of invoice 7, and was read after that."""
    in_memory(monkeypatch)
    known = Checks(paid_books())
    harvest_took(known, payment_id=500)
    in_harvest(known, 7, "100.00", {"id": 500, "amount": "100.00", "notes": f"Reference: {OURS}.1"})
    return known


def harvest_took(checks: Checks, **values: Any) -> Outgoing:
    """A payment of ours is as Harvest has it; Harvest is read an hour later."""
    outgoing = checks.books.stores.outgoing
    one = outgoing.get(OURS)
    saved = outgoing.save(replace(one, made=one.wanted, attempts=1, **values))
    checks.books.now += timedelta(hours=1)
    checks.read_at = checks.books.now
    return saved


def in_harvest(checks: Checks, invoice_id: int, amount: str, *payments: dict[str, Any]) -> None:
    """Harvest has payments of an invoice, and less due."""
    paid = [{"paid_date": "2026-04-01", **one} for one in payments]
    left = float(amount) - sum(float(one["amount"]) for one in paid)
    checks.books.has(invoice(invoice_id, amount, due_amount=f"{left:.2f}"))
    checks.books.paid(invoice_id, *paid)


def told(checks: Checks) -> list[dict[str, Any]]:
    return checks.notices.page(ADA, False, 10, None)[0]


def test_books_that_harvest_agrees_with_differ_in_nothing(checks: Checks) -> None:
    run = checks.done()

    assert checks.found(run) == []
    assert run.checkpoint["read"] == [[CONNECTION, "2026-06-30T10:00:00.000000Z", False]]


def test_a_payment_that_others_deleted_in_harvest_is_missing_there(checks: Checks) -> None:
    in_harvest(checks, 7, "100.00")

    (found,) = checks.found(checks.done())

    assert found.kind.value == "payment_missing"
    assert found.about["payment_id"] == "re_1"
    assert (found.sides.harvest, found.sides.books, found.sides.bank) == (None, 10_000, 10_000)


def test_what_was_sent_since_harvest_was_read_is_no_difference(checks: Checks) -> None:
    in_harvest(checks, 7, "100.00")
    checks.read_at -= timedelta(hours=2)

    assert checks.kinds() == []


def test_every_side_has_what_the_others_lack(checks: Checks) -> None:
    books = checks.books
    books.has(invoice(40, "10.00"), invoice(41, "10.00"), invoice(42, "10.00", line_items=[]))
    books.taking.invoice(41)
    books.taking.invoice(42)  # it is parked
    books.lost(41)
    in_harvest(checks, 8, "50.00", {"id": 77, "amount": "20.00", "recorded_by": "Bo Marsh"})
    found = {one.about["invoice_id"]: one.kind.value for one in checks.found(checks.done())}

    assert found == {
        "40": "not_in_books",
        "41": "gone_from_harvest",
        "42": "parked",
        "8": "payment_unknown",
    }


def test_payments_in_transit_for_long_are_told_with_their_invoice(
    checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks.kinds() == []
    monkeypatch.setattr("sheaf.books.checks.transit.DAYS", 1)

    (found,) = checks.found(checks.done())

    assert (found.kind.value, found.about["number"]) == ("in_transit", "2026-0024")


def test_while_a_run_of_the_books_is_open_what_it_settles_is_left_out(checks: Checks) -> None:
    checks.books.has(invoice(40, "10.00"))
    outgoing = checks.books.stores.outgoing
    outgoing.save(replace(outgoing.get(OURS), made=None, problem="No"))
    in_harvest(checks, 7, "100.00")
    checks.run_open = True

    run = checks.done()

    assert [one.kind.value for one in checks.found(run)] == ["payment_refused"]
    assert [left_out for *_, left_out in run.checkpoint["read"]] == [True]


def test_pages_of_both_sides_are_joined_whatever_each_has(
    checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = checks.books
    only_here, only_there = [7 + 16 * n for n in range(3, 9)], [7 + 16 * n for n in range(6, 14)]
    for number in only_here:
        books.has(invoice(number, "1.00"))
        books.taking.invoice(number)
    books.lost(*only_here)
    books.has(*(invoice(number, "1.00") for number in only_there))
    whole = sorted((one.key, one.text) for one in checks.found(checks.done()))
    for page in (1, 2, 3):
        monkeypatch.setattr(invoices, "_PAGE", page)
        run = checks.done(pages=True)
        assert sorted((one.key, one.text) for one in checks.found(run)) == whole
        assert run.counts["harvest"] == 3 + len({*only_here, *only_there})
    assert len(whole) == len(set(only_here) ^ set(only_there))


def test_the_weekly_check_tells_administrators_once_for_the_same(checks: Checks) -> None:
    in_harvest(checks, 7, "100.00")

    first = checks.done(by=SCHEDULE)
    (notice,) = told(checks)
    assert notice["kind"] == "books_difference"
    assert "2026-0007: the payment of 100.00 CHF" in notice["text"]
    assert f"/v1/books/checks/{first.run_id}/differences" in notice["next_step"]
    again = checks.done(by=SCHEDULE)
    assert len(told(checks)) == 1
    since = {one.since for run in (first, again) for one in checks.found(run)}
    assert since == {first.started_at}

    checks.books.has(invoice(40, "10.00"))
    checks.done(by="ada")
    assert len(told(checks)) == 1, "who starts a check looks at it"
    checks.done(by=SCHEDULE)
    assert len(told(checks)) == 2


def test_what_waits_is_told_only_when_it_stays(checks: Checks) -> None:
    books = checks.books
    books.receiver.book(books.receipt("re_9", 5_000), [Wanted(target(8), 5_000, 5_000)])

    checks.done(by=SCHEDULE)
    assert told(checks) == []

    books.now += timedelta(days=7)
    checks.done(by=SCHEDULE)
    assert [one["kind"] for one in told(checks)] == ["books_difference"]


def test_a_check_that_stops_is_told_and_goes_on_once_it_can(checks: Checks) -> None:
    (kept,) = items("books")
    tamper("books", "settings", roles={})
    run = checks.desk.start("ada")
    with pytest.raises(KeyError):
        checks.jobs.slice(run.run_id, lambda: True, last_try=True)
    assert [one["kind"] for one in told(checks)] == ["books_check_failed"]

    tamper("books", "settings", roles=kept["roles"])
    checks.desk.resume(run.run_id)
    assert checks.finish(run, lambda: True).state is RunState.DONE


def test_only_one_check_is_open_and_it_can_be_given_up(checks: Checks) -> None:
    run = checks.desk.start("ada")
    checks.slice(run)
    with pytest.raises(Problem) as refused:
        checks.desk.start("bo")
    assert refused.value.code == "run_open"

    assert checks.desk.cancel(run.run_id).state is RunState.CANCELLED
    assert checks.kinds() == []
