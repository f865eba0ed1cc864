"""Ids: the same booking has the same one in each file, and two that are equal stay two."""

from collections.abc import Sequence

import pytest

from sheaf.books.bank.identities import given, identity
from sheaf.books.bank.lines import Booking, Status
from tests.unit.books.bank.messages import (
    booking,
    bookings,
    details,
    entry,
    message,
    read,
    sample,
    statement,
    transaction,
)

TWO = details(
    transaction("60.00", "<Refs><AcctSvcrRef>D-1</AcctSvcrRef></Refs>"),
    transaction("40.00", "<Refs><EndToEndId>E-2</EndToEndId></Refs>"),
)
ORDERS = [
    ("<TxId>T</TxId><EndToEndId>E</EndToEndId><AcctSvcrRef>A</AcctSvcrRef>", "AcctSvcrRef"),
    ("<EndToEndId>E</EndToEndId><TxId>T</TxId>", "TxId"),
    ("<InstrId>I</InstrId><EndToEndId>E</EndToEndId>", "InstrId"),
    ("<EndToEndId>E</EndToEndId>", "EndToEndId"),
]


def ids(of: Sequence[Booking]) -> list[str]:
    return [one.booking_id for one in of]


def all_ids(of: Booking) -> list[str]:
    return [of.booking_id, *(line.line_id for line in of.lines)]


def test_a_file_that_is_sent_again_has_the_same_ids() -> None:
    for name in ("statement_04", "notification_13", "collected_054"):
        first, second = read(sample(name)), read(sample(name))

        assert first == second


def test_a_statement_and_a_notification_tell_of_the_same_booking() -> None:
    (batch,) = read(sample("collected_053"))[0].bookings
    (apart,) = read(sample("collected_054"))[0].bookings

    assert batch.booking_id == apart.booking_id
    assert (batch.amount, batch.collects_for) == (apart.amount, apart.collects_for)
    assert len(set(all_ids(batch) + all_ids(apart))) == 5, "three equal lines are three"


@pytest.mark.parametrize("reference", ["", "BANK-7"])
def test_lines_are_the_same_in_both_whatever_the_version(reference: str) -> None:
    new = entry("100.00", TWO, reference=reference)
    inside = '<AmtDtls><TxAmt><Amt Ccy="CHF">60.00</Amt></TxAmt></AmtDtls>'
    old = new.replace('<Amt Ccy="CHF">60.00</Amt>', inside).replace("<Cd>BOOK</Cd>", "BOOK")

    (told,) = bookings(new, kind="camt.053.001.08")
    (notified,) = bookings(old, kind="camt.054.001.04")

    assert all_ids(told) == all_ids(notified)
    assert len(set(all_ids(told))) == 3


def test_a_booking_of_one_line_has_the_same_however_little_is_told() -> None:
    bare = booking("5.00", reference="R")
    told = booking(
        "5.00", details(transaction("5.00", "<Refs><TxId>T</TxId></Refs>")), reference="R"
    )

    assert all_ids(bare) == all_ids(told)


def test_two_equal_bookings_stay_two_also_in_another_file() -> None:
    twice = [entry("50.00"), entry("50.00")]

    first = bookings(*twice)
    second = bookings(*twice, kind="camt.054.001.08")

    assert len(set(ids(first))) == 2
    assert ids(first) == ids(second)
    assert ids(bookings(entry("50.00"))) == ids(first)[:1]


def test_two_equal_bookings_in_two_statements_of_a_message_stay_two() -> None:
    first, second = read(message(statement(entry()), statement(entry())))

    assert first.bookings[0].booking_id != second.bookings[0].booking_id


def test_bookings_that_share_a_reference_of_the_bank_stay_two() -> None:
    paid, fee = bookings(entry("50.00", reference="R"), entry("2.00", reference="R"))

    assert paid.booking_id != fee.booking_id


@pytest.mark.parametrize("reference", ["", "R"])
def test_a_booking_differs_by_what_makes_it_another(reference: str) -> None:
    reversal = "<RvslInd>true</RvslInd>"

    found = [
        *bookings(
            entry("5.00", reference=reference),
            entry("5.00", reference=reference, direction="DBIT"),
            entry("5.00", reversal, reference=reference),
            entry("5.00", reversal, reference=reference, direction="DBIT"),
            entry("5.00", reference=reference, currency="EUR"),
        ),
        *read(message(statement(entry("5.00", reference=reference), account="X-1")))[0].bookings,
    ]

    assert len(set(ids(found))) == 6


def test_without_a_reference_the_day_and_the_amount_tell_bookings_apart() -> None:
    later = "<BookgDt><Dt>2026-03-03</Dt></BookgDt>"

    found = bookings(entry("5.00"), entry("5.00", dates=later), entry("5.01"))

    assert len(set(ids(found))) == 3


@pytest.mark.parametrize("reference", ["", "R"])
def test_a_booking_that_was_announced_is_the_one_that_is_booked_later(reference: str) -> None:
    announced = booking(status="<Cd>PDNG</Cd>", reference=reference)
    booked = booking(reference=reference)

    assert announced.status is Status.PENDING
    assert all_ids(announced) == all_ids(booked)


def test_with_a_reference_it_is_so_although_the_day_and_the_amount_change() -> None:
    announced = booking(
        "99.00", status="PDNG", reference="R", dates="<ValDt><Dt>2026-02-27</Dt></ValDt>"
    )

    assert announced.booking_id == booking("98.70", reference="R").booking_id


def test_what_is_announced_and_booked_in_one_message_is_told_once() -> None:
    found = bookings(
        entry(status="<Cd>PDNG</Cd>", reference="R"),
        entry(reference="R"),
        entry(status="<Cd>PDNG</Cd>", reference="S"),
    )

    assert [(one.bank_reference, one.status) for one in found] == [
        ("R", Status.BOOKED),
        ("S", Status.PENDING),
    ]


@pytest.mark.parametrize(("told", "known_by"), ORDERS)
def test_a_line_is_known_by_the_surest_of_its_references(told: str, known_by: str) -> None:
    other = transaction("1.00")
    value = f"<{known_by}>{known_by[0]}</{known_by}>"

    full = booking("3.00", details(transaction("2.00", f"<Refs>{told}</Refs>"), other))
    bare = booking("3.00", details(transaction("2.00", f"<Refs>{value}</Refs>"), other))

    assert all_ids(full) == all_ids(bare)


@pytest.mark.parametrize("reference", ["NONREF", "NotProvided", "NOT PROVIDED", "000-000", "-", ""])
def test_what_says_that_there_is_no_reference_is_none(reference: str) -> None:
    assert given(reference) == ""
    assert given("R-0") == "R-0"


def test_ids_are_safe_as_keys_and_no_value_runs_into_the_next() -> None:
    assert identity("a", "bc") != identity("ab", "c")
    assert identity("a", 1) != identity("a", "1")
    assert len(identity("ü/#", 1)) == 24
    assert identity("ü/#", 1).isalnum()
