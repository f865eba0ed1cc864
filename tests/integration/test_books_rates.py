"""Exchange rates of books, and Harvest's categories beside the articles, through the API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sheaf import wiring, wiring_books
from sheaf.connections.records import Connection, Kind, State
from sheaf.mirror.cursors import CursorStore, after_read
from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import MirrorStore
from tests.integration.api_calls import TENANT
from tests.integration.books_calls import begin, of, send

ARTICLE = {"number": "1000", "name": "Consulting", "revenue_account": "3400", "tax": "normal"}
RATE = {"currency": "EUR", "since": "2024-03-01", "rate": "0.9431"}
CATEGORIES = "invoice_item_categories"


@pytest.fixture(autouse=True)
def begun(stack: dict[str, str]) -> None:
    begin()


class TestRates:
    def test_a_rate_takes_the_place_of_that_of_its_day(self) -> None:
        assert send("POST", "rates", RATE) == RATE
        again = send("POST", "rates", {**RATE, "rate": "0.95"})

        assert of("rates") == [again]
        kept = wiring_books.settings(TENANT).rules(wiring_books.settings(TENANT).require())
        assert kept.rates.base(10_000, "EUR", datetime(2024, 3, 9, tzinfo=UTC).date()) == 9_500

    def test_they_are_paged_the_latest_of_a_currency_first(self) -> None:
        for currency in ("EUR", "USD"):
            for month in ("01", "02", "03"):
                send("POST", "rates", {**RATE, "currency": currency, "since": f"2024-{month}-01"})

        first = send("GET", "rates?currency=EUR&limit=2")
        second = send("GET", f"rates?currency=EUR&limit=2&cursor={first['next_cursor']}")

        assert [one["since"] for one in first["rates"]] == ["2024-03-01", "2024-02-01"]
        assert [one["since"] for one in second["rates"]] == ["2024-01-01"]
        assert second["next_cursor"] is None
        assert [one["currency"] for one in of("rates")] == ["USD"] * 3 + ["EUR"] * 3
        refused = send(
            "GET", f"rates?currency=USD&limit=2&cursor={first['next_cursor']}", None, 400
        )
        assert refused["code"] == "invalid_cursor"

    def test_one_is_taken_away_by_its_day(self) -> None:
        send("POST", "rates", RATE)

        assert send("DELETE", "rates/EUR/2024-03-01") == RATE
        assert of("rates") == []
        assert send("DELETE", "rates/EUR/2024-03-01", None, 404)["code"] == "not_found"
        assert send("DELETE", "rates/EUR/yesterday", None, 422)["code"] == "invalid_request"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"currency": "CHF"}, "currency"),
            ({"currency": "EURO"}, "currency"),
            ({"rate": "0.000"}, "rate"),
            ({"rate": "-1"}, "rate"),
            ({"since": "0001-01-01"}, "since"),
            ({"since": "2024-02-30"}, "since"),
        ],
    )
    def test_what_is_no_rate_is_refused_by_field(self, values: dict[str, str], field: str) -> None:
        refused = send("POST", "rates", {**RATE, **values}, 422)

        assert field in refused["errors"][0]["field"]
        assert of("rates") == []


class TestCategories:
    def test_they_stand_beside_the_articles(self) -> None:
        connection = Connection(
            "cn_1", Kind.TOKEN, State.CONNECTED, 0, "2024-01-01T00:00:00Z", "ada"
        )
        wiring.connection_store(TENANT).save(connection)
        for number, name in (("1000", "Consulting"), ("2000", "Books")):
            send("POST", "articles", {**ARTICLE, "number": number, "name": name}, 201)
        never = send("GET", "categories?connection_id=cn_1")
        assert (never["read_at"], never["categories"]) == (None, [])
        _read({"id": 71, "name": "1000"}, {"id": 72, "name": "books"})

        shown = send("GET", "categories?connection_id=cn_1")

        assert shown["read_at"] == "2024-04-01T02:00:00.000000Z"
        assert [
            (one["harvest_id"], one["name"], (one["article"] or {}).get("number"), one["near"])
            for one in shown["categories"]
        ] == [("71", "1000", "1000", []), ("72", "books", None, ["2000"])]
        assert [one["number"] for one in shown["articles_without_category"]] == ["2000"]
        assert "Invoices - Configure - Categories" in shown["next_step"]

    def test_a_connection_that_is_not_there_has_none(self) -> None:
        assert send("GET", "categories?connection_id=cn_9", None, 404)["code"] == "not_found"
        assert send("GET", "categories", None, 422)["code"] == "invalid_request"


def _read(*rows: dict[str, Any]) -> None:
    """Harvest has categories, as the mirror knows."""
    mirror = MirrorStore(wiring.mirror_table(), TENANT, "cn_1")
    mirror.write(CATEGORIES, [mirror_record(CATEGORIES, one) for one in rows])
    cursors = CursorStore(wiring.runs_table(), TENANT, "cn_1")
    cursors.put(after_read(CATEGORIES, datetime(2024, 4, 1, 2, tzinfo=UTC)))
