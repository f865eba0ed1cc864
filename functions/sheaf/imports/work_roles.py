"""Roles of an import: the one of the name, however it is written, else a new one."""

from itertools import count
from threading import Lock

from sheaf.directory.role_store import RoleStore, folded
from sheaf.directory.work_records import Role
from sheaf.imports.contact_writes import IMPORTED
from sheaf.imports.doing import Doing
from sheaf.platform.identifiers import derived_id
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail


class ImportedRoles:
    """The roles that one run needs; each is looked up once, by one thread at a time."""

    def __init__(
        self,
        store: RoleStore,
        trail: Trail,
        tenant_id: str,
        doing: Doing,
    ) -> None:
        self._store = store
        self._trail = trail
        self._tenant_id = tenant_id
        self._doing = doing
        self._ids: dict[str, str] = {}
        self._one_at_a_time = Lock()
        self.made: set[str] = set()

    def id_of(self, name: str) -> str:
        """The id of the role of this name, which is made if there is none."""
        key = folded(name)
        with self._one_at_a_time:
            if key not in self._ids:
                role_id = self._found_or_made(name)
                if self._store.role(role_id).created_by_run == self._doing.run_id:
                    self.made.add(role_id)
                self._ids[key] = role_id
            return self._ids[key]

    def _found_or_made(self, name: str) -> str:
        for again in count():
            held = self._store.named(name)
            if held is not None:
                return held
            role = self._new(name, again)
            entry = self._trail.entry(
                role.role_id, "imported", self._doing.actor, reason=self._doing.reason
            )
            try:
                transact([*self._store.write(role, None), (self._trail.table, entry)])
                return role.role_id
            except TransactionFailedError:
                continue  # somebody was first, or the id is taken
        raise AssertionError("count() does not end")

    def _new(self, name: str, again: int) -> Role:
        """A role under a derived id: another one again, where a role that was imported once holds
        the first and is named otherwise now."""
        more = (str(again),) if again else ()
        parts = (self._tenant_id, self._doing.connection_id, folded(name), *more)
        now = self._doing.at()
        return Role(
            derived_id("ro", *parts),
            name,
            version=1,
            created_at=now,
            updated_at=now,
            source=IMPORTED,
            changed_by_run=self._doing.run_id,
            created_by_run=self._doing.run_id,
        )
