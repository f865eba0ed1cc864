"""The part of the API about companies, contacts, people, roles and projects."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api
from sheaf.directory.attached import Attachments
from sheaf.directory.attached_routes import attached_routes
from sheaf.directory.contact_routes import contact_routes
from sheaf.directory.edge import KNOW_COSTS, DirectoryServices
from sheaf.directory.flow import Directory
from sheaf.directory.merges import MergeStore
from sheaf.directory.people import People
from sheaf.directory.person_routes import person_routes
from sheaf.directory.project_routes import project_routes
from sheaf.directory.projects import Projects
from sheaf.directory.role_routes import role_routes
from sheaf.directory.role_store import RoleStore
from sheaf.directory.roles import Roles
from sheaf.directory.routes import routes as company_routes
from sheaf.directory.work_records import Person, Project
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.platform import clock
from sheaf.platform.caller import Caller


def for_directory(caller: Caller) -> DirectoryServices:
    tenant_id = caller.tenant_id
    store = wiring_api.directory_store(tenant_id)
    trail, roles = wiring.trail(tenant_id), RoleStore(store)
    knows_costs = not caller.roles.isdisjoint(KNOW_COSTS)
    return DirectoryServices(
        Directory(store, MergeStore(store), trail, clock.now),
        People(WorkStore(store, PEOPLE), roles, trail, clock.now, knows_costs),
        Roles(roles, trail, clock.now),
        Projects(WorkStore(store, PROJECTS), trail, clock.now),
        Attachments(
            store,
            trail,
            lambda records: _tracked(tenant_id, records),
        ),
        trail,
        wiring_api.signer(),
        wiring.idempotency(),
        lambda one: wiring.connection_store(tenant_id).get(one).account_domain,
    )


def _tracked(tenant_id: str, records: Sequence[Person] | Sequence[Project]) -> dict[str, Any]:
    # Only who asks what hangs off a record needs what reads actuals.
    from sheaf import wiring_actuals
    from sheaf.actuals.tracked import tracked

    return tracked(records, lambda one: wiring_actuals.extents(tenant_id, one))


def routers() -> list[APIGatewayHttpRouter]:
    return [
        company_routes(for_directory),
        contact_routes(for_directory),
        person_routes(for_directory),
        role_routes(for_directory),
        project_routes(for_directory),
        attached_routes(for_directory),
    ]
