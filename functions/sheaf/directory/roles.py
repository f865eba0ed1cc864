"""What is done with roles: they are made, renamed, archived; never two of one name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheaf.directory.documents import role_document
from sheaf.directory.records import MANUAL, changed_fields
from sheaf.directory.role_dates import UNKNOWN
from sheaf.directory.role_store import RoleStore
from sheaf.directory.values import tidy
from sheaf.directory.work_records import ROLE_FIELDS, Role
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail


class Roles:
    """The roles of one tenant."""

    def __init__(self, store: RoleStore, trail: Trail, now: Now) -> None:
        self.store = store
        self._trail = trail
        self._now = now

    def create(self, actor: str, values: Mapping[str, Any], subject: str = "") -> Role:
        """Makes a role; the same subject again gives the role that it has made."""
        role_id = f"ro_{subject}" if subject else random_id("ro")
        if subject and (made := self.store.roles([role_id])):
            return made[role_id]
        now = rfc3339(self._now())
        role = Role(
            role_id=role_id,
            version=1,
            created_at=now,
            updated_at=now,
            source=MANUAL,
            **tidy(values),
        )
        self._write(actor, role, None, "role_created", {})
        return role

    def change(self, actor: str, role_id: str, version: int, values: Mapping[str, Any]) -> Role:
        before = self.store.role(role_id)
        if role_id == UNKNOWN:
            raise Problem(
                409,
                "role_fixed",
                "The unknown role cannot be renamed or archived.",
                "Give people a role of your own; then the unknown one counts for no day of theirs.",
            )
        if before.version != version:
            raise stale_version(role_document(before))
        after = replace(
            before,
            **tidy(values),
            version=version + 1,
            updated_at=rfc3339(self._now()),
            changed_by_run="",
        )
        changes = changed_fields(before, after, ROLE_FIELDS)
        self._write(actor, after, before, "role_changed", changes)
        return after

    def listed(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        found = self.store.roles(ids)
        return [role_document(found[one]) for one in ids if one in found]

    def _write(
        self, actor: str, role: Role, replaces: Role | None, action: str, changes: Mapping[str, Any]
    ) -> None:
        self._refuse_taken(role)
        entry = self._trail.entry(role.role_id, action, actor, changes)
        try:
            transact([*self.store.write(role, replaces), (self._trail.table, entry)])
        except TransactionFailedError:
            self._refuse_taken(role)
            raise stale_version(role_document(self.store.role(role.role_id))) from None

    def _refuse_taken(self, role: Role) -> None:
        holder = self.store.named(role.name)
        if holder is not None and holder != role.role_id:
            raise Problem(
                409,
                "role_name_taken",
                f"There is a role named {role.name} already, however it is written.",
                f"Use {holder}, or choose another name; an archived role can be made active again.",
                {"role_id": holder},
            )
