"""The part of the API about actuals: read, exported, proved, left out."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_actuals, wiring_api, wiring_desks
from sheaf.actuals.asking import Asker
from sheaf.actuals.documents import actual_document
from sheaf.actuals.edge import ActualsServices
from sheaf.actuals.edge import ConnectionServices as ActualsOfConnection
from sheaf.actuals.editing import Editor
from sheaf.actuals.excluding import OfConnection
from sheaf.actuals.excluding_routes import ExcludingServices, excluding_routes
from sheaf.actuals.export_routes import ExportServices
from sheaf.actuals.export_routes import routes as export_routes
from sheaf.actuals.project_sync import ProjectSyncs
from sheaf.actuals.project_sync_routes import ProjectSyncServices, project_sync_routes
from sheaf.actuals.routes import routes as actuals_routes
from sheaf.actuals.settings_routes import settings_routes
from sheaf.actuals.settings_store import SettingsOfActuals
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.tie_out.routes import TieOutServices, tie_out_routes
from sheaf.directory.exclusion_store import ExclusionStore
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.time_store import TimeStore
from sheaf.platform import clock
from sheaf.platform.caller import Caller


def for_actuals(caller: Caller) -> ActualsServices:
    tenant_id = caller.tenant_id
    trail = wiring.trail(tenant_id)
    return ActualsServices(
        SettingsOfActuals(wiring.directory_table(), tenant_id, trail, clock.now),
        lambda one: _actuals_of(tenant_id, one),
        trail,
        wiring_api.signer(),
        clock.now,
    )


def for_exports(caller: Caller) -> ExportServices:
    tenant_id = caller.tenant_id
    return ExportServices(
        wiring_desks.export_desk(tenant_id),
        for_actuals(caller),
        wiring.files(tenant_id),
        wiring_api.signer(),
        wiring.idempotency(),
        clock.now,
    )


def for_tie_outs(caller: Caller) -> TieOutServices:
    desk = wiring_desks.tie_out_desk(caller.tenant_id)
    return TieOutServices(desk, wiring_api.signer(), wiring.idempotency())


def for_project_syncs(caller: Caller) -> ProjectSyncServices:
    tenant_id = caller.tenant_id
    syncs = ProjectSyncs(
        wiring_desks.sync_desk(tenant_id),
        WorkStore(wiring_api.directory_store(tenant_id), PROJECTS),
        wiring.connection_store(tenant_id),
        lambda one: wiring_actuals.harvest_projects(tenant_id, one),
    )
    return ProjectSyncServices(syncs, wiring.idempotency())


def for_excluding(caller: Caller) -> ExcludingServices:
    tenant_id = caller.tenant_id
    store = wiring_api.directory_store(tenant_id)

    def of(connection_id: str) -> OfConnection:
        return OfConnection(
            wiring_actuals.extents(tenant_id, connection_id),
            wiring_actuals.view(tenant_id, connection_id),
            wiring_actuals.harvest_projects(tenant_id, connection_id),
        )

    return ExcludingServices(
        lambda one: wiring_api.require_connection(tenant_id, one),
        of,
        ExclusionStore(store),
        WorkStore(store, PEOPLE),
        WorkStore(store, PROJECTS),
        wiring.trail(tenant_id),
        wiring_api.signer(),
    )


def _actuals_of(tenant_id: str, connection_id: str) -> ActualsOfConnection:
    wiring_api.require_connection(tenant_id, connection_id)
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


def routers() -> list[APIGatewayHttpRouter]:
    return [
        settings_routes(for_actuals),
        export_routes(for_exports),
        excluding_routes(for_excluding),
        actuals_routes(for_actuals),
        project_sync_routes(for_project_syncs),
        tie_out_routes(for_tie_outs),
    ]
