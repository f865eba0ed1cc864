"""The turns of an invoice in the books: as it is now it is booked, written off, taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sheaf.books.ledger.accounts import Role
from sheaf.books.ledger.entries import Entry, Leg, balanced, countered, together
from sheaf.books.receivables.booking import Parked, Rules, legs_of, obstacles, without_rate
from sheaf.books.receivables.decisions import Calendar, Decision, Happening
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Receivable, Standing


@dataclass(frozen=True, slots=True)
class Turns:
    """Those of one invoice as it is now; `paid_before` is what was paid of it before the books."""

    facts: Facts
    paid_before: int
    rules: Rules
    calendar: Calendar
    connection_id: str

    @property
    def opening(self) -> bool:
        """Whether it is older than the books: only what was open then is booked."""
        return self.facts.issued_on < self.calendar.start

    @property
    def digest(self) -> str:
        """The same as long as nothing changes that is booked."""
        return self.facts.digest + (f"#{self.paid_before}" if self.opening else "")

    def obstacles(self) -> tuple[Parked, ...]:
        if self.opening:
            return tuple(without_rate(self.facts.currency, self.calendar.start, self.rules))
        return tuple(obstacles(self.facts, self.rules))

    def book(self, before: Receivable | None) -> Decision:
        """The invoice as it is now, booked; what was allocated to it stays so."""
        facts, opening = self.facts, self.opening
        after = Receivable(
            connection_id=self.connection_id,
            invoice_id=facts.invoice_id,
            version=before.version if before else 0,
            standing=self._standing(),
            digest=self.digest,
            number=facts.number,
            client_id=facts.client_id,
            debtor_name=facts.client_name,
            currency=facts.currency,
            issued_on=facts.issued_on,
            due_on=facts.due_on,
            amount=0,
            base=0,
            turns=(before.turns if before else 0) + 1,
            allocated=before.allocated if before else 0,
            allocated_base=before.allocated_base if before else 0,
            paid_by=before.paid_by if before else (),
            moved=before is not None and self._moves(before),
        )
        legs = self._realised(after, self._opening_legs(after) if opening else self._legs(after))
        owed = [leg for leg in legs if leg.item == after.item]
        after = replace(
            after, amount=sum(leg.amount for leg in owed), base=sum(leg.base for leg in owed)
        )
        happened = Happening.OPENED if opening else Happening.TAKEN_OVER
        if not legs:
            return Decision(after, (), (happened,))
        day = self.calendar.start if opening else self.calendar.open_day(facts.issued_on)
        what = "Opening balance of invoice" if opening else "Invoice"
        text = f"{what} {facts.number}, {facts.client_name}"
        entry = balanced(Entry(_entry_id(after), day, text, legs, after.item))
        kept = replace(after, entry_id=entry.entry_id, entry_day=day)
        return Decision(kept, (entry,), (happened,))

    def _moves(self, before: Receivable) -> bool:
        """Whether what pays it was allocated while it was another client's."""
        return bool(before.paid_by) and (before.moved or before.client_id != self.facts.client_id)

    def settle(self, decision: Decision, loss: Entry | None = None) -> Decision:
        """Writes off what is open of a closed invoice, and takes that back once it is not."""
        receivable = decision.receivable
        assert receivable is not None
        closed = self.facts.state.name == "closed"
        open_without_loss = receivable.open_amount + receivable.lost
        wanted = open_without_loss if closed else 0
        if wanted == receivable.lost:
            return decision if decision.entries else Decision()
        entries, happened = list(decision.entries), list(decision.happened)
        if loss is not None:
            receivable = replace(
                receivable, turns=receivable.turns + 1, lost=0, lost_base=0, loss_id="",
                loss_day=date.min, standing=self._standing(),
            )  # fmt: skip
            entries.append(counter(loss, receivable, self.calendar))
            happened.append(Happening.LOSS_TAKEN_BACK)
        if wanted:
            receivable = replace(receivable, turns=receivable.turns + 1)
            entry = self._loss(receivable)
            receivable = replace(
                receivable, standing=Standing.WRITTEN_OFF, lost=receivable.open_amount,
                lost_base=receivable.open_base, loss_id=entry.entry_id, loss_day=entry.day,
            )  # fmt: skip
            entries.append(entry)
            happened.append(Happening.WRITTEN_OFF)
        return replace(
            decision, receivable=receivable, entries=tuple(entries), happened=tuple(happened)
        )

    def _standing(self) -> Standing:
        return Standing.OPENING if self.opening else Standing.BOOKED

    def _legs(self, receivable: Receivable) -> tuple[Leg, ...]:
        return legs_of(self.facts, self.rules, receivable.item, receivable.debtor)

    def _opening_legs(self, receivable: Receivable) -> tuple[Leg, ...]:
        """What was open when the books began, against the account of opening balances."""
        facts, roles = self.facts, self.rules.roles
        left = facts.amount - self.paid_before
        base = self.rules.rates.base(left, facts.currency, self.calendar.start)
        return together(_against(roles, Role.OPENING, receivable, left, base))

    def _realised(self, receivable: Receivable, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
        """The legs, and where payments settle all of it what they were worth beside it by another
        rate: nothing is left by which that could be realised later."""
        owed = [leg for leg in legs if leg.item == receivable.item]
        left = sum(leg.base for leg in owed) - receivable.allocated_base
        if sum(leg.amount for leg in owed) != receivable.allocated or not left:
            return legs
        roles, currency = self.rules.roles, receivable.currency
        less = Leg(roles[Role.RECEIVABLES], 0, currency, -left, receivable.debtor, receivable.item)
        role = Role.EXCHANGE_LOSS if left > 0 else Role.EXCHANGE_GAIN
        return together([*legs, less, Leg(roles[role], 0, currency, left)])

    def _loss(self, receivable: Receivable) -> Entry:
        closed_on = self.facts.state.closed_on or self.calendar.today
        left, base = -receivable.open_amount, -receivable.open_base
        legs = together(_against(self.rules.roles, Role.WRITTEN_OFF, receivable, left, base))
        text = f"Written off: invoice {receivable.number}, {receivable.debtor_name}"
        day = self.calendar.open_day(closed_on)
        return balanced(Entry(_entry_id(receivable), day, text, legs, receivable.item))


def _against(
    roles: Mapping[Role, str], role: Role, receivable: Receivable, amount: int, base: int
) -> Iterator[Leg]:
    """The receivable debited with an amount, the account of a role credited."""
    currency = receivable.currency
    yield Leg(roles[Role.RECEIVABLES], amount, currency, base, receivable.debtor, receivable.item)
    yield Leg(roles[role], -amount, currency, -base)


def counter(entry: Entry, receivable: Receivable, calendar: Calendar) -> Entry:
    """The entry that takes one back, as the receivable's latest turn."""
    day = calendar.open_day(entry.day)
    return countered(entry, _entry_id(receivable), day, f"Taken back: {entry.text}")


def _entry_id(receivable: Receivable) -> str:
    """The id of the entry that is the receivable's latest turn."""
    return f"{receivable.item}#{receivable.turns}"
