"""Routes of roles."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.bodies import Status
from sheaf.directory.documents import role_document
from sheaf.directory.edge import DirectoryServices, Edge, Listing, Search
from sheaf.directory.work_bodies import ChangeRole, NewRole
from sheaf.platform.caller import Caller
from sheaf.platform.http import Cursor, IdempotencyKey, Limit

RoleId = Annotated[str, Path(max_length=40)]


def role_routes(services: Callable[[Caller], DirectoryServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    @router.get("/v1/roles", tags=["people"], summary="List or search roles")
    def list_roles(
        q: Search = None,
        status: Annotated[Status | None, Query()] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        here = edge.reader()
        listing = Listing("roles", "roles", here.roles.store.by_name, here.roles.listed)
        return edge.listed(here, listing, q, status, limit, cursor)

    @router.post("/v1/roles", tags=["people"], summary="Create a role")
    def create_role(body: NewRole, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who, here = edge.writer()

        def do(subject: str) -> dict[str, Any]:
            return role_document(here.roles.create(who.user_id, body.model_dump(), subject))

        return edge.made("roles", idempotency_key, body, do)

    @router.get("/v1/roles/<role_id>", tags=["people"], summary="Read a role")
    def read_role(role_id: RoleId) -> dict[str, Any]:
        return role_document(edge.reader().roles.store.role(role_id))

    @router.patch("/v1/roles/<role_id>", tags=["people"], summary="Change or archive a role")
    def change_role(role_id: RoleId, body: ChangeRole) -> dict[str, Any]:
        who, here = edge.writer()
        values = body.model_dump(exclude={"version"}, exclude_unset=True)
        return role_document(here.roles.change(who.user_id, role_id, body.version, values))

    @router.get("/v1/roles/<role_id>/audit", tags=["people"], summary="Changes of a role")
    def role_audit(role_id: RoleId, limit: Limit = 50, cursor: Cursor = None) -> Any:
        here = edge.reader()
        return edge.audit(role_id, limit, cursor, here, here.roles.store.role, "ro")

    return router
