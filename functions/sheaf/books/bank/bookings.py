"""Bookings of what a file says: lines that add up to each entry to the smallest part, with ids."""

from collections.abc import Sequence
from dataclasses import replace

from sheaf.books.bank.entries import Account, Detail, Entry
from sheaf.books.bank.identities import booking_ids, line_ids
from sheaf.books.bank.lines import BankLine, Booking, Statement, Status

DIFFERENCE = "Difference between the booking and its details"
_SUREST_FIRST = (Status.BOOKED, Status.PENDING, Status.INFORMATION)


def statements(accounts: Sequence[Account]) -> list[Statement]:
    """All that one message says. A booking that it tells twice, booked and announced, is told once:
    booked."""
    entries = [entry for account in accounts for entry in account.entries]
    ids = booking_ids(entries)
    surest: dict[str, Status] = {}
    for booking_id, entry in zip(ids, entries, strict=True):
        known = surest.get(booking_id, entry.status)
        surest[booking_id] = min(known, entry.status, key=_SUREST_FIRST.index)
    found = []
    first = 0
    for account in accounts:
        last = first + len(account.entries)
        bookings = tuple(
            _booking(booking_id, entry)
            for booking_id, entry in zip(ids[first:last], account.entries, strict=True)
            if entry.status is surest[booking_id]
        )
        first = last
        found.append(
            Statement(
                account.kind,
                account.statement_id,
                account.account,
                account.currency,
                bookings,
                account.balances,
            )
        )
    return found


def _booking(booking_id: str, entry: Entry) -> Booking:
    shares, detailed = _shares(entry)
    ids = line_ids(booking_id, shares)
    return Booking(
        booking_id=booking_id,
        account=entry.account,
        currency=entry.currency,
        amount=entry.amount,
        status=entry.status,
        booked_on=entry.booked_on,
        value_on=entry.value_on,
        lines=tuple(
            BankLine(
                line_id=line_id,
                amount=amount,
                currency=entry.currency,
                payer=detail.payer,
                reference=detail.reference,
                text=detail.text,
                end_to_end_id=detail.end_to_end_id,
                bank_reference=detail.bank_reference,
                reversal=entry.reversal,
                return_reason=detail.return_reason,
            )
            for line_id, (detail, amount) in zip(ids, shares, strict=True)
        ),
        bank_reference=entry.bank_reference,
        collects_for=entry.collects_for,
        detailed=detailed,
        reversal=entry.reversal,
    )


def _shares(entry: Entry) -> tuple[list[tuple[Detail, int]], bool]:
    """What of the entry each detail is, and whether that tells all of it apart."""
    if not entry.details:
        return [(_whole(Detail(None), entry), entry.amount)], entry.complete
    if len(entry.details) == 1:
        only = entry.details[0]
        # One detail of several says what it comes to itself; the only one is the entry, whatever
        # a bank has taken off for itself on the way.
        if entry.complete or only.amount in (None, entry.amount):
            return [(_whole(only, entry), entry.amount)], entry.complete
    amounts = _amounts(entry)
    told = [
        (detail, amount)
        for detail, amount in zip(entry.details, amounts, strict=True)
        if amount is not None
    ]
    rest = entry.amount - sum(amount for _, amount in told)
    detailed = entry.complete and len(told) == len(entry.details)
    if rest or not told:
        told.append((Detail(rest, text=DIFFERENCE), rest))
    return told, detailed


def _amounts(entry: Entry) -> list[int | None]:
    """What the details come to: what is left where one alone does not say it."""
    amounts = [detail.amount for detail in entry.details]
    known = [amount for amount in amounts if amount is not None]
    left = entry.amount - sum(known)
    if len(known) == len(amounts):
        # Details of a reversal that still have the direction of what it takes back.
        return [-amount for amount in known] if left == 2 * entry.amount != 0 else amounts
    if len(known) == len(amounts) - 1 and left * entry.amount > 0:
        return [left if amount is None else amount for amount in amounts]
    return amounts


def _whole(detail: Detail, entry: Entry) -> Detail:
    """A detail that is all of its entry: what is said of the entry is said of it."""
    text = detail.text if entry.text in detail.text else f"{detail.text} {entry.text}".strip()
    reference = detail.bank_reference or entry.bank_reference
    return replace(detail, bank_reference=reference, text=text)
