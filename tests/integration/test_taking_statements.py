"""Bookings of the bank in the books: each once, in whatever file and however often."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from sheaf import wiring
from sheaf.books.bank.camt import read_camt
from sheaf.books.bank.lines import BankLine, Booking, Payer, Status
from sheaf.books.ledger.accounts import CHARTS, ChartName
from sheaf.books.proposals.records import KeptProposal
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.receipts.records import Target
from sheaf.books.settings.records import BankAccount, BooksSettings
from sheaf.books.statements.records import Told
from sheaf.books.statements.store import BookingStore
from sheaf.books.statements.taking import StatementTaker
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import TENANT, Books, invoice, target

IBAN = "CH9300762011623852957"
DAY = date(2026, 4, 1)
SETTINGS = BooksSettings(
    1,
    "CHF",
    date(2026, 1, 1),
    "swiss_sme",
    CHARTS[ChartName.SWISS].roles,
    banks=(BankAccount(IBAN, "CHF", "1020"),),
)

_ENTRY = """
<Ntry><Amt Ccy="CHF">900.00</Amt><CdtDbtInd>{direction}</CdtDbtInd>{reversal}<Sts>BOOK</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>EX-4711</AcctSvcrRef></Ntry>"""
_REVERSED = f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"><BkToCstmrStmt>
<Stmt><Id>1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>
{_ENTRY.format(direction="CRDT", reversal="", day="2026-04-01")}
{_ENTRY.format(direction="DBIT", reversal="<RvslInd>true</RvslInd>", day="2026-04-03")}
</Stmt></BkToCstmrStmt></Document>"""


def line(line_id: str, amount: int, payer: str = "Osier Baskets") -> BankLine:
    who = Payer(payer, "CH5604835012345678009")
    return BankLine(line_id, amount, "CHF", who, text="Invoice 2026-0007", end_to_end_id="E-1")


def booking(booking_id: str, *lines: BankLine) -> Booking:
    total = sum(one.amount for one in lines)
    return Booking(booking_id, IBAN, "CHF", total, Status.BOOKED, DAY, DAY, lines)


class Proposing:
    """Proposes what a test wants, and notes what it was told of."""

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []
        self.told: list[Target] = []

    def automatic(self, line: BankLine, booked_on: date) -> Sequence[Wanted]:
        return self.wanted

    def kept(self, line: BankLine, booked_on: date) -> Sequence[KeptProposal]:
        return ()

    def changed(self, targets: Iterable[Target]) -> None:
        self.told += targets


class Desk:
    def __init__(self) -> None:
        self.books = Books()
        self.proposing = Proposing()
        self.takes = 0
        self.taker = StatementTaker(
            SETTINGS,
            BookingStore(wiring.books_table(), TENANT),
            self.books.stores.receipts,
            self.books.receiver,
            self.proposing,
        )

    def take(
        self, *bookings: Booking, kind: str = "camt.053.001.08", at: str = ""
    ) -> dict[str, int]:
        """What bookings came to; `at` is the same where they are taken again."""
        self.takes += 1
        some = [Told(one, f"{kind}:2026-04-01/1") for one in bookings]
        taken = self.taker.take(some, at or f"run.{self.takes}", lambda: True)
        assert taken is not None
        return dict(Counter(one.outcome.value for one in taken))


@pytest.fixture
def desk(stack: dict[str, str]) -> Desk:
    return Desk()


def test_each_line_of_a_booking_is_a_receipt_once(desk: Desk) -> None:
    batch = booking("b1", line("l1", 90000), line("l2", 30000, "Alder Press"))
    out = booking("b2", line("l3", -1250, "Bank"))

    assert desk.take(batch, out) == {"booked": 2}
    assert desk.take(batch, out) == {"known": 2}

    assert desk.books.balances == {"1020": Decimal("1187.50"), "2099": Decimal("-1187.50")}
    receipt = desk.books.stores.receipts.get("re_l2")
    assert (receipt.payer, receipt.amount, receipt.source_id) == ("Alder Press", 30000, "b1")
    assert desk.books.faults == []


def test_what_is_sure_enough_is_allocated_at_once(desk: Desk) -> None:
    desk.books.has(invoice(7, "900.0"))
    desk.books.taking.invoice(7)
    desk.proposing.wanted = [Wanted(target(7), 90000, 90000)]

    desk.take(booking("b1", line("l1", 90000)))

    assert desk.books.receivable(7).open_amount == 0
    assert len(desk.books.journal) == 2, "one entry for the invoice, one for the receipt"


def test_what_was_paid_meanwhile_is_kept_in_suspense(desk: Desk) -> None:
    desk.books.has(invoice(7, "900.0"))
    desk.books.taking.invoice(7)
    desk.proposing.wanted = [Wanted(target(7), 90000, 90000)]

    desk.take(booking("b1", line("l1", 90000)), booking("b2", line("l2", 90000)))

    assert desk.books.balances["2099"] == Decimal("-900")
    assert desk.books.stores.receipts.listed(True, 10, None)[0] == ["re_l2"]


def test_a_reversal_takes_back_what_its_booking_has_paid(desk: Desk) -> None:
    desk.books.has(invoice(7, "900.0"))
    desk.books.taking.invoice(7)
    desk.proposing.wanted = [Wanted(target(7), 90000, 90000)]
    paid, back = read_camt(BytesIO(_REVERSED.encode()))[0].bookings
    desk.take(paid)
    assert desk.books.receivable(7).open_amount == 0
    desk.proposing.wanted = []

    assert desk.take(back) == {"booked": 1}

    assert desk.books.receivable(7).open_amount == 90000
    assert "1020" not in desk.books.balances, "it came in and went out again"
    assert "2099" not in desk.books.balances
    told = desk.books.stores.outgoing.get(f"re_{paid.lines[0].line_id}.cn_1.7")
    assert told.wanted is None
    text = desk.books.text_of("receipt_returned")
    assert text.startswith("The payment of 900.00 CHF")
    assert text.endswith("was taken back by the bank and pays nothing.")
    assert desk.books.faults == []


