"""One invoice in the books: how it stands, what it is booked as, what pays it, what hinders it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sheaf.books.ledger.entries import Entry
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.receipts.records import Receipt
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.booking import Parked, Rules
from sheaf.books.receivables.facts import Facts, Line, facts_of
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receivables.store import ParkedInvoice, ReceivableStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform.problems import Problem

# How an invoice stands that is not booked, for want of something.
PARKED = "parked"


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of an invoice with the article that it is booked as, None where there is none, and
    what keeps it from being booked."""

    line: Line
    article: Article | None
    obstacles: tuple[Parked, ...]


@dataclass(frozen=True, slots=True)
class SeenInvoice:
    """An invoice as the books have it; `facts` is how Harvest has it now, None once it is gone.

    `entries` are those that stand for it. At least one of `receivable` and `parked` is there.
    """

    receivable: Receivable | None
    parked: ParkedInvoice | None
    facts: Facts | None
    lines: Sequence[SeenLine]
    entries: Sequence[Entry]
    payments: Sequence[Receipt]

    @property
    def standing(self) -> str:
        """That of the receivable, else `parked`."""
        if self.receivable is None:
            return PARKED
        gone = self.receivable.standing is Standing.REVERSED
        return PARKED if gone and self.parked else self.receivable.standing.value

    @property
    def newest(self) -> bool:
        """Whether what is booked is what Harvest has now."""
        if self.receivable is None or self.parked is not None:
            return False
        if self.facts is None:
            return self.receivable.standing is Standing.REVERSED
        # Behind the mark stands what was paid before the books began.
        return self.receivable.digest.partition("#")[0] == self.facts.digest


def seen_lines(facts: Facts, rules: Rules, parked: Sequence[Parked]) -> list[SeenLine]:
    """The lines of an invoice, each with its article and with the obstacles that name it."""
    return [
        SeenLine(
            line,
            rules.article(line.kind),
            tuple(one for one in parked if line.place in one.lines),
        )
        for line in facts.lines
    ]


class InvoiceReader:
    """Reads invoices of one tenant. `mirror(connection_id)` is what Harvest has, and
    `currency(connection_id)` that of its account."""

    def __init__(
        self,
        receivables: ReceivableStore,
        receipts: ReceiptStore,
        ledger: LedgerStore,
        mirror: Callable[[str], MirrorStore],
        currency: Callable[[str], str],
    ) -> None:
        self._receivables = receivables
        self._receipts = receipts
        self._ledger = ledger
        self._mirror = mirror
        self._currency = currency

    def get(self, connection_id: str, invoice_id: int, rules: Rules) -> SeenInvoice:
        """One invoice; a problem where the books do not know it."""
        receivable = self._receivables.find(connection_id, invoice_id)
        parked = self._receivables.find_parked(connection_id, invoice_id)
        record = self._mirror(connection_id).get(INVOICES, invoice_id)
        if receivable is None and parked is None:
            raise _unknown(invoice_id, record is not None)
        facts = facts_of(record.payload(), self._currency(connection_id)) if record else None
        obstacles = parked.obstacles if parked else ()
        return SeenInvoice(
            receivable,
            parked,
            facts,
            seen_lines(facts, rules, obstacles) if facts else [],
            self._entries(receivable) if receivable else [],
            self._payments(receivable) if receivable else [],
        )

    def _entries(self, receivable: Receivable) -> list[Entry]:
        places = (
            (receivable.entry_day, receivable.entry_id),
            (receivable.loss_day, receivable.loss_id),
        )
        found = (self._ledger.entry(day, entry_id) for day, entry_id in places)
        return [one for one in found if one is not None]

    def _payments(self, receivable: Receivable) -> list[Receipt]:
        """The receipts that are allocated to it, the first day first."""
        found = self._receipts.find_many(receivable.paid_by).values()
        return sorted(found, key=lambda one: (one.day, one.receipt_id))


def _unknown(invoice_id: int, in_harvest: bool) -> Problem:
    if in_harvest:
        return Problem(
            404,
            "not_in_the_books",
            f"Invoice {invoice_id} is not in the books.",
            "Drafts stay out, and so does what was settled before the books began. Send the"
            " invoice in Harvest, then start a run (POST /v1/books/runs).",
        )
    return Problem(
        404,
        "not_found",
        f"There is no invoice with the id {invoice_id}.",
        "List the open items or the parked invoices to see the ids that exist.",
    )
