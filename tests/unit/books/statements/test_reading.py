"""What must be before anything of a file is booked, and what it comes to as a whole."""

from datetime import date
from decimal import Decimal

import pytest

from sheaf.books.bank.lines import Balance, Booking, Status
from sheaf.books.receivables.rates import Rate, Rates
from sheaf.books.statements.reading import require_bookable
from sheaf.books.statements.summing import summed
from sheaf.platform.problems import Problem
from tests.unit.books.statements.made import DAY, IBAN, OTHER, SETTINGS, booking, line, statement

EUR = Rates("CHF", [Rate("EUR", date(2026, 3, 1), Decimal("0.94"))])
OPENED = Balance(date(2026, 3, 31), 10000, "CHF", opening=True)
CLOSED = Balance(DAY, 12500, "CHF", opening=False)


def refusal(*bookings: Booking, rates: Rates = EUR) -> Problem:
    with pytest.raises(Problem) as refused:
        require_bookable([statement(one) for one in bookings], SETTINGS, rates)
    return refused.value


def test_accounts_and_rates_that_are_there_are_all_it_needs() -> None:
    require_bookable(
        [
            statement(booking(line("l1", 1))),
            statement(booking(line("l2", 1), currency="EUR")),
            statement(),
        ],
        SETTINGS,
        EUR,
    )


def test_an_account_that_the_books_do_not_have_is_named() -> None:
    told = refusal(booking(line("l1", 1)), booking(line("l2", 1), account=OTHER))

    assert (told.code, told.members) == ("bank_account_unknown", {"accounts": [f"{OTHER} (CHF)"]})
    assert OTHER in told.detail


def test_an_account_in_another_currency_is_another_account() -> None:
    told = refusal(booking(line("l1", 1), currency="USD"))

    assert told.members == {"accounts": [f"{IBAN} (USD)"]}


def test_of_many_unknown_accounts_some_are_named() -> None:
    told = refusal(*(booking(line("l1", 1), account=f"X{number}") for number in range(9)))

    assert len(told.members["accounts"]) == 5
    assert "and 4 more" in told.detail


def test_a_currency_without_a_rate_on_the_first_of_its_days_is_told() -> None:
    early = booking(line("l1", 1), currency="EUR", booked_on=date(2026, 2, 27))

    told = refusal(early, booking(line("l2", 1), currency="EUR"))

    assert (told.code, told.members) == ("no_rate", {"currency": "EUR", "day": "2026-02-27"})


@pytest.mark.parametrize(
    "values", [{"status": Status.PENDING}, {"booked_on": date(2025, 12, 31)}], ids=["not", "early"]
)
def test_what_is_not_booked_needs_no_rate(values: dict[str, object]) -> None:
    one = booking(line("l1", 1), currency="EUR", **values)

    require_bookable([statement(one)], SETTINGS, Rates("CHF"))


@pytest.mark.parametrize(
    ("amount", "booked", "adds_up"), [(2500, "25.00", True), (2499, "24.99", False)]
)
def test_whether_it_adds_up_is_told_to_the_smallest_part(
    amount: int, booked: str, adds_up: bool
) -> None:
    told = summed(statement(booking(line("l1", amount)), balances=(OPENED, CLOSED)))

    assert told["adds_up"] is adds_up
    assert (told["opening"]["amount"], told["closing"]["amount"]) == ("100.00", "125.00")
    assert told["booked"] == booked


def test_only_what_is_booked_adds_up() -> None:
    pending = booking(line("l2", 77), status=Status.PENDING)

    told = summed(statement(booking(line("l1", 2500)), pending, balances=(OPENED, CLOSED)))

    assert told["adds_up"] is True
    assert told["bookings"] == 2


@pytest.mark.parametrize("balances", [(), (OPENED,), (CLOSED,)])
def test_without_both_balances_nothing_is_said(balances: tuple[Balance, ...]) -> None:
    assert summed(statement(booking(line("l1", 1)), balances=balances))["adds_up"] is None


def test_the_first_balance_at_the_beginning_counts_and_the_last_one_at_the_end() -> None:
    later = (Balance(DAY, 1, "CHF", opening=True), Balance(DAY, 12600, "CHF", opening=False))

    told = summed(statement(booking(line("l1", 2600)), balances=(OPENED, CLOSED, *later)))

    assert told["adds_up"] is True
