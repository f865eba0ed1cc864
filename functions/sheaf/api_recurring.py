"""The part of the API about recurring billing."""

from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform import clock
from sheaf.platform.caller import Caller
from sheaf.recurring.reading import FindingReader
from sheaf.recurring.routes import FindingServices, OfConnection, routes
from sheaf.recurring.ruling import FindingDesk
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.store import FindingStore


def for_findings(caller: Caller) -> FindingServices:
    tenant_id = caller.tenant_id
    return FindingServices(
        lambda one: _of(tenant_id, one), wiring.trail(tenant_id), wiring_api.signer()
    )


def _of(tenant_id: str, connection_id: str) -> OfConnection:
    connection = wiring.connection_store(tenant_id).get(connection_id)
    zone = ZoneInfo(wiring.tenant_settings(tenant_id).get().time_zone)
    table = wiring.mirror_table()
    mirror = MirrorStore(table, tenant_id, connection_id)
    rulings = RulingStore(
        wiring.directory_table(), tenant_id, connection_id, wiring.trail(tenant_id)
    )
    reader = FindingReader(
        FindingStore(table, tenant_id, connection_id),
        rulings,
        mirror,
        wiring_api.directory_store(tenant_id),
        connection_id,
        clock.now().astimezone(zone).date(),
    )
    read = CursorStore(wiring.runs_table(), tenant_id, connection_id).get(INVOICES)
    return OfConnection(
        FindingDesk(reader, rulings, clock.now),
        mirror,
        clock.rfc3339(read.read_at) if read else "",
        bool((connection.modules or {}).get("recurring")),
    )


def routers() -> list[APIGatewayHttpRouter]:
    return [routes(for_findings)]
