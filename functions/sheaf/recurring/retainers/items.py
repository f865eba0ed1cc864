"""Quotes, contracts and billing documents as items of a table, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.platform.attributes import Item
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.retainers.periods import Billing, Part
from sheaf.recurring.retainers.records import (
    Contract,
    ContractState,
    Document,
    Drafts,
    DraftState,
    Party,
    Quote,
    QuoteState,
)
from sheaf.recurring.retainers.terms import BilledIn, Pause, Price, Terms


def quote_item(quote: Quote) -> Item:
    names = ("quote_id", "version", "title", "created_at", "created_by", "updated_at")
    return {
        **_attributes(quote, (*names, "contract_id", "reason")),
        "state": quote.state.value,
        "party": _party_item(quote.party),
        "terms": _terms_item(quote.terms),
    }


def contract_item(contract: Contract) -> Item:
    names = ("contract_id", "version", "quote_id", "title", "created_at", "created_by")
    return {
        **_attributes(contract, (*names, "updated_at", "billed_to", "stopped_by", "stopped_at")),
        "state": contract.state.value,
        "party": _party_item(contract.party),
        "terms": _terms_item(contract.terms),
        "drafts": asdict(contract.drafts) if contract.drafts else None,
        "unfinished": list(contract.unfinished),
    }


def document_item(document: Document) -> Item:
    names = ("document_id", "contract_id", "title", "currency", "issued_at")
    return {
        **_attributes(document, names),
        "party": _party_item(document.party),
        "billing": _billing_item(document.billing),
        "draft": document.draft.value if document.draft else None,
    }


def quote_from(item: Mapping[str, Any]) -> Quote:
    return Quote(
        quote_id=item["quote_id"],
        version=int(item["version"]),
        state=QuoteState(item["state"]),
        title=item["title"],
        party=_party_from(item["party"]),
        terms=_terms_from(item["terms"]),
        created_at=item["created_at"],
        created_by=item["created_by"],
        updated_at=item["updated_at"],
        contract_id=item.get("contract_id", ""),
        reason=item.get("reason", ""),
    )


def contract_from(item: Mapping[str, Any]) -> Contract:
    drafts = item.get("drafts")
    return Contract(
        contract_id=item["contract_id"],
        version=int(item["version"]),
        state=ContractState(item["state"]),
        quote_id=item["quote_id"],
        title=item["title"],
        party=_party_from(item["party"]),
        terms=_terms_from(item["terms"]),
        created_at=item["created_at"],
        created_by=item["created_by"],
        updated_at=item["updated_at"],
        drafts=Drafts(**drafts) if drafts else None,
        billed_to=int(item["billed_to"]),
        unfinished=tuple(int(one) for one in item["unfinished"]),
        stopped_by=item.get("stopped_by", ""),
        stopped_at=item.get("stopped_at", ""),
    )


def document_from(item: Mapping[str, Any]) -> Document:
    draft = item.get("draft")
    return Document(
        document_id=item["document_id"],
        contract_id=item["contract_id"],
        title=item["title"],
        party=_party_from(item["party"]),
        currency=item["currency"],
        billing=_billing(item["billing"]),
        issued_at=item["issued_at"],
        draft=DraftState(draft) if draft else None,
        harvest_invoice_id=int(item.get("harvest_invoice_id") or 0),
        draft_problem=item.get("draft_problem", ""),
    )


def _terms_item(terms: Terms) -> Item:
    """Terms as they are stored."""
    return {
        "cadence": terms.cadence.value,
        "start": terms.start.isoformat(),
        "anchor": terms.anchor.isoformat(),
        "currency": terms.currency,
        "prices": [
            {"since": one.since.isoformat(), "amount": str(one.amount)} for one in terms.prices
        ],
        "pro_rata": terms.pro_rata,
        "billed_in": terms.billed_in.value,
        "end": terms.end.isoformat() if terms.end else None,
        "pauses": [
            {"first": one.first.isoformat(), "last": one.last.isoformat() if one.last else None}
            for one in terms.pauses
        ],
    }


def _terms_from(item: Mapping[str, Any]) -> Terms:
    return Terms(
        cadence=Cadence(item["cadence"]),
        start=date.fromisoformat(item["start"]),
        anchor=date.fromisoformat(item["anchor"]),
        currency=item["currency"],
        prices=tuple(
            Price(date.fromisoformat(one["since"]), Decimal(one["amount"]))
            for one in item["prices"]
        ),
        pro_rata=item["pro_rata"],
        billed_in=BilledIn(item["billed_in"]),
        end=_day(item.get("end")),
        pauses=tuple(
            Pause(date.fromisoformat(one["first"]), _day(one.get("last"))) for one in item["pauses"]
        ),
    )


def _party_item(party: Party) -> Item:
    return {**asdict(party), "invoice_ids": list(party.invoice_ids)}


def _party_from(item: Mapping[str, Any]) -> Party:
    return Party(**{**item, "invoice_ids": tuple(item["invoice_ids"])})


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


def _attributes(record: object, names: Sequence[str]) -> Item:
    return {name: getattr(record, name) for name in names}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
