"""Routes of actuals: read, change by hand, what waits, what became of time."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.actuals.documents import group_documents, waiting_documents
from sheaf.actuals.edge import (
    CHANGERS,
    READERS,
    ActualIdText,
    ActualsServices,
    ChangeActual,
    ConnectionServices,
    First,
    HarvestId,
    Last,
    OfConnection,
    RecordId,
)
from sheaf.actuals.editing import ActualId
from sheaf.actuals.grouping import By
from sheaf.actuals.joining import Reason
from sheaf.actuals.periods import GroupBy, asked_range
from sheaf.actuals.reading import Asked
from sheaf.platform.caller import Caller
from sheaf.platform.clock import rfc3339
from sheaf.platform.http import Cursor, Limit, caller, page
from sheaf.platform.problems import invalid
from sheaf.tenants.audit_page import audit_page

GroupedBy = Annotated[Literal["day", "week", "month"], Query(description="Length of a period.")]
AddedUpBy = Annotated[
    Literal[
        "person", "project", "role", "company", "person_role", "project_role", "person_project"
    ],
    Query(description="What the hours of a period are added up by."),
]
WaitsFor = Annotated[
    Literal["unknown_person", "unknown_project", "unknown_role"] | None,
    Query(description="Only what waits for this."),
]


def routes(services: Callable[[Caller], ActualsServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def reader(connection_id: str) -> tuple[Caller, ActualsServices, ConnectionServices]:
        who = caller(router)
        who.require(*READERS)
        here = services(who)
        return who, here, here.of(connection_id)

    @router.get("/v1/actuals", tags=["actuals"], summary="Hours by period, person, project, role")
    def list_actuals(
        connection_id: OfConnection,
        first: First,
        last: Last,
        group_by: GroupedBy = "day",
        by: AddedUpBy = "person_project",
        person_id: RecordId = None,
        project_id: RecordId = None,
        role_id: RecordId = None,
        company_id: RecordId = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who, here, of = reader(connection_id)
        here.settings.require_confirmed(connection_id, of.view.is_imported)
        asked = Asked(
            asked_range(first, last),
            GroupBy(group_by),
            person_id or "",
            project_id or "",
            role_id or "",
            company_id or "",
        )
        query = f"actuals/{connection_id}/{by}/{asked}"
        now = here.now()

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = of.reader.page(asked, By(by), limit, position)
            return group_documents(found, of.view, of.hours_rule, now), more

        return {
            **page("actuals", query, cursor, here.signer, who.tenant_id, find),
            "hours_rule": of.hours_rule,
            "read_to": of.reader.read_to or None,
            "as_of": rfc3339(now),
        }

    @router.get("/v1/actuals/quarantine", tags=["actuals"], summary="Time that waits, and what for")
    def list_quarantine(
        connection_id: OfConnection,
        first: First,
        last: Last,
        group_by: GroupedBy = "month",
        reason: WaitsFor = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who, here, of = reader(connection_id)
        asked = Asked(asked_range(first, last), GroupBy(group_by))
        query = f"quarantine/{connection_id}/{reason}/{asked}"
        wanted = Reason(reason) if reason else None

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = of.reader.waiting_page(asked, wanted, limit, position)
            return waiting_documents(found, of.view, of.mirror, here.now()), more

        return page("waiting", query, cursor, here.signer, who.tenant_id, find)

    @router.get("/v1/actuals/why", tags=["actuals"], summary="What became of an entry or a day")
    def explain_time(
        connection_id: OfConnection,
        entry_id: HarvestId = None,
        person_id: RecordId = None,
        user_id: HarvestId = None,
        day: Annotated[date | None, Query(description="With person_id or user_id.")] = None,
    ) -> dict[str, Any]:
        _, _, of = reader(connection_id)
        given = [one for one in (entry_id, person_id, user_id) if one]
        if len(given) != 1 or (entry_id is None) != (day is not None):
            raise invalid(
                "Ask about one entry, or about a person or user on one day.",
                "entry_id",
                "Give entry_id alone, or day with either person_id or user_id.",
            )
        if entry_id:
            return of.asker.of_entry(int(entry_id))
        assert day is not None
        if person_id:
            return of.asker.of_person(person_id, day.isoformat())
        return of.asker.of_user(int(user_id or 0), day.isoformat())

    @router.patch(
        "/v1/actuals/<actual_id>", tags=["actuals"], summary="Set hours by hand until the next sync"
    )
    def change_actual(actual_id: ActualIdText, body: ChangeActual) -> dict[str, Any]:
        who = caller(router)
        who.require(*CHANGERS)
        here = services(who)
        named = ActualId.read(actual_id)
        of = here.of(named.connection_id)
        here.settings.require_confirmed(named.connection_id, of.view.is_imported)
        return of.editor.edit(who.user_id, named, body.version, body.hours())

    @router.get(
        "/v1/actuals/<actual_id>/audit", tags=["actuals"], summary="Who set hours by hand, and when"
    )
    def actual_audit(
        actual_id: ActualIdText, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        named = ActualId.read(actual_id)
        who, here, of = reader(named.connection_id)
        of.view.person(named.person_id)
        of.view.project(named.project_id)
        return audit_page(here.trail, str(named), limit, cursor, here.signer, who.tenant_id)

    return router
