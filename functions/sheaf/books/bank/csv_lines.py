"""Bank lines in a CSV file, for banks that send nothing better: one line for each movement.

UTF-8, with or without a byte order mark; columns are set apart by commas or semicolons and named in
the first row, in any order. `date`, `amount` and `currency` have to be there; `value_date`, `name`
and `account` of the other side, `reference`, `text`, and `id` may be. An `id` is the bank's own:
it tells lines apart also where all else is equal, and is the reference that other files of the bank
have for them.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from sheaf.books.bank.bookings import statements
from sheaf.books.bank.csv_values import currency_from, day_from, parts_from
from sheaf.books.bank.entries import Account, Detail, Entry
from sheaf.books.bank.identities import given
from sheaf.books.bank.lines import Payer, Statement, Status
from sheaf.books.bank.unreadable import (
    MOST_BYTES,
    MOST_TEXT,
    Limited,
    UnreadableStatementError,
    at,
    shown,
)
from sheaf.books.bank.values import compact, words

KIND = "csv"
NEEDED = ("date", "amount", "currency")
OPTIONAL = ("value_date", "name", "account", "reference", "text", "id")
_HEADER_ROW = 1
_SAVE_AGAIN = "Save the table as CSV in UTF-8 again and send that file."


def read_csv(stream: BinaryIO, account: str, most_bytes: int = MOST_BYTES) -> list[Statement]:
    """The lines of an account, one statement for each currency; all of them are booked.

    UnreadableStatementError, and nothing of the file, for whatever is wrong with any of it. Rows
    are counted as spreadsheets do, the header being row 1.
    """
    own = compact(account)
    rows = _rows(Limited(stream, most_bytes).whole())
    number, header = next(rows, (_HEADER_ROW, []))
    columns = _columns(number, header)
    by_currency: dict[str, list[Entry]] = {}
    rows_of_ids: dict[tuple[str, str, bool], int] = {}
    for number, row in rows:
        if len(row) != len(columns):
            raise UnreadableStatementError(
                f"The row has {len(row)} columns, the header has {len(columns)}.",
                "Put values that have the delimiter in them into quotes.",
                f"Row {number}",
            )
        entry = _entry(number, dict(zip(columns, row, strict=True)), own)
        if entry.bank_reference:
            key = (entry.bank_reference, entry.currency, entry.amount < 0)
            earlier = rows_of_ids.setdefault(key, number)
            if earlier != number:
                raise UnreadableStatementError(
                    f"The id {shown(entry.bank_reference)} is that of row {earlier} as well.",
                    "Remove the row that is there twice, or give each an id of its own.",
                    f"Row {number}, column id",
                )
        by_currency.setdefault(entry.currency, []).append(entry)
    if not by_currency:
        raise UnreadableStatementError("The file has no row below its header.", _SAVE_AGAIN)
    return statements(
        [Account(KIND, "", own, currency, found) for currency, found in by_currency.items()]
    )


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows with anything in them, each with its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableStatementError("The file is not in UTF-8.", _SAVE_AGAIN) from None
    first = text.lstrip().partition("\n")[0]
    delimiter = ";" if ";" in first else ","
    number = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            if any(value.strip() for value in row):
                yield number, [words(value) for value in row]
    except csv.Error:
        raise UnreadableStatementError(
            "The row has a quote that is not closed or ends too early, or a text that is too long.",
            _SAVE_AGAIN,
            f"Row {number + 1}",
        ) from None


def _columns(number: int, header: Sequence[str]) -> list[str]:
    columns = [name.lower() for name in header]
    known = f"The columns are {', '.join(NEEDED)}, and if you like {', '.join(OPTIONAL)}."
    with at(f"Row {number}"):
        for name in NEEDED:
            if name not in columns:
                raise UnreadableStatementError(f"There is no column {name}.", known)
        for position, name in enumerate(columns):
            if name not in NEEDED + OPTIONAL:
                raise UnreadableStatementError(f"The column {shown(name)} is not known.", known)
            if name in columns[:position]:
                raise UnreadableStatementError(f"The column {name} is there twice.", known)
    return columns


def _entry(number: int, row: Mapping[str, str], own: str) -> Entry:
    for column, value in row.items():
        if len(value) > MOST_TEXT:
            raise UnreadableStatementError(
                f"The text is longer than {MOST_TEXT} characters.",
                "Shorten it.",
                f"Row {number}, column {column}",
            )
    with at(f"Row {number}, column date"):
        booked_on = day_from(row["date"])
    with at(f"Row {number}, column currency"):
        currency = currency_from(row["currency"])
    with at(f"Row {number}, column amount"):
        amount = parts_from(row["amount"], currency)
    with at(f"Row {number}, column value_date"):
        value_on = day_from(row["value_date"]) if row.get("value_date") else booked_on
    payer = Payer(row.get("name", ""), compact(row.get("account", "")))
    return Entry(
        account=own,
        currency=currency,
        amount=amount,
        status=Status.BOOKED,
        booked_on=booked_on,
        value_on=value_on,
        details=(Detail(amount, payer, given(row.get("reference", "")), row.get("text", "")),),
        bank_reference=given(row.get("id", "")),
    )
