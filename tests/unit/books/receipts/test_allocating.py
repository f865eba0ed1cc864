"""Allocations: what may be, how it is booked, and what is left of items whatever is changed."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.ledger.accounts import CHARTS, ChartName
from sheaf.books.ledger.entries import Entry, balanced
from sheaf.books.receipts.allocating import Open, Refusal, Wanted, allocated, without
from sheaf.books.receipts.booking import entry_of, taken_back
from sheaf.books.receipts.records import Receipt, Source, Target, TargetKind
from sheaf.books.receivables.decisions import Calendar
from sheaf.books.receivables.rates import Rate, Rates

ROLES = CHARTS[ChartName.SWISS].roles
RATES = Rates("CHF", [Rate("USD", date(2026, 1, 1), Decimal("0.92"))])
CALENDAR = Calendar(date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30))
SEVEN, EIGHT = (Target(TargetKind.INVOICE, f"cn_1#{n}") for n in (7, 8))
TRANSIT = Target(TargetKind.TRANSIT, "hp_3")
RECEIPT = Receipt(
    "re_1", 1, Source.BANK, "line", "1020", date(2026, 4, 1), "CHF", 90000, "Osier Baskets", turns=1
)


def open_of(target: Target, amount: int, currency: str = "CHF", base: int | None = None) -> Open:
    return Open(target, currency, amount, amount if base is None else base, "cn_1#70")


def items(*found: Open) -> dict[Target, Open]:
    return {one.target: one for one in found}


def entry_for(receipt: Receipt) -> Entry:
    """The entry of a receipt that is worth what it was on its day."""
    base = RATES.base(receipt.amount, receipt.currency, receipt.day)
    return entry_of(replace(receipt, base=base), ROLES, CALENDAR)


def booked(receipt: Receipt) -> dict[str, tuple[int, int]]:
    """(amount, base) by account and currency."""
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for leg in entry_for(receipt).legs:
        amount, base = found[f"{leg.account} {leg.currency}"]
        found[f"{leg.account} {leg.currency}"] = (amount + leg.amount, base + leg.base)
    return dict(found)


def test_what_nobody_has_told_the_purpose_of_is_in_suspense() -> None:
    assert booked(RECEIPT) == {"1020 CHF": (90000, 90000), "2099 CHF": (-90000, -90000)}


def test_a_receipt_pays_invoices_in_whole_and_in_part() -> None:
    paid = allocated(
        RECEIPT,
        [Wanted(SEVEN, 60000, 60000), Wanted(EIGHT, 20000, 20000)],
        items(open_of(SEVEN, 60000), open_of(EIGHT, 50000)),
    )

    assert [one.allocation_id for one in paid.allocations] == ["re_1.1", "re_1.2"]
    assert booked(paid) == {
        "1020 CHF": (90000, 90000),
        "1100 CHF": (-80000, -80000),
        "2099 CHF": (-10000, -10000),
    }


def test_a_discount_is_let_go_with_what_is_paid() -> None:
    short = replace(RECEIPT, amount=58800)
    paid = allocated(short, [Wanted(SEVEN, 58800, 58800, 1200)], items(open_of(SEVEN, 60000)))

    assert booked(paid) == {
        "1020 CHF": (58800, 58800),
        "1100 CHF": (-60000, -60000),
        "3806 CHF": (1200, 1200),
    }


def test_a_difference_of_exchange_is_realised_by_the_payment() -> None:
    dollars = replace(RECEIPT, currency="USD", amount=10000)
    gain = allocated(
        dollars, [Wanted(SEVEN, 10000, 10000)], items(open_of(SEVEN, 10000, "USD", 9000))
    )
    loss = allocated(
        dollars, [Wanted(SEVEN, 10000, 10000)], items(open_of(SEVEN, 10000, "USD", 9500))
    )

    assert booked(gain) == {
        "1020 USD": (10000, 9200), "1100 USD": (-10000, -9000), "6999 USD": (0, -200),
    }  # fmt: skip
    assert booked(loss)["6949 USD"] == (0, 300)


def test_what_is_paid_in_another_currency_goes_through_the_account_between_them() -> None:
    francs = replace(RECEIPT, amount=9100)
    paid = allocated(
        francs, [Wanted(SEVEN, 9100, 10000)], items(open_of(SEVEN, 10000, "USD", 9000))
    )

    assert booked(paid) == {
        "1020 CHF": (9100, 9100),
        "1095 CHF": (-9100, -9100),
        "1095 USD": (10000, 9100),
        "1100 USD": (-10000, -9000),
        "6999 USD": (0, -100),
    }


def test_what_harvest_knew_first_is_no_longer_in_transit_once_the_bank_shows_it() -> None:
    by_others = Receipt(
        "hp_3", 1, Source.HARVEST, "3", "1090", date(2026, 3, 30), "CHF", 90000, turns=1
    )
    known = allocated(by_others, [Wanted(SEVEN, 90000, 90000)], items(open_of(SEVEN, 90000)))
    shown = allocated(RECEIPT, [Wanted(TRANSIT, 90000, 90000)], items(open_of(TRANSIT, 90000)))

    assert booked(known) == {"1090 CHF": (90000, 90000), "1100 CHF": (-90000, -90000)}
    assert booked(shown) == {"1020 CHF": (90000, 90000), "1090 CHF": (-90000, -90000)}


def test_a_refund_takes_a_credit_note_away() -> None:
    out = replace(RECEIPT, amount=-4000)
    paid = allocated(out, [Wanted(SEVEN, -4000, -4000)], items(open_of(SEVEN, -4000)))

    assert booked(paid) == {"1020 CHF": (-4000, -4000), "1100 CHF": (4000, 4000)}


def test_a_credit_note_that_was_taken_off_is_settled_with_the_invoice() -> None:
    paid = allocated(
        RECEIPT,
        [Wanted(SEVEN, 100000, 100000), Wanted(EIGHT, -10000, -10000)],
        items(open_of(SEVEN, 100000), open_of(EIGHT, -10000)),
    )

    assert (paid.unallocated, booked(paid)) == (
        0,
        {"1020 CHF": (90000, 90000), "1100 CHF": (-90000, -90000)},
    )
    assert without(paid, EIGHT.item) == [], "without the credit note it is too little"
    assert without(paid, "cn_1#9") == [
        Wanted(SEVEN, 100000, 100000),
        Wanted(EIGHT, -10000, -10000),
    ]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        # More than the receipt has and the credit note takes off.
        ([Wanted(SEVEN, 110000, 110000), Wanted(EIGHT, -10000, -10000)], "allocations[0].paid"),
        # A credit note alone would leave more than there is.
        ([Wanted(EIGHT, -10000, -10000)], "allocations[0].paid"),
        # More than the credit note is of.
        ([Wanted(SEVEN, 101000, 101000), Wanted(EIGHT, -11000, -11000)], "allocations[1].settled"),
    ],
)
def test_a_credit_note_takes_no_more_off_than_it_is_of(wanted: list[Wanted], field: str) -> None:
    there = items(open_of(SEVEN, 110000), open_of(EIGHT, -10000))

    with pytest.raises(Refusal) as refused:
        allocated(RECEIPT, wanted, there)

    assert refused.value.field == field


def test_what_is_paid_and_settled_have_the_same_sign_in_another_currency_too() -> None:
    with pytest.raises(Refusal) as refused:
        allocated(RECEIPT, [Wanted(SEVEN, 90000, -100)], items(open_of(SEVEN, -100, "USD")))

    assert refused.value.field == "allocations[0].settled"


def test_what_stays_as_it_was_keeps_its_id() -> None:
    both = items(open_of(SEVEN, 60000), open_of(EIGHT, 50000))
    first = allocated(RECEIPT, [Wanted(SEVEN, 60000, 60000), Wanted(EIGHT, 20000, 20000)], both)

    second = allocated(first, [Wanted(EIGHT, 25000, 25000), Wanted(SEVEN, 60000, 60000)], both)

    assert [one.allocation_id for one in second.allocations] == ["re_1.3", "re_1.1"]


def test_what_stays_is_kept_whatever_has_become_of_its_target() -> None:
    """Less is open of it by now than it was allocated, or nothing at all."""
    both = items(open_of(SEVEN, 60000), open_of(EIGHT, 30000))
    kept = Wanted(SEVEN, 60000, 60000)
    first = allocated(RECEIPT, [kept, Wanted(EIGHT, 30000, 30000)], both)

    for now in (items(open_of(SEVEN, 100)), items(open_of(SEVEN, -5000)), {}):
        second = allocated(first, [kept], now)
        assert second.allocations == first.allocations[:1]
    with pytest.raises(Refusal) as refused:
        allocated(replace(first, amount=50000), [kept], both)
    assert refused.value.field == "allocations[0].paid"


def test_what_is_paid_in_another_currency_has_to_settle_something() -> None:
    with pytest.raises(Refusal) as refused:
        allocated(RECEIPT, [Wanted(SEVEN, 100, 0)], items(open_of(SEVEN, 60000, "USD", 55200)))

    assert refused.value.field == "allocations[0].settled"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ([Wanted(EIGHT, 100, 100)], "allocations[0].target"),
        ([Wanted(SEVEN, 90001, 90001)], "allocations[0].paid"),
        ([Wanted(SEVEN, 0, 0)], "allocations[0].paid"),
        ([Wanted(SEVEN, -5, -5)], "allocations[0].paid"),
        ([Wanted(SEVEN, 70000, 70000)], "allocations[0].settled"),
        ([Wanted(SEVEN, 100, 200)], "allocations[0].settled"),
        ([Wanted(SEVEN, 50000, 50000, 1000)], "allocations[0].let_go"),
        ([Wanted(SEVEN, 50000, 50000, -10)], "allocations[0].let_go"),
        ([Wanted(SEVEN, 100, 100), Wanted(SEVEN, 100, 100)], "allocations[1].target"),
    ],
)
def test_what_cannot_be_is_refused_by_field(wanted: list[Wanted], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        allocated(RECEIPT, wanted, items(open_of(SEVEN, 60000)))

    assert refused.value.field == field
    assert refused.value.next_step


shares = st.lists(st.integers(1, 60000), min_size=0, max_size=3)


@given(st.lists(shares, min_size=1, max_size=5), st.sampled_from(["CHF", "USD"]))
def test_however_often_it_is_allocated_anew_every_entry_comes_to_nothing(
    turns: list[list[int]], currency: str
) -> None:
    """Items shrink by what is allocated, in both currencies, and are whole again afterwards."""
    targets = [Target(TargetKind.INVOICE, f"cn_1#{n}") for n in range(3)]
    whole = items(*(open_of(one, 60000, currency, 54321) for one in targets))
    receipt = replace(RECEIPT, currency=currency, amount=100000)
    entry = entry_for(receipt)
    receivable = 0
    for amounts in turns:
        wanted = []
        left = receipt.amount
        for target, amount in zip(targets, amounts, strict=False):
            part = min(amount, left)
            if part:
                wanted.append(Wanted(target, part, part))
                left -= part
        back = taken_back(replace(receipt, turns=receipt.turns + 1), entry, CALENDAR)
        receipt = replace(receipt, turns=receipt.turns + 2)
        receipt = allocated(receipt, wanted, whole)
        entry = entry_for(receipt)
        for booking in (back, entry):
            balanced(booking)
            receivable += sum(leg.base for leg in booking.legs if leg.account == "1100")
    assert receivable == -sum(one.base for one in receipt.allocations)
    assert receipt.unallocated == receipt.amount - sum(one.paid for one in receipt.allocations)
    for one in receipt.allocations:
        assert (one.base == 54321) == (one.settled == 60000)
