"""The trial balance by month, and how old open items are."""

from datetime import date

from sheaf.books.ledger.entries import Place, Total
from sheaf.books.ledger.reporting import OpenItem, ageing, trial_balance

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

    assert ageing([*items, other], on) == {
        ("cn_1#70", "CHF"): [10, 20, 20, 20, 20],
        ("cn_1#71", "EUR"): [99, 0, 0, 0, 0],
    }
