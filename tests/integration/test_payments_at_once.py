"""Payments that several change at the same moment, and payments for very many invoices."""

from collections.abc import Callable
from typing import Any

import pytest

from sheaf.books.receipts.allocating import Wanted
from sheaf.platform.transactions import transact
from tests.integration.keeping_books import invoice, target
from tests.integration.paying_office import PLACE, Office, entered, pays, with_invoices


@pytest.fixture
def office(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Office:
    return with_invoices(monkeypatch)


class Others:
    """Somebody who does something right before a change is written, each time or once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._does: Callable[[], object] | None = None
        self.often = 0
        monkeypatch.setattr("sheaf.books.receiving.transact", self._transact)

    def come_first(self, does: Callable[[], object], times: int = 1) -> None:
        self._does, self.often = does, times

    def _transact(self, writes: Any) -> None:
        if self._does is not None and self.often:
            does, self._does, self.often = self._does, None, self.often - 1
            does()
            self._does = does
        transact(writes)


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> Others:
    return Others(monkeypatch)


def test_an_invoice_that_others_pay_meanwhile_is_looked_at_again(
    office: Office, others: Others
) -> None:
    payment = office.enter("500")
    other = office.receiver.book(office.receipt("re_1", 40000))
    others.come_first(
        lambda: office.receiver.allocate(other, [Wanted(target(7), 40000, 40000)], "bea")
    )

    payment = office.allocate(payment, pays(7, "500"))

    assert payment["allocations"][0]["invoice"]["open"] == "0.00"
    assert office.faults == []


def test_what_others_have_paid_meanwhile_is_not_paid_twice(office: Office, others: Others) -> None:
    payment = office.enter("900")
    other = office.receiver.book(office.receipt("re_1", 40000))
    others.come_first(
        lambda: office.receiver.allocate(other, [Wanted(target(7), 40000, 40000)], "bea")
    )
    body = {"version": 1, "allocations": [pays(7, "900")]}

    problem = office.send("POST", f"{PLACE}/{payment['id']}/allocations", body, expect=422)

    assert problem["errors"][0]["field"] == "allocations[0].settled"
    assert "500.00" in problem["detail"]
    assert office.read(payment) == payment
    assert office.faults == []


def test_what_is_let_go_is_what_is_left_then(office: Office, others: Others) -> None:
    payment = office.enter("490")
    other = office.receiver.book(office.receipt("re_1", 40000))
    others.come_first(
        lambda: office.receiver.allocate(other, [Wanted(target(7), 40000, 40000)], "bea")
    )

    payment = office.allocate(payment, pays(7, "490", let_go_rest=True))

    assert payment["allocations"][0]["let_go"] == "10.00"


def test_an_invoice_that_is_changed_all_the_time_is_left_to_later(
    office: Office, others: Others
) -> None:
    payment = office.enter("100")
    other = [office.receiver.book(office.receipt("re_1", 40000))]

    def allocates_or_takes_back() -> None:
        wanted = [] if other[0].allocations else [Wanted(target(7), 40000, 40000)]
        other[0] = office.receiver.allocate(other[0], wanted, "bea")

    others.come_first(allocates_or_takes_back, times=100)
    body = {"version": 1, "allocations": [pays(7, "100")]}
    path = f"{PLACE}/{payment['id']}/allocations"

    assert office.send("POST", path, body, expect=409)["code"] == "busy"

    assert others.often > 90, "it is not tried for ever"
    others.often = 0
    assert office.read(payment) == payment
    assert office.send("POST", path, body)["state"] == "allocated"
    assert office.faults == []


def test_a_payment_that_others_change_meanwhile_is_stale(office: Office, others: Others) -> None:
    payment = office.enter("900")
    receipt_id, place = payment["id"], f"{PLACE}/{payment['id']}"

    for method, path, body in (
        ("POST", f"{place}/allocations", {"allocations": [pays(8, "300")]}),
        ("PATCH", place, {"amount": "500"}),
        ("DELETE", place, None),
    ):
        version = payment["version"]
        others.come_first(lambda: _allocate_otherwise(office, receipt_id))
        given = {**body, "version": version} if body is not None else None
        asked = path if given else f"{path}?version={version}"
        problem = office.send(method, asked, given, expect=409)
        assert problem["code"] == "stale_version"
        payment = office.read(payment)
        assert problem["current"] == payment
        assert payment["version"] == version + 1

    assert office.faults == []


def _allocate_otherwise(office: Office, receipt_id: str) -> None:
    receipt = office.stores.receipts.get(receipt_id)
    wanted = [] if receipt.allocations else [Wanted(target(7), 10000, 10000)]
    office.receiver.allocate(receipt, wanted, "bea")


def test_as_much_as_is_allocated_can_be_taken_back_at_once(office: Office) -> None:
    """39 invoices are the most; however they come together, one call takes them back."""
    many = range(100, 144)
    office.has(*(invoice(one, "10.0") for one in many))
    for one in many:
        office.taking.invoice(one)
    whole = [pays(one, "10") for one in many]

    def refused(payment: dict[str, Any], allocations: list[dict[str, Any]]) -> dict[str, Any]:
        body = {"version": payment["version"], "allocations": allocations}
        return office.send("POST", f"{PLACE}/{payment['id']}/allocations", body, expect=422)

    problem = office.send("POST", PLACE, entered("400", *whole[:40]), expect=422)
    assert (problem["code"], problem["most"]) == ("too_many_allocations", 39)
    payment = office.enter("400", *whole[:39])
    assert payment["unallocated"] == "10.00"
    payment = office.allocate(payment)
    assert payment["allocations"] == []
    payment = office.allocate(payment, *whole[:22])
    # One change takes back and allocates anew: all that both touch is too much at once.
    problem = refused(payment, whole[22:])
    assert problem["errors"][0]["field"] == "allocations"
    assert "take those back first" in problem["next_step"]
    payment = office.allocate(payment, *whole[:39])
    assert refused(payment, whole[:40])["code"] == "too_many_allocations"
    version = office.send("GET", "/v1/books")["version"]
    office.send("PATCH", "/v1/books", {"version": version, "closed_to": "2026-05-31"})
    payment = office.change(payment, day="2026-06-01")
    assert office.delete(payment)["allocations"] == []
    assert office.faults == []


def test_what_pays_as_much_as_can_be_is_given_back_at_once(office: Office) -> None:
    many = range(100, 139)
    office.has(*(invoice(one, "10.0") for one in many))
    for one in many:
        office.taking.invoice(one)
    wanted = [Wanted(target(one), 1000, 1000) for one in many]
    booked = office.receiver.book(office.receipt("re_1", 40000), wanted)

    returned = office.receiver.give_back(booked)

    assert (returned.returned, returned.allocations) == (True, ())
    assert {office.receivable(one).open_amount for one in many} == {1000}
    assert office.faults == []
