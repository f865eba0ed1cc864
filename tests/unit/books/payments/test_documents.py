"""Payments as the API shows them."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.edge import shown
from sheaf.books.ledger.accounts import CHARTS, ChartName, Role
from sheaf.books.outgoing.records import Outgoing, Sum, outgoing_id
from sheaf.books.payments.documents import (
    Around,
    gains,
    harvest_document,
    payment_document,
    whole_payment_document,
)
from sheaf.books.receipts.booking import entry_of
from sheaf.books.receipts.records import Receipt, Source
from sheaf.books.receivables.decisions import Calendar
from tests.unit.books.payments.paid import (
    DAY,
    body,
    invoice_target,
    open_of,
    pays,
    receipt,
    receivable,
)

ROLES = CHARTS[ChartName.SWISS].roles
CALENDAR = Calendar(date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30))
SEVEN = invoice_target(7)
WANTED, OTHER = Sum(90000, DAY), Sum(80000, DAY)
TOLD = Outgoing(outgoing_id("mp_1", "cn_1", 7), 1, "cn_1", 7, "2026-0007", "CHF", WANTED)


def around(*told: Outgoing, **values: Any) -> Around:
    seven = receivable(7, 90000, allocated=90000, **values)
    return Around("CHF", {seven.item: seven}, {one.outgoing_id: one for one in told})


def harvest_of(given: Receipt, *told: Outgoing) -> dict[str, Any]:
    (allocation,) = payment_document(given, around(*told))["allocations"]
    return dict(allocation["harvest"])


def test_what_is_unallocated_is_in_suspense() -> None:
    paid = pays(receipt(100000), [body(7, "900")], open_of(SEVEN, 90000))
    document = payment_document(paid, around())

    assert (document["state"], document["amount"], document["unallocated"]) == (
        "suspense",
        "1000.00",
        "100.00",
    )
    assert document["booked_on"] is None, "nothing is booked of it here"
    assert document["decided_by"] is None
    assert document["transit"] is None
    assert document["allocations"][0]["invoice"] == {
        "connection_id": "cn_1",
        "invoice_id": "7",
        "number": "2026-0007",
        "debtor_name": "Osier Baskets",
        "open": "0.00",
    }
    whole = pays(receipt(), [body(7, "900")], open_of(SEVEN, 90000))
    assert payment_document(whole, around())["state"] == "allocated"
    gone = replace(receipt(), reversed=True)
    assert payment_document(gone, around())["state"] == "taken_back"


@pytest.mark.parametrize(
    ("told", "state", "has"),
    [
        (TOLD, "waiting", None),
        (replace(TOLD, attempt=WANTED), "waiting", None),
        (replace(TOLD, made=WANTED, payment_id=9), "posted", "900.00"),
        (replace(TOLD, made=OTHER, payment_id=9), "changing", "800.00"),
        (replace(TOLD, wanted=None, made=WANTED, payment_id=9), "changing", "900.00"),
        (replace(TOLD, wanted=None, attempt=WANTED), "changing", None),
        (replace(TOLD, problem="Closed."), "refused", None),
        (replace(TOLD, problem="Closed.", made=OTHER, payment_id=9), "refused", "800.00"),
        (replace(TOLD, problem="Closed.", attempt=WANTED), "waiting", None),
    ],
)
def test_what_harvest_has_is_told(told: Outgoing, state: str, has: str | None) -> None:
    document = harvest_document(told)

    assert (document["state"], document["amount"]) == (state, has)
    assert document["payment_id"] == ("9" if has else None)
    assert document["paid_on"] == ("2026-04-02" if has else None)
    assert document["problem"] == (told.problem or None)


def test_who_is_not_told_and_who_told_us() -> None:
    paid = pays(receipt(), [body(7, "900")], open_of(SEVEN, 90000))

    assert harvest_of(paid, TOLD)["state"] == "waiting"
    assert harvest_of(paid)["state"] == "not_told"
    theirs = replace(paid, source=Source.HARVEST, source_id="55")
    assert harvest_of(theirs)["state"] == "theirs"
    assert harvest_of(theirs)["payment_id"] == "55"
    assert payment_document(theirs, around())["transit"] == {
        "shown": "0.00",
        "shown_by": [],
        "left": "900.00",
    }


def test_what_leaves_harvest_has_its_own_place() -> None:
    paid = pays(receipt(), [body(7, "900")], open_of(SEVEN, 90000))
    eight = replace(TOLD, outgoing_id="mp_1.cn_1.8", invoice_id=8, invoice_number="2026-0008")
    told = [
        replace(eight, wanted=None, made=WANTED, payment_id=9),
        TOLD,
        replace(eight, outgoing_id="mp_1.cn_1.9", invoice_id=9, wanted=None),
    ]

    document = whole_payment_document(paid, around(*told), told, [])

    (leaving,) = document["leaving_harvest"]
    assert (leaving["invoice_id"], leaving["harvest"]["state"]) == ("8", "changing")


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=4),
    st.booleans(),
)
def test_the_differences_are_those_of_the_ledger(
    amount: int, base: int, settled: list[int], let_go: bool
) -> None:
    """What a document says was gained and lost is what the entry has on the accounts for it."""
    paid = [max(amount // (len(settled) + 1), 1) for _ in settled]
    given_receipt = receipt(max(amount, sum(paid)), "CHF")
    bodies = [
        body(n, shown(cents, "CHF"), settled=shown(of, "USD"), let_go_rest=let_go)
        for n, (cents, of) in enumerate(zip(paid, settled, strict=True), 1)
    ]
    items = [open_of(invoice_target(n), of * 2, "USD", base) for n, of in enumerate(settled, 1)]
    allocated = pays(given_receipt, bodies, *items)

    entry = entry_of(allocated, ROLES, CALENDAR)

    sums: Counter[str] = Counter()
    for leg in entry.legs:
        sums[leg.account] += leg.base
    booked = -(sums[ROLES[Role.EXCHANGE_GAIN]] + sums[ROLES[Role.EXCHANGE_LOSS]])
    assert sum(gains(allocated)) == booked
