"""What is done with contracts: begun, paused, taken up again, priced anew, ended.

A period that is billed never changes: whatever is agreed on counts from the first day that is not
billed yet, at the earliest.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from sheaf.platform.actions import Action
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.currencies import rounded
from sheaf.platform.problems import Problem, invalid, stale_version
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.recurring.retainers.documents import contract_document
from sheaf.recurring.retainers.periods import (
    Billing,
    billings,
    number_of,
    period,
    with_price,
)
from sheaf.recurring.retainers.records import Contract, ContractState, Drafts
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.recurring.retainers.terms import Pause, Price, Terms
from sheaf.tenants.audit import Trail

_DAY, _FURTHEST = timedelta(days=1), timedelta(days=3653)
SHOWN_AHEAD = 12


class ContractDesk:
    """Contracts of one tenant, as of `today` where it is.

    `schedule(contract)` gives the write that makes its billing due.
    """

    def __init__(
        self,
        store: RetainerStore,
        schedule: Callable[[Contract], tuple[Table, Action]],
        trail: Trail,
        today: date,
        now: Now,
    ) -> None:
        self.store = store
        self.today = today
        self._schedule = schedule
        self._trail = trail
        self._now = now

    def upcoming(self, contract: Contract, count: int = SHOWN_AHEAD) -> list[Billing]:
        """The next documents, as they would be issued if nothing changed."""
        if contract.state is ContractState.ENDED:
            return []
        return list(islice(billings(contract.terms, contract.billed_to + 1), count))

    def activate(self, contract_id: str, version: int, actor: str) -> Contract:
        """Somebody has stopped Harvest's own recurring invoice; billing begins.

        Periods that began before today were Harvest's to bill, and are left out.
        """
        contract = self._current(contract_id, version)
        if contract.state is not ContractState.WAITING:
            return contract
        began = number_of(contract.terms, self.today - _DAY)
        now = rfc3339(self._now())
        after = replace(
            contract,
            state=ContractState.ACTIVE,
            billed_to=max(contract.billed_to, began),
            stopped_by=actor,
            stopped_at=now,
        )
        return self._save(contract, after, "contract_activated", actor)

    def pause(
        self, contract_id: str, version: int, first: date, last: date | None, actor: str
    ) -> Contract:
        """Days that are not billed; without a last one until it is taken up again."""
        contract = self._going(contract_id, version)
        self._refuse_far(from_=first, to=last)
        self._refuse_billed(contract, first, "from")
        if last is not None and last < first:
            raise invalid("A pause cannot end before it begins.", "to")
        pauses = contract.terms.pauses
        if any(
            (one.last is None or one.last >= first) and (last is None or one.first <= last)
            for one in pauses
        ):
            raise invalid(
                "The contract is paused on some of these days already.",
                "from",
                "Take it up again first, or give other days.",
            )
        paused = tuple(sorted((*pauses, Pause(first, last)), key=lambda one: one.first))
        return self._agree(contract, replace(contract.terms, pauses=paused), "paused", actor)

    def resume(self, contract_id: str, version: int, day: date, actor: str) -> Contract:
        """Ends the pause that a day is in, or that is to come: the day counts again."""
        contract = self._going(contract_id, version)
        self._refuse_far(day=day)
        pauses = contract.terms.pauses
        ended = next((one for one in pauses if one.last is None or one.last >= day), None)
        if ended is None:
            raise invalid(f"The contract is not paused on {day} or later.", "day")
        self._refuse_billed(contract, max(day, ended.first), "day")
        shorter = [] if day <= ended.first else [Pause(ended.first, day - _DAY)]
        left = tuple(part for one in pauses for part in ([*shorter] if one == ended else [one]))
        return self._agree(contract, replace(contract.terms, pauses=left), "resumed", actor)

    def change_price(
        self, contract_id: str, version: int, amount: Decimal, since: date, actor: str
    ) -> Contract:
        """Another price from a day on, also instead of changes that were agreed on for later."""
        contract = self._going(contract_id, version)
        terms = contract.terms
        if amount <= 0 or rounded(amount, terms.currency) != amount:
            raise invalid(
                f"{amount} is no amount that can be billed.",
                "amount",
                "Give a positive amount with no more decimals than the currency has.",
            )
        self._refuse_far(since=since)
        self._refuse_billed(contract, since, "since")
        prices = with_price(terms, Price(since, amount))
        return self._agree(contract, replace(terms, prices=prices), "price_changed", actor)

    def end(self, contract_id: str, version: int, last: date, actor: str) -> Contract:
        """The last day of the contract; a later one again as long as it is not over.

        One that ends before its first day is over at once.
        """
        contract = self._going(contract_id, version)
        self._refuse_far(last_day=last)
        free = self._first_free(contract.terms, contract.billed_to)
        if last < free - _DAY:
            raise _billed_already(free - _DAY, "last_day", "last")
        ended = replace(contract.terms, end=last)
        return self._agree(contract, ended, "end_agreed", actor)

    def change_drafts(
        self, contract_id: str, version: int, drafts: Drafts | None, actor: str
    ) -> Contract:
        """Whether, and how, drafts are made in Harvest from now on."""
        contract = self._going(contract_id, version)
        return self._save(contract, replace(contract, drafts=drafts), "drafts_changed", actor)

    def _agree(self, contract: Contract, terms: Terms, action: str, actor: str) -> Contract:
        return self._save(contract, replace(contract, terms=terms), f"contract_{action}", actor)

    def _going(self, contract_id: str, version: int) -> Contract:
        contract = self._current(contract_id, version)
        if contract.state is ContractState.ENDED:
            raise Problem(
                409,
                "contract_ended",
                "The contract is over and everything of it is billed.",
                "Accept the finding again for a new quote.",
            )
        return contract

    def _current(self, contract_id: str, version: int) -> Contract:
        contract = self.store.contract(contract_id)
        if contract.version != version:
            raise self._stale(contract)
        return contract

    def _first_free(self, terms: Terms, billed_to: int) -> date:
        return max(terms.start, period(terms, billed_to + 1)[0])

    def _refuse_far(self, **days: date | None) -> None:
        """A problem for a day that nobody plans for, by the name of its field."""
        for name, day in days.items():
            if day is not None and abs(day - self.today) > _FURTHEST:
                raise invalid(
                    f"{day} is more than ten years away.", name.strip("_"), "Give a nearer day."
                )

    def _refuse_billed(self, contract: Contract, day: date, field: str) -> None:
        free = self._first_free(contract.terms, contract.billed_to)
        if day < free:
            raise _billed_already(free, field, "first")

    def _save(self, before: Contract, after: Contract, action: str, actor: str) -> Contract:
        saved = replace(after, version=before.version + 1, updated_at=rfc3339(self._now()))
        changes = _changes(before, after)
        entry = self._trail.entry(before.contract_id, action, actor, changes)
        writes: Sequence[tuple[Table, Action]] = [
            self.store.write_contract(saved),
            (self._trail.table, entry),
            self._schedule(saved),
        ]
        try:
            transact(writes)
        except TransactionFailedError:
            raise self._stale(self.store.contract(before.contract_id)) from None
        return saved

    def _stale(self, contract: Contract) -> Problem:
        return stale_version(contract_document(contract, self.upcoming(contract, 1)))


def _billed_already(day: date, field: str, which: str) -> Problem:
    return invalid(
        f"Days before {day} are billed already."
        if which == "first"
        else f"Days up to {day} are billed already.",
        field,
        f"Give {day} or a later day; what was billed too much is credited by hand.",
    )


def _changes(before: Contract, after: Contract) -> dict[str, object]:
    """What changed of the terms, as the trail shows it."""
    one, other = contract_document(before), contract_document(after)
    shown = {**one, **one["terms"]}, {**other, **other["terms"]}
    names = ("state", "amount", "end", "pauses", "prices", "harvest_drafts", "periods_billed")
    return {
        name: {"before": shown[0][name], "after": shown[1][name]}
        for name in names
        if shown[0][name] != shown[1][name]
    }
