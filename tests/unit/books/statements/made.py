"""Small made-up bookings of a bank, and what is known of them."""

from datetime import date
from typing import Any

from sheaf.books.bank.lines import Balance, BankLine, Booking, Payer, Statement, Status
from sheaf.books.ledger.accounts import CHARTS, ChartName
from sheaf.books.settings.records import BankAccount, BooksSettings
from sheaf.books.statements.records import KnownBooking

IBAN, OTHER = "CH9300762011623852957", "CH5604835012345678009"
START, DAY = date(2026, 1, 1), date(2026, 4, 1)
SETTINGS = BooksSettings(
    1,
    "CHF",
    START,
    "swiss_sme",
    CHARTS[ChartName.SWISS].roles,
    banks=(BankAccount(IBAN, "CHF", "1020"), BankAccount(IBAN, "EUR", "1022")),
)


def line(line_id: str, amount: int, **values: Any) -> BankLine:
    return BankLine(line_id, amount, "CHF", **{"payer": Payer("Osier Baskets"), **values})


def booking(*lines: BankLine, **values: Any) -> Booking:
    """A booking that is as much as its lines are together."""
    given = {
        "booking_id": "b1",
        "account": IBAN,
        "currency": "CHF",
        "amount": sum(one.amount for one in lines),
        "status": Status.BOOKED,
        "booked_on": DAY,
        "value_on": DAY,
        "lines": lines,
    }
    return Booking(**{**given, **values})


def known(*line_ids: str, amount: int, **values: Any) -> KnownBooking:
    given = {
        "booking_id": "b1",
        "account": IBAN,
        "currency": "CHF",
        "amount": amount,
        "booked_on": DAY,
        "detailed": True,
        "reversal": False,
        "line_ids": line_ids,
        "told_by": "camt.053.001.08:1",
    }
    return KnownBooking(**{**given, **values})


def statement(*bookings: Booking, balances: tuple[Balance, ...] = (), **values: Any) -> Statement:
    given = {"kind": "camt.053.001.08", "statement_id": "S-1", "account": IBAN, "currency": "CHF"}
    return Statement(**{**given, "bookings": bookings, "balances": balances, **values})
