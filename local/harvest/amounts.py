"""The arithmetic of invoices and estimates: lines, discount, two taxes, each rounded to cents.

The discount is taken from the subtotal. A tax is charged on the lines that are taxed, less their
share of the discount. Halves of a cent are rounded away from zero.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from local.harvest.store import Record

CENT = Decimal("0.01")
ZERO = Decimal(0)


def to_cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def percentage(percent: Decimal | None, of: Decimal) -> Decimal:
    """So many percent of an amount in cents; no percentage is nothing."""
    return to_cents(of * percent / 100) if percent is not None else ZERO


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a document shows besides its percentages; `amount` is the total to be paid."""

    amount: Decimal
    discount_amount: Decimal
    tax_amount: Decimal
    tax2_amount: Decimal


def line_amount(line: Record) -> Decimal:
    return to_cents(line["quantity"] * line["unit_price"])


def amounts_of(document: Record) -> Amounts:
    """The amounts of an invoice or estimate in stored form."""
    lines = document["line_items"]
    discount, tax, tax2 = (document[name] for name in ("discount", "tax", "tax2"))

    def after_discount(subtotal: Decimal) -> Decimal:
        return subtotal - percentage(discount, subtotal)

    def sum_where(flag: str) -> Decimal:
        return sum((line_amount(line) for line in lines if line[flag]), ZERO)

    subtotal = sum((line_amount(line) for line in lines), ZERO)
    tax_amount = percentage(tax, after_discount(sum_where("taxed")))
    tax2_amount = percentage(tax2, after_discount(sum_where("taxed2")))
    return Amounts(
        amount=after_discount(subtotal) + tax_amount + tax2_amount,
        discount_amount=percentage(discount, subtotal),
        tax_amount=tax_amount,
        tax2_amount=tax2_amount,
    )
