"""Receipts and what they pay, for the tests of payments."""

from dataclasses import replace
from datetime import date
from typing import Any

from sheaf.books.payments.bodies import AllocationBody
from sheaf.books.payments.translating import naming, wanted_of
from sheaf.books.receipts.allocating import Open, allocated
from sheaf.books.receipts.records import Receipt, Source, Target, TargetKind
from sheaf.books.receivables.records import Receivable, Standing

DAY = date(2026, 4, 2)


def receipt(amount: int = 90000, currency: str = "CHF", **values: Any) -> Receipt:
    made = Receipt("mp_1", 1, Source.MANUAL, "mp_1", "1020", DAY, currency, amount, base=amount)
    return replace(made, **values)


def invoice_target(number: int) -> Target:
    return Target(TargetKind.INVOICE, f"cn_1#{number}")


def open_of(target: Target, amount: int, currency: str = "CHF", base: int | None = None) -> Open:
    return Open(target, currency, amount, amount if base is None else base, "cn_1#70")


def body(number: int, paid: str, **values: Any) -> AllocationBody:
    named = {"connection_id": "cn_1", "invoice_id": str(number)}
    return AllocationBody.model_validate({"invoice": named, "paid": paid, **values})


def pays(given: Receipt, bodies: list[AllocationBody], *items: Open) -> Receipt:
    """The receipt as a request allocates it."""
    opens = {one.target: one for one in items}
    with naming(bodies):
        return allocated(given, wanted_of(given, bodies, opens), opens)


def receivable(number: int, amount: int, currency: str = "CHF", **values: Any) -> Receivable:
    made = Receivable(
        "cn_1", number, 1, Standing.BOOKED, "digest", f"2026-{number:04d}", 70, "Osier Baskets",
        currency, date(2026, 3, 2), DAY, amount, amount,
    )  # fmt: skip
    return replace(made, **values)
