"""Reading a file of the bank: all of it, and all that must be before any of it is booked."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO

from sheaf.books.bank.camt import read_camt
from sheaf.books.bank.csv_lines import read_csv
from sheaf.books.bank.lines import Booking, Statement, Status
from sheaf.books.bank.unreadable import MOST_BYTES, UnreadableStatementError
from sheaf.books.receivables.rates import NoRateError, Rates
from sheaf.books.settings.records import BooksSettings
from sheaf.books.statements.files import FEWER_DAYS, FileKind, place_of, too_large
from sheaf.platform.files import FileMissingError, Files, FileTooLargeError
from sheaf.platform.problems import Problem

# A large company has a few thousand bookings a day; what has more is no statement of a bank.
MOST_BOOKINGS = 50_000
_NAMED = 5


def fetched(files: Files, file_id: str) -> bytes:
    """The content of a file that somebody has sent; a problem where it is missing or too large."""
    try:
        return files.read(place_of(file_id), MOST_BYTES)
    except FileMissingError:
        raise Problem(
            409,
            "file_missing",
            "The file is not there: it was never sent, or more than a week ago.",
            "Send it to the address that was given for it, then resume this; or begin with a new"
            " address (POST /v1/books/files).",
        ) from None
    except FileTooLargeError as error:
        raise too_large(error.size) from None


def read_statements(content: bytes, kind: FileKind, account: str) -> list[Statement]:
    """What a file says; a problem that says what is wrong with it, and where."""
    try:
        if kind is FileKind.CSV:
            found = read_csv(BytesIO(content), account)
        else:
            found = read_camt(BytesIO(content))
        _require_few(found)
    except UnreadableStatementError as error:
        raise Problem(
            422,
            "unreadable_statement",
            error.detail,
            error.next_step,
            {"place": error.place} if error.place else {},
        ) from None
    return found


def require_bookable(
    statements: Sequence[Statement], settings: BooksSettings, rates: Rates
) -> None:
    """A problem, before anything is booked, where an account of a statement is none of the books,
    or a currency has no rate."""
    bookings = [booking for one in statements for booking in one.bookings]
    _require_accounts(bookings, settings)
    for currency, day in sorted(_days(bookings, settings)):
        try:
            rates.on(currency, day)
        except NoRateError as missing:
            raise no_rate(missing) from None


def no_rate(missing: NoRateError) -> Problem:
    return Problem(
        422,
        "no_rate",
        f"There is no exchange rate for {missing.currency} on {missing.day} or before.",
        "Add the rate (POST /v1/books/rates), then resume this.",
        {"currency": missing.currency, "day": missing.day.isoformat()},
    )


def _require_accounts(bookings: Iterable[Booking], settings: BooksSettings) -> None:
    accounts = {(one.account, one.currency) for one in bookings}
    unknown = sorted(
        f"{number} ({currency})"
        for number, currency in accounts
        if settings.bank(number, currency) is None
    )
    if not unknown:
        return
    more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
    raise Problem(
        422,
        "bank_account_unknown",
        f"The books have no account for {', '.join(unknown[:_NAMED])}{more}.",
        "Add the account of the bank to the books' settings (PATCH /v1/books, banks), then resume"
        " this.",
        {"accounts": unknown[:_NAMED]},
    )


def _days(bookings: Iterable[Booking], settings: BooksSettings) -> set[tuple[str, date]]:
    """The days on which a currency needs a rate."""
    return {
        (one.currency, one.booked_on)
        for one in bookings
        if one.status is Status.BOOKED
        and one.booked_on >= settings.start
        and one.currency != settings.currency
    }


def _require_few(statements: Sequence[Statement]) -> None:
    bookings = [booking for one in statements for booking in one.bookings]
    lines = sum(len(one.lines) for one in bookings)
    count = len(statements) + max(len(bookings), lines)
    if count > MOST_BOOKINGS:
        raise UnreadableStatementError(
            f"The file has more than {MOST_BOOKINGS} statements and bookings.", FEWER_DAYS
        )
