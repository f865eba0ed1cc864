"""Routes of people: themselves, their Harvest users, their roles.

What an hour of a person costs is for the roles admin and manager alone: nobody else sees it, also
not in a conflict or in the trail, and nobody else sets it.
"""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.bodies import AddExternalId, Status
from sheaf.directory.edge import (
    KNOW_COSTS,
    ConnectionId,
    DirectoryServices,
    Edge,
    Listing,
    PastedId,
    Search,
    Version,
)
from sheaf.directory.role_dates import RoleAssignment
from sheaf.directory.work_bodies import AssignRole, ChangePerson, Day, NewPerson
from sheaf.platform.caller import Caller
from sheaf.platform.http import Cursor, IdempotencyKey, Limit

PersonId = Annotated[str, Path(max_length=40)]


def person_routes(services: Callable[[Caller], DirectoryServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    def writer(body: NewPerson | ChangePerson) -> tuple[Caller, DirectoryServices]:
        who, here = edge.writer()
        if "cost" in body.model_fields_set:
            who.require(*KNOW_COSTS)
        return who, here

    @router.get("/v1/people", tags=["people"], summary="List or search people")
    def list_people(
        q: Search = None,
        status: Annotated[Status | None, Query()] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        here = edge.reader()
        listing = Listing("people", "people", here.people.store.by_name, here.people.listed)
        return edge.listed(here, listing, q, status, limit, cursor)

    @router.post("/v1/people", tags=["people"], summary="Create a person")
    def create_person(body: NewPerson, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who, here = writer(body)

        def do(subject: str) -> dict[str, Any]:
            person = here.people.create(who.user_id, body.model_dump(), subject)
            return here.people.document(person)

        return edge.made("people", idempotency_key, body, do)

    @router.get("/v1/people/<person_id>", tags=["people"], summary="Read a person")
    def read_person(person_id: PersonId) -> dict[str, Any]:
        people = edge.reader().people
        return people.document(people.store.one(person_id))

    @router.patch("/v1/people/<person_id>", tags=["people"], summary="Change a person")
    def change_person(person_id: PersonId, body: ChangePerson) -> dict[str, Any]:
        who, here = writer(body)
        values = body.model_dump(exclude={"version"}, exclude_unset=True)
        changed = here.people.change(who.user_id, person_id, body.version, values)
        return here.people.document(changed)

    @router.post(
        "/v1/people/<person_id>/external-ids",
        tags=["people"],
        summary="Attach a Harvest user by id or address",
    )
    def attach_user(person_id: PersonId, body: AddExternalId) -> dict[str, Any]:
        who, here = edge.writer()
        link = here.link("user", body.connection_id, body.id, body.primary)
        changed = here.people.attach(who.user_id, person_id, body.version, link)
        return here.people.document(changed)

    @router.delete(
        "/v1/people/<person_id>/external-ids", tags=["people"], summary="Detach a Harvest user"
    )
    def detach_user(
        person_id: PersonId, connection_id: ConnectionId, harvest_id: PastedId, version: Version
    ) -> dict[str, Any]:
        who, here = edge.writer()
        link = here.link("user", connection_id, harvest_id)
        changed = here.people.detach(who.user_id, person_id, version, link)
        return here.people.document(changed)

    @router.get("/v1/people/<person_id>/roles", tags=["people"], summary="Roles of a person")
    def person_roles(
        person_id: PersonId,
        on: Annotated[Day | None, Query(description="Tells which role counts on this day.")] = None,
    ) -> dict[str, Any]:
        people = edge.reader().people
        return people.roles_document(people.store.one(person_id), on or "")

    @router.post(
        "/v1/people/<person_id>/roles", tags=["people"], summary="Assign a role from a day on"
    )
    def assign_role(person_id: PersonId, body: AssignRole) -> dict[str, Any]:
        who, here = edge.writer()
        role = RoleAssignment(
            body.role_id, body.starts_on or "", body.ends_on or "", primary=body.primary
        )
        plan = here.people.assign_role(who.user_id, person_id, body.version, role, body.preview)
        return here.people.plan_document(plan)

    @router.delete(
        "/v1/people/<person_id>/roles/<role_id>", tags=["people"], summary="Take a role back"
    )
    def remove_role(
        person_id: PersonId,
        role_id: Annotated[str, Path(max_length=40)],
        version: Version,
        starts_on: Annotated[
            Day | None, Query(description="First day of the role; none where it has none.")
        ] = None,
        preview: Annotated[bool, Query(description="Only tells what would change.")] = False,
    ) -> dict[str, Any]:
        who, here = edge.writer()
        plan = here.people.remove_role(
            who.user_id, person_id, version, role_id, starts_on or "", preview
        )
        return here.people.plan_document(plan)

    @router.get("/v1/people/<person_id>/audit", tags=["people"], summary="Changes of a person")
    def person_audit(person_id: PersonId, limit: Limit = 50, cursor: Cursor = None) -> Any:
        here = edge.reader()
        page = edge.audit(person_id, limit, cursor, here, here.people.store.one, "pn")
        if not here.people.with_cost:
            for entry in page["entries"]:
                entry["changes"].pop("cost", None)
        return page

    return router
