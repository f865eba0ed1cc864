"""Routes of projects: themselves and their Harvest projects."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.bodies import AddExternalId, Status
from sheaf.directory.edge import (
    ConnectionId,
    DirectoryServices,
    Edge,
    Listing,
    PastedId,
    Search,
    Version,
)
from sheaf.directory.work_bodies import ChangeProject, NewProject
from sheaf.platform.caller import Caller
from sheaf.platform.http import Cursor, IdempotencyKey, Limit

ProjectId = Annotated[str, Path(max_length=40)]


def project_routes(services: Callable[[Caller], DirectoryServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    @router.get("/v1/projects", tags=["projects"], summary="List or search projects")
    def list_projects(
        q: Search = None,
        status: Annotated[Status | None, Query()] = None,
        company_id: Annotated[str | None, Query(max_length=40)] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        here = edge.reader()
        by_name = here.projects.store.by_name
        if company_id is not None:
            by_name = partial(here.projects.of_company, company_id)
        query = f"projects/{company_id or ''}"
        listing = Listing("projects", query, by_name, here.projects.listed)
        return edge.listed(here, listing, q, status, limit, cursor)

    @router.post("/v1/projects", tags=["projects"], summary="Create a project")
    def create_project(body: NewProject, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who, here = edge.writer()

        def do(subject: str) -> dict[str, Any]:
            project = here.projects.create(who.user_id, body.model_dump(), subject)
            return here.projects.document(project)

        return edge.made("projects", idempotency_key, body, do)

    @router.get("/v1/projects/<project_id>", tags=["projects"], summary="Read a project")
    def read_project(project_id: ProjectId) -> dict[str, Any]:
        projects = edge.reader().projects
        return projects.document(projects.store.one(project_id))

    @router.patch("/v1/projects/<project_id>", tags=["projects"], summary="Change a project")
    def change_project(project_id: ProjectId, body: ChangeProject) -> dict[str, Any]:
        who, here = edge.writer()
        values = body.model_dump(exclude={"version"}, exclude_unset=True)
        changed = here.projects.change(who.user_id, project_id, body.version, values)
        return here.projects.document(changed)

    @router.post(
        "/v1/projects/<project_id>/external-ids",
        tags=["projects"],
        summary="Attach a Harvest project by id or address",
    )
    def attach_project(project_id: ProjectId, body: AddExternalId) -> dict[str, Any]:
        who, here = edge.writer()
        link = here.link("project", body.connection_id, body.id, body.primary)
        changed = here.projects.attach(who.user_id, project_id, body.version, link)
        return here.projects.document(changed)

    @router.delete(
        "/v1/projects/<project_id>/external-ids",
        tags=["projects"],
        summary="Detach a Harvest project",
    )
    def detach_project(
        project_id: ProjectId, connection_id: ConnectionId, harvest_id: PastedId, version: Version
    ) -> dict[str, Any]:
        who, here = edge.writer()
        link = here.link("project", connection_id, harvest_id)
        changed = here.projects.detach(who.user_id, project_id, version, link)
        return here.projects.document(changed)

    @router.get(
        "/v1/projects/<project_id>/audit", tags=["projects"], summary="Changes of a project"
    )
    def project_audit(project_id: ProjectId, limit: Limit = 50, cursor: Cursor = None) -> Any:
        here = edge.reader()
        return edge.audit(project_id, limit, cursor, here, here.projects.store.one, "pr")

    return router
