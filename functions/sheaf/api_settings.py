"""The part of the API about the tenant, its notices and its connections."""

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api
from sheaf.connections.routes import ConnectionServices
from sheaf.connections.routes import routes as connection_routes
from sheaf.connections.rules import return_address_allowed
from sheaf.notices.routes import Services as NoticeServices
from sheaf.notices.routes import routes as notice_routes
from sheaf.platform.caller import Caller
from sheaf.tenants.routes import SettingsServices
from sheaf.tenants.routes import routes as settings_routes


def for_settings(caller: Caller) -> SettingsServices:
    deployed = wiring.settings().return_addresses
    return SettingsServices(
        wiring.tenant_settings(caller.tenant_id),
        lambda address: return_address_allowed(address, deployed),
        lambda: wiring.job_plan(caller.tenant_id).anew(),
        wiring_api.signer(),
    )


def for_notices(caller: Caller) -> NoticeServices:
    return wiring.notices(caller.tenant_id), wiring_api.signer()


def for_connections(caller: Caller, event: Any) -> ConnectionServices:
    return ConnectionServices(
        wiring.connection_desk(caller.tenant_id),
        wiring.trail(caller.tenant_id),
        wiring_api.signer(),
        wiring.idempotency(),
        wiring.api_url(event),
    )


def routers() -> list[APIGatewayHttpRouter]:
    return [
        connection_routes(for_connections),
        notice_routes(for_notices),
        settings_routes(for_settings),
    ]
