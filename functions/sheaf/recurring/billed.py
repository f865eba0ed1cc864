"""Invoices as detection sees them: when, how much, for what; and which of them say nothing.

A draft is no bill yet. A credit note takes the invoice that it cancels with it, so that neither
counts as a period that was billed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# No currency has smaller parts.
THOUSANDTHS = 1_000
# A credit note cancels an invoice of the same amount that is so many days older at most.
CREDITED_WITHIN = 120
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|january|february|march|april|june|july|august"
    "|september|october|november|december|sept|januar|februar|märz|maerz|mai|juni|juli|oktober"
    "|dezember|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre"
    "|novembre|décembre|decembre|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto"
    "|settembre|ottobre|novembre|dicembre|enero|febrero|abril|mayo|junio|julio|septiembre|octubre"
    "|noviembre|diciembre|januari|februari|maart|mei|augustus"
)
# What tells one period of a stream from the next: numbers, months, quarters, weeks.
_CHANGING = re.compile(rf"\b(?:{_MONTHS}|(?:kw|cw|[qhw])? ?\d+(?:st|nd|rd|th)?)\b|\d+|[^\w\s]|_")


class Billed(NamedTuple):
    """One invoice, issued on `day`.

    `amount` is in thousandths of its currency; `label` is what stays the same from period to period
    in what it says it is for; `fixed` an id that Harvest gives all invoices of one recurring
    invoice, `retainer` that of the retainer it adds funds to, 0 without; `period` the first day
    that it bills, where it says so.
    """

    invoice_id: int
    day: date
    amount: int
    label: str
    fixed: int
    period: date | None = None
    retainer: int = 0


@dataclass(frozen=True, slots=True)
class Invoice:
    """What detection needs of a Harvest invoice. `amount` is the total without taxes, which are no
    part of what was agreed and change by law."""

    invoice_id: int
    client_id: int
    currency: str
    state: str
    issue_date: date
    amount: Decimal
    subject: str = ""
    kinds: frozenset[str] = frozenset()
    recurring_invoice_id: int = 0
    period_start: date | None = None
    retainer_id: int = 0

    def billed(self) -> Billed:
        return Billed(
            self.invoice_id,
            self.issue_date,
            int(self.amount * THOUSANDTHS),
            label_of(self.subject, self.kinds),
            self.recurring_invoice_id,
            self.period_start,
            self.retainer_id,
        )


def label_of(subject: str, kinds: Iterable[str]) -> str:
    """What an invoice is for, without what changes from one period to the next."""
    words = _CHANGING.sub(" ", subject.casefold()).split()
    return " ".join([*words, *(f"[{kind}]" for kind in sorted(kinds))]) if words else ""


def without_cancelled(invoices: Sequence[Invoice]) -> list[Invoice]:
    """The invoices that were billed and stand: no drafts, no credit notes, nothing credited.

    Of several that a credit note may cancel it is the latest, for a wrong one is noticed soon.
    """
    ordered = sorted(
        (one for one in invoices if one.state != "draft" and one.amount),
        key=lambda one: (one.issue_date, one.invoice_id),
    )
    standing: dict[int, Invoice] = {}
    for one in ordered:
        if one.amount > 0:
            standing[one.invoice_id] = one
            continue
        cancelled = next(
            (
                other
                for other in reversed(standing.values())
                if other.amount == -one.amount
                and (one.issue_date - other.issue_date).days <= CREDITED_WITHIN
            ),
            None,
        )
        if cancelled is not None:
            del standing[cancelled.invoice_id]
    return list(standing.values())
