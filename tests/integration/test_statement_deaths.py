"""Files of the bank whose process dies at any call to AWS come to the same as undisturbed ones."""

from contextlib import suppress
from decimal import Decimal

import pytest

from sheaf import wiring_books
from sheaf.books.proposals.store import ProposalStore
from sheaf.books.running import BOOKS
from sheaf.books.statements import packing
from tests.integration.api_calls import TENANT
from tests.integration.bank_files import Bank, Document, file_of, paid
from tests.integration.deaths import Death, Deaths
from tests.unit.books.bank.messages import entry


def outcomes(bank: Bank, run: Document) -> list[tuple[str, int]]:
    return [(one["outcome"], one["payment_count"]) for one in bank.bookings(run)]


# A batch of two lines, what pays an invoice, what nobody knows, and what takes the first one back.
CONTENT = file_of(
    paid("900.00", "Invoice 2026-0007", "EX-1"),
    entry(
        "30.00",
        "<NtryDtls><TxDtls><Amt Ccy='CHF'>10.00</Amt></TxDtls>"
        "<TxDtls><Amt Ccy='CHF'>20.00</Amt></TxDtls></NtryDtls>",
        reference="EX-2",
    ),
    paid("300.00", "Invoice 2026-0008", "EX-3"),
    entry("300.00", "<RvslInd>true</RvslInd>", direction="DBIT", reference="EX-3"),
)


def test_wherever_it_dies_a_file_comes_to_the_same(
    stack: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_BOOKINGS", 3)
    bank = Bank(monkeypatch)
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        bank.office.begin_anew()
        for invoice_id in (7, 8):
            bank.office.taking.invoice(invoice_id)
        assert not bank.office.telling_is_due
        run = bank.start(bank.sent(CONTENT))
        deaths.begin(tried)
        with deaths.in_calls_to_aws(), suppress(Death):
            bank.finish(run, long=bool(tried % 2))
        done = bank.finish(run)

        assert done["state"] == "done", tried
        assert outcomes(bank, done) == [("booked", 1), ("booked", 2), ("booked", 1), ("booked", 1)]
        assert done["bookings"]["booked"] == 4, tried
        assert done["payments"]["booked"] == 5, tried
        assert bank.office.balances["1020"] == Decimal("930"), tried
        assert bank.office.receivable(7).open_amount == 0, tried
        assert bank.office.receivable(8).open_amount == 30000, tried
        assert len(bank.suspense()) == 4, tried
        assert not any(ProposalStore(bank.office.stores.receipts).of_many(bank.suspense())), tried
        assert bank.office.telling_is_due, tried
        assert bank.office.faults == [], tried
        assert (bank.kept, bank.parts) == ([], []), tried
        desk = wiring_books.statement_desk(TENANT)
        assert desk.runs.open_of(BOOKS) is None, "an ended run keeps no other from starting"
    assert tried > 60
