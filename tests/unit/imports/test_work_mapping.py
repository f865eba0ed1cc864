"""Projects and people of Harvest in the directory's words."""

from decimal import Decimal
from typing import Any

import pytest

from sheaf.directory.work_records import ProjectType
from sheaf.harvest.payloads import Project, User
from sheaf.imports.work_mapping import (
    only_role,
    person_values,
    project_notes,
    project_type,
    project_values,
    refused_person,
    refused_project,
)


def project(**values: Any) -> Project:
    return Project.model_validate({"id": 1, "name": "Shop", **values})


@pytest.mark.parametrize(
    ("is_billable", "is_fixed_fee", "wanted"),
    [
        (False, False, ProjectType.NON_BILLABLE),
        (False, True, ProjectType.NON_BILLABLE),
        (True, True, ProjectType.FIXED_PRICE),
        (True, False, ProjectType.TIME_AND_MATERIALS),
        (None, True, ProjectType.FIXED_PRICE),
        (None, None, ProjectType.TIME_AND_MATERIALS),
    ],
)
def test_the_type_of_a_project(
    is_billable: bool | None, is_fixed_fee: bool | None, wanted: ProjectType
) -> None:
    made = project(is_billable=is_billable, is_fixed_fee=is_fixed_fee)

    assert project_type(made) is wanted


@pytest.mark.parametrize(
    ("budget_by", "monthly", "budget", "code"),
    [
        ("project_cost", False, "12500.5", ""),
        ("project_cost", True, "12500.5", "budget_is_monthly"),
        ("project", False, "", "budget_not_imported"),
        ("task", True, "", "budget_not_imported"),
        ("task_fees", False, "", "budget_not_imported"),
        ("person", False, "", "budget_not_imported"),
        ("none", False, "", ""),
        ("", False, "", ""),
    ],
)
def test_only_a_budget_of_total_fees_comes_and_of_any_other_it_is_told(
    budget_by: str, monthly: bool, budget: str, code: str
) -> None:
    made = project(
        budget_by=budget_by, budget_is_monthly=monthly, cost_budget=Decimal("12500.50"), budget=40
    )

    assert project_values(made, "co_1", "CHF")["budget"] == budget
    assert [note.code for note in project_notes(made)] == ([code] if code else [])


def test_a_project_without_an_amount_has_no_budget_and_nothing_to_tell() -> None:
    made = project(budget_by="project_cost", cost_budget=None, budget_is_monthly=True)

    assert project_values(made, "co_1", "CHF")["budget"] == ""
    assert project_notes(made) == ()


@pytest.mark.parametrize(
    ("shown", "currency"),
    [
        ({}, "CHF"),
        ({"client": {"id": 2}}, "CHF"),
        ({"client": {"id": 2, "currency": "EUR"}}, "EUR"),
        ({"client": {"id": 2, "currency": "EUR"}, "currency": "USD"}, "USD"),
    ],
)
def test_the_currency_is_the_projects_else_its_clients_else_the_accounts(
    shown: dict[str, Any], currency: str
) -> None:
    assert project_values(project(**shown), "co_1", "CHF")["currency"] == currency


@pytest.mark.parametrize(
    ("roles", "name", "said"),
    [
        (["Weaver"], "Weaver", ""),
        ([" Basket  Weaver "], "Basket Weaver", ""),
        (["Weaver", " weaver"], "weaver", ""),
        (["Unknown", "Weaver"], "Weaver", ""),
        ([], "", "no role"),
        (["", "  "], "", "no role"),
        (["unKNOWN"], "", "no role"),
        (["Weaver", "Cook"], "", "several roles (Cook, Weaver)"),
    ],
)
def test_a_role_is_known_when_harvest_shows_just_one(
    roles: list[str], name: str, said: str
) -> None:
    found, note = only_role(roles)

    assert found == name
    assert (said in note.text) if note else said == ""


def test_fields_that_harvest_leaves_out_or_empties_are_those_of_a_plain_person() -> None:
    bare = User.model_validate({"id": 1, "first_name": " Ida ", "roles": None, "last_name": None})

    assert person_values(bare, "") == {
        "first_name": "Ida",
        "last_name": "",
        "email": "",
        "weekly_capacity": "126000",
        "status": "active",
        "role": "",
    }


def test_what_has_no_name_is_refused_with_what_to_do() -> None:
    nameless = refused_project(project(name=" - ")), refused_person(User(id=1, last_name="Reed"))

    assert [one.code for one in nameless if one] == [
        "project_without_name",
        "person_without_first_name",
    ]
    assert all("in Harvest" in one.text for one in nameless if one)
    assert refused_project(project()) is refused_person(User(id=1, first_name="Ö")) is None
