"""Payments as Harvest has them of an invoice, read from the mirror's record of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.platform.currencies import minor

# The line that a payment of ours has in its notes.
_OURS = re.compile(r"Reference: (\S+)\.\d+")


@dataclass(frozen=True, slots=True)
class Payment:
    """One of Harvest's, in the smallest parts of its invoice's currency."""

    payment_id: int
    amount: int
    paid_on: date
    recorded_by: str


def payments_of(payload: Mapping[str, Any], currency: str) -> Iterator[tuple[Payment, str]]:
    """The payments of an invoice's record in the mirror, each with what may be our reference.

    One without a day was recorded on the day on which it came to be.
    """
    for one in payload["payments"]:
        day = one.get("paid_date") or one.get("paid_at") or one["created_at"]
        found = _OURS.search(one.get("notes") or "")
        payment = Payment(
            int(one["id"]),
            minor(Decimal(one["amount"]), currency),
            date.fromisoformat(str(day)[:10]),
            str(one.get("recorded_by") or ""),
        )
        yield payment, found[1] if found else ""
