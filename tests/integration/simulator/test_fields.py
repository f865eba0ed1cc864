"""Every GET of the API against the tables of documented fields, for each tier of user."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.fields.comparison import differences
from tests.integration.simulator.fields.tables import ENVELOPE, LISTS, SINGLES, Shape

FORBIDDEN = (403, 404)


def _parsed(caller: Caller, path: str) -> tuple[int, Any]:
    answer = caller.get(path)
    return answer.status_code, json.loads(answer.text, parse_float=Decimal)


@pytest.mark.parametrize(("path", "key", "shape"), LISTS)
def test_a_list_shows_an_administrator_exactly_the_documented_fields(
    ada: Caller, path: str, key: str, shape: Shape
) -> None:
    status, body = _parsed(ada, path)

    assert status == 200
    assert body[key], "an empty list shows nothing"
    assert list(differences(body, {**ENVELOPE, key: [shape]})) == []


@pytest.mark.parametrize(("path", "shape"), SINGLES)
def test_an_object_shows_an_administrator_exactly_the_documented_fields(
    ada: Caller, path: str, shape: Shape
) -> None:
    status, body = _parsed(ada, path)

    assert status == 200
    assert list(differences(body, shape)) == []


@pytest.mark.parametrize("who", ["milo", "lena", "max_"])
@pytest.mark.parametrize(("path", "key", "shape"), LISTS)
def test_lesser_roles_get_the_same_fields_or_no_answer(
    request: pytest.FixtureRequest, who: str, path: str, key: str, shape: Shape
) -> None:
    status, body = _parsed(request.getfixturevalue(who), path)

    if status == 200:
        assert list(differences(body, {**ENVELOPE, key: [shape]})) == []
    else:
        assert status in FORBIDDEN


@pytest.mark.parametrize("who", ["milo", "lena", "max_"])
@pytest.mark.parametrize(("path", "shape"), SINGLES)
def test_lesser_roles_get_the_same_object_or_no_answer(
    request: pytest.FixtureRequest, who: str, path: str, shape: Shape
) -> None:
    status, body = _parsed(request.getfixturevalue(who), path)

    if status == 200:
        assert list(differences(body, shape)) == []
    else:
        assert status in FORBIDDEN


def test_older_accounts_lack_the_newer_fields(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"newer_fields": False})

    assert "currency" not in ada.get("company").json()
    assert "currency" not in ada.get("projects/401").json()
    assert "invoice_recipient_status" not in ada.get("contacts/301").json()
    assert "employee_id" not in ada.get("users/104").json()
    assert "permissions_claims" not in ada.get("users/me").json()


def test_decimals_are_printed_as_ruby_prints_floats(ada: Caller) -> None:
    text = ada.get("projects/401").text

    assert '"budget":80.0' in text
    assert '"over_budget_notification_percentage":80.0' in text
    assert '"cost_rate":55.5' in ada.get("users/101").text
