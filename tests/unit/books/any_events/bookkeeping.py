"""What happens in the books: the mirror is read, the bank's lines come, somebody allocates them.

Each event takes what it needs from a random of its own. What the rules refuse is refused as a
whole: whoever calls looks whether anything was written all the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import httpx

from sheaf.books.outgoing.records import sent_again
from sheaf.books.receipts.allocating import Open, Wanted, as_allocated
from sheaf.books.receipts.records import Allocation, Receipt, Source, Target, TargetKind
from sheaf.harvest.errors import HarvestError
from sheaf.mirror.store import SHARDS
from sheaf.writeback.intents import ClaimedError
from tests.unit.books.any_events.invoicing import AMOUNTS
from tests.unit.books.any_events.office import CONNECTION, Office
from tests.unit.books.receivables.invoices import START, TODAY


def read(office: Office, random: Random) -> None:
    """The mirror reads something of Harvest: all, one invoice, or only the payments of one."""
    if random.random() < 0.5:
        office.read_all()
    elif office.invoice_ids:
        both = random.random() < 0.5
        one = [random.choice(office.invoice_ids)]
        office.read(one, invoices=both or random.random() < 0.5, payments=True)


def take_over(office: Office, random: Random) -> None:
    if office.invoice_ids:
        invoice_id = random.choice(office.invoice_ids)
        if random.random() < 0.7:
            office.read([invoice_id], invoices=True, payments=False)
        office.taking.invoice(invoice_id)


def release(office: Office, random: Random) -> None:
    if found := office.receivables():
        office.releaser.invoice(random.choice(found))


def take_their_payments(office: Office, random: Random) -> None:
    if office.invoice_ids:
        invoice_id = random.choice(office.invoice_ids)
        if random.random() < 0.7:
            office.read([invoice_id], invoices=False, payments=True)
        office.take_their_payments(invoice_id % SHARDS)


def night(office: Office, random: Random) -> None:
    """A run of the books, as every night: all is read, gone through and told."""
    office.read_all()
    office.go_through()
    with_faults(office, random, office.tell_harvest)


def tell(office: Office, random: Random) -> None:
    """One payment is told to Harvest, and an answer may get lost."""
    found = office.stores.outgoing.unsettled(CONNECTION)
    if found:
        outgoing_id = random.choice(found)
        with_faults(office, random, lambda: office.sender.bring(outgoing_id))


def with_faults(office: Office, random: Random, work: Callable[[], object]) -> None:
    """Does something with a Harvest that now and then is not to be reached, or does not answer."""

    def fails(request: httpx.Request) -> None:
        if random.random() < 0.1:
            raise httpx.ReadTimeout("no answer", request=request)

    office.harvest.before = office.harvest.after = fails
    try:
        work()
    except (HarvestError, ClaimedError):
        if random.random() < 0.5:
            office.wait()
    finally:
        office.harvest.before = office.harvest.after = lambda request: None


def bank_line(office: Office, random: Random) -> None:
    _receive(office, random, Source.BANK)


def manual_payment(office: Office, random: Random) -> None:
    _receive(office, random, Source.MANUAL)


def allocate(office: Office, random: Random) -> None:
    """Somebody allocates a payment, mostly one in suspense, whatever it was allocated to before."""
    suspense = random.random() < 0.7
    receipt = _one(
        office, random, lambda one: not one.returned and (one.unallocated or not suspense)
    )
    if receipt:
        wanted = _wanted(office, random, receipt)
        office.before[receipt.receipt_id] = receipt.allocations
        office.receiver.allocate(receipt, wanted, "ada")


def undo(office: Office, random: Random) -> None:
    """An allocation is taken back, or what was before it is wanted again."""
    if receipt := _one(office, random, lambda one: not one.returned):
        before = office.before.get(receipt.receipt_id, ()) if random.random() < 0.5 else ()
        office.before[receipt.receipt_id] = receipt.allocations
        wanted = [Wanted(one.target, one.paid, one.settled, one.let_go) for one in before]
        office.receiver.allocate(receipt, wanted, "ada")


def change(office: Office, random: Random) -> None:
    """What somebody entered was another amount, on another day; the allocations stay."""
    if receipt := _one(office, random, lambda one: one.source is Source.MANUAL):
        after = replace(receipt, day=_day(random))
        if random.random() < 0.5:
            after = replace(after, amount=random.choice(AMOUNTS))
        office.receiver.change(receipt, after, as_allocated(receipt))


def take_back(office: Office, random: Random) -> None:
    """The bank tells the line apart, or somebody has entered what was none."""
    if receipt := _one(office, random, lambda one: one.source is not Source.HARVEST):
        office.receiver.take_back(receipt)


def give_back(office: Office, random: Random) -> None:
    """The bank takes money back: what it was paid for is not paid."""
    if receipt := _one(office, random, lambda one: one.source is Source.BANK):
        office.receiver.give_back(receipt)


def send_again(office: Office, random: Random) -> None:
    """Somebody lets a payment be told again: what Harvest is said to have of it is looked for."""
    if receipt := _one(office, random, lambda one: one.source is not Source.HARVEST):
        for one in office.stores.outgoing.of_receipt(receipt.receipt_id):
            office.stores.outgoing.save(sent_again(one))
        office.receiver.tell_harvest(receipt)


def set_rate(office: Office, random: Random) -> None:
    """What is booked stays worth what it was."""
    office.set_rate(_day(random), Decimal(random.randrange(8000, 11000)).scaleb(-4))


def close_month(office: Office, random: Random) -> None:
    """Nothing is booked into the months before any more."""
    free = date(2026, random.randrange(2, 7), 1)
    if free > office.calendar.free:
        office.close_books(free)


def _receive(office: Office, random: Random, source: Source) -> None:
    """A payment comes in, of what is open of something or of any amount; or money goes out."""
    items = list(_open(office, ()).values())
    currency, amount = random.choice(("CHF", "CHF", "EUR")), random.choice(AMOUNTS)
    if items and random.random() < 0.8:
        item = random.choice(items)
        currency = item.currency if random.random() < 0.85 else currency
        amount = random.choice((item.amount, item.amount, item.amount // 2, item.amount + 777))
    receipt_id = f"{'re' if source is Source.BANK else 'mp'}_{office.new_id()}"
    receipt = Receipt(
        receipt_id,
        0,
        source,
        receipt_id,
        "1020",
        _day(random),
        currency,
        amount or 1,
        "Osier Baskets",
        payer_account=random.choice(("", "XX01", "XX02")),
    )
    wanted = _wanted(office, random, receipt) if random.random() < 0.5 else []
    office.receiver.book(receipt, wanted)


def _wanted(office: Office, random: Random, receipt: Receipt) -> list[Wanted]:
    """Mostly what can be: all or parts of one to three items; now and then a little too much."""
    items = _open(office, receipt.allocations)
    fitting = [one for one in sorted(items, key=str) if _fits(random, receipt, items[one])]
    number = min(len(fitting), random.choice((1, 1, 1, 2, 3)))
    left, found = receipt.amount, []
    for target in random.sample(fitting, number):
        wanted = _share(random, items[target], left, receipt.currency)
        if random.random() < 0.08:
            wanted = replace(wanted, paid=wanted.paid + 1, settled=wanted.settled + 1)
        if wanted.paid or random.random() < 0.08:
            found.append(wanted)
            left -= wanted.paid
    return found


def _fits(random: Random, receipt: Receipt, item: Open) -> bool:
    """Whether somebody comes to think of it: mostly what has the currency and direction."""
    if receipt.source is Source.HARVEST and item.target.kind is TargetKind.TRANSIT:
        return False
    likely = item.currency == receipt.currency and item.amount * receipt.amount > 0
    return likely or random.random() < 0.15


def _share(random: Random, item: Open, left: int, currency: str) -> Wanted:
    """What of the rest of a receipt goes to an item, and what of the item is let go with it."""
    if item.currency == currency:
        paid = _least(left, item.amount)
        if random.random() < 0.3:
            paid = int(paid / 2)
        rest = item.amount - paid
        return Wanted(item.target, paid, paid, rest if random.random() < 0.2 else 0)
    paid = left if random.random() < 0.5 else int(left / 2)
    settled = item.amount if random.random() < 0.5 else int(item.amount / 3)
    return Wanted(item.target, paid, settled, item.amount - settled if random.random() < 0.2 else 0)


def _least(one: int, other: int) -> int:
    """The smaller of two amounts of the same sign; nothing where they are of different ones."""
    if one * other <= 0:
        return 0
    return min(one, other) if one > 0 else max(one, other)


def _open(office: Office, own: Sequence[Allocation]) -> dict[Target, Open]:
    """Whatever has something open, without what is allocated already."""
    targets = [Target(TargetKind.INVOICE, one.item) for one in office.receivables()]
    targets += [
        Target(TargetKind.TRANSIT, one.receipt_id)
        for one in office.receipts()
        if one.source is Source.HARVEST
    ]
    found = office.stores.targets(targets).open(own)
    return {one: item for one, item in found.items() if item.amount}


def _one(
    office: Office, random: Random, fits: Callable[[Receipt], object] = lambda one: True
) -> Receipt | None:
    found = [one for one in office.receipts() if fits(one) and not one.reversed]
    return random.choice(found) if found else None


def _day(random: Random) -> date:
    return START + timedelta(days=random.randrange((TODAY - START).days))
