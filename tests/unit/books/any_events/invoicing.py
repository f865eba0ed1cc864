"""What people do in Harvest: invoices made, sent, edited, closed, deleted; payments recorded.

Each event takes what it needs from a random of its own, and does nothing where there is nothing to
do it to.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tests.unit.books.any_events.harvest import CLIENTS, Invoice
from tests.unit.books.any_events.office import Office
from tests.unit.books.receivables.invoices import START, TODAY

_MOST = 6
# Few amounts, so that they meet; some cannot be halved, or not paid in whole parts of a rate.
AMOUNTS = (90000, 30000, 45050, 12345, 99999, 1, 500000)
# One of them has no article, so that it is parked.
_KINDS = ("1000",) * 9 + ("Consulting",)


def make(office: Office, random: Random) -> None:
    """An invoice, mostly sent at once; one of some is older than the books, or gives money back."""
    if len(office.harvest.invoices) >= _MOST:
        return
    invoice_id = office.new_id()
    invoice = Invoice(
        invoice_id,
        random.choice(list(CLIENTS)),
        random.choice(("CHF", "CHF", "EUR")),
        random.choice(AMOUNTS) * (-1 if random.random() < 0.1 else 1),
        _issued_on(random),
        random.choice(_KINDS),
    )
    office.harvest.invoices[invoice_id] = invoice
    office.invoice_ids.append(invoice_id)
    if random.random() < 0.85:
        _send(invoice)
    if random.random() < 0.7:
        office.read([invoice_id], invoices=True, payments=True)
        office.taking.invoice(invoice_id)


def send(office: Office, random: Random) -> None:
    if invoice := _one(office, random, lambda one: one.state == "draft"):
        _send(invoice)
        office.harvest.settle(invoice)


def make_draft(office: Office, random: Random) -> None:
    if invoice := _one(office, random, lambda one: one.state == "open"):
        invoice.state, invoice.sent = "draft", False
        office.harvest.settle(invoice)


def close(office: Office, random: Random) -> None:
    if invoice := _one(office, random, lambda one: one.state == "open"):
        invoice.state, invoice.closed_on = "closed", _day(random)


def reopen(office: Office, random: Random) -> None:
    if invoice := _one(office, random, lambda one: one.state == "closed"):
        invoice.state, invoice.closed_on = "open", None
        office.harvest.settle(invoice)


def delete(office: Office, random: Random) -> None:
    if invoice := _one(office, random):
        office.harvest.delete(invoice)


def edit(office: Office, random: Random) -> None:
    """Harvest lets everything of an invoice be edited, whatever was paid of it."""
    invoice = _one(office, random)
    if invoice is None:
        return
    what = random.choice(("amount", "amount", "amount", "client", "number", "kind", "day"))
    if what == "amount":
        invoice.amount = random.choice(AMOUNTS)
    elif what == "client":
        invoice.client_id = random.choice(list(CLIENTS))
    elif what == "number":
        invoice.number = f"{random.choice(AMOUNTS)}"
    elif what == "kind":
        invoice.kind = random.choice(_KINDS)
    elif invoice.issued_on >= START:
        invoice.issued_on = _issued_on(random)
    office.harvest.settle(invoice)


def change_currency(office: Office, random: Random) -> None:
    if invoice := _one(office, random):
        invoice.currency = "EUR" if invoice.currency == "CHF" else "CHF"


def record_payment(office: Office, random: Random) -> None:
    """Others record what is due, a part of it, or more."""
    invoice = _one(office, random, lambda one: one.state != "closed" and one.amount > 0)
    if invoice is None:
        return
    due = office.harvest.due(invoice) or random.choice(AMOUNTS)
    amount = random.choice((due, due, max(due // 3, 1), due + 500))
    earlier = invoice.issued_on < START and random.random() < 0.5
    day = START - timedelta(days=10) if earlier else _day(random)
    office.harvest.record(invoice, amount, day)


def delete_payment(office: Office, random: Random) -> None:
    """A payment is deleted in Harvest: one of others, or now and then one of ours."""
    of_ours = random.random() < 0.2
    found = [
        (invoice, payment_id)
        for invoice in office.harvest.invoices.values()
        for payment_id, _, notes in office.harvest.paid(invoice)
        if bool(notes) is of_ours
    ]
    if found:
        invoice, payment_id = random.choice(found)
        office.harvest.delete_payment(invoice, payment_id)


def _send(invoice: Invoice) -> None:
    invoice.state, invoice.sent = "open", True


def _one(
    office: Office, random: Random, fits: Callable[[Invoice], bool] = lambda one: True
) -> Invoice | None:
    found = [one for one in office.harvest.invoices.values() if fits(one)]
    return random.choice(found) if found else None


def _issued_on(random: Random) -> date:
    if random.random() < 0.15:
        return START - timedelta(days=random.randrange(1, 60))
    return _day(random)


def _day(random: Random) -> date:
    return START + timedelta(days=random.randrange((TODAY - START).days))
