"""Quotes, contracts and billing documents as the API shows them."""

from collections.abc import Iterable
from typing import Any

from sheaf.recurring.recommending import EVERY
from sheaf.recurring.retainers.periods import Billing
from sheaf.recurring.retainers.records import (
    ONGOING_SERVICES,
    Contract,
    Document,
    Party,
    Quote,
)
from sheaf.recurring.retainers.terms import Terms


def quote_document(quote: Quote) -> dict[str, Any]:
    return {
        "id": quote.quote_id,
        "version": quote.version,
        "state": quote.state.value,
        "title": quote.title,
        **_party(quote.party),
        "terms": _terms(quote.terms),
        "contract_id": quote.contract_id or None,
        "reason": quote.reason or None,
        "created_at": quote.created_at,
        "created_by": quote.created_by,
        "updated_at": quote.updated_at,
    }


def contract_document(contract: Contract, upcoming: Iterable[Billing] = ()) -> dict[str, Any]:
    """A contract, with the documents that come next."""
    following = next(iter(upcoming), None)
    return {
        "id": contract.contract_id,
        "version": contract.version,
        "kind": ONGOING_SERVICES,
        "state": contract.state.value,
        "title": contract.title,
        "quote_id": contract.quote_id,
        **_party(contract.party),
        "terms": _terms(contract.terms),
        "harvest_drafts": {
            "kind": contract.drafts.kind,
            "tax": contract.drafts.tax or None,
            "payment_term": contract.drafts.payment_term,
        }
        if contract.drafts
        else None,
        "periods_billed": contract.billed_to + 1,
        "next_document": billing_document(following, contract.terms.currency)
        if following
        else None,
        "recurring_invoice_stopped": {"by": contract.stopped_by, "at": contract.stopped_at}
        if contract.stopped_at
        else None,
        "created_at": contract.created_at,
        "created_by": contract.created_by,
        "updated_at": contract.updated_at,
    }


def billing_document(billing: Billing, currency: str) -> dict[str, Any]:
    """What is billed for a period, and how that is worked out."""
    return {
        "period": billing.number,
        "from": billing.first.isoformat(),
        "to": billing.last.isoformat(),
        "issue_on": billing.issue_on.isoformat(),
        "amount": str(billing.amount),
        "currency": currency or None,
        "in_part": not billing.whole,
        "parts": [
            {
                "from": part.first.isoformat(),
                "to": part.last.isoformat(),
                "days": part.days,
                "of_days": part.of,
                "price": str(part.price),
            }
            for part in billing.parts
        ],
    }


def issued_document(document: Document) -> dict[str, Any]:
    """A billing document, with what became of its draft in Harvest."""
    return {
        "id": document.document_id,
        "contract_id": document.contract_id,
        "title": document.title,
        **_party(document.party),
        **billing_document(document.billing, document.currency),
        "issued_at": document.issued_at,
        "harvest_draft": {
            "state": document.draft.value,
            "invoice_id": str(document.harvest_invoice_id) if document.harvest_invoice_id else None,
            "problem": document.draft_problem or None,
        }
        if document.draft
        else None,
    }


def _party(party: Party) -> dict[str, Any]:
    return {
        "company_id": party.company_id,
        "connection_id": party.connection_id,
        "harvest_client_id": str(party.client_id),
        "client_name": party.client_name,
        "finding_id": party.finding_id,
        "harvest_recurring_invoice_id": str(party.recurring_invoice_id)
        if party.recurring_invoice_id
        else None,
    }


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        "cadence": terms.cadence.value,
        "frequency": EVERY[terms.cadence],
        "start": terms.start.isoformat(),
        "anchor": terms.anchor.isoformat(),
        "end": terms.end.isoformat() if terms.end else None,
        "currency": terms.currency or None,
        "amount": str(terms.prices[-1].amount),
        "prices": [
            {"since": one.since.isoformat(), "amount": str(one.amount)} for one in terms.prices
        ],
        "pauses": [
            {"from": one.first.isoformat(), "to": one.last.isoformat() if one.last else None}
            for one in terms.pauses
        ],
        "pro_rata": terms.pro_rata,
        "billed_in": terms.billed_in.value,
    }
