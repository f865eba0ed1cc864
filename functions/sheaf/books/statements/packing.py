"""Bookings as they are kept between reading a file and taking it in: packed, some in a part.

An item of a table has 400 KB, whatever a bank writes: texts are cut as receipts cut them, and a
booking with very many lines goes on in the next part.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sheaf.books.bank.lines import BankLine, Booking, Payer, Statement, Status
from sheaf.books.statements.records import Told

MOST_BOOKINGS = 100
_MOST_SIGNS = 250_000
# What is written freely is cut long before an item is full; names of accounts and statements too.
LONGEST_TEXT, LONGEST_NAME = 1_000, 100

Part = dict[str, Any]


def parts_of(statements: Iterable[Statement]) -> Iterator[Part]:
    """All bookings of some statements in their order, as contents of parts."""
    held: list[Part] = []
    signs = 0
    for told in _told(statements):
        for piece, last in _pieces(told):
            more = len(json.dumps(piece))
            if held and (len(held) == MOST_BOOKINGS or signs + more > _MOST_SIGNS or not last):
                yield {"bookings": held}
                held, signs = [], 0
            held.append(piece)
            signs += more
            if not last:
                yield {"bookings": held, "continues": True}
                held, signs = [], 0
    if held:
        yield {"bookings": held}


def bookings_in(parts: Iterable[Part]) -> list[Told]:
    """The bookings of a part, with the parts in which its last one goes on behind it."""
    found: list[Told] = []
    continued = False
    for part in parts:
        for kept in part["bookings"]:
            told = _unpacked(kept)
            if continued:
                before = found.pop()
                lines = (*before.booking.lines, *told.booking.lines)
                told = replace(before, booking=replace(before.booking, lines=lines))
                continued = False
            found.append(told)
        continued = bool(part.get("continues"))
    return found


def continues(part: Part) -> bool:
    """Whether the last booking of a part goes on in the next one."""
    return bool(part.get("continues"))


def _told(statements: Iterable[Statement]) -> Iterator[Told]:
    for statement in statements:
        told_by = f"{statement.kind}:{statement.statement_id[:LONGEST_NAME]}"
        for booking in statement.bookings:
            yield Told(booking, told_by)


def _pieces(told: Told) -> Iterator[tuple[Part, bool]]:
    """A booking in pieces that each fit into a part, and whether a piece is the last one."""
    head = _head(told)
    lines: list[Any] = []
    signs = 0
    for line in map(_line, told.booking.lines):
        more = len(json.dumps(line))
        if signs + more > _MOST_SIGNS:
            yield {**head, "lines": lines}, False
            lines, signs = [], 0
        lines.append(line)
        signs += more
    yield {**head, "lines": lines}, True


def _head(told: Told) -> Part:
    one = told.booking
    return {
        "id": one.booking_id,
        "account": one.account,
        "currency": one.currency,
        "amount": one.amount,
        "status": one.status.value,
        "booked_on": one.booked_on.isoformat(),
        "value_on": one.value_on.isoformat(),
        "bank_reference": one.bank_reference,
        "collects_for": one.collects_for,
        "detailed": one.detailed,
        "reversal": one.reversal,
        "told_by": told.told_by,
    }


def _line(one: BankLine) -> list[Any]:
    return [
        one.line_id,
        one.amount,
        one.payer.name[:LONGEST_TEXT],
        one.payer.account[:LONGEST_NAME],
        one.reference[:LONGEST_TEXT],
        one.text[:LONGEST_TEXT],
        one.end_to_end_id[:LONGEST_NAME],
        one.reversal,
    ]


def _unpacked(kept: Mapping[str, Any]) -> Told:
    currency = kept["currency"]
    lines = tuple(
        BankLine(
            line_id, amount, currency, Payer(name, account), reference, text, end_to_end,
            reversal=reversal,
        )
        for line_id, amount, name, account, reference, text, end_to_end, reversal in kept["lines"]
    )  # fmt: skip
    booking = Booking(
        booking_id=kept["id"],
        account=kept["account"],
        currency=currency,
        amount=kept["amount"],
        status=Status(kept["status"]),
        booked_on=date.fromisoformat(kept["booked_on"]),
        value_on=date.fromisoformat(kept["value_on"]),
        lines=lines,
        bank_reference=kept["bank_reference"],
        collects_for=kept["collects_for"],
        detailed=kept["detailed"],
        reversal=kept["reversal"],
    )
    return Told(booking, kept["told_by"])
