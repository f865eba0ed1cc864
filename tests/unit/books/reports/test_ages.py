"""The ageing as it is shown: rows by name, totals by currency and in the books' own."""

from dataclasses import replace
from datetime import date

from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.reports.ages import NAMES, aged, ageing_document, totals

ON = date(2026, 6, 30)


def item(invoice_id: int, client_id: int, name: str, amount: int, **values: object) -> Receivable:
    found = Receivable(
        "cn_1", invoice_id, 1, Standing.BOOKED, "", f"2026-{invoice_id}", client_id, name, "CHF",
        date(2026, 3, 2), ON, amount, amount,
    )  # fmt: skip
    return replace(found, **values)  # type: ignore[arg-type]


ITEMS = [
    item(1, 71, "reed", 1000),
    item(2, 70, "Osier", 500, due_on=date(2026, 6, 1)),
    item(3, 70, "Osier Baskets", 300, issued_on=date(2026, 4, 1), due_on=date(2026, 1, 1)),
    item(4, 70, "Osier", 200, currency="JPY", base=2),
    item(5, 71, "Reed", 100, allocated=250, allocated_base=250),
]


def test_debtors_come_by_name_and_are_called_as_on_their_last_invoice() -> None:
    rows = aged(ITEMS, ON)

    assert [(one.name, one.client_id, one.currency) for one in rows] == [
        ("Osier Baskets", "70", "CHF"),
        ("Osier Baskets", "70", "JPY"),
        ("reed", "71", "CHF"),
    ]
    assert rows == aged(list(reversed(ITEMS)), ON)


def test_totals_are_what_the_rows_come_to() -> None:
    rows = aged(ITEMS, ON)

    assert {key: [one.amount for one in row] for key, row in totals(rows).items()} == {
        "CHF": [850, 500, 0, 0, 300],
        "JPY": [200, 0, 0, 0, 0],
    }


def test_amounts_have_the_places_of_their_currency() -> None:
    shown = ageing_document(aged(ITEMS, ON), ON, "CHF")

    assert [row["not_due"] for row in shown["debtors"]] == ["0.00", "200", "8.50"]
    assert [row["total"] for row in shown["totals"]] == ["16.50", "200"]
    assert [row["base_total"] for row in shown["totals"]] == ["16.50", "0.02"]
    assert shown["base_totals"]["total"] == "16.52"
    assert set(shown["base_totals"]) == {*NAMES, "total"}


def test_nothing_open_is_no_row() -> None:
    shown = ageing_document([], ON, "CHF")

    assert (shown["debtors"], shown["totals"]) == ([], [])
    assert shown["base_totals"]["total"] == "0.00"
