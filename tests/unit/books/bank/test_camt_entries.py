"""Entries and balances: exact amounts, which way they go, and on which day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.bank.lines import Balance, Status
from sheaf.books.bank.unreadable import UnreadableStatementError
from sheaf.platform.currencies import major
from tests.unit.books.bank.messages import booking, details, entry, message, read, statement

NO_DATES = ""


@pytest.mark.parametrize(
    ("amount", "currency", "parts"),
    [
        ("0.05", "CHF", 5),
        ("100", "EUR", 10_000),
        ("100.10000", "EUR", 10_010),
        ("1500", "JPY", 1_500),
        ("1500.00", "JPY", 1_500),
        ("1.234", "KWD", 1_234),
        ("9999999999999.99", "CHF", 999_999_999_999_999),
        (".5", "CHF", 50),
        (" \n 7.00 ", "CHF", 700),
        ("0.00", "CHF", 0),
    ],
)
def test_amounts_are_exact_in_their_currency(amount: str, currency: str, parts: int) -> None:
    found = booking(amount, currency=currency)

    assert (found.amount, found.currency) == (parts, currency)
    assert booking(amount, currency=currency, direction="DBIT").amount == -parts


@given(st.integers(0, 10**15 - 1), st.sampled_from(["CHF", "JPY", "KWD"]))
def test_every_amount_of_fifteen_digits_is_read_exactly(parts: int, currency: str) -> None:
    assert booking(f"{major(parts, currency):f}", currency=currency).amount == parts


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("1.005", "more decimals than CHF"),
        ("-1.00", "negative"),
        ("", "no amount"),
        ("NaN", "no amount"),
        ("INF", "no amount"),
        ("1e3", "no amount"),
        ("1'000.00", "no amount"),
        ("1,50", "no amount"),
        ("1 000.00", "no amount"),
        ("١٢", "no amount"),
        ("0x10", "no amount"),
        ("1_000", "no amount"),
        ("10000000000000.00", "15 digits"),
        ("9" * 400, "15 digits"),
        ("1" + "0" * 5_000, "15 digits"),
        ("1." + "0" * 30 + "1", "15 digits"),
        ("0." + "0" * 400 + "1", "more decimals"),
    ],
)
def test_an_amount_that_is_none_is_told_with_its_place(amount: str, says: str) -> None:
    content = message(statement(), statement(entry(), entry(amount)))

    with pytest.raises(UnreadableStatementError, match=says) as refused:
        read(content)

    assert refused.value.place == "Entry 2 of statement 2"
    assert refused.value.detail.startswith("Entry 2 of statement 2: ")
    assert len(refused.value.detail) < 150


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (' Ccy="CHF"', "", "no currency"),
        (' Ccy="CHF"', ' Ccy="Fr."', "no currency"),
        ('<Amt Ccy="CHF">100.00</Amt>', "", "amount is missing"),
        ("CRDT", "PLUS", "neither CRDT nor DBIT"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "", "neither CRDT nor DBIT"),
        ("<Cd>BOOK</Cd>", "<Cd>MAYBE</Cd>", "status"),
        ("<Sts><Cd>BOOK</Cd></Sts>", "", "status"),
        ("<Sts>", "<RvslInd>yes</RvslInd><Sts>", "neither true nor false"),
        ("</Ntry>", "<NtryDtls><Btch><NbOfTxs>-2</NbOfTxs></Btch></NtryDtls></Ntry>", "number"),
        ("</Ntry>", f"{details(announced=10**15)}</Ntry>", "number"),
        ("2026-03-02", "2026-02-30", "no date"),
        ("2026-03-02", "02.03.2026", "no date"),
        ("2026-03-02", "0001-01-01", "no date"),
        ("2026-03-02", "2026-03-02T", "no date"),
        ("2026-03-02", "20260302", "no date"),
        ("<Dt>2026-03-02</Dt>", "", "no date"),
    ],
)
def test_what_an_entry_lacks_or_has_wrong_is_told(before: str, after: str, says: str) -> None:
    whole = entry()
    assert before in whole

    with pytest.raises(UnreadableStatementError, match=says) as refused:
        read(message(statement(whole.replace(before, after))))

    assert refused.value.place == "Entry 1 of statement 1"


@pytest.mark.parametrize(
    ("status", "means"),
    [
        ("BOOK", Status.BOOKED),
        ("PDNG", Status.PENDING),
        ("FUTR", Status.PENDING),
        ("INFO", Status.INFORMATION),
    ],
)
def test_a_status_is_a_text_or_a_code(status: str, means: Status) -> None:
    assert booking(status=status).status is means
    assert booking(status=f"<Cd>{status}</Cd>").status is means


@pytest.mark.parametrize(("direction", "amount"), [("CRDT", 10_000), ("DBIT", -10_000)])
@pytest.mark.parametrize(("flag", "reversal"), [("true", True), ("1", True), ("0", False)])
def test_a_reversal_goes_the_way_that_it_says(
    direction: str, amount: int, flag: str, reversal: bool
) -> None:
    found = booking("100.00", f"<RvslInd>{flag}</RvslInd>", direction=direction)

    assert (found.amount, found.lines[0].amount) == (amount, amount)
    assert found.reversal is found.lines[0].reversal is reversal


@pytest.mark.parametrize(
    ("dates", "booked_on", "value_on"),
    [
        ("<BookgDt><Dt>2026-03-02</Dt></BookgDt>", 2, 2),
        ("<ValDt><Dt>2026-03-04</Dt></ValDt>", 4, 4),
        ("<BookgDt><DtTm>2026-03-02T23:30:00.5-05:00</DtTm></BookgDt>", 2, 2),
        ("<BookgDt><Dt>2026-03-02Z</Dt></BookgDt><ValDt><Dt>2026-03-05+01:00</Dt></ValDt>", 2, 5),
    ],
)
def test_either_date_stands_for_the_other(dates: str, booked_on: int, value_on: int) -> None:
    found = booking(dates=dates)

    assert found.booked_on == date(2026, 3, booked_on), "the day that is written"
    assert found.value_on == date(2026, 3, value_on)


def test_an_entry_without_dates_has_that_of_the_statement() -> None:
    undated = entry(dates=NO_DATES)
    closing = balance("CLBD", "2026-03-07")
    made = "<CreDtTm>2026-03-08T01:00:00</CreDtTm>"

    def day(*parts: str, head: str = "") -> date:
        (found,) = read(message(statement(*parts, head=head), made="2026-03-09T01:00:00"))
        assert found.bookings[0].booked_on == found.bookings[0].value_on
        return found.bookings[0].booked_on

    assert day(closing, undated, head=made) == date(2026, 3, 7)
    assert day(undated, head=made) == date(2026, 3, 8)
    assert day(undated) == date(2026, 3, 9)


def balance(kind: str, day: str = "", amount: str = "5.00", direction: str = "CRDT") -> str:
    dated = f"<Dt><Dt>{day}</Dt></Dt>" if day else ""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{dated}</Bal>'
    )


def test_balances_are_those_of_what_is_booked() -> None:
    told = [
        balance("PRCD", "2026-03-01"),
        balance("ITBD", "2026-03-02"),
        balance("CLBD", "2026-03-02", direction="DBIT"),
        balance("CLAV", "2026-03-02", "9.00"),
    ]

    (found,) = read(message(statement(*told)))

    assert found.balances == (
        Balance(date(2026, 3, 1), 500, "CHF", opening=True),
        Balance(date(2026, 3, 2), -500, "CHF", opening=False),
    )
    assert found.currency == "CHF"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (balance("CLBD"), "balance has no date"),
        (balance("CLBD", "2026-03-32"), "no date"),
        (balance("OPBD", "2026-03-01", "-5.00"), "negative"),
    ],
)
def test_a_balance_that_is_wrong_is_told(told: str, says: str) -> None:
    with pytest.raises(UnreadableStatementError, match=says) as refused:
        read(message(statement(told)))

    assert refused.value.place == "Statement 1"


def test_a_date_of_the_message_that_is_none_is_told() -> None:
    with pytest.raises(UnreadableStatementError, match="no date") as refused:
        read(message(statement(), made="yesterday"))

    assert refused.value.place == "Group header"


@pytest.mark.parametrize(
    ("reference", "collects_for"),
    [
        ("CH7330999000000012345", "CH7330999000000012345"),
        ("CH22 3199 9000 0000 1234 5", "CH2231999000000012345"),
        ("CH5100999000000012345", ""),
        ("CH7430999000000012345", ""),
        ("010123456", ""),
    ],
)
def test_only_a_qr_iban_is_what_a_batch_is_collected_for(reference: str, collects_for: str) -> None:
    found = booking("1.00", f"<NtryRef>{reference}</NtryRef>")

    assert found.collects_for == collects_for
