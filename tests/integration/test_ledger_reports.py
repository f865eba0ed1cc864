"""Reports of the ledger through the API: journal, trial balance, account statements, the log."""

from decimal import Decimal
from itertools import pairwise

import pytest

from sheaf import wiring_books
from sheaf.books.log.lines import Kind
from sheaf.books.reports import account_statement
from sheaf.platform.transactions import transact
from tests.integration.api_calls import TENANT, call
from tests.integration.keeping_books import CONNECTION
from tests.integration.paying_office import pays
from tests.integration.reported_books import ReportedBooks

READING = (
    f"invoices/{CONNECTION}/7", "open-items", "parked", f"debtors/{CONNECTION}/70",
    f"debtors/{CONNECTION}/70/items", "ageing", "trial-balance", "entries",
    "accounts/1100/statement", "log",
)  # fmt: skip


@pytest.fixture
def books(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ReportedBooks:
    return ReportedBooks(monkeypatch)


def test_the_trial_balance_proves_itself_and_keeps_what_was_before(books: ReportedBooks) -> None:
    books.sends(7, "100.0", issue_date="2026-02-10")
    books.sends(8, "200.0", issue_date="2026-03-10", currency="EUR")
    books.enter("100.00", pays(7, "100.00"), day="2026-04-02")

    whole = books.get("trial-balance")
    part = books.get("trial-balance", first="2026-03", last="2026-04")

    assert (whole["from"], whole["to"], whole["balanced"]) == ("2026-01", "2026-06", True)
    assert (part["balanced"], part["base_sum"]) == (True, "0.00")
    rows = {(one["account"]["number"], one["currency"]): one for one in part["rows"]}
    receivables = rows["1100", "CHF"]
    assert receivables["account"] == {
        "number": "1100", "name": "Trade receivables", "kind": "asset",
    }  # fmt: skip
    assert [receivables[name] for name in ("opening", "debit", "credit", "balance")] == [
        "100.00", "0.00", "100.00", "0.00",
    ]  # fmt: skip
    assert rows["1100", "EUR"]["base"] == {
        "opening": "0.00", "movement": "188.62", "balance": "188.62",
    }  # fmt: skip
    for one in part["sums"]:
        assert (one["opening"], one["balance"]) == ("0.00", "0.00")
        assert one["debit"] == one["credit"]
    assert books.get("trial-balance", 422, first="2026-04", last="2026-03")["errors"]
    assert books.get("trial-balance", 422, first="2026-13")["code"] == "invalid_request"


def test_a_ledger_that_does_not_come_to_nothing_is_no_balance(books: ReportedBooks) -> None:
    books.sends(7, "100.0")
    totals = books.stores.ledger.totals()
    place, total = next(iter(totals.items()))
    transact([books.stores.ledger.correct(place, total, total._replace(debit=total.debit + 1))])

    assert books.get("trial-balance")["balanced"] is False


def test_the_journal_lists_a_month_in_order_of_days(books: ReportedBooks) -> None:
    for invoice_id, day in ((9, "2026-03-20"), (7, "2026-03-02"), (8, "2026-04-01")):
        books.sends(invoice_id, "100.0", issue_date=day)
    paid = books.enter("10.00", day="2026-03-10")

    march = books.all("entries", "entries", month="2026-03")

    assert [one["day"] for one in march] == ["2026-03-02", "2026-03-10", "2026-03-20"]
    assert [one["about"]["kind"] for one in march] == ["invoice", "payment", "invoice"]
    assert march[1]["about"]["payment_id"] == paid["id"]
    assert march[0]["booked_at"].startswith("2026-06-30T09:00")
    for entry in march:
        assert sum(Decimal(leg["base"]) for leg in entry["legs"]) == 0
    assert books.all("entries", "entries", month="2026-05") == []
    books.get("entries", 422, month="2026-3")


def test_a_statement_opens_runs_and_closes(books: ReportedBooks) -> None:
    books.sends(7, "100.0", issue_date="2026-02-10")
    books.sends(8, "200.0", issue_date="2026-03-02")
    books.sends(9, "50.0", issue_date="2026-03-10", currency="EUR")
    books.enter("100.00", pays(7, "100.00"), day="2026-03-15")
    books.sends(10, "400.0", issue_date="2026-05-20")

    whole = books.get("accounts/1100/statement")
    part = books.get("accounts/1100/statement", first="2026-03-05", last="2026-03-31")

    assert (whole["from"], whole["to"], whole["opening"]) == ("2026-01-01", "2026-06-30", [])
    assert [one["balance"] for one in whole["lines"]] == [
        "100.00", "300.00", "50.00", "200.00", "600.00",
    ]  # fmt: skip
    assert whole["closing"] == [
        {"currency": "CHF", "balance": "600.00", "base": "600.00"},
        {"currency": "EUR", "balance": "50.00", "base": "47.16"},
    ]
    assert part["opening"] == [{"currency": "CHF", "balance": "300.00", "base": "300.00"}]
    assert [(one["day"], one["debit"], one["credit"], one["balance"]) for one in part["lines"]] == [
        ("2026-03-10", "50.00", "0.00", "50.00"),
        ("2026-03-15", "0.00", "100.00", "200.00"),
    ]
    assert [one["balance"] for one in part["closing"]] == ["200.00", "50.00"]
    one_by_one = books.all("accounts/1100/statement", "lines", first="2026-03-05")
    assert [one["balance"] for one in one_by_one] == ["50.00", "200.00", "600.00"]
    assert books.get("accounts/9999/statement", 404)["code"] == "not_found"
    books.get("accounts/1100/statement", 422, first="2026-04-01", last="2026-03-31")


def test_a_page_of_a_statement_begins_where_the_one_before_ended(
    books: ReportedBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the entries that it looks at do not touch the account."""
    monkeypatch.setattr(account_statement, "_AT_ONCE", 2)
    monkeypatch.setattr(account_statement, "_LOOKED_AT", 2)
    for invoice_id in range(7, 13):
        books.sends(invoice_id, "100.0", issue_date=f"2026-03-{invoice_id:02d}")
    books.enter("70.00", day="2026-03-20")

    pages = [books.get("accounts/1020/statement", limit=5)]
    while pages[-1]["next_cursor"]:
        cursor = pages[-1]["next_cursor"]
        pages.append(books.get("accounts/1020/statement", limit=5, cursor=cursor))

    assert [len(page["lines"]) for page in pages] == [0, 0, 0, 1]
    for before, after in pairwise(pages):
        assert before["closing"] == after["opening"]
    assert pages[-1]["closing"][0]["balance"] == "70.00"


def test_a_month_that_is_too_full_is_asked_for_from_its_first_day(
    books: ReportedBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_statement, "_AT_ONCE", 1)
    monkeypatch.setattr(account_statement, "_BEFORE", 2)
    for invoice_id in range(7, 11):
        books.sends(invoice_id, "100.0", issue_date=f"2026-03-{invoice_id:02d}")

    refused = books.get("accounts/1100/statement", 422, first="2026-03-20")

    assert refused["errors"][0]["field"] == "from"
    assert books.get("accounts/1100/statement", first="2026-03-08")["opening"]
    assert books.get("accounts/1100/statement", first="2026-03-01")["lines"]


def test_the_log_is_read_newest_first_whole_or_of_a_run(books: ReportedBooks) -> None:
    books.sends(7, "100.0")
    payment = books.enter("100.00", pays(7, "100.00"))
    of_run = wiring_books.log(TENANT, "br_1", "ada")
    for number in range(3):
        transact([of_run.write(Kind.PAYMENT_POSTED, f"Posted {number}.", receipt_id="re_9")])

    every = books.all("log", "log")
    run = books.all("log", "log", run_id="br_1")

    assert [one["at"] for one in every] == sorted((one["at"] for one in every), reverse=True)
    kinds = [one["kind"] for one in every]
    assert kinds.count("payment_posted") == 3
    assert {"invoice_taken_over", "receipt_booked"} <= set(kinds)
    booked = next(one for one in every if one["kind"] == "receipt_booked")
    assert (booked["payment_id"], booked["run_id"]) == (payment["id"], None)
    taken = next(one for one in every if one["kind"] == "invoice_taken_over")
    assert (taken["connection_id"], taken["invoice_id"]) == (CONNECTION, "7")
    assert sorted(one["text"] for one in run) == ["Posted 0.", "Posted 1.", "Posted 2."]
    assert {(one["run_id"], one["by"], one["payment_id"]) for one in run} == {
        ("br_1", "ada", "re_9")
    }
    assert books.all("log", "log", run_id="br_2") == []


def test_who_only_enters_time_does_not_read_the_books(books: ReportedBooks) -> None:
    books.sends(7, "100.0")

    for path in READING:
        for role in ("manager", "viewer", "app"):
            assert call("GET", f"/v1/books/{path}", roles=role)[0] == 200, (path, role)
        status, refused = call("GET", f"/v1/books/{path}", roles="agent")
        assert (status, refused["code"]) == (403, "role_required"), path


def test_books_that_were_never_begun_say_so(stack: dict[str, str]) -> None:
    for path in READING:
        status, answer = call("GET", f"/v1/books/{path}")
        if path == "log":
            assert (status, answer["log"]) == (200, [])
        else:
            assert (status, answer["code"]) == (409, "books_not_begun"), path
