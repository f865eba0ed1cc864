"""What requests about payments send."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from sheaf.books.edge import Amount, CurrencyCode, Version
from sheaf.books.receipts.records import Target, TargetKind
from sheaf.platform.http import Body

# More than one change can have anyway; what it really can have is found out by the rules.
_MOST_ALLOCATIONS = 100

Payer = Annotated[str, Field(max_length=200, description="Who paid, as the bank names them.")]
Text = Annotated[str, Field(max_length=1_000, description="What the payer wrote.")]
Reference = Annotated[str, Field(max_length=140, description="The reference that came along.")]
PaymentDay = Annotated[date, Field(description="The day on which the account had the money.")]


class PaidInvoice(Body):
    """An invoice in the books."""

    connection_id: str = Field(pattern=r"^[A-Za-z0-9_]{1,40}$")
    invoice_id: str = Field(
        pattern=r"^[1-9][0-9]{0,17}$", description="Harvest's id of it.", examples=["13150453"]
    )


class AllocationBody(Body):
    """What of a payment is for one invoice, or for a payment that Harvest knew first.

    Exactly one of `invoice` and `transit` is given.
    """

    invoice: PaidInvoice | None = None
    transit: str | None = Field(
        None, min_length=1, max_length=100, description="Id of a payment that is in transit."
    )
    paid: Amount = Field(description="What of the payment goes there, in the payment's currency.")
    settled: Amount | None = Field(
        None,
        description="What that settles of the invoice, in the invoice's currency; needed where"
        " that is another one than the payment's.",
    )
    let_go: Amount | None = Field(
        None, description="What more of the invoice is given up: a discount, a charge of the bank."
    )
    let_go_rest: bool = Field(
        False, description="Gives up all that would stay open of the invoice."
    )

    @model_validator(mode="after")
    def _means_one_thing(self) -> "AllocationBody":
        if (self.invoice is None) == (self.transit is None):
            raise ValueError("give one of invoice and transit")
        if self.let_go is not None and self.let_go_rest:
            raise ValueError("give one of let_go and let_go_rest")
        return self

    @property
    def named(self) -> str:
        """The field that names what is paid."""
        return "invoice" if self.invoice else "transit"

    @property
    def target(self) -> Target:
        """What is paid, by its id in the books."""
        if self.invoice is not None:
            item = f"{self.invoice.connection_id}#{int(self.invoice.invoice_id)}"
            return Target(TargetKind.INVOICE, item)
        return Target(TargetKind.TRANSIT, str(self.transit))


Allocations = Annotated[list[AllocationBody], Field(max_length=_MOST_ALLOCATIONS)]


class EnterPayment(Body):
    """A payment that no file of the bank tells of."""

    day: PaymentDay
    currency: CurrencyCode
    amount: Amount = Field(description="Negative for money that went out.")
    account: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9.-]{1,20}$",
        description="The account of the books that it came in on; that of the bank if left out.",
    )
    payer: Payer = ""
    text: Text = ""
    reference: Reference = ""
    allocations: Allocations = Field(default_factory=list)


class ChangePayment(Body):
    """What is left out stays as it is."""

    version: Version
    day: PaymentDay | None = None
    amount: Amount | None = None
    payer: Payer | None = None
    text: Text | None = None
    reference: Reference | None = None
    allocations: Allocations | None = None


class AllocatePayment(Body):
    """The allocations instead of those that there are; an empty list takes all back."""

    version: Version
    allocations: Allocations
