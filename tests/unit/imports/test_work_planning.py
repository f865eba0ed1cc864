"""Plans for projects and people: what is new, what follows Harvest, what is only proposed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.connections.records import Policy
from sheaf.directory.records import Company, Link
from sheaf.directory.role_dates import RoleAssignment
from sheaf.directory.work_records import Person, Role
from sheaf.directory.work_records import Project as OurProject
from sheaf.harvest.payloads import Project, ProjectClient, User
from sheaf.imports.work_known import Found, WorkKnown
from sheaf.imports.work_planning import LeftOut, NewCompanies, WorkPlanner
from sheaf.imports.work_rows import Note, WorkKind, WorkRow, work_row_from
from tests.unit.imports.accounts import AT, CONNECTION, TENANT

TODAY = "2026-03-02"
OTHER = "cn_2"
names = st.sampled_from(["Ida", "ida ", "Tim", "-", "Bo"])
emails = st.sampled_from(["", "a@osier.example", "A@osier.example", "b@osier.example"])
roles = st.lists(st.sampled_from(["Weaver", "weaver", "Cook", "Unknown", ""]), max_size=2)
users = st.lists(
    st.builds(
        User, id=st.integers(1, 6), first_name=names, email=emails, roles=roles,
        is_active=st.booleans(),
    ),
    unique_by=lambda one: one.id,
)  # fmt: skip


def link(kind: str, harvest_id: int, connection_id: str = CONNECTION, **imported: str) -> Link:
    return Link(connection_id, kind, str(harvest_id), True, "import", imported)


def person(person_id: str, *links: Link, **values: Any) -> Person:
    given = {"first_name": "Ida", **values}
    return Person(
        person_id=person_id, version=1, created_at=AT, updated_at=AT, source="manual",
        links=links, **given,
    )  # fmt: skip


def company(company_id: str, *links: Link, merged_into: str = "") -> Company:
    return Company(
        company_id, company_id, 1, AT, AT, "manual", links=links, merged_into=merged_into
    )


def ours(project_id: str, *links: Link, **values: Any) -> OurProject:
    given = {"name": "Shop", "company_id": "co_osier", **values}
    return OurProject(
        project_id=project_id, version=1, created_at=AT, updated_at=AT, source="manual",
        links=links, **given,
    )  # fmt: skip


NOTHING = LeftOut()


def planner(
    people: Collection[Person] = (),
    projects: Collection[OurProject] = (),
    companies: Collection[Company] = (),
    roles: Iterable[Role] = (),
    policy: Policy = Policy.CREATE_AND_UPDATE,
    active_only: bool = True,
    left_out: LeftOut = NOTHING,
) -> WorkPlanner:
    found = Found(people, projects, companies, list(roles))
    known = WorkKnown(TENANT, CONNECTION, found)
    policies = {"projects": policy, "people": policy}
    return WorkPlanner(known, policies, active_only, TODAY, left_out)


def role(role_id: str, name: str, **values: str) -> Role:
    return Role(role_id, name, 1, AT, AT, "manual", **values)


def shop(**values: Any) -> Project:
    given = {"id": 7, "name": "Shop", "client": ProjectClient(id=1, name="Osier"), **values}
    return Project(**given)


@given(users, st.booleans())
def test_each_person_in_harvest_has_one_row_and_none_is_made_of_another(
    users: list[User], active_only: bool
) -> None:
    rows = planner(active_only=active_only).people(users)

    assert sorted(int(row.harvest_id) for row in rows) == sorted(one.id for one in users)
    made = [row for row in rows if row.kind is WorkKind.CREATE]
    assert len({row.record_id for row in made}) == len(made)
    spelled = {row.values["role"] for row in made}
    assert len({name.casefold() for name in spelled}) == len(spelled)
    assert all(work_row_from(row.stored()) == row for row in rows)


@given(users, st.sampled_from(Policy))
def test_once_everybody_is_here_as_planned_there_is_nothing_left_to_do(
    users: list[User], policy: Policy
) -> None:
    rows = planner(active_only=False).people(users)
    known = {row.values["role"] for row in rows} - {""}
    held = {name: role(f"ro_{number}", name) for number, name in enumerate(sorted(known))}
    here = [
        person(
            row.record_id,
            link("user", int(row.harvest_id), **row.values),
            first_name=row.values["first_name"],
            email=row.values["email"],
            status=row.values["status"],
            roles=tuple(
                RoleAssignment(held[name].role_id) for name in [row.values["role"]] if name
            ),
        )
        for row in rows
        if row.kind is WorkKind.CREATE
    ]

    again = planner(here, roles=held.values(), policy=policy, active_only=False).people(users)

    assert {row.kind for row in again} <= {WorkKind.REFUSED}


@given(users)
def test_create_only_never_plans_an_update(users: list[User]) -> None:
    here = [person(f"pn_{n}", link("user", n), first_name="Old") for n in (1, 2, 3)]

    rows = planner(here, policy=Policy.CREATE_ONLY).people(users)

    kinds = {row.kind for row in rows if row.harvest_id in ("1", "2", "3")}
    assert kinds <= {WorkKind.GONE, WorkKind.REFUSED}


def _only(rows: list[WorkRow]) -> WorkRow:
    (row,) = rows
    return row


def test_a_like_address_is_proposed_once_per_record_unless_that_is_somebody_already() -> None:
    new = User(id=1, first_name="Ida", email=" IDA@osier.example")
    free = person("pn_free", email="ida@osier.example")
    elsewhere = person("pn_else", link("user", 9, OTHER), email="ida@osier.example")
    taken = person("pn_taken", link("user", 2), email="ida@osier.example")

    row = next(
        one for one in planner([free, elsewhere, taken]).people([new]) if one.harvest_id == "1"
    )

    assert row.kind is WorkKind.PROPOSED
    assert [one.record_id for one in row.candidates] == ["pn_free", "pn_else"]
    nobody = User(id=1, first_name="Ida", email="")
    assert _only(planner([person("pn_x", email="")]).people([nobody])).kind is WorkKind.CREATE


def test_a_project_of_the_same_name_is_proposed_only_where_it_shows_under_the_same_company() -> (
    None
):
    osier = company("co_osier", link("client", 1), merged_into="co_reed")
    both = [osier, company("co_reed"), company("co_other")]
    here = [
        ours("pr_same", company_id="co_reed", name="sHOP"),
        ours("pr_other", company_id="co_other"),
        ours("pr_else", company_id="co_reed", name="Fair"),
    ]

    row = _only(planner(projects=here, companies=both).projects([shop()], NewCompanies(), "CHF"))

    assert row.kind is WorkKind.PROPOSED
    assert [one.record_id for one in row.candidates] == ["pr_same"]
    # It belongs to the client's own record, so that undoing the merge takes it along.
    assert row.values["company_id"] == "co_osier"


def test_a_project_waits_with_its_client_and_comes_with_one_that_the_run_makes() -> None:
    why = Note("client_to_decide", "Decide.")

    waits = _only(planner().projects([shop()], NewCompanies({}, {"1": why}), "CHF"))
    unknown = _only(planner().projects([shop(client=None)], NewCompanies(), "CHF"))
    comes = _only(planner().projects([shop()], NewCompanies({"1": "co_new"}), "CHF"))

    assert (waits.kind, waits.code) == (WorkKind.WAITING, "client_to_decide")
    assert (unknown.kind, unknown.code) == (WorkKind.WAITING, "client_not_imported")
    assert (comes.kind, comes.values["company_id"]) == (WorkKind.CREATE, "co_new")


def test_a_project_moves_with_its_client_but_not_when_that_is_nowhere() -> None:
    held = ours("pr_1", link("project", 7, name="Shop", company_id="co_osier"), currency="CHF")
    moved = company("co_fern", link("client", 1))

    follows = _only(planner(projects=[held], companies=[moved]).projects(
        [shop()], NewCompanies(), "CHF"))  # fmt: skip
    stays = _only(planner(projects=[held]).projects([shop()], NewCompanies(), "CHF"))

    assert [(one.field, one.after) for one in follows.changes] == [("company_id", "co_fern")]
    assert stays.kind is WorkKind.QUIET
    assert stays.values["company_id"] == "co_osier"


def test_a_link_that_does_not_drive_changes_nothing() -> None:
    second = replace(link("user", 1, first_name="Ida"), primary=False)
    here = [person("pn_1", second)]

    assert planner(here).people([User(id=1, first_name="Nia")]) == []


def test_what_was_linked_by_hand_is_only_filled_where_it_is_empty() -> None:
    by_hand = replace(link("user", 1), source="manual")
    here = [person("pn_1", by_hand, last_name="Alder")]
    theirs = User(id=1, first_name="Ida", last_name="Reed", email="ida@osier.example")

    row = _only(planner(here).people([theirs]))

    changes = {one.field: one.edited_here for one in row.changes}
    assert changes == {"last_name": True, "email": False}


@pytest.mark.parametrize("status", ["active", "archived"])
def test_an_archived_role_is_not_given_to_anybody(status: str) -> None:
    weaver = role("ro_1", "basket weaver", status=status)
    new = User(id=1, first_name="Ida", roles=["Basket Weaver"])

    row = _only(planner(roles=[weaver]).people([new]))

    shown = row.values["role"], [note.code for note in row.notes]
    active = status == "active"
    assert shown == (("basket weaver", []) if active else ("", ["role_archived"]))


def test_the_id_of_a_record_that_lost_its_link_is_not_used_again() -> None:
    new = User(id=1, first_name="Ida", email="ida@osier.example")
    first = _only(planner().people([new]))
    lost = person(first.record_id, email="else@osier.example")

    second = _only(planner([lost]).people([new]))

    assert second.kind is WorkKind.CREATE
    assert second.record_id != first.record_id


def test_what_rules_leave_out_or_a_removal_took_is_listed_with_the_reason_and_not_made() -> None:
    left_out = LeftOut(
        {"7": "Rule 1 excludes projects whose name is like Shop."},
        frozenset({"8"}),
        frozenset({"1"}),
    )
    companies = NewCompanies({"1": "co_osier"})

    rows = planner(left_out=left_out).projects([shop(), shop(id=8), shop(id=9)], companies, "EUR")
    people = planner(left_out=left_out).people([User(id=1, first_name="Ida")])

    assert [(row.harvest_id, row.kind, row.code) for row in (*rows, *people)] == [
        ("7", WorkKind.LEFT_OUT, "excluded"),
        ("8", WorkKind.LEFT_OUT, "removed"),
        ("9", WorkKind.CREATE, ""),
        ("1", WorkKind.LEFT_OUT, "removed"),
    ]
    assert rows[0].reason == "Rule 1 excludes projects whose name is like Shop."


def test_a_record_with_the_tag_sync_off_follows_harvest_no_more() -> None:
    ida = person("pn_ida", link("user", 1, first_name="Old"), first_name="Old")
    shop_here = ours("pr_shop", link("project", 7, name="Old"), name="Old")
    companies = NewCompanies({"1": "co_osier"})

    def kinds(people: Person, projects: OurProject) -> list[WorkKind]:
        here = planner([people], [projects])
        found = here.people([User(id=1, first_name="New")])
        return [row.kind for row in (*found, *here.projects([shop()], companies, ""))]

    tagged = replace(ida, tags=("sync_off",)), replace(shop_here, tags=("Sync_Off",))
    assert kinds(ida, shop_here) == [WorkKind.UPDATE, WorkKind.UPDATE]
    assert kinds(*tagged) == []
