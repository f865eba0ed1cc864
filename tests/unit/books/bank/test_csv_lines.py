"""Bank lines as a table: what is read, and what is told of a row that cannot be."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.bank.csv_lines import read_csv
from sheaf.books.bank.lines import Payer, Statement, Status
from sheaf.books.bank.unreadable import UnreadableStatementError
from sheaf.platform.currencies import major
from tests.unit.books.bank.messages import ACCOUNT, booking

HEADER = "date,amount,currency"
FULL = "id;date;value_date;amount;currency;name;account;reference;text"


def read(text: str, account: str = ACCOUNT) -> list[Statement]:
    return read_csv(BytesIO(text.encode()), account)


def amount(text: str, currency: str = "CHF") -> int:
    (found,) = read(f"date;amount;currency\n2026-03-02;{text};{currency}\n")
    return found.bookings[0].amount


def refused(text: str) -> UnreadableStatementError:
    with pytest.raises(UnreadableStatementError) as error:
        read(text)
    assert error.value.next_step
    return error.value


def test_a_row_with_all_columns_is_read() -> None:
    row = (
        "B-1;02.03.2026;2026-03-03;1’190,50;chf;Petra  Probe;ch53 0099 9000 0000 6789 0;RF42;Thanks"
    )

    (found,) = read(f"\ufeff{FULL}\r\n{row}\r\n", "ch51 0099 9000 0000 1234 5")
    (one,) = found.bookings
    (line,) = one.lines

    assert (found.kind, found.account, found.currency) == ("csv", ACCOUNT, "CHF")
    assert (one.amount, one.status, one.detailed) == (119_050, Status.BOOKED, True)
    assert (one.booked_on, one.value_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert line.payer == Payer("Petra Probe", "CH5300999000000067890")
    assert (line.reference, line.text, line.bank_reference) == ("RF42", "Thanks", "B-1")


def test_what_may_be_missing_is_missed_by_nobody() -> None:
    (found,) = read('Amount , DATE,currency\n\n"1,50",2026-03-02,CHF\n,,\n-1.50,2.3.2026,CHF')

    assert [one.amount for one in found.bookings] == [150, -150]
    assert {one.value_on for one in found.bookings} == {date(2026, 3, 2)}


@pytest.mark.parametrize(
    ("text", "currency", "parts"),
    [
        ("1234.5", "CHF", 123_450),
        ("1234,50", "CHF", 123_450),
        ("1'234.50", "CHF", 123_450),
        ("-1’234’567,00", "CHF", -123_456_700),
        ("+1 234", "CHF", 123_400),
        ("1\u202f234", "CHF", 123_400),
        ("1500", "JPY", 1_500),
        ("1.234", "KWD", 1_234),
        ("9999999999999", "CHF", 999_999_999_999_900),
        ("0", "CHF", 0),
    ],
)
def test_amounts_are_read_as_they_are_written_here_and_there(
    text: str, currency: str, parts: int
) -> None:
    assert amount(text, currency) == parts


@given(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.sampled_from(["CHF", "JPY", "KWD"]),
    st.sampled_from(["", "'", "’", " "]),
    st.sampled_from([".", ","]),
)
def test_every_amount_that_is_written_is_read_exactly(
    parts: int, currency: str, thousands: str, point: str
) -> None:
    written = f"{major(parts, currency):,f}".replace(",", "_").replace(".", point)

    assert amount(written.replace("_", thousands), currency) == parts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1.234", "means thousands by its point"),
        ("1,234", "means thousands by its comma"),
        ("1.000", "means thousands"),
        ("1.234,50", "more than one way"),
        ("1,234.50", "more than one way"),
        ("1'23.00", "no amount"),
        ("1'234 567", "no amount"),
        ("", "no amount"),
        ("12.", "no amount"),
        ("1e5", "no amount"),
        ("NaN", "no amount"),
        ("CHF 5", "no amount"),
        ("--5", "no amount"),
        ("٥", "no amount"),
        ("9" * 14, "15 digits"),
    ],
)
def test_an_amount_that_is_none_or_two_is_told_with_its_place(text: str, says: str) -> None:
    error = refused(f"date;amount;currency\n2026-03-02;1;CHF\n2026-03-02;{text};CHF\n")

    assert says in error.detail
    assert error.place == "Row 3, column amount"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", "Row 1", "no column date"),
        ("date;amount\n", "Row 1", "no column currency"),
        (f"{HEADER},when\n", "Row 1", '"when" is not known'),
        (f"{HEADER},text,Text\n", "Row 1", "text is there twice"),
        ("a;b,c\n", "Row 1", "no column date"),
        (f"{HEADER}\n", "", "no row"),
        (f"{HEADER}\n2026-03-02,1,50,CHF\n", "Row 2", "4 columns, the header has 3"),
        (f"{HEADER}\n2026-03-02,1\n", "Row 2", "2 columns"),
        (f"{HEADER}\n03/02/2026,1,CHF\n", "Row 2, column date", "no date"),
        (f"{HEADER}\n30.02.2026,1,CHF\n", "Row 2, column date", "no date"),
        (f"{HEADER}\n0026-03-02,1,CHF\n", "Row 2, column date", "no date"),
        (f"{HEADER}\n\n2026-03-02,1,Fr.\n", "Row 3, column currency", "no currency"),
        (f"{HEADER},value_date\n2026-03-02,1,CHF,x\n", "Row 2, column value_date", "no date"),
        (f'{HEADER}\n2026-03-02,1,"CHF\n', "Row 2", "quote"),
        (f'{HEADER},text\n2026-03-02,1,CHF,"a" b\n', "Row 2", "quote"),
        (f"{HEADER},text\n2026-03-02,1,CHF,{'a' * 10_001}\n", "Row 2, column text", "longer"),
        (f"{HEADER},text\n2026-03-02,1,CHF,{'a' * 140_000}\n", "Row 2", "too long"),
        (f"{HEADER},id\n2026-03-02,1,CHF,7\n2026-03-03,2,CHF,7\n", "Row 3, column id", "row 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_column(text: str, place: str, says: str) -> None:
    error = refused(text)

    assert says in error.detail
    assert error.place == place


@pytest.mark.parametrize("content", ["Söhne".encode("latin-1"), HEADER.encode("utf-16")])
def test_another_encoding_is_told(content: bytes) -> None:
    with pytest.raises(UnreadableStatementError, match="not in UTF-8"):
        read_csv(BytesIO(content), ACCOUNT)


def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    stream = BytesIO(b"x" * 1_000)

    with pytest.raises(UnreadableStatementError, match="more than 100 bytes"):
        read_csv(stream, ACCOUNT, most_bytes=100)

    assert stream.tell() == 101


@given(st.binary(max_size=80), st.integers(0, 150))
def test_any_file_is_read_or_refused_and_nothing_else(damage: bytes, place: int) -> None:
    whole = f"{FULL}\nB-1;02.03.2026;;1.50;CHF;Petra;;;\n2;2026-03-03;;-2;CHF;;;;Fee\n".encode()

    try:
        found = read_csv(BytesIO(whole[:place] + damage + whole[place:]), ACCOUNT)
    except UnreadableStatementError as error:
        assert error.next_step
    else:
        assert all(one.bookings for one in found)


class _Slow(BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 7))


def test_a_file_that_comes_in_pieces_is_read_to_its_end() -> None:
    rows = "2026-03-02,50,CHF\n" * 20

    (found,) = read_csv(_Slow(f"{HEADER}\n{rows}".encode()), ACCOUNT)

    assert len(found.bookings) == 20


def test_equal_rows_stay_two_and_have_the_same_ids_again() -> None:
    row = "2026-03-02,50,CHF"

    (first,) = read(f"{HEADER}\n{row}\n{row}\n")
    (second,) = read(f"{HEADER}\n2026-03-01,1,CHF\n{row}\n{row}\n")

    ids = [one.booking_id for one in first.bookings]
    assert len(set(ids)) == 2
    assert [one.booking_id for one in second.bookings[1:]] == ids


def test_an_id_tells_rows_apart_and_says_which_is_which_whatever_else_changes() -> None:
    (found,) = read(
        f"{HEADER},id\n2026-03-02,50,CHF,A\n2026-03-02,50,CHF,B\n2026-03-05,-50,CHF,B\n"
    )
    (later,) = read(f"{HEADER},id\n2026-03-03,51,CHF,B\n")

    ids = [one.booking_id for one in found.bookings]
    assert len(set(ids)) == 3, "what takes a booking back may have its id"
    assert later.bookings[0].booking_id == ids[1]


@pytest.mark.parametrize("reference", ["", "R-1"])
def test_a_row_is_the_booking_that_other_files_of_the_bank_tell_of(reference: str) -> None:
    (found,) = read(f"{HEADER},id\n2026-03-02,100.00,CHF,{reference}\n")

    told = booking("100.00", reference=reference)

    assert found.bookings[0].booking_id == told.booking_id
    assert found.bookings[0].lines[0].line_id == told.lines[0].line_id


def test_each_currency_is_a_statement_of_its_own() -> None:
    first, second = read(f"{HEADER}\n2026-03-02,1,CHF\n2026-03-02,2,EUR\n2026-03-03,3,CHF\n")

    assert (first.currency, [one.amount for one in first.bookings]) == ("CHF", [100, 300])
    assert (second.currency, [one.amount for one in second.bookings]) == ("EUR", [200])
