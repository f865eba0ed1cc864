"""What follows from a billing document: people are told, and Harvest gets its draft."""

from collections.abc import Callable
from datetime import datetime

from sheaf.connections.records import Connection
from sheaf.harvest.client import HarvestClient
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now, rfc3339
from sheaf.recurring.retainers.drafting import draft_body, find_draft, reference
from sheaf.recurring.retainers.records import Contract, Document, Drafts, DraftState
from sheaf.recurring.retainers.store import RetainerStore, Write
from sheaf.recurring.ruling_store import RulingStore
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import IntentState

_TOLD = (Role.ADMIN, Role.MANAGER, Role.APP)


class Finisher:
    """Finishes documents of one tenant.

    `connection(id)` is None for one that is gone or not connected; `creator` and `client` are those
    of a connection, `rulings` what was decided about its findings.
    """

    def __init__(
        self,
        store: RetainerStore,
        notices: NoticeStore,
        connection: Callable[[str], Connection | None],
        client: Callable[[Connection], HarvestClient],
        creator: Callable[[Connection], Creator],
        rulings: Callable[[str], RulingStore],
        now: Now,
    ) -> None:
        self._store = store
        self._notices = notices
        self._connection = connection
        self._client = client
        self._creator = creator
        self._rulings = rulings
        self._now = now

    def tell(self, document: Document) -> None:
        """Tells that a document is to be billed; once, however often it is called."""
        billing = document.billing
        self._notices.tell(
            f"billing due {document.document_id}",
            "billing_due",
            f"{document.party.client_name} is to be billed {billing.amount} {document.currency}"
            f" for {document.title}, {billing.first} to {billing.last}.",
            "Send the invoice; the billing document has its lines.",
            _TOLD,
            about={"contract_id": document.contract_id, "document_id": document.document_id},
        )

    def draft(self, contract: Contract, document: Document) -> None:
        """Makes the draft in Harvest that a document wants, as its contract has them made.

        Raises ClaimedError and HarvestError where nobody knows yet, or it cannot be made now.
        """
        if document.draft is not DraftState.WANTED:
            return
        if contract.drafts is None:
            problem = "Drafts in Harvest were switched off before it was made."
            self._store.note_draft(document, DraftState.REFUSED, problem=problem)
        else:
            self._draft(document, contract.drafts)

    def ended(self, contract: Contract) -> list[Write]:
        """Frees what a contract has covered, with the write that ends it."""
        rulings = self._rulings(contract.party.connection_id)
        now = rfc3339(self._now())
        return rulings.write_ended(contract.party.client_id, contract.contract_id, now)

    def _draft(self, document: Document, drafts: Drafts) -> None:
        connection = self._connection(document.party.connection_id)
        if connection is None:
            self._refused(document, "The connection to Harvest is not connected.")
            return
        client = self._client(connection)

        def look(since: datetime) -> int | None:
            return find_draft(client, document, since)

        made = self._creator(connection).create(
            document.document_id,
            reference(document.document_id),
            "/invoices",
            draft_body(document, drafts),
            look,
        )
        if made.state is IntentState.DONE:
            rulings = self._rulings(document.party.connection_id)
            rulings.covers(document.party.client_id, document.contract_id, made.record_id)
            self._store.note_draft(document, DraftState.MADE, made.record_id)
        else:
            self._refused(document, f"Harvest refused it: {made.problem}")

    def _refused(self, document: Document, problem: str) -> None:
        self._store.note_draft(document, DraftState.REFUSED, problem=problem)
        self._notices.tell(
            f"draft refused {document.document_id} {problem}",
            "draft_refused",
            f"The draft of {document.title} for {document.party.client_name} was not made in"
            f" Harvest. {problem}",
            "Mend the cause, then let it be made again"
            f" (POST /v1/billing-documents/{document.document_id}/draft).",
            about={"contract_id": document.contract_id, "document_id": document.document_id},
        )
