"""What of the settings of books may be another only as long as nothing depends on it."""

from collections.abc import Callable
from typing import Any

import pytest

from sheaf import wiring, wiring_books
from sheaf.books.running import BOOKS
from sheaf.books.runs.phases import FAMILY, KIND, BooksPhase
from sheaf.books.statements.phases import KIND as FILE_KIND
from sheaf.books.statements.phases import StatementPhase
from sheaf.connections.records import Connection, Kind, State
from sheaf.mirror.runs import Run, RunState
from sheaf.platform.transactions import transact
from tests.integration.api_calls import TENANT
from tests.integration.books_calls import START, begin, book, books, change, send

pytestmark = pytest.mark.usefixtures("stack")
PAYMENT = {"day": "2024-03-02", "currency": "CHF", "amount": "90", "payer": "Osier Baskets"}
RATE = {"currency": "EUR", "since": "2024-03-01", "rate": "0.9431"}


def test_before_anything_is_booked_the_first_day_and_the_currency_may_be_others() -> None:
    begin()

    after = change(start="2023-01-01", currency="EUR")

    assert (after["start"], after["currency"]) == ("2023-01-01", "EUR")


@pytest.mark.parametrize("values", [{"start": "2023-01-01"}, {"currency": "EUR"}])
def test_once_something_is_booked_they_stay(values: dict[str, str]) -> None:
    begun = begin()
    book("1100", "3400")

    assert change(409, **values)["code"] == "books_in_use"
    # What stays as it is may be sent along.
    after = change(start=START, currency="CHF", automation={"let_go": "1"})
    assert {**after, "version": 1, "automation": begun["automation"]} == begun


@pytest.mark.parametrize(
    "values", [{"start": "2023-01-01"}, {"currency": "EUR"}, {"roles": {"receivables": "1101"}}]
)
def test_they_stay_while_a_run_may_book_something(values: dict[str, Any]) -> None:
    begin()
    send("POST", "accounts", _account("1101"), 201)
    close = _open_run()

    assert change(409, **values)["code"] == "books_running"
    change(automation={"let_go": "1"})
    close()
    change(**values)


def test_another_currency_needs_other_rates() -> None:
    begin()
    send("POST", "rates", RATE)

    assert change(409, currency="USD")["code"] == "rates_in_the_way"
    send("DELETE", "rates/EUR/2024-03-01")
    assert change(currency="USD")["currency"] == "USD"


def test_the_first_day_cannot_pass_what_is_closed() -> None:
    begin()
    change(closed_to="2024-01-31")

    assert change(422, start="2024-02-01")["errors"][0]["field"] == "closed_to"
    assert change(start="2024-02-01", closed_to=None)["start"] == "2024-02-01"


@pytest.mark.parametrize("values", [{"start": "2023-06-01"}, {"currency": "EUR"}])
def test_the_first_booking_is_never_by_settings_that_were_changed_meanwhile(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]
) -> None:
    begin()
    _meanwhile(monkeypatch, "sheaf.books.receiving", lambda: change(**values))

    refused = send("POST", "payments", PAYMENT, 409)

    assert refused["code"] == "busy"
    assert send("GET", "trial-balance")["rows"] == []
    send("POST", "payments", {**PAYMENT, "currency": books()["currency"]}, 201)
    assert {one["account"]["number"] for one in send("GET", "trial-balance")["rows"]} == {
        "1020",
        "2099",
    }


@pytest.mark.parametrize("values", [{"start": "2023-06-01"}, {"currency": "EUR"}])
def test_nor_are_they_changed_while_something_is_booked_for_the_first_time(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    begun = begin()
    _meanwhile(
        monkeypatch,
        "sheaf.books.settings.changing",
        lambda: send("POST", "payments", PAYMENT, 201),
    )

    assert change(409, **values)["code"] == "books_in_use"
    assert books() == begun


def test_they_stay_while_a_file_of_the_bank_is_taken_in() -> None:
    begin()
    runs = wiring_books.statement_desk(TENANT).runs
    phase = StatementPhase.READ.value
    run = Run("bs_1", BOOKS, FILE_KIND, RunState.QUEUED, phase, "2024-01-01T00:00:00Z", "ada")
    transact(runs.start(run))

    assert change(409, currency="EUR")["code"] == "books_running"
    runs.cancel(run)
    assert change(currency="EUR")["currency"] == "EUR"


def test_open_items_stay_on_the_account_of_their_role() -> None:
    begin()
    for number in ("1101", "6901"):
        kind = "asset" if number == "1101" else "expense"
        send("POST", "accounts", _account(number, kind), 201)
    book("1100", "3400")
    book("3806", "3400")

    refused = change(409, roles={"receivables": "1101"})

    assert refused["code"] == "role_in_use"
    assert "1100" in refused["detail"]
    # What is not settled later goes elsewhere from now on.
    assert change(roles={"differences": "6901"})["roles"]["differences"] == "6901"
    # Nothing is in transit yet.
    assert change(roles={"in_transit": "1101"})["roles"]["in_transit"] == "1101"


def _meanwhile(monkeypatch: pytest.MonkeyPatch, module: str, happens: Callable[[], object]) -> None:
    """Right before the first transaction of a module something else happens."""
    waiting = [happens]

    def first(writes: Any) -> None:
        if waiting:
            waiting.pop()()
        transact(writes)

    monkeypatch.setattr(f"{module}.transact", first)


def _open_run() -> Callable[[], object]:
    """A run of the books of a connection, and what ends it."""
    connection = Connection("cn_1", Kind.TOKEN, State.CONNECTED, 0, "2024-01-01T00:00:00Z", "ada")
    wiring.connection_store(TENANT).save(connection)
    runs = wiring_books.runs(TENANT, FAMILY)
    phase = BooksPhase.SYNC.value
    run = Run("br_1", "cn_1", KIND, RunState.QUEUED, phase, "2024-01-01T00:00:00Z", "ada")
    transact(runs.start(run))
    return lambda: runs.cancel(run)


def _account(number: str, kind: str = "asset") -> dict[str, str]:
    return {"number": number, "name": "Another one", "kind": kind}
