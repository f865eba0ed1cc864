"""Routes of findings: list, look at one, decide."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, Cursor, Limit, caller, page
from sheaf.recurring.documents import finding_document, invoice_documents, read_document
from sheaf.recurring.findings import State
from sheaf.recurring.reading import Asked, Seen, Status
from sheaf.recurring.ruling import FindingDesk
from sheaf.tenants.audit import Trail
from sheaf.tenants.audit_page import audit_page

DECIDERS = (Role.ADMIN, Role.MANAGER)
READERS = (*DECIDERS, Role.APP, Role.VIEWER)
_PLACE = "/v1/connections/<connection_id>/findings"

ConnectionId = Annotated[str, Path(max_length=40)]
FindingId = Annotated[str, Path(max_length=60)]
ClientId = Annotated[
    str | None, Query(pattern=r"^\d{1,18}$", description="Only those of this Harvest client.")
]


class SnoozeFinding(Body):
    until: date = Field(description="First day on which it comes up again.")


class RejectFinding(Body):
    reason: str = Field("", max_length=500, description="Why, for whoever asks later.")


@dataclass(frozen=True, slots=True)
class OfConnection:
    """What a request about one connection needs; `read_to` is when invoices were last read."""

    desk: FindingDesk
    mirror: MirrorStore
    read_to: str
    switched_on: bool


@dataclass(frozen=True, slots=True)
class FindingServices:
    """`of(connection_id)` is a problem for a connection that is not the tenant's."""

    of: Callable[[str], OfConnection]
    trail: Trail
    signer: CursorSigner


def routes(services: Callable[[Caller], FindingServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def whole(here: OfConnection, seen: Seen) -> dict[str, Any]:
        records = here.mirror.get_many(INVOICES, seen.finding.invoice_ids)
        document = finding_document(seen)
        behind = {**document["invoices"], "list": invoice_documents(seen, records)}
        return {**document, "invoices": behind}

    @router.get(_PLACE, tags=["recurring"], summary="Recurring billing found in Harvest's invoices")
    def list_findings(
        connection_id: ConnectionId,
        status: Annotated[
            Literal["open", "snoozed", "rejected", "quoted", "covered", "ended"] | None,
            Query(description="Only those decided about in this way; `open` are undecided."),
        ] = None,
        state: Annotated[
            Literal["active", "late", "stopped", "price_changed"] | None,
            Query(description="Only those that stand like this today."),
        ] = None,
        client_id: ClientId = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who = caller(router)
        who.require(*READERS)
        here = services(who)
        of = here.of(connection_id)
        asked = Asked(
            Status(status) if status else None,
            State(state) if state else None,
            int(client_id or 0),
        )
        query = f"findings/{connection_id}/{asked}"

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = of.desk.reader.page(asked, limit, position)
            return [finding_document(one) for one in found], more

        return {
            **page("findings", query, cursor, here.signer, who.tenant_id, find),
            "as_of": of.desk.reader.today.isoformat(),
            **read_document(of.read_to, of.switched_on),
        }

    @router.get(
        f"{_PLACE}/<finding_id>", tags=["recurring"], summary="One finding, and what is behind it"
    )
    def read_finding(connection_id: ConnectionId, finding_id: FindingId) -> dict[str, Any]:
        who = caller(router)
        who.require(*READERS)
        here = services(who).of(connection_id)
        return whole(here, here.desk.reader.get(finding_id))

    def decided(connection_id: str, decide: Callable[[FindingDesk, str], Seen]) -> dict[str, Any]:
        who = caller(router)
        who.require(*DECIDERS)
        here = services(who).of(connection_id)
        return whole(here, decide(here.desk, who.user_id))

    @router.post(
        f"{_PLACE}/<finding_id>/snooze", tags=["recurring"], summary="Let it come up again later"
    )
    def snooze_finding(
        connection_id: ConnectionId, finding_id: FindingId, body: SnoozeFinding
    ) -> dict[str, Any]:
        return decided(
            connection_id, lambda desk, actor: desk.snooze(finding_id, body.until, actor)
        )

    @router.post(
        f"{_PLACE}/<finding_id>/reject", tags=["recurring"], summary="Do not suggest it again"
    )
    def reject_finding(
        connection_id: ConnectionId, finding_id: FindingId, body: RejectFinding
    ) -> dict[str, Any]:
        return decided(
            connection_id, lambda desk, actor: desk.reject(finding_id, body.reason.strip(), actor)
        )

    @router.post(
        f"{_PLACE}/<finding_id>/reopen", tags=["recurring"], summary="Take a decision back"
    )
    def reopen_finding(connection_id: ConnectionId, finding_id: FindingId) -> dict[str, Any]:
        return decided(connection_id, lambda desk, actor: desk.reopen(finding_id, actor))

    @router.get(
        f"{_PLACE}/<finding_id>/audit", tags=["recurring"], summary="Who decided about it, and when"
    )
    def audit_finding(
        connection_id: ConnectionId,
        finding_id: FindingId,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who = caller(router)
        who.require(*READERS)
        here = services(who)
        here.of(connection_id)
        return audit_page(here.trail, finding_id, limit, cursor, here.signer, who.tenant_id)

    return router
