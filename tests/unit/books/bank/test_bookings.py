"""Lines of a booking: they add up to it, whatever its details come to."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.bank.bookings import DIFFERENCE, statements
from sheaf.books.bank.entries import Account, Detail, Entry
from sheaf.books.bank.lines import Booking, Status
from tests.unit.books.bank.messages import (
    ACCOUNT,
    booking,
    details,
    read,
    sample,
    transaction,
)


def amounts(of: Booking) -> list[int]:
    return [line.amount for line in of.lines]


def test_the_only_detail_takes_the_amount_of_the_entry() -> None:
    charged = booking("97.50", details(transaction("100.00", "<AddtlTxInf>Paid</AddtlTxInf>")))

    assert amounts(charged) == [9_750]
    assert (charged.lines[0].text, charged.detailed) == ("Paid", True)


def test_several_details_keep_their_amounts_and_a_line_more_is_the_difference() -> None:
    charged = booking("97.50", details(transaction("60.00"), transaction("40.00")))

    assert amounts(charged) == [6_000, 4_000, -250]
    assert charged.lines[-1].text == DIFFERENCE
    assert charged.detailed


@pytest.mark.parametrize(("direction", "sign"), [("CRDT", 1), ("DBIT", -1)])
def test_what_the_details_lack_has_the_direction_of_the_rest(direction: str, sign: int) -> None:
    missing = booking(
        "100.00", details(transaction("60.00"), transaction("30.00")), direction=direction
    )

    assert amounts(missing) == [sign * 6_000, sign * 3_000, sign * 1_000]


def test_a_detail_may_go_the_other_way() -> None:
    back = transaction("10.00", "<CdtDbtInd>DBIT</CdtDbtInd>")

    assert amounts(booking("50.00", details(transaction("60.00"), back))) == [6_000, -1_000]


def test_details_of_a_reversal_that_keep_the_direction_of_what_was_reversed_go_with_it() -> None:
    paid = "<CdtDbtInd>CRDT</CdtDbtInd>"

    taken_back = booking(
        "50.00",
        "<RvslInd>true</RvslInd>" + details(transaction("20.00", paid), transaction("30.00", paid)),
        direction="DBIT",
    )

    assert amounts(taken_back) == [-2_000, -3_000]


def test_details_may_be_spread_over_several_groups() -> None:
    spread = booking("3.00", details(transaction("1.00")) + details(transaction("2.00")))

    assert (amounts(spread), spread.detailed) == ([100, 200], True)


def test_a_batch_without_details_is_one_line_that_is_not_told_apart() -> None:
    (found,) = read(sample("collected_053"))
    (batch,) = found.bookings

    assert (amounts(batch), batch.detailed) == ([6_000], False)
    assert batch.collects_for == "CH2231999000000012345"
    assert batch.lines[0].text == "Collective credit of QR-bills"


def test_a_batch_of_one_needs_no_details() -> None:
    assert booking("5.00", details(announced=1)).detailed
    assert booking("5.00").detailed


def test_a_batch_of_which_some_details_are_missing_is_not_told_apart() -> None:
    one = booking("5.00", details(transaction("2.00"), announced=3))
    two = booking("5.00", details(transaction("2.00"), transaction("2.00"), announced=3))
    all_in_one = booking("5.00", details(transaction("5.00"), announced=3))

    assert (amounts(one), one.detailed) == ([200, 300], False)
    assert (amounts(two), two.detailed) == ([200, 200, 100], False)
    assert (amounts(all_in_one), all_in_one.detailed) == ([500], False)


def test_only_amounts_in_the_currency_of_the_account_count() -> None:
    instructed = '<AmtDtls><InstdAmt><Amt Ccy="EUR">55.555</Amt></InstdAmt></AmtDtls>'
    counter = '<AmtDtls><CntrValAmt><Amt Ccy="CHF">40.00</Amt></CntrValAmt></AmtDtls>'

    one_left = booking(
        "90.00",
        details(transaction("50.00", currency="USD", more=counter), transaction("", instructed)),
    )
    none_known = booking("90.00", details(transaction("", instructed), transaction("", instructed)))

    assert (amounts(one_left), one_left.detailed) == ([4_000, 5_000], True)
    assert (amounts(none_known), none_known.detailed) == ([9_000], False)


def test_the_amount_of_the_account_comes_before_what_was_instructed_in_its_currency() -> None:
    told = (
        '<AmtDtls><InstdAmt><Amt Ccy="CHF">21.00</Amt></InstdAmt>'
        '<TxAmt><Amt Ccy="CHF">20.00</Amt></TxAmt></AmtDtls>'
    )

    found = booking("30.00", details(transaction("", told), transaction("10.00")))

    assert amounts(found) == [2_000, 1_000]


PARTS = st.integers(-(10**15), 10**15)
DETAILS = st.lists(
    st.builds(Detail, st.none() | PARTS, bank_reference=st.sampled_from(["", "A", "B"])), max_size=6
)


@given(PARTS, DETAILS, st.booleans())
def test_lines_always_add_up_to_their_booking_and_have_ids_of_their_own(
    amount: int, told: list[Detail], complete: bool
) -> None:
    entry = Entry(
        ACCOUNT,
        "CHF",
        amount,
        Status.BOOKED,
        date(2026, 3, 2),
        date(2026, 3, 2),
        tuple(told),
        complete,
    )

    (found,) = statements([Account("camt.053", "", ACCOUNT, "CHF", [entry, replace(entry)])])

    first, second = found.bookings
    assert sum(amounts(first)) == first.amount == amount
    assert first.booking_id != second.booking_id
    ids = [line.line_id for one in (first, second) for line in one.lines]
    assert len(set(ids)) == len(ids) > 1
    assert complete or not first.detailed
