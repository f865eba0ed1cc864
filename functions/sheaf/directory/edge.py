"""What the routes of the directory have in common: who may call, lists, the trail, idempotency."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.attached import Attachments
from sheaf.directory.flow import Directory
from sheaf.directory.harvest_addresses import external_id_from
from sheaf.directory.people import People
from sheaf.directory.projects import Projects
from sheaf.directory.records import MANUAL, Link
from sheaf.directory.roles import Roles
from sheaf.directory.search import named_page
from sheaf.directory.store import Named
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, caller, created, once, page
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import Problem
from sheaf.tenants.audit import Trail
from sheaf.tenants.audit_page import audit_page

_WRITERS = (Role.ADMIN, Role.MANAGER, Role.APP)
_READERS = (*_WRITERS, Role.VIEWER)
# Who may know what an hour of a person costs.
KNOW_COSTS = (Role.ADMIN, Role.MANAGER)
Search = Annotated[str | None, Query(min_length=1, max_length=200, description="Search by name.")]
ConnectionId = Annotated[str, Query(max_length=40)]
PastedId = Annotated[
    str,
    Query(
        alias="id",
        min_length=1,
        max_length=500,
        description="Harvest's id, or the address of the record's page in Harvest.",
    ),
]
Version = Annotated[int, Query(ge=1, description="Version that the change is based on.")]


@dataclass(frozen=True, slots=True)
class DirectoryServices:
    """`account_domain` is that of a connection's account, e.g. `acme.harvestapp.com`."""

    directory: Directory
    people: People
    roles: Roles
    projects: Projects
    attachments: Attachments
    trail: Trail
    signer: CursorSigner
    idempotency: Idempotency
    account_domain: Callable[[str], str]

    def link(self, kind: str, connection_id: str, harvest_id: str, primary: bool = False) -> Link:
        """An external id as a person gives it; a problem for an unknown connection or address."""
        domain = self.account_domain(connection_id)
        external_id = external_id_from(harvest_id, kind, domain)
        return Link(connection_id, kind, external_id, primary, MANUAL, {})


@dataclass(frozen=True, slots=True)
class Listing:
    """A list by name: its member in the answer, what its cursors are good for, names, documents."""

    key: str
    query: str
    by_name: Callable[[str], Iterator[Named]]
    show: Callable[[Sequence[str]], list[dict[str, Any]]]


class Edge:
    """`services(caller)` gives what a request needs."""

    def __init__(
        self, router: APIGatewayHttpRouter, services: Callable[[Caller], DirectoryServices]
    ) -> None:
        self._router = router
        self._services = services

    def reader(self) -> DirectoryServices:
        """What a request that only reads needs, for those who may read the directory."""
        who = caller(self._router)
        who.require(*_READERS)
        return self._services(who)

    def writer(self) -> tuple[Caller, DirectoryServices]:
        """Who changes the directory, and what that needs."""
        who = caller(self._router)
        who.require(*_WRITERS)
        return who, self._services(who)

    def listed(
        self,
        here: DirectoryServices,
        listing: Listing,
        q: str | None,
        status: str | None,
        limit: int,
        cursor: str | None,
    ) -> dict[str, Any]:
        """One page of a list in order of name, or of how well the names fit `q`."""
        tenant_id = caller(self._router).tenant_id
        query = f"{listing.query}?{q or ''}&{status or ''}"

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            names, more = named_page(listing.by_name, q, status, limit, position)
            return listing.show([one.record_id for one in names]), more

        return page(listing.key, query, cursor, here.signer, tenant_id, find)

    def made(
        self,
        kind: str,
        key: str | None,
        body: Body,
        make: Callable[[str], dict[str, Any]],
    ) -> Response[Any]:
        """The answer to a request that creates; a key makes repeating it harmless."""
        _, here = self.writer()
        document = once(self._router, here.idempotency, key, body, make)
        return created(document, f"/v1/{kind}/{document['id']}")

    def audit(
        self,
        subject: str,
        limit: int,
        cursor: str | None,
        here: DirectoryServices,
        look: Callable[[str], object],
        prefix: str,
    ) -> dict[str, Any]:
        """One page of a record's trail, also once it is deleted; `look` refuses an unknown one.

        `prefix` is that of the ids of its kind: the trail of any other kind is not shown here.
        """
        try:
            look(subject)
        except Problem:
            mine = subject.startswith(f"{prefix}_")
            if not mine or not here.trail.of(subject, 1, None).items:
                raise
        tenant_id = caller(self._router).tenant_id
        return audit_page(here.trail, subject, limit, cursor, here.signer, tenant_id)
