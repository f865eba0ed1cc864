"""What requests about retainers send, and what their routes need."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from sheaf.platform.caller import Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body
from sheaf.platform.problems import invalid
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.reading import FindingReader
from sheaf.recurring.retainers.contracting import ContractDesk
from sheaf.recurring.retainers.offering import Wanted
from sheaf.recurring.retainers.quoting import QuoteDesk
from sheaf.recurring.retainers.records import Drafts
from sheaf.recurring.retainers.redrafting import Redrafter
from sheaf.recurring.retainers.terms import BilledIn
from sheaf.tenants.audit import Trail

CHANGERS = (Role.ADMIN, Role.MANAGER)
READERS = (*CHANGERS, Role.APP, Role.VIEWER)

ConnectionId = Annotated[str, Path(max_length=40)]
FindingId = Annotated[str, Path(max_length=60)]
QuoteId = Annotated[str, Path(max_length=60)]
ContractId = Annotated[str, Path(max_length=60)]
DocumentId = Annotated[str, Path(max_length=80)]
Version = Annotated[int, Field(ge=1, description="Version that the change is based on.")]
Amount = Annotated[
    str,
    Field(pattern=r"^\d{1,12}(\.\d{1,3})?$", description="Of a whole period, without taxes."),
]
CadenceName = Literal[
    "weekly", "fortnightly", "monthly", "two_monthly", "quarterly", "half_yearly", "annual"
]


class OfferedTerms(Body):
    """What is left out stays as it was found, or as it is."""

    title: str | None = Field(None, min_length=1, max_length=200)
    amount: Amount | None = None
    cadence: CadenceName | None = None
    start: date | None = Field(None, description="First day that is billed.")
    anchor: date | None = Field(
        None, description="First day of the whole period that the start is in; else the start."
    )
    billed_in: Literal["advance", "arrears"] | None = None
    pro_rata: bool | None = Field(
        None, description="Whether a period of which only some days count is billed for those."
    )

    def wanted(self) -> Wanted:
        return Wanted(
            self.title.strip() if self.title else None,
            Decimal(self.amount) if self.amount else None,
            Cadence(self.cadence) if self.cadence else None,
            self.start,
            self.anchor,
            BilledIn(self.billed_in) if self.billed_in else None,
            self.pro_rata,
        )


class ChangeQuote(OfferedTerms):
    version: Version


class DeclineQuote(Body):
    version: Version
    reason: str = Field("", max_length=500)


class HarvestDrafts(Body):
    """Draft invoices in Harvest beside the billing documents here."""

    kind: str = Field(min_length=1, max_length=100, description="Name of an invoice item category.")
    tax: str | None = Field(
        None, pattern=r"^\d{1,2}(\.\d{1,3})?$", description="In per cent; none if left out."
    )
    payment_term: Literal["upon receipt", "net 15", "net 30", "net 45", "net 60"] = "upon receipt"

    def drafts(self) -> Drafts:
        return Drafts(self.kind, self.tax or "", self.payment_term)


class AcceptQuote(Body):
    version: Version
    harvest_drafts: HarvestDrafts | None = None


class ActivateContract(Body):
    version: Version
    recurring_invoice_stopped: Literal[True] = Field(
        description="That Harvest's own recurring invoice is stopped there."
    )


class PauseContract(Body):
    version: Version
    first: date = Field(alias="from", description="First day that is not billed.")
    last: date | None = Field(None, alias="to", description="Last one; open if left out.")


class ResumeContract(Body):
    version: Version
    day: date = Field(description="First day that is billed again.")


class ChangePrice(Body):
    version: Version
    amount: Amount
    since: date = Field(description="First day at the new price.")


class EndContract(Body):
    version: Version
    last_day: date = Field(description="Last day that is billed.")


class ChangeContract(Body):
    version: Version
    harvest_drafts: HarvestDrafts | None = Field(description="Null for no drafts in Harvest.")


@dataclass(frozen=True, slots=True)
class RetainerServices:
    """`reader(connection_id)` is a problem for a connection that is not the tenant's.

    `kinds(connection_id)` are the names of its invoice item categories.
    """

    quotes: QuoteDesk
    contracts: ContractDesk
    reader: Callable[[str], FindingReader]
    kinds: Callable[[str], set[str]]
    redrafter: Redrafter
    trail: Trail
    signer: CursorSigner

    def checked(self, drafts: HarvestDrafts | None, connection_id: str) -> Drafts | None:
        """How drafts are made; a problem where Harvest has no such category."""
        if drafts is None:
            return None
        known = self.kinds(connection_id)
        if drafts.kind not in known:
            raise invalid(
                f"Harvest has no invoice item category {drafts.kind}.",
                "harvest_drafts.kind",
                f"Give one of: {', '.join(sorted(known))}."
                if known
                else "Switch the module recurring on and start a sync; categories are read then.",
            )
        return drafts.drafts()
