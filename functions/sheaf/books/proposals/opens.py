"""Everything that may be paid at a moment: open invoices, and payments that are in transit.

A payment that others have recorded in Harvest has paid its invoice already. The line by which the
bank shows it is known by the same things, the number, the debtor and the amount; so it is looked
for among both alike.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sheaf.books.matching.items import OpenInvoice
from sheaf.books.proposals.records import item_id
from sheaf.books.receipts.records import Receipt, Target, TargetKind
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.targets import Stores
from sheaf.mirror.store import MirrorStore

_AT_ONCE = 500
_CONTACTS = "contacts"


class Opens:
    """What is open of one tenant. `mirror(connection_id)` knows the contacts of its clients."""

    def __init__(self, stores: Stores, mirror: Callable[[str], MirrorStore]) -> None:
        self._stores = stores
        self._mirror = mirror

    def all(self) -> dict[str, OpenInvoice]:
        """All that is open, by the id by which it is proposed."""
        found = {}
        for receivable in self._receivables():
            if (one := _of_invoice(receivable)) is not None:
                found[one.invoice_id] = one
        for transits in self._stores.receipts.in_transit():
            invoices = self._stores.receivables.find_many(
                one.target.item for transit in transits for one in transit.allocations
            )
            for transit in transits:
                one = _of_transit(transit, invoices)
                found[one.invoice_id] = one
        return self._with_contacts(found)

    def again(self, opens: Mapping[str, OpenInvoice], targets: Iterable[Target]) -> dict[str, int]:
        """What is open now of some of them, by their ids; 0 for what is not any more."""
        wanted = [one for one in targets if item_id(one) in opens]
        now = self._stores.targets(wanted).open(())
        return {item_id(one): now[one].amount if one in now else 0 for one in wanted}

    def _receivables(self) -> Iterator[Receivable]:
        start: Any = None
        while True:
            items, start = self._stores.receivables.open_items(_AT_ONCE, start)
            yield from self._stores.receivables.find_many(items).values()
            if start is None:
                return

    def _with_contacts(self, opens: dict[str, OpenInvoice]) -> dict[str, OpenInvoice]:
        """With the names of each client's contacts: they may be who pays."""
        connections = {one.client_id.rpartition("#")[0] for one in opens.values()}
        names: dict[str, list[str]] = {}
        # What is in transit for no invoice is of no client either.
        for connection_id in sorted(connections - {""}):
            for record in self._mirror(connection_id).all(_CONTACTS):
                client, name = _contact(record.payload())
                if name:
                    names.setdefault(f"{connection_id}#{client}", []).append(name)
        return {
            identifier: replace(one, names=(*one.names, *names.get(one.client_id, ())))
            for identifier, one in opens.items()
        }


def _of_invoice(receivable: Receivable) -> OpenInvoice | None:
    """An open invoice; nothing where more was paid than is owed."""
    if receivable.standing is Standing.REVERSED or receivable.open_amount <= 0:
        return None
    return OpenInvoice(
        item_id(Target(TargetKind.INVOICE, receivable.item)),
        receivable.number,
        receivable.debtor,
        receivable.currency,
        receivable.amount,
        receivable.open_amount,
        receivable.issued_on,
        receivable.due_on,
        _names(receivable.debtor_name),
    )


def _of_transit(transit: Receipt, invoices: Mapping[str, Receivable]) -> OpenInvoice:
    """A payment in transit, as the invoice that it has paid; it is due on its own day."""
    paid = [invoices[one.target.item] for one in transit.allocations if one.target.item in invoices]
    invoice = paid[0] if paid else None
    identifier = item_id(Target(TargetKind.TRANSIT, transit.receipt_id))
    return OpenInvoice(
        identifier,
        invoice.number if invoice else "",
        invoice.debtor if invoice else identifier,
        transit.currency,
        transit.amount,
        transit.amount - transit.shown,
        min(invoice.issued_on, transit.day) if invoice else transit.day,
        transit.day,
        _names(invoice.debtor_name if invoice else transit.payer),
    )


def _contact(payload: Mapping[str, Any]) -> tuple[Any, str]:
    """The id of a contact's client, and the contact's name."""
    parts = (payload.get("first_name"), payload.get("last_name"))
    name = " ".join(str(one).strip() for one in parts if one)
    return (payload.get("client") or {}).get("id"), name.strip()


def _names(name: str) -> tuple[str, ...]:
    return (name,) if name else ()
