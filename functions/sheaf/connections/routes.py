"""Routes of connections that need no call to Harvest."""

from collections.abc import Callable
from datetime import time
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.connections.flow import REVOKE, ConnectionDesk
from sheaf.connections.records import Connection, Policy
from sheaf.connections.schedules import Every, ImportSchedule
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, Cursor, IdempotencyKey, Limit, caller, created, once
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import Problem
from sheaf.tenants.audit import Trail
from sheaf.tenants.audit_page import audit_page

ConnectionId = Annotated[str, Path(description="Id of the connection.", max_length=40)]


class Authorize(Body):
    return_to: str = Field(
        max_length=2000, description="Where the browser goes when Harvest is done; allow-listed."
    )
    popup: bool = Field(False, description="The page posts its ticket to the opener and closes.")
    harvest_address: str | None = Field(
        None, max_length=200, description="Expected address, e.g. acme.harvestapp.com."
    )


class Schedule(Body):
    every: Every = Field(description="How often clients are imported unattended.")
    day: int = Field(
        1, ge=1, le=31, description="Day of the month, or ISO weekday (1 = Monday) for a week."
    )
    at: str = Field("03:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Local time.")

    def schedule(self) -> ImportSchedule:
        if self.every is Every.WEEK and self.day > 7:
            raise Problem(
                422,
                "invalid_request",
                "A weekday is a number from 1 (Monday) to 7.",
                "Correct `import_schedule.day`.",
            )
        return ImportSchedule(self.every, self.day, time.fromisoformat(self.at))


class ChangeConnection(Body):
    version: int = Field(ge=1, description="Version that the change is based on.")
    import_schedule: Schedule | None = None
    modules: (
        dict[Literal["clients", "projects", "people", "actuals", "recurring", "books"], bool] | None
    ) = Field(
        None,
        description="What is read from Harvest. `recurring` reads invoices, `books` their payments"
        " too.",
    )
    import_policies: dict[Literal["projects", "people"], Policy] | None = Field(
        None,
        description="`create_only` leaves what was imported as it is; `create_and_update` follows"
        " Harvest in what was not edited here.",
    )


class Disconnect(Body):
    confirm: Literal[True] = Field(description="The person confirmed.")
    reason: Literal["no_longer_using", "security_policy", "troubleshooting", "other"] | None = None
    comment: str | None = Field(None, max_length=1000)


class ConnectionServices:
    """What the routes need for one caller."""

    def __init__(
        self,
        desk: ConnectionDesk,
        trail: Trail,
        signer: CursorSigner,
        idempotency: Idempotency,
        api_url: str,
    ) -> None:
        self.desk = desk
        self.trail = trail
        self.signer = signer
        self.idempotency = idempotency
        self.api_url = api_url


def routes(services: Callable[[Caller, Any], ConnectionServices]) -> APIGatewayHttpRouter:
    """`services(caller, event)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def of(who: Caller) -> ConnectionServices:
        return services(who, router.current_event)

    @router.post("/v1/connections/authorize", tags=["connections"], summary="Connect Harvest")
    def authorize(body: Authorize, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        started: list[tuple[Connection, str]] = []

        def start(subject: str, connection_id: str | None = None) -> dict[str, Any]:
            to, popup, address = body.return_to, body.popup, body.harvest_address
            started.append(
                here.desk.start(who, here.api_url, to, popup, address, connection_id, subject)
            )
            return {"connection_id": started[-1][0].connection_id}

        made = once(router, here.idempotency, idempotency_key, body, start)
        if not started:
            # The address holds a state, which is kept nowhere: the same connection gets another.
            start("", made["connection_id"])
        connection, url = started[-1]
        return created(
            {"connection": here.desk.document(connection), "authorize_url": url},
            f"/v1/connections/{connection.connection_id}",
        )

    @router.post(
        "/v1/connections/<connection_id>/reconnect",
        tags=["connections"],
        summary="Authorise a connection again",
    )
    def reconnect(connection_id: ConnectionId, body: Authorize) -> Response[Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        connection, url = here.desk.start(
            who,
            here.api_url,
            body.return_to,
            body.popup,
            body.harvest_address,
            connection_id,
        )
        return created(
            {"connection": here.desk.document(connection), "authorize_url": url},
            f"/v1/connections/{connection.connection_id}",
        )

    @router.get("/v1/connections", tags=["connections"], summary="List connections")
    def list_connections() -> dict[str, Any]:
        here = of(caller(router))
        return {"connections": [here.desk.document(one) for one in here.desk.store.all()]}

    @router.get(
        "/v1/connections/<connection_id>", tags=["connections"], summary="Read a connection"
    )
    def read_connection(connection_id: ConnectionId) -> dict[str, Any]:
        here = of(caller(router))
        return here.desk.document(here.desk.store.get(connection_id))

    @router.patch(
        "/v1/connections/<connection_id>",
        tags=["connections"],
        summary="Change the import schedule, the modules or the import policies",
    )
    def change_connection(connection_id: ConnectionId, body: ChangeConnection) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        schedule = body.import_schedule.schedule() if body.import_schedule else None
        modules = dict(body.modules) if body.modules else None
        policies = dict(body.import_policies) if body.import_policies else None
        changed = here.desk.change(
            who,
            connection_id,
            body.version,
            schedule,
            {str(name): on for name, on in modules.items()} if modules else None,
            {str(name): one.value for name, one in policies.items()} if policies else None,
        )
        return here.desk.document(changed)

    @router.post(
        "/v1/connections/<connection_id>/disconnect",
        tags=["connections"],
        summary="Disconnect; imported data stays",
    )
    def disconnect(connection_id: ConnectionId, body: Disconnect) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        changed = here.desk.disconnect(who, connection_id, body.reason, body.comment)
        return {"connection": here.desk.document(changed), "revoke_at_harvest": REVOKE}

    @router.get(
        "/v1/connections/<connection_id>/audit",
        tags=["connections"],
        summary="Who did what with the connection",
    )
    def audit(
        connection_id: ConnectionId, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        here.desk.store.get(connection_id)
        return audit_page(here.trail, connection_id, limit, cursor, here.signer, who.tenant_id)

    return router
