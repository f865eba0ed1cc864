"""What is true once nobody does anything any more, all was read again, and Harvest was told.

Harvest's due amount of each invoice is then what is open in the books, and what was written off
there. Where people have decided otherwise, the difference has to be exactly that: more was recorded
in Harvest than was open, a payment of others was allocated to something else, or Harvest takes none
of ours, as of a closed invoice.
"""

from collections import Counter
from collections.abc import Iterator

from sheaf.books.outgoing.records import Outgoing, sent_again
from sheaf.books.receipts.records import Source
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.platform.currencies import major
from tests.unit.books.any_events.harvest import Invoice
from tests.unit.books.any_events.office import CONNECTION, Office
from tests.unit.books.receivables.invoices import START

_ROUNDS = 6


def settle(office: Office) -> None:
    """Runs of the books, until one of them changes nothing. All payments are sent again: those
    refused, and those that somebody may have deleted."""
    for _ in range(_ROUNDS):
        before = len(office.entries), repr(office.harvest.payments)
        office.wait()
        office.read_all()
        office.go_through()
        for one in outgoings(office):
            office.stores.outgoing.save(sent_again(one))
        office.tell_harvest()
        if before == (len(office.entries), repr(office.harvest.payments)):
            return
    raise AssertionError(f"after {_ROUNDS} runs there is still something to do")


def outgoings(office: Office) -> list[Outgoing]:
    """Everything that Harvest was ever to know."""
    return [one for receipt in office.receipts() for one in of_receipt(office, receipt.receipt_id)]


def of_receipt(office: Office, receipt_id: str) -> list[Outgoing]:
    return office.stores.outgoing.of_receipt(receipt_id)


def differences(office: Office) -> list[str]:
    """Whatever is not as it has to be in the end; nothing where all is well."""
    receivables = {one.invoice_id: one for one in office.receivables()}
    parked = {one.invoice_id for one in office.stores.receivables.parked(CONNECTION)}
    found = [*_wrong_outgoings(office), *_wrong_debtors(office)]
    for invoice in office.harvest.invoices.values():
        receivable = receivables.get(invoice.invoice_id)
        stands = receivable is not None and receivable.standing is not Standing.REVERSED
        if invoice.invoice_id in parked:
            continue
        if invoice.issued_on >= START and stands is not invoice.sent:
            found.append(f"{invoice} is {'' if stands else 'not '}in the books")
        if stands and receivable is not None:
            found += _wrong_due(office, invoice, receivable)
    gone = [one for one in receivables.values() if one.invoice_id not in office.harvest.invoices]
    for one in gone:
        if one.standing is not Standing.REVERSED or one.allocated or one.open_amount:
            found.append(f"{one} is gone from Harvest")
    return found


def agreeing(office: Office) -> int:
    """Of how many invoices the due amount is the same, with no decision of people beside it."""
    standing = {
        one.invoice_id for one in office.receivables() if one.standing is not Standing.REVERSED
    }
    return sum(
        not any(_decided(office, invoice))
        for invoice in office.harvest.invoices.values()
        if invoice.invoice_id in standing
    )


def _wrong_due(office: Office, invoice: Invoice, receivable: Receivable) -> Iterator[str]:
    refused, too_much, elsewhere = _decided(office, invoice)
    ours = receivable.open_amount + receivable.lost + refused - too_much + elsewhere
    if office.harvest.left(invoice) != ours:
        yield (
            f"{invoice} has {office.harvest.left(invoice)} left, in the books {ours}: {receivable},"
            f" refused {refused}, too much {too_much}, of others {elsewhere}"
        )


def _decided(office: Office, invoice: Invoice) -> tuple[int, int, int]:
    """What Harvest is to know and does not; what others recorded and was not allocated to the
    invoice; what they recorded for others and was allocated to it."""
    item = f"{CONNECTION}#{invoice.invoice_id}"
    wanted = sum(
        one.wanted.amount
        for one in outgoings(office)
        if one.invoice_id == invoice.invoice_id and one.wanted is not None
    )
    ours = sum(amount for _, amount, notes in office.harvest.paid(invoice) if notes)
    here = elsewhere = 0
    for receipt in office.receipts():
        if receipt.source is not Source.HARVEST or receipt.reversed:
            continue
        paid = sum(
            one.settled + one.let_go for one in receipt.allocations if one.target.item == item
        )
        if receipt.source_id in {str(one) for one, _, _ in office.harvest.paid(invoice)}:
            here += receipt.amount - paid
        else:
            elsewhere += paid
    return wanted - ours, here, elsewhere


def _wrong_outgoings(office: Office) -> Iterator[str]:
    """Harvest has what it is to have, unless it takes none."""
    receipts = {one.receipt_id: one for one in office.receipts()}
    for one in outgoings(office):
        receipt = receipts[one.outgoing_id.partition(".")[0]]
        allocated = sum(
            part.settled + part.let_go
            for part in receipt.allocations
            if part.target.item == f"{CONNECTION}#{one.invoice_id}"
        )
        if allocated != (one.wanted.amount if one.wanted else 0):
            yield f"{one} wants something else than is allocated: {allocated}"
        invoice = office.harvest.invoices.get(one.invoice_id)
        if one.made != one.wanted and (not one.problem or one.problem != _why(office, one)):
            yield f"{one} waits without a reason: {_why(office, one)}"
        if one.made is None or invoice is None:
            continue
        there = {payment_id: amount for payment_id, amount, _ in office.harvest.paid(invoice)}
        if there.get(one.payment_id) != one.made.amount:
            yield f"{one} is not in Harvest: {there}"


def _wrong_debtors(office: Office) -> Iterator[str]:
    """All that was booked of an invoice comes to nothing, but for what is open of its client."""
    sums: Counter[tuple[str, str]] = Counter()
    for place in office.entries:
        entry = office.stores.ledger.entry(*place)
        for leg in entry.legs if entry else ():
            if leg.item and leg.debtor:
                sums[leg.item, leg.debtor] += leg.amount
    for one in office.receivables():
        wanted = {one.debtor: one.open_amount} if one.open_amount else {}
        found = {debtor: left for (item, debtor), left in sums.items() if item == one.item and left}
        if found != wanted:
            yield f"{one.item} is owed by {found}, not {wanted}"


def _why(office: Office, one: Outgoing) -> str:
    """Why Harvest takes no such payment; empty where it takes it."""
    invoice = office.harvest.invoices.get(one.invoice_id)
    if invoice is None:
        return "Not found"
    amount = one.wanted.amount if one.wanted else 0
    return office.harvest.why_refused(invoice, major(amount, invoice.currency))
