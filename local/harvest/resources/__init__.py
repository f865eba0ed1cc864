"""The resources of the API, a module each; adding one means adding its module to this list.

A module offers ROUTES, and RELATIONS that say how its records hang on others. TABLE_RULES name
the tables with an order or a source of their own.
"""

from collections.abc import Mapping

from local.harvest import compact_time
from local.harvest.endpoints import Route
from local.harvest.relations import Relation
from local.harvest.resources import (
    clients,
    company,
    contacts,
    estimate_messages,
    estimates,
    expense_categories,
    expense_reports,
    expenses,
    invoice_messages,
    invoice_payments,
    invoices,
    item_categories,
    project_assignments,
    project_budget_report,
    projects,
    rates,
    roles,
    task_assignments,
    tasks,
    teammates,
    time_entries,
    time_reports,
    uninvoiced_report,
    user_assignments,
    users,
)
from local.harvest.store import TableRule

MODULES = (
    company,
    users,
    teammates,
    rates,
    roles,
    clients,
    contacts,
    tasks,
    projects,
    task_assignments,
    user_assignments,
    project_assignments,
    time_entries,
    time_reports,
    expense_reports,
    uninvoiced_report,
    project_budget_report,
    item_categories,
    estimates,
    estimate_messages,
    invoices,
    invoice_messages,
    invoice_payments,
    expense_categories,
    expenses,
)

ROUTES: tuple[Route, ...] = tuple(route for module in MODULES for route in module.ROUTES)
RELATIONS: tuple[Relation, ...] = tuple(
    relation for module in MODULES for relation in module.RELATIONS
)
TABLE_RULES: Mapping[str, TableRule] = {
    **rates.TABLE_RULES,
    **compact_time.TABLE_RULES,
    **item_categories.TABLE_RULES,
    **estimates.TABLE_RULES,
    **invoices.TABLE_RULES,
    **expenses.TABLE_RULES,
}
