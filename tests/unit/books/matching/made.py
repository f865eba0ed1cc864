"""Small made-up invoices and lines for tests of matching; amounts are in Rappen."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sheaf.books.bank.lines import BankLine, Payer
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.items import Known, OpenInvoice, Proposal
from sheaf.books.matching.proposing import proposals

ISSUED = date(2026, 10, 1)
DUE = date(2026, 10, 31)
BOOKED = date(2026, 11, 2)
NOBODY = Known()


def invoice(
    number: str,
    amount: int = 125_000,
    client: str = "Brunholt Design GmbH",
    *,
    issued_on: date = ISSUED,
    currency: str = "CHF",
    reference: str = "",
    names: tuple[str, ...] = (),
    left: int | None = None,
) -> OpenInvoice:
    """An invoice whose id is its number and whose client's id is its name, due after 30 days."""
    return OpenInvoice(
        number,
        number,
        client,
        currency,
        amount,
        amount if left is None else left,
        issued_on,
        issued_on + timedelta(days=30),
        (client, *names),
        reference,
    )


def line(
    amount: int = 125_000,
    text: str = "",
    payer: str = "Brunholt Design GmbH",
    *,
    reference: str = "",
    account: str = "",
    currency: str = "CHF",
    end_to_end_id: str = "NOTPROVIDED",
    reversal: bool = False,
) -> BankLine:
    return BankLine(
        "line", amount, currency, Payer(payer, account), reference, text, end_to_end_id,
        reversal=reversal,
    )  # fmt: skip


def proposed(
    one: BankLine,
    invoices: Iterable[OpenInvoice],
    known: Known = NOBODY,
    booked_on: date = BOOKED,
) -> list[Proposal]:
    return proposals(one, booked_on, OpenInvoices(invoices), known)


def best(
    one: BankLine,
    invoices: Iterable[OpenInvoice],
    known: Known = NOBODY,
    booked_on: date = BOOKED,
) -> Proposal:
    return proposed(one, invoices, known, booked_on)[0]


def paid(proposal: Proposal) -> list[tuple[str, int]]:
    """The numbers of the invoices, each with its share."""
    return [(share.invoice_id, share.amount) for share in proposal.shares]


def numbers(proposal: Proposal) -> list[str]:
    return [share.invoice_id for share in proposal.shares]


def codes(proposal: Proposal, *, supports: bool | None = None) -> set[str]:
    return {one.code for one in proposal.reasons if supports is None or one.supports is supports}


def others(count: int = 200) -> Sequence[OpenInvoice]:
    """Invoices of other clients, so that digits and names have something to be mistaken for."""
    return [
        invoice(f"RE-2026-{number:04}", 30_000 + 1_735 * number, f"Zandvik {number} AG")
        for number in range(5_000, 5_000 + count)
    ]
