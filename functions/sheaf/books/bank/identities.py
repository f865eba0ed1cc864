"""Ids of bookings and lines, made of what the bank says: the same in each file that tells of them.

A booking is known by the bank's own reference of it, on its account and in its direction, for what
takes a booking back often has the reference of that booking. Without one it is known by its day and
amount. Equal ones of a message are counted, so that two equal bookings stay two.
"""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from hashlib import blake2b

from sheaf.books.bank.entries import Detail, Entry
from sheaf.books.bank.lines import Booking

_BYTES = 12
# What stands in the place of a reference where there is none.
_NO_REFERENCE = frozenset(
    "NONREF NOTPROVIDED NOTAVAILABLE NOREFERENCE NONE NULL UNKNOWN NA NV".split()
)

Key = tuple[str | int | bool, ...]


def given(reference: str) -> str:
    """A reference, or nothing where it only says that there is none (`NOTPROVIDED`, zeros)."""
    bare = "".join(sign for sign in reference.upper() if sign.isalnum())
    return "" if bare in _NO_REFERENCE or not bare.strip("0") else reference


def booking_ids(entries: Sequence[Entry]) -> list[str]:
    """The ids of all entries of a message, in order. An entry that is pending and one that is
    booked with the same reference of the bank are one booking, and get one id."""
    keys = [_booking_key(entry) for entry in entries]
    counted = ordinals(
        (key, entry.status if entry.bank_reference else "")
        for key, entry in zip(keys, entries, strict=True)
    )
    return [identity(*key, number) for key, number in zip(keys, counted, strict=True)]


def taken_back_by(booking: Booking) -> str:
    """The id of the booking that a reversal takes back, if the bank names it; empty otherwise.

    A reversal has the reference of what it takes back, and the other direction.
    """
    if not booking.reversal or not booking.bank_reference:
        return ""
    return _by_reference(booking, is_out=booking.amount > 0, reversal=False)


def taking_back(booking: Booking) -> str:
    """The id that a reversal of a booking has, if the bank has named the booking; else empty."""
    if booking.reversal or not booking.bank_reference:
        return ""
    return _by_reference(booking, is_out=booking.amount > 0, reversal=True)


def line_ids(booking_id: str, details: Sequence[tuple[Detail, int]]) -> list[str]:
    """The ids of the lines of one booking, each with its amount.

    A booking of one line has the same however little a file tells of it.
    """
    if len(details) == 1:
        return [identity(booking_id, "whole")]
    keys = [_line_key(detail, amount) for detail, amount in details]
    return [
        identity(booking_id, *key, number) for key, number in zip(keys, ordinals(keys), strict=True)
    ]


def identity(*parts: str | int | bool) -> str:
    """An id that stands for the parts: hexadecimal digits, safe in keys and addresses."""
    return blake2b(json.dumps(parts).encode(), digest_size=_BYTES).hexdigest()


def ordinals(keys: Iterable[Hashable]) -> list[int]:
    """How many equal ones come before each."""
    seen: Counter[Hashable] = Counter()
    found = []
    for key in keys:
        found.append(seen[key])
        seen[key] += 1
    return found


def _by_reference(booking: Booking, *, is_out: bool, reversal: bool) -> str:
    """The id of the first booking of an account with the bank's reference of another one."""
    key = (booking.account, booking.currency, "reference", booking.bank_reference)
    return identity(*key, is_out, reversal, 0)


def _booking_key(entry: Entry) -> Key:
    known: Key = ("day", entry.booked_on.isoformat(), entry.amount)
    if entry.bank_reference:
        known = ("reference", entry.bank_reference, entry.amount < 0)
    return (entry.account, entry.currency, *known, entry.reversal)


def _line_key(detail: Detail, amount: int) -> Key:
    for kind, value in (
        ("bank", detail.bank_reference),
        ("transaction", detail.transaction_id),
        ("end to end", detail.end_to_end_id),
        ("reference", detail.reference),
    ):
        if value:
            return (kind, value, amount)
    return ("amount", amount)
