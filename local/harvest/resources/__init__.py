"""The resources of the API, a module each; adding one means adding its module to this list.

A module offers ROUTES, and RELATIONS that say how its records hang on others.
"""

from local.harvest.endpoints import Route
from local.harvest.relations import Relation
from local.harvest.resources import (
    clients,
    company,
    contacts,
    project_assignments,
    projects,
    roles,
    task_assignments,
    tasks,
    teammates,
    user_assignments,
    users,
)

MODULES = (
    company,
    users,
    teammates,
    roles,
    clients,
    contacts,
    tasks,
    projects,
    task_assignments,
    user_assignments,
    project_assignments,
)

ROUTES: tuple[Route, ...] = tuple(route for module in MODULES for route in module.ROUTES)
RELATIONS: tuple[Relation, ...] = tuple(
    relation for module in MODULES for relation in module.RELATIONS
)
