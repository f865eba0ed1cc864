"""Booking receipts, and allocating them: each change in one transaction with all that hangs on it.

The receipt, the open items that it settles, its entries, the totals, what Harvest is to be told and
the log change together or not at all, and only from the versions that were looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sheaf.books.ledger.accounts import Role
from sheaf.books.ledger.entries import Entry
from sheaf.books.log.lines import Kind, Log
from sheaf.books.outgoing.records import Outgoing, Sum, outgoing_id
from sheaf.books.receipts.allocating import Refusal, Wanted, allocated
from sheaf.books.receipts.booking import entry_id, entry_of, taken_back
from sheaf.books.receipts.records import Allocation, Receipt, Source, Target, TargetKind
from sheaf.books.receipts.store import Write
from sheaf.books.receivables.decisions import Calendar
from sheaf.books.receivables.rates import Rates
from sheaf.books.targets import Stores, Targets
from sheaf.books.telling import of_receipt
from sheaf.platform.actions import Delete
from sheaf.platform.transactions import TRANSACTION_LIMIT, transact

# Writes that taking allocations back needs more than making them: nobody is locked in.
ROOM = 8


class Receiver:
    """Books and allocates the receipts of one tenant, in one go each."""

    def __init__(
        self,
        stores: Stores,
        roles: Mapping[Role, str],
        rates: Rates,
        calendar: Calendar,
        log: Log,
        tell_harvest: bool,
    ) -> None:
        self._stores = stores
        self._roles = roles
        self._rates = rates
        self._calendar = calendar
        self._log = log
        self._tell_harvest = tell_harvest

    def book(
        self, fresh: Receipt, wanted: Sequence[Wanted] = (), along: Sequence[Write] = ()
    ) -> Receipt:
        """A receipt that is not there yet, allocated at once where that is known.

        `along` is written in the same transaction. Raises Refusal for what cannot be, and
        TransactionFailedError where it is there already, or an open item was changed meanwhile.
        """
        base = self._rates.base(fresh.amount, fresh.currency, fresh.day)
        fresh = replace(fresh, version=1, turns=1, base=base)
        return self._change(None, fresh, wanted, Kind.RECEIPT_BOOKED, along)

    def book_again(
        self, gone: Receipt, fresh: Receipt, wanted: Sequence[Wanted], along: Sequence[Write]
    ) -> Receipt:
        """A receipt that was taken back is there after all, as `fresh` says. Raises as `book`."""
        base = self._rates.base(fresh.amount, fresh.currency, fresh.day)
        after = replace(fresh, version=gone.version + 1, base=base, next_number=gone.next_number)
        return self._change(gone, after, wanted, Kind.RECEIPT_BOOKED, along)

    def allocate(self, before: Receipt, wanted: Sequence[Wanted], by: str) -> Receipt:
        """The receipt with these allocations instead of those that it has; none take all back.

        Raises as `book` does.
        """
        after = replace(before, version=before.version + 1, decided_by=by if wanted else "")
        return self._change(before, after, wanted, Kind.RECEIPT_ALLOCATED)

    def change(self, before: Receipt, after: Receipt, wanted: Sequence[Wanted]) -> Receipt:
        """A receipt whose amount, day or words are others now, allocated as is wanted.

        Raises as `book` does.
        """
        base = self._rates.base(after.amount, after.currency, after.day)
        after = replace(after, version=before.version + 1, base=base)
        return self._change(before, after, wanted, Kind.RECEIPT_CHANGED)

    def take_back(self, before: Receipt, along: Sequence[Write] = ()) -> Receipt:
        """What the bank, or Harvest, does not know any more is out of the books again."""
        after = replace(before, version=before.version + 1, reversed=True)
        return self._change(before, after, (), Kind.RECEIPT_TAKEN_BACK, along)

    def give_back(self, before: Receipt) -> Receipt:
        """The bank has taken the money back: it pays nothing, and is in suspense for good."""
        if before.returned:
            return before
        receipts = self._stores.receipts
        forgotten = receipts.table, Delete(receipts.proposals_key(before.receipt_id))
        after = replace(before, version=before.version + 1, returned=True, decided_by="")
        if before.allocations:
            return self._change(before, after, (), Kind.RECEIPT_RETURNED, (forgotten,))
        told = self._told(Kind.RECEIPT_RETURNED, after, self._stores.targets(()))
        transact([receipts.write(after, before), forgotten, told])
        return after

    def tell_harvest(self, receipt: Receipt) -> None:
        """Harvest is to know what a receipt pays, if payments are told, also of before; raises
        TransactionFailedError where it was changed meanwhile."""
        targets = self._stores.targets([one.target for one in receipt.allocations])
        if told := self._told_harvest(targets, (), receipt):
            transact([self._stores.receipts.unchanged(receipt), *told])

    def _change(
        self,
        before: Receipt | None,
        after: Receipt,
        wanted: Sequence[Wanted],
        kind: Kind,
        along: Sequence[Write] = (),
    ) -> Receipt:
        own = before.allocations if before else ()
        targets = self._stores.targets([*(a.target for a in own), *(w.target for w in wanted)])
        after = allocated(after, wanted, targets.open(own))
        if before is not None and _same(before, after):
            return before
        after, entries = self._entries(before, after)
        writes = [
            self._stores.receipts.write(after, before),
            *self._stores.receipts.along(after, before),
            *self._stores.ledger.write(entries),
            *self._settled(targets, own, after),
            *self._told_harvest(targets, own, after),
            self._told(kind, after, targets),
            *along,
        ]
        if len(writes) > TRANSACTION_LIMIT - (ROOM if after.allocations else 0):
            raise Refusal(
                f"{len(after.allocations)} allocations are too many for one change.",
                "allocations",
                "Give fewer; where there are others already, take those back first.",
            )
        transact(writes)
        return after

    def _entries(self, before: Receipt | None, after: Receipt) -> tuple[Receipt, list[Entry]]:
        """The receipt with the entry that stands for it, and all entries that are to be added."""
        entries: list[Entry] = []
        if before is not None and before.reversed:
            after = replace(after, turns=before.turns + 1)
        elif before is not None:
            standing = self._stores.ledger.entry(before.entry_day, before.entry_id)
            assert standing is not None, "a receipt that is booked has an entry"
            after = replace(after, turns=before.turns + 1)
            entries.append(taken_back(after, standing, self._calendar))
            after = replace(after, turns=after.turns + 1)
        if after.reversed:
            return replace(after, entry_id="", turns=after.turns - 1), entries
        entry = entry_of(after, self._roles, self._calendar)
        entries.append(entry)
        return replace(after, entry_id=entry_id(after), entry_day=entry.day), entries

    def _settled(self, targets: Targets, own: Sequence[Allocation], after: Receipt) -> list[Write]:
        """The open items as they are afterwards; those that stay the same are not written."""
        sums: dict[Target, tuple[int, int]] = {}
        for sign, allocations in ((-1, own), (1, after.allocations)):
            for one in allocations:
                amount, base = sums.get(one.target, (0, 0))
                whole = one.settled + one.let_go
                sums[one.target] = amount + sign * whole, base + sign * one.base
        writes: list[Write] = []
        for target, (amount, base) in sums.items():
            if not amount and not base:
                continue
            still = any(one.target == target for one in after.allocations)
            if target.kind is TargetKind.INVOICE:
                was = targets.receivables[target.item]
                now = replace(
                    was,
                    version=was.version + 1,
                    allocated=was.allocated + amount,
                    allocated_base=was.allocated_base + base,
                    paid_by=_with(was.paid_by, after.receipt_id, still),
                )
                writes += self._stores.receivables.write(now, was)
            else:
                shown = targets.transits[target.item]
                more = replace(
                    shown,
                    version=shown.version + 1,
                    shown=shown.shown + amount,
                    shown_base=shown.shown_base + base,
                    shown_by=_with(shown.shown_by, after.receipt_id, still),
                )
                writes.append(self._stores.receipts.write(more, shown))
                writes += self._stores.receipts.along(more, shown)
        return writes

    def _told_harvest(
        self, targets: Targets, own: Sequence[Allocation], after: Receipt
    ) -> list[Write]:
        """What Harvest is to know of the invoices that are paid, and of those that are not now.

        What is let go counts as paid there: Harvest would go on to ask for it.
        """
        if after.source is Source.HARVEST:
            return []
        sums = {
            one.target.item: Sum(one.settled + one.let_go, after.day)
            for one in after.allocations
            if one.target.kind is TargetKind.INVOICE
        }
        items = {one.target.item for one in own if one.target.kind is TargetKind.INVOICE}
        writes: list[Write] = []
        for item in sorted({*sums, *items}):
            receivable, wanted = targets.receivables[item], sums.get(item)
            place = outgoing_id(after.receipt_id, receivable.connection_id, receivable.invoice_id)
            known = self._stores.outgoing.find(place)
            if known is not None:
                if known.wanted != wanted:
                    changed = replace(known, version=known.version + 1, wanted=wanted, problem="")
                    writes.append(self._stores.outgoing.write(changed))
            elif wanted is not None and self._tell_harvest:
                fresh = Outgoing(
                    place,
                    1,
                    receivable.connection_id,
                    receivable.invoice_id,
                    receivable.number,
                    receivable.currency,
                    wanted,
                )
                writes.append(self._stores.outgoing.write(fresh))
        return writes

    def _told(self, kind: Kind, receipt: Receipt, targets: Targets) -> Write:
        numbers = [
            targets.receivables[one.target.item].number
            for one in receipt.allocations
            if one.target.kind is TargetKind.INVOICE
        ]
        text = of_receipt(kind, receipt, numbers)
        return self._log.write(kind, text, receipt_id=receipt.receipt_id)


def _same(before: Receipt, after: Receipt) -> bool:
    """Whether nothing of a receipt is another but what counts its versions."""
    counted = replace(after, version=before.version, decided_by=before.decided_by)
    return replace(counted, next_number=before.next_number) == before


def _with(ids: tuple[str, ...], one: str, there: bool) -> tuple[str, ...]:
    """The ids with one of them, or without it."""
    others = tuple(other for other in ids if other != one)
    return (*others, one) if there else others
