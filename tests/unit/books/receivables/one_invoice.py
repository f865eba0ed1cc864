"""One invoice in the books over time, for tests of what is decided about it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sheaf.books.ledger.entries import Entry, balanced
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.deciding import decide
from sheaf.books.receivables.decisions import Booked, Calendar, Decision
from sheaf.books.receivables.facts import Facts
from tests.unit.books.receivables.invoices import (
    CALENDAR,
    RULES,
    invoice,
)

if TYPE_CHECKING:
    from sheaf.books.receivables.records import Receivable

SENT = invoice(("1000", 90000))
EDITED = invoice(("1000", 95000))
LATER = date(2026, 4, 6)


class Books:
    """One invoice in the books, over time; its journal is kept as the store keeps it."""

    def __init__(self) -> None:
        self.journal: dict[str, Entry] = {}
        self.receivable: Receivable | None = None

    def takes(
        self,
        facts: Facts | None,
        paid_before: int = 0,
        rules: Rules = RULES,
        calendar: Calendar = CALENDAR,
    ) -> Decision:
        found = self.receivable
        booked = None
        if found is not None:
            entry, loss = self.journal.get(found.entry_id), self.journal.get(found.loss_id)
            booked = Booked(found, entry, loss)
        decision = decide(facts, booked, paid_before, rules, calendar, "cn_1")
        for entry in decision.entries:
            assert entry.entry_id not in self.journal, "an entry is booked once"
            self.journal[entry.entry_id] = balanced(entry)
        self.receivable = decision.receivable or found
        return decision

    def pays(self, amount: int, receipt_id: str = "", base: int | None = None) -> None:
        assert self.receivable is not None
        self.receivable = replace(
            self.receivable,
            allocated=self.receivable.allocated + amount,
            allocated_base=self.receivable.allocated_base + (amount if base is None else base),
            paid_by=(receipt_id,) if receipt_id else (),
        )

    @property
    def balances(self) -> dict[str, int]:
        found: defaultdict[str, int] = defaultdict(int)
        for entry in self.journal.values():
            for leg in entry.legs:
                found[leg.account] += leg.amount
        return {account: amount for account, amount in found.items() if amount}

    @property
    def bases(self) -> dict[str, int]:
        """What accounts come to in the currency of the books."""
        found: defaultdict[str, int] = defaultdict(int)
        for entry in self.journal.values():
            for leg in entry.legs:
                found[leg.account] += leg.base
        return {account: base for account, base in found.items() if base}

    @property
    def days(self) -> list[date]:
        return [entry.day for entry in self.journal.values()]


def happened(decision: Decision) -> list[str]:
    return [one.value for one in decision.happened]
