"""The settings of books through the API: begun, changed, refused, and told in the trail."""

from datetime import date, timedelta
from typing import Any

import pytest

from sheaf import wiring, wiring_books
from sheaf.books.ledger.accounts import CHARTS, ChartName
from tests.integration.api_calls import TENANT, call
from tests.integration.books_calls import START, begin, books, change, dies_before_its_answer, send

pytestmark = pytest.mark.usefixtures("stack")

IBAN = "CH93 0076 2011 6238 5295 7"
COMPACT = "CH9300762011623852957"


def yesterday() -> date:
    return wiring.today(TENANT) - timedelta(days=1)


class TestBeginning:
    @pytest.mark.parametrize("chart", list(ChartName))
    def test_books_begin_with_the_accounts_and_taxes_of_a_chart(self, chart: ChartName) -> None:
        begun = begin(chart=chart.value, currency="EUR", start="2024-07-01")

        assert begun == books()
        assert (begun["version"], begun["chart"], begun["currency"]) == (1, chart.value, "EUR")
        assert (begun["start"], begun["closed_to"], begun["banks"]) == ("2024-07-01", None, [])
        wanted = CHARTS[chart]
        assert begun["roles"] == {role.value: number for role, number in wanted.roles.items()}
        accounts = send("GET", "accounts")["accounts"]
        assert [one["number"] for one in accounts] == sorted(one.number for one in wanted.accounts)
        taxes = {one["code"]: one["percent"] for one in send("GET", "taxes")["taxes"]}
        assert taxes == {one.code: str(one.percent) for one in wanted.taxes}
        # A bookkeeper names articles.
        assert send("GET", "articles")["articles"] == []

    def test_proposals_are_booked_from_the_confidence_that_is_recommended(self) -> None:
        automation = begin()["automation"]

        assert automation["above"] == automation["recommended"] == "0.95"
        assert (automation["let_go"], automation["tell_harvest"]) == ("0", True)

    def test_they_begin_once(self) -> None:
        begun = begin()

        status, refused = call("POST", "/v1/books", {**_body(), "chart": "skr03"})

        assert (status, refused["code"]) == (409, "books_begun")
        assert refused["current"] == begun == books()

    def test_the_same_key_has_the_same_answer(self) -> None:
        first = call("POST", "/v1/books", _body(), key="begin")
        change(automation={"let_go": "1"})

        assert call("POST", "/v1/books", _body(), key="begin") == first
        assert call("POST", "/v1/books", _body(), key="another")[0] == 409

    def test_a_call_that_died_after_it_began_them_is_taken_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dies_before_its_answer(monkeypatch)
        assert call("POST", "/v1/books", _body(), key="begin")[0] == 500

        status, begun = call("POST", "/v1/books", _body(), key="begin")

        assert (status, begun) == (201, books())

    def test_without_books_everything_says_how_to_begin(self) -> None:
        asked = [
            *(send("GET", path, None, 409) for path in ("", "accounts", "articles", "taxes")),
            send("GET", "rates", None, 409),
            send("GET", "categories?connection_id=cn_1", None, 409),
            send("PATCH", "", {"version": 1}, 409),
            send("POST", "accounts", _account("1021"), 409),
            send("POST", "rates", _rate(), 409),
            send("DELETE", "taxes/normal", None, 409),
        ]

        for refused in asked:
            assert refused["code"] == "books_not_begun"
            assert "POST /v1/books" in refused["next_step"]
        assert _trail() == []

    @pytest.mark.parametrize(
        "values",
        [
            {"chart": "skr04"},
            {"currency": "chf"},
            {"start": "0202-01-01"},
            {"start": "2026-02-30"},
            {"articles": []},
        ],
    )
    def test_what_cannot_be_begun_is_refused_by_name(self, values: dict[str, Any]) -> None:
        status, refused = call("POST", "/v1/books", {**_body(), **values})

        assert (status, refused["code"]) == (422, "invalid_request")
        assert next(iter(values)) in refused["errors"][0]["field"]
        assert call("GET", "/v1/books")[0] == 409


