"""Routes of connections that wait for Harvest: they run in a function of their own."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.connections import rules
from sheaf.connections.authorising import Authoriser
from sheaf.connections.connecting import ClientOf, Connector
from sheaf.connections.flow import ConnectionDesk
from sheaf.connections.records import Connection, State
from sheaf.connections.vault import NeedsReauthError
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import HarvestError, NotFoundError
from sheaf.harvest.payloads import Client, Contact, read
from sheaf.platform.caller import Caller, Role
from sheaf.platform.http import Body, IdempotencyKey, caller, created, once
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import Problem

ConnectionId = Annotated[str, Path(description="Id of the connection.", max_length=40)]


class Redeem(Body):
    ticket: str = Field(max_length=300, description="The one-time ticket from the callback.")


class ConnectWithToken(Body):
    access_token: str = Field(
        min_length=8,
        max_length=500,
        pattern=r"^[\x21-\x7e]+$",
        description="Personal access token made at Harvest ID under Developers.",
    )
    account_id: str = Field(pattern=r"^\d{1,18}$", description="Harvest account id beside it.")
    harvest_address: str | None = Field(None, max_length=200)


class ChooseAccount(Body):
    account_id: str = Field(pattern=r"^\d{1,18}$")


class HarvestServices:
    def __init__(
        self,
        desk: ConnectionDesk,
        authoriser: Authoriser,
        connector: Connector,
        client_of: ClientOf,
        idempotency: Idempotency,
        tell_needs_reauth: Callable[[str], None],
        tell_findings: Callable[[Connection], None],
    ) -> None:
        self.desk = desk
        self.authoriser = authoriser
        self.connector = connector
        self.client_of = client_of
        self.idempotency = idempotency
        self.tell_needs_reauth = tell_needs_reauth
        self.tell_findings = tell_findings


def routes(services: Callable[[Caller], HarvestServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    of = services

    @router.post("/v1/connections/redeem", tags=["connections"], summary="Finish connecting")
    def redeem(body: Redeem) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        return here.desk.document(here.authoriser.redeem(who, body.ticket))

    @router.post(
        "/v1/connections/token", tags=["connections"], summary="Connect with a personal token"
    )
    def connect_with_token(
        body: ConnectWithToken, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)

        def connect(subject: str) -> dict[str, Any]:
            connection = here.desk.for_token(who, body.harvest_address, subject)
            if connection.state is not State.CONNECTED:
                connection = here.authoriser.connect_with_token(
                    who, connection, body.account_id, body.access_token
                )
            return here.desk.document(connection)

        document = once(router, here.idempotency, idempotency_key, body, connect)
        return created(document, f"/v1/connections/{document['id']}")

    @router.post(
        "/v1/connections/<connection_id>/account",
        tags=["connections"],
        summary="Choose one of several accounts",
    )
    def choose_account(connection_id: ConnectionId, body: ChooseAccount) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        return here.desk.document(
            here.authoriser.choose_account(who, connection_id, body.account_id)
        )

    @router.post(
        "/v1/connections/<connection_id>/check",
        tags=["connections"],
        summary="Check that the connection works",
    )
    def check(connection_id: ConnectionId) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN, Role.MANAGER)
        here = of(who)
        try:
            checked = here.connector.check(connection_id)
            here.tell_findings(checked)
            return here.desk.document(checked)
        except HarvestError as error:
            if isinstance(error, NeedsReauthError):
                here.tell_needs_reauth(connection_id)
            raise rules.problem_of(error) from error

    @router.get(
        "/v1/connections/<connection_id>/harvest/<resource>/<harvest_id>",
        tags=["connections"],
        summary="Look one record up in Harvest, now",
    )
    def look_up(
        connection_id: ConnectionId,
        resource: Annotated[Literal["clients", "contacts"], Path()],
        harvest_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    ) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN, Role.MANAGER)
        here = of(who)
        connection = here.desk.store.get(connection_id)
        if connection.state is not State.CONNECTED:
            raise Problem(
                409,
                "not_connected",
                f"The connection is {connection.state.value}.",
                "Connect it first.",
            )
        client = here.client_of(connection)
        try:
            body = _record(client, f"/{resource}/{harvest_id}")
            if body is None:
                return {
                    "exists": False,
                    "resource": resource,
                    "id": str(harvest_id),
                    "record": None,
                }
            model = Client if resource == "clients" else Contact
            record = read(model, body).model_dump(mode="json")
        except HarvestError as error:
            if isinstance(error, NeedsReauthError):
                here.tell_needs_reauth(connection_id)
            raise rules.problem_of(error) from error
        return {"exists": True, "resource": resource, "id": str(harvest_id), "record": record}

    return router


def _record(client: HarvestClient, path: str) -> Any:
    """The body of a record, None for one that Harvest does not have."""
    try:
        return client.get(path).body
    except NotFoundError:
        # An account that is not reached answers 404 too; only one that answers lacks a record.
        client.get("/company")
        return None
