"""Quotes, contracts and billing documents: what a finding becomes.

A quote offers terms; accepted, it is a contract for ongoing services; that issues one billing
document for each period. Each is written whole with its version, and never deleted.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sheaf.platform.attributes import Item
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.retainers.periods import Billing
from sheaf.recurring.retainers.terms import BilledIn, Pause, Price, Terms

SCHEMA = 1
ONGOING_SERVICES = "ongoing_services"


class QuoteState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ContractState(StrEnum):
    """`waiting`: somebody has to confirm that Harvest's own recurring invoice is stopped."""

    WAITING = "waiting"
    ACTIVE = "active"
    ENDED = "ended"


class DraftState(StrEnum):
    """What became of the draft invoice in Harvest: wanted, made, or refused by Harvest."""

    WANTED = "wanted"
    MADE = "made"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Party:
    """Who is billed, and where that was found. `recurring_invoice_id` is Harvest's own, 0 without;
    `invoice_ids` are those of the finding."""

    company_id: str
    connection_id: str
    client_id: int
    client_name: str
    finding_id: str
    recurring_invoice_id: int = 0
    invoice_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafts:
    """How draft invoices in Harvest are made: of which kind their line is, and with what tax (in
    per cent, empty for none)."""

    kind: str
    tax: str = ""
    payment_term: str = "upon receipt"


@dataclass(frozen=True, slots=True)
class Quote:
    quote_id: str
    version: int
    state: QuoteState
    title: str
    party: Party
    terms: Terms
    created_at: str
    created_by: str
    updated_at: str
    contract_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """`billed_to` is the number of the last period that is billed, or that nothing is billed for;
    `unfinished` are those whose documents are written, but not told or drafted yet."""

    contract_id: str
    version: int
    state: ContractState
    quote_id: str
    title: str
    party: Party
    terms: Terms
    created_at: str
    created_by: str
    updated_at: str
    drafts: Drafts | None = None
    billed_to: int = -1
    unfinished: tuple[int, ...] = ()
    stopped_by: str = ""
    stopped_at: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A billing document: it never changes, but for what became of its draft in Harvest."""

    document_id: str
    contract_id: str
    title: str
    party: Party
    currency: str
    billing: Billing
    issued_at: str
    draft: DraftState | None = None
    harvest_invoice_id: int = 0
    draft_problem: str = ""


def terms_item(terms: Terms) -> Item:
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


def terms_from(item: Mapping[str, Any]) -> Terms:
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


def party_item(party: Party) -> Item:
    return {**asdict(party), "invoice_ids": list(party.invoice_ids)}


def party_from(item: Mapping[str, Any]) -> Party:
    return Party(**{**item, "invoice_ids": tuple(item["invoice_ids"])})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
