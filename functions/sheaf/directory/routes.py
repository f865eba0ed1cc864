"""Routes of companies: themselves, their external ids, their merges."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.bodies import AddExternalId, ChangeCompany, MergeCompanies, NewCompany, Status
from sheaf.directory.edge import (
    ConnectionId,
    DirectoryServices,
    Edge,
    Listing,
    PastedId,
    Search,
    Version,
)
from sheaf.platform.caller import Caller
from sheaf.platform.http import Cursor, IdempotencyKey, Limit

CompanyId = Annotated[str, Path(max_length=40)]


def routes(services: Callable[[Caller], DirectoryServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    @router.get("/v1/companies", tags=["companies"], summary="List or search companies")
    def list_companies(
        q: Search = None,
        status: Annotated[Status | None, Query()] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        here = edge.reader()
        by_name = partial(here.directory.store.by_name, "companies")
        listing = Listing("companies", "companies", by_name, here.directory.shown.listed_companies)
        return edge.listed(here, listing, q, status, limit, cursor)

    @router.post("/v1/companies", tags=["companies"], summary="Create a company")
    def create_company(body: NewCompany, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who, here = edge.writer()

        def do(subject: str) -> dict[str, Any]:
            company = here.directory.create_company(who.user_id, body.model_dump(), subject)
            return here.directory.shown.company(company)

        return edge.made("companies", idempotency_key, body, do)

    @router.get("/v1/companies/<company_id>", tags=["companies"], summary="Read a company")
    def read_company(company_id: CompanyId) -> dict[str, Any]:
        here = edge.reader()
        return here.directory.shown.company(here.directory.store.company(company_id))

    @router.patch("/v1/companies/<company_id>", tags=["companies"], summary="Change a company")
    def change_company(company_id: CompanyId, body: ChangeCompany) -> dict[str, Any]:
        who, here = edge.writer()
        values = body.model_dump(exclude={"version"}, exclude_unset=True)
        changed = here.directory.change_company(who.user_id, company_id, body.version, values)
        return here.directory.shown.company(changed)

    @router.get(
        "/v1/companies/<company_id>/contacts", tags=["contacts"], summary="Contacts of a company"
    )
    def company_contacts(company_id: CompanyId) -> dict[str, Any]:
        here = edge.reader()
        company = here.directory.store.company(company_id)
        contacts = here.directory.store.contacts_of(company)
        primary = here.directory.shown.company(company)["primary_contact_id"]
        return {
            "contacts": [
                {**document, "company_id": company_id, "is_primary": document["id"] == primary}
                for document in here.directory.shown.contacts(contacts)
            ]
        }

    @router.post(
        "/v1/companies/<company_id>/external-ids",
        tags=["companies"],
        summary="Attach a Harvest client by its id or address",
    )
    def add_external_id(company_id: CompanyId, body: AddExternalId) -> dict[str, Any]:
        who, here = edge.writer()
        link = here.link("client", body.connection_id, body.id, body.primary)
        changed = here.directory.add_external_id(who.user_id, company_id, body.version, link)
        return here.directory.shown.company(changed)

    @router.delete(
        "/v1/companies/<company_id>/external-ids",
        tags=["companies"],
        summary="Detach a Harvest client",
    )
    def remove_external_id(
        company_id: CompanyId, connection_id: ConnectionId, harvest_id: PastedId, version: Version
    ) -> dict[str, Any]:
        who, here = edge.writer()
        link = here.link("client", connection_id, harvest_id)
        changed = here.directory.remove_external_id(
            who.user_id, company_id, version, connection_id, link.external_id
        )
        return here.directory.shown.company(changed)

    @router.post(
        "/v1/companies/<company_id>/merge", tags=["companies"], summary="Merge two companies"
    )
    def merge(company_id: CompanyId, body: MergeCompanies) -> dict[str, Any]:
        who, here = edge.writer()
        record = here.directory.merge(who.user_id, company_id, body.version, body.merge)
        return record.document()

    @router.get(
        "/v1/companies/<company_id>/merges", tags=["companies"], summary="History of merges"
    )
    def merges(company_id: CompanyId) -> dict[str, Any]:
        here = edge.reader()
        here.directory.store.company(company_id)
        return {"merges": [one.document() for one in here.directory.merges.of(company_id)]}

    @router.post(
        "/v1/companies/<company_id>/merges/<merge_id>/undo",
        tags=["companies"],
        summary="Undo a merge",
    )
    def undo_merge(
        company_id: CompanyId, merge_id: Annotated[str, Path(max_length=40)]
    ) -> dict[str, Any]:
        who, here = edge.writer()
        return here.directory.undo_merge(who.user_id, company_id, merge_id).document()

    @router.get(
        "/v1/companies/<company_id>/audit", tags=["companies"], summary="Changes of a company"
    )
    def company_audit(company_id: CompanyId, limit: Limit = 50, cursor: Cursor = None) -> Any:
        here = edge.reader()
        return edge.audit(company_id, limit, cursor, here, here.directory.store.company, "co")

    return router
