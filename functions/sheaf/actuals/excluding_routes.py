"""Routes of what is left out: rules of a connection, the tag sync_off, and previews of both."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field, model_validator

from sheaf.actuals.edge import CHANGERS, READERS, ConnectionId
from sheaf.actuals.excluding import (
    Month,
    OfConnection,
    RulesPreview,
    changes_document,
    excluded_projects,
    harvest_project_document,
    tag_preview,
)
from sheaf.actuals.extents import Changes
from sheaf.directory.exclusion_store import ExclusionStore
from sheaf.directory.exclusions import Rules, rule_documents, rules_from
from sheaf.directory.work_records import Person, Project
from sheaf.directory.work_store import WorkStore
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, Cursor, Limit, caller, page
from sheaf.tenants.audit import Trail

_MOST_RULES = 100
RecordId = Annotated[str, Path(max_length=40)]


class ExclusionRule(Body):
    """The first rule that fits a project decides; what no rule fits is included."""

    effect: Literal["exclude", "include"]
    by: Literal["project_id", "client_id", "name", "code"]
    value: str = Field(
        min_length=1,
        max_length=200,
        description="Harvest's id; for a name or code a pattern: * is any text, ? one letter.",
    )

    @model_validator(mode="after")
    def _fits(self) -> "ExclusionRule":
        text = self.value.strip()
        if not text:
            raise ValueError("the value of a rule cannot be empty")
        if self.by.endswith("_id") and not (text.isascii() and text.isdigit()):
            raise ValueError(f"a rule by {self.by} needs Harvest's id, which is a number")
        return self


ExclusionRules = Annotated[list[ExclusionRule], Field(max_length=_MOST_RULES)]


class ChangeExclusions(Body):
    version: int = Field(ge=0, description="Version that the change is based on; 0 for none yet.")
    rules: ExclusionRules


class PreviewExclusions(Body):
    rules: ExclusionRules
    cursor: str | None = Field(
        None, max_length=2000, description="`next_cursor` of the page before."
    )


@dataclass(frozen=True, slots=True)
class ExcludingServices:
    """`require_connection(id)` is a problem for a connection that is not the tenant's."""

    require_connection: Callable[[str], None]
    of: Callable[[str], OfConnection]
    exclusions: ExclusionStore
    people: WorkStore[Person]
    projects: WorkStore[Project]
    trail: Trail
    signer: CursorSigner


