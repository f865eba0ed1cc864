"""A tenant that keeps books, with its mirror of invoices, for tests of what is booked."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sheaf import wiring
from sheaf.books.ledger.accounts import Role
from sheaf.books.ledger.entries import Entry
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.ledger.verifying import Finding, Walk, wrong_totals
from sheaf.books.log.lines import Kind, Log, LogLine
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receipts.records import Receipt, Source, Target, TargetKind
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receivables.records import Receivable
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.receiving import Receiver
from sheaf.books.taking_over import Sources, TakeOver
from sheaf.books.targets import Stores
from sheaf.books.theirs import TheirPayments
from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES, PAYMENTS
from sheaf.platform.actions import Key
from tests.unit.books.receivables.invoices import CALENDAR, RATES, RULES

TENANT, CONNECTION = "acme#west", "cn_1"
DAY = date(2026, 4, 1)


def invoice(invoice_id: int, amount: str, **values: Any) -> dict[str, Any]:
    """An invoice as Harvest has it, with one line of article 1000."""
    line = {"id": 1, "kind": "1000", "description": "Work", "amount": amount, "taxed": False}
    return {
        "id": invoice_id,
        "client": {"id": 70, "name": "Osier Baskets"},
        "number": f"2026-{invoice_id:04d}",
        "state": "open",
        "sent_at": "2026-03-02T09:00:00Z",
        "currency": "CHF",
        "issue_date": "2026-03-02",
        "due_date": "2026-04-01",
        "amount": amount,
        "due_amount": amount,
        "line_items": [line],
        **values,
    }


class Books:
    """The books of one tenant."""

    def __init__(self, tenant: str = TENANT) -> None:
        self.tenant = tenant
        self.now = datetime(2026, 6, 30, 9, tzinfo=UTC)
        table = wiring.books_table()
        self.log = log = Log(table, tenant, lambda: self.now)
        self.mirror = MirrorStore(wiring.mirror_table(), tenant, CONNECTION)
        self.stores = Stores(
            LedgerStore(table, tenant, lambda: self.now),
            ReceivableStore(table, tenant),
            ReceiptStore(table, tenant),
            OutgoingStore(
                table,
                tenant,
                lambda one, did: log.write(Kind(did.value), "", outgoing_id=one.outgoing_id),
                lambda: self.now,
            ),
        )
        self.taking = TakeOver(
            Sources(CONNECTION, self.mirror, "CHF"),
            self.stores.ledger,
            self.stores.receivables,
            RULES,
            CALENDAR,
            log,
            lambda: self.now,
        )
        self.receiver = Receiver(self.stores, RULES.roles, RATES, CALENDAR, log, True)
        self.theirs = TheirPayments(
            table,
            tenant,
            CONNECTION,
            self.mirror,
            self.stores,
            self.receiver,
            CALENDAR.start,
            RULES.roles,
        )

    def has(self, *payloads: dict[str, Any]) -> None:
        """Harvest has invoices, as the mirror knows."""
        self.mirror.write(INVOICES, [mirror_record(INVOICES, one) for one in payloads])

    def paid(self, invoice_id: int, *payments: dict[str, Any]) -> None:
        row = {"id": invoice_id, "payments": list(payments)}
        self.mirror.write(PAYMENTS, [mirror_record(PAYMENTS, row)])

    def lost(self, *invoice_ids: int) -> None:
        self.mirror.remove(INVOICES, invoice_ids)

    def receivable(self, invoice_id: int) -> Receivable:
        found = self.stores.receivables.find(CONNECTION, invoice_id)
        assert found is not None
        return found

    def receipt(self, receipt_id: str, amount: int, currency: str = "CHF") -> Receipt:
        """A receipt that is not booked yet."""
        return Receipt(
            receipt_id, 0, Source.BANK, receipt_id, "1020", DAY, currency, amount, "Osier Baskets"
        )

    @property
    def journal(self) -> list[Entry]:
        months = self.stores.ledger.months()
        return [one for month in months for one in self.stores.ledger.all_of(month)]

    @property
    def balances(self) -> dict[str, Decimal]:
        """What accounts come to in the books' currency, by the totals."""
        found: defaultdict[str, int] = defaultdict(int)
        for place, total in self.stores.ledger.totals().items():
            found[place.account] += total.base
        return {account: Decimal(base) / 100 for account, base in found.items() if base}

    @property
    def faults(self) -> list[Finding | Any]:
        """Whatever is wrong: entries, totals, open items that are not what the legs say."""
        walk = Walk()
        walk.through(self.journal)
        found: list[Any] = walk.end()
        found += wrong_totals(self.stores.ledger.totals(), walk.totals).items()
        for one in self.stores.receivables.all_of(CONNECTION):
            legs = walk.items.get((RULES.roles[Role.RECEIVABLES], one.item), (0, 0))
            if legs != (one.open_amount, one.open_base):
                found.append((one.item, legs, one))
        return found

    @property
    def told(self) -> list[str]:
        """The kinds of the log's lines, in no order that says anything within a second."""
        return sorted(one.kind.value for one in self._log_lines())

    def texts(self) -> list[str]:
        """What the log says, in no order that says anything within a second."""
        return [one.text for one in self._log_lines()]

    def text_of(self, kind: str) -> str:
        """What the one line of a kind says."""
        (text,) = (one.text for one in self._log_lines() if one.kind.value == kind)
        return text

    def _log_lines(self) -> list[LogLine]:
        return Log(wiring.books_table(), self.tenant, lambda: self.now).latest(100, None)[0]

    def begin_anew(self) -> None:
        """As if nothing had ever been booked."""
        table = wiring.books_table()
        names = ["journal#2026-03", "journal#2026-04", "journal#2026-05", "totals", "log"]
        names += ["transit", "payers", "proposals"]
        names += [f"debtor#{CONNECTION}#70", f"parked#{CONNECTION}", "outgoing"]
        names += [f"theirs#{CONNECTION}#7", *(f"bookings#{n:02x}" for n in range(16))]
        names += [f"receivables#{CONNECTION}#{n:02x}" for n in range(16)]
        names += [f"receipts#{n:02x}" for n in range(16)]
        for name in names:
            found = list(table.query_all(f"T#{self.tenant}#{name}"))
            table.delete_many(Key(one["pk"], one["sk"]) for one in found)


def target(invoice_id: int) -> Target:
    return Target(TargetKind.INVOICE, f"{CONNECTION}#{invoice_id}")


def transit(receipt_id: str) -> Target:
    return Target(TargetKind.TRANSIT, receipt_id)
