"""Routes of what people decide about the actuals of a connection."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.actuals.edge import (
    CHANGERS,
    READERS,
    ActualsServices,
    ChangeActualsSettings,
    ConnectionId,
)
from sheaf.actuals.settings_store import (
    ActualsSettings,
    directory_not_imported,
    settings_document,
)
from sheaf.platform.caller import Caller
from sheaf.platform.http import caller


def settings_routes(services: Callable[[Caller], ActualsServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def document(
        here: ActualsServices, connection_id: str, settings: ActualsSettings
    ) -> dict[str, Any]:
        confirmation = here.settings.confirmation(connection_id)
        return {
            **settings_document(connection_id, settings),
            "confirmed_at": confirmation.at if confirmation else None,
            "confirmed_by": confirmation.by if confirmation else None,
        }

    @router.get(
        "/v1/connections/<connection_id>/actuals-settings",
        tags=["actuals"],
        summary="Whether actuals have begun, and whether missing days are filled",
    )
    def read_actuals_settings(connection_id: ConnectionId) -> dict[str, Any]:
        who = caller(router)
        who.require(*READERS)
        here = services(who)
        here.of(connection_id)
        return document(here, connection_id, here.settings.get(connection_id))

    @router.patch(
        "/v1/connections/<connection_id>/actuals-settings",
        tags=["actuals"],
        summary="Switch autofill on or off",
    )
    def change_actuals_settings(
        connection_id: ConnectionId, body: ChangeActualsSettings
    ) -> dict[str, Any]:
        who = caller(router)
        who.require(*CHANGERS)
        here = services(who)
        here.of(connection_id)
        changed = here.settings.change(connection_id, who.user_id, body.version, body.autofill)
        return document(here, connection_id, changed)

    @router.post(
        "/v1/connections/<connection_id>/actuals/confirm",
        tags=["actuals"],
        summary="Confirm imported people and projects, so that actuals begin",
    )
    def confirm_actuals(connection_id: ConnectionId) -> dict[str, Any]:
        who = caller(router)
        who.require(*CHANGERS)
        here = services(who)
        if not here.of(connection_id).view.is_imported():
            raise directory_not_imported()
        here.settings.confirm(connection_id, who.user_id)
        return document(here, connection_id, here.settings.get(connection_id))

    return router
