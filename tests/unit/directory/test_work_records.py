"""People, roles and projects as their table holds them, and what is made of what people send."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.directory.records import Company, Link
from sheaf.directory.role_dates import RoleAssignment
from sheaf.directory.role_store import folded
from sheaf.directory.store import DirectoryStore
from sheaf.directory.values import decimal_text, tidy
from sheaf.directory.work_records import (
    Person,
    Project,
    Role,
    item_of,
    person_from,
    project_from,
    role_from,
)
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.platform.attributes import decode_item, encode_item
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import transact
from tests.unit.moto_tables import aws_in_moto, make_table

if TYPE_CHECKING:
    from sheaf.platform.tables import Table

AT = "2026-03-02T09:00:00.000000Z"
texts = st.text(max_size=12)
days = st.just("") | st.dates().map(lambda day: day.isoformat())
money = st.none() | st.decimals(0, 10**9, places=4, allow_nan=False)
tags = st.lists(st.text(min_size=1, max_size=9), max_size=3).map(tuple)
links = st.lists(
    st.builds(
        Link,
        connection_id=st.just("cn_1"),
        kind=st.sampled_from(["user", "project"]),
        external_id=st.integers(1, 9).map(str),
        primary=st.booleans(),
        source=st.just("manual"),
        imported=st.just({"name": "Ida"}),
    ),
    max_size=2,
).map(tuple)
assignments = st.lists(
    st.builds(
        RoleAssignment,
        role_id=st.just("ro_1"),
        starts_on=days,
        ends_on=days,
        primary=st.booleans(),
    ),
    max_size=3,
).map(tuple)
people = st.builds(
    Person,
    person_id=st.just("pn_1"),
    first_name=st.text(min_size=1, max_size=12),
    version=st.integers(1, 9),
    created_at=st.just(AT),
    updated_at=st.just(AT),
    source=st.just("manual"),
    last_name=texts,
    email=texts,
    weekly_capacity=st.integers(0, 604_800),
    cost=money,
    status=st.sampled_from(["active", "archived"]),
    tags=tags,
    roles=assignments,
    links=links,
)
projects = st.builds(
    Project,
    project_id=st.just("pr_1"),
    name=st.text(min_size=1, max_size=12),
    company_id=st.just("co_1"),
    version=st.integers(1, 9),
    created_at=st.just(AT),
    updated_at=st.just(AT),
    source=st.just("manual"),
    code=texts,
    type=st.sampled_from(["fixed_price", "time_and_materials", "non_billable"]),
    budget=money,
    currency=st.sampled_from(["", "EUR"]),
    starts_on=days,
    ends_on=days,
    status=st.sampled_from(["active", "archived"]),
    tags=tags,
    links=links,
)


@given(people, projects)
def test_a_record_comes_back_from_its_table_as_it_was(person: Person, project: Project) -> None:
    role = Role("ro_1", person.first_name, person.version, AT, AT, "manual", person.status)

    assert person_from(decode_item(encode_item(item_of(person)))) == person
    assert project_from(decode_item(encode_item(item_of(project)))) == project
    assert role_from(decode_item(encode_item(item_of(role)))) == role


def test_an_item_of_a_later_form_is_read_by_what_is_known_of_it() -> None:
    item = item_of(
        Person("pn_1", "Ida", 1, AT, AT, "manual", roles=(RoleAssignment("ro_1", "2026-01-01"),))
    )
    later = {
        **item,
        "schema": 2,
        "nickname": "I",
        "roles": [{**one, "why": "asked"} for one in item["roles"]],
    }

    assert person_from(later) == person_from(item)


@given(st.decimals(0, 10**12, places=4, allow_nan=False))
def test_a_decimal_travels_the_same_before_and_after_it_was_stored(value: Decimal) -> None:
    stored = decode_item(encode_item({"cost": value.normalize()}))["cost"]

    assert decimal_text(value) == decimal_text(Decimal(stored))
    assert Decimal(str(decimal_text(value))) == value
    assert "e" not in str(decimal_text(value)).lower()


@given(st.text(max_size=30))
def test_a_folded_name_is_the_same_however_it_is_spaced_and_cased(name: str) -> None:
    assert folded(f"  {name}\t") == folded(name)
    assert folded(" ".join(name)) == folded(name)
    if name.isascii():
        assert folded(name.upper()) == folded(name.lower())


def test_tags_are_kept_once_as_they_were_first_written() -> None:
    assert tidy({"tags": [" Web ", "web", "", "Print"]})["tags"] == ("Web", "Print")


@pytest.mark.parametrize("field", ["first_name", "name", "company_id", "weekly_capacity", "type"])
def test_what_may_not_be_empty_is_refused_by_its_name(field: str) -> None:
    with pytest.raises(Problem) as refused:
        tidy({field: None})

    assert refused.value.members["errors"][0]["field"] == field


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[DirectoryStore]:
    with aws_in_moto(monkeypatch) as of:
        table: Table = make_table(
            of("dynamodb"),
            "directory",
            ByName=("listing", "name_key"),
            ByCompany=("company_key", "name_key"),
        )
        yield DirectoryStore(table, "acme")


def test_people_and_projects_are_no_contacts_of_the_directory_or_of_a_company(
    directory: DirectoryStore,
) -> None:
    company = Company("co_1", "Osier", 1, AT, AT, "manual")
    person = Person("pn_1", "Ida", 1, AT, AT, "manual")
    project = Project("pr_1", "Shop", "co_1", 1, AT, AT, "manual")
    transact(
        [
            directory.write_company(company, None),
            WorkStore(directory, PEOPLE).write(person, None),
            WorkStore(directory, PROJECTS).write(project, None),
        ]
    )

    everything = directory.everything()

    assert (list(everything.companies), everything.contacts) == (["co_1"], {})
    assert directory.contacts_of(company) == []
    assert directory.ids_of(company, "projects") == ["pr_1"]
    with pytest.raises(Problem):
        WorkStore(directory, PEOPLE).one("pr_1")
