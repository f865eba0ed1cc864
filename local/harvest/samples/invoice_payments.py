"""Payments of invoices: in full, in parts, through gateways; what they say is made when read."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
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
    outlines = invoices.outlines
    rows = sorted(
        (payment[0], outline.number, place)
        for outline in outlines
        for place, payment in enumerate(outline.fate.payments)
    )
    rng = stream(plan.name, seed, "invoice_payments")
    ids = rising_ids(rng, plan.first_id(seed, "invoice_payments"))
    return [
        _payment(next(ids), invoices, outlines[number], place, rng.getrandbits(48))
        for _, number, place in rows
    ]


def _payment(
    payment_id: int, invoices: Invoices, outline: Outline, place: int, dice: int
) -> LateRecord:
    recorded = stamp(outline.fate.payments[place][0])
    values: Record = {
        "id": payment_id,
        "invoice_id": outline.id,
        "created_at": recorded,
        "updated_at": recorded,
    }
    return LateRecord(values, lambda: _rest(invoices, outline, place, dice))


def _rest(invoices: Invoices, outline: Outline, place: int, dice: int) -> Record:
    """What is paid, and how; `dice` is a random number that decides on details."""
    paid_date = day(outline.fate.payments[place][1] * 86_400)
    shares = [share for _, _, share in outline.fate.payments]
    words, clerk = money_words()["texts"], invoices.clerk(outline)
    by_gateway = dice % 20 < 3
    gateway = dice // 20 % len(words["gateways"]) if by_gateway else None
    forms = words["payments"]
    note = expand(forms[dice // 100 % len(forms)], n=100 + dice // 1000 % 9900)
    return {
        "amount": part_amounts(invoices.amount(outline), shares)[place],
        "paid_at": f"{paid_date}T00:00:00Z",
        "paid_date": paid_date,
        "recorded_by": None if by_gateway else f"{clerk['first_name']} {clerk['last_name']}",
        "recorded_by_email": None if by_gateway else clerk["email"],
        "notes": note if not by_gateway and dice % 7 < 4 else "",
        "transaction_id": f"ch_{dice * 65_539:016x}" if by_gateway else None,
        "payment_gateway_id": None if gateway is None else _FIRST_GATEWAY_ID + gateway,
        "payment_gateway_name": None if gateway is None else words["gateways"][gateway],
    }
