"""Routes that look across imports: integrations, one client's whereabouts, the migration."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.connections.flow import ConnectionDesk
from sheaf.directory.removed import RemovedStore
from sheaf.directory.store import DirectoryStore
from sheaf.harvest.payloads import Client
from sheaf.imports import lookup, migration
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.hints import integration_document
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.store import MirrorStore
from sheaf.platform.caller import Caller, Role
from sheaf.platform.http import Body, caller
from sheaf.tenants.settings import SettingsStore

ConnectionId = Annotated[str, Path(max_length=40)]


class SwitchIntegration(Body):
    enabled: bool


@dataclass(frozen=True, slots=True)
class OverviewServices:
    """`recurring_of(connection_id)` are clients, id and name, whose recurring billing is no
    retainer yet."""

    tenant: SettingsStore
    connections: ConnectionDesk
    runs: RunStore
    work_runs: RunStore
    directory: DirectoryStore
    mirror_of: Callable[[str], MirrorStore]
    decisions_of: Callable[[str], DecisionStore]
    removed_of: Callable[[str], RemovedStore]
    recurring_of: Callable[[str], Iterable[tuple[str, str]]]


def routes(services: Callable[[Caller], OverviewServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def reader() -> OverviewServices:
        who = caller(router)
        who.require(Role.ADMIN, Role.MANAGER, Role.APP, Role.VIEWER)
        return services(who)

    def harvest(here: OverviewServices) -> dict[str, Any]:
        return integration_document(
            here.tenant.get().harvest_enabled,
            [
                (
                    one,
                    here.connections.document(one),
                    here.runs.open_of(one.connection_id),
                    here.work_runs.active_of(one.connection_id),
                )
                for one in here.connections.store.all()
            ],
        )

    @router.get("/v1/integrations", tags=["integrations"], summary="List integrations")
    def list_integrations() -> dict[str, Any]:
        return {"integrations": [harvest(services(caller(router)))]}

    @router.patch(
        "/v1/integrations/harvest", tags=["integrations"], summary="Switch Harvest on or off"
    )
    def switch(body: SwitchIntegration) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = services(who)
        current = here.tenant.get()
        if current.harvest_enabled is not body.enabled:
            here.tenant.change(who.user_id, {"harvest_enabled": body.enabled}, current.version)
        return harvest(here)

    @router.get(
        "/v1/connections/<connection_id>/clients/<client_id>",
        tags=["imports"],
        summary="Where is this Harvest client?",
    )
    def whereabouts(
        connection_id: ConnectionId, client_id: Annotated[str, Path(pattern=r"^\d{1,18}$")]
    ) -> dict[str, Any]:
        here = reader()
        connection = here.connections.store.get(connection_id)
        record_id = here.directory.linked(connection_id, "client", client_id)
        company = here.directory.company(record_id) if record_id else None
        while company is not None and company.merged_into:
            company = here.directory.company(company.merged_into)
        return lookup.answer(
            client_id,
            here.mirror_of(connection_id).get("clients", int(client_id)),
            company,
            here.decisions_of(connection_id).get(client_id),
            bool(connection.directory_imported_at),
            here.removed_of(connection_id).has("client", client_id),
        )

    @router.get(
        "/v1/connections/<connection_id>/migration",
        tags=["imports"],
        summary="How far the move away from Harvest is",
    )
    def migration_report(connection_id: ConnectionId) -> dict[str, Any]:
        here = reader()
        here.connections.store.get(connection_id)
        return migration.report(
            connection_id,
            here.directory.all_companies(),
            (
                Client.model_validate(record.payload())
                for record in here.mirror_of(connection_id).all("clients")
            ),
            here.recurring_of(connection_id),
        )

    return router
