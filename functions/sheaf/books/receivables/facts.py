"""What an invoice of Harvest says for the books, read from the mirror's payload of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sheaf.platform.currencies import minor

_ZERO = Decimal(0)


class State(NamedTuple):
    """What an invoice is at this moment: `draft`, `open`, `paid` or `closed`, and since when."""

    name: str
    sent: bool
    closed_on: date | None


class Line(NamedTuple):
    """`kind` is the name of the invoice item category: an article's number. `place` counts from 1,
    as on the invoice."""

    place: int
    kind: str
    description: str
    amount: int
    taxed: bool
    taxed2: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """An invoice as it would be booked; amounts are in the smallest parts of its currency.

    `tax` and `tax2` are rates in per cent, None without. `due` is what Harvest says is left to
    pay. `prepays` tells that it adds funds to a retainer: it is no revenue yet.
    """

    invoice_id: int
    client_id: int
    client_name: str
    number: str
    state: State
    currency: str
    issued_on: date
    due_on: date
    lines: tuple[Line, ...]
    amount: int
    due: int
    discount: int
    tax: Decimal | None
    tax_amount: int
    tax2: Decimal | None
    tax2_amount: int
    prepays: bool

    @property
    def digest(self) -> str:
        """The same as long as nothing changes that is booked."""
        said = (
            self.client_id, self.number, self.currency, self.issued_on, self.due_on, self.lines,
            self.amount, self.discount, self.tax, self.tax_amount, self.tax2, self.tax2_amount,
            self.prepays,
        )  # fmt: skip
        return hashlib.blake2b(repr(said).encode(), digest_size=12).hexdigest()


def facts_of(payload: Mapping[str, Any], currency: str) -> Facts | None:
    """The facts of an invoice; None without a client or a day of issue, as some drafts are.

    `currency` is that of the account, for an invoice that names none.
    """
    client, issued = payload.get("client") or {}, payload.get("issue_date")
    if client.get("id") is None or not issued:
        return None
    currency = payload.get("currency") or currency

    def money(value: Any) -> int:
        return minor(_decimal(value), currency)

    issued_on = date.fromisoformat(issued)
    due = payload.get("due_date")
    closed = payload.get("closed_at")
    return Facts(
        invoice_id=int(payload["id"]),
        client_id=int(client["id"]),
        client_name=str(client.get("name") or ""),
        number=str(payload.get("number") or ""),
        state=State(
            str(payload.get("state") or ""),
            bool(payload.get("sent_at")),
            date.fromisoformat(closed[:10]) if closed else None,
        ),
        currency=currency,
        issued_on=issued_on,
        due_on=date.fromisoformat(due) if due else issued_on,
        lines=tuple(
            Line(
                place,
                str(line.get("kind") or ""),
                str(line.get("description") or ""),
                money(line.get("amount")),
                bool(line.get("taxed")),
                bool(line.get("taxed2")),
            )
            for place, line in enumerate(payload.get("line_items") or (), 1)
        ),
        amount=money(payload.get("amount")),
        due=money(payload.get("due_amount")),
        discount=money(payload.get("discount_amount")),
        tax=_rate(payload.get("tax")),
        tax_amount=money(payload.get("tax_amount")),
        tax2=_rate(payload.get("tax2")),
        tax2_amount=money(payload.get("tax2_amount")),
        prepays=(payload.get("retainer") or {}).get("id") is not None,
    )


def _decimal(value: Any) -> Decimal:
    return _ZERO if value is None else Decimal(value)


def _rate(value: Any) -> Decimal | None:
    """A rate in per cent; None for none, and for one of nothing."""
    rate = _decimal(value)
    return rate.normalize() if rate else None
