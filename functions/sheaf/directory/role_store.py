"""Roles in the directory's table: few, so one partition holds all of a tenant.

Access patterns: one role, all roles, the role that has a name. A name is claimed by an item of its
own, written in the transaction that names the role, so that no two roles ever share it.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator

from sheaf.directory.role_dates import UNKNOWN
from sheaf.directory.store import DirectoryStore, Named, Write, name_key, versioned
from sheaf.directory.work_records import UNKNOWN_ROLE, Role, item_of, role_from
from sheaf.platform.actions import Delete, Key, Put
from sheaf.platform.problems import not_found


class RoleStore:
    def __init__(self, directory: DirectoryStore) -> None:
        self.table = directory.table
        self._pk = f"T#{directory.tenant_id}#roles"

    def role(self, role_id: str) -> Role:
        found = self.roles([role_id]).get(role_id)
        if found is None:
            raise not_found("role", role_id)
        return found

    def roles(self, ids: Iterable[str]) -> dict[str, Role]:
        """Those of the ids that exist; the unknown role always does."""
        wanted = set(ids)
        keys = [Key(self._pk, one) for one in wanted if one.startswith("ro_")]
        found = {item["sk"]: role_from(item) for item in self.table.get_many(keys).values()}
        return found | ({UNKNOWN: UNKNOWN_ROLE} if UNKNOWN in wanted else {})

    def all(self) -> Iterator[Role]:
        """All roles that the tenant has made, so without the unknown one."""
        yield from map(role_from, self.table.query_all(self._pk, begins_with="ro_"))

    def by_name(self, after: str = "") -> Iterator[Named]:
        """All roles in order of name, the unknown one among them, from behind a `name_key` on."""
        named = [
            Named(one.role_id, one.name, one.status, name_key(one.name, one.role_id))
            for one in (UNKNOWN_ROLE, *self.all())
        ]
        yield from sorted(
            (one for one in named if one.name_key > after), key=lambda one: one.name_key
        )

    def named(self, name: str) -> str | None:
        """The id of the role that has the name, however it is written."""
        if folded(name) == folded(UNKNOWN_ROLE.name):
            return UNKNOWN
        item = self.table.get(self._claim_key(name))
        return str(item["role_id"]) if item else None

    def write(self, role: Role, replaces: Role | None) -> list[Write]:
        """The writes of a role and its name: a new one, or over the one that it was."""
        item = {**item_of(role), "pk": self._pk, "sk": role.role_id}
        writes: list[Write] = [
            (self.table, versioned(item, replaces.version if replaces else None))
        ]
        if replaces and folded(replaces.name) == folded(role.name):
            return writes
        key = self._claim_key(role.name)
        claim = {"pk": key.pk, "sk": key.sk, "role_id": role.role_id}
        writes.append((self.table, Put(claim, when="attribute_not_exists(pk)")))
        if replaces:
            writes.append((self.table, Delete(self._claim_key(replaces.name))))
        return writes

    def _claim_key(self, name: str) -> Key:
        digest = hashlib.sha256(folded(name).encode()).hexdigest()
        return Key(self._pk, f"name#{digest}")


def folded(name: str) -> str:
    """What is equal for names that differ in case, spaces or form of their letters only."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
