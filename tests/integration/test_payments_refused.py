"""Payments that cannot be: each is refused with what to do, and changes nothing."""

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.paying_office import PLACE, Office, entered, pays, with_invoices


@pytest.fixture
def office(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Office:
    return with_invoices(monkeypatch)


def test_what_the_bank_has_taken_back_pays_nothing(office: Office) -> None:
    booked = office.receiver.book(office.receipt("re_1", 90000))
    returned = office.receiver.give_back(booked)
    body = {"version": returned.version, "allocations": [pays(7, "900")]}

    problem = office.send("POST", f"{PLACE}/re_1/allocations", body, expect=409)

    assert problem["code"] == "payment_returned"
    assert office.receivable(7).open_amount == 90000
    # Taking back what it has not is no change.
    office.send("POST", f"{PLACE}/re_1/allocations", {**body, "allocations": []})


def test_nothing_is_paid_over(office: Office) -> None:
    payment = office.enter("1000")
    path = f"{PLACE}/{payment['id']}/allocations"
    refused = [
        ([pays(7, "900.01")], "allocations[0].settled"),
        ([pays(7, "900"), pays(8, "100.01")], "allocations[1].paid"),
        ([pays(7, "-1")], "allocations[0].paid"),
        ([pays(7, "0")], "allocations[0].paid"),
        ([pays(9, "10")], "allocations[0].settled"),
        ([pays(7, "100", let_go="799")], "allocations[0].let_go"),
        ([pays(7, "100", settled="99")], "allocations[0].settled"),
        ([pays(7, "100"), pays(7, "100")], "allocations[1].invoice"),
        ([pays(10, "100")], "allocations[0].settled"),
        ([pays(77, "100")], "allocations[0].invoice"),
        ([pays(7, "0.001")], "allocations[0].paid"),
    ]

    for allocations, field in refused:
        body = {"version": 1, "allocations": allocations}
        problem = office.send("POST", path, body, expect=422)
        assert (problem["code"], problem["errors"][0]["field"]) == ("invalid_request", field)
        assert problem["next_step"]

    assert office.read(payment) == payment
    assert office.faults == []


def test_an_amount_that_does_not_hold_the_allocations_is_refused(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    path, body = f"{PLACE}/{payment['id']}", {"version": 1, "amount": "899"}

    problem = office.send("PATCH", path, body, expect=422)

    assert problem["errors"][0]["field"] == "amount"
    assert "allocations" in problem["next_step"]
    payment = office.change(payment, amount="899", allocations=[pays(7, "899", let_go_rest=True)])
    assert payment["allocations"][0]["let_go"] == "1.00"
    assert office.faults == []


def test_a_payment_without_a_rate_is_refused_with_what_is_missing(office: Office) -> None:
    problem = office.send("POST", PLACE, entered("10", currency="USD"), expect=422)

    assert (problem["code"], problem["currency"], problem["day"]) == (
        "no_rate",
        "USD",
        "2026-04-02",
    )


def test_hostile_bodies_change_nothing(office: Office) -> None:
    bodies: list[tuple[Any, str]] = [
        (entered("0"), "amount"),
        (entered("-0.00"), "amount"),
        (entered("0.001"), "amount"),
        (entered("NaN"), "body.amount"),
        (entered("1e9"), "body.amount"),
        (entered("9" * 16), "body.amount"),
        (entered("1", day="2025-12-31"), "day"),
        (entered("1", day="2026-07-01"), "day"),
        (entered("1", day="soon"), "body.day"),
        (entered("1", currency="chf"), "body.currency"),
        (entered("1", account="1100"), "account"),
        (entered("1", account="1090"), "account"),
        (entered("1", account="3400"), "account"),
        (entered("1", account="4711"), "account"),
        (entered("1", payer="x" * 201), "body.payer"),
        (entered("1", text="x" * 1001), "body.text"),
        (entered("1", secret="x"), "body.secret"),
        (entered("1", {"paid": "1"}), "body.allocations.0"),
        (entered("1", {**pays(7, "1"), "transit": "x"}), "body.allocations.0"),
        (entered("1", pays(7, "1", let_go="1", let_go_rest=True)), "body.allocations.0"),
        (entered("1", *(pays(n, "1") for n in range(1, 102))), "body.allocations"),
        (entered("1", {"invoice": {"connection_id": "a#b", "invoice_id": "7"}, "paid": "1"}), ""),
        (entered("1", {"invoice": {"connection_id": "a", "invoice_id": "07"}, "paid": "1"}), ""),
        ({**entered("1"), "amount": 1.5}, "body.amount"),
        ([], "body"),
    ]

    for body, field in bodies:
        problem = office.send("POST", PLACE, body, expect=422)
        assert problem["code"] == "invalid_request", body
        assert problem["errors"][0]["field"].startswith(field), (body, problem)

    assert office.balances == {"1100": Decimal("1621.55"), "3400": Decimal("-1621.55")}
    largest = office.enter("9" * 15 + ".99", text="Zwölf Körbe \U0001f9fa")
    assert largest["amount"] == "9" * 15 + ".99"
    office.delete(largest)
    assert office.faults == []


def test_who_may_do_what(office: Office) -> None:
    payment = office.enter("10")
    for roles, reads in (("[manager]", 200), ("[viewer]", 200), ("[app]", 200), ("[agent]", 403)):
        office.send("GET", PLACE, expect=reads, roles=roles)
        office.send("GET", f"{PLACE}/{payment['id']}", expect=reads, roles=roles)
        office.send("GET", "/v1/books/suspense", expect=reads, roles=roles)
        for method, path, body in (
            ("POST", PLACE, entered("1")),
            ("POST", f"{PLACE}/{payment['id']}/allocations", {"version": 1, "allocations": []}),
            ("PATCH", f"{PLACE}/{payment['id']}", {"version": 1}),
            ("DELETE", f"{PLACE}/{payment['id']}?version=1", None),
            ("POST", f"{PLACE}/{payment['id']}/send", None),
        ):
            assert office.send(method, path, body, expect=403, roles=roles)["code"] == (
                "role_required"
            )
    assert office.read(payment) == payment
    for method, path, body in (
        ("GET", f"{PLACE}/none", None),
        ("POST", f"{PLACE}/none/allocations", {"version": 1, "allocations": []}),
        ("PATCH", f"{PLACE}/none", {"version": 1}),
        ("DELETE", f"{PLACE}/none?version=1", None),
        ("POST", f"{PLACE}/none/send", None),
    ):
        unknown = office.send(method, path, body, expect=404)
        assert unknown["detail"] == "There is no payment with the id none."


def test_of_two_who_change_a_payment_the_second_is_told(office: Office) -> None:
    payment = office.enter("1000")
    office.allocate(payment, pays(7, "900"))

    for method, path, body in (
        ("POST", f"{PLACE}/{payment['id']}/allocations", {"version": 1, "allocations": []}),
        ("PATCH", f"{PLACE}/{payment['id']}", {"version": 1, "amount": "5"}),
        ("DELETE", f"{PLACE}/{payment['id']}?version=1", None),
    ):
        problem = office.send(method, path, body, expect=409)
        assert problem["code"] == "stale_version"
        assert problem["current"] == office.read(payment)
