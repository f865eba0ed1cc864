"""Taking invoices over from the mirror: each is looked at, and booked as it has to be.

It may be repeated, and stopped anywhere: an invoice changes in one transaction together with its
entries, the totals and the log, and only from the version that was looked at.
"""

from dataclasses import dataclass, replace

from sheaf.books.ledger.store import LedgerStore
from sheaf.books.log.lines import Kind, Log
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.deciding import decide
from sheaf.books.receivables.decisions import Booked, Calendar, Decision, Happening
from sheaf.books.receivables.facts import Facts, facts_of
from sheaf.books.receivables.records import Receivable
from sheaf.books.receivables.store import ParkedInvoice, ReceivableStore, Write
from sheaf.books.recorded import payments_of
from sheaf.mirror.records import MirrorRecord
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES, PAYMENTS
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.currencies import major
from sheaf.platform.transactions import TransactionFailedError, transact

_ATTEMPTS = 5
_KINDS = {
    Happening.TAKEN_OVER: (Kind.INVOICE_TAKEN_OVER, "was taken over"),
    Happening.OPENED: (Kind.INVOICE_OPENED, "was opened with what was left of it"),
    Happening.BOOKED_AGAIN: (Kind.INVOICE_BOOKED_AGAIN, "was edited, and booked anew"),
    Happening.TAKEN_BACK: (Kind.INVOICE_TAKEN_BACK, "is gone or a draft again, and taken back"),
    Happening.WRITTEN_OFF: (Kind.INVOICE_WRITTEN_OFF, "is closed, and what was open written off"),
    Happening.LOSS_TAKEN_BACK: (Kind.LOSS_TAKEN_BACK, "is no loss of that amount any more"),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of a connection's invoices: the mirror, and the currency of its account."""

    connection_id: str
    mirror: MirrorStore
    currency: str


class TakeOver:
    """Takes over the invoices of one connection."""

    def __init__(
        self,
        sources: Sources,
        ledger: LedgerStore,
        receivables: ReceivableStore,
        rules: Rules,
        calendar: Calendar,
        log: Log,
        now: Now,
    ) -> None:
        self._sources = sources
        self._ledger = ledger
        self._receivables = receivables
        self._rules = rules
        self._calendar = calendar
        self._log = log
        self._now = now

    def invoice(self, invoice_id: int) -> Decision:
        """Looks at one invoice, and books what is to be booked; what was decided about it."""
        record = self._sources.mirror.get(INVOICES, invoice_id)
        facts = facts_of(record.payload(), self._sources.currency) if record else None
        paid_before = self._paid_before(facts) if facts else 0
        for attempt in range(1, _ATTEMPTS + 1):
            before = self._booked(invoice_id)
            decision = decide(
                facts,
                before,
                paid_before,
                self._rules,
                self._calendar,
                self._sources.connection_id,
            )
            try:
                self._write(decision, facts, before.receivable if before else None, invoice_id)
            except TransactionFailedError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return decision
        raise AssertionError("unreachable")

    def is_done(self, record: MirrorRecord | None, receivable: Receivable | None) -> bool:
        """Whether the books have of an invoice what they are to have; asks no store but for what
        was paid of one that is older than the books."""
        facts = facts_of(record.payload(), self._sources.currency) if record else None
        decision = decide(
            facts,
            Booked(receivable) if receivable else None,
            self._paid_before(facts) if facts else 0,
            self._rules,
            self._calendar,
            self._sources.connection_id,
        )
        return decision == Decision()

    def _booked(self, invoice_id: int) -> Booked | None:
        found = self._receivables.find(self._sources.connection_id, invoice_id)
        if found is None:
            return None
        return Booked(
            found,
            self._ledger.entry(found.entry_day, found.entry_id),
            self._ledger.entry(found.loss_day, found.loss_id),
        )

    def _paid_before(self, facts: Facts) -> int:
        """What was paid of an older invoice before the first day of the books."""
        if facts.issued_on >= self._calendar.start:
            return 0
        record = self._sources.mirror.get(PAYMENTS, facts.invoice_id)
        payments = payments_of(record.payload(), facts.currency) if record else ()
        return sum(one.amount for one, _ in payments if one.paid_on < self._calendar.start)

    def _write(
        self, decision: Decision, facts: Facts | None, before: Receivable | None, invoice_id: int
    ) -> None:
        writes: list[Write] = self._parking(decision, facts, invoice_id)
        after = decision.receivable
        if after is not None and after != before:
            saved = replace(after, version=(before.version if before else 0) + 1)
            writes += self._ledger.write(decision.entries) if decision.entries else []
            writes += self._receivables.write(saved, before)
            writes += [self._told(one, saved, before) for one in decision.happened]
        if writes:
            transact(writes)

    def _parking(self, decision: Decision, facts: Facts | None, invoice_id: int) -> list[Write]:
        """Keeps or takes the invoice from among the parked ones, where that is news."""
        connection_id = self._sources.connection_id
        known = self._receivables.find_parked(connection_id, invoice_id)
        if not decision.parked or facts is None:
            return [self._receivables.unpark(connection_id, invoice_id)] if known else []
        parked = ParkedInvoice(
            connection_id,
            invoice_id,
            facts.number,
            facts.client_name,
            facts.currency,
            facts.amount,
            facts.issued_on,
            decision.parked,
            known.since if known else rfc3339(self._now()),
        )
        if parked == known:
            return []
        why = " ".join(one.detail for one in decision.parked)
        line = self._log.write(
            Kind.INVOICE_PARKED,
            f"Invoice {facts.number}, {facts.client_name}, cannot be booked. {why}",
            connection_id=connection_id,
            invoice_id=str(invoice_id),
        )
        return [self._receivables.park(parked), line]

    def _told(self, what: Happening, after: Receivable, before: Receivable | None) -> Write:
        kind, words = _KINDS[what]
        shown = before if what is Happening.TAKEN_BACK and before else after
        amount = major(shown.amount, shown.currency)
        return self._log.write(
            kind,
            f"Invoice {shown.number}, {shown.debtor_name}, {amount} {shown.currency}, {words}.",
            connection_id=shown.connection_id,
            invoice_id=str(shown.invoice_id),
        )
