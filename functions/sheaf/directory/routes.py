"""Routes of companies and contacts."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, ConfigDict, Field

from sheaf.directory.flow import Directory
from sheaf.directory.records import Link
from sheaf.directory.search import ranked
from sheaf.directory.store import Named
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Cursor, IdempotencyKey, Limit, caller, created, paged
from sheaf.platform.idempotency import Idempotency
from sheaf.tenants.audit_page import audit_page

_WRITERS = (Role.ADMIN, Role.MANAGER, Role.APP)
_READERS = (*_WRITERS, Role.VIEWER)
CompanyId = Annotated[str, Path(max_length=40)]
ContactId = Annotated[str, Path(max_length=40)]
Search = Annotated[str | None, Query(min_length=1, max_length=200, description="Search by name.")]
Status = Literal["active", "archived"]
Short = Annotated[str, Field(max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewCompany(_Body):
    name: str = Field(min_length=1, max_length=300)
    address: str = Field("", max_length=2000)
    currency: str = Field("", pattern=r"^([A-Z]{3})?$", description="ISO 4217 code.")
    status: Status = "active"
    phone: Short = ""
    email: Short = ""
    website: Short = ""


class ChangeCompany(_Body):
    version: int = Field(ge=1)
    name: str | None = Field(None, min_length=1, max_length=300)
    address: str | None = Field(None, max_length=2000)
    currency: str | None = Field(None, pattern=r"^([A-Z]{3})?$")
    status: Status | None = None
    phone: Short | None = None
    email: Short | None = None
    website: Short | None = None
    migration: Literal["in_harvest", "migrating", "migrated"] | None = None
    review: bool | None = Field(None, description="false takes the flag for a manual review away.")
    primary_contact_id: str | None = Field(None, max_length=40)


class NewContact(_Body):
    company_id: str = Field(max_length=40)
    first_name: str = Field(min_length=1, max_length=200)
    last_name: Short = ""
    title: Short = ""
    role: Short = ""
    email: Short = ""
    phone_office: Short = ""
    phone_mobile: Short = ""
    fax: Short = ""


class ChangeContact(_Body):
    version: int = Field(ge=1)
    company_id: str | None = Field(None, max_length=40)
    first_name: str | None = Field(None, min_length=1, max_length=200)
    last_name: Short | None = None
    title: Short | None = None
    role: Short | None = None
    email: Short | None = None
    phone_office: Short | None = None
    phone_mobile: Short | None = None
    fax: Short | None = None
    status: Status | None = None


class AddExternalId(_Body):
    version: int = Field(ge=1)
    connection_id: str = Field(max_length=40)
    id: str = Field(pattern=r"^\d{1,18}$", description="Id of the Harvest client.")
    primary: bool = False


class MergeCompanies(_Body):
    version: int = Field(ge=1, description="Version of the company that stays.")
    merge: str = Field(max_length=40, description="Id of the company that is merged into it.")


@dataclass(frozen=True, slots=True)
class DirectoryServices:
    directory: Directory
    signer: CursorSigner
    idempotency: Idempotency
    require_connection: Callable[[str], None]


def routes(services: Callable[[Caller], DirectoryServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    of = services

    def reader() -> DirectoryServices:
        """What a request that only reads needs, for those who may read the directory."""
        who = caller(router)
        who.require(*_READERS)
        return of(who)

    def once(
        here: DirectoryServices,
        who: Caller,
        key: str | None,
        body: _Body,
        do: Callable[[str], dict[str, Any]],
    ) -> dict[str, Any]:
        if key is None:
            return do("")
        scope = f"{who.user_id}\0{router.current_event.path}"
        answer: dict[str, Any] = here.idempotency.once(
            who.tenant_id, scope, key, body.model_dump(mode="json"), do
        )
        return answer

    def listed(
        kind: str, q: str | None, status: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Named], Any, str]:
        """The names of one page, where the next one starts, and the query they belong to."""
        who = caller(router)
        here = reader()
        query = f"{kind}?{q or ''}&{status or ''}"
        position = here.signer.decode(who.tenant_id, query, cursor) if cursor else None
        store = here.directory.store
        if q is None:
            names = (n for n in store.by_name(kind, position or "") if status in (None, n.status))
            page = list(islice(names, limit + 1))
            return page[:limit], page[limit - 1].name_key if len(page) > limit else None, query
        # The place of the last one shown: what is added meanwhile moves nothing already seen.
        behind = (float(position[0]), str(position[1])) if position else (-1.0, "")
        found = [
            one
            for one in ranked(store.by_name(kind), q)
            if status in (None, one.named.status) and one.place > behind
        ]
        more = list(found[limit - 1].place) if len(found) > limit else None
        return [one.named for one in found[:limit]], more, query

    @router.get("/v1/companies", tags=["companies"], summary="List or search companies")
    def list_companies(
        q: Search = None,
        status: Annotated[Status | None, Query()] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who = caller(router)
        names, more, query = listed("companies", q, status, limit, cursor)
        here = of(who)
        found = here.directory.store.companies(named.record_id for named in names)
        companies = [found[named.record_id] for named in names if named.record_id in found]
        items = here.directory.company_documents(companies)
        return paged("companies", items, more, here.signer, who.tenant_id, query)

    @router.post("/v1/companies", tags=["companies"], summary="Create a company")
    def create_company(body: NewCompany, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who = caller(router)
        who.require(*_WRITERS)
        here = of(who)

        def do(subject: str) -> dict[str, Any]:
            company = here.directory.create_company(who.user_id, body.model_dump(), subject)
            return here.directory.company_document(company)

        document = once(here, who, idempotency_key, body, do)
        return created(document, f"/v1/companies/{document['id']}")

    @router.get("/v1/companies/<company_id>", tags=["companies"], summary="Read a company")
    def read_company(company_id: CompanyId) -> dict[str, Any]:
        here = reader()
        return here.directory.company_document(here.directory.store.company(company_id))

    @router.patch("/v1/companies/<company_id>", tags=["companies"], summary="Change a company")
    def change_company(company_id: CompanyId, body: ChangeCompany) -> dict[str, Any]:
        who = caller(router)
        who.require(*_WRITERS)
        here = of(who)
        values = body.model_dump(exclude={"version"}, exclude_unset=True)
        changed = here.directory.change_company(who.user_id, company_id, body.version, values)
        return here.directory.company_document(changed)

    @router.get(
        "/v1/companies/<company_id>/contacts", tags=["contacts"], summary="Contacts of a company"
    )
    def company_contacts(company_id: CompanyId) -> dict[str, Any]:
        here = reader()
        company = here.directory.store.company(company_id)
        contacts = here.directory.store.contacts_of(company)
        primary = here.directory.company_document(company)["primary_contact_id"]
        return {
            "contacts": [
                {**document, "company_id": company_id, "is_primary": document["id"] == primary}
                for document in here.directory.contact_documents(contacts)
            ]
        }

    @router.post(
        "/v1/companies/<company_id>/external-ids",
        tags=["companies"],
        summary="Attach a Harvest client by its id",
    )
    def add_external_id(company_id: CompanyId, body: AddExternalId) -> dict[str, Any]:
        who = caller(router)
        who.require(*_WRITERS)
        here = of(who)
        here.require_connection(body.connection_id)
        link = Link(body.connection_id, "client", body.id, body.primary, "manual", {})
        changed = here.directory.add_external_id(who.user_id, company_id, body.version, link)
        return here.directory.company_document(changed)

    @router.delete(
        "/v1/companies/<company_id>/external-ids/<connection_id>/<external_id>",
        tags=["companies"],
        summary="Detach a Harvest client",
    )
    def remove_external_id(
        company_id: CompanyId,
        connection_id: Annotated[str, Path(max_length=40)],
        external_id: Annotated[str, Path(pattern=r"^\d{1,18}$")],
        version: Annotated[int, Query(ge=1)],
    ) -> dict[str, Any]:
        who = caller(router)
        who.require(*_WRITERS)
        here = of(who)
        changed = here.directory.remove_external_id(
            who.user_id, company_id, version, connection_id, external_id
        )
        return here.directory.company_document(changed)

    @router.post(
        "/v1/companies/<company_id>/merge", tags=["companies"], summary="Merge two companies"
    )
    def merge(company_id: CompanyId, body: MergeCompanies) -> dict[str, Any]:
        who = caller(router)
        who.require(*_WRITERS)
        here = of(who)
        record = here.directory.merge(who.user_id, company_id, body.version, body.merge)
        return record.document()

    @router.get(
        "/v1/companies/<company_id>/merges", tags=["companies"], summary="History of merges"
    )
    def merges(company_id: CompanyId) -> dict[str, Any]:
        here = reader()
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
        who = caller(router)
        who.require(*_WRITERS)
        here = of(who)
        return here.directory.undo_merge(who.user_id, company_id, merge_id).document()

    def audit(subject: str, limit: int, cursor: str | None, here: DirectoryServices) -> Any:
        tenant_id = caller(router).tenant_id
        return audit_page(here.directory.trail, subject, limit, cursor, here.signer, tenant_id)

    @router.get(
        "/v1/companies/<company_id>/audit", tags=["companies"], summary="Changes of a company"
    )
    def company_audit(company_id: CompanyId, limit: Limit = 50, cursor: Cursor = None) -> Any:
        here = reader()
        here.directory.store.company(company_id)
        return audit(company_id, limit, cursor, here)

    @router.get("/v1/contacts", tags=["contacts"], summary="List or search contacts")
    def list_contacts(
        q: Search = None,
        status: Annotated[Status | None, Query()] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who = caller(router)
        names, more, query = listed("contacts", q, status, limit, cursor)
        here = of(who)
        found = here.directory.store.contacts(named.record_id for named in names)
        contacts = [found[named.record_id] for named in names if named.record_id in found]
        items = here.directory.contact_documents(contacts)
        return paged("contacts", items, more, here.signer, who.tenant_id, query)

    @router.post("/v1/contacts", tags=["contacts"], summary="Create a contact")
    def create_contact(body: NewContact, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who = caller(router)
        who.require(*_WRITERS)
        here = of(who)

        def do(subject: str) -> dict[str, Any]:
            values = body.model_dump(exclude={"company_id"})
            contact = here.directory.create_contact(who.user_id, body.company_id, values, subject)
            return here.directory.contact_documents([contact])[0]

        document = once(here, who, idempotency_key, body, do)
        return created(document, f"/v1/contacts/{document['id']}")

    @router.get("/v1/contacts/<contact_id>", tags=["contacts"], summary="Read a contact")
    def read_contact(contact_id: ContactId) -> dict[str, Any]:
        directory = reader().directory
        return directory.contact_documents([directory.store.contact(contact_id)])[0]

    @router.patch("/v1/contacts/<contact_id>", tags=["contacts"], summary="Change a contact")
    def change_contact(contact_id: ContactId, body: ChangeContact) -> dict[str, Any]:
        who = caller(router)
        who.require(*_WRITERS)
        values = body.model_dump(exclude={"version"}, exclude_unset=True)
        here = of(who)
        changed = here.directory.change_contact(who.user_id, contact_id, body.version, values)
        return here.directory.contact_documents([changed])[0]

    @router.get(
        "/v1/contacts/<contact_id>/audit", tags=["contacts"], summary="Changes of a contact"
    )
    def contact_audit(contact_id: ContactId, limit: Limit = 50, cursor: Cursor = None) -> Any:
        here = reader()
        here.directory.store.contact(contact_id)
        return audit(contact_id, limit, cursor, here)

    return router
