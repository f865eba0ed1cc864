"""Routes of contacts."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.bodies import ChangeContact, NewContact, Status
from sheaf.directory.edge import ConnectionId, DirectoryServices, Edge, Listing, Search, Version
from sheaf.platform.caller import Caller
from sheaf.platform.http import Cursor, IdempotencyKey, Limit

ContactId = Annotated[str, Path(max_length=40)]
# A contact has no page of its own in Harvest whose address could be pasted.
HarvestContactId = Annotated[
    str, Query(alias="id", pattern=r"^[0-9]{1,18}$", description="Harvest's id of the contact.")
]


def contact_routes(services: Callable[[Caller], DirectoryServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    @router.get("/v1/contacts", tags=["contacts"], summary="List or search contacts")
    def list_contacts(
        q: Search = None,
        status: Annotated[Status | None, Query()] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        here = edge.reader()
        by_name = partial(here.directory.store.by_name, "contacts")
        listing = Listing("contacts", "contacts", by_name, here.directory.shown.listed_contacts)
        return edge.listed(here, listing, q, status, limit, cursor)

    @router.post("/v1/contacts", tags=["contacts"], summary="Create a contact")
    def create_contact(body: NewContact, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who, here = edge.writer()

        def do(subject: str) -> dict[str, Any]:
            values = body.model_dump(exclude={"company_id"})
            contact = here.directory.create_contact(who.user_id, body.company_id, values, subject)
            return here.directory.shown.contact(contact)

        return edge.made("contacts", idempotency_key, body, do)

    @router.get("/v1/contacts/<contact_id>", tags=["contacts"], summary="Read a contact")
    def read_contact(contact_id: ContactId) -> dict[str, Any]:
        directory = edge.reader().directory
        return directory.shown.contact(directory.store.contact(contact_id))

    @router.patch("/v1/contacts/<contact_id>", tags=["contacts"], summary="Change a contact")
    def change_contact(contact_id: ContactId, body: ChangeContact) -> dict[str, Any]:
        who, here = edge.writer()
        values = body.model_dump(exclude={"version"}, exclude_unset=True)
        changed = here.directory.change_contact(who.user_id, contact_id, body.version, values)
        return here.directory.shown.contact(changed)

    @router.delete(
        "/v1/contacts/<contact_id>/external-ids",
        tags=["contacts"],
        summary="Detach a Harvest contact",
    )
    def detach_contact(
        contact_id: ContactId,
        connection_id: ConnectionId,
        harvest_id: HarvestContactId,
        version: Version,
    ) -> dict[str, Any]:
        who, here = edge.writer()
        link = here.link("contact", connection_id, harvest_id)
        changed = here.directory.detach_contact(who.user_id, contact_id, version, link)
        return here.directory.shown.contact(changed)

    @router.get(
        "/v1/contacts/<contact_id>/audit", tags=["contacts"], summary="Changes of a contact"
    )
    def contact_audit(contact_id: ContactId, limit: Limit = 50, cursor: Cursor = None) -> Any:
        here = edge.reader()
        return edge.audit(contact_id, limit, cursor, here, here.directory.store.contact, "pe")

    return router
