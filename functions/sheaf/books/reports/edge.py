"""What requests about reports ask for, and what their routes need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from sheaf.books.ledger.accounts import Account
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.log.lines import Log
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.reports.account_statement import StatementReader
from sheaf.books.reports.debtors import DebtorReader
from sheaf.books.reports.invoices import InvoiceReader
from sheaf.books.reports.open_items import OpenItems
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.problems import invalid, not_found

_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"

AccountNumber = Annotated[str, Path(max_length=20, description="Number of the account.")]
OfConnection = Annotated[str | None, Query(max_length=40, description="Only of this connection.")]
OfCurrency = Annotated[str | None, Query(pattern=r"^[A-Z]{3}$", description="Only in this one.")]
OfRun = Annotated[str | None, Query(max_length=40, description="Only what this run has done.")]
Month = Annotated[
    str | None, Query(pattern=_MONTH, description="Such as 2026-03; without it the current one.")
]
FirstMonth = Annotated[
    str | None,
    Query(alias="from", pattern=_MONTH, description="First month; without it the books' first."),
]
LastMonth = Annotated[
    str | None,
    Query(alias="to", pattern=_MONTH, description="Last month; without it the current one."),
]
FirstDay = Annotated[
    date | None, Query(alias="from", description="First day; without it the books' first.")
]
LastDay = Annotated[date | None, Query(alias="to", description="Last day; without it today.")]
OnDay = Annotated[
    date | None, Query(description="Day by which items are overdue or not; without it today.")
]


@dataclass(frozen=True, slots=True)
class ReportServices:
    """What a request about reports needs; `connections` gives the ids of the tenant's, and `today`
    is where the tenant is."""

    settings: BooksSettingsStore
    ledger: LedgerStore
    receivables: ReceivableStore
    log: Log
    invoices: InvoiceReader
    debtors: DebtorReader
    open_items: OpenItems
    statements: StatementReader
    connections: Callable[[], Sequence[str]]
    today: date
    signer: CursorSigner

    def require_connection(self, connection_id: str | None) -> None:
        """A problem where a list is asked for of a connection that the tenant does not have."""
        if connection_id and connection_id not in self.connections():
            raise not_found("connection", connection_id)

    def accounts(self) -> dict[str, Account]:
        return {one.number: one for one in self.settings.accounts()}

    def account(self, number: str) -> Account:
        """One account; a problem where the books have none of that number."""
        found = self.accounts().get(number)
        if found is None:
            raise not_found("account", number)
        return found

    def days(self, kept: BooksSettings, first: date | None, last: date | None) -> tuple[date, date]:
        """The days asked for, else those of all the books."""
        days = first or kept.start, last or max(self.today, kept.start)
        in_order(*days)
        return days

    def months(self, kept: BooksSettings, first: str | None, last: str | None) -> tuple[str, str]:
        """The months asked for, else those of all the books."""
        whole = f"{kept.start:%Y-%m}", f"{max(self.today, kept.start):%Y-%m}"
        months = first or whole[0], last or whole[1]
        in_order(*months)
        return months


Services = Callable[[Caller], ReportServices]


def in_order(first: date | str, last: date | str) -> None:
    """A problem where a range ends before it begins."""
    if str(last) < str(first):
        raise invalid("The range ends before it begins.", "to", "Exchange from and to.")
