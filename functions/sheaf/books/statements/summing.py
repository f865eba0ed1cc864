"""What a statement says of its account as a whole, and whether its bookings add up to that."""

from collections.abc import Sequence
from typing import Any

from sheaf.books.bank.lines import Balance, Statement, Status
from sheaf.books.statements.packing import LONGEST_NAME
from sheaf.platform.currencies import major


def summed(statement: Statement) -> dict[str, Any]:
    """A statement as it is shown, with decimals in texts. `adds_up` is None where the bank does not
    tell both balances, as in notifications."""
    opening = _first(statement.balances, opening=True)
    closing = _first(tuple(reversed(statement.balances)), opening=False)
    currency = statement.currency
    booked = sum(
        one.amount
        for one in statement.bookings
        if one.status is Status.BOOKED and one.currency == currency
    )
    whole = None
    if opening and closing and {opening.currency, closing.currency} == {currency}:
        whole = opening.amount + booked == closing.amount
    return {
        "kind": statement.kind,
        "id": statement.statement_id[:LONGEST_NAME],
        "account": statement.account[:LONGEST_NAME],
        "currency": currency,
        "bookings": len(statement.bookings),
        "booked": str(major(booked, currency)),
        "opening": _shown(opening),
        "closing": _shown(closing),
        "adds_up": whole,
    }


def _first(balances: Sequence[Balance], *, opening: bool) -> Balance | None:
    return next((one for one in balances if one.opening is opening), None)


def _shown(balance: Balance | None) -> dict[str, str] | None:
    if balance is None:
        return None
    return {"day": balance.on.isoformat(), "amount": str(major(balance.amount, balance.currency))}
