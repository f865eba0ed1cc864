"""The stream of the mirror's table: what changed there makes days of actuals anew, and findings."""

from collections.abc import Callable, Mapping
from typing import Any

from sheaf import wiring
from sheaf.actuals.events import dirty_days
from sheaf.actuals.projector import rebuild
from sheaf.platform import telemetry
from sheaf.recurring.detecting import update_all
from sheaf.recurring.events import dirty_invoices


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Rebuilds what a batch touches. A failure lets the batch come back in halves, without harm.

    What one projection fails at is no reason for another to stay behind.
    """
    telemetry.clear()
    done: dict[str, int] = {}
    failure: Exception | None = None
    for name, projection in PROJECTIONS.items():
        try:
            done |= projection(event)
        except Exception as error:
            telemetry.logger.exception("%s failed", name)
            failure = failure or error
    if failure is not None:
        raise failure
    return done


def _actuals(event: Mapping[str, Any]) -> dict[str, int]:
    dirty = dirty_days(event)
    months = rebuild(dirty, wiring.projector)
    if dirty:
        telemetry.outcome("actuals_changes", "done", days=len(dirty), months=months)
    return {"days": len(dirty), "months": months}


def _findings(event: Mapping[str, Any]) -> dict[str, int]:
    clients = update_all(dirty_invoices(event), wiring.detector)
    if clients:
        telemetry.outcome("invoice_changes", "done", clients=clients)
    return {"clients": clients}


PROJECTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, int]]] = {
    "actuals": _actuals,
    "findings": _findings,
}
