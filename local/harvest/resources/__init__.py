"""The resources of the API, a module each; adding one means adding its module to this list.

A module offers ROUTES, and RELATIONS that say how its records hang on others.
"""

from local.harvest.endpoints import Route
from local.harvest.relations import Relation
from local.harvest.resources import clients, company, contacts, users

MODULES = (company, users, clients, contacts)

ROUTES: tuple[Route, ...] = tuple(route for module in MODULES for route in module.ROUTES)
RELATIONS: tuple[Relation, ...] = tuple(
    relation for module in MODULES for relation in module.RELATIONS
)
