"""Several who change how books are kept at once: it is judged by what is there in the end."""

from collections.abc import Callable

import pytest

from sheaf.books.settings.records import Setup
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.platform.transactions import transact
from tests.integration.books_calls import (
    begin,
    books,
    change,
    of,
    send,
)

ACCOUNT = {"number": "1021", "name": "Bank in euros", "kind": "asset"}
ARTICLE = {"number": "1000", "name": "Consulting", "revenue_account": "3400", "tax": "normal"}
TAX = {"code": "old.normal", "percent": "7.7", "account": "2200"}
RATE = {"currency": "EUR", "since": "2024-03-01", "rate": "0.9431"}


@pytest.fixture(autouse=True)
def begun(stack: dict[str, str]) -> None:
    begin()


class TestSeveralAtOnce:
    """Whatever is changed while something is judged, it is judged by what is there in the end."""

    def test_an_account_cannot_vanish_while_an_article_begins_to_use_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        send("POST", "accounts", {**ACCOUNT, "number": "3401", "kind": "revenue"}, 201)
        article = {**ARTICLE, "revenue_account": "3401"}
        _meanwhile(monkeypatch, lambda: send("DELETE", "accounts/3401"))

        refused = send("POST", "articles", article, 422)

        assert refused["errors"][0]["field"] == "revenue_account"
        assert of("articles") == []

    def test_nor_while_it_is_deleted_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        send("POST", "accounts", {**ACCOUNT, "number": "3401", "kind": "revenue"}, 201)
        article = {**ARTICLE, "revenue_account": "3401"}
        _meanwhile(monkeypatch, lambda: send("POST", "articles", article, 201))

        refused = send("DELETE", "accounts/3401", None, 409)

        assert refused["used_by"] == [{"what": "article", "name": "1000"}]

    def test_nor_a_tax_an_article_or_the_account_of_a_bank(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        send("POST", "accounts", ACCOUNT, 201)
        made = send("POST", "articles", ARTICLE, 201)
        bank = {"number": "100-1", "currency": "EUR", "account": "1021"}

        _meanwhile(monkeypatch, lambda: send("DELETE", "accounts/1021"))
        assert change(422, banks=[bank])["errors"][0]["field"] == "banks.0.account"
        _meanwhile(monkeypatch, lambda: send("DELETE", "taxes/reduced"))
        refused = send("PATCH", f"articles/{made['id']}", {"tax": "reduced"}, 422)
        assert refused["errors"][0]["field"] == "tax"
        _meanwhile(monkeypatch, lambda: send("DELETE", f"articles/{made['id']}"))
        assert change(422, fallback_article="1000")["errors"][0]["field"] == "fallback_article"

    def test_a_rate_cannot_be_one_in_a_currency_that_is_left(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _meanwhile(monkeypatch, lambda: change(currency="EUR"))

        assert send("POST", "rates", RATE, 422)["errors"][0]["field"] == "currency"

    def test_what_does_not_concern_each_other_both_happens(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _meanwhile(monkeypatch, lambda: send("POST", "taxes", TAX, 201))

        send("POST", "articles", ARTICLE, 201)

        assert [one["number"] for one in of("articles")] == ["1000"]
        assert TAX in of("taxes")

    def test_of_two_who_change_the_settings_one_is_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = books()["version"]
        first = {"version": version, "automation": {"let_go": "1"}}
        _meanwhile(monkeypatch, lambda: send("PATCH", "", first))

        refused = send("PATCH", "", {"version": version, "automation": {"let_go": "2"}}, 409)

        assert refused["code"] == "stale_version"
        assert refused["current"] == books()
        assert books()["automation"]["let_go"] == "1"

    def test_who_always_comes_second_is_told_to_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        read = BooksSettingsStore.setup

        def overtaken(store: BooksSettingsStore) -> Setup:
            seen = read(store)
            transact([store.next_revision(seen.revision)])
            return seen

        monkeypatch.setattr("sheaf.platform.busy.time.sleep", lambda _: None)
        monkeypatch.setattr(BooksSettingsStore, "setup", overtaken)

        refused = send("POST", "articles", ARTICLE, 409)

        assert refused["code"] == "changed_meanwhile"
        assert of("articles") == []


def _meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Once, something happens between what a change is judged by and its being written."""
    read = BooksSettingsStore.setup

    def then(store: BooksSettingsStore) -> Setup:
        seen = read(store)
        monkeypatch.setattr(BooksSettingsStore, "setup", read)
        happens()
        return seen

    monkeypatch.setattr(BooksSettingsStore, "setup", then)
