"""Rows of projects and people meet what happened since they were planned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from sheaf import wiring
from sheaf.directory.people import People
from sheaf.directory.records import Company, Link
from sheaf.directory.role_dates import RoleAssignment
from sheaf.directory.role_store import RoleStore
from sheaf.directory.roles import Roles
from sheaf.directory.store import DirectoryStore
from sheaf.directory.work_records import Person
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.imports import work_applying
from sheaf.imports.doing import Doing
from sheaf.imports.rows import FieldChange
from sheaf.imports.work_decisions import WorkDecision, WorkVerdict
from sheaf.imports.work_records import PersonRows, ProjectRows
from sheaf.imports.work_roles import ImportedRoles
from sheaf.imports.work_rows import Candidate, WorkKind, WorkRow
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = "2026-03-02"
CONNECTION = "cn_1"
VALUES = {
    "first_name": "Ida",
    "last_name": "Reed",
    "email": "ida@osier.example",
    "weekly_capacity": "126000",
    "status": "active",
    "role": "Weaver",
}
_TENANTS, _RUNS = count(1), count(1)


class Tenant:
    """A tenant with a directory; each `applier` is that of another run."""

    def __init__(self) -> None:
        tenant_id = f"t-{next(_TENANTS)}"
        table = wiring.directory_table()
        self.tenant_id = tenant_id
        self.store = DirectoryStore(table, tenant_id)
        self.trail = Trail(table, tenant_id, lambda: NOW)
        self.people = WorkStore(self.store, PEOPLE)
        self.role_store = RoleStore(self.store)
        self.roles = Roles(self.role_store, self.trail, lambda: NOW)
        self.by_hand = People(self.people, self.role_store, self.trail, lambda: NOW, with_cost=True)

    def doing(self) -> Doing:
        return Doing(CONNECTION, f"wi_{next(_RUNS)}", "ada", lambda: NOW)

    def applier(self) -> PersonRows:
        doing = self.doing()
        imported = ImportedRoles(self.role_store, self.trail, self.tenant_id, doing)
        return PersonRows(self.people, self.role_store, imported, self.trail, doing, TODAY)

    def ida(self) -> Person:
        (held,) = [one for one in self.people.all() if one.first_name == "Ida"]
        return held

    def role_names(self) -> list[str]:
        return sorted(one.name for one in self.role_store.all())


@pytest.fixture
def tenant(stack: dict[str, str]) -> Callable[[], Tenant]:
    return Tenant


def row(kind: WorkKind = WorkKind.CREATE, **values: Any) -> WorkRow:
    given = {"values": VALUES, "record_id": "pn_ida", **values}
    return WorkRow("people", kind, "20", "Ida Reed", **given)


def update(field: str, before: str, after: str, edited_here: bool = False) -> WorkRow:
    change = FieldChange(field, before, after, edited_here)
    return row(WorkKind.UPDATE, values={**VALUES, field: after}, changes=(change,))


def test_a_field_changed_since_the_plan_is_a_conflict_and_stays(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    here.applier().apply(row(), None)
    here.by_hand.change("bo", "pn_ida", 1, {"last_name": "Alder"})

    result = here.applier().apply(update("last_name", "Reed", "Fenn"), None)

    assert (result.result, result.detail) == (
        "conflict",
        "The field last_name was changed meanwhile.",
    )
    assert here.ida().last_name == "Alder"


def test_a_row_that_is_repeated_by_its_run_is_applied_once(tenant: Callable[[], Tenant]) -> None:
    here = tenant()
    applier = here.applier()
    made = [applier.apply(row(), None).result for _ in range(2)]
    changed = update("last_name", "Reed", "Fenn")
    applier = here.applier()

    results = [applier.apply(changed, None).result for _ in range(2)]

    assert (made, results) == (["created"] * 2, ["updated"] * 2)
    assert (here.ida().version, here.ida().last_name) == (2, "Fenn")
    actions = [entry["action"] for entry in here.trail.of("pn_ida", 10, None).items]
    assert actions.count("imported") == actions.count("import_updated") == 1


def test_fields_that_were_edited_here_are_left_and_named(tenant: Callable[[], Tenant]) -> None:
    here = tenant()
    here.applier().apply(row(), None)
    here.by_hand.change("bo", "pn_ida", 1, {"last_name": "Alder"})
    changed = update("email", "ida@osier.example", "i@osier.example")
    left = FieldChange("last_name", "Alder", "Fenn", edited_here=True)
    both = replace(changed, changes=(*changed.changes, left))

    result = here.applier().apply(both, None)

    assert (result.result, result.detail) == ("updated", "Left as it was edited here: last name.")
    assert (here.ida().last_name, here.ida().email) == ("Alder", "i@osier.example")


def test_what_another_record_holds_since_the_plan_is_a_conflict(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    other = here.by_hand.create("bo", {"first_name": "Bo"})
    link = Link(CONNECTION, "user", "20", True, "manual", {})
    here.by_hand.attach("bo", other.person_id, 1, link)
    mine = here.by_hand.create("bo", {"first_name": "Ida"})
    candidate = Candidate(mine.person_id, "Ida", "Both.")
    decision = WorkDecision("people", "20", WorkVerdict.LINK, mine.person_id, "bo", "now")

    made = here.applier().apply(row(), None)
    linked = here.applier().apply(row(WorkKind.PROPOSED, candidates=(candidate,)), decision)
    updated = here.applier().apply(update("last_name", "Reed", "Fenn"), None)

    assert (made.result, linked.result, updated.result) == ("conflict",) * 3
    assert other.person_id in made.detail
    assert other.person_id in linked.detail
    assert "pn_ida" not in {one.person_id for one in here.people.all()}


def test_a_record_that_never_gets_through_is_a_conflict(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    here.applier().apply(row(), None)

    def contended(*_: object) -> None:
        raise TransactionFailedError({0: None})

    monkeypatch.setattr(work_applying, "transact", contended)
    result = here.applier().apply(update("last_name", "Reed", "Fenn"), None)

    assert (result.result, result.detail) == ("conflict", "It is being changed by somebody.")


def test_a_role_that_was_renamed_here_is_left_and_a_new_one_made_beside_it(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    here.applier().apply(row(), None)
    (weaver,) = here.role_store.all()
    here.roles.change("bo", weaver.role_id, 1, {"name": "Master Weaver"})

    applier = here.applier()
    second = row(values={**VALUES, "first_name": "Tim"}, record_id="pn_tim")
    applier.apply(WorkRow("people", WorkKind.CREATE, "21", "Tim", second.values, "pn_tim"), None)

    assert here.role_names() == ["Master Weaver", "Weaver"]
    assert here.ida().roles[0].role_id == weaver.role_id


def test_another_role_ends_the_one_before_and_a_contradiction_is_told(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    here.applier().apply(row(), None)

    here.applier().apply(update("role", "Weaver", "Cook"), None)

    assert [(one.starts_on, one.ends_on) for one in here.ida().roles] == [
        ("", "2026-03-01"),
        (TODAY, ""),
    ]
    # A person has planned another role already, which the new one would contradict.
    planned = here.roles.create("bo", {"name": "Smith"})
    ahead = RoleAssignment(planned.role_id, "2026-04-01")
    here.by_hand.assign_role("bo", "pn_ida", here.ida().version, ahead, preview=False)
    before = here.ida()
    told = here.applier().apply(update("role", "Cook", "Weaver"), None)
    assert (told.result, here.ida()) == ("conflict", before)
    assert "2026-04-01" in told.detail


SHOP = {
    "name": "Shop", "code": "", "company_id": "co_osier", "type": "fixed_price", "budget": "5",
    "currency": "CHF", "starts_on": "", "ends_on": "", "status": "active",
}  # fmt: skip


def shop(kind: WorkKind = WorkKind.CREATE, **values: str) -> WorkRow:
    moved = tuple(FieldChange(name, SHOP[name], after) for name, after in values.items())
    return WorkRow("projects", kind, "7", "Shop", {**SHOP, **values}, "pr_shop", moved)


def companies(here: Tenant, *ids: str) -> None:
    made = [Company(one, one, 1, "now", "now", "manual") for one in ids]
    transact([here.store.write_company(one, None) for one in made])


def test_a_project_whose_company_did_not_come_waits(tenant: Callable[[], Tenant]) -> None:
    here = tenant()
    projects = WorkStore(here.store, PROJECTS)

    result = ProjectRows(projects, here.trail, here.doing()).apply(shop(), None)

    assert result.result == "waiting"
    assert "Its client did not become a company" in result.detail
    assert list(projects.all()) == []


def test_a_project_is_neither_made_for_nor_moved_to_a_company_that_is_deleted_just_then(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    companies(here, "co_osier", "co_reed")
    projects = WorkStore(here.store, PROJECTS)
    applier = ProjectRows(projects, here.trail, here.doing())

    def deleting(company_id: str) -> Callable[..., None]:
        def late(*arguments: Any) -> None:
            here.store.table.delete(here.store.key(company_id))
            transact(*arguments)

        return late

    assert applier.apply(shop(), None).result == "created"
    monkeypatch.setattr(work_applying, "transact", deleting("co_reed"))
    moved = applier.apply(shop(WorkKind.UPDATE, company_id="co_reed"), None)
    monkeypatch.setattr(work_applying, "transact", deleting("co_osier"))
    other = WorkRow("projects", WorkKind.CREATE, "8", "Fair", SHOP, "pr_fair")
    made = applier.apply(other, None)

    assert (moved.result, made.result) == ("waiting", "waiting")
    assert "or that was deleted" in made.detail
    assert [(one.project_id, one.company_id) for one in projects.all()] == [("pr_shop", "co_osier")]


def test_a_project_that_meets_another_transaction_of_its_company_is_made_at_the_next_try(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    companies(here, "co_osier")
    projects = WorkStore(here.store, PROJECTS)
    tries = count(1)

    def crowded(*arguments: Any) -> None:
        if next(tries) == 1:
            raise TransactionFailedError({3: None})
        transact(*arguments)

    monkeypatch.setattr(work_applying, "transact", crowded)

    result = ProjectRows(projects, here.trail, here.doing()).apply(shop(), None)

    assert result.result == "created"
    assert [one.project_id for one in projects.all()] == ["pr_shop"]
