"""The part of the API about imports and removals, and the list of integrations."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api
from sheaf.directory.removed import RemovedStore
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.flow import ImportDesk
from sheaf.imports.overview_routes import OverviewServices
from sheaf.imports.overview_routes import routes as overview_routes
from sheaf.imports.reviewing import Review
from sheaf.imports.routes import ImportServices
from sheaf.imports.routes import routes as import_routes
from sheaf.imports.work_decisions import WorkDecisionStore
from sheaf.imports.work_flow import WorkDesk
from sheaf.imports.work_reviewing import WorkReview
from sheaf.imports.work_routes import WorkServices, work_routes
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import WORK_IMPORTS
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock
from sheaf.platform.caller import Caller
from sheaf.removals.flow import RemovalDesk, RemovalRuns
from sheaf.removals.routes import RemovalServices
from sheaf.removals.routes import routes as removal_routes


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


def for_imports(caller: Caller) -> ImportServices:
    tenant_id = caller.tenant_id
    return ImportServices(
        import_desk(tenant_id),
        Review(runs(tenant_id), lambda one: decisions(tenant_id, one), clock.now),
        lambda one: decisions(tenant_id, one),
        lambda one: wiring_api.require_connection(tenant_id, one),
        wiring_api.signer(),
        wiring.idempotency(),
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
        wiring_api.signer(),
        wiring.idempotency(),
    )


def for_overview(caller: Caller) -> OverviewServices:
    tenant_id = caller.tenant_id
    return OverviewServices(
        wiring.tenant_settings(tenant_id),
        wiring.connection_desk(tenant_id),
        runs(tenant_id),
        work_runs(tenant_id),
        wiring_api.directory_store(tenant_id),
        lambda one: MirrorStore(wiring.mirror_table(), tenant_id, one),
        lambda one: decisions(tenant_id, one),
        lambda one: RemovedStore(wiring_api.directory_store(tenant_id), one),
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
        lambda one: RemovedStore(wiring_api.directory_store(tenant_id), one),
        lambda one: wiring_api.require_connection(tenant_id, one),
        wiring_api.signer(),
        wiring.idempotency(),
    )


def routers() -> list[APIGatewayHttpRouter]:
    return [
        overview_routes(for_overview),
        import_routes(for_imports),
        work_routes(for_work_imports),
        removal_routes(for_removals),
    ]
