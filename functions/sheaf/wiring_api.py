"""What the API function's routes need, put together per caller."""

from functools import cache
from typing import Any

from sheaf import wiring, wiring_actuals
from sheaf.actuals.asking import Asker
from sheaf.actuals.documents import actual_document
from sheaf.actuals.edge import ActualsServices
from sheaf.actuals.edge import ConnectionServices as ActualsOfConnection
from sheaf.actuals.editing import Editor
from sheaf.actuals.excluding import OfConnection
from sheaf.actuals.excluding_routes import ExcludingServices
from sheaf.actuals.export_flow import ExportDesk
from sheaf.actuals.export_phases import FAMILY as EXPORTS
from sheaf.actuals.export_routes import ExportServices
from sheaf.actuals.project_sync import ProjectSyncs
from sheaf.actuals.project_sync_routes import ProjectSyncServices
from sheaf.actuals.settings_store import SettingsOfActuals
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.tie_out.desk import TieOutDesk, tie_out_runs
from sheaf.actuals.tie_out.routes import TieOutServices
from sheaf.actuals.tracked import tracked
from sheaf.connections.routes import ConnectionServices
from sheaf.connections.rules import return_address_allowed
from sheaf.connections.store import JobKind
from sheaf.directory.attached import Attachments
from sheaf.directory.edge import KNOW_COSTS, DirectoryServices
from sheaf.directory.exclusion_store import ExclusionStore
from sheaf.directory.flow import Directory
from sheaf.directory.merges import MergeStore
from sheaf.directory.people import People
from sheaf.directory.projects import Projects
from sheaf.directory.removed import RemovedStore
from sheaf.directory.role_store import RoleStore
from sheaf.directory.roles import Roles
from sheaf.directory.store import DirectoryStore
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.flow import ImportDesk
from sheaf.imports.overview_routes import OverviewServices
from sheaf.imports.reviewing import Review
from sheaf.imports.routes import ImportServices
from sheaf.imports.work_decisions import WorkDecisionStore
from sheaf.imports.work_flow import WorkDesk
from sheaf.imports.work_reviewing import WorkReview
from sheaf.imports.work_routes import WorkServices
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.runs import SYNCS, WORK_IMPORTS, RunStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import TIME
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_routes import SyncServices
from sheaf.mirror.time_store import TimeStore
from sheaf.notices.routes import Services as NoticeServices
from sheaf.platform import aws, clock
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.idempotency import Idempotency
from sheaf.removals.flow import RemovalDesk, RemovalRuns
from sheaf.removals.routes import RemovalServices
from sheaf.tenants.routes import SettingsServices


@cache
def signer() -> CursorSigner:
    return CursorSigner(aws.secret(wiring.settings().signing_secret_arn))


def idempotency() -> Idempotency:
    return Idempotency(wiring.runs_table(), clock.now)


def directory_store(tenant_id: str) -> DirectoryStore:
    return DirectoryStore(wiring.directory_table(), tenant_id)


def runs(tenant_id: str) -> RunStore:
    return RunStore(wiring.runs_table(), tenant_id, clock.now)


