"""The part of the API about recurring billing: findings, quotes, contracts."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api, wiring_findings
from sheaf.connections.store import JobKind
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform import clock
from sheaf.platform.actions import Action
from sheaf.platform.caller import Caller
from sheaf.platform.tables import Table
from sheaf.recurring.retainers.contracting import ContractDesk
from sheaf.recurring.retainers.edge import RetainerServices
from sheaf.recurring.retainers.quoting import QuoteDesk
from sheaf.recurring.retainers.records import Contract
from sheaf.recurring.retainers.redrafting import Redrafter
from sheaf.recurring.retainers.routes import contract_routes, quote_routes
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.recurring.routes import FindingServices, OfConnection, routes
from sheaf.recurring.ruling import FindingDesk
from sheaf.recurring.ruling_store import RulingStore
from sheaf.wiring_retainers import intents


def for_findings(caller: Caller) -> FindingServices:
    tenant_id = caller.tenant_id
    return FindingServices(
        lambda one: _of(tenant_id, one), wiring.trail(tenant_id), wiring_api.signer()
    )


def for_retainers(caller: Caller) -> RetainerServices:
    tenant_id = caller.tenant_id
    store = RetainerStore(wiring.directory_table(), tenant_id)
    trail = wiring.trail(tenant_id)
    connections = wiring.connection_store(tenant_id)

    def rulings(connection_id: str) -> RulingStore:
        return wiring_findings.rulings(tenant_id, connection_id)

    def schedule(contract: Contract) -> tuple[Table, Action]:
        """Due at once: the job finds out when the next document is."""
        return connections.schedule(contract.contract_id, JobKind.BILLING, clock.now())

    def kinds(connection_id: str) -> set[str]:
        mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)
        return {str(one.payload()["name"]) for one in mirror.all("invoice_item_categories")}

    return RetainerServices(
        QuoteDesk(store, rulings, schedule, trail, clock.now),
        ContractDesk(store, schedule, trail, wiring.today(tenant_id), clock.now),
        lambda one: _of(tenant_id, one).desk.reader,
        kinds,
        Redrafter(store, lambda one: intents(tenant_id, one), schedule, trail),
        trail,
        wiring_api.signer(),
    )


def _of(tenant_id: str, connection_id: str) -> OfConnection:
    connection = wiring.connection_store(tenant_id).get(connection_id)
    read = CursorStore(wiring.runs_table(), tenant_id, connection_id).get(INVOICES)
    return OfConnection(
        FindingDesk(
            wiring_findings.reader(tenant_id, connection_id),
            wiring_findings.rulings(tenant_id, connection_id),
            clock.now,
        ),
        MirrorStore(wiring.mirror_table(), tenant_id, connection_id),
        clock.rfc3339(read.read_at) if read else "",
        bool((connection.modules or {}).get("recurring")),
    )


def routers() -> list[APIGatewayHttpRouter]:
    return [routes(for_findings), quote_routes(for_retainers), contract_routes(for_retainers)]
