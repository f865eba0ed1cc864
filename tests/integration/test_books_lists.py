"""Accounts, articles and taxes of books through the API: there once, and kept while used."""

from typing import Any

import pytest

from sheaf import wiring_books
from sheaf.books.settings import listed
from tests.integration.api_calls import TENANT, call
from tests.integration.books_calls import begin, book, change, dies_before_its_answer, of, send

ACCOUNT = {"number": "1021", "name": "Bank in euros", "kind": "asset"}
ARTICLE = {"number": "1000", "name": "Consulting", "revenue_account": "3400", "tax": "normal"}
TAX = {"code": "old.normal", "percent": "7.7", "account": "2200"}
# One of each list, with the path of what is made and the code of a second one like it.
LISTS = [
    ("accounts", ACCOUNT, "accounts/1021", "account_exists"),
    ("articles", ARTICLE, "articles/ar_40510175845988f13f61", "article_exists"),
    ("taxes", TAX, "taxes/old.normal", "tax_exists"),
]


@pytest.fixture(autouse=True)
def begun(stack: dict[str, str]) -> None:
    begin()


@pytest.mark.parametrize(("path", "body", "place", "code"), LISTS)
class TestEachList:
    def test_what_is_added_is_listed_in_order_until_it_is_deleted(
        self, path: str, body: dict[str, Any], place: str, code: str
    ) -> None:
        before = of(path)

        made = send("POST", path, body, 201)

        assert made.items() >= body.items()
        key = next(iter(body))
        assert of(path) == sorted([*before, made], key=lambda one: str(one[key]))
        assert send("DELETE", place) == made
        assert of(path) == before
        assert send("DELETE", place, None, 404)["code"] == "not_found"
        assert send("PATCH", place, {}, 404)["code"] == "not_found"

    def test_it_is_there_once(self, path: str, body: dict[str, Any], place: str, code: str) -> None:
        made = send("POST", path, body, 201)

        refused = send("POST", path, body, 409)

        assert (refused["code"], refused["current"]) == (code, made)

    def test_one_key_adds_one(self, path: str, body: dict[str, Any], place: str, code: str) -> None:
        first = call("POST", f"/v1/books/{path}", body, key="add")

        assert call("POST", f"/v1/books/{path}", body, key="add") == first
        assert first[0] == 201
        assert call("POST", f"/v1/books/{path}", body, key="again")[0] == 409

    def test_a_call_that_died_after_it_added_one_is_taken_up(
        self,
        path: str,
        body: dict[str, Any],
        place: str,
        code: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        dies_before_its_answer(monkeypatch)
        assert call("POST", f"/v1/books/{path}", body, key="add")[0] == 500

        status, made = call("POST", f"/v1/books/{path}", body, key="add")

        assert status == 201
        assert made in of(path)

    def test_each_change_is_in_the_trail(
        self, path: str, body: dict[str, Any], place: str, code: str
    ) -> None:
        send("POST", path, body, 201)
        send("PATCH", place, {"percent": "8"} if path == "taxes" else {"name": "Another name"})
        send("PATCH", place, {})
        send("DELETE", place)

        deleted, changed, added, _ = send("GET", "audit")["entries"]

        key = next(iter(body.values()))
        what = code.removesuffix("_exists")
        actions = [one["action"] for one in (added, changed, deleted)]
        assert actions == [f"{what}_added", f"{what}_changed", f"{what}_deleted"]
        assert added["changes"][key]["after"].items() >= body.items()
        assert changed["changes"][key]["before"] == added["changes"][key]["after"]
        assert deleted["changes"][key] == {"before": changed["changes"][key]["after"]}

    def test_there_is_an_end_to_it(
        self,
        path: str,
        body: dict[str, Any],
        place: str,
        code: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(listed, "MOST", len(of(path)))

        assert send("POST", path, body, 409)["code"] == "list_full"

    def test_only_an_administrator_changes_it_and_who_enters_time_sees_nothing(
        self, path: str, body: dict[str, Any], place: str, code: str
    ) -> None:
        send("POST", path, body, 201)
        one, whole = f"/v1/books/{place}", f"/v1/books/{path}"

        for role in ("manager", "viewer", "app", "agent"):
            for method, at in (("POST", whole), ("PATCH", one), ("DELETE", one)):
                status, refused = call(
                    method, at, body if method == "POST" else {}, roles=f"[{role}]"
                )
                assert (status, refused["code"]) == (403, "role_required")
            assert call("GET", whole, roles=f"[{role}]")[0] == (403 if role == "agent" else 200)


class TestAccounts:
    def test_a_name_may_always_be_another(self) -> None:
        book("1100", "3400")

        assert send("PATCH", "accounts/1100", {"name": "Debtors"})["name"] == "Debtors"
        kept = {one["number"]: one for one in of("accounts")}["1100"]
        assert (kept["name"], kept["kind"]) == ("Debtors", "asset")

    def test_a_kind_may_be_as_long_as_nothing_is_booked(self) -> None:
        send("POST", "accounts", ACCOUNT, 201)
        assert send("PATCH", "accounts/1021", {"kind": "expense"})["kind"] == "expense"
        book("1021", "3400")

        refused = send("PATCH", "accounts/1021", {"kind": "asset"}, 409)

        assert refused["code"] == "account_booked"
        assert send("PATCH", "accounts/1021", {"kind": "expense", "name": "Charges"})["kind"]

    def test_a_kind_must_fit_what_uses_the_account(self) -> None:
        send("POST", "articles", ARTICLE, 201)

        refused = send("PATCH", "accounts/3400", {"kind": "expense"}, 409)

        assert refused["code"] == "in_use"
        assert refused["used_by"] == [{"what": "article", "name": "1000"}]
        assert send("PATCH", "accounts/3400", {"kind": "liability"})["kind"] == "liability"

    def test_one_that_is_used_stays_and_says_by_what(self) -> None:
        send("POST", "articles", ARTICLE, 201)
        send("POST", "accounts", ACCOUNT, 201)
        change(banks=[{"number": "100-1", "currency": "EUR", "account": "1021"}])

        for number, use in (
            ("1100", {"what": "role", "name": "receivables"}),
            ("3400", {"what": "article", "name": "1000"}),
            ("2200", {"what": "tax", "name": "lodging"}),
            ("1021", {"what": "bank", "name": "100-1 EUR"}),
        ):
            refused = send("DELETE", f"accounts/{number}", None, 409)
            assert refused["code"] == "in_use"
            assert use in refused["used_by"]
            assert use["name"] in refused["detail"]

        change(banks=[])
        send("DELETE", "accounts/1021")

    def test_one_that_something_is_booked_on_stays(self) -> None:
        send("POST", "accounts", ACCOUNT, 201)
        # An account whose number begins like another's is another one.
        send("POST", "accounts", {**ACCOUNT, "number": "102"}, 201)
        book("1021", "3400")

        assert send("DELETE", "accounts/1021", None, 409)["code"] == "account_booked"
        send("DELETE", "accounts/102")

    @pytest.mark.parametrize("number", ["projects", "settings", "actuals", "clients"])
    def test_a_number_may_be_a_word_of_the_apis_own(self, number: str) -> None:
        send("POST", "accounts", {**ACCOUNT, "number": number}, 201)

        assert send("PATCH", f"accounts/{number}", {"name": "Cash"})["name"] == "Cash"


class TestArticles:
    @pytest.mark.parametrize(
        "number", ["Travel / hotels", "consulting  A", "Über-Stunden #1", "100"]
    )
    def test_a_number_is_whatever_a_category_is_called(self, number: str) -> None:
        made = send("POST", "articles", {**ARTICLE, "number": number}, 201)
        other = send("POST", "articles", {**ARTICLE, "number": number.upper() + "X"}, 201)

        changed = send("PATCH", f"articles/{made['id']}", {"name": "Days away"})

        assert (changed["number"], changed["name"]) == (number, "Days away")
        send("DELETE", f"articles/{other['id']}")
        rules = wiring_books.settings(TENANT).rules(wiring_books.settings(TENANT).require())
        assert list(rules.articles) == [number]

    def test_upper_and_lower_case_are_two_articles(self) -> None:
        for number in ("Travel", "travel"):
            send("POST", "articles", {**ARTICLE, "number": number}, 201)

        assert [one["number"] for one in of("articles")] == ["Travel", "travel"]

    def test_it_is_changed_in_part(self) -> None:
        made = send("POST", "articles", ARTICLE, 201)
        place = f"articles/{made['id']}"

        changed = send("PATCH", place, {"revenue_account": "2030", "tax": ""})

        assert changed == {**made, "revenue_account": "2030", "tax": None}
        assert of("articles") == [changed]
        refused = send("PATCH", place, {"revenue_account": "1020"}, 422)
        assert refused["errors"][0]["field"] == "revenue_account"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"revenue_account": "3499"}, "revenue_account"),
            ({"revenue_account": "2099"}, "revenue_account"),
            ({"tax": "exempt"}, "tax"),
            ({"number": ""}, "number"),
            ({"price": "100"}, "price"),
        ],
    )
    def test_one_that_could_not_be_booked_is_refused_by_field(
        self, values: dict[str, str], field: str
    ) -> None:
        refused = send("POST", "articles", {**ARTICLE, **values}, 422)

        assert field in refused["errors"][0]["field"]
        assert of("articles") == []

    def test_the_one_for_all_other_categories_stays(self) -> None:
        made = send("POST", "articles", ARTICLE, 201)
        change(fallback_article="1000")

        refused = send("DELETE", f"articles/{made['id']}", None, 409)

        assert refused["code"] == "in_use"
        assert refused["used_by"] == [{"what": "fallback_article", "name": "1000"}]
        change(fallback_article="")
        send("DELETE", f"articles/{made['id']}")


class TestTaxes:
    @pytest.mark.parametrize("percent", ["0", "50.001", "8.1234", "8,1", "-1", "81"])
    def test_a_rate_that_none_has_is_refused(self, percent: str) -> None:
        refused = send("POST", "taxes", {**TAX, "percent": percent}, 422)

        assert "percent" in refused["errors"][0]["field"]

    def test_it_is_owed_on_a_liability(self) -> None:
        assert (
            send("POST", "taxes", {**TAX, "account": "3400"}, 422)["errors"][0]["field"]
            == "account"
        )
        assert send("PATCH", "taxes/normal", {"account": "2030"})["account"] == "2030"
        assert send("PATCH", "taxes/normal", {"percent": "8.3"}) == {
            "code": "normal",
            "percent": "8.3",
            "account": "2030",
        }

    def test_one_that_an_article_has_stays(self) -> None:
        made = send("POST", "articles", ARTICLE, 201)

        refused = send("DELETE", "taxes/normal", None, 409)

        assert (refused["code"], refused["used_by"]) == (
            "in_use",
            [{"what": "article", "name": "1000"}],
        )
        send("PATCH", f"articles/{made['id']}", {"tax": ""})
        send("DELETE", "taxes/normal")