def excluding_routes(services: Callable[[Caller], ExcludingServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def reader() -> tuple[Caller, ExcludingServices]:
        who = caller(router)
        who.require(*READERS)
        return who, services(who)

    @router.get(
        "/v1/connections/<connection_id>/exclusions",
        tags=["exclusions"],
        summary="The rules by which Harvest's projects are left out",
    )
    def read_exclusions(connection_id: ConnectionId) -> dict[str, Any]:
        _, here = reader()
        here.require_connection(connection_id)
        return here.exclusions.of(connection_id).document()

    @router.patch(
        "/v1/connections/<connection_id>/exclusions",
        tags=["exclusions"],
        summary="Put other rules in their place",
    )
    def change_exclusions(connection_id: ConnectionId, body: ChangeExclusions) -> dict[str, Any]:
        who = caller(router)
        who.require(*CHANGERS)
        here = services(who)
        here.require_connection(connection_id)
        changed = here.exclusions.change(
            here.trail, who.user_id, connection_id, body.version, _rules(body.rules)
        )
        return changed.document()

    @router.post(
        "/v1/connections/<connection_id>/exclusions/preview",
        tags=["exclusions"],
        summary="What other rules would change, without changing anything",
    )
    def preview_exclusions(connection_id: ConnectionId, body: PreviewExclusions) -> dict[str, Any]:
        who, here = reader()
        here.require_connection(connection_id)
        of = here.of(connection_id)
        before, after = here.exclusions.of(connection_id), _rules(body.rules)
        query = f"exclusions/{connection_id}/{before.version}/{_digest(after)}"
        start = here.signer.decode(who.tenant_id, query, body.cursor) if body.cursor else ""
        preview = RulesPreview(of, before.rules, after)
        months, more = preview.months(start)
        whole = sum((changes for _, changes in months), start=Changes())
        ours = of.view.known((), [one.project_id for one, _ in preview.concerned]).projects
        documents = []
        for one, reason in preview.concerned:
            own = ours.get(one.project_id)
            part = whole.of_project(own.project_id) if own else Changes()
            documents.append(
                {
                    "harvest_project": harvest_project_document(one),
                    "project": _named(own),
                    "excluded": reason is not None,
                    "reason": reason,
                    **changes_document(part),
                }
            )
        return {
            **before.document(),
            "rules": rule_documents(after),
            "projects": documents,
            **_months([(connection_id, month, changes) for month, changes in months]),
            "next_cursor": here.signer.encode(who.tenant_id, query, more) if more else None,
        }

    @router.get(
        "/v1/connections/<connection_id>/exclusions/projects",
        tags=["exclusions"],
        summary="Harvest's projects that are left out, and why",
    )
    def list_excluded_projects(
        connection_id: ConnectionId, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = reader()
        here.require_connection(connection_id)

        def find(shown: list[Any] | None) -> tuple[list[dict[str, Any]], list[Any] | None]:
            excluded = excluded_projects(here.of(connection_id))
            found = [one for one in excluded if one.place > (shown or [])]
            documents = [
                {
                    "harvest_project": harvest_project_document(one.harvest),
                    "project": _named(one.own),
                    "excluded_by": one.by,
                    "reason": one.reason,
                }
                for one in found[:limit]
            ]
            return documents, found[limit - 1].place if len(found) > limit else None

        query = f"excluded/{connection_id}"
        return page("projects", query, cursor, here.signer, who.tenant_id, find)

    def tag_document(record: Person | Project, cursor: str | None) -> dict[str, Any]:
        who, here = reader()
        query = f"sync-off/{record.record_id}/{record.version}"
        position = here.signer.decode(who.tenant_id, query, cursor) if cursor else None
        months, more = tag_preview(record, here.of, position)
        return {
            "id": record.record_id,
            "name": record.full_name,
            "version": record.version,
            "sync_off": record.sync_off,
            "supposed": not record.sync_off,
            **_months(months),
            "next_cursor": here.signer.encode(who.tenant_id, query, more) if more else None,
        }

    @router.get(
        "/v1/projects/<project_id>/sync-off",
        tags=["exclusions"],
        summary="What the tag sync_off on a project would change, or taking it off",
    )
    def preview_project_sync_off(project_id: RecordId, cursor: Cursor = None) -> dict[str, Any]:
        return tag_document(reader()[1].projects.one(project_id), cursor)

    @router.get(
        "/v1/people/<person_id>/sync-off",
        tags=["exclusions"],
        summary="What the tag sync_off on a person would change, or taking it off",
    )
    def preview_person_sync_off(person_id: RecordId, cursor: Cursor = None) -> dict[str, Any]:
        return tag_document(reader()[1].people.one(person_id), cursor)

    return router


def _rules(given: list[ExclusionRule]) -> Rules:
    return rules_from(one.model_dump() for one in given)


def _digest(rules: Rules) -> str:
    return hashlib.sha256(json.dumps(rule_documents(rules)).encode()).hexdigest()[:20]


def _months(months: list[Month]) -> dict[str, Any]:
    """Changes added up, and by connection and month."""
    return {
        **changes_document(sum((changes for *_, changes in months), start=Changes())),
        "months": [
            {"connection_id": connection_id, "month": month, **changes_document(changes)}
            for connection_id, month, changes in months
        ],
    }


def _named(project: Project | None) -> dict[str, str] | None:
    return {"id": project.project_id, "name": project.name} if project else None
