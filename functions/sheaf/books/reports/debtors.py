"""A debtor: a client of Harvest with its contacts, and what is open of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheaf.books.ledger.reporting import Balance
from sheaf.books.receivables.records import Receivable
from sheaf.books.receivables.store import ReceivableStore
from sheaf.directory.records import Company
from sheaf.directory.store import DirectoryStore
from sheaf.harvest.payloads import Client, Contact
from sheaf.mirror.store import MirrorStore
from sheaf.platform.problems import not_found

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Debtor:
    """`client` is None for one that Harvest does not have any more, `company` where the directory
    has none that is linked; `open` is by currency."""

    connection_id: str
    client_id: int
    name: str
    client: Client | None
    contacts: Sequence[Contact]
    company: Company | None
    open: Mapping[str, Balance]


class DebtorReader:
    """Reads the debtors of one tenant. `mirror(connection_id)` is what Harvest has."""

    def __init__(
        self,
        receivables: ReceivableStore,
        mirror: Callable[[str], MirrorStore],
        directory: DirectoryStore,
    ) -> None:
        self._receivables = receivables
        self._mirror = mirror
        self._directory = directory

    def get(self, connection_id: str, client_id: int) -> Debtor:
        """One debtor; a problem for a client that neither Harvest nor the books know.

        All contacts of the connection are read: Harvest's ids do not tell whose they are.
        """
        mirror = self._mirror(connection_id)
        record = mirror.get("clients", client_id)
        client = Client.model_validate(record.payload()) if record else None
        items = self._items(f"{connection_id}#{client_id}")
        if client is None and not items:
            raise not_found("debtor", str(client_id))
        contacts = (Contact.model_validate(one.payload()) for one in mirror.all("contacts"))
        return Debtor(
            connection_id,
            client_id,
            client.name if client else items[-1].debtor_name,
            client,
            sorted(
                (one for one in contacts if one.client and one.client.id == client_id),
                key=lambda one: (one.last_name.casefold(), one.first_name.casefold(), one.id),
            ),
            self._company(connection_id, client_id),
            open_by_currency(items),
        )

    def items(
        self, connection_id: str, client_id: int, limit: int, start_after: Any
    ) -> tuple[list[Receivable], Any]:
        """Invoices of a debtor by day of issue, settled ones too, and where more are."""
        return self._page(f"{connection_id}#{client_id}", limit, start_after)

    def _page(self, debtor: str, limit: int, start_after: Any) -> tuple[list[Receivable], Any]:
        """An invoice that was given to another client is that one's; it is left out."""
        ids, more = self._receivables.of_debtor(debtor, limit, start_after)
        known = self._receivables.find_many(ids)
        items = [known[one] for one in dict.fromkeys(ids) if one in known]
        return [one for one in items if one.debtor == debtor], more

    def _items(self, debtor: str) -> list[Receivable]:
        """All invoices of a debtor, each once."""
        found: dict[str, Receivable] = {}
        start_after = None
        while True:
            items, start_after = self._page(debtor, _AT_ONCE, start_after)
            found |= {one.item: one for one in items}
            if start_after is None:
                return list(found.values())

    def _company(self, connection_id: str, client_id: int) -> Company | None:
        """The company that the client is linked to, that which stands after merges."""
        linked = self._directory.linked(connection_id, "client", str(client_id))
        if linked is None:
            return None
        standing = self._directory.standing([linked])[linked]
        return self._directory.companies([standing]).get(standing)


def open_by_currency(items: Sequence[Receivable]) -> dict[str, Balance]:
    """What is open of invoices in sum, by currency; currencies without anything open are left
    out."""
    found: dict[str, Balance] = {}
    for one in items:
        if one.open_amount or one.open_base:
            before = found.get(one.currency, Balance(0, 0))
            found[one.currency] = before.plus(one.open_amount, one.open_base)
    return dict(sorted(found.items()))
