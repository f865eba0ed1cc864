"""Proposing what lines of the bank pay, while what is open changes with each that is allocated."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sheaf.books.bank.lines import BankLine
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.items import Known, OpenInvoice, Proposal
from sheaf.books.matching.proposing import proposals
from sheaf.books.proposals.choosing import chosen
from sheaf.books.proposals.opens import Opens
from sheaf.books.proposals.records import KeptProposal, kept
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.receipts.payers import PayerStore
from sheaf.books.receipts.records import Target
from sheaf.books.settings.records import Automation
from sheaf.platform.clock import Now, rfc3339

# What finds them fast takes a second to make for 50,000: it is made anew once one of so many has
# changed, 5 ms a change at most. What has changed and is still found as it was is not proposed.
_OF_SO_MANY = 250


class Proposer:
    """Proposes what is open to lines; reads it when it is asked for the first time.

    It is made for one slice of work: what others book meanwhile is not seen, and what would be
    booked twice by that is refused where it is booked.
    """

    def __init__(self, opens: Opens, payers: PayerStore, automation: Automation, now: Now) -> None:
        self._opens = opens
        self._payers = payers
        self._automation = automation
        self._now = now
        self._all: dict[str, OpenInvoice] = {}
        self._known = Known()
        self._index: OpenInvoices | None = None
        self._changed: set[str] = set()
        self._latest: tuple[BankLine, date, list[Proposal]] | None = None

    def propose(self, line: BankLine, booked_on: date) -> Sequence[Proposal]:
        """What a line may pay, the likeliest first; nothing that has changed since it was read."""
        return [one for one in self._found(line, booked_on) if not self._touches_changed(one)]

    def automatic(self, line: BankLine, booked_on: date) -> list[Wanted]:
        """What a line is allocated to without asking; nothing where that is not sure enough."""
        found = self._found(line, booked_on)
        if not found or self._touches_changed(found[0]):
            return []
        return chosen(found, line.currency, self._all, self._automation)

    def kept(self, line: BankLine, booked_on: date) -> list[KeptProposal]:
        """What a line may pay, as it is kept with its receipt."""
        made_at = rfc3339(self._now())
        return [
            kept(one, line.currency, self._all, made_at) for one in self.propose(line, booked_on)
        ]

    def changed(self, targets: Iterable[Target]) -> None:
        """Something was booked on these: they are not as open as they were."""
        if self._index is None:
            return
        for identifier, left in self._opens.again(self._all, targets).items():
            one = self._all[identifier]
            if one.open_amount != left:
                self._all[identifier] = replace(one, open_amount=left)
                self._changed.add(identifier)

    def _found(self, line: BankLine, booked_on: date) -> list[Proposal]:
        if line.amount <= 0 or line.reversal:
            return []
        index = self._made()
        if self._latest is None or self._latest[:2] != (line, booked_on):
            self._latest = line, booked_on, proposals(line, booked_on, index, self._known)
        return self._latest[2]

    def _made(self) -> OpenInvoices:
        """What finds open items fast, made anew where too much of it has changed."""
        if self._index is None:
            self._all, self._known = self._opens.all(), Known(self._payers.all())
        elif not self._changed or len(self._changed) * _OF_SO_MANY < len(self._all):
            return self._index
        self._changed.clear()
        self._latest = None
        self._index = OpenInvoices(self._all.values())
        return self._index

    def _touches_changed(self, proposal: Proposal) -> bool:
        return any(share.invoice_id in self._changed for share in proposal.shares)
