"""Books whose suspense is looked at again: what is open is read, proposed and allocated."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sheaf.books.proposals.again import Reproposer
from sheaf.books.proposals.opens import Opens
from sheaf.books.proposals.proposer import Proposer
from sheaf.books.proposals.store import ProposalStore
from sheaf.books.receipts.records import Receipt
from sheaf.books.settings.records import Automation
from tests.integration.keeping_books import CONNECTION, Books, invoice

ACCOUNT, DEBTOR = "CH5604835012345678009", f"{CONNECTION}#70"
TRANSIT = f"hp_{CONNECTION}_5"
NAMED = "Invoice 2026-0007"


class Desk(Books):
    """Books with invoices 7 of CHF 900 and 8 of CHF 300, whose suspense is looked at again."""

    def __init__(self) -> None:
        super().__init__()
        self.automation = Automation(Decimal("0.95"))
        self.sent_soon: list[set[str]] = []
        self.kept = ProposalStore(self.stores.receipts)
        self.has(invoice(7, "900.0"), invoice(8, "300.0"))
        self.taking.invoice(7)
        self.taking.invoice(8)

    @property
    def opens(self) -> Opens:
        return Opens(self.stores, lambda one: self.mirror)

    def reproposer(self) -> Reproposer:
        def soon(connection_ids: Collection[str]) -> None:
            self.sent_soon.append(set(connection_ids))

        payers = self.stores.receipts.payers
        proposer = Proposer(self.opens, payers, self.automation, lambda: self.now)
        return Reproposer(self.stores.receipts, self.receiver, proposer, soon)

    def look(self) -> dict[str, int]:
        """What came of looking at everything, page by page."""
        reproposer, position, counts = self.reproposer(), None, Counter[str]()
        while True:
            more, position = reproposer.page(position)
            counts += more
            if position is None:
                return dict(counts)

    def came(self, receipt_id: str, amount: int, text: str = "", **values: Any) -> Receipt:
        """Money that is in suspense."""
        one = replace(self.receipt(receipt_id, amount), text=text, **values)
        return self.receiver.book(one)
