"""Expense reports: sums by subject and currency, for what each tier sees."""

import json
from decimal import Decimal
from typing import Any

import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.fields.comparison import differences
from tests.integration.simulator.fields.tables import ENVELOPE, Shape
from tests.integration.simulator.fields.time import EXPENSE_REPORTS
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
CATEGORIES = {851: "Meals", 852: "Lodging"}
BORN = {"created_at": "2026-03-05T10:00:00Z", "updated_at": "2026-03-05T10:00:00Z"}


def _expense(expense_id: int, user_id: int, cost: str, **values: Any) -> dict[str, Any]:
    return {
        "id": expense_id,
        "project_id": 401,
        "user_id": user_id,
        "expense_category_id": 851,
        "spent_date": "2026-03-05",
        "total_cost": Decimal(cost),
        "billable": True,
        "invoice_id": None,
        **BORN,
        **values,
    }


@pytest.fixture(autouse=True)
def expenses(harvest: HarvestSimulator) -> None:
    """Two categories, three people, two currencies, and nothing else."""
    account = harvest.account
    for expense_id in list(account.table("expenses").records):
        account.table("expenses").remove(expense_id)
    for category_id, name in CATEGORIES.items():
        account.table("expense_categories").put({"id": category_id, "name": name, **BORN})
    for expense in (
        _expense(991, ADA, "33.35"),
        _expense(992, ADA, "100", project_id=402, expense_category_id=852),
        _expense(993, LEAD, "20.5", billable=False),
        _expense(994, MEMBER, "12", invoice_id=71),
        _expense(995, ADA, "999", spent_date="2026-04-01"),
    ):
        account.table("expenses").put(expense)


def _rows(caller: Caller, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = caller.get(f"reports/expenses/{name}", **MARCH).json()["results"]
    return rows


@pytest.mark.parametrize(("path", "shape"), EXPENSE_REPORTS)
def test_a_report_shows_exactly_the_documented_fields(ada: Caller, path: str, shape: Shape) -> None:
    body = json.loads(ada.get(path).text, parse_float=Decimal)

    assert body["results"]
    assert list(differences(body, {**ENVELOPE, "results": [shape]})) == []


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("clients", "client_id", [(202, 100, 100, "EUR"), (201, 65.85, 45.35, "NOK")]),
        ("projects", "project_id", [(401, 65.85, 45.35, "NOK"), (402, 100, 100, "EUR")]),
        (
            "categories",
            "expense_category_id",
            [(852, 100, 100, "EUR"), (851, 65.85, 45.35, "NOK")],
        ),
        (
            "team",
            "user_id",
            [
                (ADA, 100, 100, "EUR"),
                (ADA, 33.35, 33.35, "NOK"),
                (LEAD, 20.5, 0, "NOK"),
                (MEMBER, 12, 12, "NOK"),
            ],
        ),
    ],
)
def test_expenses_are_summed_for_each_subject_and_currency(
    ada: Caller, name: str, key: str, expected: list[tuple[Any, ...]]
) -> None:
    rows = _rows(ada, name)

    columns = (key, "total_amount", "billable_amount", "currency")
    assert [tuple(row[column] for column in columns) for row in rows] == expected


def test_projects_are_named_with_their_code(ada: Caller) -> None:
    assert _rows(ada, "projects")[0]["project_name"] == "[S26] Sails 2026"


def test_everybody_gets_the_report_of_what_they_see(
    lena: Caller, max_: Caller, milo: Caller
) -> None:
    seen = [[row["user_id"] for row in _rows(caller, "team")] for caller in (lena, max_, milo)]

    assert seen == [[ADA, LEAD, MEMBER], [MEMBER], []]


def test_what_is_not_invoiced_shows_in_the_uninvoiced_report(ada: Caller) -> None:
    archive, sails = ada.get("reports/uninvoiced", **MARCH).json()["results"]

    assert (archive["uninvoiced_expenses"], archive["uninvoiced_amount"]) == (100, 100)
    assert (sails["uninvoiced_expenses"], sails["uninvoiced_amount"]) == (33.35, 468.45)


def test_somebody_with_expenses_stays_assigned(ada: Caller) -> None:
    answer = ada.delete("projects/401/user_assignments/703")

    assert answer.status_code == 422
    assert "time entries and/or expenses" in answer.json()["message"]
