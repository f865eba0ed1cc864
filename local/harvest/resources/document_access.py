"""Who may write invoices, estimates and expenses, and the document in a path.

A module that the company has switched off is closed to everybody. Managers may draft invoices of
the projects that they manage, or also send them and record payments, as their access roles say.
"""

from local.harvest.call import Call
from local.harvest.endpoints import Action
from local.harvest.errors import NotFoundError
from local.harvest.store import Record
from local.harvest.viewer import Viewer

DRAFTER = "managed_projects_invoice_drafter"
MANAGER = "managed_projects_invoice_manager"


def is_switched_on(viewer: Viewer, feature: str) -> bool:
    """Whether the company uses the module: "invoice_feature", "estimate_feature", ..."""
    return bool(viewer.account.company.get(feature, True))


def may_draft_invoices(viewer: Viewer) -> bool:
    able = viewer.may(DRAFTER) or viewer.may(MANAGER)
    return able and is_switched_on(viewer, "invoice_feature")


def may_manage_invoices(viewer: Viewer) -> bool:
    """Send, close and reopen invoices, and record payments."""
    return viewer.may(MANAGER) and is_switched_on(viewer, "invoice_feature")


def may_manage_estimates(viewer: Viewer) -> bool:
    return viewer.may("estimates_manager") and is_switched_on(viewer, "estimate_feature")


def may_on_invoice(viewer: Viewer, action: Action) -> bool:
    """Messages and payments: read with every invoice role, written by invoice managers."""
    return may_draft_invoices(viewer) if action == "read" else may_manage_invoices(viewer)


def sees_invoice(viewer: Viewer, invoice: Record) -> bool:
    """Managers see the invoices that they created or that bill a project of theirs."""
    return (
        viewer.is_administrator
        or invoice["creator_id"] == viewer.user_id
        or any(line["project_id"] in viewer.managed_project_ids for line in invoice["line_items"])
    )


def invoice_of_path(call: Call) -> Record:
    """NotFoundError when there is no such invoice or the viewer does not see it."""
    invoice = call.record("invoices", call.ids["invoice_id"])
    if not sees_invoice(call.viewer, invoice):
        raise NotFoundError
    return invoice


def within_invoice(call: Call) -> Record:
    return {"invoice_id": invoice_of_path(call)["id"]}


def within_estimate(call: Call) -> Record:
    return {"estimate_id": call.record("estimates", call.ids["estimate_id"])["id"]}
