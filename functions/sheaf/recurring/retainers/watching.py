"""Whether a period that a contract bills was billed by Harvest's own recurring invoice too."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sheaf.notices.store import NoticeStore
from sheaf.recurring.billed import Invoice
from sheaf.recurring.retainers.periods import number_of, period
from sheaf.recurring.retainers.records import Contract
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.recurring.store import FindingStore


class Twice(NamedTuple):
    """A period that both have billed, and Harvest's invoice."""

    number: int
    invoice_id: int
    issued_on: date


def billed_twice(contract: Contract, invoices: Iterable[Invoice]) -> Iterator[Twice]:
    """The periods of a contract for which its finding's recurring invoice made one as well."""
    recurring = contract.party.recurring_invoice_id
    if not recurring:
        return
    for one in invoices:
        if one.recurring_invoice_id != recurring or one.issue_date < contract.terms.start:
            continue
        number = number_of(contract.terms, one.issue_date)
        if 0 <= number <= contract.billed_to:
            yield Twice(number, one.invoice_id, one.issue_date)


class Watch:
    """Tells of one connection's contracts what was billed twice; each once."""

    def __init__(
        self,
        store: RetainerStore,
        findings: FindingStore,
        notices: NoticeStore,
        connection_id: str,
    ) -> None:
        self._store = store
        self._findings = findings
        self._notices = notices
        self._connection_id = connection_id

    def look(self) -> int:
        """The number of periods found; those that are told already are counted too."""
        found = 0
        for contract in self._store.all_contracts():
            if contract.party.connection_id != self._connection_id:
                continue
            invoices = self._findings.invoices_of(contract.party.client_id)
            for twice in billed_twice(contract, invoices):
                if self._store.document(contract.contract_id, twice.number) is not None:
                    found += 1
                    self._tell(contract, twice)
        return found

    def _tell(self, contract: Contract, twice: Twice) -> None:
        first, last = period(contract.terms, twice.number)
        recurring = contract.party.recurring_invoice_id
        self._notices.tell(
            f"billed twice {contract.contract_id} {twice.number} {twice.invoice_id}",
            "billed_twice",
            f"{contract.party.client_name} was billed twice for {contract.title}, {first} to"
            f" {last}: by the contract, and by Harvest's recurring invoice on {twice.issued_on}.",
            f"Stop the recurring invoice {recurring} in Harvest, and delete or credit the one that"
            " it has made.",
            about={
                "contract_id": contract.contract_id,
                "harvest_invoice_id": str(twice.invoice_id),
            },
        )