def test_a_batch_that_is_told_apart_later_is_several_receipts_then(desk: Desk) -> None:
    whole = replace(booking("b1", line("sum", 120000)), detailed=False)
    apart = booking("b1", line("l1", 90000), line("l2", 30000))

    assert desk.take(whole) == {"booked": 1}
    assert desk.take(apart, kind="camt.054.001.08") == {"told_apart": 1}
    assert desk.take(whole) == {"known": 1}
    assert desk.take(apart) == {"known": 1}

    assert desk.books.balances["1020"] == Decimal("1200")
    assert sorted(desk.books.stores.receipts.listed(True, 10, None)[0]) == ["re_l1", "re_l2"]
    assert desk.books.faults == []


def test_the_sum_of_a_batch_is_allocated_by_nobody_but_people(desk: Desk) -> None:
    desk.books.has(invoice(7, "1200.0"))
    desk.books.taking.invoice(7)
    desk.proposing.wanted = [Wanted(target(7), 120000, 120000)]

    desk.take(replace(booking("b1", line("sum", 120000)), detailed=False))

    assert desk.books.receivable(7).open_amount == 120000
    assert desk.books.stores.receipts.get("re_sum").collective


def test_a_batch_that_somebody_has_allocated_is_not_told_apart_behind_their_back(
    desk: Desk,
) -> None:
    desk.books.has(invoice(7, "1200.0"))
    desk.books.taking.invoice(7)
    desk.take(replace(booking("b1", line("sum", 120000)), detailed=False))
    receipt = desk.books.stores.receipts.get("re_sum")
    desk.books.receiver.allocate(receipt, [Wanted(target(7), 120000, 120000)], "ada")

    told = desk.take(booking("b1", line("l1", 90000), line("l2", 30000)))

    assert told == {"contradicts": 1}
    assert desk.books.balances["1020"] == Decimal("1200")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"status": Status.PENDING}, "pending"),
        ({"status": Status.INFORMATION}, "information"),
        ({"booked_on": date(2025, 12, 31)}, "before_start"),
    ],
)
def test_what_the_bank_has_not_booked_or_the_books_do_not_hold_has_no_effect(
    desk: Desk, changes: dict[str, object], outcome: str
) -> None:
    told = replace(booking("b1", line("l1", 90000)), **changes)  # type: ignore[arg-type]

    assert desk.take(told) == {outcome: 1}
    assert desk.books.journal == []


def test_a_pending_booking_is_a_receipt_once_it_is_booked(desk: Desk) -> None:
    one = booking("b1", line("l1", 90000))
    desk.take(replace(one, status=Status.PENDING))

    assert desk.take(one) == {"booked": 1}


def test_a_booking_that_is_told_with_another_amount_is_left_to_people(desk: Desk) -> None:
    desk.take(booking("b1", line("l1", 90000)))

    assert desk.take(booking("b1", line("l1", 90001))) == {"contradicts": 1}
    assert desk.books.balances["1020"] == Decimal("900")


def test_taken_again_at_the_same_place_it_comes_to_the_same(desk: Desk) -> None:
    batch = booking("b1", line("l1", 90000), line("l2", 30000))

    assert desk.take(batch, at="run.7") == {"booked": 1}
    assert desk.take(batch, at="run.7") == {"booked": 1}
    assert desk.take(batch, at="run.8") == {"known": 1}

    assert desk.books.balances["1020"] == Decimal("1200")


def test_where_the_time_runs_out_a_batch_goes_on_with_its_next_line(desk: Desk) -> None:
    batch = booking("b1", *(line(f"l{n}", 100 * n) for n in range(1, 5)))
    told = [Told(batch, "camt.053.001.08:1")]

    for booked in (1, 2, 3):
        assert desk.taker.take(told, "slow.1", lambda: False) is None
        assert len(desk.books.stores.receipts.listed(True, None, None)[0]) == booked
    taken = desk.taker.take(told, "slow.1", lambda: False)

    assert taken is not None
    assert [one.amount for one in taken[0].receipts] == [100, 200, 300, 400]
    assert desk.take(batch) == {"known": 1}


def test_a_receipt_keeps_what_proposing_again_needs(desk: Desk) -> None:
    desk.take(booking("b1", replace(line("l1", -90000), reversal=True)))

    receipt = desk.books.stores.receipts.get("re_l1")
    assert (receipt.payer_account, receipt.end_to_end_id) == ("CH5604835012345678009", "E-1")
    assert receipt.reversal
    assert not receipt.returned


def test_wherever_it_dies_each_line_is_a_receipt_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(booking("b1", line("sum", 120000)), detailed=False)
    apart = booking("b1", line("l1", 90000), line("l2", 30000))
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        desk.books.begin_anew()
        deaths.begin(tried)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            for told in (whole, apart):
                for _ in range(2):
                    try:
                        desk.take(told, at=f"run.{told.detailed}")
                    except Death:
                        continue
        assert desk.books.balances == {"1020": Decimal("1200"), "2099": Decimal("-1200")}, tried
        assert sorted(desk.books.stores.receipts.listed(True, 10, None)[0]) == ["re_l1", "re_l2"]
        assert desk.books.faults == []
    assert tried > 30
