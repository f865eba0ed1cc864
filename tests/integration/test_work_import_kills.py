"""An import of projects and people whose worker dies between any two of its writes.

Wherever it is, the run ends as if nothing had happened, and nothing is there twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import pytest
from botocore.client import BaseClient

from local import moto_tables
from sheaf import api_imports, wiring, wiring_api, wiring_work_imports
from sheaf.connections.records import Connection, Kind, State
from sheaf.directory.records import Link
from sheaf.directory.role_store import RoleStore
from sheaf.directory.work_records import Person
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.imports import work_runner
from sheaf.imports.work_decisions import WorkVerdict
from sheaf.imports.work_phases import KIND, LISTS, WorkPhase
from sheaf.mirror.records import mirror_record
from sheaf.mirror.runs import ACTIVE, LEASE, Run, RunState, StaleSliceError
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock
from sheaf.platform.caller import Caller, Role
from sheaf.platform.transactions import transact

AT = "2026-03-02T09:00:00.000000Z"
CONNECTION = "cn_work"
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
_TENANTS = count(1)
_ROWS: dict[str, list[dict[str, Any]]] = {
    "clients": [{"id": 1, "name": "Osier"}, {"id": 2, "name": "Fernlea"}],
    "contacts": [{"id": 3, "client": {"id": 1, "name": "Osier"}, "first_name": "Jo"}],
    "projects": [
        {"id": 10, "name": "Shop", "client": {"id": 1, "name": "Osier", "currency": "EUR"}},
        {"id": 11, "name": "Fair", "client": {"id": 2, "name": "Fernlea"}, "is_fixed_fee": True},
    ],
    "users": [
        {"id": 20, "first_name": "Ida", "email": "ida@osier.example", "roles": ["Weaver"]},
        {"id": 21, "first_name": "Tim", "email": "tim@osier.example", "roles": ["weaver "]},
        {"id": 22, "first_name": "Bo", "email": "bo@osier.example", "roles": ["Cook", "Smith"]},
        # One who is here already, and one who is here and follows Harvest.
        {"id": 23, "first_name": "Ana", "email": "ana@osier.example", "roles": ["Cook"]},
        {"id": 24, "first_name": "Nia", "last_name": "Reed", "email": "n@osier.example"},
    ],
}


class _Killed(BaseException):
    """The process is gone: nothing may catch this."""


@pytest.fixture
def forward(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Moves the clock past the lease of a slice that died."""
    moved = [clock.timestamp()]
    monkeypatch.setattr(clock, "timestamp", lambda: moved[0])
    monkeypatch.setattr(work_runner, "_THREADS", 1)  # moto takes one call at a time

    def move() -> None:
        moved[0] += LEASE.total_seconds() + 1

    restore = moto_tables.narrow()
    yield move
    restore()


