"""The part of the API about imports and removals, and the list of integrations."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api, wiring_desks, wiring_findings
from sheaf.directory.removed import RemovedStore
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.overview_routes import OverviewServices
from sheaf.imports.overview_routes import routes as overview_routes
from sheaf.imports.reviewing import Review
from sheaf.imports.routes import ImportServices
from sheaf.imports.routes import routes as import_routes
from sheaf.imports.work_decisions import WorkDecisionStore
from sheaf.imports.work_reviewing import WorkReview
from sheaf.imports.work_routes import WorkServices, work_routes
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock
from sheaf.platform.caller import Caller
from sheaf.removals.routes import RemovalServices
from sheaf.removals.routes import routes as removal_routes


def decisions(tenant_id: str, connection_id: str) -> DecisionStore:
    return DecisionStore(wiring.directory_table(), tenant_id, connection_id)


def for_imports(caller: Caller) -> ImportServices:
    tenant_id = caller.tenant_id
    desk = wiring_desks.import_desk(tenant_id)
    return ImportServices(
        desk,
        Review(desk.runs, lambda one: decisions(tenant_id, one), clock.now),
        lambda one: decisions(tenant_id, one),
        lambda one: wiring_api.require_connection(tenant_id, one),
        wiring_api.signer(),
        wiring.idempotency(),
    )


def for_work_imports(caller: Caller) -> WorkServices:
    tenant_id = caller.tenant_id
    desk = wiring_desks.work_desk(tenant_id)
    return WorkServices(
        desk,
        WorkReview(
            desk.runs,
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
        wiring_desks.import_desk(tenant_id).runs,
        wiring_desks.work_desk(tenant_id).runs,
        wiring_api.directory_store(tenant_id),
        lambda one: MirrorStore(wiring.mirror_table(), tenant_id, one),
        lambda one: decisions(tenant_id, one),
        lambda one: RemovedStore(wiring_api.directory_store(tenant_id), one),
        lambda one: wiring_findings.unretained(tenant_id, one),
    )


def for_removals(caller: Caller) -> RemovalServices:
    tenant_id = caller.tenant_id
    return RemovalServices(
        wiring_desks.removal_desk(tenant_id),
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