def import_desk(tenant_id: str) -> ImportDesk:
    return ImportDesk(
        runs(tenant_id),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def decisions(tenant_id: str, connection_id: str) -> DecisionStore:
    return DecisionStore(wiring.directory_table(), tenant_id, connection_id)


def for_settings(caller: Caller) -> SettingsServices:
    deployed = wiring.settings().return_addresses
    return SettingsServices(
        wiring.tenant_settings(caller.tenant_id),
        lambda address: return_address_allowed(address, deployed),
        lambda: wiring.connection_desk(caller.tenant_id).plan_anew(),
        signer(),
    )


def for_notices(caller: Caller) -> NoticeServices:
    return wiring.notices(caller.tenant_id), signer()


def for_connections(caller: Caller, event: Any) -> ConnectionServices:
    return ConnectionServices(
        wiring.connection_desk(caller.tenant_id),
        wiring.trail(caller.tenant_id),
        signer(),
        wiring.api_url(event),
    )


def for_directory(caller: Caller) -> DirectoryServices:
    tenant_id = caller.tenant_id
    store = directory_store(tenant_id)
    trail, roles = wiring.trail(tenant_id), RoleStore(store)
    knows_costs = not caller.roles.isdisjoint(KNOW_COSTS)
    return DirectoryServices(
        Directory(store, MergeStore(store), trail, clock.now),
        People(WorkStore(store, PEOPLE), roles, trail, clock.now, knows_costs),
        Roles(roles, trail, clock.now),
        Projects(WorkStore(store, PROJECTS), trail, clock.now),
        Attachments(
            store,
            trail,
            lambda records: tracked(records, lambda one: wiring_actuals.extents(tenant_id, one)),
        ),
        trail,
        signer(),
        idempotency(),
        lambda one: wiring.connection_store(tenant_id).get(one).account_domain,
    )


def for_imports(caller: Caller) -> ImportServices:
    tenant_id = caller.tenant_id
    return ImportServices(
        import_desk(tenant_id),
        Review(runs(tenant_id), lambda one: decisions(tenant_id, one), clock.now),
        lambda one: decisions(tenant_id, one),
        lambda one: _require_connection(tenant_id, one),
        signer(),
        idempotency(),
    )


def work_runs(tenant_id: str) -> RunStore:
    return RunStore(wiring.runs_table(), tenant_id, clock.now, WORK_IMPORTS)


def for_work_imports(caller: Caller) -> WorkServices:
    tenant_id = caller.tenant_id
    runs = work_runs(tenant_id)
    return WorkServices(
        WorkDesk(
            runs,
            wiring.connection_store(tenant_id),
            wiring.tenant_settings(tenant_id),
            wiring.queue(),
            clock.now,
        ),
        WorkReview(
            runs,
            lambda one: WorkDecisionStore(wiring.directory_table(), tenant_id, one),
            clock.now,
        ),
        signer(),
        idempotency(),
    )


def for_overview(caller: Caller) -> OverviewServices:
    tenant_id = caller.tenant_id
    return OverviewServices(
        wiring.tenant_settings(tenant_id),
        wiring.connection_desk(tenant_id),
        runs(tenant_id),
        work_runs(tenant_id),
        directory_store(tenant_id),
        lambda one: MirrorStore(wiring.mirror_table(), tenant_id, one),
        lambda one: decisions(tenant_id, one),
        lambda one: RemovedStore(directory_store(tenant_id), one),
    )


def for_removals(caller: Caller) -> RemovalServices:
    tenant_id = caller.tenant_id
    desk = RemovalDesk(
        RemovalRuns(wiring.runs_table(), tenant_id, clock.now),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        wiring.trail(tenant_id),
        clock.now,
    )
    return RemovalServices(
        desk,
        lambda one: RemovedStore(directory_store(tenant_id), one),
        lambda one: _require_connection(tenant_id, one),
        signer(),
        idempotency(),
    )


def sync_desk(tenant_id: str) -> SyncDesk:
    return SyncDesk(
        RunStore(wiring.runs_table(), tenant_id, clock.now, SYNCS),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def for_syncs(caller: Caller) -> SyncServices:
    tenant_id = caller.tenant_id
    connections = wiring.connection_store(tenant_id)
    return SyncServices(
        sync_desk(tenant_id),
        lambda one: CursorStore(wiring.runs_table(), tenant_id, one),
        lambda one: _require_connection(tenant_id, one),
        lambda one: {
            "next_sync_at": connections.due_at(one, JobKind.SYNC),
            "next_sweep_at": connections.due_at(one, JobKind.SWEEP),
        },
        signer(),
        idempotency(),
    )


def for_actuals(caller: Caller) -> ActualsServices:
    tenant_id = caller.tenant_id
    trail = wiring.trail(tenant_id)
    return ActualsServices(
        SettingsOfActuals(wiring.directory_table(), tenant_id, trail, clock.now),
        lambda one: _actuals_of(tenant_id, one),
        trail,
        signer(),
        clock.now,
    )


def for_exports(caller: Caller) -> ExportServices:
    tenant_id = caller.tenant_id
    desk = ExportDesk(
        RunStore(wiring.runs_table(), tenant_id, clock.now, EXPORTS),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )
    return ExportServices(
        desk, for_actuals(caller), wiring.files(tenant_id), signer(), idempotency(), clock.now
    )


def for_tie_outs(caller: Caller) -> TieOutServices:
    tenant_id = caller.tenant_id
    desk = TieOutDesk(
        tie_out_runs(wiring.runs_table(), tenant_id, clock.now),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        lambda one: CursorStore(wiring.runs_table(), tenant_id, one).get(TIME) is not None,
        clock.now,
    )
    return TieOutServices(desk, signer(), idempotency())


def for_project_syncs(caller: Caller) -> ProjectSyncServices:
    tenant_id = caller.tenant_id
    syncs = ProjectSyncs(
        sync_desk(tenant_id),
        WorkStore(directory_store(tenant_id), PROJECTS),
        wiring.connection_store(tenant_id),
        lambda one: wiring_actuals.harvest_projects(tenant_id, one),
    )
    return ProjectSyncServices(syncs, idempotency())


def for_excluding(caller: Caller) -> ExcludingServices:
    tenant_id = caller.tenant_id
    store = directory_store(tenant_id)

    def of(connection_id: str) -> OfConnection:
        return OfConnection(
            wiring_actuals.extents(tenant_id, connection_id),
            wiring_actuals.view(tenant_id, connection_id),
            wiring_actuals.harvest_projects(tenant_id, connection_id),
        )

    return ExcludingServices(
        lambda one: _require_connection(tenant_id, one),
        of,
        ExclusionStore(store),
        WorkStore(store, PEOPLE),
        WorkStore(store, PROJECTS),
        wiring.trail(tenant_id),
        signer(),
    )


def _actuals_of(tenant_id: str, connection_id: str) -> ActualsOfConnection:
    _require_connection(tenant_id, connection_id)
    tenant, trail = wiring.tenant_settings(tenant_id).get(), wiring.trail(tenant_id)
    entries = TimeStore(wiring.mirror_table(), tenant_id, connection_id)
    mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)
    store = ActualsStore(wiring.mirror_table(), tenant_id, connection_id)
    edits = wiring_actuals.edits(tenant_id, connection_id)
    view = wiring_actuals.view(tenant_id, connection_id)
    reader = wiring_actuals.reader(tenant_id, connection_id, view)
    confirmed = SettingsOfActuals(wiring.directory_table(), tenant_id, trail, clock.now)
    rule = tenant.hours_rule
    return ActualsOfConnection(
        reader,
        Editor(
            reader,
            edits,
            trail,
            rule,
            clock.now,
            lambda actual: actual_document(actual, view, rule, clock.now()),
        ),
        Asker(
            entries,
            mirror,
            store,
            edits,
            reader,
            confirmed.confirmation(connection_id) is not None,
            clock.now,
        ),
        view,
        mirror,
        rule,
    )


def _require_connection(tenant_id: str, connection_id: str) -> None:
    wiring.connection_store(tenant_id).get(connection_id)
