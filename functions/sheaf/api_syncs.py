"""The part of the API about syncs, and how far the mirror is."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api, wiring_desks
from sheaf.connections.store import JobKind
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.sync_routes import SyncServices
from sheaf.mirror.sync_routes import routes as sync_routes
from sheaf.platform.caller import Caller


def for_syncs(caller: Caller) -> SyncServices:
    tenant_id = caller.tenant_id
    connections = wiring.connection_store(tenant_id)
    return SyncServices(
        wiring_desks.sync_desk(tenant_id),
        lambda one: CursorStore(wiring.runs_table(), tenant_id, one),
        lambda one: wiring_api.require_connection(tenant_id, one),
        lambda one: {
            "next_sync_at": connections.due_at(one, JobKind.SYNC),
            "next_sweep_at": connections.due_at(one, JobKind.SWEEP),
            "next_books_run_at": connections.due_at(one, JobKind.BOOKS),
        },
        wiring_api.signer(),
        wiring.idempotency(),
    )


def routers() -> list[APIGatewayHttpRouter]:
    return [
        sync_routes(for_syncs),
    ]
