"""Small made-up things to propose, and lines of the bank that pay them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from sheaf.books.bank.lines import BankLine, Payer
from sheaf.books.matching.items import OpenInvoice, Proposal, Share
from sheaf.books.proposals.proposer import Proposer
from sheaf.books.receipts.records import Target
from sheaf.books.settings.records import Automation

if TYPE_CHECKING:
    from sheaf.books.proposals.opens import Opens
    from sheaf.books.receipts.payers import PayerStore

BOOKED = date(2026, 4, 1)
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
SURE = Automation(Decimal("0.95"))


def opened(
    number: int,
    amount: int = 90000,
    *,
    left: int | None = None,
    currency: str = "CHF",
    kind: str = "invoice",
    client: str = "Osier Baskets",
) -> OpenInvoice:
    """An open item of a client, with the number 2026-000n."""
    return OpenInvoice(
        f"{kind}:cn_1#{number}",
        f"2026-{number:04d}",
        f"cn_1#{client}",
        currency,
        amount,
        amount if left is None else left,
        date(2026, 3, 2),
        date(2026, 4, 1),
        (client,),
    )


def line(amount: int = 90000, text: str = "Invoice 2026-0007", currency: str = "CHF") -> BankLine:
    return BankLine("l1", amount, currency, Payer("Osier Baskets"), text=text)


def proposal(*shares: tuple[str, int], confidence: float = 0.99, left: int = 0) -> Proposal:
    found = tuple(Share(one, amount) for one, amount in shares)
    return Proposal(found, confidence, (), left=left)


class Opened:
    """What is open, as a test says; it counts how often it was read whole."""

    def __init__(self, *opens: OpenInvoice) -> None:
        self.opens = {one.invoice_id: one for one in opens}
        self.left: dict[str, int] = {}
        self.read = 0

    def all(self) -> dict[str, OpenInvoice]:
        self.read += 1
        return dict(self.opens)

    def again(self, opens: Mapping[str, OpenInvoice], targets: Iterable[Target]) -> dict[str, int]:
        ids = [f"{one.kind.value}:{one.item}" for one in targets]
        return {one: self.left[one] for one in ids if one in opens}


class NoPayers:
    """No account has paid for anybody."""

    def all(self) -> dict[str, dict[str, int]]:
        return {}


def proposer(opened_: Opened, automation: Automation = SURE) -> Proposer:
    payers = cast("PayerStore", NoPayers())
    return Proposer(cast("Opens", opened_), payers, automation, lambda: NOW)
