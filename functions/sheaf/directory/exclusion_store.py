"""The rules by which connections leave projects out, and what they leave out right now.

Access pattern: one item a connection, `T#<tenant>#exclusions` / connection. The rules are the
tenant's own: they have a version, and each change an entry in the trail of the connection.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sheaf.directory.exclusions import (
    HarvestProject,
    Rules,
    excluded,
    harvest_project,
    rule_documents,
    rules_from,
)
from sheaf.directory.store import DirectoryStore, versioned
from sheaf.mirror.store import MirrorStore
from sheaf.platform.actions import Key
from sheaf.platform.problems import stale_version
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

_PROJECTS = "projects"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """`version` 0 is that of rules that nobody has written yet."""

    connection_id: str
    rules: Rules = ()
    version: int = 0

    def document(self) -> dict[str, object]:
        return {
            "connection_id": self.connection_id,
            "rules": rule_documents(self.rules),
            "version": self.version,
        }


class ExclusionStore:
    def __init__(self, directory: DirectoryStore) -> None:
        self._table = directory.table
        self._pk = f"T#{directory.tenant_id}#exclusions"

    def of(self, connection_id: str) -> Exclusions:
        item = self._table.get(Key(self._pk, connection_id))
        if item is None:
            return Exclusions(connection_id)
        return Exclusions(connection_id, rules_from(item["rules"]), int(item["version"]))

    def change(
        self, trail: Trail, actor: str, connection_id: str, version: int, rules: Rules
    ) -> Exclusions:
        """The rules in place of those of `version`; a problem when there are newer ones."""
        before = self.of(connection_id)
        if before.version != version:
            raise stale_version(before.document())
        if before.rules == rules:
            return before
        after = Exclusions(connection_id, rules, version + 1)
        documents = [rule_documents(one.rules) for one in (before, after)]
        item = {"rules": documents[1], "version": after.version}
        write = versioned({"pk": self._pk, "sk": connection_id, **item}, version or None)
        changes = {"rules": {"before": documents[0], "after": documents[1]}}
        entry = trail.entry(connection_id, "exclusions_changed", actor, changes)
        try:
            transact([(self._table, write), (trail.table, entry)])
        except TransactionFailedError:
            raise stale_version(self.of(connection_id).document()) from None
        return after


class HarvestProjects:
    """The projects of one connection as its mirror shows them, and which are left out by rules.

    What was looked at once is not read again while a request lasts.
    """

    def __init__(self, mirror: MirrorStore, store: ExclusionStore, connection_id: str) -> None:
        self._mirror = mirror
        self._store = store
        self._connection_id = connection_id
        self._rules: Rules | None = None
        self._seen: dict[int, HarvestProject] = {}

    def all(self) -> Iterator[HarvestProject]:
        for record in self._mirror.all(_PROJECTS):
            yield harvest_project(record.payload())

    def named(self, ids: Iterable[int]) -> dict[int, HarvestProject]:
        """Projects by id; one that the mirror has not is known by its id alone."""
        wanted = set(ids)
        found = self._mirror.get_many(_PROJECTS, wanted - self._seen.keys())
        self._seen |= {one: HarvestProject(one) for one in wanted - self._seen.keys()}
        self._seen |= {one: harvest_project(record.payload()) for one, record in found.items()}
        return {one: self._seen[one] for one in wanted}

    def left_out(self, ids: Iterable[int]) -> dict[int, str]:
        """Those of the ids that are left out, each with the reason."""
        if self._rules is None:
            self._rules = self._store.of(self._connection_id).rules
        if not self._rules:
            return {}
        why = {one: excluded(self._rules, each) for one, each in self.named(ids).items()}
        return {one: reason for one, reason in why.items() if reason}
