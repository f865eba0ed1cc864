"""What Harvest, the books and the bank say of one invoice, and in what they differ.

What the next run of the books would do about an invoice is a difference too, and says so. Payments
are compared one by one; what they leave unexplained of the amount due is a difference of its own.
"""

from collections.abc import Iterator

from sheaf.books.checks.differences import Difference, Kind, Sides, money
from sheaf.books.checks.drift_payments import Payments
from sheaf.books.checks.sides import Invoice, Terms, paid_before, shown_by_bank
from sheaf.books.receivables.deciding import decide
from sheaf.books.receivables.decisions import Booked, Happening
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Receivable

_RUN = "The next run of the books settles it; to have it now, start one (POST /v1/books/runs)."
_RECORD = (
    "Delete the payment in Harvest and record it with the invoice that it pays; or allocate it here"
    " as it is there (POST /v1/books/payments/<payment_id>/allocations)."
)


def differences(invoice: Invoice, terms: Terms) -> list[Difference]:
    """Everything that differs of an invoice. What is due is only compared where the invoice itself
    is the same on both sides."""
    found = of_invoice(invoice, terms)
    payments = Payments(invoice, terms)
    of_payments = payments.differences()
    due = of_due(invoice, payments) if not found else ()
    return [*found, *of_payments, *due]


def of_invoice(invoice: Invoice, terms: Terms) -> list[Difference]:
    """What differs of the invoice itself, but for its payments and what is due."""
    before = paid_before(invoice, terms.calendar.start)
    decision = decide(
        invoice.facts,
        Booked(invoice.receivable) if invoice.receivable else None,
        before,
        terms.rules,
        terms.calendar,
        invoice.connection_id,
    )
    facts, standing = invoice.facts, invoice.standing
    if decision.parked and facts is not None:
        return [_parked(invoice, facts, " ".join(one.detail for one in decision.parked))]
    taken_back = Happening.TAKEN_BACK in decision.happened
    if taken_back and standing is not None and not _is_paid_in_another(standing, facts):
        return [_gone(invoice, standing)]
    if standing is None and decision.receivable is not None and facts is not None:
        return [_not_in_books(invoice, facts, before)]
    if standing is None or facts is None:
        return []
    if _amount_differs(standing, facts, before):
        return [_amounts(invoice, standing, facts, before)]
    if standing.open_amount == 0 and standing.open_base != 0:
        return [_exchange_left(invoice, standing, terms.rules.rates.own)]
    if Happening.BOOKED_AGAIN in decision.happened:
        return [_edited(invoice, standing, facts)]
    if decision.receivable is not None:
        return [_closed(invoice, standing, facts)]
    return []


def of_due(invoice: Invoice, payments: Payments) -> Iterator[Difference]:
    """What is due in Harvest and what is open here, if they differ by something else than payments
    explain.

    What a closed invoice still lacked is written off here, and stays due in Harvest or not. Where
    more was paid than the invoice says, nothing is due there.
    """
    facts, standing = invoice.facts, invoice.standing
    if facts is None or standing is None:
        return
    wanted = {standing.open_amount + standing.lost}
    if facts.state.name == "closed":
        wanted |= {standing.open_amount}
    # Payments are read a moment after their invoices: what is due may be of before.
    wanted |= {one + payments.explained for one in wanted}
    if facts.due in wanted | {max(one, min(facts.amount, 0)) for one in wanted}:
        return
    due, here = (money(one, facts.currency) for one in (facts.due, standing.open_amount))
    lost = f", and {money(standing.lost, facts.currency)} written off" if standing.lost else ""
    moved = _moved(payments, facts.currency)
    yield Difference(
        Kind.DUE_DIFFERS,
        invoice.about,
        f"Of invoice {facts.number} {due} are due in Harvest; here {here} are open{lost}.{moved}",
        _RECORD if moved else _look(invoice),
        facts.currency,
        Sides(facts.due, standing.open_amount, shown_by_bank(invoice)),
    )


def _look(invoice: Invoice) -> str:
    place = f"/v1/books/invoices/{invoice.connection_id}/{invoice.invoice_id}"
    return (
        f"Look at the invoice in Harvest and here (GET {place}), and start a run of the books (POST"
        " /v1/books/runs)."
    )


