"""The part of the API that waits for Harvest; the one API function that can decrypt tokens."""

from typing import Any

from sheaf import wiring, wiring_harvest
from sheaf.connections.harvest_routes import HarvestServices
from sheaf.connections.harvest_routes import routes as harvest_routes
from sheaf.harvest.pace import Use
from sheaf.notices.connections import tell_findings, tell_needs_reauth
from sheaf.platform.caller import Caller
from sheaf.platform.http import answer, resolver


def _services(caller: Caller) -> HarvestServices:
    tenant_id = caller.tenant_id
    return HarvestServices(
        wiring.connection_desk(tenant_id),
        wiring_harvest.authoriser(tenant_id, Use.INTERACTIVE),
        wiring_harvest.connector(tenant_id, Use.INTERACTIVE),
        lambda connection: wiring_harvest.client_of(tenant_id, connection, Use.INTERACTIVE),
        wiring.idempotency(),
        lambda connection_id: tell_needs_reauth(
            wiring.notices(tenant_id), wiring.connection_store(tenant_id).get(connection_id)
        ),
        lambda connection: tell_findings(wiring.notices(tenant_id), connection),
    )


app = resolver()
app.include_router(harvest_routes(_services))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return answer(app, event, context, wiring.claim_names(), wiring.admit)
