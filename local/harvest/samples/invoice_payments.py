"""Payments of invoices: in full, in parts, through gateways; their amounts are late fields."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any

from local.harvest.late_record import LateRecord
from local.harvest.samples.billing import Outline
from local.harvest.samples.invoices import Invoices
from local.harvest.samples.money import expand, money_words
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import day, rising_ids, stamp

Record = dict[str, Any]
_CENT = Decimal("0.01")
_FIRST_GATEWAY_ID = 1201


def part_amounts(amount: Decimal, shares: Sequence[float]) -> list[Decimal]:
    """The payments that these shares of an amount are; a share of 0 is what is left of it."""
    paid: list[Decimal] = []
    for share in shares:
        part = (amount * Decimal(str(share))).quantize(_CENT, rounding=ROUND_DOWN)
        paid.append(max(part, _CENT) if share else amount - sum(paid, Decimal(0)))
    return paid


def payment_records(plan: Plan, seed: int, invoices: Invoices) -> list[LateRecord]:
    """All payments, the one that was recorded first comes first."""
    rows = sorted(
        (payment[0], outline.number, place)
        for outline in invoices.outlines
        for place, payment in enumerate(outline.fate.payments)
    )
    outlines = invoices.outlines
    rng = stream(plan.name, seed, "invoice_payments")
    ids = rising_ids(rng, plan.first_id(seed, "invoice_payments"))
    return [
        _payment(rng, next(ids), invoices, outlines[number], place) for _, number, place in rows
    ]


def _payment(
    rng: Random, payment_id: int, invoices: Invoices, outline: Outline, place: int
) -> LateRecord:
    recorded, paid, _ = outline.fate.payments[place]
    paid_date = day(paid * 86_400)
    words = money_words()["texts"]
    by_gateway = rng.random() < 0.15
    gateway = rng.randrange(len(words["gateways"])) if by_gateway else None
    clerk = invoices.clerk(outline)
    note = expand(rng.choice(words["payments"]), n=rng.randrange(100, 9999))
    values: Record = {
        "id": payment_id,
        "invoice_id": outline.id,
        "paid_at": f"{paid_date}T00:00:00Z",
        "paid_date": paid_date,
        "recorded_by": None if by_gateway else f"{clerk['first_name']} {clerk['last_name']}",
        "recorded_by_email": None if by_gateway else clerk["email"],
        "notes": note if not by_gateway and rng.random() < 0.5 else "",
        "transaction_id": f"ch_{rng.getrandbits(64):016x}" if by_gateway else None,
        "payment_gateway_id": None if gateway is None else _FIRST_GATEWAY_ID + gateway,
        "payment_gateway_name": None if gateway is None else words["gateways"][gateway],
        "created_at": stamp(recorded),
        "updated_at": stamp(recorded),
    }
    return LateRecord(values, _amount(invoices, outline, place))


def _amount(invoices: Invoices, outline: Outline, place: int) -> Callable[[], Mapping[str, Any]]:
    def work_out() -> Mapping[str, Any]:
        shares = [share for _, _, share in outline.fate.payments]
        return {"amount": part_amounts(invoices.amount(outline), shares)[place]}

    return work_out
