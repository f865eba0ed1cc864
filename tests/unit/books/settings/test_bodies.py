"""What requests about the settings of books may send, and what they leave as it is."""

from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from sheaf.books.ledger.accounts import ChartName, Kind, Role
from sheaf.books.settings.bodies import (
    BeginBooks,
    ChangeBooks,
    KindName,
    NewAccount,
    NewArticle,
    NewTax,
    RoleName,
    SetRate,
)
from sheaf.books.settings.desk import Wanted

ACCOUNT = {"number": "1021", "name": "Bank in euros", "kind": "asset"}
ARTICLE = {"number": "1000", "name": "Consulting", "revenue_account": "3400", "tax": "normal"}
TAX = {"code": "normal", "percent": "8.1", "account": "2200"}
RATE = {"currency": "EUR", "since": "2026-03-01", "rate": "0.9431"}


def changed(**values: Any) -> Wanted:
    return ChangeBooks.model_validate({"version": 1, **values}).wanted()


def test_words_of_requests_are_those_of_the_ledger() -> None:
    assert set(get_args(RoleName)) == {role.value for role in Role}
    assert set(get_args(KindName)) == {kind.value for kind in Kind}
    charts = get_args(BeginBooks.model_fields["chart"].annotation)
    assert set(charts) == {chart.value for chart in ChartName}


def test_what_is_left_out_stays() -> None:
    assert changed() == Wanted(roles={})
    assert changed(automation={}).automation == {}


def test_null_takes_away_where_there_may_be_none_and_else_says_nothing() -> None:
    assert changed(closed_to=None).closing == (None,)
    assert changed(automation={"above": None}).automation == {"above": None}
    nothing = {"start": None, "currency": None, "banks": None, "roles": None, "automation": None}
    assert changed(**nothing, fallback_article=None) == changed()
    assert changed(automation={"let_go": None, "tell_harvest": None}).automation == {}


def test_what_is_given_is_wanted() -> None:
    wanted = changed(
        fallback_article="",
        banks=[],
        automation={"above": "0.975", "let_go": "0.5", "tell_harvest": False},
        roles={"bank": "1021"},
    )

    assert wanted.fallback_article == ""
    assert wanted.banks == []
    assert wanted.roles == {Role.BANK: "1021"}
    assert wanted.automation == {
        "above": Decimal("0.975"),
        "let_go": Decimal("0.5"),
        "tell_harvest": False,
    }


@pytest.mark.parametrize("number", ["Travel / hotels", "1000", "Über-Stunden", "a  b", "x" * 100])
def test_the_number_of_an_article_is_any_text_that_a_category_may_be(number: str) -> None:
    assert NewArticle.model_validate({**ARTICLE, "number": number}).article().number == number


@pytest.mark.parametrize(
    ("model", "good", "bad"),
    [
        (NewAccount, ACCOUNT, {"number": ""}),
        (NewAccount, ACCOUNT, {"number": ".."}),
        (NewAccount, ACCOUNT, {"number": "10/20"}),
        (NewAccount, ACCOUNT, {"number": "1020#CHF"}),
        (NewAccount, ACCOUNT, {"number": "1" * 21}),
        (NewAccount, ACCOUNT, {"kind": "bank"}),
        (NewAccount, ACCOUNT, {"name": " "}),
        (NewAccount, ACCOUNT, {"colour": "red"}),
        (NewArticle, ARTICLE, {"number": ""}),
        (NewArticle, ARTICLE, {"number": "1000 "}),
        (NewArticle, ARTICLE, {"number": "\u00a01000"}),
        (NewArticle, ARTICLE, {"number": "10\n00"}),
        (NewArticle, ARTICLE, {"number": "x" * 101}),
        (NewArticle, ARTICLE, {"tax": "8.1 %"}),
        (NewTax, TAX, {"percent": "8,1"}),
        (NewTax, TAX, {"percent": "8.1234"}),
        (NewTax, TAX, {"percent": "-8"}),
        (NewTax, TAX, {"percent": 8.1}),
        (NewTax, TAX, {"code": "a/b"}),
        (SetRate, RATE, {"rate": "1e3"}),
        (SetRate, RATE, {"rate": "0.12345678901"}),
        (SetRate, RATE, {"currency": "eur"}),
        (SetRate, RATE, {"since": "2026-02-30"}),
        (ChangeBooks, {"version": 1}, {"roles": {"cash": "1000"}}),
        (ChangeBooks, {"version": 1}, {"automation": {"above": "1.1"}}),
        (ChangeBooks, {"version": 1}, {"version": 0}),
        (ChangeBooks, {"version": 1}, {"banks": [{"number": "1", "currency": "CHF"}]}),
    ],
)
def test_anything_else_is_refused(
    model: type[BaseModel], good: dict[str, Any], bad: dict[str, Any]
) -> None:
    model.model_validate(good)

    with pytest.raises(ValidationError):
        model.model_validate({**good, **bad})
