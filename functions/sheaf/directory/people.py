"""What is done with people: they are made, changed, linked with Harvest, and given dated roles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheaf.directory import role_dates
from sheaf.directory.documents import assignment_document, person_document, role_explanation
from sheaf.directory.records import MANUAL, Link, Status
from sheaf.directory.role_dates import UNKNOWN, Assignments, RoleAssignment, RoleChange
from sheaf.directory.role_store import RoleStore
from sheaf.directory.values import day, tidy
from sheaf.directory.work_flow import WorkFlow, field_changes
from sheaf.directory.work_records import PERSON_FIELDS, Person
from sheaf.directory.work_store import WorkStore
from sheaf.platform.clock import Now
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, invalid
from sheaf.tenants.audit import Trail


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A person as a change of roles leaves them, and the days on which another role counts."""

    person: Person
    changes: Sequence[RoleChange]
    applied: bool


class People:
    """The people of one tenant; `with_cost` when the caller may know what their hours cost."""

    def __init__(
        self, store: WorkStore[Person], roles: RoleStore, trail: Trail, now: Now, with_cost: bool
    ) -> None:
        self.store = store
        self.with_cost = with_cost
        self._roles = roles
        self._flow = WorkFlow(store, trail, now, self.document)

    def create(self, actor: str, values: Mapping[str, Any], subject: str = "") -> Person:
        """Makes a person; the same subject again gives the person that it has made."""
        person_id = f"pn_{subject}" if subject else random_id("pn")
        if subject and (made := self.store.many([person_id])):
            return made[person_id]
        now = self._flow.now()
        person = Person(
            person_id=person_id,
            version=1,
            created_at=now,
            updated_at=now,
            source=MANUAL,
            **tidy(values),
        )
        return self._flow.create(actor, person)

    def change(self, actor: str, person_id: str, version: int, values: Mapping[str, Any]) -> Person:
        before = self._flow.current(person_id, version)
        after = replace(before, **tidy(values), changed_by_run="")
        changes = field_changes(before, after, PERSON_FIELDS)
        return self._flow.change(actor, before, after, "person_changed", changes)

    def attach(self, actor: str, person_id: str, version: int, link: Link) -> Person:
        return self._flow.attach(actor, person_id, version, link)

    def detach(self, actor: str, person_id: str, version: int, link: Link) -> Person:
        return self._flow.detach(actor, person_id, version, link)

    def assign_role(
        self, actor: str, person_id: str, version: int, role: RoleAssignment, preview: bool
    ) -> RolePlan:
        """Gives a person a role from a day on, or tells what doing so would change."""
        role = replace(
            role, starts_on=day(role.starts_on, "starts_on"), ends_on=day(role.ends_on, "ends_on")
        )
        before = self._flow.current(person_id, version)
        self._refuse_unfit(role.role_id)
        roles = role_dates.assigned(before.roles, role)
        return self._with_roles(actor, before, roles, "role_assigned", preview)

    def remove_role(
        self,
        actor: str,
        person_id: str,
        version: int,
        role_id: str,
        starts_on: str,
        preview: bool,
    ) -> RolePlan:
        """Takes back the role that a person has from this day on, as if it had never been."""
        before = self._flow.current(person_id, version)
        roles = role_dates.removed(before.roles, role_id, day(starts_on, "starts_on"))
        return self._with_roles(actor, before, roles, "role_removed", preview)

    def document(self, person: Person) -> dict[str, Any]:
        return person_document(person, self.with_cost)

    def listed(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        found = self.store.many(ids)
        return [self.document(found[one]) for one in ids if one in found]

    def roles_document(self, person: Person, on: str) -> dict[str, Any]:
        """A person's roles by name, and the one that counts on the day, if one is asked for."""
        held_on = role_dates.role_on(person.roles, day(on, "on")) if on else None
        named = self._named([held_on] if held_on else [], person.roles)
        return {
            "person_id": person.person_id,
            "version": person.version,
            "roles": [_assignment(one, named) for one in person.roles],
            "on": on or None,
            "role_on": _explained(named(held_on)) if held_on else None,
        }

    def plan_document(self, plan: RolePlan) -> dict[str, Any]:
        ids = [one for change in plan.changes for one in (change.before, change.after)]
        named = self._named(ids, plan.person.roles)
        return {
            "person_id": plan.person.person_id,
            "version": plan.person.version,
            "applied": plan.applied,
            "roles": [_assignment(one, named) for one in plan.person.roles],
            "changes": [
                {
                    "starts_on": one.starts_on or None,
                    "ends_on": one.ends_on or None,
                    "before": _explained(named(one.before)),
                    "after": _explained(named(one.after)),
                }
                for one in plan.changes
            ],
        }

    def _with_roles(
        self, actor: str, before: Person, roles: Assignments, action: str, preview: bool
    ) -> RolePlan:
        changes = role_dates.changes_between(before.roles, roles)
        after = replace(before, roles=roles)
        if preview or after == before:
            return RolePlan(after, changes, applied=False)
        told = {
            "roles": {
                when: [assignment_document(one) for one in person.roles]
                for when, person in (("before", before), ("after", after))
            }
        }
        kept = self._flow.change(actor, before, after, action, told)
        return RolePlan(kept, changes, applied=True)

    def _refuse_unfit(self, role_id: str) -> None:
        if role_id == UNKNOWN:
            raise invalid(
                "The unknown role is that of days without any; it is not assigned.",
                "role_id",
                "Remove the role that is wrong, or assign the right one.",
            )
        role = self._roles.roles([role_id]).get(role_id)
        if role is None:
            raise invalid(f"There is no role {role_id}.", "role_id", "Name one of your roles.")
        if role.status == Status.ARCHIVED:
            raise Problem(
                409,
                "role_archived",
                f"The role {role.name} is archived.",
                "Make it active again, or choose another one.",
                {"role_id": role_id},
            )

    def _named(self, ids: Sequence[str], roles: Assignments) -> Callable[[str], dict[str, Any]]:
        """What shows a role by its id and name; each of these is read once."""
        found = self._roles.roles([*ids, *(one.role_id for one in roles)])
        return lambda role_id: {"role_id": role_id, "name": found[role_id].name}


def _explained(named: dict[str, Any]) -> dict[str, Any]:
    return {**named, "explanation": role_explanation(named["role_id"])}


def _assignment(one: RoleAssignment, named: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return {**assignment_document(one), **named(one.role_id)}
