"""What people are told to do next, and what is not imported and why."""

from collections.abc import Mapping
from typing import Any

from sheaf.connections.records import Connection, State
from sheaf.connections.schedules import Every
from sheaf.mirror.runs import Run, RunState

# This module imports clients and contacts and nothing else; each answer says why.
NOT_IMPORTED = (
    {"what": "time_entries", "why": "Time is not tracked here by this module."},
    {"what": "projects", "why": "New work starts as a quote in the app."},
    {"what": "invoices", "why": "Invoices come from contracts in the app."},
    {"what": "expenses", "why": "Expenses belong to the projects that stay in Harvest."},
    {"what": "tasks", "why": "Tasks belong to the projects that stay in Harvest."},
)


def hints(run: Run) -> list[Mapping[str, Any]]:
    """Good practice at this point of an import, each with the call that follows it."""
    found: list[Mapping[str, Any]] = []
    counts = run.counts
    duplicates = int(counts.get("planned_duplicate", 0))
    if run.state is RunState.REVIEW and duplicates:
        found.append(
            _hint(
                "review_duplicates",
                f"{'1 client looks' if duplicates == 1 else f'{duplicates} clients look'} like"
                " another. Review each carefully before merging; a merge can be undone.",
                "GET",
                f"/v1/imports/{run.run_id}/rows?kind=duplicate",
            )
        )
        found.append(
            _hint(
                "clean_harvest_first",
                "Duplicates that are cleaned up in Harvest first need no decision here.",
                "POST",
                f"/v1/connections/{run.connection_id}/duplicate-reports",
                {"scope": run.options.get("scope"), "replace": True},
            )
        )
    if run.state is RunState.REVIEW and run.options.get("scope") == "all":
        found.append(
            _hint(
                "start_with_active",
                "Start with active clients; archived ones can follow at any time.",
                "POST",
                f"/v1/connections/{run.connection_id}/imports",
                {"scope": "active", "replace": True},
            )
        )
    if int(counts.get("planned_left_out", 0)):
        found.append(
            _hint(
                "archived_left_out",
                f"{counts['planned_left_out']} archived clients are left out. Import all clients"
                " to take them over too.",
                "POST",
                f"/v1/connections/{run.connection_id}/imports",
                {"scope": "all", "replace": True},
            )
        )
    if int(counts.get("planned_refused", 0)):
        found.append(
            _hint(
                "rows_refused",
                "Some rows cannot be taken over; the list says what to mend in Harvest.",
                "GET",
                f"/v1/imports/{run.run_id}/rows?kind=refused",
            )
        )
    if run.state is RunState.DONE:
        found.append(
            _hint(
                "sync_periodically",
                "Sync periodically to keep clients and contacts current.",
                "PATCH",
                f"/v1/connections/{run.connection_id}",
            )
        )
    return found


_URGENCY = [State.CONNECTED, State.NEEDS_REAUTH, State.PENDING, State.DISCONNECTED]


def integration_document(
    enabled: bool, connections: list[tuple[Connection, dict[str, Any], str | None]]
) -> dict[str, Any]:
    """Harvest in the list of integrations: status, what can be done now, and why not."""
    # What works counts before what needs a person, and that before what is over.
    states = sorted((one.state for one, _, _ in connections), key=_URGENCY.index)
    status = states[0].value if states else None
    return {
        "id": "harvest",
        "name": "Harvest",
        "enabled": enabled,
        "status": "off" if not enabled else status or "not_connected",
        "connections": [
            {**document, "actions": _actions(enabled, connection, open_run)}
            for connection, document, open_run in connections
        ],
        "actions": {
            "connect": {
                "available": enabled,
                "reason": None if enabled else "The integration is switched off.",
                "method": "POST",
                "path": "/v1/connections/authorize",
            }
        },
        "not_imported": list(NOT_IMPORTED),
    }


def _actions(enabled: bool, connection: Connection, open_run: str | None) -> dict[str, Any]:
    base = f"/v1/connections/{connection.connection_id}"
    reason = None
    if not enabled:
        reason = "The integration is switched off."
    elif connection.state != "connected":
        reason = "Harvest is not connected."
    elif connection.findings:
        reason = connection.findings[0].detail
    elif not connection.module_on("clients"):
        reason = "The import of clients is switched off for this connection."
    elif open_run is not None:
        reason = f"An import is open already: {open_run}."
    importable = {"available": reason is None, "reason": reason, "method": "POST"}
    periodic = connection.schedule.every is not Every.OFF
    return {
        "import_clients": {**importable, "path": f"{base}/imports"},
        "sync_clients": {**importable, "path": f"{base}/imports"},
        "duplicate_report": {**importable, "path": f"{base}/duplicate-reports"},
        "disconnect": {
            "available": connection.state in ("connected", "needs_reauth"),
            "reason": None,
            "method": "POST",
            "path": f"{base}/disconnect",
        },
        "reconnect": {
            "available": enabled and connection.state != "connected",
            "reason": None,
            "method": "POST",
            "path": f"{base}/reconnect",
        },
        "schedule": {
            "available": True,
            "reason": None if periodic else "No periodic sync is set; a monthly one is advised.",
            "method": "PATCH",
            "path": base,
        },
    }


def _hint(
    code: str, text: str, method: str, path: str, body: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """`body` is what to send, where the call needs nothing that only the reader knows."""
    return {
        "code": code,
        "text": text,
        "action": {"method": method, "path": path, "body": dict(body) if body else None},
    }
