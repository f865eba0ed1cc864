"""The trial balance by month, and how old open items are."""

from datetime import date

from sheaf.books.ledger.entries import Entry, Leg, Place, Total
from sheaf.books.ledger.reporting import (
    Balance,
    OpenItem,
    ageing,
    balances_before,
    movements,
    owed,
    sums,
    trial_balance,
)

TOTALS = {
    Place("1100", "CHF", "2026-01"): Total(500, 200, 300),
    Place("1100", "CHF", "2026-02"): Total(100, 0, 100),
    Place("1100", "USD", "2026-02"): Total(70, 0, 65),
    Place("1100", "CHF", "2026-04"): Total(1, 0, 1),
    Place("3400", "CHF", "2026-02"): Total(0, 465, -465),
}


def test_what_was_before_a_range_is_told_apart_from_what_is_in_it() -> None:
    rows = trial_balance(TOTALS, "2026-02", "2026-03")

    assert [(row.account, row.currency, row.before, row.within) for row in rows] == [
        ("1100", "CHF", Total(500, 200, 300), Total(100, 0, 100)),
        ("1100", "USD", Total(0, 0, 0), Total(70, 0, 65)),
        ("3400", "CHF", Total(0, 0, 0), Total(0, 465, -465)),
    ]
    assert [(row.balance, row.base) for row in rows] == [(400, 400), (70, 65), (-465, -465)]
    assert sum(row.base for row in rows) == 0


def test_open_items_age_by_the_day_on_which_they_were_due() -> None:
    on = date(2026, 6, 30)
    days = [0, 1, 30, 31, 60, 61, 90, 91, 400]
    items = [
        OpenItem("cn_1#70", "CHF", date.fromordinal(on.toordinal() - late), 10, 10) for late in days
    ]
    other = OpenItem("cn_1#71", "EUR", date(2026, 7, 30), 99, 93)

    rows = ageing([*items, other], on)

    assert {key: [one.amount for one in row] for key, row in rows.items()} == {
        ("cn_1#70", "CHF"): [10, 20, 20, 20, 20],
        ("cn_1#71", "EUR"): [99, 0, 0, 0, 0],
    }
    assert owed(rows["cn_1#71", "EUR"]) == Balance(99, 93)
    assert owed(rows["cn_1#70", "CHF"]) == Balance(90, 90)


def test_what_was_paid_too_much_lessens_what_is_owed() -> None:
    on = date(2026, 6, 30)
    items = [OpenItem("cn_1#70", "CHF", date(2026, 6, 29), amount, amount) for amount in (100, -30)]

    assert ageing(items, on)["cn_1#70", "CHF"][1] == Balance(70, 70)


def test_each_currency_of_a_trial_balance_is_added_up() -> None:
    whole = sums(trial_balance(TOTALS, "2026-02", "2026-03"))

    assert list(whole) == ["CHF", "USD"]
    chf = whole["CHF"]
    assert (chf.opening, chf.within, chf.balance) == (300, Total(100, 465, -365), -65)
    assert (whole["USD"].opening, whole["USD"].base) == (0, 65)


def test_an_account_comes_to_its_totals_before_a_month() -> None:
    of_account = {place: one for place, one in TOTALS.items() if place.account == "1100"}

    assert balances_before(of_account, "2026-01") == {}
    assert balances_before(of_account, "2026-03") == {
        "CHF": Balance(400, 400),
        "USD": Balance(70, 65),
    }


def test_an_entry_moves_an_account_once_in_each_currency() -> None:
    legs = (
        Leg("1095", -100, "EUR", -94),
        Leg("1095", 105, "USD", 94),
        Leg("1100", -70, "USD", -63, "cn_1#70", "cn_1#7"),
        Leg("1100", 20, "USD", 18, "cn_1#70", "cn_1#8"),
        Leg("6999", 0, "USD", -5),
    )
    entry = Entry("re_1#1", date(2026, 3, 2), "Payment", legs, "re_1")

    assert [one[1:] for one in movements(entry, "1095", {"EUR": Balance(300, 280)})] == [
        ("EUR", 0, 100, -94, Balance(200, 186)),
        ("USD", 105, 0, 94, Balance(105, 94)),
    ]
    assert [one[1:] for one in movements(entry, "1100", {})] == [
        ("USD", 20, 70, -45, Balance(-50, -45)),
    ]
    assert [one[1:] for one in movements(entry, "6999", {})] == [
        ("USD", 0, 0, -5, Balance(0, -5)),
    ]
    assert movements(entry, "1020", {}) == []
