"""Quotes, contracts and billing documents: what a finding becomes.

A quote offers terms; accepted, it is a contract for ongoing services; that issues one billing
document for each period. Each is written whole with its version, and never deleted.
"""

from dataclasses import dataclass
from enum import StrEnum

from sheaf.recurring.retainers.periods import Billing
from sheaf.recurring.retainers.terms import Terms

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
