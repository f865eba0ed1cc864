"""Made-up books for the bench of posting: invoices of one month, their payments, ways to book them.

All are of one month and one currency: their totals meet in the same few items, as they do when an
old account is taken over.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sheaf.books.ledger.accounts import CHARTS, ChartName, Role
from sheaf.books.ledger.entries import Entry
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.log.lines import Log
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.receipts.records import Receipt, Source, Target, TargetKind
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.decisions import Calendar
from sheaf.books.receivables.rates import Rates
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.receiving import Receiver
from sheaf.books.taking_over import Sources, TakeOver
from sheaf.books.targets import Stores
from sheaf.books.telling import told
from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform.currencies import major
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact

_TENANT, _CONNECTION = "bench", "cn_1"
_FIRST, _DAYS, _CLIENTS = date(2026, 3, 1), 28, 50
_CHART = CHARTS[ChartName.SWISS]
_RULES = Rules(
    _CHART.roles,
    {"1000": Article("1000", "Consulting", _CHART.revenue, "normal")},
    _CHART.taxes,
    Rates("CHF"),
)
_CALENDAR = Calendar(date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30))


class MadeBooks:
    """The books of one tenant, and so many invoices in its mirror that are not booked yet."""

    def __init__(self, books: Table, mirror: Table, number: int) -> None:
        self.number = number
        log = Log(books, _TENANT, _now)
        self.ledger = LedgerStore(books, _TENANT, _now)
        stores = Stores(
            self.ledger,
            ReceivableStore(books, _TENANT),
            ReceiptStore(books, _TENANT),
            OutgoingStore(books, _TENANT, told(log), _now),
        )
        of_mirror = MirrorStore(mirror, _TENANT, _CONNECTION)
        of_mirror.write(INVOICES, (mirror_record(INVOICES, one) for one in _invoices(number)))
        self._taking = TakeOver(
            Sources(_CONNECTION, of_mirror, "CHF"),
            self.ledger,
            stores.receivables,
            _RULES,
            _CALENDAR,
            log,
            _now,
        )
        self._receiver = Receiver(stores, _RULES.roles, _RULES.rates, _CALENDAR, log, True)

    def take_over(self) -> None:
        """Every invoice, one after the other, as a run of the books does it."""
        for place in range(1, self.number + 1):
            self._taking.invoice(place)

    def receive(self) -> None:
        """A receipt for every invoice, booked and allocated to it in one go."""
        for place in range(1, self.number + 1):
            amount = _amount(place)
            target = Target(TargetKind.INVOICE, f"{_CONNECTION}#{place}")
            receipt = Receipt(
                f"re_{place:026d}",
                0,
                Source.BANK,
                f"bk_{place:026d}",
                _CHART.roles[Role.BANK],
                _day(place),
                "CHF",
                amount,
                f"Osier Baskets {place % _CLIENTS}",
                f"Invoice 2026-{place:05d}",
                payer_account=f"XX{place % _CLIENTS:018d}",
            )
            self._receiver.book(receipt, [Wanted(target, amount, amount)])

    def entries(self) -> list[Entry]:
        """Everything that was booked."""
        return list(self.ledger.all_of(f"{_FIRST:%Y-%m}"))


def with_totals(books: Table, entries: Sequence[Entry]) -> None:
    """Another tenant's ledger of the same entries: each with its totals, and nothing else."""
    ledger = LedgerStore(books, f"{_TENANT}-ledger", _now)
    for entry in entries:
        transact(ledger.write([entry]))


def plainly(books: Table, entries: Sequence[Entry]) -> None:
    """One put an entry: who wants a balance has to add all of them up."""
    for entry in entries:
        books.put(
            {
                "pk": f"T#{_TENANT}-plain#{entry.day:%Y-%m}",
                "sk": f"{entry.day.isoformat()}#{entry.entry_id}",
                "text": entry.text,
                "subject": entry.subject,
                "legs": [list(leg) for leg in entry.legs],
                "at": _now().isoformat(),
            }
        )


def _now() -> datetime:
    return datetime(2026, 6, 30, 9, tzinfo=UTC)


def _day(place: int) -> date:
    return _FIRST + timedelta(days=place % _DAYS)


def _net(place: int) -> int:
    """In smallest parts; each ends in 000, so that its tax comes to whole parts."""
    return (100 + place % 900) * 1000


def _amount(place: int) -> int:
    return _net(place) + _net(place) * 81 // 1000


def _invoices(number: int) -> Iterator[dict[str, Any]]:
    """As Harvest tells of them: two lines and a tax."""
    for place in range(1, number + 1):
        half, tax = _net(place) // 2, _amount(place) - _net(place)
        line = {"kind": "1000", "description": "Work", "taxed": True}
        total = str(major(_amount(place), "CHF"))
        yield {
            "id": place,
            "client": {"id": place % _CLIENTS, "name": f"Osier Baskets {place % _CLIENTS}"},
            "number": f"2026-{place:05d}",
            "state": "open",
            "sent_at": f"{_day(place)}T09:00:00Z",
            "currency": "CHF",
            "issue_date": _day(place).isoformat(),
            "due_date": (_day(place) + timedelta(days=30)).isoformat(),
            "amount": total,
            "due_amount": total,
            "tax": "8.1",
            "tax_amount": str(major(tax, "CHF")),
            "line_items": [{**line, "amount": str(major(half, "CHF"))}] * 2,
        }
