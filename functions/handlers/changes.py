"""The stream of the mirror's table: what changed there makes days of actuals anew, and findings."""

from typing import Any

from sheaf import wiring
from sheaf.actuals.events import dirty_days
from sheaf.actuals.projector import rebuild
from sheaf.platform import telemetry
from sheaf.recurring.detecting import update_all
from sheaf.recurring.events import dirty_invoices


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Rebuilds what a batch touches. A failure lets the batch come back in halves, without harm."""
    telemetry.clear()
    dirty = dirty_days(event)
    months = rebuild(dirty, wiring.projector)
    if dirty:
        telemetry.outcome("actuals_changes", "done", days=len(dirty), months=months)
    invoices = dirty_invoices(event)
    clients = update_all(invoices, wiring.detector)
    if clients:
        telemetry.outcome("invoice_changes", "done", clients=clients)
    return {"days": len(dirty), "months": months, "clients": clients}