def _moved(payments: Payments, currency: str) -> str:
    """What people have decided here otherwise than it is recorded in Harvest, in words."""
    said = []
    if payments.elsewhere:
        said.append(
            f" {money(payments.elsewhere, currency)} of what others have recorded there pay"
            " something else here, or nothing."
        )
    if payments.borrowed:
        said.append(
            f" {money(payments.borrowed, currency)} of what pays it here others have recorded for"
            " another invoice there."
        )
    return "".join(said)


def _is_paid_in_another(standing: Receivable, facts: Facts | None) -> bool:
    """Whether it is only taken back to be booked in another currency."""
    if facts is None or not facts.state.sent or facts.state.name == "draft":
        return False
    return standing.currency != facts.currency


def _amount_differs(standing: Receivable, facts: Facts, before: int) -> bool:
    return (standing.amount, standing.currency) != (facts.amount - before, facts.currency)


def _parked(invoice: Invoice, facts: Facts, why: str) -> Difference:
    standing = invoice.standing
    since = f" since {invoice.parked_since[:10]}" if invoice.parked_since else ""
    what = "is booked as it was before" if standing else "is not booked"
    return Difference(
        Kind.PARKED,
        invoice.about,
        f"Invoice {facts.number}, {facts.client_name}, over {money(facts.amount, facts.currency)}"
        f" is parked{since} and {what}: {invoice.parked_because or why}",
        "Mend what the text names (GET /v1/books/parked has the steps); it is tried again with each"
        " run.",
        facts.currency,
        Sides(facts.amount, standing.amount if standing else None),
    )


def _gone(invoice: Invoice, standing: Receivable) -> Difference:
    what = "is a draft again" if invoice.facts is not None else "is gone from"
    where = " in Harvest" if invoice.facts is not None else " Harvest"
    return Difference(
        Kind.GONE_FROM_HARVEST,
        invoice.about,
        f"Invoice {standing.number} over {money(standing.amount, standing.currency)} is in the"
        f" books, and {what}{where}.",
        f"{_RUN} What was paid for it goes into suspense.",
        standing.currency,
        Sides(books=standing.amount, bank=shown_by_bank(invoice)),
    )


def _not_in_books(invoice: Invoice, facts: Facts, before: int) -> Difference:
    return Difference(
        Kind.NOT_IN_BOOKS,
        invoice.about,
        f"Invoice {facts.number}, {facts.client_name}, over {money(facts.amount, facts.currency)}"
        " was sent, and is not in the books.",
        _RUN,
        facts.currency,
        Sides(harvest=facts.amount - before),
    )


def _amounts(invoice: Invoice, standing: Receivable, facts: Facts, before: int) -> Difference:
    there, here = facts.amount - before, standing.amount
    less = " less what was paid before the books" if before else ""
    return Difference(
        Kind.AMOUNT_DIFFERS,
        invoice.about,
        f"Invoice {facts.number} comes to {money(there, facts.currency)} in Harvest{less}, and is"
        f" booked with {money(here, standing.currency)}.",
        _RUN,
        facts.currency,
        Sides(
            there,
            here if standing.currency == facts.currency else None,
            shown_by_bank(invoice),
        ),
    )


def _edited(invoice: Invoice, standing: Receivable, facts: Facts) -> Difference:
    return Difference(
        Kind.EDITED,
        invoice.about,
        f"Invoice {facts.number} was edited in Harvest: its lines, its client, a day or its taxes"
        " are not those that are booked.",
        _RUN,
        facts.currency,
        Sides(facts.amount, standing.amount, shown_by_bank(invoice)),
    )


def _exchange_left(invoice: Invoice, standing: Receivable, own: str) -> Difference:
    return Difference(
        Kind.EXCHANGE_LEFT,
        invoice.about,
        f"Invoice {standing.number} is paid in full, and {money(standing.open_base, own)} are left"
        " of it by exchange rates of different days.",
        _RUN,
        own,
        Sides(books=standing.open_base),
    )


def _closed(invoice: Invoice, standing: Receivable, facts: Facts) -> Difference:
    if facts.state.name == "closed":
        text = f"Invoice {facts.number} is closed in Harvest, and not written off here."
    else:
        text = f"Invoice {facts.number} is not closed in Harvest any more, and written off here."
    return Difference(
        Kind.DUE_DIFFERS,
        invoice.about,
        text,
        _RUN,
        facts.currency,
        Sides(facts.due, standing.open_amount, shown_by_bank(invoice)),
    )