class TestChanging:
    def test_each_setting_is_changed_and_the_others_stay(self) -> None:
        before = begin()
        send("POST", "articles", _article(), 201)

        after = change(
            closed_to=yesterday().isoformat(),
            fallback_article="1000",
            banks=[{"number": IBAN, "currency": "CHF", "account": "1020"}],
            automation={"above": "0.99"},
            roles={"differences": "3805"},
        )

        assert after == books()
        assert after == {
            **before,
            "version": 2,
            "closed_to": yesterday().isoformat(),
            "fallback_article": "1000",
            "banks": [{"number": COMPACT, "currency": "CHF", "account": "1020"}],
            "automation": {**before["automation"], "above": "0.99"},
            "roles": {**before["roles"], "differences": "3805"},
        }
        kept = wiring_books.settings(TENANT).require()
        assert kept.bank(COMPACT, "CHF") is not None
        assert wiring_books.calendar(kept, wiring.today(TENANT)).free == wiring.today(TENANT)

    def test_what_may_be_missing_is_taken_away_again(self) -> None:
        begin()
        send("POST", "articles", _article(), 201)
        change(closed_to=yesterday().isoformat(), fallback_article="1000")

        after = change(closed_to=None, fallback_article="", automation={"above": None})

        assert (after["closed_to"], after["fallback_article"]) == (None, None)
        assert after["automation"]["above"] is None

    def test_closing_may_be_moved_back(self) -> None:
        begin()
        change(closed_to=yesterday().isoformat())

        assert change(closed_to=START)["closed_to"] == START

    def test_nothing_changes_without_a_difference(self) -> None:
        begun = begin()

        assert change(currency="CHF", automation={"above": "0.950"}, banks=[]) == begun
        assert [one["action"] for one in _trail()] == ["books_begun"]

    def test_another_version_is_stale_and_the_answer_has_the_current_one(self) -> None:
        begin()
        after = change(automation={"let_go": "1"})

        status, refused = call("PATCH", "/v1/books", {"version": 1, "automation": {"let_go": "2"}})

        assert (status, refused["code"]) == (409, "stale_version")
        assert refused["current"] == after == books()

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"closed_to": "2023-12-31"}, "closed_to"),
            ({"fallback_article": "1000"}, "fallback_article"),
            ({"automation": {"above": "0.49"}}, "automation.above"),
            ({"automation": {"let_go": "10.001"}}, "automation.let_go"),
            ({"roles": {"bank": "2200"}}, "roles.bank"),
            ({"banks": [{"number": "CH00", "currency": "CHF", "account": "9"}]}, "banks.0.account"),
            (
                {"banks": [{"number": COMPACT[:-1] + "8", "currency": "CHF", "account": "1020"}]},
                "banks.0.number",
            ),
            ({"unheard_of": 1}, "unheard_of"),
        ],
    )
    def test_a_setting_that_cannot_be_is_refused_by_name_and_changes_nothing(
        self, values: dict[str, Any], field: str
    ) -> None:
        begun = begin()

        refused = change(422, **values)

        assert field in refused["errors"][0]["field"]
        assert books() == begun

    def test_today_cannot_be_closed(self) -> None:
        begin()

        refused = change(422, closed_to=wiring.today(TENANT).isoformat())

        assert refused["errors"][0]["field"] == "closed_to"

    def test_a_bank_may_get_the_account_that_a_role_leaves(self) -> None:
        begin()
        send("POST", "accounts", _account("1098"), 201)
        bank = {"number": IBAN, "currency": "CHF", "account": "1095"}
        assert "clearing" in change(422, banks=[bank])["detail"]

        after = change(banks=[bank], roles={"clearing": "1098"})

        assert (after["banks"][0]["account"], after["roles"]["clearing"]) == ("1095", "1098")


class TestTheTrail:
    def test_it_tells_who_changed_what_from_what_to_what(self) -> None:
        begin()
        change(automation={"let_go": "1"}, closed_to=START)
        change(closed_to=None)
        send("POST", "rates", _rate())
        send("POST", "rates", _rate("0.95"))

        entries = _trail()

        assert [one["action"] for one in entries] == [
            "rate_set",
            "rate_set",
            "books_changed",
            "books_changed",
            "books_begun",
        ]
        assert entries[0]["changes"]["EUR 2024-03-01"] == {
            "before": _rate(),
            "after": _rate("0.95"),
        }
        assert entries[2]["changes"] == {"closed_to": {"before": START}}
        assert set(entries[3]["changes"]) == {"automation", "closed_to"}
        assert entries[4]["changes"]["chart"] == {"after": "swiss_sme"}
        assert {one["actor"] for one in entries} == {"ada.example"}

    def test_what_is_refused_is_not_in_it(self) -> None:
        begin()
        change(422, roles={"bank": "2200"})
        send("DELETE", "accounts/1020", expect=409)
        send("POST", "accounts", _account("1020"), 409)

        assert [one["action"] for one in _trail()] == ["books_begun"]


def _body() -> dict[str, Any]:
    return {"chart": "swiss_sme", "currency": "CHF", "start": START}


def _account(number: str, kind: str = "asset") -> dict[str, str]:
    return {"number": number, "name": "Another one", "kind": kind}


def _article() -> dict[str, str]:
    return {"number": "1000", "name": "Consulting", "revenue_account": "3400", "tax": "normal"}


def _rate(rate: str = "0.9431") -> dict[str, str]:
    return {"currency": "EUR", "since": "2024-03-01", "rate": rate}


def _trail() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = send("GET", "audit")["entries"]
    return found
