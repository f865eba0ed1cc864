"""Keeps the findings of a connection what its invoices say.

Whatever touched an invoice, it is read anew, and all invoices of its client are looked at again.
After a write they are read once more: if they changed meanwhile, the client is looked at again. So
of several writers the last one always leaves what the invoices say, and each step may be repeated.
"""

from collections.abc import Callable, Iterable

from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.recurring.billed import Invoice
from sheaf.recurring.events import Place
from sheaf.recurring.findings import findings_of
from sheaf.recurring.invoices import invoice_of, line_of
from sheaf.recurring.store import FindingStore, Kept


class Detector:
    def __init__(self, mirror: MirrorStore, store: FindingStore) -> None:
        self._mirror = mirror
        self._store = store

    def update(self, invoice_ids: Iterable[int]) -> set[int]:
        """Takes over what became of invoices, and returns the clients looked at again."""
        ids = sorted(set(invoice_ids))
        now = self._now(ids)
        known = self._store.kept(ids)
        news = [one for one in now.values() if known.get(one.invoice_id) != _kept(one)]
        gone = [one for one in known if one not in now]
        self._store.place(news, gone, known)
        touched = {one.client_id for one in news}
        touched |= {known[one.invoice_id].client_id for one in news if one.invoice_id in known}
        touched |= {known[one].client_id for one in gone}
        for client_id in sorted(touched):
            self.look_at(client_id)
        self._store.note(news, gone)
        return touched

    def look_at(self, client_id: int) -> None:
        """Makes the findings of a client what its invoices say."""
        invoices = self._store.invoices_of(client_id)
        while self._store.save(client_id, findings_of(client_id, invoices)):
            seen, invoices = invoices, self._store.invoices_of(client_id)
            if invoices == seen:
                return

    def _now(self, ids: list[int]) -> dict[int, Invoice]:
        records = self._mirror.get_many(INVOICES, ids)
        read = (invoice_of(record.payload()) for record in records.values())
        return {one.invoice_id: one for one in read if one is not None}


def update_all(dirty: dict[Place, set[int]], detector: Callable[[str, str], Detector]) -> int:
    """Takes over dirty invoices, and returns the number of clients looked at again.

    `detector(tenant_id, connection_id)` gives that of a connection.
    """
    return sum(len(detector(*place).update(ids)) for place, ids in sorted(dirty.items()))


def _kept(invoice: Invoice) -> Kept:
    return Kept(invoice.client_id, line_of(invoice))
