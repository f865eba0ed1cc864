"""What is owed, through the API: invoices, open items, parked invoices, debtors, the ageing."""

from typing import Any

import pytest

from sheaf import wiring
from sheaf.books.reports import open_items
from tests.integration.api_calls import TENANT
from tests.integration.keeping_books import CONNECTION
from tests.integration.paying_office import pays
from tests.integration.reported_books import REED, ReportedBooks


@pytest.fixture
def books(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ReportedBooks:
    return ReportedBooks(monkeypatch)


def lines(*kinds: str) -> list[dict[str, Any]]:
    return [
        {"id": n, "kind": kind, "description": f"Work {n}", "amount": "100.0", "taxed": False}
        for n, kind in enumerate(kinds, 1)
    ]


def test_an_invoice_shows_what_it_is_booked_as_and_what_pays_it(books: ReportedBooks) -> None:
    books.sends(7, "200.0", line_items=lines("1000", "2000"))
    payment = books.enter("150.00", pays(7, "150.00"))

    seen = books.get(f"invoices/{CONNECTION}/7")

    assert (seen["number"], seen["standing"], seen["newest"]) == ("2026-0007", "booked", True)
    assert seen["debtor"] == {
        "connection_id": CONNECTION, "client_id": "70", "name": "Osier Baskets",
    }  # fmt: skip
    assert (seen["amount"], seen["paid"], seen["open"]) == ("200.00", "150.00", "50.00")
    assert (seen["due_on"], seen["days_overdue"]) == ("2026-04-01", 90)
    assert seen["base"] == {"currency": "CHF", "amount": "200.00", "open": "50.00"}
    assert [(one["kind"], one["article"]["name"]) for one in seen["lines"]] == [
        ("1000", "Consulting"), ("2000", "Books"),
    ]  # fmt: skip
    (entry,) = seen["entries"]
    assert (entry["day"], entry["about"]["invoice_id"]) == ("2026-03-02", "7")
    assert [(leg["account"], leg["debit"], leg["credit"]) for leg in entry["legs"]] == [
        ("1100", "200.00", "0.00"), ("3400", "0.00", "100.00"), ("3200", "0.00", "100.00"),
    ]  # fmt: skip
    (paid,) = seen["payments"]
    assert (paid["payment_id"], paid["settled"]) == (payment["id"], "150.00")
    assert seen["obstacles"] == []


def test_a_wrong_category_is_named_with_its_line_and_what_may_be_meant(
    books: ReportedBooks,
) -> None:
    books.sends(7, "200.0", line_items=lines("1000", "consultin"))

    seen = books.get(f"invoices/{CONNECTION}/7")

    assert (seen["standing"], seen["newest"]) == ("parked", False)
    assert (seen["amount"], seen["open"], seen["base"]) == ("200.00", None, None)
    good, bad = seen["lines"]
    assert (good["article"]["number"], good["obstacles"]) == ("1000", [])
    assert bad["article"] is None
    (obstacle,) = bad["obstacles"]
    assert (obstacle["code"], obstacle["lines"]) == ("unknown_category", [2])
    assert obstacle["near"] == ["1000"]
    assert "Invoices - Configure - Categories" in obstacle["next_step"]
    (parked,) = books.all("parked", "parked")
    assert parked["obstacles"] == [obstacle] == seen["obstacles"]
    assert parked["since"] == seen["parked_since"]


def test_a_newest_version_that_cannot_be_booked_leaves_the_one_before(
    books: ReportedBooks,
) -> None:
    books.sends(7, "200.0", line_items=lines("1000", "1000"))
    books.sends(7, "300.0", line_items=lines("1000", "1000", "9999"))

    seen = books.get(f"invoices/{CONNECTION}/7")

    assert (seen["standing"], seen["amount"], seen["newest"]) == ("booked", "200.00", False)
    assert [len(one["obstacles"]) for one in seen["lines"]] == [0, 0, 1]
    books.lost(7)
    books.taking.invoice(7)
    gone = books.get(f"invoices/{CONNECTION}/7")
    assert (gone["standing"], gone["newest"], gone["lines"]) == ("reversed", True, [])


def test_what_is_not_in_the_books_says_why(books: ReportedBooks) -> None:
    books.sends(7, "200.0", state="draft", sent_at=None)

    assert books.get(f"invoices/{CONNECTION}/7", expect=404)["code"] == "not_in_the_books"
    assert books.get(f"invoices/{CONNECTION}/8", expect=404)["code"] == "not_found"
    assert books.get("invoices/cn_other/7", expect=404)["code"] == "not_found"
    books.get(f"invoices/{CONNECTION}/0", expect=422)


def test_open_items_come_by_due_day_and_only_those_asked_for(books: ReportedBooks) -> None:
    books.sends(7, "100.0", due_date="2026-05-01")
    books.sends(8, "200.0", due_date="2026-04-01", client=REED)
    books.sends(9, "300.0", due_date="2026-06-01", currency="EUR")
    books.sends(10, "400.0")
    books.enter("400.00", pays(10, "400.00"))

    found = books.all("open-items", "open_items")

    assert [one["invoice_id"] for one in found] == ["8", "7", "9"]
    assert [one["days_overdue"] for one in found] == [90, 60, 29]
    assert found[2]["base"] == {"currency": "CHF", "amount": "282.93", "open": "282.93"}
    for asked, wanted in (
        ({"currency": "EUR"}, ["9"]),
        ({"currency": "USD"}, []),
        ({"connection_id": CONNECTION}, ["8", "7", "9"]),
    ):
        listed = books.all("open-items", "open_items", 1, **asked)
        assert [one["invoice_id"] for one in listed] == wanted, asked
    assert books.get("open-items", 404, connection_id="cn_other")["code"] == "not_found"
    cursor = books.get("open-items", limit=1)["next_cursor"]
    assert books.get("open-items", 400, cursor=cursor, currency="EUR")["code"] == "invalid_cursor"


def test_a_filter_that_few_pass_ends_a_page_before_it_is_full(
    books: ReportedBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_items, "_ASKED", 2)
    for invoice_id in range(11, 16):
        books.sends(invoice_id, "100.0")
    books.sends(16, "100.0", currency="EUR", due_date="2026-05-01")

    first = books.get("open-items", limit=1, currency="EUR")

    assert first["open_items"] == []
    found = books.all("open-items", "open_items", currency="EUR")
    assert [one["invoice_id"] for one in found] == ["16"]


def test_parked_invoices_of_all_connections_are_one_list(books: ReportedBooks) -> None:
    store = wiring.connection_store(TENANT)
    (own,) = store.all()
    for other in ("cn_0", "cn_2"):
        store.save(type(own)(other, own.kind, own.state, 0, "", "ada"))
    for invoice_id in (7, 8, 9):
        books.sends(invoice_id, "100.0", line_items=lines("9999"))

    for limit in (1, 2, 3, 50):
        found = books.all("parked", "parked", limit=limit)
        assert [one["invoice_id"] for one in found] == ["7", "8", "9"], limit
    assert books.all("parked", "parked", connection_id="cn_2") == []
    assert books.get("parked", 404, connection_id="cn_other")["code"] == "not_found"


def test_the_ageing_adds_up_by_debtor_and_currency(books: ReportedBooks) -> None:
    for invoice_id, due, values in (
        (7, "2026-07-15", {}),
        (8, "2026-06-30", {}),
        (9, "2026-06-29", {}),
        (10, "2026-05-01", {}),
        (11, "2026-04-30", {"client": REED}),
        (12, "2026-03-01", {"currency": "EUR"}),
    ):
        books.sends(invoice_id, "100.0", due_date=due, **values)
    books.enter("30.00", pays(9, "30.00"))

    found = books.get("ageing", on="2026-06-30")

    assert found["on"] == "2026-06-30"
    rows = {(one["debtor"]["client_id"], one["currency"]): one for one in found["debtors"]}
    columns = ("not_due", "days_1_to_30", "days_31_to_60", "days_61_to_90", "days_over_90")
    assert {key: [row[name] for name in columns] for key, row in rows.items()} == {
        ("70", "CHF"): ["200.00", "70.00", "100.00", "0.00", "0.00"],
        ("70", "EUR"): ["0.00", "0.00", "0.00", "0.00", "100.00"],
        ("71", "CHF"): ["0.00", "0.00", "0.00", "100.00", "0.00"],
    }
    chf, eur = found["totals"]
    assert (chf["total"], chf["days_61_to_90"]) == ("470.00", "100.00")
    assert (eur["total"], eur["base_total"]) == ("100.00", "94.31")
    assert found["base_totals"]["total"] == "564.31"
    later = books.get("ageing", on="2026-12-31")
    assert later["totals"][0]["days_over_90"] == "470.00"
    assert later["totals"][0]["total"] == "470.00"


def test_too_many_open_items_are_for_an_export(
    books: ReportedBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_items, "_WHILE_WAITING", 1)
    books.sends(7, "100.0")
    books.get("ageing")
    books.sends(8, "100.0")

    refused = books.get("ageing", 422)

    assert refused["code"] == "too_many_open_items"
    assert "/v1/books/exports" in refused["next_step"]
