"""Records are complete, of the documented types, and hang together."""

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from local.harvest.samples import Sample
from tests.unit.samples.fields import COMPANY_FIELDS, FIELDS, REFERENCES

STAMP = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DAY = re.compile(r"20\d\d-\d\d-\d\d")


@pytest.mark.parametrize("resource", FIELDS)
def test_every_record_has_exactly_the_documented_fields(any_sample: Sample, resource: str) -> None:
    for record in any_sample.records(resource):
        assert record.keys() == FIELDS[resource].keys()


@pytest.mark.parametrize("resource", FIELDS)
def test_every_value_has_a_documented_type(any_sample: Sample, resource: str) -> None:
    wrong = [
        (field, value)
        for record in any_sample.records(resource)
        for field, value in record.items()
        if type(value) not in FIELDS[resource][field]
    ]

    assert wrong == []


def test_the_company_has_every_documented_field(any_sample: Sample) -> None:
    assert {field: type(value) for field, value in any_sample.company.items()} == COMPANY_FIELDS
    assert any_sample.company["name"] == any_sample.account_name


@pytest.mark.parametrize("resource", FIELDS)
def test_ids_rise_with_creation_and_exceed_32_bits(any_sample: Sample, resource: str) -> None:
    records = any_sample.records(resource)

    ids = [record["id"] for record in records]
    created = [record["created_at"] for record in records]

    assert ids == sorted(set(ids))
    assert created == sorted(created)
    assert all(2**31 < record_id < 2**53 for record_id in ids)


@pytest.mark.parametrize("resource", FIELDS)
def test_nothing_is_updated_before_it_is_created_or_after_the_end(
    any_sample: Sample, resource: str
) -> None:
    for record in any_sample.records(resource):
        assert STAMP.fullmatch(record["created_at"])
        assert record["created_at"] <= record["updated_at"] <= "2026-11-13T17:00:00Z"


@pytest.mark.parametrize(("resource", "field", "parent"), REFERENCES)
def test_references_lead_to_records_that_were_there_before(
    any_sample: Sample, resource: str, field: str, parent: str
) -> None:
    born = {record["id"]: record["created_at"] for record in any_sample.records(parent)}

    for record in any_sample.records(resource):
        assert born[record[field]] <= record["created_at"]


def test_roles_of_users_and_users_of_roles_agree(any_sample: Sample) -> None:
    by_role = defaultdict(set)
    for user in any_sample.records("users"):
        for name in user["roles"]:
            by_role[name].add(user["id"])

    for role in any_sample.records("roles"):
        assert set(role["user_ids"]) == by_role.pop(role["name"], set())
    assert by_role == {}


def test_teammates_belong_to_managers(any_sample: Sample) -> None:
    users = {user["id"]: user for user in any_sample.records("users")}

    assert any_sample.records("teammates")
    for record in any_sample.records("teammates"):
        assert users[record["id"]]["access_roles"][0] == "manager"
        assert set(record["teammate_ids"]) <= users.keys() - {record["id"]}


def test_archived_clients_have_archived_projects_only(sample: Sample) -> None:
    archived = {client["id"] for client in sample.records("clients") if not client["is_active"]}
    of_archived = [one for one in sample.records("projects") if one["client_id"] in archived]

    assert of_archived
    assert not any(project["is_active"] for project in of_archived)


def test_a_project_is_named_once_per_client(any_sample: Sample) -> None:
    names = [(project["client_id"], project["name"]) for project in any_sample.records("projects")]

    assert len(names) == len(set(names))


def test_budgets_stand_where_harvest_keeps_them(any_sample: Sample) -> None:
    for project in any_sample.records("projects"):
        assert (project["budget"] is not None) == (project["budget_by"] in ("project", "person"))
        assert (project["cost_budget"] is not None) == (project["budget_by"] == "project_cost")


def test_hours_by_person_add_up_to_the_budget_of_the_project(sample: Sample) -> None:
    hours: dict[int, Decimal] = defaultdict(Decimal)
    for assignment in sample.records("user_assignments"):
        if assignment["budget"] is not None:
            hours[assignment["project_id"]] += assignment["budget"]

    by_person = [one for one in sample.records("projects") if one["budget_by"] == "person"]

    assert by_person
    assert hours == {project["id"]: project["budget"] for project in by_person}


def test_people_with_default_rates_show_their_own_rate(any_sample: Sample) -> None:
    rates = {user["id"]: user["default_hourly_rate"] for user in any_sample.records("users")}

    for assignment in any_sample.records("user_assignments"):
        if assignment["use_default_rates"]:
            assert assignment["hourly_rate"] == rates[assignment["user_id"]]


@pytest.mark.parametrize(
    ("resource", "pair"),
    [
        ("task_assignments", ("project_id", "task_id")),
        ("user_assignments", ("project_id", "user_id")),
    ],
)
def test_nothing_is_assigned_twice(
    any_sample: Sample, resource: str, pair: tuple[str, str]
) -> None:
    pairs = [tuple(record[field] for field in pair) for record in any_sample.records(resource)]

    assert len(pairs) == len(set(pairs))


def test_days_are_iso_days(any_sample: Sample) -> None:
    for project in any_sample.records("projects"):
        for field in ("starts_on", "ends_on", "over_budget_notification_date"):
            assert project[field] is None or DAY.fullmatch(project[field])


@pytest.mark.parametrize(
    ("resource", "field"),
    [("billable_rates", "default_hourly_rate"), ("cost_rates", "cost_rate")],
)
def test_rates_follow_each_other_and_end_with_the_one_that_the_user_shows(
    any_sample: Sample, resource: str, field: str
) -> None:
    history = defaultdict(list)
    for rate in any_sample.records(resource):
        history[rate["user_id"]].append(rate)

    current = {user["id"]: user[field] for user in any_sample.records("users") if user[field]}

    assert {user_id: rates[-1]["amount"] for user_id, rates in history.items()} == current
    for rates in history.values():
        assert rates[0]["start_date"] is None
        assert rates[-1]["end_date"] is None
        for earlier, later in pairwise(rates):
            next_day = date.fromisoformat(earlier["end_date"]) + timedelta(days=1)
            assert later["start_date"] == next_day.isoformat()
