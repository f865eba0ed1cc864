"""Issuing billing documents: each period of a contract once, whoever runs it and however often.

A document's id is made of its contract and its period, so it cannot be issued twice. It is written
together with how far the contract is billed; what follows from it (telling, drafting) is noted as
unfinished in the same transaction, and done again until it is finished.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from sheaf.harvest.errors import HarvestError
from sheaf.platform.clock import Now, instant, rfc3339
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.recurring.retainers.periods import Billing, billings
from sheaf.recurring.retainers.records import Contract, ContractState, Document, DraftState
from sheaf.recurring.retainers.store import RetainerStore, Write
from sheaf.writeback.intents import ClaimedError

_DOCUMENT_ID = re.compile(r"bd_([0-9a-f]{1,40})_(\d{1,6})", re.ASCII)


class Finishing(Protocol):
    """What follows from a document. Each may be called again; `draft` raises what should make the
    job come back. `ended` gives what belongs into the transaction that ends a contract."""

    def tell(self, document: Document) -> None: ...
    def draft(self, contract: Contract, document: Document) -> None: ...
    def ended(self, contract: Contract) -> list[Write]: ...


class Biller:
    """Bills contracts of one tenant, as of `today` where it is."""

    def __init__(self, store: RetainerStore, finishing: Finishing, today: date, now: Now) -> None:
        self._store = store
        self._finishing = finishing
        self._today = today
        self._now = now

    def bill(self, contract_id: str, time_left: Callable[[], bool]) -> date | None:
        """Issues everything that is due; the day on which the contract is due next, if any.

        Today where time ran out before everything was done. What keeps a draft from being made is
        raised once everything else is done: nothing of ours waits for Harvest.
        """
        while time_left():
            contract = self._store.find_contract(contract_id)
            if contract is None:
                return None
            following = self._next(contract)
            try:
                if following is not None and following.issue_on <= self._today:
                    self._issue(contract, following)
                    continue
                if contract.unfinished:
                    self._finish(contract)
                    continue
                if following is None and self._is_over(contract):
                    self._end(contract)
            except TransactionFailedError:
                continue  # somebody changed the contract, or billed it, at the same moment
            return _due_on(self._store.find_contract(contract_id), following)
        return self._today

    def next_day(self, contract_id: str) -> date | None:
        """The day on which a contract is due next, as it stands."""
        contract = self._store.find_contract(contract_id)
        return _due_on(contract, self._next(contract) if contract else None)

    def waits_for(self, contract_id: str) -> timedelta:
        """How long the first document that is not finished has waited."""
        contract = self._store.find_contract(contract_id)
        first = contract.unfinished[0] if contract and contract.unfinished else None
        document = None if first is None else self._store.document(contract_id, first)
        return self._now() - instant(document.issued_at) if document else timedelta(0)

    def _next(self, contract: Contract) -> Billing | None:
        if contract.state is not ContractState.ACTIVE:
            return None
        return next(billings(contract.terms, contract.billed_to + 1), None)

    def _finish(self, contract: Contract) -> None:
        """Tells what is not told yet, then drafts; what is done stays done."""
        documents = [
            document
            for number in contract.unfinished
            if (document := self._store.document(contract.contract_id, number)) is not None
        ]
        for document in documents:
            self._finishing.tell(document)
        left, trouble = [], None
        for document in documents:
            try:
                self._finishing.draft(contract, document)
            except (HarvestError, ClaimedError) as error:
                left.append(document.billing.number)
                trouble = trouble or error
        if tuple(left) != contract.unfinished:
            self._save(contract, replace(contract, unfinished=tuple(left)))
        if trouble is not None:
            raise trouble

    def _issue(self, contract: Contract, following: Billing) -> None:
        document = Document(
            document_id=document_id(contract.contract_id, following.number),
            contract_id=contract.contract_id,
            title=contract.title,
            party=contract.party,
            currency=contract.terms.currency,
            billing=following,
            issued_at=rfc3339(self._now()),
            draft=DraftState.WANTED if contract.drafts else None,
        )
        billed = replace(
            contract,
            billed_to=following.number,
            unfinished=(*contract.unfinished, following.number),
        )
        self._save(contract, billed, self._store.write_document(document))

    def _is_over(self, contract: Contract) -> bool:
        """Whether nothing can come any more: the caller has found nothing left to bill."""
        end = contract.terms.end
        if end is None or contract.state is ContractState.ENDED:
            return False
        return end < max(self._today, contract.terms.start)

    def _end(self, contract: Contract) -> None:
        over = replace(contract, state=ContractState.ENDED)
        self._save(contract, over, *self._finishing.ended(contract))

    def _save(self, before: Contract, after: Contract, *along: Write) -> None:
        saved = replace(after, version=before.version + 1)
        transact([self._store.write_contract(saved), *along])


def _due_on(contract: Contract | None, following: Billing | None) -> date | None:
    """The day of the next document, or that on which a contract without one is over."""
    if following is not None:
        return following.issue_on
    if contract is None or contract.state is ContractState.ENDED or contract.terms.end is None:
        return None
    return contract.terms.end + timedelta(days=1)


def document_id(contract_id: str, number: int) -> str:
    """The id of a period's document, the same for whoever issues it."""
    return f"bd_{contract_id.removeprefix('ct_')}_{number}"


def place_of(document_id: str) -> tuple[str, int] | None:
    """(contract id, number of the period) of a document's id; None for what is no such id."""
    found = _DOCUMENT_ID.fullmatch(document_id)
    return (f"ct_{found[1]}", int(found[2])) if found else None
