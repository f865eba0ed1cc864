"""Invoices as Harvest, the books and the bank have them, for tests of what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sheaf.books.checks.drift import differences
from sheaf.books.checks.sides import Invoice, Paid, Terms
from sheaf.books.outgoing.records import Outgoing, Sum, outgoing_id
from sheaf.books.receipts.records import Allocation, Receipt, Source, Target, TargetKind
from sheaf.books.receivables.deciding import decide
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Receivable
from tests.unit.books.receivables.invoices import CALENDAR, RULES, invoice

CONNECTION, ITEM = "cn_1", "cn_1#7"
READ_AT, BEFORE, AFTER = (f"2026-06-{day}T01:00:00.000000Z" for day in (29, 28, 30))
TERMS = Terms(RULES, CALENDAR, True, READ_AT)
FACTS = invoice(("1000", 10_000))
DAY = date(2026, 3, 20)


def booked(facts: Facts = FACTS, paid_before: int = 0) -> Receivable:
    """The receivable of an invoice that was taken over."""
    found = decide(facts, None, paid_before, RULES, CALENDAR, CONNECTION).receivable
    assert found is not None
    return replace(found, version=1)


def receipt(amount: int, source: Source = Source.BANK, **values: Any) -> Receipt:
    """One that pays the invoice with all that it has."""
    receipt_id = "hp_cn_1_901" if source is Source.HARVEST else "re_1"
    target = Target(TargetKind.INVOICE, ITEM)
    allocation = Allocation(f"{receipt_id}.1", target, amount, amount, amount, currency="CHF")
    made = Receipt(
        receipt_id, 1, source, "901", "1020", DAY, "CHF", amount, allocations=(allocation,)
    )
    return replace(made, **values)


def outgoing(amount: int | None, made: int | None, **values: Any) -> Outgoing:
    """What Harvest is to know of `re_1`, and what it has of it as payment 500."""
    one = Outgoing(
        outgoing_id("re_1", CONNECTION, 7), 1, CONNECTION, 7, FACTS.number, "CHF",
        Sum(amount, DAY) if amount is not None else None,
        Sum(made, DAY) if made is not None else None,
        500 if made is not None else 0,
        attempts=1,
        changed_at=BEFORE,
    )  # fmt: skip
    return replace(one, **values)


def there(amount: int, payment_id: int = 500, **values: Any) -> Paid:
    """A payment in Harvest; by default ours."""
    reference = outgoing_id("re_1", CONNECTION, 7) if payment_id == 500 else ""
    return replace(Paid(payment_id, amount, DAY, "Bo Marsh", reference), **values)


def sides(
    facts: Facts | None,
    receivable: Receivable | None,
    paid: Sequence[Paid] = (),
    receipts: Sequence[Receipt] = (),
    told: Sequence[Outgoing] = (),
    **values: Any,
) -> Invoice:
    """An invoice whose receivable is paid by the receipts, and which Harvest says is due less what
    it has as paid."""
    if receivable is not None:
        amount = sum(one.amount for one in receipts)
        receivable = replace(
            receivable, allocated=amount, allocated_base=amount,
            paid_by=tuple(one.receipt_id for one in receipts),
        )  # fmt: skip
    if facts is not None and "due" not in values:
        facts = replace(facts, due=facts.amount - sum(one.amount for one in paid))
    elif facts is not None:
        facts = replace(facts, due=values.pop("due"))
    of_receipts: Mapping[str, Receipt] = {one.receipt_id: one for one in receipts}
    of_told: Mapping[str, Outgoing] = {one.outgoing_id: one for one in told}
    known = Invoice(CONNECTION, 7, facts, tuple(paid), receivable, of_receipts, of_told)
    return replace(known, **values)


def kinds(one: Invoice, terms: Terms = TERMS) -> list[str]:
    return [found.kind.value for found in differences(one, terms)]
