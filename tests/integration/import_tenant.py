"""A tenant whose plans are applied to tables, and what came of it as people see it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from sheaf import wiring
from sheaf.directory.flow import Directory
from sheaf.directory.merges import MergeStore
from sheaf.directory.records import Company
from sheaf.directory.store import DirectoryStore, Everything
from sheaf.imports.applying import Applier
from sheaf.imports.decisions import Decision, Verdict, identity
from sheaf.imports.doing import Doing
from sheaf.imports.listing import Source
from sheaf.imports.planning import Planner
from sheaf.imports.rows import Plan, Row, RowKind
from sheaf.tenants.audit import Trail
from tests.unit.imports.accounts import CONNECTION

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_TENANTS = count(1)
APPLIED = (RowKind.CREATE, RowKind.UPDATE, RowKind.QUIET, RowKind.DUPLICATE)


class Tenant:
    """A tenant with a directory, for plans and runs of one connection."""

    def __init__(self) -> None:
        self.tenant_id = f"t-{next(_TENANTS)}"
        self.store = DirectoryStore(wiring.directory_table(), self.tenant_id)
        self.trail = Trail(wiring.directory_table(), self.tenant_id, lambda: NOW)
        self._runs = count(1)

    def plan(self, of: Source, decisions: dict[str, Decision] | None = None) -> Plan:
        return Planner(
            self.tenant_id, CONNECTION, self.everything(), decisions or {}, active_only=False
        ).plan(of)

    def everything(self) -> Everything:
        return self.store.everything()

    def applier(self) -> Applier:
        doing = Doing(CONNECTION, f"im_{next(self._runs)}", "ada", lambda: NOW)
        return Applier(self.store, MergeStore(self.store), self.trail, doing)

    def directory(self) -> Directory:
        """The directory as its people handle it."""
        return Directory(self.store, MergeStore(self.store), self.trail, lambda: NOW)


def in_order(plan: Plan) -> Iterator[Row]:
    for kind in APPLIED:
        yield from plan.rows.get(kind, [])


def decision(row: Row, verdict: Verdict) -> Decision:
    best = row.options[0] if row.options else None
    return Decision(
        row.client_id,
        verdict,
        row.name,
        identity(row.values),
        "ada",
        "2026-03-02T09:00:00Z",
        company_id=best.company_id if best and not best.client_id else "",
        target_client_id=best.client_id if best else "",
        against={part: one.name for one in row.options for part in (one.company_id, one.client_id)},
    )


def shape(everything: Everything) -> tuple[object, object]:
    """What people see, without the ids, times and versions that differ from tenant to tenant."""

    def standing(one: Company) -> str:
        while one.merged_into:
            one = everything.companies[one.merged_into]
        return one.name

    companies = sorted(
        (
            one.name, one.address, one.currency, one.status, one.review, standing(one),
            tuple((link.external_id, dict(link.imported)["name"]) for link in one.links),
        )
        for one in everything.companies.values()
    )  # fmt: skip
    contacts = sorted(
        (
            one.full_name, one.title, one.email, everything.companies[one.company_id].name,
            tuple(sorted(link.external_id for link in one.links)),
        )
        for one in everything.contacts.values()
    )  # fmt: skip
    return companies, contacts
