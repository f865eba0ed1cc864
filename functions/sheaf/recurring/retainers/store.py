"""Quotes, contracts and billing documents in the directory's table: they are the tenant's own.

Access patterns: one quote or contract; all of a tenant, newest first; the billing documents of a
contract, and of a tenant by day of issue; what the contracts of a connection cover.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.platform.attributes import Item
from sheaf.platform.problems import not_found
from sheaf.platform.tables import (
    Action,
    Key,
    Page,
    Put,
    Table,
    TransactionFailedError,
    Update,
    transact,
)
from sheaf.recurring.retainers.periods import Billing, Part
from sheaf.recurring.retainers.records import (
    SCHEMA,
    Contract,
    ContractState,
    Document,
    Drafts,
    DraftState,
    Quote,
    QuoteState,
    party_from,
    party_item,
    terms_from,
    terms_item,
)

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
        return _quote(item)

    def find_contract(self, contract_id: str) -> Contract | None:
        item = self.table.get(self._contract_key(contract_id))
        return _contract(item) if item else None

    def contract(self, contract_id: str) -> Contract:
        found = self.find_contract(contract_id)
        if found is None:
            raise not_found("contract", contract_id)
        return found

    def quotes(self, limit: int, start_after: Any) -> tuple[list[Quote], Any]:
        page = self._page("quotes", limit, start_after)
        return [_quote(item) for item in page.items], page.next_key

    def contracts(self, limit: int, start_after: Any) -> tuple[list[Contract], Any]:
        page = self._page("contracts", limit, start_after)
        return [_contract(item) for item in page.items], page.next_key

    def all_contracts(self) -> Iterator[Contract]:
        return (_contract(item) for item in self.table.query_all(f"{self._pk}#contracts"))

    def document(self, contract_id: str, number: int) -> Document | None:
        item = self.table.get(self._document_key(contract_id, number))
        return _document(item) if item else None

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
        return [_document(item) for item in page.items], page.next_key

    def write_quote(self, quote: Quote) -> Write:
        key = self._quote_key(quote.quote_id)
        item = {
            **_attributes(quote, ("quote_id", "version", "title", "created_at", "created_by")),
            **_attributes(quote, ("updated_at", "contract_id", "reason")),
            "state": quote.state.value,
            "party": party_item(quote.party),
            "terms": terms_item(quote.terms),
        }
        return self.table, _versioned(key, item, quote.version)

    def write_contract(self, contract: Contract) -> Write:
        key = self._contract_key(contract.contract_id)
        names = ("contract_id", "version", "quote_id", "title", "created_at", "created_by")
        item = {
            **_attributes(contract, names),
            **_attributes(contract, ("updated_at", "billed_to", "stopped_by", "stopped_at")),
            "state": contract.state.value,
            "party": party_item(contract.party),
            "terms": terms_item(contract.terms),
            "drafts": asdict(contract.drafts) if contract.drafts else None,
            "unfinished": list(contract.unfinished),
        }
        return self.table, _versioned(key, item, contract.version)

    def write_document(self, document: Document) -> Write:
        """A new document; the transaction fails where it is there already."""
        key = self._document_key(document.contract_id, document.billing.number)
        item = {
            "pk": key.pk,
            "sk": key.sk,
            "schema": SCHEMA,
            **_attributes(document, ("document_id", "contract_id", "title", "currency")),
            "issued_at": document.issued_at,
            "party": party_item(document.party),
            "billing": _billing_item(document.billing),
            "draft": document.draft.value if document.draft else None,
        }
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


def _attributes(record: object, names: Sequence[str]) -> Item:
    return {name: getattr(record, name) for name in names}


def _quote(item: Mapping[str, Any]) -> Quote:
    return Quote(
        quote_id=item["quote_id"],
        version=int(item["version"]),
        state=QuoteState(item["state"]),
        title=item["title"],
        party=party_from(item["party"]),
        terms=terms_from(item["terms"]),
        created_at=item["created_at"],
        created_by=item["created_by"],
        updated_at=item["updated_at"],
        contract_id=item.get("contract_id", ""),
        reason=item.get("reason", ""),
    )


def _contract(item: Mapping[str, Any]) -> Contract:
    drafts = item.get("drafts")
    return Contract(
        contract_id=item["contract_id"],
        version=int(item["version"]),
        state=ContractState(item["state"]),
        quote_id=item["quote_id"],
        title=item["title"],
        party=party_from(item["party"]),
        terms=terms_from(item["terms"]),
        created_at=item["created_at"],
        created_by=item["created_by"],
        updated_at=item["updated_at"],
        drafts=Drafts(**drafts) if drafts else None,
        billed_to=int(item["billed_to"]),
        unfinished=tuple(int(one) for one in item["unfinished"]),
        stopped_by=item.get("stopped_by", ""),
        stopped_at=item.get("stopped_at", ""),
    )


def _document(item: Mapping[str, Any]) -> Document:
    draft = item.get("draft")
    return Document(
        document_id=item["document_id"],
        contract_id=item["contract_id"],
        title=item["title"],
        party=party_from(item["party"]),
        currency=item["currency"],
        billing=_billing(item["billing"]),
        issued_at=item["issued_at"],
        draft=DraftState(draft) if draft else None,
        harvest_invoice_id=int(item.get("harvest_invoice_id") or 0),
        draft_problem=item.get("draft_problem", ""),
    )


def _billing_item(billing: Billing) -> Item:
    return {
        "number": billing.number,
        "first": billing.first.isoformat(),
        "last": billing.last.isoformat(),
        "issue_on": billing.issue_on.isoformat(),
        "amount": str(billing.amount),
        "parts": [
            {
                "first": part.first.isoformat(),
                "last": part.last.isoformat(),
                "days": part.days,
                "of": part.of,
                "price": str(part.price),
            }
            for part in billing.parts
        ],
    }


def _billing(item: Mapping[str, Any]) -> Billing:
    return Billing(
        int(item["number"]),
        date.fromisoformat(item["first"]),
        date.fromisoformat(item["last"]),
        date.fromisoformat(item["issue_on"]),
        Decimal(item["amount"]),
        tuple(
            Part(
                date.fromisoformat(part["first"]),
                date.fromisoformat(part["last"]),
                int(part["days"]),
                int(part["of"]),
                Decimal(part["price"]),
            )
            for part in item["parts"]
        ),
    )
