"""Quotes, contracts and billing documents in the directory's table: they are the tenant's own.

Access patterns: one quote or contract; all of a tenant, newest first; the billing documents of a
contract, and of a tenant by day of issue; what the contracts of a connection cover.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sheaf.platform.actions import Action, Key, Put, Update
from sheaf.platform.attributes import Item
from sheaf.platform.problems import not_found
from sheaf.platform.tables import Page, Table
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.recurring.retainers.items import (
    contract_from,
    contract_item,
    document_from,
    document_item,
    quote_from,
    quote_item,
)
from sheaf.recurring.retainers.records import SCHEMA, Contract, Document, DraftState, Quote

Write = tuple[Table, Action]
_NEW = "attribute_not_exists(pk)"


class RetainerStore:
    """Retainers of one tenant. What `write_...` gives belongs into a transaction."""

    def __init__(self, table: Table, tenant_id: str) -> None:
        self.table = table
        self.tenant_id = tenant_id
        self._pk = f"T#{tenant_id}"

    def quote(self, quote_id: str) -> Quote:
        item = self.table.get(self._quote_key(quote_id))
        if item is None:
            raise not_found("quote", quote_id)
        return quote_from(item)

    def find_contract(self, contract_id: str) -> Contract | None:
        item = self.table.get(self._contract_key(contract_id))
        return contract_from(item) if item else None

    def contract(self, contract_id: str) -> Contract:
        found = self.find_contract(contract_id)
        if found is None:
            raise not_found("contract", contract_id)
        return found

    def quotes(self, limit: int, start_after: Any) -> tuple[list[Quote], Any]:
        page = self._page("quotes", limit, start_after)
        return [quote_from(item) for item in page.items], page.next_key

    def contracts(self, limit: int, start_after: Any) -> tuple[list[Contract], Any]:
        page = self._page("contracts", limit, start_after)
        return [contract_from(item) for item in page.items], page.next_key

    def all_contracts(self) -> Iterator[Contract]:
        return (contract_from(item) for item in self.table.query_all(f"{self._pk}#contracts"))

    def document(self, contract_id: str, number: int) -> Document | None:
        item = self.table.get(self._document_key(contract_id, number))
        return document_from(item) if item else None

    def documents_of(
        self, contract_id: str, limit: int, start_after: Any
    ) -> tuple[list[Document], Any]:
        """Billing documents of a contract, newest first."""
        page = self.table.query(
            self._document_key(contract_id, 0).pk,
            limit=limit,
            start_after=start_after,
            descending=True,
        )
        return [document_from(item) for item in page.items], page.next_key

    def write_quote(self, quote: Quote) -> Write:
        key = self._quote_key(quote.quote_id)
        return self.table, _versioned(key, quote_item(quote), quote.version)

    def write_contract(self, contract: Contract) -> Write:
        key = self._contract_key(contract.contract_id)
        return self.table, _versioned(key, contract_item(contract), contract.version)

    def write_document(self, document: Document) -> Write:
        """A new document; the transaction fails where it is there already."""
        key = self._document_key(document.contract_id, document.billing.number)
        item = {"pk": key.pk, "sk": key.sk, "schema": SCHEMA, **document_item(document)}
        return self.table, Put(item, when=_NEW)

    def write_draft(
        self, document: Document, state: DraftState, invoice_id: int = 0, problem: str = ""
    ) -> Write:
        """What became of a document's draft in Harvest, unless somebody noted something else."""
        key = self._document_key(document.contract_id, document.billing.number)
        before = document.draft.value if document.draft else None
        unchanged = "#draft = :was" if before else "attribute_not_exists(#draft)"
        return self.table, Update(
            key,
            set={
                "draft": state.value,
                "harvest_invoice_id": invoice_id or None,
                "draft_problem": problem or None,
            },
            when=f"attribute_exists(pk) AND {unchanged}",
            values={"was": before} if before else {},
        )

    def note_draft(
        self, document: Document, state: DraftState, invoice_id: int = 0, problem: str = ""
    ) -> None:
        """Keeps that; where somebody else was first, it is theirs that counts."""
        with suppress(TransactionFailedError):
            transact([self.write_draft(document, state, invoice_id, problem)])

    def _page(self, name: str, limit: int, start_after: Any) -> Page:
        return self.table.query(
            f"{self._pk}#{name}", limit=limit, start_after=start_after, descending=True
        )

    def _quote_key(self, quote_id: str) -> Key:
        return Key(f"{self._pk}#quotes", quote_id)

    def _contract_key(self, contract_id: str) -> Key:
        return Key(f"{self._pk}#contracts", contract_id)

    def _document_key(self, contract_id: str, number: int) -> Key:
        return Key(f"{self._pk}#documents#{contract_id}", f"{number:06d}")


def _versioned(key: Key, item: Item, version: int) -> Put:
    """The first version must be new, a later one follow the one before."""
    stored = {"pk": key.pk, "sk": key.sk, "schema": SCHEMA, **item}
    if version == 1:
        return Put(stored, when=_NEW)
    return Put(stored, when="#version = :was", values={"was": version - 1})
