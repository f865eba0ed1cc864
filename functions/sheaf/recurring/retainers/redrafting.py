"""A draft that Harvest refused is made again, once somebody has mended the cause."""

from collections.abc import Callable
from dataclasses import replace

from sheaf.platform.actions import Action
from sheaf.platform.problems import Problem, not_found
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.recurring.retainers.billing import place_of
from sheaf.recurring.retainers.records import Contract, Document, DraftState
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.tenants.audit import Trail
from sheaf.writeback.intents import IntentStore


class Redrafter:
    """`intents(connection_id)` are those of a connection; `schedule(contract)` makes it due."""

    def __init__(
        self,
        store: RetainerStore,
        intents: Callable[[str], IntentStore],
        schedule: Callable[[Contract], tuple[Table, Action]],
        trail: Trail,
    ) -> None:
        self._store = store
        self._intents = intents
        self._schedule = schedule
        self._trail = trail

    def get(self, document_id: str) -> Document:
        """A billing document; a problem where there is none of that id."""
        place = place_of(document_id)
        document = self._store.document(*place) if place else None
        if document is None:
            raise not_found("billing document", document_id)
        return document

    def draft(self, document_id: str, actor: str) -> Document:
        """Lets a refused draft be made; one that is wanted or made is left alone."""
        document = self.get(document_id)
        if document.draft in (DraftState.WANTED, DraftState.MADE):
            return document
        contract = self._store.contract(document.contract_id)
        if contract.drafts is None:
            raise Problem(
                409,
                "no_drafts",
                "The contract makes no drafts in Harvest.",
                f"Switch them on first (PATCH /v1/contracts/{contract.contract_id}).",
            )
        self._intents(document.party.connection_id).reopen(document_id)
        number = document.billing.number
        unfinished = tuple(sorted({*contract.unfinished, number}))
        due = replace(contract, unfinished=unfinished, version=contract.version + 1)
        entry = self._trail.entry(contract.contract_id, "draft_wanted_again", actor)
        try:
            transact(
                [
                    self._store.write_contract(due),
                    self._schedule(due),
                    self._store.write_draft(document, DraftState.WANTED),
                    (self._trail.table, entry),
                ]
            )
        except TransactionFailedError:
            return self.draft(document_id, actor)
        return self.get(document_id)
