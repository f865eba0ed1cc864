"""Taking records out, each in one transaction with its links, its marks and its entry of the trail.

The trail tells of a record that was taken out before the process died; one that was changed since
the plan is left alone. The marks keep later imports from bringing it back.
"""

from dataclasses import dataclass

from sheaf.directory.records import Company
from sheaf.directory.removed import Removed, RemovedStore
from sheaf.directory.store import DirectoryStore, Write
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.platform.actions import Delete
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.removals.facts import Fact, Record
from sheaf.removals.planning import Reason
from sheaf.tenants.audit import Trail


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a record: it is removed, or kept for a reason."""

    fact: Fact
    kept: Reason | None


class Remover:
    """Takes records out for one run of one connection."""

    def __init__(
        self,
        store: DirectoryStore,
        removed: RemovedStore,
        trail: Trail,
        run_id: str,
        actor: str,
        now: Now,
    ) -> None:
        self._store = store
        self._people = WorkStore(store, PEOPLE)
        self._projects = WorkStore(store, PROJECTS)
        self._removed = removed
        self._trail = trail
        self._run_id = run_id
        self._actor = actor
        self._now = now
        self._reason = f"removal {run_id}"

    def remove(self, fact: Fact) -> Result:
        record = self._record(fact)
        if record is None:
            return Result(fact, None if self._removed_before(fact) else Reason.GONE)
        if record.version != fact.version:
            return Result(fact, Reason.CHANGED)
        if isinstance(record, Company) and self._is_needed(record):
            return Result(fact, Reason.ATTACHED)
        try:
            transact(self._writes(fact, record))
        except TransactionFailedError:
            gone = self._record(fact) is None and self._removed_before(fact)
            return Result(fact, None if gone else Reason.CHANGED)
        return Result(fact, None)

    def _writes(self, fact: Fact, record: Record) -> list[Write]:
        """At most a hundred: an import gives a contact 20 links, and any other record one."""
        at = rfc3339(self._now())
        delete = Delete(
            self._store.key(fact.record_id),
            when="#version = :was",
            values={"was": record.version},
        )
        writes: list[Write] = [(self._store.table, delete)]
        for link in record.links:
            mark = Removed(
                link.kind,
                link.external_id,
                fact.record_id,
                fact.name,
                self._run_id,
                at,
                self._actor,
            )
            writes += [self._store.delete_link(link), self._removed.write(mark)]
        gone = {"name": {"before": fact.name, "after": None}}
        entry = self._trail.entry(fact.record_id, "removed", self._actor, gone, reason=self._reason)
        return [*writes, (self._trail.table, entry)]

    def _is_needed(self, company: Company) -> bool:
        """Whether something hangs off the company, or off the one that it shows as."""
        standing = self._store.standing([company.company_id])[company.company_id]
        shown = self._store.companies([standing]).get(standing, company)
        projects = self._projects.many(self._store.ids_of(shown, PROJECTS.listing))
        return bool(projects or self._store.contacts_of(shown))

    def _record(self, fact: Fact) -> Record | None:
        one = fact.record_id
        match fact.kind:
            case "company":
                return self._store.companies([one]).get(one)
            case "contact":
                return self._store.contacts([one]).get(one)
            case "person":
                return self._people.many([one]).get(one)
        return self._projects.many([one]).get(one)

    def _removed_before(self, fact: Fact) -> bool:
        """Whether this run has taken the record out already: then its trail ends with that."""
        latest = self._trail.of(fact.record_id, 1, None).items
        return bool(latest) and latest[0].get("reason") == self._reason