class _Tenant:
    """A tenant whose connection brings everything; two of Harvest's people are here already."""

    def __init__(self) -> None:
        self.who = Caller(f"t-{next(_TENANTS)}", "ada", frozenset({Role.ADMIN}))
        modules = dict.fromkeys(("clients", "projects", "people"), True)
        wiring.connection_store(self.who.tenant_id).save(
            Connection(
                CONNECTION, Kind.TOKEN, State.CONNECTED, 0, AT, "ada",
                account_id="7", account_currency="CHF", modules=modules,
            )
        )  # fmt: skip
        self.directory = wiring_api.directory_store(self.who.tenant_id)
        self.people = WorkStore(self.directory, PEOPLE)
        link = Link(CONNECTION, "user", "24", True, "import", {"first_name": "Nia"})
        ana, nia = (
            Person(f"pn_{name}", name, 1, AT, AT, "manual", email=f"{name}@osier.example")
            for name in ("ana", "Nia")
        )
        nia = Person(**{**_fields(nia), "links": (link,)})
        transact([self.people.write(one, None) for one in (ana, nia)])
        transact([self.directory.write_link(link, "pn_Nia")])
        self.services = api_imports.for_work_imports(self.who)

        mirror = MirrorStore(wiring.mirror_table(), self.who.tenant_id, CONNECTION)
        for stream, rows in _ROWS.items():
            mirror.write(stream, [mirror_record(stream, row) for row in rows])

    def started(self) -> Run:
        """A run that has read Harvest: what is killed comes after."""
        options = {
            "lists": list(LISTS),
            "off": [],
            "clients": "all",
            "scope": "active",
            "unattended": False,
            "policies": {"projects": "create_only", "people": "create_and_update"},
        }
        return self.services.desk.begin("ada", CONNECTION, KIND, WorkPhase.PLAN, options, "")

    def slices(self, run: Run) -> None:
        """Works slices until the run waits or has ended; each does as little as it can."""
        while self.services.desk.runs.get(run.run_id).state in ACTIVE:
            jobs = wiring_work_imports.work_jobs(self.who.tenant_id)
            jobs.slice(run.run_id, lambda: False, last_try=False)

    def comes_again(self, run: Run) -> None:
        """The message of a slice that died, which may have ended the run before."""
        with suppress(StaleSliceError):
            jobs = wiring_work_imports.work_jobs(self.who.tenant_id)
            jobs.slice(run.run_id, lambda: False, last_try=False)

    def shape(self, run: Run) -> dict[str, Any]:
        """What is here, without the ids that differ from tenant to tenant, and what was told."""
        companies = {one.company_id: one for one in self.directory.all_companies()}
        roles = {one.role_id: one.name for one in RoleStore(self.directory).all()}
        people, projects = list(self.people.all()), list(WorkStore(self.directory, PROJECTS).all())
        trail = wiring.trail(self.who.tenant_id)

        def told(record_id: str) -> list[str]:
            return [entry["action"] for entry in trail.of(record_id, 50, None).items]

        def links(record: Any) -> list[tuple[str, Any]]:
            return sorted((one.external_id, one.primary) for one in record.links)

        ended = self.services.desk.runs.get(run.run_id)
        notices, _ = wiring.notices(self.who.tenant_id).page(self.who, False, 50, None)
        return {
            "companies": sorted(
                (one.name, links(one), told(one.company_id)) for one in companies.values()
            ),
            "contacts": sorted(
                one.first_name for one in self.directory.everything().contacts.values()
            ),
            "projects": sorted(
                (one.name, companies[one.company_id].name, one.currency, one.type, links(one),
                 one.created_by_run == run.run_id, told(one.project_id))
                for one in projects
            ),
            "people": sorted(
                (one.full_name, [roles[role.role_id] for role in one.roles], links(one),
                 one.created_by_run == run.run_id, one.version, told(one.person_id))
                for one in people
            ),
            "roles": sorted((name, told(role_id)) for role_id, name in roles.items()),
            "run": (ended.state, dict(ended.counts), ended.progress["done"]),
            "outcomes": sorted(
                (one["list"], one["harvest_id"], one["result"])
                for one in self.services.review.outcomes(ended, None, None, 100, None)[0]
            ),
            "notices": sorted(one["kind"] for one in notices),
        }  # fmt: skip


def _fields(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in Person.__slots__}


@contextmanager
def _dying(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[list[int]]:
    """The process dies before the write with this number; gives how many there were so far."""
    real, made = BaseClient._make_api_call, [0]  # type: ignore[attr-defined]

    def call(client: Any, operation: str, parameters: Any) -> Any:
        made[0] += operation in _WRITES
        if operation in _WRITES and made[0] == at:
            raise _Killed
        return real(client, operation, parameters)

    with monkeypatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", call)
        yield made


def _settled(tenant: _Tenant, run: Run) -> None:
    """Ana is the one who is here, and the run is confirmed."""
    assert tenant.services.desk.runs.get(run.run_id).state is RunState.REVIEW
    tenant.services.review.decide_all("ada", run.run_id, WorkVerdict.LINK, None)
    tenant.services.desk.confirm(run.run_id)


def _whole(tenant: _Tenant, interrupted: Callable[[Run], None]) -> dict[str, Any]:
    run = tenant.started()
    interrupted(run)
    _settled(tenant, run)
    interrupted(run)
    return tenant.shape(run)


def test_an_import_killed_at_any_write_ends_as_if_nothing_had_happened(
    forward: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    calm = _Tenant()
    with _dying(monkeypatch, 0) as made:
        undisturbed = _whole(calm, calm.slices)
    assert undisturbed["run"][0] is RunState.DONE
    results = {one[:3] for one in undisturbed["outcomes"]}
    assert {("people", "20", "created"), ("people", "23", "linked")} <= results
    assert ("people", "24", "updated") in results
    assert [name for name, _ in undisturbed["roles"]] == ["Weaver"]

    for at in range(1, made[0]):
        tenant, kills = _Tenant(), 0

        def hounded(run: Run, tenant: _Tenant = tenant, at: int = at) -> None:
            nonlocal kills
            try:
                with _dying(monkeypatch, at):
                    tenant.slices(run)
            except _Killed:
                kills += 1
                forward()
                tenant.comes_again(run)
                tenant.slices(run)

        assert _whole(tenant, hounded) == undisturbed, at
        if not kills:
            break
    assert at > 20, "each part of the work was met"
