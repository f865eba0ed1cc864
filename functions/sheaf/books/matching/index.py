"""The open invoices of a tenant, made ready to be asked for by each line of a statement."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sheaf.books.matching.items import OpenInvoice
from sheaf.books.matching.numbers import Numbers
from sheaf.books.matching.payers import Payers
from sheaf.books.matching.pointers import References


class OpenInvoices:
    """Invoices by number, reference, amount, client and name.

    Built once, and the same whatever order they are given in. A place is an invoice's position
    among all, the one that was due first before the others. Those with nothing open are left out.
    """

    def __init__(self, invoices: Iterable[OpenInvoice]) -> None:
        self.all: Sequence[OpenInvoice] = sorted(
            (one for one in invoices if one.open_amount > 0),
            key=lambda one: (one.due_on, one.issued_on, one.invoice_id),
        )
        self.numbers = Numbers(one.number for one in self.all)
        self.references = References(one.reference for one in self.all)
        self._by_amount: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self._by_client: defaultdict[str, list[int]] = defaultdict(list)
        self._by_both: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
        names: defaultdict[str, set[str]] = defaultdict(set)
        for place, one in enumerate(self.all):
            self._by_amount[one.currency, one.open_amount].append(place)
            self._by_client[one.client_id].append(place)
            self._by_both[one.client_id, one.currency, one.open_amount].append(place)
            names[one.client_id].update(one.names)
        self.payers = Payers(names)

    def with_amount(self, amount: int, currency: str) -> Sequence[int]:
        """The places of those with exactly this open."""
        return self._by_amount.get((currency, amount), ())

    def of_client(self, client_id: str) -> Sequence[int]:
        """The places of a client's, the first due first."""
        return self._by_client.get(client_id, ())

    def of_client_with(self, client_id: str, amount: int, currency: str) -> Sequence[int]:
        """The places of a client's with exactly this open."""
        return self._by_both.get((client_id, currency, amount), ())

    def client_of(self, place: int) -> str:
        return self.all[place].client_id

    def issued_by(self, places: Iterable[int], day: date, currency: str) -> list[int]:
        """Of some places those in a currency that had been issued by a day."""
        return [
            place
            for place in places
            if self.all[place].currency == currency and self.all[place].issued_on <= day
        ]

    def opens(self, places: Iterable[int]) -> list[int]:
        """What is open of each."""
        return [self.all[place].open_amount for place in places]
